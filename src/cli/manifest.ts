import { existsSync, readFileSync } from 'fs';
import { basename, dirname, join, resolve } from 'path';
import { load } from 'js-yaml';
import type { ComposeDocument } from '../targets/compose/lowering';
import { SECRET_VARIABLE } from '../targets/secret-variable';
import type { ClientManifest, SecretsManifest } from '../targets/secrets-manifest';

/** A secret, as the Compose file says it. */
export type SecretEntry = SecretsManifest['secrets'][number];

/** The secrets of a project, the clients outside that are told of them, and the one directory in which all of their files are. */
export interface ProjectSecrets {
  readonly secrets: SecretEntry[];
  readonly clients: ClientManifest[];
  readonly directory: string;
}

/**
 * What a Compose file says of secrets. It decides what is written where, so what `ComposeProject` does not write is refused.
 * @throws if there is no such file.
 */
export function readSecrets(project: string): ProjectSecrets {
  const file = join(project, 'compose.yml');
  if (!existsSync(file)) throw new Error(`there is no compose.yml in '${project}'; write the project first, and give its directory`);
  const document = load(readFileSync(file, 'utf8')) as ComposeDocument | undefined;
  const { secrets = [], clients = [] } = document?.['x-conduit'] ?? {};
  const names = Array.isArray(secrets) ? secrets.map(secret => typeof secret?.file === 'string' ? basename(secret.file) : '') : [];
  const strange = findStrange(secrets, isWellFormed) ?? findStrange(clients, client => isClient(client, names));
  const directories = strange !== undefined ? [] : [...new Set([...secrets, ...clients].map(entry => resolve(project, dirname(entry.file))))];
  if (strange !== undefined || directories.length > 1) {
    throw new Error(`the secrets in '${file}' are not as a ComposeProject writes them: ${JSON.stringify(strange ?? directories)}; write the project again`);
  }
  return { secrets, clients, directory: directories[0] ?? resolve(project) };
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
