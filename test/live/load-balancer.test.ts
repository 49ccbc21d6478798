import { Application, Exposure, HaProxy, LoadBalancer, ReverseProxy, Workload } from 'cdk8s-conduit';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeBalancer } from './proxies/load-balancer';

jest.setTimeout(300_000);

const ANSWER = readFileSync(join(__dirname, '../../examples/13-proxies-behind-load-balancer/programs/answer.py'), 'utf8');
const program = { image: 'python:3.13-slim', args: ['python', '-u', '-c', ANSWER], ports: [{ name: 'http', number: 8000 }] };

/** The shop of the example with proxies of another engine, and a workload that is no proxy of ours, beside them. */
function balancedShop(): Application {
  const shop = new Application('shop');
  const entry = new LoadBalancer(shop, 'entry', { exposure: Exposure.everyoneOnTheInternet() });
  const app = new Workload(shop, 'app', { ...program, replicas: 2 });
  const edge = new ReverseProxy(shop, 'edge', { engine: new HaProxy(), replicas: 3, balancer: entry, httpPort: 8094 });
  edge.route({ to: [app.endpoint()] });
  edge.route({ path: '/few', to: [app.endpoint()], rateLimit: { requestsPerSecond: 1, burst: 0 } });
  const plain = new LoadBalancer(shop, 'plain', { exposure: Exposure.everyoneOnTheInternet() });
  new Workload(shop, 'mirror', { ...program, replicas: 2 }).publish({ balancer: plain, hostPort: 8095 });
  return shop;
}

// test/live/proxies has the other engine
describeBalancer('HAProxy', engine => engine.application(balancedShop()), true);
