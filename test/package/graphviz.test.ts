// What a target in a package of its own makes of a shop.
import { Application, BrokeredQueue, Endpoint, FidelityLevel, Network, RabbitMq, SharedVolume, Task, TestOutput, Workload } from 'cdk8s-conduit';
import { Graphviz } from './src/graphviz';

const IMAGE = 'registry.example/acme/app:1.0';

test('the graph shows who talks to whom, and who shares what', () => {
  const shop = new Application('shop');
  const orders = new BrokeredQueue(shop, 'orders', { broker: new RabbitMq(shop, 'broker') });
  const [web, packer] = ['web', 'packer'].map(id => new Workload(shop, id, { image: IMAGE }));
  orders.grantSend(web);
  orders.grantReceive(packer);
  web.connectTo(Endpoint.external('db.example.com', 5432));
  const logs = new SharedVolume(shop, 'logs');
  logs.grantWrite(web, '/logs');
  logs.grantRead(packer, '/logs');
  const back = new Network(shop, 'back');
  for (const member of [web, new Task(shop, 'migrate', { image: IMAGE })]) back.add(member);

  const { files, fidelity, documents } = TestOutput.of(shop, new Graphviz());
  expect(files['graphviz/shop.dot']).toBe(`digraph {
  "network back" [shape=diamond]
  "migrate" -> "network back" [dir=none]
  "web" -> "network back" [dir=none]
  "broker" [shape=box]
  "volume broker-data" [shape=cylinder]
  "broker" -> "volume broker-data" [dir=none]
  "volume logs" [shape=cylinder]
  "packer" -> "volume logs" [dir=none]
  "web" -> "volume logs" [dir=none]
  "migrate" [shape=cds]
  "packer" [shape=box]
  "web" [shape=box]
  "packer" -> "broker" [label="receive orders 5672/TCP"]
  "web" -> "broker" [label="send orders 5672/TCP"]
  "web" -> "db.example.com" [label="connect 5432/TCP"]
}
`);
  expect(documents).toEqual([]);
  expect(fidelity.find(({ path }) => path === 'shop/web')).toEqual({ path: 'shop/web', level: FidelityLevel.EXACT });
  expect(fidelity.filter(({ level }) => level === FidelityLevel.OMITTED).map(({ path }) => path)).toContain('shop/orders/web-send');
});
