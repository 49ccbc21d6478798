import { randomInt } from 'crypto';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join, relative, resolve } from 'path';
import { load } from 'js-yaml';
import { makeCertificate } from './certificates';
import type { ComposeDocument, SecretsManifest } from '../targets/compose/lowering';

/** Takes about 190 bits; letters and digits alone need no quoting in any URL, file or shell, and a letter comes first. */
const LENGTH = 32;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const CHARACTERS = `${LETTERS}0123456789`;

/**
 * Makes the secret files of a Compose project that are missing. Nobody but their owner can enter their directory on the host;
 * inside a container, where only the file is mounted, whatever user it runs as can read it.
 */
export function createSecrets(directory: string): void {
  const composeFile = join(directory, 'compose.yml');
  if (!existsSync(composeFile)) throw new Error(`there is no compose.yml in '${directory}'; write the project first, and give its directory`);
  const document = load(readFileSync(composeFile, 'utf8')) as ComposeDocument;
  const secrets = document['x-conduit']?.secrets ?? [];
  createCertificates(directory, secrets);
  const brought = secrets.filter(({ existing, file }) => existing && !existsSync(resolve(directory, file)));
  for (const secret of secrets) if (!brought.includes(secret)) console.log(createFile(directory, secret.file, randomValue));
  if (brought.length > 0) {
    throw new Error(`what is known elsewhere cannot be made here: write the values of ${brought.map(({ name, key, file }) => `${name} (${key}) to ${file}`).join(', ')}, and run this again`);
  }
  writeVariables(directory, secrets);
  if (secrets.length === 0) {
    console.log('this project has no secrets');
    return;
  }
  console.log('\n# the same values for a Kubernetes cluster:');
  for (const [name, parts] of groupsOf(secrets)) {
    const values = parts.map(({ key, file }) => ` --from-file=${key}=${relative('.', resolve(directory, file))}`);
    console.log(`kubectl create secret generic ${name}${values.join('')}`);
  }
}

/** Secrets by the name under which they stand together. */
function groupsOf(secrets: SecretsManifest['secrets']): Map<string, SecretsManifest['secrets']> {
  const groups = new Map<string, SecretsManifest['secrets']>();
  for (const secret of secrets) groups.set(secret.name, [...groups.get(secret.name) ?? [], secret]);
  return groups;
}

/** The parts of a certificate fit together only if they are made together. */
function createCertificates(directory: string, secrets: SecretsManifest['secrets']): void {
  for (const [name, parts] of groupsOf(secrets.filter(({ hosts }) => hosts !== undefined))) {
    const missing = parts.filter(({ file }) => !existsSync(resolve(directory, file)));
    if (missing.length > 0 && missing.length < parts.length) {
      throw new Error(`of the certificate '${name}' there is a part, but not ${missing.map(({ file }) => file).join(', ')}; bring these, or remove all of it to have it made anew`);
    }
    if (missing.length === 0) continue;
    const pem = makeCertificate(name, parts[0].hosts!);
    for (const { key, file } of parts) createFile(directory, file, () => pem[key]);
  }
}

function createFile(directory: string, file: string, makeValue: () => string): string {
  const path = resolve(directory, file);
  if (existsSync(path)) return `kept ${file}`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  chmodSync(dirname(path), 0o700); // also where an earlier program made it with another mode
  writeFileSync(path, makeValue(), { mode: 0o444, flag: 'wx' });
  chmodSync(path, 0o444); // whatever the umask
  return `made ${file}`;
}

/** Values that containers can take only as variables stand in `.env`, which Compose reads. */
function writeVariables(directory: string, secrets: SecretsManifest['secrets']): void {
  const path = join(directory, '.env');
  const present = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const missing = secrets.filter(({ variable }) => variable !== undefined && !new RegExp(`^${variable}=`, 'm').test(present));
  missing.forEach(({ variable, file }, index) => {
    const separator = index > 0 || present === '' || present.endsWith('\n') ? '' : '\n';
    const value = readFileSync(resolve(directory, file), 'utf8');
    appendFileSync(path, `${separator}${variable}=${quote(value)}\n`, { mode: 0o600 });
    console.log(`set ${variable} in .env`);
  });
}

/** Where someone brought a value of their own: within single quotes Compose takes nothing but the quote for more than a character. */
function quote(value: string): string {
  return /^[A-Za-z0-9]*$/.test(value) ? value : `'${value.replace(/'/g, "\\'")}'`;
}

function randomValue(): string {
  return Array.from({ length: LENGTH }, (_, index) => {
    const alphabet = index === 0 ? LETTERS : CHARACTERS;
    return alphabet[randomInt(alphabet.length)];
  }).join('');
}
