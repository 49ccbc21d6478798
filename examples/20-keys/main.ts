import { Application, ComposeProject, KeyAccess, KubernetesChart, Redis, Topology, Workload } from 'cdk8s-conduit';
import { App } from 'cdk8s';

const polls = new Application('polls');
const programs = { image: 'polls/programs:1.0.0', buildContext: { directory: `${__dirname}/programs` } };

const store = new Redis(polls, 'store');
const cache = new Redis(polls, 'cache', { cache: true });

const ballot = new Workload(polls, 'ballot', { ...programs, args: ['python', '-u', 'ballot.py'], ports: [{ name: 'http', number: 8080 }] });
store.grantUse(ballot, { keys: 'votes:*', access: KeyAccess.READ_WRITE });
cache.grantUse(ballot, { keys: '*', access: KeyAccess.READ_WRITE });
ballot.publish();

const result = new Workload(polls, 'result', { ...programs, args: ['python', '-u', 'result.py'] });
store.grantUse(result, { keys: 'votes:*', access: KeyAccess.READ });

const app = new App();
new KubernetesChart(app, 'polls', { application: polls });
const project = new ComposeProject(polls);
const topology = new Topology(polls);

app.synth();
project.save();
topology.save();
