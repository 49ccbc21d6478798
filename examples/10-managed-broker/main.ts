import { Application, ComposeProject, KubernetesChart, Topology } from 'cdk8s-conduit';
import { App } from 'cdk8s';
import { postOffice } from './post-office';

// on a laptop the application runs its broker
const project = new ComposeProject(postOffice(new Application('post')));

// in production others run it, by this name and at these addresses, with a certificate that everybody trusts
const managed = postOffice(new Application('post'), { external: { host: 'rabbitmq.example.com', addresses: ['198.51.100.0/28'] } });
const app = new App();
new KubernetesChart(app, 'post', { application: managed });
const topology = new Topology(managed);

project.save();
app.synth();
topology.save();
