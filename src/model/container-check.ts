import { posix } from 'path';
import { Size, SizeRoundingBehavior } from 'cdk8s';
import type { Container } from './container';
import { findImageProblems } from './container-image';
import type { ContainerProps } from './container-props';
import { Port, Protocol } from './endpoint';
import type { EnvValue } from './env-value';
import { HealthCheck, HealthCheckKind } from './health-check';
import type { ResolvedResources, Resources } from './resources';
import { findImageProblem } from '../private/image-names';
import { looksSecret } from '../private/looks-secret';
import { findUnwritable, isAbsolutePath, isDnsLabel, isPathBelow, isScheme, isVariableName, VARIABLE_RULE, PATH_RULE } from '../private/names';
import { isPortName, isPortNumber } from '../private/ports';
import type { Problems } from '../private/problems';

/** What of a container can be gone on with. */
interface CheckedContainer {
  readonly ports: Port[];
  readonly health?: HealthCheck;
  readonly writablePaths: string[];
  readonly resources: ResolvedResources;
}

/**
 * Notes all that is wrong with the values of one container, and fills in the resources that were left open.
 * Of what others build on, what is wrong is left out.
 * @param taken ports of the other containers of the workload
 * @param factsProblem why nothing can be known of its image, though something would be of others of that name
 */
export function checkContainer(name: string, props: ContainerProps, taken: Port[], problems: Problems, factsProblem?: string): CheckedContainer {
  problems.check(isDnsLabel(name, 30), `a container's name must be at most 30 lower-case letters, digits and hyphens, got '${name}'`);
  problems.check(!name.startsWith('conduit-'), `names that begin with 'conduit-' are kept for what the library adds, got '${name}'; choose another name`);
  const imageProblem = findImageProblem(props.image) ?? factsProblem;
  problems.check(imageProblem === undefined, `'image' ${imageProblem}`);
  problems.check(props.buildContext === undefined || props.buildContext.directory.length > 0, "'buildContext.directory' must name a directory, got ''");
  for (const [key, words] of [['command', props.command], ['args', props.args]] as const) {
    problems.check(words === undefined || words.length > 0, `'${key}' must have at least one word; leave it out to keep the image's own`);
    checkWords(`'${key}'`, words, problems);
  }
  const ports = checkPorts(props.ports ?? [], taken, problems);
  const health = props.health && checkHealth(props.health, problems) ? props.health : undefined;
  checkUsers(props, problems);
  problems.check(props.stopSignal === undefined || /^SIG[A-Z0-9+-]+$/.test(props.stopSignal),
    `'stopSignal' must be a signal's name such as SIGQUIT, got '${props.stopSignal}'`);
  const writablePaths = (props.writablePaths ?? []).filter(path =>
    problems.check(isAbsolutePath(path), `each of 'writablePaths' must be ${PATH_RULE}, got '${path}'`));
  return { ports, health, writablePaths, resources: resolveResources(props.resources ?? {}, problems) };
}

/** Notes each word that no program can be given. */
export function checkWords(what: string, words: string[] = [], problems: Problems): void {
  words.forEach((word, index) => {
    const unwritable = findUnwritable(word);
    problems.check(unwritable === undefined, `word ${index + 1} of ${what} has ${unwritable}; leave that out`);
  });
}

/** Notes what is wrong with a variable, and with another value than it has. */
export function checkVariable(name: string, value: EnvValue, present: EnvValue | undefined, problems: Problems): void {
  problems.check(isVariableName(name), `a variable's name must be ${VARIABLE_RULE}, got '${name}'`);
  const unwritable = findUnwritable(value.parts.map(part => part.text ?? '').join(''));
  problems.check(unwritable === undefined, `variable ${name} has ${unwritable}; leave that out`);
  problems.check(value.notSecret || !value.text || !looksSecret(name, value.text), `variable ${name} looks like a secret given as text; `
    + 'use EnvValue.secretFile(new Secret(…)), or EnvValue.literal(text, { notSecret: true }) if it is none');
  problems.check(!present || present._equals(value), `variable ${name} is set twice, to ${present?._describe()} and ${value._describe()}; `
    + "keep one, or give one of the edges or grants another 'prefix'");
}

/** Returns what others can connect to: ports of which each has a name and a number of its own. */
function checkPorts(ports: Port[], taken: Port[], problems: Problems): Port[] {
  const usable: Port[] = [];
  for (const port of ports) {
    const { name, number, scheme, protocol = Protocol.TCP } = port;
    problems.check(isPortNumber(number), `port '${name}' must have a whole number from 1 to 65535, got ${number}`);
    problems.check(isPortName(name), `a port's name must be at most 15 lower-case letters, digits and single hyphens with a letter among them, got '${name}'`);
    problems.check(scheme === undefined || isScheme(scheme), `port '${name}' must have a URL scheme such as http, got '${scheme}'`);
    const clash = [...taken, ...usable].find(other =>
      other.name === name || (isPortNumber(number) && other.number === number && (other.protocol ?? Protocol.TCP) === protocol));
    const isFree = problems.check(!clash, `port '${name}' (${number}) clashes with '${clash?.name}' (${clash?.number}); `
      + 'containers of one workload share their ports, so names and numbers must differ');
    if (isFree) usable.push(port);
  }
  return usable;
}

function checkHealth(health: HealthCheck, problems: Problems): boolean {
  const before = problems.messages.length;
  if (health.kind === HealthCheckKind.COMMAND) {
    problems.check(health.words.length > 0, 'a health command must have at least one word');
    checkWords('a health command', health.words, problems);
  } else {
    problems.check(isPortNumber(health.port), `a health check's port must be a whole number from 1 to 65535, got ${health.port}`);
  }
  if (health.kind === HealthCheckKind.HTTP) {
    problems.check(/^\/[^\s\p{C}]*$/u.test(health.path), `the path of a health check must begin with '/' and have no blanks, got '${health.path}'`);
  }
  checkHeaders(Object.entries(health.headers), problems);
  problems.check(Number.isInteger(health.failureThreshold) && health.failureThreshold >= 1,
    `'failureThreshold' of a health check must be a whole number of 1 or more, got ${health.failureThreshold}`);
  for (const [key, value, least] of [['interval', health.interval, 1], ['timeout', health.timeout, 1], ['startPeriod', health.startPeriod, 0]] as const) {
    problems.check(value.toMilliseconds() >= 1000 * least && value.toMilliseconds() % 1000 === 0,
      `'${key}' of a health check must be whole seconds, ${least} or more, got ${value.toMilliseconds()} ms`);
  }
  return problems.messages.length === before;
}

/** Headers that the connection has by itself, whatever is asked for. */
const OWN_HEADERS = ['connection', 'content-length', 'trailer', 'transfer-encoding'];

function checkHeaders(headers: [string, string][], problems: Problems): void {
  headers.forEach(([name, value], index) => {
    const lower = name.toLowerCase();
    problems.check(/^[A-Za-z0-9-]+$/.test(name), `a header of a health check must have a name of letters, digits and hyphens, got '${name}'`);
    problems.check(/^([!-~]([ -~]*[!-~])?)?$/.test(value), `header '${name}' of a health check must have a value of ASCII characters without blanks around it, got '${value}'`);
    problems.check(!OWN_HEADERS.includes(lower), `header '${name}' of a health check belongs to the connection itself; leave it out`);
    problems.check(!headers.slice(0, index).some(([other]) => other.toLowerCase() === lower), `header '${name}' of a health check is given twice, in other letters; keep one`);
  });
}

function checkUsers(props: ContainerProps, problems: Problems): void {
  problems.check(props.uid === undefined || (Number.isInteger(props.uid) && props.uid >= 1 && props.uid < 2 ** 31),
    `'uid' must be a number other than 0, which is root, got ${props.uid}`);
  problems.check(props.gid === undefined || (Number.isInteger(props.gid) && props.gid >= 0 && props.gid < 2 ** 31),
    `'gid' must be a number, got ${props.gid}`);
}

function resolveResources(given: Resources, problems: Problems): ResolvedResources {
  const mebibytes = (size?: Size) => size?.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
  const memoryRequest = mebibytes(given.memoryRequest);
  const memoryLimit = mebibytes(given.memoryLimit) ?? Math.max(256, memoryRequest ?? 0);
  const cpuLimit = given.cpuUnlimited ? undefined : given.cpuLimit ?? Math.max(1, given.cpuRequest ?? 0);
  const resolved = {
    cpuRequest: given.cpuRequest ?? Math.min(0.05, cpuLimit ?? 1),
    cpuLimit,
    memoryRequest: memoryRequest ?? Math.min(64, memoryLimit),
    memoryLimit,
    diskLimit: mebibytes(given.diskLimit) ?? 512,
  };
  for (const [name, value] of Object.entries(resolved).filter(([key]) => given[key as keyof Resources] !== undefined)) {
    if (value === undefined) continue; // without a limit
    problems.check(Number.isFinite(value) && value > 0, `resource '${name}' must be more than 0, got ${value}`);
    problems.check(name.startsWith('cpu') || !(value > 0) || Number.isInteger(value), `resource '${name}' must be whole MiB, got ${value} MiB`);
  }
  problems.check(!given.cpuUnlimited || given.cpuLimit === undefined, `'cpuLimit' and 'cpuUnlimited' exclude each other, got ${given.cpuLimit}; leave out one of them`);
  problems.check(cpuLimit === undefined || resolved.cpuRequest <= cpuLimit, `'cpuRequest' must not exceed 'cpuLimit', got ${resolved.cpuRequest} and ${cpuLimit}`);
  problems.check(resolved.memoryRequest <= memoryLimit,
    `'memoryRequest' must not exceed 'memoryLimit', got ${resolved.memoryRequest} MiB and ${memoryLimit} MiB`);
  return resolved;
}

/** Problems of a container that show only when everything was added to it. */
export function findContainerProblems(container: Container): string[] {
  const where = container !== container.workload.main ? `container '${container.name}': ` : '';
  return [...findPathProblems(container), ...findHealthProblems(container), ...findImageProblems(container)].map(problem => where + problem);
}

/** Where secrets stand, and the tools for checks. */
const KEPT_DIRECTORIES = ['/run/secrets', '/conduit'];

function findPathProblems(container: Container): string[] {
  const problems: string[] = [];
  const owners = new Map<string, string>();
  const claim = (path: string, what: string) => {
    const owner = owners.get(path);
    const kept = KEPT_DIRECTORIES.find(directory => path === directory || path.startsWith(`${directory}/`));
    if (owner !== undefined) problems.push(`${what} and ${owner} are both at '${path}'; give one of them another path`);
    else if (kept) problems.push(`${what} is at '${path}', and '${kept}' is kept for what the library mounts; give it another path`);
    owners.set(path, what);
  };
  for (const secret of container.secrets) owners.set(secret.path, `secret '${secret.name}'`);
  for (const file of container.configFiles) claim(file.path, `config file '${file.name}'`);
  for (const path of container.writablePaths) claim(path, 'a writable path');
  for (const { volume, path, subdirectory } of container.mounts) {
    claim(path, `volume '${volume.name}'`);
    if (!isAbsolutePath(path)) problems.push(`volume '${volume.name}' must be mounted at ${PATH_RULE}, got '${path}'`);
    if (subdirectory !== undefined && !isPathBelow(subdirectory)) {
      problems.push(`the directory of volume '${volume.name}' must be a relative path that stays inside, got '${subdirectory}'`);
    }
  }
  const files = new Map(container.configFiles.map(file => [file.path, file.name]));
  for (const [path, what] of owners) {
    for (let above = posix.dirname(path); above.length > 1; above = posix.dirname(above)) {
      if (files.has(above)) problems.push(`${what} is at '${path}', below the config file '${files.get(above)}' at '${above}', which is no directory; give one of them another path`);
    }
  }
  return problems;
}

/** A check of a port that the container does not have would never succeed. */
function findHealthProblems(container: Container): string[] {
  const health = container.health;
  if (!health || health.kind === HealthCheckKind.COMMAND) return [];
  if (container.ports.some(port => port.number === health.port && port.protocol !== 'UDP')) return [];
  return [`the health check asks TCP port ${health.port}, which is not among the container's ports; declare it in 'ports'`];
}
