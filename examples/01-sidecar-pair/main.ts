import { Application, ComposeProject, ConfigFile, EnvValue, HealthCheck, KubernetesChart, SidecarPair, Topology, Workload } from 'cdk8s-conduit';
import { readFileSync } from 'fs';
import { App } from 'cdk8s';

const greeting = new Application('greeting');
const program = (name: string) => readFileSync(`${__dirname}/programs/${name}`, 'utf8');

const web = new SidecarPair(greeting, 'web', {
  main: {
    image: 'python:3.13-slim',
    args: ['python', '-u', '/app/greeter.py'],
    ports: [{ name: 'app', number: 8081, scheme: 'http' }],
    health: HealthCheck.http(8081, '/'),
  },
  sidecar: {
    image: 'nginxinc/nginx-unprivileged:1.26-alpine',
    uid: 101,
    gid: 101,
    ports: [{ name: 'http', number: 8080 }],
    writablePaths: ['/tmp'],
  },
  sharedDirectory: '/shared',
});
web.main.mountConfigFile(new ConfigFile(greeting, 'greeter', { path: '/app/greeter.py', content: program('greeter.py') }));
web.sidecar.mountConfigFile(new ConfigFile(greeting, 'proxy', { path: '/etc/nginx/conf.d/default.conf', content: program('proxy.conf') }));

const visitor = new Workload(greeting, 'visitor', {
  image: 'python:3.13-slim',
  args: ['python', '-u', '/app/visitor.py'],
  env: { PAUSE: EnvValue.literal('5') },
});
visitor.main.mountConfigFile(new ConfigFile(greeting, 'visits', { path: '/app/visitor.py', content: program('visitor.py') }));
visitor.connectTo(web.endpoint('http'), { prefix: 'WEB' });

const app = new App();
new KubernetesChart(app, 'greeting', { application: greeting });
const project = new ComposeProject(greeting);
const topology = new Topology(greeting);

app.synth();
project.save();
topology.save();
