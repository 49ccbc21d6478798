// Each option of the model changes what each target makes, or the target reports that it does not.
import {
  Application, Certificate, CertificateProps, ComposeProject, ConfigFile, ConfigFileProps, ConnectOptions, ContainerProps, Endpoint, EnvValue,
  Exposure, ExternalEndpointOptions, HealthCheck, HealthCheckOptions, HttpHealthCheckOptions, ImageCatalogue, ImageCatalogueProps, KubernetesChart,
  LoadBalancer, LoadBalancerProps,
  MountOptions, Network, NetworkProps, Port, Privileges, Protocol, PublishOptions, Resources,
  RestartPolicy, Secret, SecretProps, TargetOutput, Task, TaskProps, Volume, VolumeProps, Workload, WorkloadProps,
} from 'cdk8s-conduit';
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { Duration, Size } from 'cdk8s';

const IMAGE = 'registry.example/acme/app:1.0';
const HTTP: Port = { name: 'http', number: 8080 };

/** Applications that differ in one option; the one without it comes first. */
type Pair = [without: Application, made: Application];
interface Row {
  readonly pair: () => Pair;
  /** Features that a target says to do by other means, where its output is the same. */
  readonly reported: { readonly Kubernetes?: string; readonly Compose?: string };
}
const rows = new Map<string, Row>();

/** Adds a row for each option of a struct: the value that it is given, beside what it needs, and what is reported. */
function struct<T>(name: string, build: (shop: Application, props: any) => unknown, options: { [Key in keyof Required<T>]: [value: T[Key], needs?: object, reported?: Row['reported']] }): void {
  for (const [option, [value, needs = {}, reported = {}]] of Object.entries<[unknown, object?, Row['reported']?]>(options as any)) {
    const shopWith = (props: object) => {
      const shop = new Application('shop');
      build(shop, props);
      return shop;
    };
    rows.set(`${name}.${option}`, { pair: () => [shopWith(needs), shopWith({ ...needs, [option]: value })], reported });
  }
}
const workload = (shop: Application, props: Partial<WorkloadProps> = {}, id = 'web') => new Workload(shop, id, { image: IMAGE, ...props });

const CONTAINER: Parameters<typeof struct<Omit<ContainerProps, 'ports'>>>[2] = {
  image: ['registry.example/acme/app:1.1'],
  buildContext: [{ directory: 'app' }, {}, { Kubernetes: 'image that is built here' }],
  command: [['run']],
  args: [['now']],
  env: [{ A: EnvValue.literal('a') }],
  health: [HealthCheck.command(['check'])],
  resources: [{ memoryLimit: Size.mebibytes(300) }],
  uid: [70],
  gid: [70],
  writablePaths: [['/tmp']],
  privileges: [Privileges.rootThenDrop({ reason: 'it gives its files away' })],
  stopSignal: ['SIGQUIT'],
};
struct<WorkloadProps>('WorkloadProps', workload, {
  ...CONTAINER,
  ports: [[HTTP]],
  name: ['other'],
  replicas: [2],
  stable: [true],
  clustered: [true, { stable: true, replicas: 3, ports: [HTTP] }],
  restart: [RestartPolicy.ON_FAILURE, {}, { Kubernetes: 'restart on failure only' }],
  stopGracePeriod: [Duration.seconds(90)],
});
struct<ContainerProps>('ContainerProps', (shop, props) => workload(shop).addSidecar('agent', { image: IMAGE, ...props }), { ...CONTAINER, ports: [[HTTP]] });
struct<Omit<TaskProps, 'ports'>>('TaskProps', (shop, props) => workload(shop).waitFor(new Task(shop, 'task', { image: IMAGE, completionCheck: ['true'], ...props })), {
  ...CONTAINER,
  name: ['other'],
  retries: [3],
  completionCheck: [['done'], {}, { Compose: 'completion check of a task' }],
});
struct<{ directory: string; file?: string }>('BuildContext', (shop, buildContext) => workload(shop, { buildContext: { directory: 'app', ...buildContext } }), {
  directory: ['other', {}, { Kubernetes: 'image that is built here' }],
  file: ['Other', {}, { Kubernetes: 'image that is built here' }],
});
struct<Port>('Port', (shop, port) => workload(shop).connectTo(workload(shop, { ports: [{ ...HTTP, ...port }] }, 'api').endpoint()), {
  name: ['web', {}, { Compose: 'named ports' }],
  number: [8081],
  protocol: [Protocol.UDP],
  scheme: ['ftp'],
});
struct<HealthCheckOptions>('HealthCheckOptions', (shop, options) => workload(shop, { health: HealthCheck.command(['check'], options) }), {
  interval: [Duration.seconds(9)],
  timeout: [Duration.seconds(9)],
  failureThreshold: [9],
  startPeriod: [Duration.seconds(9), {}, { Kubernetes: 'time in which a starting container may fail its health check' }],
});
struct<Omit<HttpHealthCheckOptions, keyof HealthCheckOptions>>('HttpHealthCheckOptions', (shop, options) => workload(shop, { ports: [HTTP], health: HealthCheck.http(8080, '/', options) }), {
  headers: [{ 'X-Token': 'a' }],
  tls: [true],
});
struct<Resources>('Resources', (shop, resources) => workload(shop, { resources }), {
  cpuRequest: [0.5],
  cpuLimit: [0.5],
  cpuUnlimited: [true],
  memoryRequest: [Size.mebibytes(100)],
  memoryLimit: [Size.mebibytes(100)],
  diskLimit: [Size.mebibytes(100), {}, { Compose: 'requested processors and disk limit' }],
});
struct<ExternalEndpointOptions>('ExternalEndpointOptions', (shop, options) => workload(shop).connectTo(Endpoint.external('db.example', 5432, options), { prefix: 'DB' }), {
  protocol: [Protocol.UDP, {}, { Compose: 'address and port of a connection to an external endpoint' }],
  scheme: ['postgres'],
  addresses: [['192.0.2.0/24'], {}, { Compose: 'address and port of a connection to an external endpoint' }],
});
struct<Omit<ConnectOptions, 'flow'>>('ConnectOptions', (shop, options) => workload(shop).connectTo(workload(shop, { ports: [HTTP] }, 'api').endpoint(), options), {
  prefix: ['OTHER'],
  waits: [false],
  urlPath: ['v1'],
  variables: [{ ADDRESS: 'API_ADDR' }],
});
struct<MountOptions>('MountOptions', (shop, options) => workload(shop).main.mountVolume(new Volume(shop, 'data'), '/data', options), {
  readOnly: [true],
  subdirectory: ['sub'],
});
struct<VolumeProps>('VolumeProps', (shop, props) => workload(shop, { stable: true }).main.mountVolume(new Volume(shop, 'data', props), '/data'), {
  name: ['other'],
  persistent: [true, {}, { Compose: 'size and class of storage' }],
  size: [Size.gibibytes(2), {}, { Compose: 'size and class of storage' }],
  storageClass: ['fast', {}, { Compose: 'size and class of storage' }],
  sharedStorageClass: ['nfs', {}, { Compose: 'size and class of storage' }],
  perMember: [true, {}, { Compose: 'size and class of storage' }],
});
struct<SecretProps>('SecretProps', (shop, props) => workload(shop).main.mountSecret(new Secret(shop, 'token', props)), {
  name: ['other'],
  key: ['password'],
  bundle: ['others'],
  hosts: [['web'], { key: 'tls.crt' }, { Kubernetes: 'value of a secret' }],
  existing: [true, {}, { Kubernetes: 'value of a secret' }],
  urlSafe: [true, { existing: true }, { Kubernetes: 'value of a secret' }],
});
struct<CertificateProps>('CertificateProps', (shop, props) => {
  const { chain, key, caCertificates } = new Certificate(shop, 'tls', { hosts: ['web'], ...props });
  const { main } = workload(shop);
  for (const secret of [chain, key, caCertificates]) main.mountSecret(secret);
}, { hosts: [['other'], {}, { Kubernetes: 'value of a secret' }], name: ['other'] });
struct<ConfigFileProps>('ConfigFileProps', (shop, props) => workload(shop).main.mountConfigFile(new ConfigFile(shop, 'conf', { path: '/conf', ...props.source ? {} : { content: 'a' }, ...props })), {
  name: ['other'],
  path: ['/other'],
  content: ['b'],
  source: [{ toText: () => 'b' }],
});
struct<Omit<PublishOptions, 'checksSources' | 'balancer' | 'proxyProtocolPort' | 'eachMember' | 'publicHosts'>>('PublishOptions', (shop, options) => workload(shop, { ports: [HTTP, { name: 'admin', number: 9090 }] }).publish({ portName: 'http', ...options }), {
  portName: ['admin'],
  exposure: [Exposure.hostAddress('192.0.2.7'), {}, { Kubernetes: 'a port published at one address of the host' }],
  hostPort: [9000],
  publicHost: ['shop.example'],
  publicPort: [443],
  prefix: ['OTHER'],
});
struct<Pick<PublishOptions, 'eachMember' | 'publicHosts'>>('PublishOptions',
  (shop, options) => workload(shop, { ports: [HTTP], replicas: 2, stable: true }).publish({ exposure: Exposure.sources(['192.0.2.0/24']), ...options }), {
    eachMember: [true],
    publicHosts: [['a.shop.example', 'b.shop.example'], { eachMember: true }],
  });

const balanced = (shop: Application, props: LoadBalancerProps = {}, options: PublishOptions = {}) => {
  const balancer = new LoadBalancer(shop, 'entry', { exposure: Exposure.everyoneOnTheInternet(), ...props });
  workload(shop, { ports: [HTTP, { name: 'proxied', number: 9090 }] }).publish({ portName: 'http', balancer, ...options });
};
struct<LoadBalancerProps>('LoadBalancerProps', balanced, {
  name: ['other'],
  exposure: [Exposure.sources(['192.0.2.0/24'])],
  publicHost: ['shop.example'],
});
struct<Pick<PublishOptions, 'proxyProtocolPort'>>('PublishOptions', (shop, options) => balanced(shop, {}, options), { proxyProtocolPort: ['proxied'] });

struct<NetworkProps>('NetworkProps', (shop, props) => {
  const network = new Network(shop, 'net', props);
  for (const id of ['web', 'api']) network.add(workload(shop, { ports: [HTTP] }, id));
}, { name: ['other'] });
for (const [option, images] of Object.entries<ImageCatalogueProps>({ mirror: { mirror: 'mirror.example' }, replace: { replace: { [ImageCatalogue.TOOLS]: 'tools:1' } } })) {
  const shopWith = (props: ImageCatalogueProps) => {
    const shop = new Application('shop', { images: props });
    workload(shop).main.mountVolume(new Volume(shop, 'data'), '/data');
    return shop;
  };
  rows.set(`ImageCatalogueProps.${option}`, { pair: () => [shopWith({}), shopWith(images)], reported: {} });
}

/** Options that no target is told of by themselves. */
const ELSEWHERE = {
  'ApplicationProps.images': 'its own properties are here',
  'AnnounceOptions.eachMember': 'part of PublishOptions',
  'AnnounceOptions.portName': 'the same',
  'AnnounceOptions.publicHosts': 'the same',
  'ConnectOptions.flow': 'only pictures show it',
  'ExposureOptions.ipv6': 'part of PublishOptions.exposure',
  'ExternalClientProps.exposure': 'a server that grants it something is published to it: test/brokers/external-clients.test.ts',
  'ExternalClientProps.sources': 'the same',
  'LiteralOptions.notSecret': 'it answers a check',
  'PublishOptions.balancer': 'LoadBalancerProps are of what it adds',
  'PublishOptions.checksSources': 'it answers a refusal',
  'RootThenDropOptions.reason': 'fidelity tells it',
};

/** What a target makes of an application, and which features it does by other means. */
function make(target: { render(application: Application): TargetOutput }, application: Application): { files: string; features: (string | undefined)[] } {
  try {
    const { files, fidelity } = target.render(application);
    return { files: JSON.stringify(files), features: fidelity.map(({ feature }) => feature) };
  } catch (error) {
    return { files: '', features: [...(error as Error).message.matchAll(/: (.*?) cannot be had on/g)].map(([, feature]) => feature) };
  }
}
const TARGETS = { Kubernetes: KubernetesChart.target({ kubernetesVersion: '1.30', secretStore: { name: 'vault' } }), Compose: ComposeProject.target() };

describe.each(Object.entries(TARGETS))('%s', (name, target) => {
  test.each([...rows])('%s changes something, or it is reported that it does not', (_, { pair, reported }) => {
    const [without, made] = pair().map(application => make(target, application));
    const feature = reported[name as keyof typeof TARGETS];
    expect(without.files).not.toBe('');
    if (feature === undefined) return expect(made.files).not.toBe(without.files);
    return expect(made.features).toContain(feature);
  });
});

test('no option is missing here', () => {
  const folder = join(__dirname, '../../src/model');
  const options = readdirSync(folder).flatMap(file => [...readFileSync(join(folder, file), 'utf8').matchAll(/^export interface (\w+)[^\n]*\{\n(.*?)^\}/gms)])
    .filter(([, name]) => /(Props|Options|Context|Resources|Port)$/.test(name) && !/^(Resolved|Primitive)/.test(name))
    .flatMap(([, name, text]) => [...text.matchAll(/^ {2}readonly (\w+)/gm)].map(([, option]) => `${name}.${option}`));
  expect(options.length).toBeGreaterThan(50);
  expect(options.filter(option => !rows.has(option)).sort()).toEqual(Object.keys(ELSEWHERE).sort());
});
