import { Application, BrokeredQueue, CatalogueImage, Exposure, ImageCatalogueProps, Protocol, RabbitMq, Task, Workload } from 'cdk8s-conduit';
import { Construct } from 'constructs';
import { Both } from '../targets/both';

/** As a package of somebody else's brings it. */
const CACHE: CatalogueImage = { name: 'cache', reference: 'acme/cache:3.1.0', user: 70, group: 71, tools: ['cached'] };

class Cache extends Construct {
  public constructor(application: Application, id: string) {
    super(application, id);
    const { reference, user, group } = application.images.register(CACHE);
    new Workload(this, 'Default', { image: reference, user, group, command: ['cached'] });
  }
}

/** An application with every way in which an image is brought. */
function makeShop(images: ImageCatalogueProps): Application {
  const shop = new Application('shop', { images });
  const queue = new BrokeredQueue(shop, 'orders', { broker: new RabbitMq(shop, 'broker') });
  new Cache(shop, 'cache');
  const web = new Workload(shop, 'web', { image: 'registry.example/own/app:1.0', ports: [{ name: 'http', number: 8080 }] });
  web.addSidecar('proxy', { image: 'registry.example/own/proxy:1.0' });
  queue.grantSend(web);
  web.waitFor(new Task(shop, 'migrate', { image: 'registry.example/own/migrate:1.0', completionCheck: ['true'] }));
  return shop;
}

/** All images but those of the program itself. */
function brought(images: ImageCatalogueProps): { kubernetes: string[]; compose: string[] } {
  const both = new Both(makeShop(images));
  const pods = ['broker', 'cache', 'migrate', 'web'].map(name => both.pod(name));
  const containers = pods.flatMap(pod => [...pod.initContainers ?? [], ...pod.containers]);
  const others = (all: string[]) => [...new Set(all)].filter(image => !image.startsWith('registry.example/own/')).sort();
  return {
    kubernetes: others(containers.map(({ image }: any) => image.replace(/^docker\.io\/(library\/)?/, ''))),
    compose: others(Object.values<any>(both.compose.services).map(({ image }) => image)),
  };
}

const both = (images: string[]) => ({ kubernetes: [...images].sort(), compose: [...images].sort() });
const usual = brought({}).compose;

test('the images come from where their names say', () => {
  expect(brought({})).toEqual(both(usual));
  expect(usual).toEqual(['acme/cache:3.1.0', expect.stringMatching(/^busybox:\d[\w.]*-musl$/), expect.stringMatching(/^rabbitmq:\d[\w.]*$/)]);
});

test('a mirror is put before each of them, whoever brings it', () => {
  expect(brought({ mirror: 'mirror.example:5000/proxy' })).toEqual(both(usual.map(image => `mirror.example:5000/proxy/${image}`)));
});

test('single images can be replaced, and the mirror is not put before them', () => {
  const replace = { tools: 'my/tools:2', cache: 'my/cache:4' };
  expect(brought({ mirror: 'mirror.example', replace })).toEqual(both(['my/tools:2', 'my/cache:4', `mirror.example/${usual[2]}`]));
});

test('what replaces an image that nothing brings is refused by the check, with the names that there are', () => {
  const shop = makeShop({ replace: { rabbit: 'my/rabbitmq:4', kafka: 'my/kafka:4' } });
  const there = 'which nothing in the application brings; there are cache, rabbitmq, tcp-relay, tools, udp-relay';
  expect(() => new Both(shop)).toThrow(`application 'shop' has 2 problems:\nshop: 'images.replace' has 'kafka', ${there}\nshop: 'images.replace' has 'rabbit', ${there}`);
});

test.each(['tools', 'tcp-relay', 'udp-relay'])('the image of what targets add may be replaced where none of them adds anything: %s', name => {
  expect(() => new Application('shop', { images: { replace: { [name]: 'my/own:2' } } }).check()).not.toThrow();
});

test('the images of relays come from where all others come from', () => {
  const shop = new Application('shop', { images: { mirror: 'mirror.example', replace: { 'udp-relay': 'my/relay:2' } } });
  const names = new Workload(shop, 'names', { image: 'registry.example/own/app:1.0', ports: [{ name: 'tcp', number: 53 }, { name: 'udp', number: 53, protocol: Protocol.UDP }] });
  for (const portName of ['tcp', 'udp']) names.publish({ portName, exposure: Exposure.sources(['192.0.2.0/24']) });
  const output = new Both(shop);
  expect(['tcp', 'udp'].map(protocol => output.service(`names__relay_${protocol}`).image)).toEqual(['mirror.example/haproxy:3.2.26', 'my/relay:2']);
});

test('an application tells what was brought, as it is run', () => {
  const { registered } = makeShop({ mirror: 'mirror.example' }).images;
  expect(registered).toEqual([{ ...CACHE, reference: 'mirror.example/acme/cache:3.1.0' }, expect.objectContaining({ name: 'rabbitmq', user: 999, group: 999 })]);
});

test('an image is brought as often as it is needed', () => {
  const { images } = new Application('shop', { images: { replace: { cache: 'my/cache:4' } } });
  expect([images.register(CACHE), images.register(CACHE)]).toEqual([{ ...CACHE, reference: 'my/cache:4' }, { ...CACHE, reference: 'my/cache:4' }]);
  expect(images.registered).toHaveLength(1);
});
