import { checkEdges, checkPasswords, checkStart, checkVariables } from './client-statements';
import { Output, outputsOf } from './output';
import type { MakeSubject, Subject } from './subject';
import { Application } from '../model/application';
import { Problems } from '../private/problems';

/** What must be true of every server, whatever it serves. */
export const SERVER_STATEMENTS: Record<string, (make: MakeSubject) => void> = {
  'it has a name, and an endpoint that the application has, or that is outside of it': checkEndpoint,
  'it can be there without anyone who uses it': make => { outputsOf(make().application); },
  'a client is told address, user, the file of the password, and the name of what it may use': make => checkClients(make, checkVariables),
  'each grant has a user and a password of its own, a file that only client and server see': make => checkClients(make, checkPasswords),
  'a client starts after the server, and after what provisions it': make => checkClients(make, checkStart),
  'a client reaches the server, and nothing else': make => checkClients(make, checkEdges),
  'the order of declarations and grants makes no difference': checkOrder,
  'the same program gives the same output, however often it is written': checkPurity,
  'two servers of one application have nothing to do with each other': checkTwo,
};

/** Problems of what a contract finds. */
export function problemsOf({ server }: Subject): Problems {
  return new Problems(`contract of ${server.product}`);
}

function checkEndpoint(make: MakeSubject): void {
  const subject = make();
  const { server: { product, endpoint }, application } = subject;
  const problems = problemsOf(subject);
  problems.check(typeof product === 'string' && product.trim() !== '', `'product' must be what people call the server, got '${product}'`);
  const { workload } = endpoint;
  if (workload) {
    problems.check(application.node.findAll().includes(workload), `the endpoint's workload must be in the server's application, got '${workload.node.path}'`);
    problems.check(workload.ports.some(({ number }) => number === endpoint.port), `the endpoint's port must be among its workload's, got ${endpoint.port}`);
    for (const { target, programs } of outputsOf(application)) {
      problems.check(programs.some(program => program.workload === workload.name), `on ${target} '${workload.name}' must run, where the endpoint is`);
    }
  }
  problems.throwIfAny();
}

function checkClients(make: MakeSubject, check: (subject: Subject, output: Output, problems: Problems) => void): void {
  const subject = make();
  subject.grantAll();
  subject.addStranger();
  const problems = problemsOf(subject);
  problems.check(subject.granted.length > 0, 'must give rights to what it takes');
  for (const output of outputsOf(subject.application)) check(subject, output, problems);
  problems.throwIfAny();
}

function checkOrder(make: MakeSubject): void {
  const [forwards, backwards] = [make(), make()];
  forwards.grantAll();
  backwards.grantAll(true);
  requireSame(forwards, outputsOf(forwards.application), outputsOf(backwards.application), 'another order of declarations and grants');
}

function checkPurity(make: MakeSubject): void {
  const [one, other] = [make(), make()];
  for (const subject of [one, other]) subject.grantAll();
  const first = outputsOf(one.application);
  requireSame(one, first, outputsOf(one.application), 'to write an application again');
  requireSame(one, first, outputsOf(other.application), 'the same program, run again,');
}

function requireSame(subject: Subject, expected: Output[], found: Output[], what: string): void {
  const problems = problemsOf(subject);
  expected.forEach(({ target, text }, index) => {
    const other = found[index].text;
    let at = 0;
    while (at < text.length && text[at] === other[at]) at++;
    const around = (all: string) => all.slice(Math.max(0, at - 60), at + 60);
    problems.check(text === other, `on ${target} ${what} must give the same output, got …${around(other)}… where there was …${around(text)}…`);
  });
  problems.throwIfAny();
}

function checkTwo(make: MakeSubject): void {
  const application = new Application('contract');
  const subjects = ['first', 'second'].map(id => make(application, id));
  for (const subject of subjects) subject.grantAll();
  const problems = problemsOf(subjects[0]);
  const [one, other] = subjects.map(({ server: { endpoint }, granted }) => ({ endpoint, granted }));
  const inside = one.endpoint.workload !== undefined;
  problems.check(!inside || one.endpoint.address !== other.endpoint.address, `each must have an endpoint of its own, got ${one.endpoint.address} twice`);
  for (const { target, programs } of inside ? outputsOf(application) : []) {
    for (const [here, there] of [[one, other], [other, one]]) {
      const known = programs.filter(({ workload }) => workload === here.endpoint.workload!.name).flatMap(({ secretFiles }) => Object.values(secretFiles));
      const foreign = there.granted.filter(({ secret }) => known.includes(secret)).map(({ userName }) => userName);
      problems.check(foreign.length === 0, `on ${target} '${here.endpoint.workload!.name}' must not know users of another server, got ${foreign.join(', ')}`);
    }
  }
  problems.throwIfAny();
}
