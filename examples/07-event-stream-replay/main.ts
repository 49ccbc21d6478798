import { Application, ComposeProject, EventStream, Kafka, KubernetesChart, StartFrom, Topology, Workload } from 'cdk8s-conduit';
import { App } from 'cdk8s';

const bank = new Application('bank');
const programs = { image: 'bank/programs:1.0.0', buildContext: { directory: `${__dirname}/programs` } };

const broker = new Kafka(bank, 'broker');
const bookings = new EventStream(bank, 'bookings', { broker, partitions: 3 });

const teller = new Workload(bank, 'teller', { ...programs, args: ['python', '-c', 'import signal; signal.pause()'] });
bookings.grantPublish(teller);

// adds up everything that ever happened
const balance = new Workload(bank, 'balance', { ...programs, args: ['python', '-u', 'balance.py'] });
bookings.grantRead(balance);

// wants to know of what happens from now on
const alarm = new Workload(bank, 'alarm', { ...programs, args: ['python', '-u', 'alarm.py'] });
bookings.grantRead(alarm, { startFrom: StartFrom.latest() });

const app = new App();
new KubernetesChart(app, 'bank', { application: bank });
const project = new ComposeProject(bank);
const topology = new Topology(bank);

app.synth();
project.save();
topology.save();
