// Judges from outside the project, for manifests; setup.sh installs the tools among them.
import { spawnSync } from 'child_process';
import { existsSync, readdirSync, readFileSync } from 'fs';
import { homedir } from 'os';
import { delimiter, join, resolve } from 'path';
import Ajv2020, { ErrorObject, ValidateFunction } from 'ajv/dist/2020';
import { CORE_SCHEMA, load, loadAll, Type } from 'js-yaml';

export interface Finding {
  readonly judge: string;
  readonly check: string;
  /** Kind/name */
  readonly object: string;
  readonly container?: string;
  readonly message: string;
}

/** The judges that setup.sh has to install first. */
export type Judge = 'kubeScore' | 'checkov' | 'strictKubernetes' | 'strimzi' | 'keda' | 'gatewayApi' | 'oldestGatewayApi' | 'shellcheck' | 'erlang' | 'javac' | 'proxies';

const home = process.env.CONDUIT_JUDGES_HOME
  || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-conduit', 'judges');

const versions: Record<string, string> = Object.fromEntries(
  readFileSync(join(__dirname, 'versions.env'), 'utf8').match(/^\w+=.+$/gm)!.map((line) => line.split('=')),
);

const folders: Record<Judge, string> = {
  kubeScore: join(home, `kube-score-${versions.KUBE_SCORE}`),
  checkov: join(home, `checkov-${versions.CHECKOV}`),
  strictKubernetes: join(home, `kubernetes-validate-${versions.KUBERNETES_VALIDATE}`),
  strimzi: join(home, `strimzi-${versions.STRIMZI_API}`),
  keda: join(home, `keda-${versions.KEDA}`),
  gatewayApi: join(home, `gateway-api-${versions.GATEWAY_API}`),
  oldestGatewayApi: join(home, `gateway-api-${versions.GATEWAY_API_OLDEST}`),
  shellcheck: join(home, 'shellcheck'),
  erlang: join(home, 'erlang'),
  javac: join(home, 'javac'),
  proxies: join(home, `proxies-${versions.NGINX}-${versions.HAPROXY}`),
};

/** Where a judge is installed. */
export const folderOf = (judge: Judge) => folders[judge];

/** Judges that may be the machine's own, by a program of theirs. */
const MACHINES: Partial<Record<Judge, string>> = { shellcheck: 'shellcheck', erlang: 'escript', javac: 'javac' };

/** `PATH` with the programs of judges that the machine does not have itself. */
export const judgesPath = [process.env.PATH!, ...Object.keys(MACHINES).map(judge => join(folders[judge as Judge], 'bin'))].join(delimiter);

function availability(judge: Judge) {
  const own = MACHINES[judge];
  const ok = existsSync(join(folders[judge], '.complete')) || (own !== undefined && process.env.PATH!.split(delimiter).some(folder => existsSync(join(folder, own))));
  return { ok, reason: ok ? '' : `${judge} is not installed; run test/judges/setup.sh.` };
}

export const available = {
  kubeScore: availability('kubeScore'),
  checkov: availability('checkov'),
  strictKubernetes: availability('strictKubernetes'),
  strimzi: availability('strimzi'),
  keda: availability('keda'),
  gatewayApi: availability('gatewayApi'),
  oldestGatewayApi: availability('oldestGatewayApi'),
  shellcheck: availability('shellcheck'),
  erlang: availability('erlang'),
  javac: availability('javac'),
  proxies: availability('proxies'),
};

/** A test that needs a judge: skipped with a note where the judge is missing, but failed in CI. */
export function judgeTest(name: string, judge: Judge, fn: jest.ProvidesCallback) {
  const { ok, reason } = available[judge];
  if (ok) {
    test(name, fn, 120_000);
  } else if (process.env.CI) {
    test(name, () => { throw new Error(reason); });
  } else {
    process.stderr.write(`Skipped "${name}", as ${reason}\n`);
    test.skip(name, fn);
  }
}

/** Runs a tool in a bare environment, so that nobody's settings or keys change its judgement. */
function run(judge: Judge, command: string, args: string[], env = {}) {
  const { error, stdout, stderr } = spawnSync(join(folders[judge], 'bin', command), args, {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (error) throw error;
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`${command} did not judge: ${stderr || stdout}`);
  }
}

// API servers read YAML 1.1, where an unquoted `on` is no string.
const yaml11 = CORE_SCHEMA.extend({
  implicit: [new Type('tag:yaml.org,2002:bool', {
    kind: 'scalar',
    resolve: (text) => /^(?:[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE)$/.test(text),
    construct: (text) => /^(?:y|yes|on|true)$/i.test(text),
  })],
});

const separator = /^---(?:[ \t].*)?$/m;

/** The documents of a manifest; an empty one is undefined. */
function documents(text: string): any[] {
  return text.split(separator).map((document) => load(document, { schema: yaml11 }));
}

// The tools themselves keep no order from run to run.
const inOrder = (findings: Finding[]) => findings.map((finding) => JSON.stringify(finding)).sort().map((text): Finding => JSON.parse(text));

const nameOf = (object: any) => `${object?.kind}/${object?.metadata?.name}`;

/** What kube-score calls critical or a warning. Annotations in the manifest do not silence it. */
export function kubeScore(manifestFile: string): Finding[] {
  const objects: any[] = run('kubeScore', 'kube-score', [
    'score', '--output-format=json', '--kubernetes-version=v1.27', '--disable-ignore-checks-annotations', resolve(manifestFile),
  ]);
  const warning = 5;
  return inOrder(objects.flatMap(({ type_meta, object_meta, checks }) => checks
    .filter(({ skipped, grade }: any) => !skipped && grade <= warning)
    .flatMap(({ check, comments }: any) => (comments ?? [{ summary: check.name }]).map(({ path, summary }: any) => ({
      judge: 'kube-score',
      check: check.id,
      object: nameOf({ ...type_meta, metadata: object_meta }),
      ...(check.target_type === 'Pod' && path ? { container: path } : {}),
      message: summary,
    })))));
}

/** What Checkov fails in its frameworks `kubernetes` and `secrets`, or skips because annotations in the manifest say so. */
export function checkov(manifestFile: string): Finding[] {
  const reports: any[] = [run('checkov', 'checkov', [
    '--file', resolve(manifestFile), '--framework', 'kubernetes', 'secrets', '--output', 'json', '--compact', '--skip-download',
  ], { CKV_SKIP_PACKAGE_UPDATE_CHECK: 'true' })].flat();
  // Of a file that it cannot read it says nothing at all.
  if (!reports.some(({ check_type }) => check_type === 'kubernetes')) throw new Error(`Checkov found no Kubernetes object in ${manifestFile}`);

  const text = readFileSync(manifestFile, 'utf8');
  const lines = text.split('\n');
  const objects = documents(text);
  return inOrder(reports.flatMap(({ results }) => [...results.failed_checks, ...results.skipped_checks]).map((failed) => {
    // Its names are hashes for secrets and made up for the Pods in templates, so the line has to tell the object.
    const object = objects[lines.slice(0, failed.file_line_range[0]).filter((line) => separator.test(line)).length];
    const container = containerAt(object, failed.check_result.evaluated_keys?.[0]);
    return {
      judge: 'checkov',
      check: failed.check_id,
      object: nameOf(object),
      ...(container ? { container } : {}),
      message: failed.check_name,
    };
  }));
}

/** The name of the container that a path such as `spec/containers/[0]/image` leads through. */
function containerAt(object: any, path = ''): string | undefined {
  const [containers] = path.match(/^.*ontainers\/\[\d+\]/) ?? [];
  return containers?.split('/').reduce((value, key) => value?.[key.replace(/[[\]]/g, '')], object)?.name;
}

const schemaFolders = () => {
  const [python] = readdirSync(join(folders.strictKubernetes, 'lib'));
  return join(folders.strictKubernetes, 'lib', python, 'site-packages', 'kubernetes_validate', 'kubernetes-json-schema');
};

/** The newest Kubernetes version with schemas, as in '1.37'. */
export function newestKubernetes(): string {
  const minors = readdirSync(schemaFolders()).map((folder) => Number(folder.match(/^v1\.(\d+)/)?.[1] ?? 0));
  return `1.${Math.max(...minors)}`;
}

type Validators = (object: any) => ValidateFunction | undefined;
const validatorsByVersion = new Map<string, Validators>();

/** Compiles the strict schemas of a Kubernetes version, each on its first use. */
function validatorsOf(version: string): Validators {
  const folder = readdirSync(schemaFolders()).find((name) => name.startsWith(`v${version}.`) && name.endsWith('-local-strict'));
  if (!folder) throw new Error(`There are no schemas of Kubernetes ${version}`);
  const schema = JSON.parse(readFileSync(join(schemaFolders(), folder, '_definitions.json'), 'utf8'));
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    validateSchema: false,
    formats: {
      'int32': { type: 'number', validate: (value) => value >= -(2 ** 31) && value < 2 ** 31 },
      'int64': true,
      'double': true,
      'date-time': true,
      'byte': /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    },
  }).addSchema(schema);

  const keys = new Map<string, string>();
  for (const [key, definition] of Object.entries<any>(schema.$defs)) {
    for (const { group, version: apiVersion, kind } of definition['x-kubernetes-group-version-kind'] ?? []) {
      keys.set(`${group ? `${group}/` : ''}${apiVersion} ${kind}`, `${schema.$id}#/$defs/${key}`);
    }
  }
  return ({ apiVersion, kind }) => {
    const key = keys.get(`${apiVersion} ${kind}`);
    return key ? ajv.getSchema(key) : undefined;
  };
}

/**
 * What the schemas of a Kubernetes version find in a manifest, where an unknown field is an error.
 * @param allow kinds that may be without a schema, as custom resources are
 */
export function strictKubernetes(manifestFile: string, version: string, allow: string[] = []): string[] {
  const validators = validatorsByVersion.get(version) ?? validatorsOf(version);
  validatorsByVersion.set(version, validators);
  const objects = documents(readFileSync(manifestFile, 'utf8')).filter((object) => object !== undefined && object !== null);
  if (objects.length === 0) return [`${manifestFile} has no object`];
  return objects.flatMap((object) => {
    const validate = validators(object);
    if (validate) return validate(object) ? [] : validate.errors!.map((error) => `${nameOf(object)}: ${explain(error)}`);
    return allow.includes(object.kind) ? [] : [`${nameOf(object)}: Kubernetes ${version} has no ${object.apiVersion} ${object.kind}`];
  });
}

/** A schema in which a field that an API server would prune is an error. */
function closed(schema: any): any {
  if (schema === null || typeof schema !== 'object') return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const inside = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const open = !schema.properties || schema['x-kubernetes-preserve-unknown-fields'] || 'additionalProperties' in schema;
  return open ? inside : { ...inside, additionalProperties: false };
}

/** What the schemas of custom resources find in objects of their group; `schemas` are those of `spec`, by kind. */
export function customResources(objects: any[], apiVersion: string, schemas: Record<string, unknown>): string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
  return objects.filter(object => object.apiVersion === apiVersion).flatMap(object => {
    const schema = schemas[object.kind];
    if (schema === undefined) return [`${nameOf(object)}: there is no such kind in ${apiVersion}`];
    const validate = ajv.compile(closed(schema));
    return validate(object.spec) ? [] : validate.errors!.map(error => `${nameOf(object)}: ${explain(error)}`);
  });
}

/** What the schemas of Strimzi find. */
export function strimzi(objects: any[]): string[] {
  const schemas = Object.fromEntries(['Kafka', 'KafkaNodePool', 'KafkaTopic', 'KafkaUser'].map(kind => {
    const definition: any = load(readFileSync(join(folders.strimzi, `${kind}.yaml`), 'utf8'), { schema: CORE_SCHEMA });
    const { schema } = definition.spec.versions.find(({ name }: any) => name === 'v1');
    return [kind, schema.openAPIV3Schema.properties.spec];
  }));
  return customResources(objects, 'kafka.strimzi.io/v1', schemas);
}

/** What the schemas of KEDA find. */
export function keda(objects: any[]): string[] {
  return customResources(objects, 'keda.sh/v1alpha1', definedSchemas('keda', 'v1alpha1'));
}

/** What the schemas of the Gateway API find: those of the newest version that programs of the cluster ask for, or of the oldest that the library writes for. */
export function gatewayApi(objects: any[], judge: 'gatewayApi' | 'oldestGatewayApi' = 'gatewayApi'): string[] {
  return customResources(objects, 'gateway.networking.k8s.io/v1', definedSchemas(judge, 'v1'));
}

/** Schemas of `spec`, by kind, of the definitions that a judge brings. */
function definedSchemas(judge: Judge, wanted: string): Record<string, unknown> {
  const definitions: any[] = readdirSync(folders[judge]).filter(name => name.endsWith('.yaml')).flatMap(name => loadAll(readFileSync(join(folders[judge], name), 'utf8')));
  return Object.fromEntries(definitions.filter(definition => definition?.kind === 'CustomResourceDefinition').flatMap(({ spec: { names, versions: all } }) => {
    const version = all.find(({ name }: any) => name === wanted);
    return version ? [[names.kind, version.schema.openAPIV3Schema.properties.spec]] : [];
  }));
}

/** An error of a schema as a sentence. */
export function explain({ instancePath, message, params }: ErrorObject): string {
  const property = params.additionalProperty ?? params.unevaluatedProperty;
  return `${instancePath || '/'} ${message}${property ? `: ${property}` : ''}`;
}
