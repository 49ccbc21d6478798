import {
  Application, ConfigFile, EnvValue, Exposure, LoadBalancer, RestartPolicy, Secret, SwarmPublishing, SwarmStack, SwarmStackProps, Task,
  TestOutput, Volume, Workload, WorkloadProps,
} from 'cdk8s-conduit';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { load } from 'js-yaml';
import { SWARM_DEVIATIONS } from '../../../src/targets/swarm/deviations';
import { stackSchema } from '../../judges/docker-schemas';

const IMAGE = 'example.test/program:1.0.0';
const HTTP = { name: 'http', number: 8080 };

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });

const workload = (id: string, props: Partial<WorkloadProps> = {}) => new Workload(shop, id, { image: IMAGE, ...props });

/** The stack file, which the schema of `docker stack deploy` allows. */
function stack(props: SwarmStackProps = {}): any {
  const { document } = TestOutput.of(shop, SwarmStack.target(props));
  expect(stackSchema(document)).toEqual([]);
  return document;
}

function refusals(props: SwarmStackProps = {}): string[] {
  try {
    SwarmStack.target(props).render(shop);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
}

const refusal = (path: string, { feature, reason, remedy }: { feature: string; reason: string; remedy: string }) => `${path}: ${feature} cannot be had on Swarm: ${reason}; ${remedy}`;

test('nothing that Swarm leaves out in silence is in the file', () => {
  const api = workload('api', { ports: [HTTP], replicas: 2 });
  workload('web', { ports: [{ name: 'http', number: 80 }] }).connectTo(api.endpoint());
  const left = ['security_opt', 'network_mode', 'depends_on', 'restart', 'tmpfs', 'group_add', 'ipv4_address', 'host_ip', 'build', 'cpu_quota'];
  const keys = JSON.stringify(stack().services);
  expect(left.filter(key => keys.includes(`"${key}"`))).toEqual([]);
  expect(stack().services.api).toMatchObject({ user: '10001:10001', read_only: true, cap_drop: ['ALL'], init: true });
});

describe('changes', () => {
  const order = (name: string, props: SwarmStackProps = {}) => stack(props).services[name].deploy.update_config;

  test('of what keeps nothing begin with the new one, and are rolled back if that fails', () => {
    workload('api', { replicas: 2 });
    expect(order('api')).toEqual({ parallelism: 1, order: 'start-first', monitor: '10s', failure_action: 'rollback' });
    expect(stack().services.api.deploy.rollback_config).toEqual({ parallelism: 1, order: 'start-first', monitor: '10s', failure_action: 'pause' });
  });

  test('of members, of what writes to a volume, and of what has a port of the node itself begin with the end of the old one', () => {
    workload('db', { stable: true });
    workload('writer').main.mountVolume(new Volume(shop, 'data', { persistent: true }), '/data');
    workload('edge', { ports: [HTTP] }).publish({ exposure: Exposure.everyoneOnTheInternet() });
    const orders = (props: SwarmStackProps) => ['db-0', 'writer', 'edge'].map(name => order(name, props).order);
    expect(orders({})).toEqual(['stop-first', 'stop-first', 'start-first']);
    expect(orders({ publishing: SwarmPublishing.HOST })).toEqual(['stop-first', 'stop-first', 'stop-first']);
  });
});

test('names lead to a virtual address, but those of members and of replicas that clients choose from', () => {
  const [api, chosen] = ['api', 'chosen'].map(id => workload(id, { ports: [HTTP], replicas: 3 }));
  workload('db', { ports: [HTTP], replicas: 3, stable: true });
  const client = workload('client');
  client.connectTo(api.endpoint());
  client.connectTo(chosen.replicasEndpoint());
  const modes = (props: SwarmStackProps) => Object.fromEntries(
    Object.entries<any>(stack(props).services).map(([name, { deploy }]) => [name, deploy.endpoint_mode]));
  expect(modes({})).toMatchObject({ 'api': 'vip', 'chosen': 'dnsrr', 'db-0': 'dnsrr', 'client': 'vip' });
  expect(modes({ virtualAddresses: false })).toMatchObject({ api: 'dnsrr', client: 'dnsrr' });
});

test('networks are overlays, closed to the outside unless something leads there, and encrypted if that is asked for', () => {
  const api = workload('api', { ports: [HTTP] });
  workload('web').connectTo(api.endpoint());
  workload('lonely');
  api.publish({ exposure: Exposure.everyoneOnTheInternet() });
  expect(stack().networks).toEqual({
    api__edge: { driver: 'overlay', attachable: true },
    api_web: { driver: 'overlay', attachable: true, internal: true },
    conduit_setup: { driver: 'overlay', attachable: true, internal: true },
    lonely__alone: { driver: 'overlay', attachable: true, internal: true },
  });
  expect(stack({ encrypted: true }).networks.api_web.driver_opts).toEqual({ encrypted: 'true' });
});

test('more replicas than a network has addresses for are refused', () => {
  const api = workload('api', { ports: [HTTP], replicas: 120 });
  workload('web').connectTo(api.endpoint());
  expect(refusals()).toEqual([refusal('shop/api', SWARM_DEVIATIONS.manyReplicas)]);
});

describe('storage', () => {
  test('keeps its users on the node that has its label, and belongs to its owner by a job there', () => {
    const db = workload('db', { stable: true, replicas: 2, uid: 999, gid: 999 });
    db.main.mountVolume(new Volume(shop, 'data', { perMember: true }), '/data');
    const { services, volumes, 'x-conduit': manifest } = stack();
    expect(services['db-1']).toMatchObject({
      hostname: 'db-1',
      user: '999:10001',
      volumes: [{ type: 'volume', source: 'data_1', target: '/data', volume: { nocopy: true } }],
      deploy: { placement: { constraints: ['node.labels.conduit.shop.data_1 == true'] } },
    });
    expect(services['conduit-setup_data_1'].deploy).toMatchObject({ mode: 'replicated-job', placement: { constraints: ['node.labels.conduit.shop.data_1 == true'] } });
    expect(services['conduit-setup_data_1'].entrypoint.slice(-4)).toEqual(['setup', '999', 'data_1', '']);
    expect(volumes).toEqual({ data_0: {}, data_1: {} });
    expect(manifest).toEqual({ stack: 'shop', secrets: [], nodeLabels: ['conduit.shop.data_0', 'conduit.shop.data_1'] });
  });

  test('is on the one node that is named', () => {
    workload('db').main.mountVolume(new Volume(shop, 'data', { persistent: true }), '/data');
    const { services, 'x-conduit': manifest } = stack({ storageNode: 'node-1' });
    expect(services.db.deploy.placement).toEqual({ constraints: ['node.hostname == node-1'] });
    expect(manifest).toBeUndefined();
  });

  test('of one replica is memory, as are writable paths', () => {
    const { main } = workload('web', { writablePaths: ['/tmp'] });
    main.mountVolume(new Volume(shop, 'scratch'), '/scratch');
    expect(stack().services.web).toMatchObject({
      volumes: [{ type: 'tmpfs', target: '/scratch', tmpfs: { size: 2 ** 30 } }, { type: 'tmpfs', target: '/tmp', tmpfs: { size: 2 ** 29 } }],
      labels: { 'conduit.memory.scratch': '/scratch' },
    });
  });
});

test('a task is a job, which has more tries where it waits for others', () => {
  new Task(shop, 'once', { image: IMAGE, retries: 0 });
  new Task(shop, 'plain', { image: IMAGE, retries: 2 });
  new Task(shop, 'waiting', { image: IMAGE, retries: 2 }).connectTo(workload('db', { ports: [HTTP] }).endpoint());
  const policies = ['once', 'plain', 'waiting'].map(name => stack().services[name].deploy);
  expect(policies.map(({ mode }) => mode)).toEqual(['replicated-job', 'replicated-job', 'replicated-job']);
  expect(policies.map(policy => policy.restart_policy)).toEqual([
    { condition: 'none' }, { condition: 'on-failure', delay: '5s', max_attempts: 2 }, { condition: 'on-failure', delay: '5s', max_attempts: 62 },
  ]);
  expect(policies.every(({ update_config }) => update_config === undefined)).toBe(true);
});

test('members that need each other are found before they are healthy, so that they have no check', () => {
  workload('db', { stable: true, replicas: 3, clustered: true, ports: [HTTP] });
  workload('api', { ports: [HTTP] });
  const { services } = stack();
  expect(services['db-0'].healthcheck).toEqual({ disable: true });
  expect(services.api.healthcheck).toMatchObject({ start_period: '300s' });
});

test('a config has its content in its name, and a secret is named when its value is known', () => {
  const { main } = workload('web', { uid: 101, gid: 102, restart: RestartPolicy.ON_FAILURE });
  main.mountConfigFile(new ConfigFile(shop, 'conf', { path: '/etc/app.conf', content: 'a' }));
  main.mountSecret(new Secret(shop, 'key'));
  const { services, configs, secrets } = stack();
  expect(configs).toEqual({ conf_ca978112ca: { file: './configs/conf' } });
  expect(services.web.configs).toEqual([{ source: 'conf_ca978112ca', target: '/etc/app.conf', mode: 0o444 }]);
  expect(services.web.secrets).toEqual([{ source: 'key', target: 'key', uid: '101', gid: '102', mode: 0o400 }]);
  expect(secrets.key).toEqual({ external: true, name: expect.stringMatching(/^\$\{CONDUIT_SECRET_KEY\?[^-}]*\}$/) });
  expect(services.web.deploy.restart_policy).toEqual({ condition: 'on-failure', delay: '5s' });
});

test('names stay within what Swarm takes, and workloads keep theirs', () => {
  const [long, other] = ['a', 'b'].map(letter => workload(letter.repeat(40), { ports: [HTTP] }));
  long.connectTo(other.endpoint());
  long.main.mountConfigFile(new ConfigFile(shop, 'c'.repeat(80), { path: '/etc/c.conf', content: 'c' }));
  const { networks, configs } = stack();
  for (const name of Object.keys(networks)) expect(`shop_${name}`.length).toBeLessThanOrEqual(63);
  for (const name of Object.keys(configs)) expect(`shop_${name}`.length).toBeLessThanOrEqual(64);
  expect(refusals({ stackName: 's'.repeat(30) })).toEqual([expect.stringContaining("has a name of at most 63 characters, with that of the stack and '_' before it")]);
});

test('a template of Swarm in a variable is a text', () => {
  workload('web', { env: { T: EnvValue.literal('{{.Node.ID}} {{{ $x') } });
  expect(stack().services.web.environment).toEqual({ T: '{{"{{"}}.Node.ID}} {{"{{"}}{ $$x' });
});

describe('published ports', () => {
  test('are open on every node, or on those of replicas', () => {
    workload('web', { ports: [HTTP], replicas: 2 }).publish({ exposure: Exposure.everyoneOnTheInternet(), hostPort: 80 });
    const service = (props: SwarmStackProps) => stack(props).services.web;
    expect(service({}).ports).toEqual([{ target: 8080, published: 80, protocol: 'tcp', mode: 'ingress' }]);
    expect(service({ publishing: SwarmPublishing.HOST })).toMatchObject({ ports: [{ mode: 'host' }], deploy: { placement: { max_replicas_per_node: 1 } } });
  });

  test('of this machine are not opened, and led there by a command', () => {
    workload('web', { ports: [HTTP] }).publish({ hostPort: 80 });
    expect(stack().services.web.ports).toBeUndefined();
    expect(stack().networks.web__edge).toMatchObject({ internal: true, attachable: true });
    const [{ url, command }] = new SwarmStack(shop).exposed;
    expect(url).toBe('http://localhost:80');
    expect(command).toBe('docker create --rm --name shop_web_http -p 127.0.0.1:80:80 busybox:1.37.0-musl nc -ll -p 80 -e nc web 8080'
      + ' && docker network connect shop_web__edge shop_web_http && docker start -a shop_web_http');
  });

  const { hostAddress, sourcesByIngress, sourcesByIPv6, sourcesUnchecked, namedReplicas, balancedPort } = SWARM_DEVIATIONS;

  describe('of each member, where clients choose among them,', () => {
    const store = (replicas = 3) => workload('store', { stable: true, replicas, ports: [HTTP] });
    const open = { eachMember: true, hostPort: 7000, exposure: Exposure.everyoneOnTheInternet(), publicHosts: ['a.example', 'b.example', 'c.example'] };
    const HOST = { publishing: SwarmPublishing.HOST };

    test('are ports of nodes, of which each leads to its member and has its address', () => {
      store().publish(open);
      const { services } = stack(HOST);
      expect([0, 1, 2].map(n => services[`store-${n}`].ports)).toEqual([0, 1, 2].map(n => [{ target: 8080, published: 7000 + n, protocol: 'tcp', mode: 'host' }]));
      expect(new SwarmStack(shop, HOST).exposed.map(({ name, url }) => `${name} ${url}`)).toEqual(
        ['store-0 http://a.example:7000', 'store-1 http://b.example:7001', 'store-2 http://c.example:7002']);
    });

    test('are refused through the ingress network, but for one member', () => {
      store().publish(open);
      expect(refusals()).toEqual([refusal('shop/store', namedReplicas)]);
      shop = new Application('shop');
      store(1).publish({ ...open, publicHosts: ['a.example'] });
      expect(stack().services['store-0'].ports).toEqual([{ target: 8080, published: 7000, protocol: 'tcp', mode: 'ingress' }]);
    });

    test('are led to this machine by a command each', () => {
      store(2).publish({ eachMember: true });
      expect(new SwarmStack(shop).exposed.map(({ name, url, command }) => [name, url, /-p \S+ .* -e (nc \S+ \d+)/.exec(command!)![1]])).toEqual([
        ['store-0', 'http://localhost:8080', 'nc store-0.store 8080'], ['store-1', 'http://localhost:8081', 'nc store-1.store 8080'],
      ]);
    });

    test('take no port of a node that another workload has', () => {
      store().publish(open);
      workload('web', { ports: [HTTP] }).publish({ hostPort: 7002, exposure: Exposure.everyoneOnTheInternet() });
      expect(refusals(HOST)).toEqual([expect.stringContaining("both want TCP port 7002 of the nodes, for 'http' and 'http'")]);
    });
  });

  const range = (...ranges: string[]) => Exposure.sources(ranges);
  test.each([
    ['one address', { exposure: Exposure.hostAddress('192.0.2.1') }, {}, [hostAddress]],
    ['sources that nobody checks', { exposure: range('192.0.2.0/24') }, { publishing: SwarmPublishing.HOST }, [sourcesUnchecked]],
    ['sources by the ingress network', { exposure: range('192.0.2.0/24'), checksSources: true }, {}, [sourcesByIngress]],
    ['sources by IPv6', { exposure: range('2001:db8::/32'), checksSources: true }, { publishing: SwarmPublishing.HOST }, [sourcesByIPv6]],
    ['sources that the program checks', { exposure: range('192.0.2.0/24'), checksSources: true }, { publishing: SwarmPublishing.HOST }, []],
    ['everyone, without virtual addresses', { exposure: Exposure.everyoneOnTheInternet() }, { virtualAddresses: false }, [namedReplicas]],
  ])('are refused where Swarm cannot do it: %s', (_, options, props, expected) => {
    workload('web', { ports: [HTTP] }).publish(options);
    expect(refusals(props)).toEqual(expected.map(deviation => refusal('shop/web', deviation)));
  });

  test('of several workloads are refused at one port, with or without a load balancer', () => {
    const balancer = new LoadBalancer(shop, 'entry', { exposure: Exposure.everyoneOnTheInternet() });
    for (const id of ['a', 'b']) workload(id, { ports: [HTTP] }).publish({ balancer });
    expect(refusals()).toEqual(['shop/a', 'shop/b'].map(path => refusal(path, balancedPort)));
    const other = new Application('other');
    for (const id of ['a', 'b']) new Workload(other, id, { image: IMAGE, ports: [HTTP] }).publish({ exposure: Exposure.everyoneOnTheInternet() });
    expect(() => new SwarmStack(other)).toThrow("other: other/b and other/a both want TCP port 8080 of the nodes, for 'http' and 'http'; give one of them another 'hostPort'");
  });
});

test('options that are wrong are refused together', () => {
  workload('web');
  expect(refusals({ stackName: 'Shop', maxReplicasPerNode: 0, storageNode: 'a b', secretsDirectory: '/secrets' })).toHaveLength(4);
});

test('a stack is written as a whole, and replaces an earlier one', () => {
  const directory = mkdtempSync(join(tmpdir(), 'swarm-'));
  try {
    workload('web').main.mountConfigFile(new ConfigFile(shop, 'conf', { path: '/etc/app.conf', content: 'a' }));
    const first = new SwarmStack(shop, { directory });
    expect(load(readFileSync(first.save(), 'utf8'))).toEqual(stack());
    expect(readdirSync(join(directory, 'configs'))).toEqual(['conf']);
    const other = new Application('shop');
    new Workload(other, 'web', { image: IMAGE });
    new SwarmStack(other, { directory }).save();
    expect(readdirSync(join(directory, 'configs'))).toEqual([]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
