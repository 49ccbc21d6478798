import { Application, BrokeredTopic, ComposeProject, KubernetesChart, RabbitMq, Topology, Workload } from 'cdk8s-conduit';
import { App } from 'cdk8s';

const weather = new Application('weather');
const programs = { image: 'weather/programs:1.0.0', buildContext: { directory: `${__dirname}/programs` } };

const broker = new RabbitMq(weather, 'broker');
const readings = new BrokeredTopic(weather, 'readings', { broker });

const station = new Workload(weather, 'station', { ...programs, args: ['python', '-u', 'station.py'] });
readings.grantPublish(station);

// everything, shared by two copies of one program
const archive = new Workload(weather, 'archive', { ...programs, args: ['python', '-u', 'subscriber.py'], replicas: 2 });
readings.subscribe(archive, { prefetch: 10 });

// temperatures alone
const heating = new Workload(weather, 'heating', { ...programs, args: ['python', '-u', 'subscriber.py'] });
readings.subscribe(heating, { filter: 'temperature.#' });

const app = new App();
new KubernetesChart(app, 'weather', { application: weather });
const project = new ComposeProject(weather);
const topology = new Topology(weather);

app.synth();
project.save();
topology.save();
