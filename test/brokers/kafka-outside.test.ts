// What Kafka gives clients outside the application: a listener of their own on each broker, under the address that they know.
import { Application, BrokeredQueue, BrokeredTopic, EventStream, Exposure, ExternalClient, Kafka, KafkaProps, KubernetesChart, StrimziOperator, TestOutput, Workload } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { judgeTest, strimzi } from '../judges/judges';
import { HandedOver } from '../operators/handing-over';
import { Sandbox } from '../programs/sandbox';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

const ADDRESS = { publicHost: 'kafka.example.com', publicPort: 443, hostPort: 5000 };
const SOURCES = ['192.0.2.0/24'];
const LOGIN = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const kafka = (props: KafkaProps = {}) => new Kafka(shop, 'broker', { tls: true, ...ADDRESS, ...props });
const laptop = (exposure = Exposure.sources(SOURCES)) => new ExternalClient(shop, 'laptop', { exposure });
const log = (broker: Kafka) => new EventStream(shop, 'log', { broker });
const settingsOf = (both: Both, name = 'broker-settings') => Object.fromEntries((both.find('ConfigMap', name).data.content as string).trim().split('\n')
  .map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));

test('a client is told all brokers under the addresses that it knows, and nothing that is within', () => {
  log(kafka({ nodes: 3 })).grantRead(laptop(), { group: 'readers' });
  const { values, secrets } = new Both(shop).compose['x-conduit'].clients[0];
  expect(values).toEqual({
    LOG_AUTO_OFFSET_RESET: 'earliest',
    LOG_BOOTSTRAP_SERVERS: 'kafka.example.com:443,kafka.example.com:444,kafka.example.com:445',
    LOG_GROUP: 'log.readers',
    LOG_HOST: 'kafka.example.com',
    LOG_PORT: '443',
    LOG_SASL_MECHANISM: 'SCRAM-SHA-512',
    LOG_SECURITY_PROTOCOL: 'SASL_SSL',
    LOG_TOPIC: 'log',
    LOG_URL: 'kafka+ssl://kafka.example.com:443',
    LOG_USER: 'log-laptop-read',
  });
  expect(secrets).toEqual({ LOG_CA: 'broker-tls-authority', LOG_PASSWORD: 'log-laptop-read' });
});

test('each broker has a listener of its own for them, and says there under which address it is found', () => {
  log(kafka({ nodes: 3, controllers: 3 })).grantPublish(laptop());
  const both = new Both(shop);
  const settings = settingsOf(both);
  expect(settings.listeners).toBe('CLIENT://:9092,OUTSIDE://:9096,INTERNAL://:9094');
  expect(settings['advertised.listeners']).toBe('CLIENT://%{member}:9092,OUTSIDE://%{outside},INTERNAL://%{member}:9094');
  expect(settings['listener.security.protocol.map']).toBe('CLIENT:SASL_SSL,OUTSIDE:SASL_SSL,INTERNAL:SASL_SSL,CONTROLLER:SASL_SSL');
  expect(settings).toMatchObject({ 'listener.name.outside.sasl.enabled.mechanisms': 'SCRAM-SHA-512', 'listener.name.outside.scram-sha-512.sasl.jaas.config': LOGIN });
  expect(both.find('ConfigMap', 'broker-start').data.content).toContain("\nOUTSIDE='kafka.example.com:443 kafka.example.com:444 kafka.example.com:445'\n");
  expect(settingsOf(both, 'broker-controllers-settings').listeners).toBe('CONTROLLER://:9093');
  expect(both.find('ConfigMap', 'broker-controllers-start').data.content).toContain('\nOUTSIDE=\n');
});

test('a node tells its own address, IPv6 in brackets', async () => {
  const sandbox = new Sandbox();
  const broker = kafka({ nodes: 3, publicHost: undefined, publicHosts: ['b0.example.com', 'b1.example.com', '2001:db8::2'] });
  log(broker).grantPublish(laptop());
  const { main } = broker.workload!;
  sandbox.tool('/opt/kafka/bin/kafka-server-start.sh', 'true');
  sandbox.mount(main);
  sandbox.write('/run/secrets/broker-tls-key', '-----BEGIN PRIVATE KEY-----\n');
  sandbox.write('/var/lib/kafka/data/kraft/meta.properties', '');
  for (const [host, address] of [['broker-0', 'b0.example.com:443'], ['broker-2', '[2001:db8::2]:445']]) {
    expect(await sandbox.run(main.command!, { env: { HOSTNAME: host } })).toMatchObject({ status: 0, stderr: '' });
    expect(sandbox.read('/run/conduit/server.properties')).toContain(`\nadvertised.listeners=CLIENT://${host}:9092,OUTSIDE://${address},INTERNAL://${host}:9094\n`);
  }
  sandbox.remove();
});

test.each([1, 3])('each of %i brokers is reached at a port of its own, from the sources alone, and at no other port', nodes => {
  log(kafka({ nodes })).grantPublish(laptop());
  const both = new Both(shop);
  const ordinals = Array.from({ length: nodes }, (_, n) => n);
  expect(both.service('broker__relay_tcp').ports.map(({ published, host_ip }: any) => `${host_ip}:${published}`)).toEqual(ordinals.map(n => `0.0.0.0:${5000 + n}`));
  for (const n of ordinals) {
    expect(both.service(`broker-${n}`)).not.toHaveProperty('ports');
    expect(both.find('Service', `conduit-public-broker-${n}`).spec).toMatchObject({
      type: 'LoadBalancer', loadBalancerSourceRanges: SOURCES, selector: { 'statefulset.kubernetes.io/pod-name': `broker-${n}` }, ports: [{ port: 5000 + n, targetPort: 'outside' }],
    });
  }
  const fromOutside = both.find('NetworkPolicy', 'broker').spec.ingress.filter(({ from }: any) => from.some(({ ipBlock }: any) => ipBlock));
  expect(fromOutside).toEqual([{ from: [{ ipBlock: { cidr: SOURCES[0] } }], ports: [{ port: 9096, protocol: 'TCP' }] }]);
});

test('the certificate is for the names that clients outside know', () => {
  log(kafka({ publicHost: undefined, publicHosts: ['b0.example.com', '192.0.2.9', 'b2.example.com'], nodes: 3 })).grantPublish(laptop());
  const both = new Both(shop);
  expect(both.compose['x-conduit'].secrets.find(({ key }: any) => key === 'tls.crt').hosts).toEqual(expect.arrayContaining(['b0.example.com', '192.0.2.9', 'b2.example.com', 'broker-2.broker']));
  expect(both.compose['x-conduit'].clients[0].values).toMatchObject({ LOG_BOOTSTRAP_SERVERS: 'b0.example.com:443,192.0.2.9:444,b2.example.com:445', LOG_HOST: 'b0.example.com' });
});

test('this machine needs no TLS, and one broker has the usual port', () => {
  log(new Kafka(shop, 'broker', { publicHost: 'localhost' })).grantPublish(laptop(Exposure.thisMachine()));
  const both = new Both(shop);
  expect(both.compose['x-conduit'].clients[0].values).toMatchObject({ LOG_BOOTSTRAP_SERVERS: 'localhost:9092', LOG_SECURITY_PROTOCOL: 'SASL_PLAINTEXT' });
  expect(both.service('broker-0').ports).toEqual([{ target: 9096, published: '9092', host_ip: '127.0.0.1', protocol: 'tcp' }]);
  expect(settingsOf(both)['listener.security.protocol.map']).toMatch(/OUTSIDE:SASL_PLAINTEXT/);
});

test('clients within know nothing of it, and are told what they were told before', () => {
  const made = (props: KafkaProps, outside: boolean) => {
    shop = new Application('shop');
    const stream = log(new Kafka(shop, 'broker', { tls: true, ...props }));
    stream.grantPublish(new Workload(shop, 'app', { image: 'registry.example/acme/app:1.0' }));
    if (outside) stream.grantPublish(laptop());
    return new Both(shop);
  };
  const both = made(ADDRESS, true);
  expect(both.env('app')).toEqual(made({}, false).env('app'));
  expect(both.service('app').networks).toEqual(made({}, false).service('app').networks);
});

test('nobody outside is let in where nobody is granted anything, and no broker listens for them', () => {
  log(kafka({ nodes: 3 }));
  const both = new Both(shop);
  expect(settingsOf(both).listeners).toBe('CLIENT://:9092,INTERNAL://:9094,CONTROLLER://:9093');
  expect(both.names('Service').filter(name => name.startsWith('conduit-'))).toEqual([]);
  expect(Object.keys(both.compose.services)).not.toContain('broker__relay_tcp');
});

test('a user outside has the rights of its grant, and no others', () => {
  const broker = kafka();
  const jobs = new BrokeredQueue(shop, 'jobs', { broker, messageTtl: Duration.days(1), deadLetters: false });
  const news = new BrokeredTopic(shop, 'news', { broker, messageTtl: Duration.days(1) });
  const client = laptop();
  jobs.grantSend(client);
  news.grantPublish(client);
  expect(broker.rights).toEqual([
    { userName: 'jobs-laptop-send', operations: ['DESCRIBE', 'WRITE'], resources: [{ kind: 'TOPIC', name: 'jobs' }] },
    { userName: 'news-laptop-publish', operations: ['DESCRIBE', 'WRITE'], resources: [{ kind: 'TOPIC', name: 'news' }] },
  ]);
  expect(new Both(shop).service('broker-provisioning').secrets).toEqual(expect.arrayContaining(['jobs-laptop-send', 'news-laptop-publish']));
});

describe('is refused', () => {
  const refused = (make: () => Kafka, exposure?: Exposure) => expect(wholeProgram(() => log(make()).grantPublish(laptop(exposure))));

  test('without TLS, from another machine', () => {
    refused(() => kafka({ tls: false })).toThrow("its password would cross the network as it is; set 'tls: true' of Kafka 'shop/broker'");
  });

  test('without a name of the host', () => {
    refused(() => new Kafka(shop, 'broker', { tls: true })).toThrow("shop/broker: nobody said under which name clients know the host of port 'kafka'; give 'publicHost' where the server is made");
    shop = new Application('shop');
    refused(() => new Kafka(shop, 'broker'), Exposure.thisMachine())
      .toThrow("shop/broker: Kafka tells clients where to find each broker, and nobody said where 'laptop' finds them; give 'publicHost' where the broker is made, 'localhost' for this machine");
    shop = new Application('shop');
    expect(wholeProgram(() => new Kafka(shop, 'other', { hostPort: 9092 }))).toThrow("shop/other: Kafka tells clients where to find each broker, so 'publicPort' and 'hostPort' need 'publicHost'");
  });

  test('with names for other brokers than there are', () => {
    expect(wholeProgram(() => kafka({ publicHost: undefined, publicHosts: ['a.example.com'], nodes: 3 }))).toThrow("shop/broker: 'publicHosts' must have a name for each of 3 member(s), got 1");
  });

  test('on an external broker', () => {
    const external = { hosts: ['kafka.example.com'] };
    expect(wholeProgram(() => new Kafka(shop, 'broker', { external, publicHost: 'a.example.com' }))).toThrow("'publicHost' cannot be had of an external server");
    shop = new Application('shop');
    expect(wholeProgram(() => log(new Kafka(shop, 'other', { external })).grantPublish(laptop()))).toThrow("only a workload's own endpoint can be published, got kafka.example.com:9092");
  });

  test('where another workload takes the port of one of the brokers', () => {
    log(kafka({ nodes: 3 })).grantPublish(laptop());
    new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0', ports: [{ name: 'http', number: 8080 }] }).publish({ hostPort: 5001 });
    expect(() => new Both(shop)).toThrow("both want TCP port 5001 of the host, for 'http' and 'outside'; give one of them another 'hostPort'");
  });
});

test('Strimzi has a listener for them, to which Services of the chart lead', () => {
  const broker = kafka({ nodes: 3 });
  log(broker).grantPublish(laptop());
  const { objects } = new HandedOver(shop, [new StrimziOperator(broker)]);
  const [inside, outside] = objects.find(({ kind }) => kind === 'Kafka')!.spec.kafka.listeners;
  expect(inside.networkPolicyPeers).not.toContainEqual({ ipBlock: expect.anything() });
  expect(outside).toMatchObject({
    name: 'outside',
    port: 9096,
    type: 'internal',
    tls: true,
    authentication: { type: 'scram-sha-512' },
    configuration: {
      brokers: [0, 1, 2].map(n => ({ broker: n, advertisedHost: 'kafka.example.com', advertisedPort: 443 + n })),
      brokerCertChainAndKey: { secretName: 'broker-tls', certificate: 'tls.crt', key: 'tls.key' },
    },
    networkPolicyPeers: [{ podSelector: {} }, { ipBlock: { cidr: SOURCES[0] } }],
  });
  const services = objects.filter(({ kind, metadata }) => kind === 'Service' && metadata.name.startsWith('conduit-public-'));
  expect(services.map(({ spec: { selector, ports: [{ port, targetPort }] } }) => ({ selector, port, targetPort })))
    .toEqual([0, 1, 2].map(n => ({ selector: { 'strimzi.io/pod-name': `broker-broker-${n}` }, port: 5000 + n, targetPort: 9096 })));
});

judgeTest('every field of the listener is one that Strimzi knows', 'strimzi', () => {
  const broker = kafka({ nodes: 3 });
  log(broker).grantPublish(laptop());
  const { objects } = new HandedOver(shop, [new StrimziOperator(broker)]);
  expect(strimzi(objects)).toEqual([]);
});

test('the program may be written in any order', () => {
  const files = [true, false].map(brokerFirst => {
    shop = new Application('shop');
    const client = brokerFirst ? undefined : laptop();
    log(kafka({ nodes: 3 })).grantPublish(client ?? laptop());
    return TestOutput.of(shop, KubernetesChart.target()).files;
  });
  expect(files[0]).toEqual(files[1]);
});
