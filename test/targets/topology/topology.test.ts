// What pictures of an application show: whoever sees one of them alone can list every connection.
import {
  Application, BrokeredQueue, BrokeredTopic, ComposeProject, ConfigFile, Endpoint, FidelityLevel, Network, RabbitMq, Secret, SharedVolume, SidecarPair, Targets,
  Task, Topology, Volume, Workload,
} from 'cdk8s-conduit';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { readPicture } from './picture';

const IMAGE = 'registry.example/acme/app:1.0';
const HTTP = { name: 'http', number: 8080 };

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const workload = (id: string, props = {}) => new Workload(shop, id, { image: IMAGE, ...props });
const files = () => new Topology(shop, { targets: [] }).files;
const picture = () => readPicture(files()['shop.svg']);
/** `from --label--> to`, in the order of the texts. */
const lines = () => picture().lines.map(({ from, to, label }) => `${from} --${label ?? ''}--> ${to}`).sort();
const wordsOf = (name: string) => picture().nodes.find(({ what }) => what === name)?.words;

test('a connection has what it does, port and protocol', () => {
  const server = workload('server', { ports: [HTTP, { name: 'dns', number: 53, protocol: 'UDP' }] });
  const client = workload('client');
  client.connectTo(server.endpoint('http'), { flow: { action: 'use' } });
  client.connectTo(server.endpoint('dns'));
  expect(lines()).toEqual(['client --connect · 53/UDP--> server', 'client --use · 8080/TCP--> server']);
});

test('messages flow from who sends them to who receives them, over a channel of the broker', () => {
  const broker = new RabbitMq(shop, 'broker');
  const [orders, news] = [new BrokeredQueue(shop, 'orders', { broker }), new BrokeredTopic(shop, 'news', { broker })];
  const [seller, packer] = ['seller', 'packer'].map(id => workload(id));
  orders.grantSend(seller);
  orders.grantReceive(packer);
  news.grantPublish(seller);
  news.subscribe(packer);
  expect(lines()).toEqual([
    'broker --receive · 5672/TCP--> packer', 'broker --subscribe · 5672/TCP--> packer', 'seller --publish · 5672/TCP--> broker', 'seller --send · 5672/TCP--> broker',
  ]);
  expect(wordsOf('broker')?.slice(0, 3)).toEqual(['broker', 'RabbitMq · 1 member', 'storage: broker-data']);
  expect(wordsOf('broker')?.slice(3).sort()).toEqual(['news', 'orders']);
});

test('a line of a channel ends at the channel, another one above', () => {
  const broker = new RabbitMq(shop, 'broker');
  const client = workload('client');
  new BrokeredQueue(shop, 'orders', { broker }).grantSend(client);
  client.connectTo(broker.endpoint, { prefix: 'PLAIN', flow: { action: 'watch' } });
  const { lines: [first, second], nodes } = picture();
  const [channel] = nodes.find(({ what }) => what === 'broker')!.channels;
  const ends = Object.fromEntries([first, second].map(({ label, stretches }) => [label, stretches.at(-1)!.bottom]));
  expect(ends['send · 5672/TCP']).toBeCloseTo((channel.top + channel.bottom) / 2, 1);
  expect(ends['watch · 5672/TCP']).toBeLessThan(channel.top);
});

test('what is no main container, or only one member, is named', () => {
  const server = workload('server', { ports: [HTTP], stable: true, replicas: 2 });
  const pair = new SidecarPair(shop, 'pair', { main: { image: IMAGE }, sidecar: { image: IMAGE } });
  pair.sidecar.connectTo(server.memberEndpoint(1));
  expect(lines()).toEqual(['pair --sidecar: connect server-1 · 8080/TCP--> server']);
  expect(wordsOf('pair')).toEqual(['pair', 'SidecarPair', 'sidecar + main, sharing localhost']);
  expect(wordsOf('server')).toEqual(['server', '2 members']);
});

test('storage of several is a box between who writes and who reads, that of one is in its box', () => {
  const logs = new SharedVolume(shop, 'logs');
  const [writer, reader] = [workload('writer'), workload('reader')];
  logs.grantWrite(writer, '/var/log');
  logs.grantRead(reader, '/logs');
  reader.main.mountVolume(new Volume(shop, 'cache'), '/cache');
  reader.main.mountVolume(new Volume(shop, 'data', { storageClass: 'fast' }), '/data');
  expect(lines()).toEqual(['logs --reads /logs--> reader', 'writer --writes /var/log--> logs']);
  expect(wordsOf('logs')).toEqual(['logs', 'volume, 1 GiB']);
  expect(wordsOf('reader')).toEqual(['reader', 'scratch: cache', 'storage: data']);
});

test('members of a network are joined to it', () => {
  const back = new Network(shop, 'back');
  for (const id of ['one', 'other']) back.add(workload(id));
  expect(lines()).toEqual(['one ----> back', 'other ----> back']);
});

test('tasks, and what is outside, are told from workloads', () => {
  const migrate = new Task(shop, 'migrate', { image: IMAGE, completionCheck: ['true'] });
  migrate.connectTo(Endpoint.external('db.example.com', 5432));
  expect(lines()).toEqual(['migrate --connect · 5432/TCP--> db.example.com']);
  expect(picture().nodes.map(({ what, kinds }) => `${what} ${kinds}`).sort()).toEqual(['db.example.com outside', 'migrate task']);
});

test('who comes from outside is drawn, and what is exposed stands out', () => {
  const web = workload('web', { ports: [HTTP] });
  web.publish({ hostPort: 80 });
  workload('other').connectTo(web.endpoint());
  expect(lines()).toEqual(['other --connect · 8080/TCP--> web', 'this machine --connect · 80 to 8080/TCP--> web']);
  expect(picture().nodes.filter(({ kinds }) => kinds.includes('exposed')).map(({ what }) => what)).toEqual(['web']);
});

test('code hosts show the same by Mermaid', () => {
  const broker = new RabbitMq(shop, 'broker');
  const orders = new BrokeredQueue(shop, 'orders', { broker });
  const web = workload('web', { ports: [HTTP] });
  orders.grantSend(web);
  web.publish();
  const back = new Network(shop, 'back');
  back.add(web);
  expect(files()['shop.mmd']).toBe(`---
title: "shop"
---
flowchart LR
  b0{{"back<br>network"}}
  subgraph b1["broker"]
    b1c0("orders")
  end
  b2["web"]
  b3(["this machine<br>client outside"])
  b3 -->|"connect · 8080/TCP"| b2
  b2 -->|"send · 5672/TCP"| b1c0
  b2 -.- b0
  classDef exposed stroke-width:4px
  class b2 exposed
`);
});

test('texts with signs that mean something to a format arrive as they are', () => {
  const client = workload('client');
  client.connectTo(workload('server', { ports: [HTTP] }).endpoint(), { flow: { action: 'use', channel: '<b> & "c" #1;' } });
  expect(wordsOf('server')).toEqual(['server', '<b> & "c" #1;']);
  expect(files()['shop.mmd']).toContain('("#60;b#62; #38; #34;c#34; #35;1;")');
  expect(files()['shop.html']).not.toContain('<b>');
});

describe('of more than forty boxes', () => {
  beforeEach(() => {
    const orders = new BrokeredQueue(shop, 'orders', { broker: new RabbitMq(shop, 'broker') });
    for (let index = 0; index < 45; index++) orders.grantReceive(workload(`worker-${index}`));
    const api = workload('api', { ports: [HTTP] });
    orders.grantSend(api);
    workload('visitor').connectTo(api.endpoint());
    workload('hermit');
  });

  test('there is an overview, in which those who come to the same places are together', () => {
    expect(picture().nodes.map(({ words }) => words).sort()).toEqual([
      ['45 workloads', 'worker-0', 'worker-1', 'worker-10', 'and 42 more'], ['api'], ['broker'], ['hermit'], ['visitor'],
    ]);
    expect(lines()).toEqual(['api ----> broker', 'broker ----> 45 workloads', 'visitor ----> api']);
  });

  test('there is a picture of each place, which names all who come, and one of those without connections', () => {
    const all = files();
    expect(Object.keys(all)).toEqual([
      'shop.html', 'shop.svg', 'shop.mmd', 'shop/api.svg', 'shop/api.mmd', 'shop/broker.svg', 'shop/broker.mmd', 'shop/without-connections.svg', 'shop/without-connections.mmd',
    ]);
    const { nodes, lines: shown } = readPicture(all['shop/broker.svg']);
    const [, ...names] = nodes.find(({ what }) => what === '45 workloads')!.words;
    expect(names.join(' ').split(', ').sort()).toEqual(Array.from({ length: 45 }, (_, index) => `worker-${index}`).sort());
    expect(shown.map(({ from, to, label }) => `${from} --${label}--> ${to}`).sort()).toEqual(['api --send · 5672/TCP--> broker', 'broker --receive · 5672/TCP--> 45 workloads']);
    expect(readPicture(all['shop/without-connections.svg']).nodes.map(({ what }) => what)).toEqual(['hermit']);
  });
});

test('a volume and a workload of one name have pictures of their own', () => {
  const many = Array.from({ length: 45 }, (_, index) => workload(`worker-${index}`));
  const logs = new SharedVolume(shop, 'logs', { directoryPerWriter: true });
  const server = workload('log-server', { name: 'logs', ports: [HTTP] });
  for (const each of many) logs.grantWrite(each, '/logs');
  many[0].connectTo(server.endpoint());
  expect(Object.keys(files()).filter(path => path.endsWith('.svg'))).toEqual(['shop.svg', 'shop/logs-workload.svg', 'shop/logs-volume.svg']);
});

describe('save', () => {
  let directory: string;
  beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'topology-')); });
  afterEach(() => rmSync(directory, { recursive: true }));

  test('writes all files, and returns the path of the page', () => {
    workload('web');
    const topology = new Topology(shop, { directory });
    expect(topology.save()).toBe(join(directory, 'shop.html'));
    for (const [path, text] of Object.entries(topology.files)) expect(readFileSync(join(directory, path), 'utf8')).toBe(text);
  });

  test('goes to the directory that cdk8s writes to, if no other is given', () => {
    workload('web');
    process.env.CDK8S_OUTDIR = directory;
    try {
      expect(new Topology(shop).directory).toBe(join(directory, 'topology'));
    } finally {
      delete process.env.CDK8S_OUTDIR;
    }
  });

  test('removes pictures of places that are not there any more, and nothing else', () => {
    const large = (count: number) => {
      const application = new Application('shop');
      const servers = Array.from({ length: count }, (_, index) => new Workload(application, `server-${index}`, { image: IMAGE, ports: [HTTP] }));
      for (let index = 0; index < 45; index++) new Workload(application, `client-${index}`, { image: IMAGE }).connectTo(servers[index % count].endpoint());
      return application;
    };
    new Topology(large(2), { directory }).save();
    writeFileSync(join(directory, 'shop/mine.txt'), '');
    writeFileSync(join(directory, 'notes.svg'), '');
    new Topology(large(1), { directory }).save();
    expect(readdirSync(join(directory, 'shop')).sort()).toEqual(['mine.txt', 'server-0.mmd', 'server-0.svg']);
    expect(existsSync(join(directory, 'notes.svg'))).toBe(true);
  });

  test.each(['shop.html', 'shop.svg', 'shop.mmd'])("leaves somebody else's %s alone", name => {
    workload('web');
    writeFileSync(join(directory, name), 'mine');
    expect(() => new Topology(shop, { directory }).save()).toThrow(`picture of 'shop': '${name}' in '${directory}' would be replaced, and was not written by it; move it away, or set another 'directory'`);
    expect(readdirSync(directory)).toEqual([name]);
  });

  test('is beside a project in one directory', () => {
    workload('web');
    for (const target of [new ComposeProject(shop, { directory }), new Topology(shop, { directory })]) for (let times = 0; times < 2; times++) target.save();
    expect(readdirSync(directory).sort()).toEqual(['.cdk8s-conduit.json', 'compose.yml', 'shop.html', 'shop.mmd', 'shop.svg']);
  });
});

test('of the text of a file it says that it is left out, and of all else that it is shown', () => {
  const web = workload('web');
  web.main.mountSecret(new Secret(shop, 'key'));
  web.main.mountConfigFile(new ConfigFile(shop, 'settings', { path: '/etc/settings', content: 'a' }));
  expect(new Topology(shop).fidelity.map(({ path, level }) => [path, level])).toEqual([
    ['shop/key', FidelityLevel.EXACT], ['shop/settings', FidelityLevel.OMITTED], ['shop/web', FidelityLevel.EXACT],
  ]);
});

test('it is the only target of the library by which no programs run', () => {
  expect(Targets.all.filter(({ runs }) => !runs).map(({ name }) => name)).toEqual(['Topology']);
});
