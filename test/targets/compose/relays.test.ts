// What lets only some sources in to a published port, where the engine would let in all of them.
import { Application, ComposeProject, Endpoint, Exposure, FidelityLevel, Protocol, TestOutput, Workload } from 'cdk8s-conduit';
import { judgeTest } from '../../judges/judges';
import { haproxy, nginx } from '../../judges/proxies';
import { Sandbox } from '../../programs/sandbox';

const IMAGE = 'registry.example/acme/app:1.0';
const HTTP = { name: 'http', number: 8080 };
const DNS = { name: 'dns', number: 53, protocol: Protocol.UDP };
const RANGES = ['192.0.2.0/24', '203.0.113.7/32', '2001:db8::/32'];

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const workload = (id: string, ...ports: Workload['ports']) => new Workload(shop, id, { image: IMAGE, ports });

/** A workload with two ports that some may come to, and one that everyone may. */
function guarded(ranges = RANGES): Workload {
  const web = workload('web', HTTP, DNS, { name: 'open', number: 9090 });
  for (const portName of ['http', 'dns']) web.publish({ portName, exposure: Exposure.sources(ranges), hostPort: 53 });
  web.publish({ portName: 'open', exposure: Exposure.everyoneOnTheInternet() });
  return web;
}

const written = () => {
  const { document, files } = TestOutput.of(shop, ComposeProject.target());
  const configuration = (relay: string) => files[`compose/configs/${relay}`];
  return { ...document, tcp: configuration('web__relay_tcp'), udp: configuration('web__relay_udp') };
};

test('a relay for each protocol takes the place of the workload at the ports of the host', () => {
  guarded();
  const { services } = written();
  expect(services.web__relay_tcp.ports).toEqual(['0.0.0.0', '::'].map(host_ip => ({ target: 10001, published: '53', host_ip, protocol: 'tcp' })));
  expect(services.web__relay_udp.ports).toEqual(['0.0.0.0', '::'].map(host_ip => ({ target: 10001, published: '53', host_ip, protocol: 'udp' })));
  expect(services.web.ports).toEqual([{ target: 9090, published: '9090', host_ip: '0.0.0.0', protocol: 'tcp' }]);
});

test('a relay has no privileges, and names outside are not looked up for it', () => {
  guarded();
  const { services } = written();
  for (const [relay, user] of [['web__relay_tcp', '99:99'], ['web__relay_udp', '101:101']]) {
    expect(services[relay]).toMatchObject({ user, read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], dns: ['127.0.0.1'], restart: 'unless-stopped' });
    expect(services[relay]).not.toHaveProperty('cap_add');
  }
});

test('a workload of which all ports are relayed is on no network that leads to the host', () => {
  workload('web', HTTP).publish({ exposure: Exposure.sources(RANGES) });
  const { services, networks } = written();
  expect(services.web).toMatchObject({ networks: { web__relay: null } });
  expect(services.web).not.toHaveProperty('dns');
  expect(services.web__relay_tcp.networks).toEqual({ web__edge: null, web__relay: null });
  expect(networks.web__relay).toMatchObject({ internal: true, enable_ipv6: false });
  expect(new ComposeProject(shop).fidelity.filter(({ path }) => path === 'shop/web').map(({ feature }) => feature)).toEqual(expect.arrayContaining(['a port published to ranges of sources']));
  expect(new ComposeProject(shop).fidelity.map(({ feature }) => feature)).not.toContain('network of a published port');
});

test('a workload with a way out does not share it with its relays', () => {
  const web = workload('web', HTTP);
  web.publish({ exposure: Exposure.sources(RANGES) });
  web.connectTo(Endpoint.external('db.example', 5432));
  const { services } = written();
  expect(services.web.networks).toEqual({ web__relay: null, web_outside: null });
  expect(services.web__relay_tcp.networks).toEqual({ web__edge: null, web__relay: null });
});

test('the addresses of the gateways are known, and refused before any range is let in', () => {
  guarded(['0.0.0.0/1', '128.0.0.0/1', 'fc00::/7']);
  const { networks, tcp, udp } = written();
  const gateways: string[] = networks.web__edge.ipam.config.map(({ gateway }: any) => gateway);
  expect(networks.web__edge.ipam.config).toEqual([
    { subnet: expect.stringMatching(/^10\.[\d.]+\.\d+\/28$/), gateway: expect.stringMatching(/^10\./) },
    { subnet: expect.stringMatching(/^fd[\da-f:]+::\/64$/), gateway: expect.stringMatching(/^fd[\da-f:]+::1$/) },
  ]);
  const lines = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, words]) => words);
  expect(lines(tcp, /acl gateways src (\S+)/g)).toEqual(gateways);
  expect(lines(tcp, /tcp-request content (.*)/g)).toEqual(['reject if gateways', 'reject unless sources']);
  expect(lines(udp, /((?:allow|deny) \S+);/g)).toEqual([...gateways.map(address => `deny ${address}`), 'allow 0.0.0.0/1', 'allow 128.0.0.0/1', 'allow fc00::/7', 'deny all']);
});

test('a relay listens for the families of its sources alone, and the network is of these', () => {
  workload('web', HTTP).publish({ exposure: Exposure.sources(['192.0.2.0/24']) });
  const { services, networks, tcp } = written();
  expect(services.web__relay_tcp.ports).toHaveLength(1);
  expect(networks.web__edge.enable_ipv6).toBe(false);
  expect(tcp).not.toContain('[::]');
});

test('other ranges make another relay, and the same ones the same bytes', () => {
  const configs = (ranges: string[]) => {
    shop = new Application('shop');
    guarded(ranges);
    return written().services.web__relay_tcp.configs[0].source;
  };
  expect(configs(RANGES)).toBe(configs([...RANGES].reverse()));
  expect(configs(RANGES)).not.toBe(configs(['192.0.2.0/25']));
});

test('everyone needs no relay, whatever ranges there are beside', () => {
  const web = workload('web', HTTP);
  for (const exposure of [Exposure.sources(RANGES), Exposure.everyoneOnTheInternet()]) web.publish({ exposure });
  const { services } = written();
  expect(Object.keys(services)).not.toContain('web__relay_tcp');
  expect(services.web.ports).toHaveLength(2);
});

test('a program that checks the sources itself needs no relay', () => {
  workload('web', HTTP).publish({ exposure: Exposure.sources(RANGES), checksSources: true });
  const { services } = written();
  expect(Object.keys(services).filter(name => name.includes('relay'))).toEqual([]);
  expect(services.web.ports).toHaveLength(2);
});

test('the report says that the program sees the relay', () => {
  guarded();
  expect(new ComposeProject(shop).fidelity).toContainEqual(expect.objectContaining({
    path: 'shop/web', level: FidelityLevel.EMULATED, feature: 'address of a client that comes through a relay or a load balancer', reason: expect.stringContaining('the program sees the address of what is in front of it'),
  }));
});

judgeTest('HAProxy and nginx take the configurations, also those with a thousand ranges', 'proxies', () => {
  for (const ranges of [RANGES, Array.from({ length: 1000 }, (_, index) => `10.${Math.floor(index / 256)}.${index % 256}.0/24`)]) {
    shop = new Application('shop');
    guarded(ranges);
    const { tcp, udp } = written();
    expect(haproxy({ '/etc/conduit/relay': tcp })).toEqual([]);
    expect(nginx({ '/etc/conduit/relay': udp })).toEqual([]);
  }
});

describe('a relay', () => {
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = new Sandbox();
    sandbox.tool('/conduit/busybox', 'case $1 in sh) exec "$@" ;; nc) exit 0 ;; esac');
    sandbox.tool('haproxy');
    guarded();
  });
  afterEach(() => sandbox.remove());

  const LINUX = 'Linux version 6.12.48+deb13-amd64 (debian-kernel@lists.debian.org)\n';
  const ROOT = '         0          0 4294967295\n';

  /** Starts the relay, and checks its health, on an engine that shows these. */
  async function run(kernel: string, numbers: string) {
    sandbox.write('/proc/version', kernel);
    sandbox.write('/proc/self/uid_map', numbers);
    const { entrypoint, command, healthcheck } = written().services.web__relay_tcp;
    const words = (all: string[]) => all.map(word => word.replaceAll('$$', '$'));
    return { start: await sandbox.run(words([...entrypoint, ...command])), check: await sandbox.run(words(healthcheck.test.slice(1))) };
  }

  test.each([['a machine with Linux', LINUX, ROOT], ['numbers of users that an engine with root moved', LINUX, '         0     165536      65536\n']])('runs on %s', async (_, kernel, numbers) => {
    const { start, check } = await run(kernel, numbers);
    expect([start.stderr, check.status]).toEqual(['', 0]);
    expect(sandbox.calls).toContain('haproxy -W -db -f /etc/conduit/relay');
  });

  test.each([
    ['Docker Desktop', 'Linux version 6.10.14-linuxkit (root@buildkitsandbox)\n', ROOT, /^conduit: no client is let in, as the engine runs in a virtual machine of the desktop/],
    ['a Linux within Windows', 'Linux version 5.15.167.4-microsoft-standard-WSL2 (root@f9c826d3017f)\n', ROOT, /virtual machine of the desktop/],
    ['OrbStack', 'Linux version 6.15.11-orbstack-00539-g9885ebd8e3f4 (orbstack@builder)\n', ROOT, /virtual machine of the desktop/],
    ['an engine without root', LINUX, '         0       1000          1\n         1     100000      65536\n', /^conduit: no client is let in, as the engine runs without root/],
  ])('lets nobody in on %s, and its log and its health say why', async (_, kernel, numbers, reason) => {
    const { start, check } = await run(kernel, numbers);
    expect(sandbox.calls.filter(call => call.startsWith('haproxy'))).toEqual([]);
    expect(sandbox.calls).toContain('busybox sleep infinity');
    expect([start.stderr, check.stdout]).toEqual([expect.stringMatching(reason), expect.stringMatching(reason)]);
    expect(check.status).toBe(1);
  });
});
