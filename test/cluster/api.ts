// Requests to the API server with all that it says in its answers: kubectl prints warnings and forgets them.
import { ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { load } from 'js-yaml';
import { EXAMPLES } from '../examples/synthesize';
import { clusterEnvironment } from '../live/cluster';
import { eventually } from '../live/eventually';

/**
 * What API servers 1.34.0 and 1.34.1 say of every headless Service: they fill the field in, and then find it filled.
 * Later ones do not (https://github.com/kubernetes/kubernetes/issues/134040).
 */
export const HEADLESS_WARNING = 'spec.SessionAffinity is ignored for headless services';

/** An object as it stands in a manifest; the API server gets the text, so that it reads the YAML by its own rules. */
export interface Document {
  readonly text: string;
  readonly object: any;
}

/** The golden manifest of an example. */
export function goldenManifest(name: string): string {
  const folder = join(EXAMPLES, name, 'expected');
  return readFileSync(join(folder, readdirSync(folder).find(file => file.endsWith('.k8s.yaml'))!), 'utf8');
}

/** The objects of a manifest. */
export function documentsOf(manifest: string): Document[] {
  return manifest.split(/^---\n/m).filter(text => text !== '').map(text => ({ text, object: load(text) }));
}

export interface Answer {
  readonly status: number;
  /** The object, a list of objects, or a Status that says what is wrong. */
  readonly body: any;
  readonly warnings: readonly string[];
}

/** A kind of objects. */
interface Resource {
  readonly kind: string;
  /** Below which they are found: `apis/apps/v1`. */
  readonly root: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** How the tests call themselves as the owner of the fields that they apply. */
const MANAGER = 'conduit-test';

export class Api {
  /** @throws if there is no kubectl, or it finds no API server. */
  public static async open(): Promise<Api> {
    const proxy = spawn('kubectl', ['proxy', '--port=0'], { env: clusterEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] });
    const address = await new Promise<string>((resolve, reject) => {
      proxy.on('error', reject);
      proxy.on('exit', code => reject(new Error(`kubectl proxy ended with code ${code}`)));
      createInterface(proxy.stdout).on('line', line => resolve(`http://${/127\.0\.0\.1:\d+/.exec(line)![0]}`));
    });
    const api = new Api(proxy, address);
    try {
      await api.discover();
    } catch (error) {
      api.close();
      throw error;
    }
    return api;
  }

  private resources: Resource[] = [];

  private constructor(private readonly proxy: ChildProcess, private readonly address: string) {}

  public close(): void {
    this.proxy.kill();
  }

  /** Adds a kind of objects, and waits until the API server serves it. */
  public async define(definition: Document): Promise<Answer> {
    const answer = await this.apply(definition);
    await eventually(async () => {
      await this.discover();
      const resource = this.resources.find(({ kind }) => kind === definition.object.spec.names.kind);
      return resource !== undefined && (await this.request('GET', `${resource.root}/${resource.plural}`)).status === 200;
    }, { what: `the definition of ${definition.object.spec.names.kind}` });
    return answer;
  }

  /** Learns which kinds of objects there are. */
  private async discover(): Promise<void> {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const groups = (await Promise.all(['api', 'apis'].map(async root => (await this.request('GET', root, { accept })).body.items))).flat();
    this.resources = groups.flatMap(({ metadata, versions }: any) => versions.flatMap(({ version, resources = [] }: any) => resources
      .filter(({ verbs }: any) => verbs.includes('list'))
      .map(({ resource, responseKind, scope }: any): Resource => ({
        kind: responseKind.kind, plural: resource, namespaced: scope === 'Namespaced', root: metadata.name ? `apis/${metadata.name}/${version}` : `api/${version}`,
      }))));
  }

  public async request(
    method: string, path: string, { accept = 'application/json', type = 'application/json', body }: { accept?: string; type?: string; body?: string } = {},
  ): Promise<Answer> {
    // a server that makes the storage of a new kind, or has too much to do, wants to be asked again
    const response = await eventually(async () => {
      const answer = await fetch(`${this.address}/${path}`, { method, headers: { 'Accept': accept, 'Content-Type': type }, body });
      return answer.status !== 429 && answer;
    }, { what: `an answer to ${method} ${path}` });
    const header = response.headers.get('warning') ?? '';
    return {
      status: response.status,
      body: await response.json(),
      warnings: [...header.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text.replace(/\\(.)/g, '$1')),
    };
  }

  /** Applies an object on the server's side, and allows it no field that it does not know. */
  public apply({ text, object }: Document, namespace?: string): Promise<Answer> {
    return this.request('PATCH', `${this.pathOf(object, namespace)}?fieldManager=${MANAGER}&fieldValidation=Strict`, { type: 'application/apply-patch+yaml', body: text });
  }

  /** What `apply` does with an object that no manifest holds. */
  public applyObject(object: any, namespace?: string): Promise<Answer> {
    return this.apply({ text: JSON.stringify(object), object }, namespace);
  }

  /** Asks whether a pod would be let in. */
  public tryPod(pod: any, namespace: string): Promise<Answer> {
    return this.request('POST', `${this.pathOf({ apiVersion: 'v1', kind: 'Pod' }, namespace)}?dryRun=All&fieldValidation=Strict`, { body: JSON.stringify(pod) });
  }

  /** Deletes an object as kubectl does: what belongs to it is collected afterwards. */
  public delete(object: any, namespace?: string): Promise<Answer> {
    return this.request('DELETE', this.pathOf(object, namespace), { body: JSON.stringify({ propagationPolicy: 'Background' }) });
  }

  /** Kinds and names of all that is in a namespace, but the events, which are a log. */
  public async list(namespace: string): Promise<string[]> {
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    // several versions of a kind show the same objects
    const resources = new Map(this.resources.filter(({ kind, namespaced }) => namespaced && kind !== 'Event').reverse()
      .map(each => [`${each.root.split('/')[1]} ${each.plural}`, each]));
    const found = await Promise.all([...resources.values()].map(async ({ kind, root, plural }) => {
      const { status, body } = await this.request('GET', `${root}/namespaces/${namespace}/${plural}`, { accept });
      if (status !== 200) throw new Error(`${plural} of ${namespace} cannot be listed: ${body.message}`);
      return (body.items ?? []).map(({ metadata }: any) => `${kind} ${metadata.name}`);
    }));
    return found.flat();
  }

  private pathOf({ apiVersion, kind, metadata }: any, namespace?: string): string {
    const root = `${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}`;
    const resource = this.resources.find(each => each.root === root && each.kind === kind);
    if (!resource) throw new Error(`the API server knows no ${kind} of ${apiVersion}`);
    return [root, ...resource.namespaced ? ['namespaces', namespace] : [], resource.plural, ...metadata ? [metadata.name] : []].join('/');
  }
}
