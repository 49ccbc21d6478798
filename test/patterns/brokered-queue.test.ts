import {
  Application, BrokeredQueue, BrokeredQueueProps, IBroker, Overflow, QueuePrincipal, QueueRight, QueueSpec, RabbitMq, SidecarPair, SupportLevel, Workload,
} from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { Both } from '../targets/both';

const IMAGE = 'registry.example/acme/app:1.0';

let shop: Application;
let broker: RabbitMq;
beforeEach(() => {
  shop = new Application('shop');
  broker = new RabbitMq(shop, 'broker');
});
const queue = (props: Partial<BrokeredQueueProps> = {}) => new BrokeredQueue(shop, 'taskQueue', { broker, ...props });
const workload = (id: string) => new Workload(shop, id, { image: IMAGE });

test('a sender is told where to send, in the same words on both targets', () => {
  queue().grantSend(workload('client'));
  const both = new Both(shop);
  const env = {
    TASK_QUEUE_HOST: 'broker',
    TASK_QUEUE_PORT: '5672',
    TASK_QUEUE_URL: 'amqp://broker:5672',
    TASK_QUEUE_USER: 'task-queue-client-send',
    TASK_QUEUE_PASSWORD_FILE: '/run/secrets/task-queue-client-send',
    TASK_QUEUE_QUEUE: 'task-queue',
    TASK_QUEUE_EXCHANGE: 'task-queue',
    TASK_QUEUE_ROUTING_KEY: 'task-queue',
  };
  expect(both.env('client')).toEqual({ kubernetes: env, compose: env });
});

test('a receiver is told from where, and how many at a time', () => {
  queue().grantReceive(workload('worker'), { prefetch: 10, prefix: 'WORK' });
  const both = new Both(shop);
  const env = {
    WORK_HOST: 'broker',
    WORK_PORT: '5672',
    WORK_URL: 'amqp://broker:5672',
    WORK_USER: 'task-queue-worker-receive',
    WORK_PASSWORD_FILE: '/run/secrets/task-queue-worker-receive',
    WORK_QUEUE: 'task-queue',
    WORK_PREFETCH: '10',
  };
  expect(both.env('worker')).toEqual({ kubernetes: env, compose: env });
});

test('a receiver of dead letters has a user and variables of its own', () => {
  const tasks = queue();
  const worker = workload('worker');
  tasks.grantReceive(worker);
  tasks.grantReceiveDeadLetters(worker);
  expect(tasks.deadLetterQueueName).toBe('task-queue.dead');
  expect(worker.main.env).toMatchObject({
    TASK_QUEUE_USER: { text: 'task-queue-worker-receive' },
    TASK_QUEUE_DEAD_USER: { text: 'task-queue-worker-receive-dead' },
    TASK_QUEUE_DEAD_QUEUE: { text: 'task-queue.dead' },
    TASK_QUEUE_DEAD_PREFETCH: { text: '1' },
  });
});

test('each grant makes one secret, which only the client and the broker see', () => {
  const tasks = queue();
  tasks.grantSend(workload('client'));
  tasks.grantReceive(workload('worker'));
  const both = new Both(shop);
  const names = ['task-queue-client-send', 'task-queue-worker-receive'];
  expect(both.service('client').secrets).toEqual([names[0]]);
  expect(both.service('worker').secrets).toEqual([names[1]]);
  expect(both.service('broker-0').secrets).toEqual(names);
  const sources = (name: string) => both.pod(name).volumes.flatMap((volume: any) => volume.projected?.sources ?? []);
  const source = (name: string) => ({ secret: { name, items: [{ key: 'password', path: name }] } });
  expect([sources('client'), sources('worker'), sources('broker')]).toEqual([[source(names[0])], [source(names[1])], names.map(source)]);
});

test('a grant opens the network and orders the start', () => {
  queue().grantReceive(workload('worker'));
  const both = new Both(shop);
  expect(both.find('NetworkPolicy', 'worker').spec.egress[0]).toEqual({
    to: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'broker', 'app.kubernetes.io/instance': 'shop' } } }],
    ports: [{ port: 5672, protocol: 'TCP' }],
  });
  expect(both.container('worker', 'conduit-wait').command.slice(4)).toEqual(['broker-0:5672', 'broker:5672']);
  expect(both.service('worker')).toMatchObject({ networks: { broker_worker: null }, depends_on: { 'broker-0': { condition: 'service_healthy' } } });
});

test('a container beside the main one can be a client of its own', () => {
  const pair = new SidecarPair(shop, 'web', { main: { image: IMAGE }, sidecar: { image: IMAGE } });
  const tasks = queue();
  tasks.grantSend(pair);
  tasks.grantSend(pair.sidecar);
  expect(pair.main.env.TASK_QUEUE_USER.text).toBe('task-queue-web-send');
  expect(pair.sidecar.env.TASK_QUEUE_USER.text).toBe('task-queue-web-sidecar-send');
});

test('one client may use several queues, and send to and receive from one', () => {
  const worker = workload('worker');
  const tasks = queue();
  tasks.grantReceive(worker);
  tasks.grantSend(worker, { prefix: 'RETRY' });
  new BrokeredQueue(shop, 'results', { broker }).grantSend(worker);
  const both = new Both(shop);
  const { kubernetes, compose } = both.env('worker');
  expect(kubernetes).toEqual(compose);
  expect(kubernetes).toMatchObject({ TASK_QUEUE_USER: 'task-queue-worker-receive', RETRY_USER: 'task-queue-worker-send', RESULTS_USER: 'results-worker-send' });
  expect(both.find('NetworkPolicy', 'worker').spec.egress).toHaveLength(2); // the broker and DNS
});

/** Writes down what it is asked for. */
class RecordingBroker implements IBroker {
  public readonly product = 'the bus';
  public readonly queues: QueueSpec[] = [];
  public readonly principals: QueuePrincipal[] = [];
  public constructor(public readonly endpoint = new Workload(shop, 'bus', { image: IMAGE, ports: [{ name: 'bus', number: 1 }] }).endpoint()) {}
  public support() { return { level: SupportLevel.NATIVE, how: 'somehow' }; }
  public declareQueue(spec: QueueSpec) { this.queues.push(spec); }
  public declareTopic() {}
  public declareStream() {}
  public grantQueue(principal: QueuePrincipal) { this.principals.push(principal); return { variables: { SUBJECT: 'x' } }; }
  public grantTopic() { return { variables: {} }; }
  public grantStream() { return { variables: {} }; }
  public permits() { return true; }
}

test('a broker is told everything about a queue', () => {
  const recorder = new RecordingBroker();
  new BrokeredQueue(shop, 'plain', { broker: recorder });
  new BrokeredQueue(shop, 'Special', {
    broker: recorder,
    queueName: 'My.Queue',
    deliveryLimit: 3,
    deadLetters: false,
    messageTtl: Duration.minutes(1),
    maxLength: 10,
    maxSize: Size.mebibytes(1),
    overflow: Overflow.DROP_OLDEST,
    maxPriority: 9,
    delays: [Duration.minutes(1), Duration.seconds(1), Duration.seconds(60)],
    retry: { initial: Duration.seconds(1), maximum: Duration.seconds(9) },
    acknowledgementTimeout: Duration.minutes(2),
    singleActiveConsumer: true,
    deduplicationWindow: Duration.seconds(5),
    replicas: 3,
  });
  expect(recorder.queues).toEqual([
    {
      path: 'shop/plain',
      queueName: 'plain',
      deadLetterQueueName: 'plain.dead',
      expiredToDeadLetters: true,
      deliveryLimit: 5,
      overflow: 'reject-new',
      delays: [],
      singleActiveConsumer: false,
    },
    {
      path: 'shop/Special',
      queueName: 'My.Queue',
      expiredToDeadLetters: false,
      deliveryLimit: 3,
      messageTtl: 60_000,
      maxLength: 10,
      maxSize: 1_048_576,
      overflow: 'drop-oldest',
      maxPriority: 9,
      delays: [1_000, 60_000],
      retryDelay: 1_000,
      maxRetryDelay: 9_000,
      acknowledgementTimeout: 120_000,
      singleActiveConsumer: true,
      deduplicationWindow: 5_000,
      replicas: 3,
    },
  ]);
});

test('a broker is told who may do what', () => {
  const recorder = new RecordingBroker();
  const tasks = new BrokeredQueue(shop, 'tasks', { broker: recorder });
  const client = workload('client');
  tasks.grantSend(client, { declares: true });
  tasks.grantReceiveDeadLetters(workload('doctor'));
  const told = recorder.principals.map(({ userName, password, client: who, queue: { queueName }, right, declares }) =>
    [userName, password.name, who.toClient().clientName, queueName, right, declares]);
  expect(told).toEqual([
    ['tasks-client-send', 'tasks-client-send', 'client', 'tasks', QueueRight.SEND, true],
    ['tasks-doctor-receive-dead', 'tasks-doctor-receive-dead', 'doctor', 'tasks', QueueRight.RECEIVE_DEAD_LETTERS, false],
  ]);
  expect(client.main.env.TASKS_SUBJECT.text).toBe('x'); // what only this kind of broker needs to say
});
