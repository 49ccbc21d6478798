import {
  Application, ComposeProject, ConfigFile, DiscoverableService, EnvValue, KubernetesChart, Seed, SharedVolume, Topology, Workload,
} from 'cdk8s-conduit';
import { readFileSync } from 'fs';
import { App } from 'cdk8s';

const archive = new Application('archive');
const program = (name: string) => readFileSync(`${__dirname}/programs/${name}`, 'utf8');

// log collector: each writer has a directory of its own, the collector reads them all
const logs = new SharedVolume(archive, 'logs', { directoryPerWriter: true });
const writing = new ConfigFile(archive, 'writing', { path: '/app/writer.sh', content: program('writer.sh') });
for (const name of ['orders', 'payments']) {
  const writer = new Workload(archive, name, {
    image: 'busybox:1.37.0-musl',
    args: ['sh', '/app/writer.sh'],
    env: { NAME: EnvValue.literal(name) },
  });
  writer.main.mountConfigFile(writing);
  logs.grantWrite(writer, '/var/log/app');
}
const collector = new Workload(archive, 'collector', { image: 'busybox:1.37.0-musl', args: ['sh', '/app/collector.sh'] });
collector.main.mountConfigFile(new ConfigFile(archive, 'collecting', { path: '/app/collector.sh', content: program('collector.sh') }));
logs.grantRead(collector, '/logs');

// static site: a builder writes it once, before the server starts
const site = new SharedVolume(archive, 'site', {
  seed: Seed.fromBuilder({
    image: 'busybox:1.37.0-musl',
    command: ['sh', '-c', 'mkdir -p /out/pages && echo "<h1>archive</h1>" > /out/index.html && echo "page" > /out/pages/one.html'],
  }, '/out'),
});
const web = new DiscoverableService(archive, 'web', {
  image: 'nginxinc/nginx-unprivileged:1.26-alpine', uid: 101, gid: 101, port: 8080, replicas: 2, writablePaths: ['/tmp'],
});
site.grantRead(web, '/usr/share/nginx/html');

const app = new App();
new KubernetesChart(app, 'archive', { application: archive });
const project = new ComposeProject(archive);
const topology = new Topology(archive);

app.synth();
project.save();
topology.save();
