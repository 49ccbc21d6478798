import { IMAGE, Statements, three } from './programs';
import { Endpoint, Protocol } from '../../../model/endpoint';
import { SidecarPair } from '../../../patterns/sidecar-pair';

/** Endpoint and connection: who reaches whom, under which name. */
export const connectionStatements: Statements = {
  'a connection tells the client host, port and URL': (view, must) => {
    const { application, a, b } = three();
    a.connectTo(b.endpoint('http'));
    a.connectTo(b.endpoint('dns'), { prefix: 'NAMES' });
    must.equal(view(application).container('a').env, {
      B_HTTP_HOST: 'b', B_HTTP_PORT: '8080', B_HTTP_URL: 'http://b:8080', NAMES_HOST: 'b', NAMES_PORT: '53',
    });
  },
  'a connection opens the network for the client': (view, must) => {
    const { application, a, b } = three();
    a.connectTo(b.endpoint('http'));
    must.equal(view(application).reaches('a', 'b', 8080), true);
  },
  'a connection to a UDP port opens the network for the client': (view, must) => {
    const { application, a, b } = three();
    a.connectTo(b.endpoint('dns'));
    must.equal(view(application).reaches('a', 'b', 53, Protocol.UDP), true);
  },
  'nobody reaches anybody without a connection': (view, must) => {
    const { application, a, b, c } = three();
    a.connectTo(b.endpoint('http'));
    b.connectTo(c.endpoint('own'));
    const facts = view(application);
    must.equal([facts.reaches('a', 'c', 7000), facts.reaches('c', 'a', 7000)], [false, false]);
  },
  'a connection opens no other port': (view, must) => {
    const { application, a, b } = three();
    a.connectTo(b.endpoint('http'));
    must.equal(view(application).reaches('a', 'b', 9090), false);
    must.equal(view(application).reaches('a', 'b', 8080, Protocol.UDP), false);
  },
  'a connection does not open the way back': (view, must) => {
    const { application, a, b } = three();
    a.connectTo(b.endpoint('http'));
    must.equal(view(application).reaches('b', 'a', 7000), false);
  },
  'only who has a connection to an external endpoint gets out': (view, must) => {
    const { application, a } = three();
    a.connectTo(Endpoint.external('192.0.2.1', 443), { prefix: 'OUTSIDE' });
    const facts = view(application);
    must.equal([facts.reachesExternal('a', '192.0.2.1', 443), facts.reachesExternal('c', '192.0.2.1', 443)], [true, false]);
  },
  'a connection to an external endpoint opens that address and port alone': (view, must) => {
    const { application, a } = three();
    a.connectTo(Endpoint.external('db.example.com', 5432, { addresses: ['203.0.113.0/24'] }));
    const facts = view(application);
    must.equal([facts.reachesExternal('a', '203.0.113.7', 5432), facts.reachesExternal('a', '192.0.2.1', 5432), facts.reachesExternal('a', '203.0.113.7', 22)], [true, false, false]);
  },
  'one name stands for all replicas': (view, must) => {
    const { application, a, b } = three({ replicas: 3 });
    a.connectTo(b.endpoint('http'));
    must.equal(view(application).resolves('a', 'b').length, 3);
  },
  'another name stands for the address of each replica, where somebody connects to it': (view, must) => {
    const { application, a, b } = three({ replicas: 3 });
    a.connectTo(b.replicasEndpoint('http'));
    const facts = view(application);
    must.equal(facts.container('a').env.B_HTTP_HOST, b.replicasName);
    must.equal(facts.resolves('a', b.replicasName).length, 3);
    must.equal(facts.reaches('a', 'b', 8080), true);
    const other = three({ replicas: 3 });
    other.a.connectTo(other.b.endpoint('http'));
    must.equal(view(other.application).resolves('a', b.replicasName), []);
  },
  'each member of a stable workload has names of its own': (view, must) => {
    const { application, a, b } = three({ replicas: 3, stable: true });
    a.connectTo(b.memberEndpoint(1, 'http'));
    const facts = view(application);
    must.equal(facts.container('a').env.B_HTTP_URL, 'http://b-1.b:8080');
    must.equal(facts.resolves('a', 'b-1.b'), ['b-1']);
    must.equal(facts.resolves('a', 'b-1'), ['b-1']);
    must.equal(facts.resolves('a', 'b'), ['b-0', 'b-1', 'b-2']);
  },
  'members of one workload do not reach each other': (view, must) => {
    const { application, a, b } = three({ replicas: 3, stable: true });
    a.connectTo(b.endpoint('http'));
    b.connectTo(Endpoint.external('192.0.2.1', 443), { prefix: 'OUTSIDE' });
    must.equal(view(application).reaches('b', 'b', 8080), false);
  },
  'members of a cluster reach each other on every port, under names of their own, and nobody else reaches them': (view, must) => {
    const { application, a, b } = three({ replicas: 3, stable: true, clustered: true });
    a.connectTo(b.endpoint('http'));
    const facts = view(application);
    must.equal([facts.reaches('b', 'b', 7001), facts.reaches('b', 'b', 53, Protocol.UDP)], [true, true]);
    must.equal([0, 1, 2].flatMap(ordinal => facts.resolves('b', `b-${ordinal}`)), ['b-0', 'b-1', 'b-2']);
    must.equal([facts.reaches('a', 'a', 7000), facts.reaches('c', 'b', 8080)], [false, false]);
  },
  'the containers of a pair reach each other on localhost': (view, must) => {
    const { application, c } = three();
    const pair = new SidecarPair(application, 'pair', {
      main: { image: IMAGE, ports: [{ name: 'app', number: 81 }] }, sidecar: { image: IMAGE, ports: [{ name: 'proxy', number: 82 }] },
    });
    pair.sidecar.connectTo(pair.main.localEndpoint(), { prefix: 'APP' });
    c.connectTo(pair.endpoint('proxy'));
    const facts = view(application);
    must.equal(facts.sharesAddress('pair', 'main', 'sidecar'), true);
    must.equal(facts.container('pair', 'sidecar').env.APP_HOST, 'localhost');
    must.equal(facts.reaches('c', 'pair', 82), true);
    must.equal(facts.resolves('c', 'pair').length, 1);
  },
  'each replica of a pair is a pair of its own': (view, must) => {
    const { application, c } = three();
    const pair = new SidecarPair(application, 'pair', { main: { image: IMAGE, ports: [{ name: 'app', number: 81 }] }, sidecar: { image: IMAGE }, replicas: 2, sharedDirectory: '/shared' });
    c.connectTo(pair.endpoint());
    const facts = view(application);
    must.equal(facts.resolves('c', 'pair').length, 2);
    const [first, second] = [0, 1].map(replica => ['main', 'sidecar'].map(container => facts.container('pair', container, replica).mounts['/shared'].storage));
    must.equal(first[0], first[1]);
    must.equal(second[0], second[1]);
    must.true(first[0] !== second[0], `both replicas have ${first[0]}`);
  },
};
