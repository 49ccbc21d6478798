import { Application, ComposeProject, ConfigFile, DiscoverableService, EnvValue, KubernetesChart, Nginx, ReverseProxy, Secret, Topology, Workload } from 'cdk8s-conduit';
import { readFileSync } from 'fs';
import { App } from 'cdk8s';

const shop = new Application('shop');
const program = (name: string) => new ConfigFile(shop, `${name}-program`, { path: `/app/${name}.py`, content: readFileSync(`${__dirname}/programs/${name}.py`, 'utf8') });

const answer = program('answer');
const service = (id: string, replicas: number) => {
  const made = new DiscoverableService(shop, id, { image: 'python:3.13-slim', args: ['python', '-u', '/app/answer.py'], port: 8000, replicas });
  made.workload.main.mountConfigFile(answer);
  return made;
};
const frontend = service('frontend', 2);
const api = service('api', 3);

const edge = new ReverseProxy(shop, 'edge', { engine: new Nginx(), tls: {} });
edge.route({ to: [frontend.endpoint()] });
edge.route({ path: '/api', to: [api.endpoint()], rewrite: '/', retries: 4 }); // of five replicas three may end at once
edge.route({ path: '/api/search', to: [api.endpoint()], rateLimit: { requestsPerSecond: 5, burst: 10 } });
edge.route({ path: '/admin', to: [api.endpoint()], basicAuthentication: { users: { admin: new Secret(edge, 'admin') } } });
edge.route({ path: '/internal', to: [api.endpoint()], sources: ['192.0.2.0/24'] });
edge.route({ path: '/shop', redirect: { to: '/' } });

// comes in by the front door, as customers do
const monitor = new Workload(shop, 'monitor', { image: 'python:3.13-slim', args: ['python', '-u', '/app/monitor.py'] });
monitor.main.mountConfigFile(program('monitor'));
monitor.connectTo(edge.endpoint(), { prefix: 'SHOP' });
monitor.connectTo(edge.endpoint('http'), { prefix: 'PLAIN' });
monitor.main.setEnv('SHOP_CA_FILE', EnvValue.secretFile(edge.certificate!.caCertificates));

const app = new App();
const chart = new KubernetesChart(app, 'shop', { application: shop });
const project = new ComposeProject(shop);
const topology = new Topology(shop);

app.synth();
project.save();
topology.save();

for (const { url } of project.exposed) console.log(`edge: ${url}`);
for (const { command } of chart.exposed) console.log(`edge on a cluster: ${command}`);
