import {
  Application, BrokeredQueue, BrokeredTopic, ConfigFile, DiscoverableService, Endpoint, EnvValue, EventStream, Exposure, HealthCheck, Kafka, LoadBalancer, Nats,
  Network,
  Overflow, Protocol, RabbitMq, RestartPolicy, Secret, Seed, SharedVolume, SidecarPair, StartOrder, Task, Volume, Workload,
} from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';

const image = 'example.test/program:1.0.0@sha256:0000000000000000000000000000000000000000000000000000000000000000';
const web = { name: 'http', number: 8080 };

/** One application that uses every feature that both targets have. */
export function everyFeature(): Application {
  const application = new Application('every');
  const programs = definePrograms(application);
  defineStorage(application, programs);
  defineQueues(application, programs);
  defineStreams(application, programs);
  defineLarge(application);
  return application;
}

type Programs = ReturnType<typeof definePrograms>;

function definePrograms(application: Application) {
  const api = new DiscoverableService(application, 'api', { image, port: 8080, replicas: 2, health: HealthCheck.http(8080, '/health?deep=$1') });
  const store = new DiscoverableService(application, 'store', { image, ports: [web, { name: 'gossip', number: 7946, protocol: Protocol.UDP }], stable: true, clustered: true, replicas: 3 });
  const pair = new SidecarPair(application, 'pair', {
    main: { image, ports: [{ name: 'app', number: 81, scheme: 'http' }] },
    sidecar: { image, ports: [{ name: 'proxy', number: 80, scheme: 'http' }], writablePaths: ['/tmp'], stopSignal: 'SIGQUIT' },
    replicas: 2,
    sharedDirectory: '/shared',
  });
  const helped = new SidecarPair(application, 'helped', { main: { image, ports: [web] }, sidecar: { image }, startOrder: StartOrder.MAIN_FIRST });
  const client = new Workload(application, 'client', {
    image,
    command: ['run', '--price=$5', '$(NAME)'],
    args: ['$$'],
    restart: RestartPolicy.ON_FAILURE,
    stopSignal: 'SIGQUIT',
    stopGracePeriod: Duration.minutes(1),
    health: HealthCheck.command(['check', '$HOME']),
    resources: { cpuRequest: 0.1, cpuLimit: 2, memoryRequest: Size.mebibytes(32), memoryLimit: Size.mebibytes(512), diskLimit: Size.mebibytes(64) },
    buildContext: { directory: 'client', file: 'client.Dockerfile' },
  });
  const migrate = new Task(application, 'migrate', { image, completionCheck: ['test', '-e', '/done'], retries: 3 });

  pair.sidecar.connectTo(pair.main.localEndpoint(), { prefix: 'APP' });
  client.connectTo(api.endpoint());
  client.connectTo(pair.endpoint('proxy'));
  client.connectTo(helped.endpoint());
  client.connectTo(store.memberEndpoint(1, 'http'), { prefix: 'SECOND' });
  api.connectTo(store.endpoint('gossip'));
  api.connectTo(Endpoint.external('db.example.com', 5432));
  pair.connectTo(Endpoint.external('192.0.2.10', 443, { scheme: 'https' }), { prefix: 'PAYMENT' });
  migrate.connectTo(store.endpoint('http'));
  client.waitFor(migrate);
  const back = new Network(application, 'back');
  for (const member of [api, pair, migrate]) back.add(member);
  helped.publish();
  const dns = { name: 'dns', number: 53, protocol: Protocol.UDP };
  const resolver = new Workload(application, 'resolver', { image, ports: [dns], health: HealthCheck.command(['check']) });
  resolver.publish({ exposure: Exposure.everyoneOnTheInternet({ ipv6: true }) });
  back.add(resolver);
  const guarded = new Workload(application, 'guarded', { image, ports: [dns, { name: 'http', number: 8080 }] });
  for (const portName of ['dns', 'http']) guarded.publish({ portName, exposure: Exposure.sources(['192.0.2.0/24']), hostPort: 8090 });
  new Workload(application, 'balanced', { image, ports: [{ name: 'http', number: 8080 }], replicas: 2 }).publish({ balancer: new LoadBalancer(application, 'entry'), hostPort: 8091 });
  new Workload(application, 'peers', { image, ports: [{ name: 'http', number: 8080 }], stable: true, replicas: 2 })
    .publish({ eachMember: true, exposure: Exposure.sources(['192.0.2.0/24']), publicHost: 'peers.example.com', hostPort: 8092 });
  return { api: api.workload, store: store.workload, pair, helped, client, migrate };
}

function defineStorage(application: Application, { api, store, client, pair, migrate }: Programs): void {
  client.addInitContainer('prepare', { image, args: ['prepare'] });
  store.main.mountVolume(new Volume(application, 'data', { perMember: true, size: Size.gibibytes(2), storageClass: 'fast' }), '/data');
  const many = new Volume(application, 'media', { sharedStorageClass: 'shared', persistent: true });
  api.main.mountVolume(many, '/media');
  pair.main.mountVolume(many, '/media', { readOnly: true });

  const logs = new SharedVolume(application, 'logs', { directoryPerWriter: true });
  logs.grantWrite(client, '/var/log/app');
  logs.grantRead(new Workload(application, 'collector', { image, uid: 2000, gid: 2000 }), '/logs');
  new SharedVolume(application, 'site', { seed: Seed.fromImage('example.test/site:1.0.0', '/site') }).grantRead(api, '/www');
  new SharedVolume(application, 'settings', { files: { 'a.conf': 'a', 'more/b.conf': 'b' } }).grantRead(client, '/etc/settings');

  const names = new ConfigFile(application, 'names', { path: '/etc/names.conf', content: `${ConfigFile.DNS_RESOLVER} ${ConfigFile.DNS_SUFFIX} $x` });
  pair.sidecar.mountConfigFile(names);
  const key = new Secret(application, 'api-key', { key: 'key' });
  api.main.setEnv('API_KEY', EnvValue.secret(key));
  migrate.main.setEnv('API_KEY_FILE', EnvValue.secretFile(key));
}

function defineQueues(application: Application, { api, client, pair }: Programs): void {
  const broker = new RabbitMq(application, 'broker', { storage: Size.gibibytes(4), memoryLimit: Size.mebibytes(512) });
  const orders = new BrokeredQueue(application, 'orders', { broker, maxLength: 1000, overflow: Overflow.DROP_OLDEST, messageTtl: Duration.hours(1) });
  orders.grantSend(api);
  orders.grantReceive(client, { prefetch: 10 });
  orders.grantReceiveDeadLetters(pair, { prefix: 'DEAD', scaling: { max: 3, targetBacklog: 20 } });
  new BrokeredQueue(application, 'tasks', { broker, deadLetters: false }).grantSend(client, { declares: true });
  const caCertificates = new Secret(application, 'authority', { key: 'ca.crt', existing: true });
  const managed = new RabbitMq(application, 'managed', { external: { host: 'broker.example.com', addresses: ['192.0.2.0/28'], caCertificates } });
  new BrokeredQueue(application, 'letters', { broker: managed }).grantSend(api);
}

function defineStreams(application: Application, { api, client }: Programs): void {
  const broker = new Nats(application, 'stream-broker', { nodes: 3 });
  const news = new BrokeredTopic(application, 'news', { broker });
  news.grantPublish(api);
  news.subscribe(client, { filter: 'order.#' });
  const log = new EventStream(application, 'log', { broker, compacted: true });
  log.grantPublish(api);
  log.grantRead(client);
  const events = new EventStream(application, 'events', { broker: new Kafka(application, 'kafka', { nodes: 3, controllers: 3, tls: true }), partitions: 3 });
  events.grantPublish(api);
  events.grantRead(client);
}

/** More than fits into one object, and than every way of applying objects takes. */
function defineLarge(application: Application): void {
  const env = Object.fromEntries(['A', 'B', 'C'].map(name => [name, EnvValue.literal('x'.repeat(90_000))]));
  new Workload(application, 'large', { image, env }).main.mountConfigFile(new ConfigFile(application, 'text', { path: '/etc/text', content: 'x'.repeat(250_000) }));
}
