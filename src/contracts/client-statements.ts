import type { Output, Program } from './output';
import type { Granted, Subject } from './subject';
import { kebabCase } from '../private/names';
import type { Problems } from '../private/problems';

/** What patterns tell a client by themselves. */
const USUAL = ['HOST', 'PORT', 'URL', 'USER', 'PASSWORD_FILE', 'PREFETCH', 'MAX_PRIORITY'];

/** The program that logs in as a user, and the beginning of the variables that tell it how. */
interface Client {
  readonly program: Program;
  readonly prefix: string;
}

function clientsOf({ userName }: Granted, { programs }: Output): Client[] {
  return programs.flatMap(program => Object.entries(program.env)
    .filter(([name, value]) => name.endsWith('_USER') && value === userName)
    .map(([name]) => ({ program, prefix: name.slice(0, -'_USER'.length) })));
}

/** Checks each client of each user; a user whom no program is told of is a problem by itself. */
function forEachClient({ granted: all }: Subject, output: Output, problems: Problems, check: (client: Client, granted: Granted) => void): void {
  for (const granted of all) {
    const clients = clientsOf(granted, output);
    problems.check(clients.length === 1, `on ${output.target} one program must be told that it is '${granted.userName}', got ${clients.length}`);
    for (const client of clients) check(client, granted);
  }
}

export function checkVariables(subject: Subject, output: Output, problems: Problems): void {
  const { endpoint: { host, port, url, hasScheme } } = subject.server;
  forEachClient(subject, output, problems, ({ program: { workload, env }, prefix }, { names }) => {
    for (const [ending, value] of Object.entries({ HOST: host, PORT: `${port}`, ...(hasScheme ? { URL: url } : {}) })) {
      const told = env[`${prefix}_${ending}`];
      problems.check(told === value || (ending === 'URL' && told?.startsWith(`${value}/`)), `on ${output.target} '${workload}' must be told ${prefix}_${ending} '${value}', got '${env[`${prefix}_${ending}`]}'`);
    }
    const further = Object.entries(env).filter(([name]) => name.startsWith(`${prefix}_`) && !USUAL.includes(name.slice(prefix.length + 1)));
    // a server whose names have no dots may write another sign for them
    problems.check(further.some(([, value]) => names.some(name => value.includes(name) || value.includes(kebabCase(name)))),
      `on ${output.target} '${workload}' must be told ${names.map(name => `'${name}'`).join(' or ')} by a variable of its own, got ${further.map(([name, value]) => `${name} '${value}'`).join(', ') || 'none'}`);
  });
}

export function checkPasswords(subject: Subject, output: Output, problems: Problems): void {
  const { server: { endpoint }, granted, clients } = subject;
  granted.forEach(({ userName, secret }, index) => granted.slice(0, index).forEach(other => {
    problems.check(userName !== other.userName && secret !== other.secret, `each grant must have a user and a password of its own, got '${userName}' with '${secret}' twice`);
  }));
  forEachClient(subject, output, problems, ({ program, prefix }, { userName, secret }) => {
    const path = program.env[`${prefix}_PASSWORD_FILE`];
    problems.check(program.secretFiles[path] === secret, `on ${output.target} '${program.workload}' must find the password of '${userName}' in ${prefix}_PASSWORD_FILE, got '${path}'`);
    const holders = output.programs.filter(({ secretFiles }) => Object.values(secretFiles).includes(secret)).map(({ workload }) => workload);
    problems.check(endpoint.workload === undefined || holders.some(holder => !clients.includes(holder)), `on ${output.target} the server must have the password of '${userName}' as a file, and only ${holders.join(', ')} has it`);
    const strangers = holders.filter(holder => clients.includes(holder) && holder !== program.workload);
    problems.check(strangers.length === 0, `on ${output.target} no other client must have the password of '${userName}', got ${strangers.join(', ')}`);
    for (const { workload, secretValues } of output.programs) {
      const variables = Object.keys(secretValues).filter(variable => secretValues[variable] === secret);
      problems.check(variables.length === 0, `on ${output.target} no variable must hold the password of '${userName}', got ${variables.join(', ')} of '${workload}'`);
    }
  });
}

export function checkStart(subject: Subject, output: Output, problems: Problems): void {
  const { workload: server } = subject.server.endpoint;
  forEachClient(subject, output, problems, ({ program: { workload, startsAfter } }, { userName, task }) => {
    problems.check(server !== undefined || task !== undefined, `an external server must have a task that makes '${userName}', got none`);
    for (const first of [server, task].flatMap(each => each ?? [])) {
      problems.check(startsAfter?.includes(first.name) ?? true, `on ${output.target} '${workload}' must start after '${first.name}', got ${startsAfter?.join(', ') || 'nothing to wait for'}`);
    }
  });
}

export function checkEdges(subject: Subject, output: Output, problems: Problems): void {
  const { server: { endpoint }, granted, clients } = subject;
  const server = endpoint.workload?.name ?? 'outside';
  const using = granted.flatMap(each => clientsOf(each, output)).map(({ program: { workload } }) => workload);
  for (const client of clients) {
    const peers = output.peersOf(client);
    const expected = using.includes(client) ? [server] : [];
    problems.check(peers.join() === expected.join(), `on ${output.target} the network must be open between '${client}' and ${expected.join() || 'nobody'}, got ${peers.join(', ') || 'nobody'}`);
  }
  const shut = endpoint.workload ? using.filter(client => !output.peersOf(server).includes(client)) : [];
  problems.check(shut.length === 0, `on ${output.target} the network of '${server}' must be open for ${shut.join(', ')}`);
}
