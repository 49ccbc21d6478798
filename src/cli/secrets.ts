import { randomInt } from 'crypto';
import { basename, relative, resolve } from 'path';
import { makeCertificate } from './certificates';
import { readSecrets, SecretEntry } from './manifest';
import { quoteWord } from './quote-word';
import { SecretDirectory } from './secret-directory';
import { createInSwarm } from './swarm';
import { writeVariables } from './variables';
import { byText } from '../private/names';
import type { ClientManifest } from '../targets/secrets-manifest';

/** Takes about 190 bits; letters and digits alone need no quoting in any URL, file or shell, and a letter comes first. */
const LENGTH = 32;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const CHARACTERS = `${LETTERS}0123456789`;

/**
 * Makes the secret files of a project or stack that are missing. Of a project, variables hold the values that are to be in variables.
 * Of a stack, they hold the names that its secrets have in a swarm.
 * Several programs may do so at the same time, and one that is interrupted leaves nothing half.
 * @param working the secrets are below this directory, or below the project
 */
export function createSecrets(project: string, working = process.cwd()): void {
  const { secrets, clients, directory: path, stack } = readSecrets(project);
  for (const label of stack?.nodeLabels ?? []) console.log(`docker node update --label-add ${label}=true NODE   # the node that has this volume`);
  if (secrets.length + clients.length === 0) {
    writeVariables(project, {});
    console.log('this project has no secrets');
    return;
  }
  const directory = SecretDirectory.open(path, [...secrets, ...clients].map(fileName), [resolve(working), resolve(project)]);
  const made = new Set([...createCertificates(directory, secrets), ...createPasswords(directory, secrets)]);
  const missing = secrets.filter(secret => !directory.has(fileName(secret)));
  const show = (secret: SecretEntry) => relative(working, directory.fileOf(fileName(secret)));
  for (const secret of secrets) if (!missing.includes(secret)) console.log(`${made.has(secret) ? 'made' : 'kept'} ${show(secret)}`);
  if (missing.length > 0) {
    throw new Error(`existing secrets cannot be made here: write the values of ${missing.map(secret => `${secret.name} (${secret.key}) to ${show(secret)}`).join(', ')}, and run this again`);
  }
  const values = new Map(secrets.map(secret => [secret, directory.read(fileName(secret))]));
  refuseUnusable([...values].map(([secret, value]) => [show(secret), value, secret.urlSafe ?? false]));
  if (stack) {
    writeConnections(directory, clients, working);
    createInSwarm(project, stack.name, [...values].map(([secret, value]) => ({ name: fileName(secret), file: show(secret), value })));
    return;
  }
  const variables = [...values].flatMap(([{ variable }, value]) => variable === undefined ? [] : [[variable, value]]);
  for (const variable of writeVariables(project, Object.fromEntries(variables))) console.log(`set ${variable} in .env`);
  writeConnections(directory, clients, working);
  if (secrets.length === 0) return;
  console.log('\n# the same values for a Kubernetes cluster:');
  for (const [name, parts] of groupsOf(secrets)) {
    const options = parts.map(part => ` --from-file=${quoteWord(`${part.key}=${show(part)}`)}`);
    const type = ['tls.crt', 'tls.key'].every(key => parts.some(part => part.key === key)) ? ' --type=kubernetes.io/tls' : ''; // which some programs ask for
    console.log(`kubectl create secret generic ${name}${type}${options.join('')} --dry-run=client -o yaml | kubectl apply --server-side -f -`);
  }
}

/** For each client outside, all that it needs, anew each time, so that no earlier password is left in it. */
function writeConnections(directory: SecretDirectory, clients: ClientManifest[], working: string): void {
  for (const client of clients) {
    const values = Object.entries(client.secrets).map(([name, secret]) => [name, directory.read(secret)]);
    const sorted = [...Object.entries(client.values), ...values].sort(([a], [b]) => byText(a, b));
    directory.writeForOwner(fileName(client), `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
    console.log(`wrote ${relative(working, directory.fileOf(fileName(client)))}`);
  }
}

function fileName({ file }: Pick<SecretEntry, 'file'>): string {
  return basename(file);
}

/** Secrets by the name under which they stand together. */
function groupsOf(secrets: SecretEntry[]): Map<string, SecretEntry[]> {
  const groups = new Map<string, SecretEntry[]>();
  for (const secret of secrets) groups.set(secret.name, [...groups.get(secret.name) ?? [], secret]);
  return groups;
}

/** The parts of a certificate fit together only if they are made together. */
function createCertificates(directory: SecretDirectory, secrets: SecretEntry[]): SecretEntry[] {
  return [...groupsOf(secrets.filter(({ hosts }) => hosts !== undefined))].flatMap(([name, parts]) => {
    const missingOf = () => parts.filter(part => !directory.has(fileName(part)));
    if (missingOf().length === 0) return [];
    if (missingOf().length < parts.length) pause(); // another program may be about to put the others into place
    const missing = missingOf();
    if (missing.length > 0 && missing.length < parts.length) {
      throw new Error(`of the certificate '${name}' there is a part, but not ${missing.map(({ file }) => file).join(', ')}; bring these, or remove all of it to have it made anew`);
    }
    if (missing.length === 0) return [];
    const pem = makeCertificate(name, parts[0].hosts!);
    const unknown = parts.filter(({ key }) => !(key in pem)).map(({ key }) => `'${key}'`);
    if (unknown.length > 0) throw new Error(`the certificate '${name}' has no part ${unknown.join(', ')}; its parts are ${Object.keys(pem).join(', ')}`);
    return directory.create(Object.fromEntries(parts.map(part => [fileName(part), pem[part.key]]))) ? parts : [];
  });
}

function createPasswords(directory: SecretDirectory, secrets: SecretEntry[]): SecretEntry[] {
  return secrets.filter(({ hosts, existing }) => hosts === undefined && !existing)
    .filter(secret => !directory.has(fileName(secret)) && directory.create({ [fileName(secret)]: randomValue() }));
}

/** What no program can log in with, or what each reads in its own way. */
function refuseUnusable(values: [file: string, value: string, urlSafe: boolean][]): void {
  const problems = values.flatMap(([file, value, urlSafe]) => [
    ...(value === '' ? [`${file} is empty; write the value, or remove the file to have it made anew`] : []),
    ...(/^[^\n]*\n$/.test(value) ? [`${file} ends with a line break, which some programs take for a part of the value; write it without one`] : []),
    ...(urlSafe && !/^([A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+$/.test(value) && value !== '' ? [`${file} stands in a URL, and holds characters that have a meaning there; write it percent-encoded`] : []),
    ...(value.includes('\0') ? [`${file} contains a zero byte, which no variable can hold; write it without one`] : []),
  ]);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
}

function randomValue(): string {
  return Array.from({ length: LENGTH }, (_, index) => {
    const alphabet = index === 0 ? LETTERS : CHARACTERS;
    return alphabet[randomInt(alphabet.length)];
  }).join('');
}
