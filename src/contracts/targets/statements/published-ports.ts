import { Statements, three } from './programs';
import { Endpoint, Protocol } from '../../../model/endpoint';
import { Exposure } from '../../../model/exposure';
import { LoadBalancer } from '../../../model/load-balancer';

const OTHER_MACHINE = '198.51.100.7';

/** Published port: who comes in from outside. */
export const publishedPortStatements: Statements = {
  'nobody comes in where nothing is published': (view, must) => {
    const { application, a, b } = three();
    a.connectTo(b.endpoint('http'));
    must.equal(view(application).reachedFrom(OTHER_MACHINE, 'b', 8080), false);
  },
  'a port published to everyone is reached from other machines, and no other port': (view, must) => {
    const { application, b } = three();
    b.publish({ portName: 'http', exposure: Exposure.everyoneOnTheInternet(), hostPort: 80 });
    b.publish({ portName: 'dns', exposure: Exposure.everyoneOnTheInternet() });
    const facts = view(application);
    must.equal([facts.reachedFrom(OTHER_MACHINE, 'b', 80), facts.reachedFrom(OTHER_MACHINE, 'b', 53, Protocol.UDP)], [true, true]);
    must.equal([facts.reachedFrom(OTHER_MACHINE, 'b', 8080), facts.reachedFrom(OTHER_MACHINE, 'b', 9090), facts.reachedFrom(OTHER_MACHINE, 'b', 53)], [false, false, false]);
  },
  'a port published to this machine is not reached from other machines': (view, must) => {
    const { application, b } = three();
    b.publish({ portName: 'http' });
    must.equal(view(application).reachedFrom(OTHER_MACHINE, 'b', 8080), false);
  },
  'only the stated sources reach a port': (view, must) => {
    const { application, b } = three();
    b.publish({ portName: 'http', exposure: Exposure.sources(['192.0.2.0/24']) });
    b.publish({ portName: 'metrics', exposure: Exposure.sources(['203.0.113.0/24']) });
    const facts = view(application);
    const reached = ['192.0.2.9', '203.0.113.9', OTHER_MACHINE].map(address => [facts.reachedFrom(address, 'b', 8080), facts.reachedFrom(address, 'b', 9090)]);
    must.equal(reached, [[true, false], [false, true], [false, false]]);
  },
  'each member has a way in of its own where clients choose among them': (view, must) => {
    const { application, b } = three({ replicas: 3, stable: true });
    b.publish({ portName: 'http', eachMember: true, hostPort: 80, exposure: Exposure.everyoneOnTheInternet() });
    b.publish({ portName: 'metrics', eachMember: true, exposure: Exposure.sources(['192.0.2.0/24']) });
    const facts = view(application);
    for (const [first, address, open] of [[80, OTHER_MACHINE, true], [9090, '192.0.2.9', true], [9090, OTHER_MACHINE, false]] as const) {
      const reached = [0, 1, 2].map(port => [0, 1, 2].map(member => facts.reachedFrom(address, `b-${member}`, first + port)));
      must.equal(reached, [0, 1, 2].map(port => [0, 1, 2].map(member => open && member === port)));
    }
  },
  'replicas behind a load balancer are reached at its ports, and at no other': (view, must) => {
    const { application, a, b } = three({ replicas: 3 });
    const balancer = new LoadBalancer(application, 'entry', { exposure: Exposure.everyoneOnTheInternet() });
    b.publish({ portName: 'http', balancer, hostPort: 80, proxyProtocolPort: 'metrics' });
    a.publish({ balancer, hostPort: 81 });
    const facts = view(application);
    must.equal([facts.reachedFrom(OTHER_MACHINE, 'b', 80), facts.reachedFrom(OTHER_MACHINE, 'a', 81)], [true, true]);
    must.equal([facts.reachedFrom(OTHER_MACHINE, 'b', 81), facts.reachedFrom(OTHER_MACHINE, 'b', 9090), facts.reachedFrom(OTHER_MACHINE, 'c', 80)], [false, false, false]);
    must.equal([facts.replicas('b'), facts.reaches('a', 'b', 8080), facts.reachesExternal('b', OTHER_MACHINE, 443)], [3, false, false]);
  },
  'only the stated sources come through a load balancer': (view, must) => {
    const { application, b } = three({ replicas: 3 });
    b.publish({ portName: 'http', balancer: new LoadBalancer(application, 'entry', { exposure: Exposure.sources(['192.0.2.0/24']) }) });
    const facts = view(application);
    must.equal([facts.reachedFrom('192.0.2.9', 'b', 8080), facts.reachedFrom(OTHER_MACHINE, 'b', 8080)], [true, false]);
  },
  'publishing opens no way out, and none between workloads': (view, must) => {
    const { application, b } = three();
    b.publish({ portName: 'http', exposure: Exposure.everyoneOnTheInternet() });
    const facts = view(application);
    must.equal(facts.reachesExternal('b', OTHER_MACHINE, 443), false);
    must.equal([facts.reaches('a', 'b', 8080), facts.reaches('b', 'a', 7000)], [false, false]);
  },
  'who has a way out and a published port keeps both': (view, must) => {
    const { application, b, a } = three();
    b.connectTo(Endpoint.external(OTHER_MACHINE, 443), { prefix: 'OUTSIDE' });
    b.publish({ portName: 'http', exposure: Exposure.everyoneOnTheInternet() });
    a.connectTo(b.endpoint('http'));
    const facts = view(application);
    must.equal([facts.reachesExternal('b', OTHER_MACHINE, 443), facts.reachedFrom(OTHER_MACHINE, 'b', 8080), facts.reaches('a', 'b', 8080)], [true, true, true]);
  },
  'the program is told the address that its clients know': (view, must) => {
    const { application, b } = three();
    b.publish({ portName: 'http', hostPort: 80, publicHost: 'shop.example.com', publicPort: 443, prefix: 'PUBLIC' });
    must.equal(view(application).container('b').env, { PUBLIC_HOST: 'shop.example.com', PUBLIC_PORT: '443', PUBLIC_URL: 'http://shop.example.com:443' });
  },
};
