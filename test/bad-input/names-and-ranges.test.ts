// Names, ranges and paths that a platform would refuse, or take for something else, are refused before anything is written.
import {
  Application, Certificate, ComposeProject, ConfigFile, DiscoverableService, Endpoint, EnvValue, HealthCheck, KubernetesChart, Secret, Volume, Workload,
  WorkloadProps,
} from 'cdk8s-conduit';
import { existsSync, mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Duration } from 'cdk8s';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });

const web = (props: Partial<WorkloadProps> = {}) => new Workload(shop, 'web', { image: IMAGE, ...props });
const api = () => new Workload(shop, 'api', { image: IMAGE, ports: [{ name: 'http', number: 8080 }] });

test.each<[string, () => unknown, string]>([
  ['an image with an empty part', () => web({ image: 'a//b:1' }),
    "shop/web: 'image' must be the name of an image in lower case, without a scheme, got 'a//b:1'"],
  ['an image with a scheme', () => web({ image: 'http://x/y:1' }),
    "shop/web: 'image' must be the name of an image in lower case, without a scheme, got 'http://x/y:1'"],
  ['an image that ends with a slash', () => web({ image: 'acme/app/:1' }),
    "shop/web: 'image' must be the name of an image in lower case, without a scheme, got 'acme/app/:1'"],
  ['a secret of another application as the value of a variable', () => web({ env: { KEY: EnvValue.secret(new Secret(new Application('blog'), 'key')) } }),
    "shop/web: 'blog/key' belongs to another application; define one in 'shop'"],
  ['an endpoint on localhost of another workload', () => web().connectTo(api().main.localEndpoint()),
    "shop/web: 'localEndpoint' of 'api' leads there only from its own containers; connect to its endpoint('http')"],
  ['a variable with an endpoint on localhost of another workload', () => web({ env: { API: EnvValue.endpoint(api().main.localEndpoint()) } }),
    "shop/web: 'localEndpoint' of 'api' leads there only from its own containers; connect to its endpoint('http')"],
  ['a range outside that begins in its middle', () => Endpoint.external('db.example', 80, { addresses: ['192.0.2.7/24'] }),
    "endpoint db.example:80: addresses must be IPv4 ranges such as 192.0.2.0/24, each beginning with its first address, got '192.0.2.7/24'"],
  ['a malformed scheme outside', () => Endpoint.external('db.example', 80, { scheme: 'https://' }),
    "endpoint db.example:80: 'scheme' must be the scheme of a URL, such as https, got 'https://'"],
  ['a certificate for nobody', () => new Certificate(shop, 'tls', { hosts: [] }),
    "shop/tls: 'hosts' must have at least one name"],
  ['a certificate for a URL', () => new Certificate(shop, 'tls', { hosts: ['https://shop.example.com', '*.example.com', 'Shop'] }),
    "shop/tls: each of 'hosts' must be a DNS name in lower case, or one that begins with '*.', or an IPv4 address, got 'https://shop.example.com'\n"
    + "shop/tls: each of 'hosts' must be a DNS name in lower case, or one that begins with '*.', or an IPv4 address, got 'Shop'"],
  ['a class of storage with a blank', () => new Volume(shop, 'data', { storageClass: 'very fast' }),
    "shop/data: 'storageClass' must be the name of a class: lower-case letters, digits, '-' and '.', got 'very fast'\nshop/data: nothing mounts this volume; mount it or remove it"],
  ['a shared class of storage with a capital', () => new Volume(shop, 'data', { sharedStorageClass: 'NFS' }),
    "shop/data: 'sharedStorageClass' must be the name of a class: lower-case letters, digits, '-' and '.', got 'NFS'\nshop/data: nothing mounts this volume; mount it or remove it"],
  ['a config file below another one', () => {
    const { main } = web();
    for (const [id, path] of [['conf', '/etc/app'], ['more', '/etc/app/more.conf']]) main.mountConfigFile(new ConfigFile(shop, id, { path, content: '' }));
    shop.check();
  },
  "application 'shop' has a problem:\nshop/web: config file 'more' is at '/etc/app/more.conf', below the config file 'conf' at '/etc/app', which is no directory; give one of them another path"],
  ['a writable path below a config file', () => {
    web({ writablePaths: ['/etc/app/deep/tmp'] }).main.mountConfigFile(new ConfigFile(shop, 'conf', { path: '/etc/app', content: '' }));
    shop.check();
  },
  "application 'shop' has a problem:\nshop/web: a writable path is at '/etc/app/deep/tmp', below the config file 'conf' at '/etc/app', which is no directory; give one of them another path"],
  ['a chart below an application', () => new KubernetesChart(shop, 'chart', { application: shop }),
    "shop/chart: a chart stands under an App of cdk8s, and not under the Application that it is made of; write new KubernetesChart(new App(), 'chart', { application })"],
  ...[['127.0.0.0/8', 'addresses that begin with 127 are those of each machine itself'], ['127.16.0.0/12', 'addresses that begin with 127 are those of each machine itself'],
    ['224.0.0.0/8', 'addresses from 224.0.0.0 on are for multicast, or reserved'], ['0.0.0.0/8', 'addresses that begin with 0 mean the machine itself']].map(([networkBlock, reason]): [string, () => unknown, string] =>
    [`networks in ${networkBlock}`, () => { web().connectTo(api().endpoint()); return new ComposeProject(shop, { networkBlock }); },
      `compose project 'shop': 'networkBlock' ${networkBlock} cannot be used, as ${reason}; give a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16`]),
])('%s is refused', (_, build, message) => {
  expect(wholeProgram(build)).toThrow(new Error(message));
});

test.each<[string, object]>([
  ['an image', { image: 'a//b:1' }],
  ['a variable of another application', { env: { KEY: EnvValue.secret(new Secret(new Application('blog'), 'key')) } }],
  ['a variable with a character that ends it', { env: { KEY: EnvValue.literal('a\0') } }],
  ['a variable with a malformed name', { env: { 'MY KEY': EnvValue.literal('a') } }],
  ['a password', { env: { DB_PASSWORD: EnvValue.literal('hunter2') } }],
  ['a port', { ports: [{ name: 'admin', number: 0 }] }],
  ['a port twice', { ports: [{ name: 'http', number: 9090 }] }],
  ['a health check', { health: HealthCheck.http(8080, 'ready') }],
  ['a header', { health: HealthCheck.http(8080, '/', { headers: { 'X Token': 'a' } }) }],
  ['a number of replicas', { replicas: 0 }],
  ['a time', { stopGracePeriod: Duration.millis(1) }],
  ['a text for a number', { uid: '5' as any }],
  ['a name', { name: 'conduit-api' }],
  ['a name by which it reaches itself', { name: 'localhost' }],
])('%s of a service that is malformed is told by the path of the service, not of what it is made of', (_, props) => {
  expect(wholeProgram(() => new DiscoverableService(shop, 'api', { image: IMAGE, port: 8080, ...props }))).toThrow(/^shop\/api: /);
});

test('what one target refuses is said before another one has written a byte, where all are made before they write', () => {
  const folder = mkdtempSync(join(tmpdir(), 'refused-'));
  const app = new App({ outdir: join(folder, 'dist') });
  web({ name: 'x-web' }).connectTo(api().endpoint());
  const program = () => {
    new KubernetesChart(app, 'shop', { application: shop });
    const project = new ComposeProject(shop, { directory: join(folder, 'compose') });
    app.synth();
    project.save();
  };
  expect(wholeProgram(program)).toThrow('a name that begins with `x-`');
  expect([existsSync(join(folder, 'dist')), existsSync(join(folder, 'compose'))]).toEqual([false, false]);
  rmSync(folder, { recursive: true });
});
