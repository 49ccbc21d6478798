import { Endpoint, SidecarPair } from 'cdk8s-conduit';
import type { Statements } from '../lowering.contract';
import { IMAGE, three } from './programs';

/** Endpoint and connection: who reaches whom, under which name. */
export const connectionStatements: Statements = {
  'a connection tells the client host, port and URL': synth => {
    const { application, a, b } = three();
    a.connectTo(b.endpoint('http'));
    a.connectTo(b.endpoint('dns'), { prefix: 'NAMES' });
    expect(synth(application).container('a').env).toEqual({
      B_HTTP_HOST: 'b', B_HTTP_PORT: '8080', B_HTTP_URL: 'http://b:8080', NAMES_HOST: 'b', NAMES_PORT: '53', NAMES_URL: 'udp://b:53',
    });
  },
  'a connection opens the network for the client': synth => {
    const { application, a, b } = three();
    a.connectTo(b.endpoint('http'));
    expect(synth(application).reaches('a', 'b', 8080)).toBe(true);
  },
  'a connection to a UDP port opens the network for the client': synth => {
    const { application, a, b } = three();
    a.connectTo(b.endpoint('dns'));
    expect(synth(application).reaches('a', 'b', 53, 'UDP')).toBe(true);
  },
  'nobody reaches anybody without a connection': synth => {
    const { application, a, b, c } = three();
    a.connectTo(b.endpoint('http'));
    b.connectTo(c.endpoint('own'));
    const facts = synth(application);
    expect([facts.reaches('a', 'c', 7000), facts.reaches('c', 'a', 7000)]).toEqual([false, false]);
  },
  'a connection opens no other port': synth => {
    const { application, a, b } = three();
    a.connectTo(b.endpoint('http'));
    expect(synth(application).reaches('a', 'b', 9090)).toBe(false);
    expect(synth(application).reaches('a', 'b', 8080, 'UDP')).toBe(false);
  },
  'a connection does not open the way back': synth => {
    const { application, a, b } = three();
    a.connectTo(b.endpoint('http'));
    expect(synth(application).reaches('b', 'a', 7000)).toBe(false);
  },
  'only who has a connection to something outside gets out': synth => {
    const { application, a } = three();
    a.connectTo(Endpoint.outside('192.0.2.1', 443), { prefix: 'OUTSIDE' });
    const facts = synth(application);
    expect([facts.reachesOutside('a', '192.0.2.1', 443), facts.reachesOutside('c', '192.0.2.1', 443)]).toEqual([true, false]);
  },
  'a connection to something outside opens that address and port alone': synth => {
    const { application, a } = three();
    a.connectTo(Endpoint.outside('db.example.com', 5432, { addresses: ['203.0.113.0/24'] }));
    const facts = synth(application);
    expect([facts.reachesOutside('a', '203.0.113.7', 5432), facts.reachesOutside('a', '192.0.2.1', 5432), facts.reachesOutside('a', '203.0.113.7', 22)]).toEqual([true, false, false]);
  },
  'one name stands for all replicas': synth => {
    const { application, a, b } = three({ replicas: 3 });
    a.connectTo(b.endpoint('http'));
    expect(synth(application).resolves('a', 'b')).toHaveLength(3);
  },
  'each member of a stable workload has names of its own': synth => {
    const { application, a, b } = three({ replicas: 3, stable: true });
    a.connectTo(b.memberEndpoint(1, 'http'));
    const facts = synth(application);
    expect(facts.container('a').env.B_HTTP_URL).toBe('http://b-1.b:8080');
    expect(facts.resolves('a', 'b-1.b')).toEqual(['b-1']);
    expect(facts.resolves('a', 'b-1')).toEqual(['b-1']);
    expect(facts.resolves('a', 'b')).toEqual(['b-0', 'b-1', 'b-2']);
  },
  'members of one workload do not reach each other': synth => {
    const { application, a, b } = three({ replicas: 3, stable: true });
    a.connectTo(b.endpoint('http'));
    b.connectTo(Endpoint.outside('192.0.2.1', 443), { prefix: 'OUTSIDE' });
    expect(synth(application).reaches('b', 'b', 8080)).toBe(false);
  },
  'members of a cluster reach each other on every port, under names of their own, and nobody else reaches them': synth => {
    const { application, a, b } = three({ replicas: 3, stable: true, clustered: true });
    a.connectTo(b.endpoint('http'));
    const facts = synth(application);
    expect([facts.reaches('b', 'b', 7001), facts.reaches('b', 'b', 53, 'UDP')]).toEqual([true, true]);
    expect([0, 1, 2].flatMap(ordinal => facts.resolves('b', `b-${ordinal}`))).toEqual(['b-0', 'b-1', 'b-2']);
    expect([facts.reaches('a', 'a', 7000), facts.reaches('c', 'b', 8080)]).toEqual([false, false]);
  },
  'the containers of a pair reach each other on localhost': synth => {
    const { application, c } = three();
    const pair = new SidecarPair(application, 'pair', {
      main: { image: IMAGE, ports: [{ name: 'app', number: 81 }] }, sidecar: { image: IMAGE, ports: [{ name: 'proxy', number: 82 }] },
    });
    pair.sidecar.connectTo(pair.main.localEndpoint(), { prefix: 'APP' });
    c.connectTo(pair.endpoint('proxy'));
    const facts = synth(application);
    expect(facts.sharesAddress('pair', 'main', 'sidecar')).toBe(true);
    expect(facts.container('pair', 'sidecar').env.APP_HOST).toBe('localhost');
    expect(facts.reaches('c', 'pair', 82)).toBe(true);
    expect(facts.resolves('c', 'pair')).toHaveLength(1);
  },
  'each replica of a pair is a pair of its own': synth => {
    const { application, c } = three();
    const pair = new SidecarPair(application, 'pair', { main: { image: IMAGE, ports: [{ name: 'app', number: 81 }] }, sidecar: { image: IMAGE }, replicas: 2, sharedDirectory: '/shared' });
    c.connectTo(pair.endpoint());
    const facts = synth(application);
    expect(facts.resolves('c', 'pair')).toHaveLength(2);
    const [first, second] = [0, 1].map(replica => ['main', 'sidecar'].map(container => facts.container('pair', container, replica).mounts['/shared'].storage));
    expect(first[0]).toBe(first[1]);
    expect(second[0]).toBe(second[1]);
    expect(first[0]).not.toBe(second[0]);
  },
};
