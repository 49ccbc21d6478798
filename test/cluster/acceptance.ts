// What an API server may hold against a manifest, told as sentences.
import { isDeepStrictEqual } from 'node:util';
import { Answer, Api, Document, HEADLESS_WARNING } from './api';
import { leftIn } from './remains';
import { eventually } from '../live/eventually';

/** Applies a manifest, twice, and its pods to a namespace that lets pods in; gives all that was refused, warned of, lost, or done again. */
async function problemsOf(api: Api, documents: Document[], namespace: string, podNamespace: string): Promise<string[]> {
  for (const { object: { apiVersion, kind, metadata: { name } } } of documents) {
    if (kind === 'ServiceAccount') await api.applyObject({ apiVersion, kind, metadata: { name } }, podNamespace);
  }
  const problems = await Promise.all(documents.map(async document => [
    ...await problemsOfApplying(api, document, namespace),
    ...document.object.spec?.template ? problemsOfAnswer(await api.tryPod(podOf(document.object), podNamespace), document.object) : [],
  ].map(problem => `${document.object.kind} ${document.object.metadata.name}: ${problem}`)));
  return problems.flat();
}

async function problemsOfApplying(api: Api, document: Document, namespace: string): Promise<string[]> {
  const first = await api.apply(document, namespace);
  const problems = problemsOfAnswer(first, document.object);
  if (first.status >= 300) return problems;
  return [...problems, ...lost(document.object, first.body), ...await changesOfApplyingAgain(api, document, namespace, first)];
}

/** What is wrong with an answer to a request that should succeed in silence. */
function problemsOfAnswer({ status, body, warnings }: Answer, { kind, spec }: any): string[] {
  const unexpected = warnings.filter(warning => !(warning === HEADLESS_WARNING && kind === 'Service' && spec.clusterIP === 'None'));
  return [...status < 300 ? [] : [`refused: ${body.message}`], ...unexpected.map(warning => `warning: ${warning}`)];
}

/** Declared values that an object does not have. */
function lost(declared: any, kept: any, path = ''): string[] {
  if (Array.isArray(declared)) {
    if (declared.length !== (kept ?? []).length) return [`${path} has ${(kept ?? []).length} entries of ${declared.length}`];
    return declared.flatMap((entry, index) => lost(entry, kept[index], `${path}[${index}]`));
  }
  if (typeof declared === 'object' && declared !== null) {
    return Object.entries(declared).flatMap(([key, value]) => lost(value, kept?.[key], `${path}.${key}`));
  }
  return sameValue(path, declared, kept) ? [] : [`${path} is ${JSON.stringify(kept)} instead of ${JSON.stringify(declared)}`];
}

/** The API server writes amounts its own way (1 for 1000m), and leaves the value of a variable out when it is empty. */
function sameValue(path: string, declared: unknown, kept: unknown): boolean {
  if (/\.(limits|requests)\.[\w-]+$|\.sizeLimit$/.test(path)) return amount(declared) === amount(kept);
  return declared === kept || (/\.env\[\d+\]\.value$/.test(path) && declared === '' && kept === undefined);
}

const UNITS: Record<string, number> = { '': 1, 'm': 1e-3, 'Mi': 2 ** 20, 'Gi': 2 ** 30 };

function amount(quantity: unknown): number {
  const [, number, unit] = /^(\d+)(\D*)$/.exec(String(quantity)) ?? [];
  return Number(number) * UNITS[unit];
}

/** Whether a second application changes something; controllers may write a status meanwhile, and then it is tried again. */
export async function changesOfApplyingAgain(api: Api, document: Document, namespace: string, first: Answer): Promise<string[]> {
  const ours = ({ metadata }: any) => [metadata.uid, metadata.generation, metadata.managedFields.find(({ operation }: any) => operation === 'Apply')];
  let before = first;
  for (let attempt = 0; attempt < 10; attempt++) {
    const after = await api.apply(document, namespace);
    if (after.body.metadata?.resourceVersion === before.body.metadata.resourceVersion) return [];
    if (after.status >= 300 || !isDeepStrictEqual(ours(after.body), ours(first.body))) break;
    before = after;
  }
  return ['changes when it is applied again'];
}

/** The first pod that a controller makes of an object. */
function podOf({ kind, metadata, spec }: any): any {
  const { template, volumeClaimTemplates = [] } = spec;
  const claims = volumeClaimTemplates.map((claim: any) => ({ name: claim.metadata.name, persistentVolumeClaim: { claimName: `${claim.metadata.name}-${metadata.name}-0` } }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, ...kind === 'StatefulSet' ? { name: `${metadata.name}-0` } : { generateName: `${metadata.name}-` } },
    spec: { ...template.spec, volumes: [...template.spec.volumes ?? [], ...claims] },
  };
}

const QUOTA = 'no-pods';

/** Namespaces of one test file, with an API server that answers to them. */
export class Sandbox {
  public static async open(): Promise<Sandbox> {
    const sandbox = new Sandbox(await Api.open());
    await sandbox.makeNamespace(sandbox.pods, 'enforce', 'warn');
    return sandbox;
  }

  private readonly run = `conduit-api-${process.pid}`;
  private readonly pods = `${this.run}-pods`;
  private namespaces = 0;

  private constructor(public readonly api: Api) {}

  /** Waits until all namespaces are gone. */
  public async close(): Promise<void> {
    await this.api.delete(namespaceNamed(this.pods));
    await eventually(async () => {
      const { body } = await this.api.request('GET', `api/v1/namespaces?labelSelector=conduit-run=${this.run}`);
      return body.items.length === 0;
    }, { what: 'all namespaces to be gone', timeoutMs: 300_000, intervalMs: 1000 });
    this.api.close();
  }

  /** A namespace in which controllers do all their work, but no pod comes to be. */
  public inNamespace(use: (namespace: string) => Promise<void>): Promise<void> {
    return this.inLiveNamespace(async namespace => {
      await this.api.applyObject({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: QUOTA }, spec: { hard: { pods: '0' } } }, namespace);
      await use(namespace);
    });
  }

  /** A namespace in which pods run, if they ask for no more than they need. */
  public async inLiveNamespace(use: (namespace: string) => Promise<void>): Promise<void> {
    const namespace = `${this.run}-${this.namespaces++}`;
    await this.makeNamespace(namespace, 'enforce', 'warn');
    try {
      await use(namespace);
    } finally {
      await this.api.delete(namespaceNamed(namespace)); // goes on by itself
    }
  }

  /** What the API server holds against a manifest, which it gets twice, and its pods. */
  public problemsOf(documents: Document[], namespace: string): Promise<string[]> {
    return problemsOf(this.api, documents, namespace, this.pods);
  }

  /** What stays in a namespace once all is collected that belonged to deleted objects, or after `timeoutMs`, beside what is expected. */
  public leftIn(namespace: string, expected: string[] = [], timeoutMs?: number): Promise<string[]> {
    return leftIn(this.api, namespace, [`ResourceQuota ${QUOTA}`, ...expected], timeoutMs);
  }

  private async makeNamespace(name: string, ...modes: string[]): Promise<void> {
    const levels = Object.fromEntries(modes.map(mode => [`pod-security.kubernetes.io/${mode}`, 'restricted']));
    const { status, body } = await this.api.applyObject(namespaceNamed(name, { 'conduit-run': this.run, ...levels }));
    if (status >= 300) throw new Error(body.message);
  }
}

function namespaceNamed(name: string, labels = {}): any {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}
