// Parts of programs of which one value each is wrong, made of every kind of construct and values that it cannot have.
import {
  Application, BrokeredQueue, BrokeredQueueProps, BrokeredTopic, Certificate, ConfigFile, ContainerProps, DatabaseAccess, DiscoverableService, EnvValue, EventStream,
  Endpoint, ExternalClient, HealthCheck, IBroker, Kafka, LoadBalancer, Nats, Network, Nginx, PostgreSql, RabbitMq, ReverseProxy, RouteOptions, Secret, SharedVolume,
  SidecarPair, SubscribeOptions, Task, Volume, Workload, WorkloadProps,
} from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';

/** One wrong value. */
export interface WrongPart {
  /** What has it. */
  readonly kind: string;
  readonly what: string;
  readonly build: (scope: Construct) => unknown;
}

const IMAGE = 'registry.example/acme/app:1.0';
const NO_PORTS = [0, -1, 1.5, 65536, 2 ** 53];
const NO_COUNTS = [0, -1, 0.5];
const NO_PATHS = ['', '/', 'etc', '/etc/', '/a/../b', '/a//b', '/a:b', '/a$b', '/a\0', '/\ud800'];
const NO_HOSTS = ['', 'a b', 'Shop', 'https://a', 'a_b', '192.0.2.256', '-a', 'a..b'];
const NO_LABELS = ['', 'Shop', '1st', 'a_b', 'a b', '-a', 'a-', 'conduit-a', 'é', 'a'.repeat(300)];
const NO_BROKER_NAMES = ['', 'a b', 'é', '-a', '.a', 'a/b', 'a'.repeat(201), 'a\0'];
const NO_RANGES = ['192.0.2.7', '192.0.2.7/24', '192.0.2.0/33', '0.0.0.0/0', 'example.com', ''];
const NO_IMAGES = ['', 'nginx', 'nginx:latest', 'a//b:1', 'http://x/y:1', 'a/:1', 'Nginx:1', 'nginx:${TAG}', 'a b:1', 'a:1\0'];
const NO_DATABASES = ['', 'Orders', '1st', 'a b', 'postgres', 'pg_a', 'a-', 'a'.repeat(64), "a'; drop", 'é'];

const show = (value: unknown) => JSON.stringify(value)?.slice(0, 40);
const each = <T>(kind: string, property: string, values: T[], build: (scope: Construct, value: T) => unknown): WrongPart[] =>
  values.map(value => ({ kind, what: `${property} ${show(value)}`, build: scope => build(scope, value) }));

/** Wrong values of a container, whatever has it. */
function ofContainers(kind: string, build: (scope: Construct, props: ContainerProps) => unknown): WrongPart[] {
  const given = (property: string, values: unknown[], wrap = (value: any): Partial<ContainerProps> => ({ [property]: value })) =>
    each(kind, property, values, (scope, value) => build(scope, { image: IMAGE, ...wrap(value) }));
  const http = { name: 'http', number: 8080 };
  return [
    ...given('image', NO_IMAGES),
    ...given('uid', [0, -1, 1.5, 2 ** 31]),
    ...given('gid', [-1, 1.5, 2 ** 31]),
    ...given('stopSignal', ['', 'QUIT', 'SIG', 'sigquit']),
    ...given('command', [[], ['a\0'], ['\ud800']]),
    ...given('args', [[], ['a\0']]),
    ...given('writable path', NO_PATHS, path => ({ writablePaths: [path] })),
    ...given('variable', ['', '1A', '-A', 'A B', 'é'], name => ({ env: { [name]: EnvValue.literal('x') } })),
    ...given('value', ['a\0', '\ud800'], text => ({ env: { A: EnvValue.literal(text) } })),
    ...given('secret variable', ['DB_PASSWORD', 'API_TOKEN'], name => ({ env: { [name]: EnvValue.literal('hunter2') } })),
    ...given('memory', [Size.kibibytes(1536), Size.kibibytes(100_001)], memoryLimit => ({ resources: { memoryLimit } })),
    ...given('disk', [Size.kibibytes(1), Size.mebibytes(0)], diskLimit => ({ resources: { diskLimit } })),
    ...given('health command', [[], ['a\0']], words => ({ health: HealthCheck.command(words) })),
    ...given('interval', [0, 500, 1500], millis => ({ health: HealthCheck.command(['true'], { interval: Duration.millis(millis) }) })),
    ...given('failures', NO_COUNTS, failureThreshold => ({ health: HealthCheck.command(['true'], { failureThreshold }) })),
    ...(kind === 'Task' ? [] : [
      ...given('port', NO_PORTS, number => ({ ports: [{ name: 'odd', number }] })),
      ...given('port name', ['', 'HTTP', 'a b', '80', 'a'.repeat(16), 'a--b'], name => ({ ports: [{ name, number: 9090 }] })),
      ...given('scheme', ['', 'HTTP', 'http://', '1a'], scheme => ({ ports: [{ ...http, scheme }] })),
      ...given('health path', ['', 'ready', '/a b', '/\t'], path => ({ ports: [http], health: HealthCheck.http(8080, path) })),
      ...given('health port', NO_PORTS, port => ({ ports: [http], health: HealthCheck.tcp(port) })),
      ...given('header', ['', 'X Token', 'Content-Length'], name => ({ ports: [http], health: HealthCheck.http(8080, '/', { headers: { [name]: 'a' } }) })),
    ]),
  ];
}

const web = (scope: Construct, props: Partial<WorkloadProps> = {}, id = 'web') => new Workload(scope, id, { image: IMAGE, ...props });
const api = (scope: Construct) => web(scope, { ports: [{ name: 'http', number: 8080 }] }, 'api');

function ofBrokers(kind: string, make: (scope: Construct) => IBroker): WrongPart[] {
  const queue = (props: Partial<BrokeredQueueProps>) => (scope: Construct) => new BrokeredQueue(scope, 'orders', { broker: make(scope), ...props });
  const ttl = { messageTtl: Duration.hours(1), expiredToDeadLetters: false };
  const subscribe = (options: SubscribeOptions) => (scope: Construct) =>
    new BrokeredTopic(scope, 'news', { broker: make(scope), messageTtl: Duration.hours(1) }).subscribe(web(scope), { ...(kind === 'RabbitMq' ? {} : { expiredToDeadLetters: false }), ...options });
  const usual = kind === 'Kafka' ? ttl : {};
  return [
    ...each(`queue on ${kind}`, 'queueName', NO_BROKER_NAMES, (scope, queueName) => queue({ ...usual, queueName })(scope)),
    ...each(`queue on ${kind}`, 'deliveryLimit', NO_COUNTS, (scope, deliveryLimit) => queue({ ...usual, deliveryLimit })(scope)),
    ...each(`queue on ${kind}`, 'prefetch', [0, -1, 1.5, 65536], (scope, prefetch) => queue(usual)(scope).grantReceive(web(scope), { prefetch })),
    ...each(`queue on ${kind}`, 'prefix', ['', 'A-B', '1A'], (scope, prefix) => queue(usual)(scope).grantSend(web(scope), { prefix })),
    ...each(`topic on ${kind}`, 'topicName', NO_BROKER_NAMES, (scope, topicName) => new BrokeredTopic(scope, 'news', { broker: make(scope), topicName, messageTtl: Duration.hours(1) })),
    ...(kind === 'Kafka' ? [] : each(`subscription on ${kind}`, 'filter', ['', 'a..b', '.a', 'a.', 'a*b', 'a b'], (scope, filter) => subscribe({ filter })(scope))),
    ...each(`subscription on ${kind}`, 'group', ['a b', 'é', 'a.b', 'a'.repeat(101)], (scope, group) => subscribe({ group })(scope)),
    ...each(`stream on ${kind}`, 'streamName', NO_BROKER_NAMES, (scope, streamName) => new EventStream(scope, 'log', { broker: make(scope), streamName })),
  ];
}

const route = (scope: Construct, options: Partial<RouteOptions>) => new ReverseProxy(scope, 'edge', { engine: new Nginx() }).route({ to: [api(scope).endpoint()], ...options });

/** All of them. */
export const WRONG_PARTS: WrongPart[] = [
  ...ofContainers('Workload', (scope, props) => new Workload(scope, 'web', props)),
  ...ofContainers('Task', (scope, props) => new Task(scope, 'job', props)),
  ...ofContainers('SidecarPair', (scope, props) => new SidecarPair(scope, 'pair', { main: { image: IMAGE }, sidecar: props })),
  ...ofContainers('DiscoverableService', (scope, props) => new DiscoverableService(scope, 'api', { ...props, ports: [{ name: 'main', number: 80 }, ...props.ports ?? []] })),
  ...each('Workload', 'name', NO_LABELS, (scope, name) => web(scope, { name })),
  ...each('Workload', 'id', ['a'.repeat(60)], (scope, id) => web(scope, {}, id)),
  ...each('Workload', 'replicas', [...NO_COUNTS, 1001, 2 ** 53], (scope, replicas) => web(scope, { replicas })),
  ...each('Workload', 'stopGracePeriod', [0, 500, 1500], (scope, millis) => web(scope, { stopGracePeriod: Duration.millis(millis) })),
  ...each('Workload', 'port of an endpoint', ['', 'admin', 'HTTP'], (scope, name) => web(scope).connectTo(api(scope).endpoint(name))),
  ...each('Workload', 'prefix', ['', 'A-B', '1A', 'a b'], (scope, prefix) => web(scope).connectTo(api(scope).endpoint(), { prefix })),
  ...each('Workload', 'urlPath', ['', '/a', 'a//b', 'a b', '?x'], (scope, urlPath) => web(scope).connectTo(api(scope).endpoint(), { urlPath })),
  ...each('Workload', 'address', ['192.0.2.1'], (scope, host) => web(scope).connectTo(Endpoint.external(host, 80))),
  ...each('Workload', 'member', [-1, 0, 1], (scope, ordinal) => web(scope).connectTo(api(scope).memberEndpoint(ordinal))),
  ...each('PublishedPort', 'hostPort', NO_PORTS, (scope, hostPort) => api(scope).publish({ hostPort })),
  ...each('PublishedPort', 'publicPort', NO_PORTS, (scope, publicPort) => api(scope).publish({ publicPort })),
  ...each('PublishedPort', 'publicHost', NO_HOSTS, (scope, publicHost) => api(scope).publish({ publicHost })),
  ...each('PublishedPort', 'portName', ['', 'admin'], (scope, portName) => api(scope).publish({ portName })),
  ...each('LoadBalancer', 'name', NO_LABELS, (scope, name) => api(scope).publish({ balancer: new LoadBalancer(scope, 'entry', { name }) })),
  ...each('Network', 'name', NO_LABELS, (scope, name) => new Network(scope, 'net', { name }).add(web(scope))),
  ...each('Task', 'retries', [-1, 0.5, 2 ** 31], (scope, retries) => new Task(scope, 'job', { image: IMAGE, retries })),
  ...each('Task', 'completionCheck', [[], ['a\0']], (scope, completionCheck) => new Task(scope, 'job', { image: IMAGE, completionCheck })),
  ...each('ConfigFile', 'path', NO_PATHS, (scope, path) => new ConfigFile(scope, 'conf', { path, content: '' })),
  ...each('ConfigFile', 'name', NO_LABELS, (scope, name) => new ConfigFile(scope, 'conf', { name, path: '/c', content: '' })),
  ...each('ConfigFile', 'content', ['a\0', '\ud800', '@{conduit.what}'], (scope, content) => new ConfigFile(scope, 'conf', { path: '/c', content })),
  ...each('ConfigFile', 'failing source', ['no such row'], (scope, message) => new ConfigFile(scope, 'conf', { path: '/c', source: { toText: () => { throw new TypeError(message); } } })),
  ...each('Secret', 'key', ['', 'a b', 'é', 'a/b', 'a'.repeat(254)], (scope, key) => new Secret(scope, 'key', { key })),
  ...each('Secret', 'bundle', ['', 'A', 'a_b', '-a', 'é'], (scope, bundle) => new Secret(scope, 'key', { bundle })),
  ...each('Secret', 'name', NO_LABELS, (scope, name) => new Secret(scope, 'key', { name })),
  ...each('Certificate', 'hosts', NO_HOSTS.map(host => [host]), (scope, hosts) => new Certificate(scope, 'tls', { hosts })),
  ...each('Certificate', 'name', ['', 'Shop', '1st', 'a b'], (scope, name) => new Certificate(scope, 'tls', { name, hosts: ['a.example'] })),
  ...each('Volume', 'storageClass', ['', 'very fast', 'NFS', 'é'], (scope, storageClass) => web(scope).main.mountVolume(new Volume(scope, 'data', { storageClass }), '/data')),
  ...each('Volume', 'size', [Size.kibibytes(1), Size.kibibytes(1536), Size.mebibytes(0)], (scope, size) => web(scope).main.mountVolume(new Volume(scope, 'data', { size }), '/data')),
  ...each('SharedVolume', 'path', NO_PATHS, (scope, path) => new SharedVolume(scope, 'logs').grantWrite(web(scope), path)),
  ...each('ExternalClient', 'sources', NO_RANGES.map(range => [range]), (scope, sources) => new ExternalClient(scope, 'office', { sources })),
  ...each('RabbitMq', 'nodes', [0, 2, 4, -1, 1.5], (scope, nodes) => new RabbitMq(scope, 'broker', { nodes })),
  ...each('Nats', 'nodes', [0, 2, 4, -1, 1.5], (scope, nodes) => new Nats(scope, 'broker', { nodes })),
  ...each('Kafka', 'nodes', [0, 2, 4, -1, 1.5], (scope, nodes) => new Kafka(scope, 'broker', { nodes })),
  ...each('Kafka', 'queuePartitions', [...NO_COUNTS, 1001], (scope, queuePartitions) => new Kafka(scope, 'broker', { queuePartitions })),
  ...each('external RabbitMq', 'host', NO_HOSTS, (scope, host) => new RabbitMq(scope, 'broker', { external: { host, provisioning: false } })),
  ...each('external Nats', 'namePrefix', ['', 'a b', '-a', 'é'], (scope, namePrefix) => new Nats(scope, 'broker', { external: { hosts: ['a.example'], namePrefix } })),
  ...each('external Kafka', 'port', NO_PORTS, (scope, port) => new Kafka(scope, 'broker', { external: { hosts: ['a.example'], port } })),
  ...each('PostgreSql', 'maxConnections', [0, 9, 10_001, 20.5], (scope, maxConnections) => new PostgreSql(scope, 'db', { maxConnections })),
  ...each('PostgreSql', 'database', NO_DATABASES, (scope, database) => new PostgreSql(scope, 'db').grantUse(web(scope), { database, access: DatabaseAccess.OWN })),
  ...each('ReverseProxy', 'hosts', NO_HOSTS.map(host => [host]), (scope, hosts) => {
    new ReverseProxy(scope, 'edge', { engine: new Nginx(), hosts }).route({ to: [api(scope).endpoint()] });
  }),
  ...each('ReverseProxy', 'httpPort', NO_PORTS, (scope, httpPort) => new ReverseProxy(scope, 'edge', { engine: new Nginx(), httpPort }).route({ to: [api(scope).endpoint()] })),
  ...each('route', 'path', ['', 'a', '/a/', '/a//b', '/a b', '/é', '/../a'], (scope, path) => route(scope, { path })),
  ...each('route', 'host', NO_HOSTS, (scope, host) => route(scope, { host })),
  ...each('route', 'retries', [-1, 0.5, 11], (scope, retries) => route(scope, { retries })),
  ...each('route', 'to', [[]], (scope, to) => route(scope, { to })),
  ...each('image', 'reference', NO_IMAGES, (scope, reference) => Application.of(scope).images.register({ name: `x${scope.node.id}`, reference, uid: 1, gid: 1, tools: [] })),
  ...ofBrokers('RabbitMq', scope => new RabbitMq(scope, 'broker')),
  ...ofBrokers('Nats', scope => new Nats(scope, 'broker')),
  ...ofBrokers('Kafka', scope => new Kafka(scope, 'broker')),
];
