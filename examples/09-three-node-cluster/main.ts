import { Application, BrokeredQueue, ComposeProject, KubernetesChart, Nats, Topology, Workload } from 'cdk8s-conduit';
import { App, Duration } from 'cdk8s';

const factory = new Application('factory');
const programs = { image: 'factory/programs:1.0.0', buildContext: { directory: `${__dirname}/programs` } };

// each message is on all three nodes; two of them are enough to go on
const broker = new Nats(factory, 'broker', { nodes: 3, tls: true });
const jobs = new BrokeredQueue(factory, 'jobs', { broker, acknowledgementTimeout: Duration.seconds(5) });

const office = new Workload(factory, 'office', { ...programs, args: ['python', '-c', 'import signal; signal.pause()'] });
const machine = new Workload(factory, 'machine', { ...programs, args: ['python', '-u', 'machine.py'], replicas: 2 });

jobs.grantSend(office);
jobs.grantReceive(machine);

const app = new App();
new KubernetesChart(app, 'factory', { application: factory });
const project = new ComposeProject(factory);
const topology = new Topology(factory);

app.synth();
project.save();
topology.save();
