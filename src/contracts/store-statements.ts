import { outputsOf } from './output';
import type { IServerFactory } from './server-contract';
import { problemsOf } from './server-statements';
import type { Subject } from './subject';
import { VolumePlacement } from '../model/volume';
import { Workload } from '../model/workload';

type Check = (make: () => Subject, factory: IServerFactory) => void;

/** What must be true where clients are granted databases. */
export const DATABASE_STATEMENTS: Record<string, Check> = {
  'the URL that a client is told ends with its database': make => checkUrl(make, database => `/${database}`),
};

/** What must be true where they are granted something that no URL names. */
export const KEY_STATEMENTS: Record<string, Check> = {
  'the URL that a client is told is that of the server': make => checkUrl(make, () => ''),
};

/** What must be true of every data store, beside what must be of every server. */
export const STORE_STATEMENTS: Record<string, Check> = {
  'a client is granted the same once': checkTwice,
  'what is granted has no name that could mean anything else': checkNames,
  'a further grant leaves the program alone that runs the server': checkFurther,
  'data outlive the program that stores them': checkStorage,
};

/** Each would end a word or a string somewhere, or lead out of a directory. */
const HOSTILE = ['', ' ', 'a b', "a'b", 'a"b', 'a`b', 'a;b', 'a\nb', 'a\\b', 'a/b', '..', '-a', '$(a)', '%a', 'a?b', 'a#b'];

function checkUrl(make: () => Subject, endingOf: (granted: string) => string): void {
  const subject = make();
  subject.grantAll();
  const problems = problemsOf(subject);
  for (const { target, programs } of outputsOf(subject.application)) {
    for (const { userName, names: [name] } of subject.granted) {
      const told = programs.flatMap(({ env }) => Object.entries(env).filter(([variable, value]) => variable.endsWith('_USER') && value === userName)
        .map(([variable]) => env[variable.replace(/_USER$/, '_URL')]));
      const expected = `${subject.server.endpoint.url}${endingOf(name)}`;
      problems.check(told.join() === expected, `on ${target} '${userName}' must be told the URL '${expected}', got '${told.join()}'`);
    }
  }
  problems.throwIfAny();
}

function checkTwice(make: () => Subject, factory: IServerFactory): void {
  const subject = make();
  const client = clientOf(subject);
  factory.grantAccess(subject.server, client, 'orders');
  requireRefused(subject, () => factory.grantAccess(subject.server, client, 'orders'), "a second grant of 'orders' to one client must be refused");
}

function checkNames(make: () => Subject, factory: IServerFactory): void {
  for (const name of HOSTILE) {
    const subject = make();
    requireRefused(subject, () => factory.grantAccess(subject.server, clientOf(subject), name), `the name ${JSON.stringify(name)} must be refused`);
  }
}

function checkFurther(make: () => Subject, factory: IServerFactory): void {
  const [before, after] = ['orders', 'orders returns'].map(databases => {
    const subject = make();
    const client = clientOf(subject);
    for (const database of databases.split(' ')) factory.grantAccess(subject.server, client, database);
    return { subject, program: programOf(subject) };
  });
  const problems = problemsOf(after.subject);
  problems.check(after.program === before.program, `the program that runs the server must be the same after a further grant, got ${after.program} where there was ${before.program}`);
  problems.throwIfAny();
}

function checkStorage(make: () => Subject): void {
  const subject = make();
  const { workload } = subject.server.endpoint;
  const kept = workload?.containers.flatMap(({ mounts }) => mounts).filter(({ volume, readOnly }) => !readOnly && volume.placement !== VolumePlacement.SCRATCH);
  const problems = problemsOf(subject);
  problems.check(kept === undefined || kept.length > 0, 'must write into a volume that persists');
  problems.throwIfAny();
}

/** All that would start the server again if it were otherwise; nothing of one that others run. */
function programOf({ server: { endpoint } }: Subject): string {
  return JSON.stringify((endpoint.workload?.containers ?? []).map(({ env, configFiles, secrets }) => ({
    env: Object.entries(env).map(([name, { text, secretValue }]) => [name, text ?? secretValue?.name]),
    files: configFiles.map(({ path, content }) => [path, content]),
    secrets: secrets.map(({ name }) => name),
  })));
}

function clientOf({ application }: Subject): Workload {
  return new Workload(application, 'client', { image: 'registry.example/contract/client:1.0.0' });
}

function requireRefused(subject: Subject, act: () => void, message: string): void {
  const problems = problemsOf(subject);
  try {
    act();
    subject.application.check();
    problems.check(false, message);
  } catch {
    // so it is
  }
  problems.throwIfAny();
}
