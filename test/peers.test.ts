// The application on which other tools were measured, and everything that one of them dropped or broke without a word.
import {
  Application, BrokeredQueue, ComposeProject, ConfigFile, DiscoverableService, EnvValue, HealthCheck, KubernetesChart, RabbitMq, RestartPolicy, Secret,
  SharedVolume, SidecarPair, Volume, Workload,
} from 'cdk8s-conduit';
import { App, Size, Testing as Cdk8sTesting, Yaml } from 'cdk8s';
import { Both } from './targets/both';

const OWN = 'registry.example/acme/shop:1.0';

/** An order service sends to a queue of two workers; behind nginx, with PostgreSQL, and logs that a shipper reads. */
function shopApplication(): Application {
  const shop = new Application('shop');
  const queue = new BrokeredQueue(shop, 'orders-queue', { broker: new RabbitMq(shop, 'broker') });

  const db = new Workload(shop, 'db', {
    image: 'postgres:17.2',
    uid: 999,
    gid: 999,
    stable: true,
    ports: [{ name: 'sql', number: 5432 }],
    health: HealthCheck.command(['sh', '-c', 'pg_isready -U "$POSTGRES_USER"']),
    writablePaths: ['/var/run/postgresql'],
    env: { POSTGRES_PASSWORD_FILE: EnvValue.secretFile(new Secret(shop, 'db-password')) },
  });
  db.main.mountVolume(new Volume(shop, 'db-data', { perMember: true }), '/var/lib/postgresql/data');

  const orders = new DiscoverableService(shop, 'orders', {
    image: OWN,
    port: 8080,
    health: HealthCheck.http(8080, '/health'),
    resources: { cpuRequest: 0.2, cpuLimit: 0.5, memoryRequest: Size.mebibytes(100), memoryLimit: Size.mebibytes(200) },
  });
  orders.connectTo(db.endpoint(), { prefix: 'DB' });
  queue.grantSend(orders);

  for (const id of ['inventory', 'shipping']) queue.grantReceive(new Workload(shop, id, { image: OWN, replicas: 3, restart: RestartPolicy.ON_FAILURE }));

  const proxy = new SidecarPair(shop, 'proxy', {
    main: { image: 'nginxinc/nginx-unprivileged:1.26-alpine', uid: 101, gid: 101, ports: [{ name: 'http', number: 8081 }] },
    sidecar: { image: 'registry.example/acme/agent:1.0', ports: [{ name: 'metrics', number: 9113 }] },
    sharedDirectory: '/shared',
  });
  proxy.main.mountConfigFile(new ConfigFile(shop, 'nginx', { path: '/etc/nginx/conf.d/default.conf', content: 'server {}\n' }));
  proxy.connectTo(orders.endpoint());

  const logs = new SharedVolume(shop, 'logs');
  logs.grantWrite(orders, '/var/log/orders');
  logs.grantRead(new Workload(shop, 'shipper', { image: 'registry.example/acme/shipper:1.0' }), '/logs');
  return shop;
}

const both = new Both(shopApplication(), { kubernetesVersion: '1.29' });
const services: Record<string, any> = both.compose.services;
const pods: any[] = both.objects.flatMap(object => object.spec?.template?.spec ?? []);
const containers: any[] = pods.flatMap(pod => [...pod.initContainers ?? [], ...pod.containers]);

describe('done right, unlike by kompose:', () => {
  test('replicas that restart on failure became one bare Pod', () => {
    expect(both.names('Pod')).toEqual([]);
    expect(both.find('Deployment', 'inventory').spec.replicas).toBe(3);
    expect(services.inventory).toMatchObject({ deploy: { replicas: 3 }, restart: 'on-failure' });
  });

  test('a volume that one writes and another reads became read-only for both', () => {
    expect(both.find('PersistentVolumeClaim', 'logs').spec.accessModes).toEqual(['ReadWriteOnce']);
    const mount = (name: string) => both.container(name).volumeMounts.find((each: any) => each.name === 'volume-logs');
    expect([mount('orders').readOnly, mount('shipper').readOnly]).toEqual([undefined, true]);
    expect([services.orders.volumes[0].read_only, services.shipper.volumes[0].read_only]).toEqual([undefined, true]);
  });

  test('the text of a health check became one word', () => {
    expect(both.container('db').readinessProbe.exec.command).toEqual(['sh', '-c', 'pg_isready -U "$POSTGRES_USER"']);
    expect(services['db-0'].healthcheck.test).toEqual(['CMD', 'sh', '-c', 'pg_isready -U "$$POSTGRES_USER"']);
  });

  test('a secret was mounted over the directory of its path', () => {
    const [volume] = both.pod('db').volumes.filter(({ projected }: any) => projected);
    expect(volume.projected.sources).toEqual([{ secret: { name: 'db-password', items: [{ key: 'value', path: 'db-password' }] } }]);
    expect(both.container('db').volumeMounts).toContainEqual({ name: volume.name, mountPath: '/run/secrets', readOnly: true });
    expect(both.env('db', 'db-0').kubernetes.POSTGRES_PASSWORD_FILE).toBe('/run/secrets/db-password');
  });

  test('conditions of the start, networks and no-new-privileges were gone', () => {
    expect(both.container('orders', 'conduit-wait').command.slice(4)).toEqual(['broker-0:5672', 'broker:5672', 'db-0:5432', 'db:5432']);
    expect(services.orders.depends_on).toMatchObject({ 'broker-0': { condition: 'service_healthy' }, 'db-0': { condition: 'service_healthy' } });
    expect(both.names('NetworkPolicy')).toEqual(['broker', 'conduit-default-deny-shop', 'db', 'inventory', 'orders', 'proxy', 'shipper', 'shipping']);
    expect(Object.values<any>(both.compose.networks).map(({ internal }) => internal)).toEqual(Array(5).fill(true));
    for (const { securityContext } of containers) expect(securityContext.allowPrivilegeEscalation).toBe(false);
  });

  test('a published port became a service of the cluster alone', () => {
    // nothing is published here, and nothing pretends to be: a port is open to those who connect to it, on both targets
    expect(new Set(both.objects.filter(({ kind }) => kind === 'Service').map(({ spec }) => spec.type))).toEqual(new Set(['ClusterIP']));
    for (const service of Object.values(services)) expect(service).not.toHaveProperty('ports');
  });

  test('there was liveness and no readiness', () => {
    expect(both.container('orders').readinessProbe.httpGet).toEqual({ port: 8080, path: '/health' });
    for (const container of containers) expect(container).not.toHaveProperty('livenessProbe');
  });

  test('policies shut out whom they should let in', () => {
    const peer = (name: string) => ({ podSelector: { matchLabels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': 'shop' } } });
    const edges = [['proxy', 'orders', 8080], ['orders', 'db', 5432], ['orders', 'broker', 5672], ['inventory', 'broker', 5672]] as const;
    for (const [client, server, port] of edges) {
      const ports = [{ port, protocol: 'TCP' }];
      expect(both.find('NetworkPolicy', server).spec.ingress).toContainEqual({ from: expect.arrayContaining([peer(client)]), ports });
      expect(both.find('NetworkPolicy', client).spec.egress).toContainEqual({ to: [peer(server)], ports });
    }
  });

  test('a path of the machine was in every object', () => {
    const text = JSON.stringify([both.objects, both.compose]);
    for (const trace of [process.cwd(), __dirname, 'cdk8s.io/']) expect(text).not.toContain(trace);
  });
});

describe('done right, unlike by score-compose:', () => {
  test('a durable queue was accepted and left no trace', () => {
    const { queues } = JSON.parse(both.find('ConfigMap', 'broker-definitions').data.content);
    expect(queues.map(({ name, durable }: any) => [name, durable])).toEqual([['orders-queue', true], ['orders-queue.dead', true]]);
    expect(services['broker-0'].configs).toContainEqual(expect.objectContaining({ target: '/etc/rabbitmq/conduit/definitions.json' }));
  });

  test('HTTP probes, requests and limits were dropped', () => {
    expect(services.orders.healthcheck.test[4]).toMatch(/^PORT=8080\n[^]*^REQUEST=\/health$/m);
    expect(services.orders).toMatchObject({ cpu_period: 100_000, cpu_quota: 50_000, deploy: { resources: { limits: { memory: '200M' }, reservations: { cpus: '0.2', memory: '100M' } } } });
  });

  test('a reference to a service gave no order of the start', () => {
    expect(services.proxy_main.depends_on.orders).toEqual({ condition: 'service_healthy' });
  });

  test('a sidecar that starts first made a circle of dependencies', () => {
    const visit = (name: string, path: string[] = []): void => {
      if (path.includes(name)) throw new Error(`a circle: ${[...path, name].join(' ')}`);
      const { depends_on = {}, network_mode = '' } = services[name];
      const owner = /^service:(.*)$/.exec(network_mode)?.[1];
      for (const other of [...Object.keys(depends_on), ...owner ? [owner] : []]) visit(other, [...path, name]);
    };
    expect(() => Object.keys(services).forEach(name => visit(name))).not.toThrow();
    expect(services.proxy_main.depends_on.proxy_sidecar).toEqual({ condition: 'service_healthy' });
  });

  test('the password of the broker was printed', () => {
    const printed: unknown[] = [];
    const spies = (['log', 'info', 'warn', 'error'] as const).map(name => jest.spyOn(console, name).mockImplementation((...args) => { printed.push(...args); }));
    const shop = shopApplication();
    new ComposeProject(shop).toYaml();
    Cdk8sTesting.synth(new KubernetesChart(new App(), 'shop', { application: shop }));
    for (const spy of spies) spy.mockRestore();
    expect(printed).toEqual([]);
  });

  test('ports were open on all addresses of the machine', () => {
    for (const service of Object.values(services)) for (const field of ['ports', 'expose']) expect(service).not.toHaveProperty(field);
    for (const network of Object.values<any>(both.compose.networks)) {
      expect(network.driver_opts).toEqual({ 'com.docker.network.bridge.gateway_mode_ipv4': 'isolated' });
    }
  });
});

describe('done right, unlike by score-k8s:', () => {
  test('a volume of two containers was listed twice in the pod', () => {
    for (const { volumes = [] } of pods) {
      const names = volumes.map(({ name }: any) => name);
      expect(names).toEqual([...new Set(names)]);
    }
    for (const name of ['proxy', 'sidecar']) expect(both.container('proxy', name).volumeMounts).toContainEqual({ name: 'volume-proxy-shared', mountPath: '/shared', subPath: 'data' });
  });

  test('a volume of two workloads became two empty directories', () => {
    for (const name of ['orders', 'shipper']) {
      expect(both.pod(name).volumes).toContainEqual({ name: 'volume-logs', persistentVolumeClaim: { claimName: 'logs' } });
      expect(services[name].volumes[0].source).toBe('logs');
    }
  });

  test('the order of two containers was ignored', () => {
    expect(both.containerNames('proxy')).toEqual({ init: ['conduit-volumes-101', 'conduit-wait', 'sidecar'], running: ['proxy'] });
    expect(both.container('proxy', 'sidecar')).toMatchObject({ restartPolicy: 'Always', startupProbe: { tcpSocket: { port: 9113 } } });
  });

  test('the password of the broker stood there as text', () => {
    const { kubernetes, compose } = both.env('orders');
    expect(kubernetes).toEqual(compose);
    expect(Object.entries(kubernetes).filter(([name]) => name.includes('PASSWORD'))).toEqual([
      ['ORDERS_QUEUE_PASSWORD_FILE', '/run/secrets/orders-queue-orders-send'],
    ]);
    expect(kubernetes.ORDERS_QUEUE_URL).toBe('amqp://broker:5672');
    expect(both.names('Secret')).toEqual([]);
  });

  test('a file covered the whole directory that it was to stand in', () => {
    expect(both.container('proxy').volumeMounts).toContainEqual({ name: 'config-nginx', mountPath: '/etc/nginx/conf.d/default.conf', subPath: 'content', readOnly: true });
    expect(services.proxy_main.configs).toEqual([{ source: expect.stringMatching(/^nginx/), target: '/etc/nginx/conf.d/default.conf' }]);
  });

  test('names and passwords were random with each run', () => {
    const outputs = [1, 2].map(() => {
      const shop = shopApplication();
      return `${Yaml.stringify(...new KubernetesChart(new App(), 'shop', { application: shop }).toJson())}${new ComposeProject(shop).toYaml()}`;
    });
    expect(outputs[0]).toBe(outputs[1]);
  });
});

describe('done right, unlike by cdk8s-plus:', () => {
  test('policies for the way out had no DNS, so no name could be found', () => {
    const dns = [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }];
    for (const { spec } of both.objects.filter(({ kind }) => kind === 'NetworkPolicy')) if (spec.egress) expect(spec.egress.at(-1).ports).toEqual(dns);
  });

  test('there was no seccomp profile, capabilities were kept, and runAsNonRoot had no user', () => {
    for (const { securityContext } of containers) {
      expect(securityContext).toMatchObject({ seccompProfile: { type: 'RuntimeDefault' }, capabilities: { drop: ['ALL'] }, runAsNonRoot: true });
      expect(securityContext.runAsUser).toBeGreaterThan(0);
    }
  });

  test('each container asked for a whole processor and 512 MiB', () => {
    expect(both.container('shipper').resources.requests).toMatchObject({ cpu: '50m', memory: '64Mi' });
    const processors = pods.flatMap(pod => pod.containers).reduce((sum, { resources }) => sum + parseInt(resources.requests.cpu), 0);
    expect(processors).toBeLessThan(1000);
  });

  test('names had hashes', () => {
    const names = both.objects.filter(({ kind }) => kind !== 'Job').map(({ metadata }) => metadata.name);
    for (const name of names) expect(name).not.toMatch(/-c[0-9a-f]{7}$/);
    expect(both.names('Deployment')).toEqual(['inventory', 'orders', 'proxy', 'shipper', 'shipping']);
  });

  test('headless services had session affinity', () => {
    for (const name of ['broker', 'db']) expect(both.find('Service', name).spec.clusterIP).toBe('None');
    for (const { spec } of both.objects.filter(({ kind }) => kind === 'Service')) expect(spec).not.toHaveProperty('sessionAffinity');
  });
});
