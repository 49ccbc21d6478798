import { Application, HealthCheck, Task, Workload } from 'cdk8s-conduit';
import type { Statements } from '../lowering.contract';
import { IMAGE, one, three } from './programs';

const LISTENS = { image: IMAGE, ports: [{ name: 'http', number: 8080 }], health: HealthCheck.http(8080, '/') };

function withTask(effect?: string[]): Application {
  const { application, a } = one();
  a.waitFor(new Task(application, 'migrate', { image: IMAGE, effect }));
  return application;
}

/** Who starts after whom. */
export const startStatements: Statements = {
  'a client starts after the server is healthy': synth => {
    const { application, a, b } = three();
    a.connectTo(b.endpoint('http'));
    expect(synth(application).container('a').startsAfter).toEqual(['b/main healthy']);
  },
  'a client starts after every member of a stable server is healthy': synth => {
    const { application, a, b } = three({ stable: true, replicas: 1 });
    a.connectTo(b.endpoint('http'));
    expect(synth(application).container('a').startsAfter).toEqual(['b/main healthy']);
  },
  'a client of a UDP port, or one that does not wait, starts at once': synth => {
    const { application, a, b, c } = three();
    a.connectTo(b.endpoint('dns'));
    c.connectTo(b.endpoint('http'), { waits: false });
    expect(synth(application).container('a').startsAfter).toEqual([]);
    expect(synth(application).container('c').startsAfter).toEqual([]);
  },
  'a client of a pair starts after both containers are healthy': synth => {
    const { application, a } = one();
    const server = new Workload(application, 'server', LISTENS);
    server.addCompanion('helper', { image: IMAGE, ports: [{ name: 'help', number: 9 }] });
    a.connectTo(server.endpoint('http'));
    expect([...synth(application).container('a').startsAfter].sort()).toEqual(['server/helper healthy', 'server/main healthy']);
  },
  'init containers run to completion, one after another, before all others': synth => {
    const { application, a } = one();
    a.addInitContainer('first', { image: IMAGE });
    a.addInitContainer('second', { image: IMAGE });
    a.addSidecar('helper', { image: IMAGE });
    const facts = synth(application);
    expect(facts.container('a', 'first')).toMatchObject({ startsAfter: [], health: undefined });
    expect(facts.container('a', 'second').startsAfter).toEqual(['a/first completed']);
    for (const container of ['helper', 'main']) expect(facts.container('a', container).startsAfter).toEqual(['a/first completed', 'a/second completed']);
  },
  'a sidecar is healthy before the main container starts': synth => {
    const { application, a } = one();
    a.addSidecar('proxy', LISTENS);
    expect(synth(application).container('a').startsAfter).toEqual(['a/proxy healthy']);
    expect(synth(application).container('a', 'proxy').startsAfter).toEqual([]);
  },
  'a companion starts after the main container is healthy': synth => {
    const { application, a } = one(LISTENS);
    a.addCompanion('agent', { image: IMAGE });
    expect(synth(application).container('a').startsAfter).toEqual([]);
    expect(synth(application).container('a', 'agent').startsAfter).toEqual(['a/main healthy']);
  },
  'whoever waits for a task starts after its effect is there': synth => {
    expect(synth(withTask(['test', '-e', '/done'])).container('a').startsAfter).toEqual(['migrate/main completed']);
  },
  'whoever waits for a task starts after its end, if it has no effect to look for': synth => {
    expect(synth(withTask()).container('a').startsAfter).toEqual(['migrate/main completed']);
  },
};
