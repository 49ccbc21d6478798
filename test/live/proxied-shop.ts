import { Application, ConfigFile, DiscoverableService, EnvValue, IProxyEngine, ReverseProxy, Secret, Workload } from 'cdk8s-conduit';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PROGRAMS = join(__dirname, '../../examples/12-reverse-proxy-tls/programs');

/** The shop of examples/12-reverse-proxy-tls behind a proxy of another engine. */
export function proxiedShop(engine: IProxyEngine): Application {
  const shop = new Application('shop');
  const program = (name: string) => new ConfigFile(shop, `${name}-program`, { path: `/app/${name}.py`, content: readFileSync(join(PROGRAMS, `${name}.py`), 'utf8') });
  const answer = program('answer');
  const service = (id: string, replicas: number) => {
    const made = new DiscoverableService(shop, id, { image: 'python:3.13-slim', args: ['python', '-u', '/app/answer.py'], port: 8000, replicas });
    made.workload.main.mountConfigFile(answer);
    return made;
  };
  const [frontend, api] = [service('frontend', 2), service('api', 3)];
  const edge = new ReverseProxy(shop, 'edge', { engine, tls: {} });
  edge.route({ to: [frontend.endpoint()] });
  edge.route({ path: '/api', to: [api.endpoint()], rewrite: '/', retries: 4 }); // of five replicas three may end at once
  edge.route({ path: '/api/search', to: [api.endpoint()], rateLimit: { requestsPerSecond: 5, burst: 10 } });
  edge.route({ path: '/admin', to: [api.endpoint()], basicAuthentication: { users: { admin: new Secret(edge, 'admin') } } });
  edge.route({ path: '/internal', to: [api.endpoint()], sources: ['192.0.2.0/24'] });
  edge.route({ path: '/shop', redirect: { to: '/' } });
  const monitor = new Workload(shop, 'monitor', { image: 'python:3.13-slim', args: ['python', '-u', '/app/monitor.py'] });
  monitor.main.mountConfigFile(program('monitor'));
  monitor.connectTo(edge.endpoint(), { prefix: 'SHOP' });
  monitor.connectTo(edge.endpoint('http'), { prefix: 'PLAIN' });
  monitor.main.setEnv('SHOP_CA_FILE', EnvValue.secretFile(edge.certificate!.caCertificates));
  return shop;
}
