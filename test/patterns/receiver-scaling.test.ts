import {
  Application, BrokeredQueue, BrokeredTopic, ChannelKind, ComposeProject, EventStream, FidelityLevel, IBroker, Kafka, Keda, KubernetesChart, MessageSemantic,
  Nats, RabbitMq, ReceiverScaling, Task, Workload, WorkloadProps,
} from 'cdk8s-conduit';
import { App, Duration } from 'cdk8s';
import { judgeTest, keda } from '../judges/judges';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';
const TEN: ReceiverScaling = { max: 6, targetBacklog: 10 };

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const worker = (props: Partial<WorkloadProps> = {}, id = 'worker') => new Workload(shop, id, { image: IMAGE, ...props });
const queue = (id = 'tasks', broker = new RabbitMq(shop, 'broker')) => new BrokeredQueue(shop, id, { broker });
const lower = (namespace?: string) => new Both(shop, { namespace, providers: [new Keda()] });
const both = () => lower('prod');
const scaledObject = (lowered: Both, name = 'worker') => lowered.find('ScaledObject', name).spec;

test('the replicas of a receiver follow its queue on Kubernetes, and are as many as it says in Compose', () => {
  queue().grantReceive(worker({ replicas: 2 }), { scaling: TEN });
  const lowered = both();
  expect(scaledObject(lowered)).toEqual({
    scaleTargetRef: { name: 'worker' },
    pollingInterval: 15,
    cooldownPeriod: 300,
    minReplicaCount: 2,
    maxReplicaCount: 6,
    advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: 300 } } } },
    triggers: [{
      type: 'rabbitmq',
      metadata: { protocol: 'amqp', host: 'amqp://broker.prod.svc.cluster.local:5672/', queueName: 'tasks', mode: 'QueueLength', value: '10' },
      authenticationRef: { name: 'tasks-worker-receive' },
    }],
  });
  expect(lowered.find('Deployment', 'worker').spec).not.toHaveProperty('replicas');
  expect(lowered.find('PodDisruptionBudget', 'worker').spec.maxUnavailable).toBe(1);
  expect(lowered.service('worker').deploy.replicas).toBe(2);
});

test('one replica that may become several is treated as several', () => {
  queue().grantReceive(worker(), { scaling: TEN });
  const lowered = both();
  expect(lowered.names('PodDisruptionBudget')).toEqual(['worker']);
  expect(lowered.pod('worker').topologySpreadConstraints).toHaveLength(1);
  expect(lowered.service('worker').deploy.replicas).toBeUndefined();
});

test('KEDA logs in as the receiver, so there is no other user', () => {
  queue().grantReceive(worker(), { scaling: TEN });
  const lowered = both();
  expect(lowered.find('TriggerAuthentication', 'tasks-worker-receive').spec).toEqual({
    configMapTargetRef: [{ parameter: 'username', name: 'conduit-scaling-tasks-worker-receive', key: 'username' }],
    secretTargetRef: [{ parameter: 'password', name: 'tasks-worker-receive', key: 'password' }],
  });
  expect(lowered.find('ConfigMap', 'conduit-scaling-tasks-worker-receive').data).toEqual({ username: 'tasks-worker-receive' });
  expect(lowered.compose.secrets).toEqual({ 'tasks-worker-receive': { file: '../../secrets/shop/tasks-worker-receive' } });
});

test('the authority of the broker is the authority of KEDA', () => {
  queue('tasks', new RabbitMq(shop, 'broker', { tls: true })).grantReceive(worker(), { scaling: TEN });
  const lowered = both();
  expect(scaledObject(lowered).triggers[0].metadata.host).toBe('amqps://broker.prod.svc.cluster.local:5671/');
  expect(lowered.find('TriggerAuthentication', 'tasks-worker-receive').spec).toEqual({
    configMapTargetRef: ['username', 'tls'].map(key => ({ parameter: key, name: 'conduit-scaling-tasks-worker-receive', key })),
    secretTargetRef: [{ parameter: 'password', name: 'tasks-worker-receive', key: 'password' }, { parameter: 'ca', name: 'broker-tls', key: 'ca.crt' }],
  });
  expect(lowered.find('ConfigMap', 'conduit-scaling-tasks-worker-receive').data.tls).toBe('enable');
});

test("only KEDA's operator is let in from its namespace, on the broker's one port", () => {
  const tasks = queue();
  tasks.grantReceive(worker(), { scaling: TEN });
  tasks.grantReceiveDeadLetters(worker({}, 'auditor'), { scaling: TEN });
  const chart = (namespace?: string) => new KubernetesChart(new App(), 'shop', { application: shop, namespace: 'prod', providers: [new Keda({ namespace })] });
  const rules = (objects: any[]) => objects.filter(({ kind }) => kind === 'NetworkPolicy').flatMap(({ metadata, spec }) => (spec.ingress ?? [])
    .filter((rule: any) => rule.from[0].namespaceSelector).map((rule: any) => ({ of: metadata.name, ...rule })));
  const rule = (namespace: string) => ({
    of: 'broker',
    from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } }, podSelector: { matchLabels: { app: 'keda-operator' } } }],
    ports: [{ port: 5672, protocol: 'TCP' }],
  });
  expect(rules(chart().toJson())).toEqual([rule('keda')]);
  expect(rules(chart('autoscaling').toJson())).toEqual([rule('autoscaling')]);
  expect(wholeProgram(() => chart('Auto Scaling'))).toThrow("Keda: 'namespace' must be at most 63 lower-case letters, digits and hyphens, got 'Auto Scaling'");
});

test('a receiver of several queues follows whichever asks for more, in the same order however it was told', () => {
  const build = (...ids: string[]) => {
    shop = new Application('shop');
    const broker = new RabbitMq(shop, 'broker');
    const receiver = worker();
    for (const id of ids) queue(id, broker).grantReceive(receiver, { scaling: { max: 6, targetBacklog: id.length } });
    return both();
  };
  const triggers = scaledObject(build('tasks', 'mails-in')).triggers;
  expect(triggers.map(({ metadata }: any) => [metadata.queueName, metadata.value])).toEqual([['mails-in', '8'], ['tasks', '5']]);
  expect(scaledObject(build('mails-in', 'tasks')).triggers).toEqual(triggers);
});

test('a target follows from how long a message may wait and how long one takes', () => {
  const scaling = { max: 6, acceptableLatency: Duration.seconds(60), processingTime: Duration.millis(700) };
  queue().grantReceive(worker(), { scaling });
  expect(scaledObject(both()).triggers[0].metadata.value).toBe('85');
});

test('a subscriber follows what waits for it, on every broker that tells', () => {
  new BrokeredTopic(shop, 'news', { broker: new RabbitMq(shop, 'broker') }).subscribe(worker(), { scaling: TEN });
  new BrokeredTopic(shop, 'log', { broker: new Kafka(shop, 'kafka'), messageTtl: Duration.days(1) })
    .subscribe(worker({}, 'archive'), { group: 'files', scaling: TEN, deadLetters: false, expiredToDeadLetters: false });
  const lowered = both();
  expect(scaledObject(lowered).triggers[0].metadata.queueName).toBe('news.worker');
  expect(scaledObject(lowered, 'archive').triggers).toEqual([{
    type: 'kafka',
    metadata: {
      bootstrapServers: 'kafka.prod.svc.cluster.local:9092',
      topic: 'log',
      consumerGroup: 'log.files',
      lagThreshold: '10',
      offsetResetPolicy: 'earliest',
      sasl: 'scram_sha512',
      version: '4.0.0',
    },
    authenticationRef: { name: 'log-files-archive-receive' },
  }]);
});

test('readers of a stream follow the lag of their group, and Kafka tells its full names then alone', () => {
  const advertised = (namespace?: string) => {
    const lowered = lower(namespace);
    const line = (text: string) => text.split('\n').find(each => each.startsWith('advertised.listeners='));
    return line(lowered.find('ConfigMap', 'broker-settings').data.content);
  };
  const build = (scaling?: ReceiverScaling) => {
    shop = new Application('shop');
    const events = new EventStream(shop, 'events', { broker: new Kafka(shop, 'broker'), partitions: 6 });
    events.grantRead(worker(), { group: 'readers', scaling });
  };
  build();
  expect(advertised()).toBe('advertised.listeners=CLIENT://%{member}:9092,INTERNAL://127.0.0.1:9094');
  build(TEN);
  expect(scaledObject(both()).triggers[0].metadata).toMatchObject({ topic: 'events', consumerGroup: 'events.readers' });
  expect(advertised('prod')).toBe('advertised.listeners=CLIENT://%{member}.prod.svc.cluster.local:9092,INTERNAL://127.0.0.1:9094');
});

test('Compose reports that nothing scales there; Kubernetes refuses without someone who does, and KEDA without a namespace', () => {
  queue().grantReceive(worker(), { scaling: TEN });
  expect(new ComposeProject(shop).fidelity.filter(({ feature }) => feature === 'replicas that follow a backlog')).toEqual([
    { path: 'shop/worker/Scaling', level: FidelityLevel.EMULATED, feature: 'replicas that follow a backlog', reason: 'nothing scales there: as many run as `replicas` of the workload says, whatever waits' },
  ]);
  expect(wholeProgram(() => new Both(shop))).toThrow('shop/worker/Scaling: replicas that follow a backlog cannot be had on Kubernetes: nothing of Kubernetes itself reads a backlog, and no '
    + "provider of the chart reads this one; give the chart one that does, in 'providers'");
  expect(wholeProgram(() => lower())).toThrow('shop/worker/Scaling: replicas that follow a backlog, with Keda cannot be had on Kubernetes: KEDA reads the backlog from another namespace, '
    + "where a Service is found by its full name only, and the chart was not told its own namespace; set 'namespace' of the KubernetesChart");
});

test.each<[string, ReceiverScaling, string]>([
  ['no target', { max: 3 }, "shop/tasks: 'scaling' needs either 'targetBacklog', or 'acceptableLatency' and 'processingTime'"],
  ['half a target', { max: 3, acceptableLatency: Duration.seconds(1) }, "shop/tasks: 'scaling' needs either 'targetBacklog', or 'acceptableLatency' and 'processingTime'"],
  ['two targets', { max: 3, targetBacklog: 1, acceptableLatency: Duration.seconds(1), processingTime: Duration.seconds(1) }, "shop/tasks: 'scaling' needs either"],
  ['a target and half of another', { max: 3, targetBacklog: 1, processingTime: Duration.seconds(1) }, "shop/tasks: 'scaling' needs either"],
  ['a latency that nothing reaches', { max: 3, acceptableLatency: Duration.seconds(1), processingTime: Duration.seconds(2) },
    "shop/tasks: 'processingTime' must be from 1 ms to 'acceptableLatency', which is 1000 ms, got 2000 ms"],
  ['half a message', { max: 3, targetBacklog: 0.5 }, "shop/worker: 'targetBacklog' of 'scaling' must be a whole number of 1 or more, got 0.5"],
  ['no replica at all', { max: 0, targetBacklog: 1 }, "shop/worker: 'max' of 'scaling' must be a whole number from 1 to 1000, got 0"],
  ['more at least than at most', { min: 4, max: 3, targetBacklog: 1 }, "shop/worker: 'min' of 'scaling' must be a whole number from 0 to 'max', which is 3, got 4"],
  ['more at least than elsewhere', { min: 2, max: 3, targetBacklog: 1 },
    "shop/worker: 'replicas' says how many run where nothing scales, so it must be from 'min' to 'max' of 'scaling', which are 2 and 3, got 1"],
  ['parts of seconds', { max: 3, targetBacklog: 1, pollingInterval: Duration.millis(1500) },
    "shop/worker: 'pollingInterval' of 'scaling' must be whole seconds, from 1 second to 1 hour, got 1500 ms"],
  ['more than an hour', { max: 3, targetBacklog: 1, cooldown: Duration.hours(2) }, "shop/worker: 'cooldown' of 'scaling' must be whole seconds, from 1 second to 1 hour, got 7200000 ms"],
])('%s is refused', (_, scaling, message) => {
  const tasks = queue();
  expect(wholeProgram(() => tasks.grantReceive(worker(), { scaling }))).toThrow(message);
});

test('what cannot follow a backlog is refused', () => {
  const broker = new RabbitMq(shop, 'broker');
  const tasks = queue('tasks', broker);
  expect(wholeProgram(() => tasks.grantReceive(worker({ stable: true }, 'members'), { scaling: TEN })))
    .toThrow("shop/members: a stable workload has the members that its clients know, so it cannot have 'scaling'; leave out one of them");
  expect(wholeProgram(() => tasks.grantReceive(new Task(shop, 'once', { image: IMAGE }), { scaling: TEN })))
    .toThrow("shop/tasks: 'once' has no replicas that run on, so it cannot have 'scaling'; let a Workload receive, or leave it out");
  const two = worker();
  tasks.grantReceive(two, { scaling: TEN });
  expect(wholeProgram(() => queue('mails', broker).grantReceive(two, { scaling: { ...TEN, max: 7 } })))
    .toThrow("shop/worker: follows another backlog within another range; give both the same 'scaling', but for what waits for each replica");
  expect(wholeProgram(() => new BrokeredQueue(shop, 'single', { broker, singleActiveConsumer: true }).grantReceive(worker({}, 'other'), { scaling: TEN })))
    .toThrow("shop/single: one consumer at a time gets everything, so more replicas would have nothing to do; leave out 'scaling' or 'singleActiveConsumer'");
});

test('a server is never scaled to nothing, since nobody would find it', () => {
  queue().grantReceive(worker({ ports: [{ name: 'http', number: 8080 }] }), { scaling: { ...TEN, min: 0 } });
  expect(wholeProgram(() => shop.check())).toThrow("shop/worker: who connects to a workload with ports must find one replica, so 'min' of 'scaling' cannot be 0; "
    + 'set it to 1, or move what scales to a workload of its own');
});

test('brokers that do not tell a backlog to receivers alone refuse, and say why', () => {
  const nats = new Nats(shop, 'nats');
  const message = "'scaling' cannot be had here on NATS: its monitoring port, where backlogs are read, is closed as it asks nobody who they are; use RabbitMq or Kafka, or leave it out";
  const jobs = new BrokeredQueue(shop, 'jobs', { broker: nats });
  expect(wholeProgram(() => jobs.grantReceive(worker(), { scaling: TEN }))).toThrow(`shop/jobs: ${message}`);
  const events = new EventStream(shop, 'events', { broker: nats });
  expect(wholeProgram(() => events.grantRead(worker({}, 'reader'), { scaling: TEN }))).toThrow(`shop/events: ${message}`);
  const log = new EventStream(shop, 'log', { broker: new RabbitMq(shop, 'broker') });
  expect(wholeProgram(() => log.grantRead(worker({}, 'other'), { scaling: TEN })))
    .toThrow("shop/log: 'scaling' cannot be had here on RabbitMQ: each reader of a stream gets everything and keeps its own position; use Kafka, or leave it out");
  const none = () => { throw new Error('is not called'); };
  const bus: IBroker = {
    product: 'the bus',
    endpoint: nats.endpoint,
    support: () => nats.support(MessageSemantic.PREFETCH, ChannelKind.QUEUE),
    declareQueue: () => {},
    grantQueue: () => ({ variables: {} }),
    declareTopic: none,
    grantTopic: none,
    declareStream: none,
    grantStream: none,
    permits: none,
  };
  expect(wholeProgram(() => new BrokeredQueue(shop, 'more', { broker: bus }).grantReceive(worker({}, 'last'), { scaling: TEN })))
    .toThrow("shop/more: 'scaling' cannot be had here on the bus: it does not say how its backlog is read; use another broker, or leave it out");
});

test('more members than partitions are refused', () => {
  const broker = new Kafka(shop, 'broker', { queuePartitions: 4 });
  const tasks = new BrokeredQueue(shop, 'tasks', { broker, messageTtl: Duration.hours(1), expiredToDeadLetters: false });
  expect(wholeProgram(() => tasks.grantReceive(worker(), { scaling: TEN }))).toThrow(
    "shop/tasks: 'max' of 'scaling' must be at most the number of partitions, which is 4, as more replicas would have nothing to do, got 6; set a smaller one, or more partitions");
  const events = new EventStream(shop, 'events', { broker });
  expect(wholeProgram(() => events.grantRead(worker({}, 'reader'), { scaling: TEN }))).toThrow('which is 1, as more replicas');
});

judgeTest("what is made for KEDA is as KEDA's definitions want it", 'keda', () => {
  queue('tasks', new RabbitMq(shop, 'broker', { tls: true })).grantReceive(worker(), { scaling: TEN });
  const kafka = new Kafka(shop, 'kafka');
  new EventStream(shop, 'events', { broker: kafka, partitions: 6 }).grantRead(worker({}, 'reader'), { scaling: TEN });
  const made = both().objects.filter(({ apiVersion }) => apiVersion.startsWith('keda.sh/'));
  expect(made.map(({ kind }) => kind)).toEqual(['TriggerAuthentication', 'TriggerAuthentication', 'ScaledObject', 'ScaledObject']);
  expect(keda(made)).toEqual([]);
});
