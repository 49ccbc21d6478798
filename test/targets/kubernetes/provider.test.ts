// Providers of somebody else's: what they make stands in the place of what the chart makes, and everything else follows.
import {
  Application, ConfigFile, Endpoint, FidelityLevel, IProvider, IProviderContext, KubernetesChart, KubernetesChartProps, Network, Primitive, Protocol, Provision,
  Secret, Task, Volume, Workload, WorkloadBase, WorkloadProps,
} from 'cdk8s-conduit';
import { App } from 'cdk8s';
import { Policies } from '../../../src/contracts/targets/network-policy';
import { Objects } from '../objects';

const IMAGE = 'registry.example/acme/app:1.0';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const workload = (id: string, props: Partial<WorkloadProps> = {}) => new Workload(shop, id, { image: IMAGE, ...props });
const server = (id: string, props: Partial<WorkloadProps> = {}) => workload(id, { ports: [{ name: 'http', number: 8080 }], ...props });

/** Answers about one primitive. */
class Answer implements IProvider {
  public readonly asked: Primitive[] = [];
  public context?: IProviderContext;

  public constructor(private readonly of: Primitive, private readonly provision: Provision) {}

  public provide(primitive: Primitive, context: IProviderContext): Provision | undefined {
    this.asked.push(primitive);
    this.context = context;
    return primitive === this.of ? this.provision : undefined;
  }
}

const custom = (name: string, kind = 'Thing') => ({ apiVersion: 'things.example/v1', kind, metadata: { name } });
const chart = (providers: IProvider[], props: Partial<KubernetesChartProps> = {}) => new KubernetesChart(new App(), 'shop', { application: shop, providers, ...props });
const lower = (providers: IProvider[], props: Partial<KubernetesChartProps> = {}) => new Objects(chart(providers, props).toJson());
const label = (name: string) => ({ 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': 'shop' });

test('every primitive is asked for once, and everything that nobody answers for is as it is without providers', () => {
  const web = server('web');
  workload('client').connectTo(web.endpoint());
  const key = new Secret(shop, 'key');
  const nobody = new Answer(new Secret(new Application('other'), 'key'), { manifests: [] });
  const context = { namespace: 'prod', clusterDomain: 'cluster.example', imagePullSecrets: ['registry'] };
  expect(lower([nobody], context).objects).toEqual(lower([], context).objects);
  expect(nobody.asked.map(({ node }) => node.path).sort()).toEqual(['shop/client', 'shop/key', 'shop/web']);
  expect(nobody.context).toMatchObject(context);
  expect(nobody.asked).toContain(key);
});

test('objects in the place of a workload leave nothing of it: no pods, no Service and no policy', () => {
  const web = server('web', { replicas: 3 });
  const before = lower([]).objects.map(({ kind }) => kind);
  expect(before).toEqual(expect.arrayContaining(['Deployment', 'Service', 'PodDisruptionBudget']));
  const { objects } = lower([new Answer(web, { manifests: [custom('web')] })]);
  expect(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual(['ServiceAccount/shop', 'NetworkPolicy/conduit-default-deny-shop', 'Thing/web']);
});

test('pods of somebody else are behind the same names, and within the same edges', () => {
  const store = server('store', { stable: true, replicas: 2 });
  workload('client').connectTo(store.endpoint());
  store.connectTo(server('log').endpoint());
  const pod = (index: number) => ({ thing: 'store', index: `${index}` });
  const pods = { labels: { thing: 'store' }, hosts: { 'store': { thing: 'store' }, 'store-0': pod(0), 'store-1': pod(1) } };
  const made = lower([new Answer(store, { manifests: [custom('store')], pods })], { namespace: 'shop' });
  expect(made.names('StatefulSet')).toEqual([]);
  expect(made.find('Service', 'store').spec).toMatchObject({ selector: { thing: 'store' }, ports: [{ port: 8080, targetPort: 8080 }] });
  expect(made.find('Service', 'store-1').spec.selector).toEqual(pod(1));
  const policies = new Policies(made.objects, { 'kubernetes.io/metadata.name': 'shop' });
  const labels = (name: string) => made.find('Deployment', name).spec.template.metadata.labels;
  const tcp = { port: 8080, protocol: 'TCP' as const, name: 'http' };
  expect(policies.connects(labels('client'), pod(0), tcp)).toBe(true);
  expect(policies.connects(pod(0), labels('log'), tcp)).toBe(true);
  expect(policies.connects(labels('log'), pod(0), tcp)).toBe(false);
  expect(policies.connects(pod(0), pod(1), tcp)).toBe(false);
});

test('pods that belong together reach each other, and a network reaches them by their labels', () => {
  const store = server('store');
  const network = new Network(shop, 'backend');
  for (const member of [store, server('web')]) network.add(member);
  const made = lower([new Answer(store, { pods: { labels: { thing: 'store' }, peers: { things: 'all' } } })], { namespace: 'shop' });
  const policies = new Policies(made.objects, { 'kubernetes.io/metadata.name': 'shop' });
  const pod = { things: 'all', thing: 'store' };
  const { labels } = made.find('Deployment', 'web').spec.template.metadata;
  expect(policies.connects(pod, pod, { port: 9999, protocol: 'TCP' })).toBe(true);
  expect(policies.connects(labels, pod, { port: 8080, protocol: 'TCP' })).toBe(true);
  expect(policies.connects(labels, pod, { port: 9999, protocol: 'TCP' })).toBe(false);
  expect(policies.connects(pod, labels, { port: 8080, protocol: 'TCP', name: 'http' })).toBe(true);
});

test('where an edge begins at what has no pods, nobody is let in but who the provider says', () => {
  const web = server('web');
  const proxy = server('proxy');
  proxy.connectTo(web.endpoint());
  const gateway = { workload: web, port: 8080, namespaceName: 'gateways', podLabels: { app: 'gateway' } };
  const made = lower([new Answer(proxy, { manifests: [custom('proxy', 'Route')], callers: [gateway] })]);
  expect(made.find('NetworkPolicy', 'web').spec.ingress).toEqual([{
    from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gateways' } }, podSelector: { matchLabels: { app: 'gateway' } } }],
    ports: [{ port: 8080, protocol: 'TCP' }],
  }]);
});

test('who comes from one place comes by one rule, with each port once, whoever says it', () => {
  const web = server('web');
  const caller = (port: number, namespaceName: string, protocol?: Protocol) => ({ workload: web, port, namespaceName, protocol });
  const first = new Answer(web, { callers: [caller(9090, 'metrics'), caller(443, 'metrics'), caller(9090, 'metrics')] });
  const second = new Answer(web, { callers: [caller(443, 'metrics', Protocol.UDP), caller(8080, 'edge')] });
  const made = lower([first, second]);
  const from = (name: string) => [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } }];
  expect(made.find('NetworkPolicy', 'web').spec.ingress).toEqual([
    { from: from('edge'), ports: [{ port: 8080, protocol: 'TCP' }] },
    { from: from('metrics'), ports: [{ port: 443, protocol: 'TCP' }, { port: 443, protocol: 'UDP' }, { port: 9090, protocol: 'TCP' }] },
  ]);
  expect(made.names('Deployment')).toEqual(['web']);
});

test('a config file has another text, and pods notice that it has changed', () => {
  const file = new ConfigFile(shop, 'settings', { path: '/etc/settings', content: `own ${ConfigFile.DNS_SUFFIX}` });
  workload('web').main.mountConfigFile(file);
  const volumesOf = (made: Objects) => made.find('Deployment', 'web').spec.template.spec.volumes;
  const [usual, made] = [lower([], { namespace: 'shop' }), lower([new Answer(file, { text: 'another' })])];
  expect(made.find('ConfigMap', 'settings').data).toEqual({ content: 'another' });
  expect(volumesOf(made)).not.toEqual(volumesOf(usual));
});

test('a config file that somebody else makes is mounted, and found, by its own name', () => {
  const file = new ConfigFile(shop, 'settings', { path: '/etc/settings', content: 'own' });
  const other = new ConfigFile(shop, 'others', { path: '/etc/others', content: 'own' });
  const web = workload('web');
  for (const each of [file, other]) web.main.mountConfigFile(each);
  const provided = lower([new Answer(file, { manifests: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { content: 'a' } }] })]);
  expect(provided.find('Deployment', 'web').spec.template.spec.volumes).toContainEqual({ name: 'config-settings', configMap: { name: 'settings' } });
  const left = lower([new Answer(web, { manifests: [custom('web')], pods: { labels: { run: 'web' } } })]);
  expect(left.objects.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name)).toEqual(['others', 'settings']);
});

test('whoever waits for a task does so by the check that the provider gave, also where the task has none', () => {
  const task = new Task(shop, 'migrate', { image: IMAGE });
  workload('web').waitFor(task);
  expect(() => lower([])).toThrow("give the task a 'completionCheck'");
  const made = lower([new Answer(task, { manifests: [custom('migrate')], completionCheck: ['see', '$(HOME)'] })]);
  expect(made.names('Job')).toEqual([]);
  expect(made.find('Deployment', 'web').spec.template.spec.initContainers.at(-1)).toMatchObject({ name: 'conduit-await-migrate', command: expect.arrayContaining(['see', '$$(HOME)']) });
});

test('a secret has data and labels beside its value where a store fills it, and none where a provider makes it', () => {
  const [key, token] = ['key', 'token'].map(id => new Secret(shop, id));
  const secretStore = { name: 'vault' };
  const beside = lower([new Answer(key, { secretData: { user: 'me' }, secretLabels: { seen: 'yes' } })], { secretStore });
  expect(beside.find('ExternalSecret', 'key').spec.target).toEqual({ name: 'key', template: { mergePolicy: 'Merge', metadata: { labels: { seen: 'yes' } }, data: { user: 'me' } } });
  expect(beside.find('ExternalSecret', 'token').spec.target).toEqual({ name: 'token' });
  const made = lower([new Answer(token, { manifests: [custom('token')] })], { secretStore });
  expect(made.names('ExternalSecret')).toEqual([key.name]);
  expect(made.names('Thing')).toEqual(['token']);
});

test('storage is made by a provider, too', () => {
  const data = new Volume(shop, 'data', { persistent: true });
  workload('web').main.mountVolume(data, '/data');
  expect(lower([]).names('PersistentVolumeClaim')).toEqual(['data']);
  const made = lower([new Answer(data, { manifests: [custom('data')] })]);
  expect(made.names('PersistentVolumeClaim')).toEqual([]);
  expect(made.find('Deployment', 'web').spec.template.spec.volumes[0].persistentVolumeClaim.claimName).toBe('data');
});

test('kinds that are not of Kubernetes stand before Jobs in the order that they were given in, and others among their own', () => {
  new Task(shop, 'task', { image: IMAGE });
  const web = workload('web');
  workload('api');
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'more' } };
  const made = lower([new Answer(web, { manifests: [custom('z', 'User'), custom('b', 'Cluster'), deployment, custom('a', 'User')] })]);
  expect(made.objects.slice(5).map(({ kind, metadata }) => `${kind}/${metadata.name}`.replace(/-[0-9a-f]{10}$/, '')))
    .toEqual(['Deployment/more', 'User/z', 'User/a', 'Cluster/b', 'Job/task']);
});

test('the first that makes a primitive does, and who comes because of another is not let in; a provider that is never first is refused', () => {
  const [web, api] = [server('web'), server('api')];
  const callers = (namespaceName: string) => [{ workload: api, port: 1, namespaceName }];
  const first = new Answer(web, { manifests: [custom('first')], callers: callers('one') });
  const second: IProvider = { provide: primitive => ({ manifests: [custom(`second-${primitive.name}`)], pods: { labels: { thing: primitive.name } }, callers: callers('two') }) };
  const made = lower([first, second]);
  expect(made.names('Thing')).toEqual(['second-api', 'first']);
  expect(lower([first]).find('NetworkPolicy', 'api').spec.ingress).toHaveLength(1);
  const late = new Answer(web, { manifests: [], callers: callers('two') });
  expect(() => lower([first, late])).toThrow('shop: provider 2 makes nothing that those before it do not make, such as shop/web; leave out one of them');
  expect(lower([new Answer(web, { callers: callers('two') }), first]).find('NetworkPolicy', 'api').spec.ingress).toHaveLength(2);
});

test('what is added to a secret adds up, whoever makes it', () => {
  const key = new Secret(shop, 'key');
  const secretStore = { name: 'vault' };
  const [one, two] = [new Answer(key, { secretData: { a: '1', b: '1' } }), new Answer(key, { secretData: { b: '2', c: '2' }, secretLabels: { two: 'yes' } })];
  expect(lower([one, two], { secretStore }).find('ExternalSecret', 'key').spec.target.template)
    .toEqual({ mergePolicy: 'Merge', metadata: { labels: { two: 'yes' } }, data: { a: '1', b: '1', c: '2' } });
  const maker = new Answer(key, { manifests: [custom('key')] });
  expect(lower([one, maker, two], { secretStore }).names('Thing')).toEqual(['key']);
});

test('the report says what a provider does by other means, of whatever construct, and what it refuses is refused', () => {
  const web = server('web');
  const key = new Secret(shop, 'key');
  const deviation = { level: FidelityLevel.EMULATED, feature: 'web', reason: 'by a thing' };
  const { fidelity } = chart([new Answer(web, { manifests: [], deviations: [deviation, { ...deviation, path: key.node.path, feature: 'key' }] })]);
  expect(fidelity.filter(({ feature }) => feature !== 'value of a secret')).toEqual([{ path: 'shop/key', ...deviation, feature: 'key' }, { path: 'shop/web', ...deviation }]);
  const refused = { level: FidelityLevel.REFUSED, feature: 'a web', reason: 'there is none', remedy: 'leave it out' };
  expect(() => chart([new Answer(web, { deviations: [refused] })])).toThrow('shop/web: a web cannot be had on Kubernetes: there is none; leave it out');
});

test('a connection is refused to a name that a provider gave to no pods, before anything waits for it', () => {
  const store = server('store', { stable: true, replicas: 2 });
  const client = workload('client');
  client.connectTo(store.endpoint());
  const labels = { thing: 'store' };
  const refusal = 'shop/client: connection to a name that nobody makes cannot be had on Kubernetes';
  expect(() => lower([new Answer(store, { manifests: [] })])).toThrow(refusal);
  expect(() => lower([new Answer(store, { pods: { labels } })])).toThrow(refusal);
  expect(() => lower([new Answer(store, { pods: { labels, hosts: { 'store': labels, 'store-0': labels } } })])).toThrow(refusal);
  expect(() => lower([new Answer(store, { pods: { labels, hosts: { 'store': labels, 'store-0': labels, 'store-1': labels } } })])).not.toThrow();
});

test('what cannot be used is refused together', () => {
  const web = server('web');
  const foreign = new Workload(new Application('other'), 'web', { image: IMAGE });
  const wrong = new Answer(web, { manifests: [{ kind: 'Thing', metadata: { name: 'web' } }], callers: [{ workload: foreign, port: 1, namespaceName: 'things' }] });
  expect(() => lower([wrong])).toThrow(
    "shop: what is made in the place of shop/web must have 'apiVersion', 'kind' and 'metadata.name', got {\"kind\":\"Thing\",\"metadata\":{\"name\":\"web\"}}\n"
    + 'shop: who connects because of shop/web connects to other/web, which belongs to another application; give the provider to the chart of that one');
  const nowhere = new Answer(web, { callers: [{ workload: web, port: 1, namespaceName: 'No Where' }] });
  expect(() => lower([nowhere])).toThrow("shop/web: 'namespaceName' must be at most 63 lower-case letters, digits and hyphens, got 'No Where'");
});

test('a provider learns the labels of pods whoever makes them, unless both ask each other', () => {
  const [web, api, task] = [server('web'), server('api'), new Task(shop, 'task', { image: IMAGE })];
  const asking = (own: WorkloadBase, others: WorkloadBase[]): IProvider => ({
    provide: (primitive, context) => primitive !== own ? undefined : {
      manifests: others.map(other => ({ ...custom(`${own.name}-${other.name}`), spec: context.podLabelsOf(other) ?? 'none' })), pods: { labels: { own: own.name } },
    },
  });
  const made = lower([asking(api, [web, task]), new Answer(task, { manifests: [] }), new Answer(web, { pods: { labels: { a: 'web' } } })]);
  expect(made.find('Thing', 'api-web').spec).toEqual({ a: 'web' });
  expect(made.find('Thing', 'api-task').spec).toBe('none');
  expect(lower([asking(api, [web])]).find('Thing', 'api-web').spec).toEqual(label('web'));
  expect(() => lower([asking(api, [web]), asking(web, [api])])).toThrow('shop/api: the labels of its pods are asked for by whoever is to say them; leave out one of the providers');
});

test('whoever reads a backlog scales by it, and what nobody reads is refused', () => {
  const scaled = ['one', 'two'].map(id => {
    const worker = workload(id);
    const password = new Secret(shop, `${id}-password`);
    return worker.scaleBy({ backlog: { protocol: 'letters', values: {} }, targetBacklog: 1, endpoint: Endpoint.external('192.0.2.1', 1), userName: id, password }, { max: 2 });
  });
  const postman = (...scalings: Primitive[]) => scalings.map(each => new Answer(each, { manifests: [custom(each.name, 'Postman')] }));
  const made = lower(postman(...scaled));
  expect(made.names('Postman')).toEqual(['one', 'two']);
  expect(made.find('Deployment', 'one').spec).not.toHaveProperty('replicas');
  expect(() => lower(postman(scaled[0]))).toThrow('shop/two/Scaling: replicas that follow a backlog cannot be had on Kubernetes');
});
