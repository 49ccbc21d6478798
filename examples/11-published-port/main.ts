import { Application, ComposeProject, ConfigFile, DiscoverableService, HealthCheck, KubernetesChart, Topology } from 'cdk8s-conduit';
import { readFileSync } from 'fs';
import { App } from 'cdk8s';

const guestbook = new Application('guestbook');
const program = (name: string) => readFileSync(`${__dirname}/programs/${name}`, 'utf8');

const counter = new DiscoverableService(guestbook, 'counter', { image: 'python:3.13-slim', args: ['python', '-u', '/app/counter.py'], port: 9000 });
counter.workload.main.mountConfigFile(new ConfigFile(guestbook, 'counting', { path: '/app/counter.py', content: program('counter.py') }));

const web = new DiscoverableService(guestbook, 'web', {
  image: 'python:3.13-slim',
  args: ['python', '-u', '/app/web.py'],
  port: 8080,
  health: HealthCheck.http(8080, '/health'),
});
web.workload.main.mountConfigFile(new ConfigFile(guestbook, 'greeting', { path: '/app/web.py', content: program('web.py') }));
web.connectTo(counter.endpoint());
web.publish();

const app = new App();
const chart = new KubernetesChart(app, 'guestbook', { application: guestbook });
const project = new ComposeProject(guestbook);
const topology = new Topology(guestbook);

app.synth();
project.save();
topology.save();

for (const { name, url } of project.exposed) console.log(`${name}: ${url}`);
for (const { name, command } of chart.exposed) console.log(`${name} on a cluster: ${command}`);
