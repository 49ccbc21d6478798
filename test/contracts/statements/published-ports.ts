import { Endpoint, Exposure } from 'cdk8s-conduit';
import type { Statements } from '../lowering.contract';
import { three } from './programs';

const ELSEWHERE = '198.51.100.7';

/** Published port: who comes in from outside. */
export const publishedPortStatements: Statements = {
  'nobody comes in where nothing is published': synth => {
    const { application, a, b } = three();
    a.connectTo(b.endpoint('http'));
    expect(synth(application).reachedFrom(ELSEWHERE, 'b', 8080)).toBe(false);
  },
  'a port published to everyone is reached from elsewhere, and no other port': synth => {
    const { application, b } = three();
    b.publish({ portName: 'http', exposure: Exposure.everyoneOnTheInternet(), hostPort: 80 });
    b.publish({ portName: 'dns', exposure: Exposure.everyoneOnTheInternet() });
    const facts = synth(application);
    expect([facts.reachedFrom(ELSEWHERE, 'b', 80), facts.reachedFrom(ELSEWHERE, 'b', 53, 'UDP')]).toEqual([true, true]);
    expect([facts.reachedFrom(ELSEWHERE, 'b', 8080), facts.reachedFrom(ELSEWHERE, 'b', 9090), facts.reachedFrom(ELSEWHERE, 'b', 53)]).toEqual([false, false, false]);
  },
  'a port published to this machine is not reached from elsewhere': synth => {
    const { application, b } = three();
    b.publish({ portName: 'http' });
    expect(synth(application).reachedFrom(ELSEWHERE, 'b', 8080)).toBe(false);
  },
  'only the stated sources reach a port': synth => {
    const { application, b } = three();
    b.publish({ portName: 'http', exposure: Exposure.sources(['192.0.2.0/24']) });
    b.publish({ portName: 'metrics', exposure: Exposure.sources(['203.0.113.0/24']) });
    const facts = synth(application);
    expect(['192.0.2.9', '203.0.113.9', ELSEWHERE].map(address => [facts.reachedFrom(address, 'b', 8080), facts.reachedFrom(address, 'b', 9090)]))
      .toEqual([[true, false], [false, true], [false, false]]);
  },
  'publishing opens no way out, and none between workloads': synth => {
    const { application, b } = three();
    b.publish({ portName: 'http', exposure: Exposure.everyoneOnTheInternet() });
    const facts = synth(application);
    expect(facts.reachesOutside('b', ELSEWHERE, 443)).toBe(false);
    expect([facts.reaches('a', 'b', 8080), facts.reaches('b', 'a', 7000)]).toEqual([false, false]);
  },
  'who has a way out and a published port keeps both': synth => {
    const { application, b, a } = three();
    b.connectTo(Endpoint.outside(ELSEWHERE, 443), { prefix: 'OUTSIDE' });
    b.publish({ portName: 'http', exposure: Exposure.everyoneOnTheInternet() });
    a.connectTo(b.endpoint('http'));
    const facts = synth(application);
    expect([facts.reachesOutside('b', ELSEWHERE, 443), facts.reachedFrom(ELSEWHERE, 'b', 8080), facts.reaches('a', 'b', 8080)]).toEqual([true, true, true]);
  },
  'the program is told the address that its clients know': synth => {
    const { application, b } = three();
    b.publish({ portName: 'http', hostPort: 80, publicHost: 'shop.example.com', publicPort: 443, prefix: 'PUBLIC' });
    expect(synth(application).container('b').env).toEqual({ PUBLIC_HOST: 'shop.example.com', PUBLIC_PORT: '443', PUBLIC_URL: 'http://shop.example.com:443' });
  },
};
