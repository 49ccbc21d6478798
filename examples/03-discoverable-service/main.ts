import { Application, ComposeProject, ConfigFile, DiscoverableService, HealthCheck, KubernetesChart, Topology, Workload } from 'cdk8s-conduit';
import { readFileSync } from 'fs';
import { App } from 'cdk8s';

const directory = new Application('directory');
const program = (name: string) => readFileSync(`${__dirname}/programs/${name}`, 'utf8');

const server = new DiscoverableService(directory, 'server', {
  image: 'python:3.13-slim',
  args: ['python', '-u', '/app/server.py'],
  port: 8080,
  replicas: 3,
  health: HealthCheck.http(8080, '/'),
});
server.workload.main.mountConfigFile(new ConfigFile(directory, 'serving', { path: '/app/server.py', content: program('server.py') }));

const client = new Workload(directory, 'client', { image: 'python:3.13-slim', args: ['python', '-u', '/app/client.py'] });
client.main.mountConfigFile(new ConfigFile(directory, 'asking', { path: '/app/client.py', content: program('client.py') }));
client.connectTo(server.endpoint());

const app = new App();
new KubernetesChart(app, 'directory', { application: directory });
const project = new ComposeProject(directory);
const topology = new Topology(directory);

app.synth();
project.save();
topology.save();
