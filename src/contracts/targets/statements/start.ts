import { IMAGE, one, Statements, three } from './programs';
import { Application } from '../../../model/application';
import { HealthCheck } from '../../../model/health-check';
import { Task } from '../../../model/task';
import { Workload } from '../../../model/workload';

const LISTENS = { image: IMAGE, ports: [{ name: 'http', number: 8080 }], health: HealthCheck.http(8080, '/') };

function withTask(completionCheck?: string[]): Application {
  const { application, a } = one();
  a.waitFor(new Task(application, 'migrate', { image: IMAGE, completionCheck }));
  return application;
}

/** Who starts after whom. */
export const startStatements: Statements = {
  'a client starts after the server is healthy': (view, must) => {
    const { application, a, b } = three();
    a.connectTo(b.endpoint('http'));
    must.equal(view(application).container('a').startsAfter, ['b/main healthy']);
  },
  'a client starts after every member of a stable server is healthy': (view, must) => {
    const { application, a, b } = three({ stable: true, replicas: 1 });
    a.connectTo(b.endpoint('http'));
    must.equal(view(application).container('a').startsAfter, ['b/main healthy']);
  },
  'a client of a UDP port, or one that does not wait, starts at once': (view, must) => {
    const { application, a, b, c } = three();
    a.connectTo(b.endpoint('dns'));
    c.connectTo(b.endpoint('http'), { waits: false });
    must.equal(['a', 'c'].map(client => view(application).container(client).startsAfter ?? []), [[], []]);
  },
  'a client of a pair starts after both containers are healthy': (view, must) => {
    const { application, a } = one();
    const server = new Workload(application, 'server', LISTENS);
    server.addCompanion('helper', { image: IMAGE, ports: [{ name: 'help', number: 9 }] });
    a.connectTo(server.endpoint('http'));
    must.equal([...view(application).container('a').startsAfter ?? []].sort(), ['server/helper healthy', 'server/main healthy']);
  },
  'init containers run to completion, one after another, before all others': (view, must) => {
    const { application, a } = one();
    a.addInitContainer('first', { image: IMAGE });
    a.addInitContainer('second', { image: IMAGE });
    a.addSidecar('helper', { image: IMAGE });
    const facts = view(application);
    must.fields(facts.container('a', 'first'), { startsAfter: [], health: undefined });
    must.equal(facts.container('a', 'second').startsAfter, ['a/first completed']);
    for (const container of ['helper', 'main']) must.equal(facts.container('a', container).startsAfter, ['a/first completed', 'a/second completed']);
  },
  'a sidecar is healthy before the main container starts': (view, must) => {
    const { application, a } = one();
    a.addSidecar('proxy', LISTENS);
    must.equal(view(application).container('a').startsAfter, ['a/proxy healthy']);
    must.equal(view(application).container('a', 'proxy').startsAfter, []);
  },
  'a companion starts after the main container is healthy': (view, must) => {
    const { application, a } = one(LISTENS);
    a.addCompanion('agent', { image: IMAGE });
    must.equal(view(application).container('a').startsAfter, []);
    must.equal(view(application).container('a', 'agent').startsAfter, ['a/main healthy']);
  },
  'whoever waits for a task starts after its work is done': (view, must) => {
    must.equal(view(withTask(['test', '-e', '/done'])).container('a').startsAfter, ['migrate/main completed']);
  },
  'whoever waits for a task starts after its end, if it has no completion check': (view, must) => {
    must.equal(view(withTask()).container('a').startsAfter, ['migrate/main completed']);
  },
};
