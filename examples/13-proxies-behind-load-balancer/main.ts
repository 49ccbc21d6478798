import { Application, ComposeProject, ConfigFile, DiscoverableService, Exposure, KubernetesChart, LoadBalancer, Nginx, ReverseProxy, Topology } from 'cdk8s-conduit';
import { readFileSync } from 'fs';
import { App } from 'cdk8s';

const shop = new Application('shop');

const answer = new ConfigFile(shop, 'answer-program', { path: '/app/answer.py', content: readFileSync(`${__dirname}/programs/answer.py`, 'utf8') });
const app = new DiscoverableService(shop, 'app', { image: 'python:3.13-slim', args: ['python', '-u', '/app/answer.py'], port: 8000, replicas: 2 });
app.workload.main.mountConfigFile(answer);

// one entry, and three proxies behind it, of which any may end
const entry = new LoadBalancer(shop, 'entry', { exposure: Exposure.everyoneOnTheInternet() });
const edge = new ReverseProxy(shop, 'edge', { engine: new Nginx(), replicas: 3, balancer: entry, httpPort: 8093 });
edge.route({ to: [app.endpoint()] });
edge.route({ path: '/few', to: [app.endpoint()], rateLimit: { requestsPerSecond: 1, burst: 0 } });

const synthesis = new App();
const chart = new KubernetesChart(synthesis, 'shop', { application: shop });
const project = new ComposeProject(shop);
const topology = new Topology(shop);

synthesis.synth();
project.save();
topology.save();

for (const { url } of project.exposed) console.log(`edge: ${url}`);
for (const { command } of chart.exposed) console.log(`edge on a cluster: ${command}`);
