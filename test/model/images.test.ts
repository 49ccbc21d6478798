import { Application, BrokeredQueue, ImageCatalogue, ImageCatalogueProps, RabbitMq, Task, Workload } from 'cdk8s-conduit';
import { Both } from '../targets/both';

/** An application that needs every image which the library brings, in every place where it does. */
function lower(images: ImageCatalogueProps): Both {
  const shop = new Application('shop', { images });
  const queue = new BrokeredQueue(shop, 'orders', { broker: new RabbitMq(shop, 'broker') });
  const web = new Workload(shop, 'web', { image: 'registry.example/acme/app:1.0', ports: [{ name: 'http', number: 8080 }] });
  web.addSidecar('proxy', { image: 'registry.example/acme/proxy:1.0' });
  queue.grantSend(web);
  web.waitFor(new Task(shop, 'migrate', { image: 'registry.example/acme/migrate:1.0', effect: ['true'] }));
  return new Both(shop);
}

/** All images but those of the program itself. */
function brought(both: Both): { kubernetes: string[]; compose: string[] } {
  const pods = ['broker', 'migrate', 'web'].map(name => both.pod(name));
  const containers = pods.flatMap(pod => [...pod.initContainers ?? [], ...pod.containers]);
  const others = (images: string[]) => [...new Set(images)].filter(image => !image.startsWith('registry.example/acme/')).sort();
  return {
    kubernetes: others(containers.map(({ image }: any) => image)),
    compose: others(Object.values<any>(both.compose.services).map(({ image }) => image)),
  };
}

const catalogue = new ImageCatalogue();
const usual = ['busybox', 'rabbitmq'].map(name => catalogue.find(name).reference);

test('the images come from where their names say', () => {
  expect(brought(lower({}))).toEqual({ kubernetes: usual, compose: usual });
  expect(usual).toEqual([expect.stringMatching(/^busybox:\d[\w.]*-musl$/), expect.stringMatching(/^rabbitmq:\d[\w.]*$/)]);
});

test('a mirror is put before each of them, everywhere', () => {
  const mirrored = usual.map(image => `mirror.example:5000/proxy/${image}`);
  expect(brought(lower({ mirror: 'mirror.example:5000/proxy' }))).toEqual({ kubernetes: mirrored, compose: mirrored });
});

test('single images can be replaced, and the mirror is not put before them', () => {
  const images = ['my/busybox:2', `mirror.example/${usual[1]}`].sort();
  expect(brought(lower({ mirror: 'mirror.example', replace: { busybox: 'my/busybox:2' } }))).toEqual({ kubernetes: images, compose: images });
});

test('the catalogue says what is known of an image', () => {
  expect(catalogue.names).toEqual(['busybox', 'kafka', 'nats', 'nats-box', 'rabbitmq']);
  expect(catalogue.find('rabbitmq')).toMatchObject({ user: 999, group: 999, ports: [5672] });
  expect(catalogue.find('busybox').tools).toEqual(expect.arrayContaining(['sh', 'nc', 'wget']));
});
