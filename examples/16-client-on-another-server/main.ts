import { Application, ComposeProject, KubernetesChart, Topology } from 'cdk8s-conduit';
import { App } from 'cdk8s';
import { lab } from './lab';

const application = lab(new Application('lab'), { publicHost: 'broker.example.com', offices: ['192.0.2.0/24'], benches: ['203.0.113.0/24'] });

const app = new App();
new KubernetesChart(app, 'lab', { application });
const project = new ComposeProject(application);
const topology = new Topology(application);

app.synth();
project.save();
topology.save();
