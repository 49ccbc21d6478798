// What brokers publish for whoever makes them in another way; it is what they are made of themselves.
import { Application, BrokeredQueue, BrokeredTopic, EventStream, Kafka, KubernetesChart, Nats, RabbitMq, TestOutput, Workload } from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { Objects } from '../targets/objects';
import { wholeProgram } from '../whole-program';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });

const BROKERS = {
  RabbitMq: (props = {}) => new RabbitMq(shop, 'broker', props),
  Kafka: (props = {}) => new Kafka(shop, 'broker', props),
  Nats: (props = {}) => new Nats(shop, 'broker', props),
};
const KEPT = { messageTtl: Duration.days(1) };

/** A queue, a topic with a subscriber, and a stream, declared in no order. */
function declareOn(broker: RabbitMq | Kafka | Nats): void {
  const kept = broker instanceof RabbitMq ? {} : KEPT;
  const worker = new Workload(shop, 'worker', { image: 'registry.example/acme/app:1.0' });
  new EventStream(shop, 'log', { broker, maxAge: Duration.days(7) }).grantPublish(worker);
  new BrokeredTopic(shop, 'news', { broker, ...kept }).subscribe(worker, { deadLetters: false, ...(broker instanceof RabbitMq ? {} : { expiredToDeadLetters: false }) });
  new BrokeredQueue(shop, 'jobs', { broker, ...kept, ...(broker instanceof RabbitMq ? {} : { expiredToDeadLetters: false }) }).grantReceive(worker);
}

const contentOf = (name: string) => new Objects(TestOutput.of(shop, KubernetesChart.target()).documents).find('ConfigMap', name).data.content;

test.each(Object.entries(BROKERS))('%s says what was declared, in the order of names, and where it is stored', (_, make) => {
  const broker = make({ storage: Size.gibibytes(5) });
  declareOn(broker);
  const { declared } = broker;
  expect(declared.queues.map(({ queueName }) => queueName)).toEqual(['jobs', 'news.worker']);
  expect(declared.topics.map(({ topicName }) => topicName)).toEqual(['news']);
  expect(declared.streams.map(({ streamName }) => streamName)).toEqual(['log']);
  expect(declared.principals.map(({ userName }) => userName)).toEqual(['jobs-worker-receive', 'log-worker-publish', 'news-worker-worker-receive']);
  expect([declared.queuePrincipals.length, declared.topicPrincipals.length, declared.streamPrincipals.length]).toEqual([2, 0, 1]);
  expect(broker.storage!.size.toGibibytes()).toBe(5);
});

test('RabbitMq publishes its definitions and settings', () => {
  const broker = new RabbitMq(shop, 'broker', { memoryLimit: Size.mebibytes(500) });
  declareOn(broker);
  expect(JSON.parse(contentOf('broker-definitions'))).toEqual(broker.definitions);
  expect(broker.settings).toEqual({ 'default_queue_type': 'quorum', 'vm_memory_high_watermark.absolute': '300MiB' });
  for (const [name, value] of Object.entries(broker.settings!)) expect(contentOf('broker-configuration')).toContain(`${name} = ${value}\n`);
});

test('Kafka publishes topics, rights and settings as the server takes them', () => {
  const broker = new Kafka(shop, 'broker', { nodes: 3, controllers: 3, tls: true });
  declareOn(broker);
  new EventStream(shop, 'prices', { broker, compacted: true, maxAge: Duration.days(1) });
  expect(broker.serverTopics.find(({ name }) => name === 'prices')!.settings['cleanup.policy']).toBe('compact,delete');
  expect(contentOf('broker-provisioning-declarations')).toMatch(/^topic prices 1 3 cleanup\.policy=compact\+delete /m);
  expect(broker.rights).toContainEqual({
    userName: 'jobs-worker-receive', operations: ['DESCRIBE', 'READ'], resources: [{ kind: 'GROUP', name: 'jobs' }, { kind: 'TOPIC', name: 'jobs' }],
  });
  expect(contentOf('broker-provisioning-declarations')).toContain('\nright DESCRIBE,READ GROUP:jobs,TOPIC:jobs jobs-worker-receive\n');
  for (const [name, value] of Object.entries(broker.settings!)) expect(contentOf('broker-settings')).toContain(`\n${name}=${value}\n`);
  expect(broker.controllerStorage!.size.toGibibytes()).toBe(2);
  expect(broker.certificate!.chain.hosts).toContain('broker-0');
});

test('Nats publishes streams, consumers and its configuration, and another one for who gets replies elsewhere', () => {
  const broker = new Nats(shop, 'broker', { nodes: 5 });
  declareOn(broker);
  expect(broker.serverStreams.map(({ name, num_replicas: replicas }) => `${name} ${replicas}`)).toEqual(['jobs 3', 'jobs-dead 3', 'news 3', 'log 3']);
  expect(broker.serverConsumers.map(({ stream, consumer }) => `${stream}.${consumer}`)).toEqual(['jobs.jobs', 'jobs-dead.jobs-dead', 'news.worker']);
  expect(contentOf('broker-configuration')).toBe(broker.configuration!.content);
  expect(broker.configurationWith(`_INBOX_${broker.administrator!.userName}`)).toBe(broker.configuration!.content);
  expect(broker.configurationWith('_INBOX')).toContain('"_INBOX.>"');
});

test('what only nodes of the application have is undefined of an external broker', () => {
  const rabbit = new RabbitMq(shop, 'rabbit', { external: { host: 'rabbit.example.com' } });
  const kafka = new Kafka(shop, 'kafka', { external: { hosts: ['kafka.example.com'] } });
  const nats = new Nats(shop, 'nats', { external: { hosts: ['nats.example.com'] } });
  expect([rabbit.storage, rabbit.settings, kafka.storage, kafka.settings, kafka.certificate, nats.storage, nats.configuration])
    .toEqual(Array(7).fill(undefined));
  expect(wholeProgram(() => nats.configurationWith('_INBOX'))).toThrow('shop/nats: external servers are configured by others; give a broker that the application runs');
});
