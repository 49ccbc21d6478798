import { Application, BrokeredQueue, ComposeProject, KubernetesChart, RabbitMq, Task, Topology, Workload } from 'cdk8s-conduit';
import { App } from 'cdk8s';

const work = new Application('work');
const programs = { image: 'work-queue/programs:1.0.0', buildContext: { directory: `${__dirname}/programs` } };

const broker = new RabbitMq(work, 'broker');
const tasks = new BrokeredQueue(work, 'tasks', { broker, queueName: 'task_queue' });

// both programs declare the queue by themselves, as programs for RabbitMQ usually do
const client = new Task(work, 'client', { ...programs, args: ['python', '-u', 'client.py', 'a task that takes three seconds...'] });
tasks.grantSend(client, { declares: true });

const worker = new Workload(work, 'worker', { ...programs, args: ['python', '-u', 'worker.py'], replicas: 5 });
tasks.grantReceive(worker, { declares: true });

const app = new App();
new KubernetesChart(app, 'work', { application: work });
const project = new ComposeProject(work);
const topology = new Topology(work);

app.synth();
project.save();
topology.save();
