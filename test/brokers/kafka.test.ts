import { Application, BrokeredQueue, Kafka, KafkaProps, Workload } from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const kafka = (props: KafkaProps = {}) => new Kafka(shop, 'broker', props);
const workload = (id: string) => new Workload(shop, id, { image: 'registry.example/acme/app:1.0' });
const queue = (id: string, broker: Kafka) => new BrokeredQueue(shop, id, { broker, messageTtl: Duration.hours(1), expiredToDeadLetters: false });

/** The text of a config file, which has to be the same on both targets. */
const text = (name: string, both = new Both(shop)) => both.find('ConfigMap', name).data.content as string;
/** One setting of the nodes. */
const setting = (name: string, file = 'broker-settings') => text(file).split('\n').find(line => line.startsWith(`${name}=`));

test('a broker is one stable member with storage of its own on both targets', () => {
  const broker = kafka({ storage: Size.gibibytes(20), storageClass: 'fast' });
  expect(broker.endpoint.url).toBe('kafka://broker:9092');
  const both = new Both(shop);
  expect(both.find('StatefulSet', 'broker').spec).toMatchObject({
    replicas: 1, volumeClaimTemplates: [{ spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '20Gi' } } } }],
  });
  expect(both.container('broker').volumeMounts).toContainEqual({ name: 'volume-broker-data', mountPath: '/var/lib/kafka/data', subPath: 'data' });
  expect(both.service('broker-0')).toMatchObject({ hostname: 'broker-0', user: '1000:1000', read_only: true });
  expect(both.service('broker-0').volumes[0]).toMatchObject({ source: 'broker-data_0', target: '/var/lib/kafka/data' });
  expect(both.container('broker').securityContext).toMatchObject({ runAsUser: 1000, runAsGroup: 1000, readOnlyRootFilesystem: true });
});

test('it is ready when the port of clients is open, and is never killed for a check', () => {
  kafka();
  const both = new Both(shop);
  expect(both.container('broker').readinessProbe.tcpSocket).toEqual({ port: 9092 });
  expect(both.container('broker')).not.toHaveProperty('livenessProbe');
  expect(both.service('broker-0').healthcheck).toMatchObject({ test: expect.arrayContaining([expect.stringContaining('PORT=9092\n')]), start_period: '300s' });
});

test('half of the memory is for the program itself, which ends when that is not enough', () => {
  kafka({ memoryLimit: Size.mebibytes(2048) });
  const both = new Both(shop);
  expect(both.container('broker').resources.limits.memory).toBe('2Gi');
  expect(both.service('broker-0').deploy.resources.limits.memory).toBe('2048M');
  expect(text('broker-start', both)).toContain('\nHEAP=1024\n');
  expect(text('broker-start', both)).toContain('-XX:+ExitOnOutOfMemoryError');
});

test('a lone node talks to itself where nobody else reaches it', () => {
  kafka();
  expect(setting('process.roles')).toBe('process.roles=broker,controller');
  expect(setting('listeners')).toBe('listeners=CLIENT://:9092,INTERNAL://127.0.0.1:9094,CONTROLLER://127.0.0.1:9091');
  expect(setting('advertised.listeners')).toBe('advertised.listeners=CLIENT://%{member}:9092,INTERNAL://127.0.0.1:9094');
  expect(setting('controller.quorum.voters')).toBe('controller.quorum.voters=0@127.0.0.1:9091');
  expect(setting('offsets.topic.replication.factor')).toBe('offsets.topic.replication.factor=1');
});

test('several nodes find each other by the names of members', () => {
  kafka({ nodes: 3 });
  expect(setting('listeners')).toBe('listeners=CLIENT://:9092,INTERNAL://:9094,CONTROLLER://:9093');
  expect(setting('advertised.listeners')).toBe('advertised.listeners=CLIENT://%{member}:9092,INTERNAL://%{member}:9094');
  expect(setting('controller.quorum.voters')).toBe('controller.quorum.voters=0@broker-0:9093,1@broker-1:9093,2@broker-2:9093');
  expect(setting('offsets.topic.replication.factor')).toBe('offsets.topic.replication.factor=3');
  expect(setting('min.insync.replicas')).toBe('min.insync.replicas=2');
  const both = new Both(shop);
  expect(both.find('Service', 'broker-2').spec.publishNotReadyAddresses).toBe(true);
  expect(Object.keys(both.service('broker-2').networks)).toContain('broker__members');
  expect(text('broker-start', both)).toContain('\nFIRST=broker-0\nFIRST_PORT=9093\n');
});

test('controllers can be nodes of their own, which the brokers reach', () => {
  const broker = kafka({ nodes: 3, controllers: 3 });
  expect(broker.controllers!.memberNames).toEqual(['broker-controllers-0', 'broker-controllers-1', 'broker-controllers-2']);
  const voters = 'controller.quorum.voters=1000@broker-controllers-0:9093,1001@broker-controllers-1:9093,1002@broker-controllers-2:9093';
  for (const file of ['broker-settings', 'broker-controllers-settings']) expect(setting('controller.quorum.voters', file)).toBe(voters);
  expect(setting('process.roles')).toBe('process.roles=broker');
  expect(setting('process.roles', 'broker-controllers-settings')).toBe('process.roles=controller');
  expect(setting('listeners', 'broker-controllers-settings')).toBe('listeners=CONTROLLER://:9093');
  expect(text('broker-controllers-start')).toContain('\nFIRST_ID=1000\n');
  const both = new Both(shop);
  expect(both.find('NetworkPolicy', 'broker-controllers').spec.ingress[0]).toEqual({
    from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'broker', 'app.kubernetes.io/instance': 'shop' } } }], ports: [{ port: 9093, protocol: 'TCP' }],
  });
  expect(Object.keys(both.service('broker-0').networks)).toContain('broker_broker-controllers');
});

test.each<[string, KafkaProps, string]>([
  ['two nodes', { nodes: 2 }, "shop/broker: 'nodes' must be 1, 3 or 5, got 2"],
  ['one controller', { controllers: 1 }, "shop/broker: 'controllers' must be 3, got 1"],
  ['no partition', { queuePartitions: 0 }, "shop/broker: 'queuePartitions' must be a whole number from 1 to 1000, got 0"],
  ['too little memory', { memoryLimit: Size.mebibytes(256) }, "shop/broker: 'memoryLimit' must be 512 MiB or more, got 256 MiB"],
])('%s: refused', (_, props, message) => {
  expect(wholeProgram(() => kafka(props))).toThrow(message);
});

test('storage belongs to its cluster for ever: the id follows from the path', () => {
  kafka();
  new Kafka(shop, 'second');
  const ids = ['broker', 'second'].map(name => /\nCLUSTER=(\S+)\n/.exec(text(`${name}-start`))![1]);
  expect(ids).toEqual(['Dr-lTt331DFdYkp7KeMzoQ', 'RDcq4xlwFExgtQp1NfTCcA']);
});

test('without queues there is a broker that nobody but its own task can log in to', () => {
  kafka();
  expect(text('broker-provisioning-declarations')).toBe('');
  expect(setting('allow.everyone.if.no.acl.found')).toBe('allow.everyone.if.no.acl.found=false');
  expect(setting('super.users')).toBe('super.users=User:admin;User:internal');
  expect(setting('auto.create.topics.enable')).toBe('auto.create.topics.enable=false');
  for (const listener of ['client', 'internal', 'controller']) expect(setting(`listener.name.${listener}.sasl.enabled.mechanisms`)).toMatch(listener === 'client' ? /=SCRAM-SHA-512$/ : /=PLAIN$/);
  expect(setting('listener.security.protocol.map')).toBe('listener.security.protocol.map=CLIENT:SASL_PLAINTEXT,INTERNAL:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT');
});

test('no password is in any file or argument: they are filled in where only their reader sees them', () => {
  queue('orders', kafka()).grantSend(workload('client'));
  const both = new Both(shop);
  expect(both.container('broker').command).toEqual(['bash', '/etc/kafka/conduit/start']);
  expect(both.service('broker-provisioning').entrypoint).toEqual(['bash', '/etc/kafka/conduit/provision']);
  expect(setting('listener.name.internal.plain.sasl.jaas.config')).toContain('username="internal" password="@{broker-internal}" user_internal="@{broker-internal}";');
  for (const service of ['broker-0', 'broker-provisioning']) expect(both.service(service).tmpfs[0]).toMatch(/^\/run\/conduit:/);
  expect(both.service('broker-0').secrets).toEqual(['broker-admin', 'broker-internal']);
  expect(both.service('broker-provisioning').secrets).toEqual(['broker-admin', 'orders-client-send']);
});

test('what was granted later restarts no broker', () => {
  const broker = (grants: number) => {
    shop = new Application('shop');
    const orders = queue('orders', kafka());
    for (let grant = 0; grant < grants; grant++) orders.grantReceive(workload(`worker${grant}`));
    const both = new Both(shop);
    return { pod: both.pod('broker'), service: both.service('broker-0') };
  };
  expect(broker(1).pod).toEqual(broker(3).pod);
  expect(broker(1).service.configs).toEqual(broker(3).service.configs);
});
