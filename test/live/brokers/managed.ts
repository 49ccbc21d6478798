// Brokers as somebody else runs them: nothing of the library's own brokers is in them. Each has TLS, and one user who may do everything.
import { Application, CatalogueImage, ConfigFile, Endpoint, HealthCheck, Secret, Workload } from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { KAFKA_IMAGE } from '../../../src/brokers/kafka/image';
import { NATS_IMAGE } from '../../../src/brokers/nats/images';
import { RABBITMQ_IMAGE } from '../../../src/brokers/rabbit-mq/image';

/** An application with the workload `server` of an image, which starts with a script of ours. */
interface Server {
  readonly image: CatalogueImage;
  readonly ports: number[];
  readonly writablePaths: string[];
  readonly start: string;
  /** Further files, by path. */
  readonly files: Record<string, string>;
}

const CERTIFICATE = '/run/secrets/certificate';
const KEY = '/run/secrets/key';
const PASSWORD = '"$(cat /run/secrets/admin)"';

function serve({ image, ports, writablePaths, start, files }: Server): Application {
  const application = new Application(`managed-${process.pid}`); // subnets follow from names, and suites of both engines may run one at the same time
  const { reference, uid, gid } = image;
  const server = new Workload(application, 'server', {
    image: reference,
    uid,
    gid,
    command: ['sh', '/etc/managed/start'],
    ports: ports.map(number => ({ name: `port-${number}`, number })),
    health: HealthCheck.tcp(ports[ports.length - 1], { startPeriod: Duration.minutes(3) }),
    writablePaths,
    resources: { memoryLimit: Size.mebibytes(768), cpuLimit: 2 },
  });
  for (const name of ['certificate', 'key', 'admin']) server.main.mountSecret(new Secret(application, name, { existing: true }));
  for (const [path, content] of Object.entries({ '/etc/managed/start': start, ...files })) {
    server.main.mountConfigFile(new ConfigFile(application, `file${path.replace(/\W/g, '-')}`, { path, content }));
  }
  server.connectTo(Endpoint.external('out.example', 9)); // so that the engine's machine reaches it
  return application;
}

/** With the management plugin. */
export function managedRabbitMq(): Application {
  const options = (prefix: string) => `${prefix}.certfile = ${CERTIFICATE}\n${prefix}.keyfile = ${KEY}\n${prefix}.cacertfile = ${CERTIFICATE}\n`;
  return serve({
    image: RABBITMQ_IMAGE,
    ports: [5671, 15671],
    writablePaths: ['/tmp', '/var/lib/rabbitmq'],
    start: `RABBITMQ_DEFAULT_USER=admin RABBITMQ_DEFAULT_PASS=${PASSWORD} exec docker-entrypoint.sh rabbitmq-server\n`,
    files: {
      '/etc/rabbitmq/enabled_plugins': '[rabbitmq_management].\n',
      '/etc/rabbitmq/conf.d/20-managed.conf': `listeners.tcp = none\nlisteners.ssl.default = 5671\n${options('ssl_options')}ssl_options.verify = verify_none\n`
        + `management.ssl.port = 15671\n${options('management.ssl')}`,
    },
  });
}

/** One node that tells clients to come to an address and a port. */
export function managedKafka(address: string, port: number): Application {
  const internal = ['INTERNAL://127.0.0.1:9094', 'CONTROLLER://127.0.0.1:9091'];
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': '0',
    'controller.quorum.voters': '0@127.0.0.1:9091',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'INTERNAL',
    'listeners': ['CLIENT://:9092', ...internal].join(),
    'advertised.listeners': `CLIENT://${address}:${port},${internal[0]}`,
    'listener.security.protocol.map': 'CLIENT:SASL_SSL,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'listener.name.client.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'listener.name.client.scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'listener.name.client.ssl.keystore.type': 'PEM',
    'listener.name.client.ssl.keystore.location': '/data/keystore.pem',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:admin;User:ANONYMOUS',
    'auto.create.topics.enable': 'false',
    'log.dirs': '/data/log',
    ...Object.fromEntries(['offsets.topic', 'transaction.state.log', 'share.coordinator.state.topic'].map(topic => [`${topic}.replication.factor`, '1'])),
    ...Object.fromEntries(['transaction.state.log', 'share.coordinator.state.topic'].map(topic => [`${topic}.min.isr`, '1'])),
  };
  return serve({
    image: KAFKA_IMAGE,
    ports: [9092],
    writablePaths: ['/data', '/tmp'],
    start: `set -e
export LOG_DIR=/tmp KAFKA_HEAP_OPTS=-Xmx256m
cat ${KEY} ${CERTIFICATE} > /data/keystore.pem
[ -e /data/log ] || /opt/kafka/bin/kafka-storage.sh format --cluster-id AAAAAAAAAAAAAAAAAAAAAA --config /etc/managed/server.properties \\
  --add-scram "SCRAM-SHA-512=[name=admin,password="${PASSWORD}"]" > /dev/null
exec /opt/kafka/bin/kafka-server-start.sh /etc/managed/server.properties
`,
    files: { '/etc/managed/server.properties': Object.entries(settings).map(([name, value]) => `${name}=${value}\n`).join('') },
  });
}

/** With users that it was told of. */
export function managedNats(users: object[]): Application {
  const configuration = {
    port: 4222,
    jetstream: { store_dir: '/data' },
    tls: { cert_file: CERTIFICATE, key_file: KEY },
    accounts: { APP: { jetstream: 'enabled', users } },
  };
  return serve({
    image: NATS_IMAGE,
    ports: [4222],
    writablePaths: ['/data', '/tmp'],
    start: 'exec nats-server --config /etc/managed/nats.conf\n',
    files: { '/etc/managed/nats.conf': JSON.stringify(configuration) },
  });
}
