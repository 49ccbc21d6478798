// What works, and may not be meant.
import {
  Application, BrokeredQueue, BrokeredTopic, ComposeProject, ConfigFile, DatabaseAccess, DiscoverableService, Endpoint, EventStream, IBroker, Kafka,
  KubernetesChart, Nats, PostgreSql, RabbitMq, Secret, SharedVolume, SinglePassApp, Targets, TestOutput, Topology, Warnings, Workload,
} from 'cdk8s-conduit';
import { mkdtempSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Testing } from 'cdk8s';

const IMAGE = 'registry.example/acme/app:1.0';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });

const workload = (id: string) => new Workload(shop, id, { image: IMAGE });

/** The warnings of the application, which are the same on every target. */
function warnings(): string[] {
  for (const target of Targets.all.filter(({ complete }) => complete ?? true)) target.render(shop);
  return shop.warnings.map(({ path, message }) => `${path}: ${message}`);
}

test('nothing is said of an application in which all is used', () => {
  const broker = new Nats(shop, 'broker');
  const [web, worker] = [workload('web'), workload('worker')];
  const queue = new BrokeredQueue(shop, 'orders', { broker });
  queue.grantSend(web);
  queue.grantReceive(worker);
  const topic = new BrokeredTopic(shop, 'news', { broker });
  topic.grantPublish(web);
  topic.subscribe(worker);
  const stream = new EventStream(shop, 'log', { broker });
  stream.grantPublish(web);
  stream.grantRead(worker);
  new PostgreSql(shop, 'db').grantUse(worker, { database: 'shop', access: DatabaseAccess.OWN });
  expect(warnings()).toEqual([]);
});

test.each([['RabbitMQ', RabbitMq], ['Kafka', Kafka], ['NATS', Nats]])('%s without a queue, topic or stream', (_, Broker) => {
  new Broker(shop, 'broker');
  expect(warnings()).toEqual(['shop/broker: the broker has no queue, topic or stream; define one, or remove the broker']);
});

describe('a channel on whose one side nobody is', () => {
  let broker: IBroker;
  beforeEach(() => { broker = new Nats(shop, 'broker'); });

  test.each<[string, (web: Workload) => void, string]>([
    ['a queue that nobody receives from', web => new BrokeredQueue(shop, 'orders', { broker }).grantSend(web),
      "shop/orders: has no receiver, so its messages stay where they are; call 'grantReceive'"],
    ['a queue that nobody sends to', web => new BrokeredQueue(shop, 'orders', { broker }).grantReceive(web),
      "shop/orders: has no sender, so nothing ever comes; call 'grantSend'"],
    ['a queue that nobody uses', () => new BrokeredQueue(shop, 'orders', { broker }),
      "shop/orders: has no sender and no receiver; call 'grantSend' and 'grantReceive', or remove it"],
    ['a queue of which only dead letters are received', web => {
      const queue = new BrokeredQueue(shop, 'orders', { broker });
      queue.grantSend(web);
      queue.grantReceiveDeadLetters(web, { prefix: 'DEAD' });
    },
    "shop/orders: has no receiver, so its messages stay where they are; call 'grantReceive'"],
    ['a topic that nobody has subscribed to', web => new BrokeredTopic(shop, 'news', { broker }).grantPublish(web),
      "shop/news: has no subscriber, so its messages are lost; call 'subscribe'"],
    ['a topic that nobody publishes to', web => new BrokeredTopic(shop, 'news', { broker }).subscribe(web),
      "shop/news: has no publisher, so nothing ever comes; call 'grantPublish'"],
    ['a stream that nobody reads', web => new EventStream(shop, 'log', { broker }).grantPublish(web),
      "shop/log: has no reader, so nobody sees its events; call 'grantRead'"],
    ['a stream that nobody publishes to', web => new EventStream(shop, 'log', { broker }).grantRead(web),
      "shop/log: has no publisher, so nothing ever comes; call 'grantPublish'"],
  ])('%s', (_, build, message) => {
    build(workload('web'));
    expect(warnings()).toEqual([message]);
  });

  test('on an external broker other applications may be on the other side', () => {
    const external = { hosts: ['nats.example'] };
    new BrokeredQueue(shop, 'orders', { broker: new Nats(shop, 'theirs', { external }) }).grantSend(workload('web'));
    expect(warnings()).toEqual(['shop/broker: the broker has no queue, topic or stream; define one, or remove the broker']);
  });
});

describe('a client without a user', () => {
  test.each([
    ['broker', () => new Nats(shop, 'server'), 'NATS'],
    ['external broker', () => new Nats(shop, 'server', { external: { hosts: ['nats.example'] } }), 'NATS'],
    ['data store', () => new PostgreSql(shop, 'server'), 'PostgreSQL'],
  ])('connects to a %s', (_, make, product) => {
    const server = make();
    if (server instanceof Nats) {
      const queue = new BrokeredQueue(shop, 'orders', { broker: server });
      queue.grantSend(workload('sender'));
      queue.grantReceive(workload('receiver'));
    }
    workload('web').connectTo(server.endpoint, { prefix: 'SERVER' });
    const [message, ...others] = warnings();
    expect(message).toBe(`shop/web: 'web' connects to ${product} 'shop/server' and was granted nothing there, so it has no user; call a 'grant…' method instead of 'connectTo'`);
    expect(others).toEqual([]);
  });

  test('is none that was granted something, too, nor one of another port', () => {
    const broker = new Nats(shop, 'server');
    const web = workload('web');
    const queue = new BrokeredQueue(shop, 'orders', { broker });
    queue.grantSend(web);
    queue.grantReceive(workload('worker'));
    web.connectTo(broker.endpoint, { prefix: 'PLAIN' });
    const exporter = broker.workload!.addSidecar('exporter', { image: IMAGE, ports: [{ name: 'metrics', number: 7777 }] });
    workload('monitor').connectTo(broker.workload!.endpoint(exporter.ports[0].name), { prefix: 'METRICS' });
    expect(warnings()).toEqual([]);
  });
});

test('a config file holds a password, which is not repeated', () => {
  workload('web').main.mountConfigFile(new ConfigFile(shop, 'conf', { path: '/etc/app.conf', content: '[db]\npassword=hunter2\n' }));
  expect(warnings()).toEqual(['shop/conf: holds what looks like a password in line 2, and whoever may see the configuration reads it; '
    + 'mount a Secret into the program and name its path, or fill it in when the program starts']);
});

test('files of a volume hold a password, too', () => {
  new SharedVolume(shop, 'site', { files: { 'app.conf': 'token: s3cr3t' } }).grantRead(workload('web'), '/site');
  expect(warnings().map(text => text.slice(0, 54))).toEqual([expect.stringMatching(/holds what looks like a token/)]);
});

test("'port' and 'ports' make two ports", () => {
  new DiscoverableService(shop, 'api', { image: IMAGE, port: 8080, ports: [{ name: 'metrics', number: 9090 }] });
  expect(warnings()).toEqual(["shop/api: 'port' makes the port 'http' (8080) beside those of 'ports' ('metrics'), so others must say which one they mean; name all of them in 'ports'"]);
});

test('what is acknowledged is said no more, for a construct and all below it', () => {
  const broker = new Nats(shop, 'broker');
  new BrokeredQueue(shop, 'orders', { broker }).grantSend(workload('web'));
  const returns = new BrokeredQueue(shop, 'returns', { broker });
  returns.grantSend(workload('desk'));
  Warnings.of(returns).acknowledge('no-receiver');
  expect(warnings()).toEqual([expect.stringMatching(/^shop\/orders: has no receiver/)]);
  const other = new Application('blog');
  new Nats(other, 'broker');
  Warnings.of(other).acknowledge('unused');
  other.check();
  expect(other.warnings).toEqual([]);
});

test("others' patterns warn in the same way, and each warning is there once", () => {
  const web = workload('web');
  Warnings.of(web).add('slow-start', 'takes a minute to start; give it more processors');
  Warnings.of(web).add('slow-start', 'takes a minute to start; give it more processors');
  shop.check();
  expect(shop.warnings).toEqual([{ id: 'slow-start', path: 'shop/web', message: 'takes a minute to start; give it more processors' }]);
});

describe('on the standard error', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'warnings-'));
  const WARNING = "warning: shop/web: may be slow; give it more processors (if it is meant, acknowledge 'slow')\n";
  const KUBERNETES = "shop: Kubernetes does 2 things by other means than declared; 'fidelity' lists them, and docs/fidelity.md says why\n";
  let told: string[];
  let printed: string[];
  beforeEach(() => {
    [told, printed] = [[], []];
    jest.spyOn(process.stderr, 'write').mockImplementation(text => told.push(String(text)) > 0);
    jest.spyOn(process.stdout, 'write').mockImplementation(text => printed.push(String(text)) > 0);
    const web = new Workload(shop, 'web', { image: IMAGE, ports: [{ name: 'http', number: 8080 }], env: {} });
    web.connectTo(Endpoint.external('db.example', 5432));
    Warnings.of(web).add('slow', 'may be slow; give it more processors');
  });
  afterEach(() => {
    jest.restoreAllMocks();
    expect(printed).toEqual([]);
  });

  test.each([['the App of cdk8s', App], ['SinglePassApp', SinglePassApp]])('%s tells warnings, and how much is done by other means, once', (_, Synthesizer) => {
    const app = new Synthesizer({ outdir });
    new KubernetesChart(app, 'shop', { application: shop });
    expect(told).toEqual([]);
    app.synth();
    app.synth();
    expect(told).toEqual([WARNING + KUBERNETES]);
  });

  test('so does a test that synthesizes a chart', () => {
    Testing.synth(new KubernetesChart(Testing.app(), 'shop', { application: shop }));
    expect(told).toEqual([WARNING + KUBERNETES]);
  });

  test('each target tells its own differences, and no warning again', () => {
    new ComposeProject(shop, { directory: join(outdir, 'compose') }).save();
    new Topology(shop, { directory: join(outdir, 'topology') }).save();
    const app = new App({ outdir });
    new KubernetesChart(app, 'shop', { application: shop });
    app.synth();
    expect(told).toEqual([expect.stringMatching(/^warning: shop\/web: may be slow.*\nshop: Compose does \d+ things by other means .*\n$/), KUBERNETES]);
  });

  test('nothing is told where nothing is written', () => {
    for (const target of Targets.all) TestOutput.of(shop, target);
    expect(told).toEqual([]);
  });
});

test('an unused secret is no reason for a warning', () => {
  new Secret(shop, 'key');
  workload('web');
  expect(warnings()).toEqual([]);
});
