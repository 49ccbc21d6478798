import { Application, BrokeredQueue, ComposeProject, KubernetesChart, RabbitMq, Topology, Workload } from 'cdk8s-conduit';
import { App, Duration } from 'cdk8s';

const helpdesk = new Application('helpdesk');
const programs = { image: 'helpdesk/programs:1.0.0', buildContext: { directory: `${__dirname}/programs` } };

const broker = new RabbitMq(helpdesk, 'broker');
const tickets = new BrokeredQueue(helpdesk, 'tickets', {
  broker,
  maxPriority: 9, // urgent tickets overtake others
  delays: [Duration.seconds(10)], // a reminder comes ten seconds later
  retry: { initial: Duration.seconds(2), maximum: Duration.seconds(10) }, // what failed is tried again, ever more slowly
  deliveryLimit: 3,
});

const desk = new Workload(helpdesk, 'desk', { ...programs, args: ['python', '-c', 'import signal; signal.pause()'] });
const agent = new Workload(helpdesk, 'agent', { ...programs, args: ['python', '-u', 'agent.py'] });
const supervisor = new Workload(helpdesk, 'supervisor', { ...programs, args: ['python', '-u', 'supervisor.py'] });

tickets.grantSend(desk);
tickets.grantReceive(agent);
tickets.grantReceiveDeadLetters(supervisor);

const app = new App();
new KubernetesChart(app, 'helpdesk', { application: helpdesk });
const project = new ComposeProject(helpdesk);
const topology = new Topology(helpdesk);

app.synth();
project.save();
topology.save();
