import { existsSync, readFileSync } from 'fs';
import { basename, dirname, join, resolve } from 'path';
import { load } from 'js-yaml';
import type { ComposeDocument } from '../targets/compose/lowering';
import { SECRET_VARIABLE } from '../targets/secret-variable';
import type { ClientManifest, SecretsManifest } from '../targets/secrets-manifest';
import type { Stack } from '../targets/swarm/stack-file';

/** A secret, as the file of the project says it. */
export type SecretEntry = SecretsManifest['secrets'][number];

/** The secrets of a project, the clients outside that are told of them, and the one directory in which all of their files are. */
export interface ProjectSecrets {
  readonly secrets: SecretEntry[];
  readonly clients: ClientManifest[];
  readonly directory: string;
  /** Name of the stack, and labels of nodes that have its volumes; undefined for a Compose project. */
  readonly stack?: { readonly name: string; readonly nodeLabels: string[] };
}

/** What such files are called. */
const FILES = ['compose.yml', 'stack.yml'];

/**
 * What a Compose file, or a stack file, says of secrets. It decides what is written where, so what no target writes is refused.
 * @throws if there is not one such file.
 */
export function readSecrets(project: string): ProjectSecrets {
  const found = FILES.map(name => join(project, name)).filter(path => existsSync(path));
  if (found.length === 0) throw new Error(`there is no ${FILES.join(' and no ')} in '${project}'; write the project first, and give its directory`);
  if (found.length > 1) throw new Error(`there are ${FILES.join(' and ')} in '${project}', whose variables would clash; give one of them another 'directory'`);
  const [file] = found;
  const document = load(readFileSync(file, 'utf8')) as ComposeDocument | Stack | undefined;
  const manifest = document?.['x-conduit'];
  const { secrets = [], clients = [] } = manifest ?? {};
  const names = Array.isArray(secrets) ? secrets.map(secret => typeof secret?.file === 'string' ? basename(secret.file) : '') : [];
  const strange = findStrange(secrets, isWellFormed) ?? findStrange(clients, client => isClient(client, names));
  const directories = strange !== undefined ? [] : [...new Set([...secrets, ...clients].map(entry => resolve(project, dirname(entry.file))))];
  if (strange !== undefined || directories.length > 1) {
    throw new Error(`the secrets in '${file}' are not as ${file.endsWith(FILES[0]) ? 'a ComposeProject' : 'a SwarmStack'} writes them: ${JSON.stringify(strange ?? directories)}; write the project again`);
  }
  return { secrets, clients, directory: directories[0] ?? resolve(project), stack: stackOf(manifest, file) };
}

function stackOf(manifest: (ComposeDocument | Stack)['x-conduit'], file: string): ProjectSecrets['stack'] {
  if (!manifest || !('stack' in manifest)) return undefined;
  const { stack, nodeLabels = [] } = manifest;
  const areLabels = Array.isArray(nodeLabels) && nodeLabels.every(label => matches(label, /^[\w.-]+$/));
  if (matches(stack, /^[a-z][a-z0-9-]*$/) && areLabels) return { name: stack, nodeLabels };
  throw new Error(`the stack in '${file}' is not as a SwarmStack writes it: ${JSON.stringify({ stack, nodeLabels })}; write the stack again`);
}

function findStrange<T>(entries: T[], isRight: (entry: T) => boolean): unknown {
  return Array.isArray(entries) ? entries.find(entry => !isRight(entry)) : entries;
}

function isClient(client: ClientManifest, secrets: string[]): boolean {
  return typeof client?.file === 'string' && matches(basename(client.file), /^[a-z][a-z0-9-]*\.json$/)
    && [client.values, client.secrets].every(texts => typeof texts === 'object' && texts !== null && Object.values(texts).every(text => typeof text === 'string'))
    && Object.values(client.secrets).every(name => secrets.includes(name));
}

function isWellFormed({ name, key, file, variable, hosts }: SecretEntry): boolean {
  return matches(name, /^[a-z0-9][a-z0-9-]*$/) && matches(key, /^[-._a-zA-Z0-9]+$/)
    && typeof file === 'string' && matches(basename(file), /^[a-z][a-z0-9-]*$/)
    && (variable === undefined || matches(variable, SECRET_VARIABLE))
    && (hosts === undefined || (Array.isArray(hosts) && hosts.length > 0 && hosts.every(host => typeof host === 'string')));
}

function matches(text: unknown, pattern: RegExp): boolean {
  return typeof text === 'string' && text.length <= 300 && pattern.test(text);
}
