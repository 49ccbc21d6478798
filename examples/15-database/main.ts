import { Application, ComposeProject, DatabaseAccess, KubernetesChart, PostgreSql, Topology, Workload } from 'cdk8s-conduit';
import { App } from 'cdk8s';

const bicycles = new Application('bicycles');
const programs = { image: 'bicycles/programs:1.0.0', buildContext: { directory: `${__dirname}/programs` } };

const db = new PostgreSql(bicycles, 'db');

const api = new Workload(bicycles, 'api', { ...programs, args: ['python', '-u', 'api.py'], ports: [{ name: 'http', number: 8080 }] });
db.grantUse(api, { database: 'orders', access: DatabaseAccess.OWN });
api.publish();

const report = new Workload(bicycles, 'report', { ...programs, args: ['python', '-u', 'report.py'] });
db.grantUse(report, { database: 'orders', access: DatabaseAccess.READ });

const app = new App();
new KubernetesChart(app, 'bicycles', { application: bicycles });
const project = new ComposeProject(bicycles);
const topology = new Topology(bicycles);

app.synth();
project.save();
topology.save();
