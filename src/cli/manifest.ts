import { existsSync, readFileSync } from 'fs';
import { basename, dirname, join, resolve } from 'path';
import { load } from 'js-yaml';
import type { ComposeDocument, SecretsManifest } from '../targets/compose/lowering';
import { SECRET_VARIABLE } from '../targets/secret-variable';

/** A secret, as the Compose file says it. */
export type SecretEntry = SecretsManifest['secrets'][number];

/** The secrets of a project, and the one directory in which all of their files are. */
export interface ProjectSecrets {
  readonly secrets: SecretEntry[];
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
  const secrets = document?.['x-conduit']?.secrets ?? [];
  const strange = Array.isArray(secrets) ? secrets.find(secret => !isWellFormed(secret)) : secrets;
  const directories = strange ? [] : [...new Set(secrets.map(secret => resolve(project, dirname(secret.file))))];
  if (strange || directories.length > 1) {
    throw new Error(`the secrets in '${file}' are not as a ComposeProject writes them: ${JSON.stringify(strange ?? directories)}; write the project again`);
  }
  return { secrets, directory: directories[0] ?? resolve(project) };
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
