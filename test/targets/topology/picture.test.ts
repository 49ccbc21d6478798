// Computed from the pictures themselves: nothing overlaps, no line crosses a box or a label, and all can be read.
import { Application, BrokeredQueue, DiscoverableService, Endpoint, RabbitMq, Topology, Workload } from 'cdk8s-conduit';
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { faultsOf, readPicture } from './picture';
import { everyFeature } from '../../contracts/every-feature';
import { EXAMPLES, exampleNames } from '../../examples/synthesize';
import { build } from '../../property/build';
import { forAllApplications } from '../../property/synthesis';

const IMAGE = 'registry.example/acme/app:1.0';

/** All pictures of an application. */
function picturesOf(application: Application): string[] {
  return Object.entries(new Topology(application, { targets: [] }).files).filter(([path]) => path.endsWith('.svg')).map(([, text]) => text);
}

/** Domains with a broker, an API and workers each, which have a database outside and a gateway in front. */
export function domains(count: number, workers: number): Application {
  const application = new Application('large');
  const gateway = new DiscoverableService(application, 'gateway', { image: IMAGE, port: 80 });
  for (let domain = 0; domain < count; domain++) {
    const orders = new BrokeredQueue(application, `orders-${domain}`, { broker: new RabbitMq(application, `broker-${domain}`) });
    const api = new DiscoverableService(application, `api-${domain}`, { image: IMAGE, port: 8080 });
    gateway.connectTo(api.endpoint());
    orders.grantSend(api);
    for (let index = 0; index < workers; index++) {
      const worker = new Workload(application, `worker-${domain}-${index}`, { image: IMAGE });
      orders.grantReceive(worker);
      if (index % 5 === 0) worker.connectTo(Endpoint.external(`db-${domain}.example.com`, 5432), { prefix: 'DB' });
    }
  }
  return application;
}

test.each(exampleNames)('the picture of %s has no fault', name => {
  const folder = join(EXAMPLES, name, 'expected/topology');
  const [, application] = /^<h1>(.*)<\/h1>$/m.exec(readFileSync(join(folder, readdirSync(folder).find(file => file.endsWith('.html'))!), 'utf8'))!;
  const picture = readPicture(readFileSync(join(folder, `${application}.svg`), 'utf8'));
  expect(picture.nodes.length).toBeGreaterThan(1);
  expect(faultsOf(picture)).toEqual([]);
});

test('the picture of everything has no fault', () => {
  const [picture] = picturesOf(everyFeature()).map(readPicture);
  expect(picture.lines.length).toBeGreaterThan(30);
  expect(faultsOf(picture)).toEqual([]);
});

test('pictures of random applications have no fault', () => {
  forAllApplications(description => {
    for (const svg of picturesOf(build(description))) expect(faultsOf(readPicture(svg))).toEqual([]);
  }, 100);
});

test('200 workloads are drawn within three seconds, as an overview and a picture of each place, without a fault', () => {
  const application = domains(9, 20);
  const start = performance.now();
  const pictures = picturesOf(application);
  expect(performance.now() - start).toBeLessThan(3000);
  expect(pictures).toHaveLength(1 + 9 * 3); // broker, API and database of each
  for (const svg of pictures) expect(faultsOf(readPicture(svg))).toEqual([]);
});

test('faults are found', () => {
  const [svg] = picturesOf(everyFeature());
  const moved = svg.replace(/(<g class="node workload"[^>]*data-name="api".*?<rect class="box" x=")([\d.]+)/, (_, before, x) => `${before}${Number(x) + 250}`);
  expect(moved).not.toBe(svg);
  const faults = faultsOf(readPicture(moved));
  for (const pattern of [/overlaps/, /crosses api/, /sticks out of api/]) expect(faults).toContainEqual(expect.stringMatching(pattern));
});
