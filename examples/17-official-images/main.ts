import { Application, ComposeProject, ConfigFile, EnvValue, KubernetesChart, Secret, Topology, Volume, Workload } from 'cdk8s-conduit';
import { App } from 'cdk8s';

const site = new Application('site');

const cache = new Workload(site, 'cache', { image: 'redis:8.0-alpine' });

const password = new Secret(site, 'db-password');
const db = new Workload(site, 'db', { image: 'postgres:18.6', stable: true, env: { POSTGRES_PASSWORD_FILE: EnvValue.secretFile(password) } });
db.main.mountVolume(new Volume(site, 'db-data', { perMember: true }), '/var/lib/postgresql');

const web = new Workload(site, 'web', { image: 'nginx:1.30.6' });
web.main.mountConfigFile(new ConfigFile(site, 'page', { path: '/usr/share/nginx/html/index.html', content: '<h1>It runs</h1>\n' }));
web.connectTo(cache.endpoint());
web.connectTo(db.endpoint());
web.publish({ hostPort: 8080 });

const app = new App();
const chart = new KubernetesChart(app, 'site', { application: site });
const project = new ComposeProject(site);
const topology = new Topology(site);

app.synth();
project.save();
topology.save();

for (const { name, url } of project.exposed) console.log(`${name}: ${url}`);
for (const { name, command } of chart.exposed) console.log(`${name} on a cluster: ${command}`);
