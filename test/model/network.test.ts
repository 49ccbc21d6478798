// Networks that the program defines: members reach each other on every declared port, and nobody else gets in.
import { Application, FidelityLevel, ComposeProject, Network, Protocol, SidecarPair, Task, Workload } from 'cdk8s-conduit';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';
const HTTP = { name: 'http', number: 8080 };

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const workload = (id: string, ...ports: Workload['ports']) => new Workload(shop, id, { image: IMAGE, ports });

const on = (network: string) => ({ podSelector: { matchLabels: { [`cdk8s-conduit/network-${network}`]: 'true' } } });
const port = (number: number, protocol = 'TCP') => ({ port: number, protocol });
const networksOf = (both: Both, service: string) => Object.keys(both.service(service).networks ?? {});
const rules = (both: Both, name: string) => {
  const { ingress, egress } = both.find('NetworkPolicy', name).spec;
  return { ingress, egress: egress?.slice(0, -1) }; // the last one is DNS
};

test('members reach each other on every declared port, and names are looked up', () => {
  const back = new Network(shop, 'back');
  back.add(workload('cart', HTTP, { name: 'gossip', number: 7946, protocol: Protocol.UDP }));
  back.add(workload('prices', HTTP));
  workload('stranger', HTTP);
  const both = new Both(shop);
  expect(rules(both, 'cart')).toEqual({ ingress: [{ from: [on('back')], ports: [port(8080), port(7946, 'UDP')] }], egress: [{ to: [on('back')] }] });
  expect(rules(both, 'prices')).toEqual({ ingress: [{ from: [on('back')], ports: [port(8080)] }], egress: [{ to: [on('back')] }] });
  expect(rules(both, 'stranger')).toEqual({});
  expect(both.find('NetworkPolicy', 'cart').spec.egress[1].ports).toEqual([port(53, 'UDP'), port(53)]);
  const labelled = both.objects.filter(({ spec }) => spec?.template?.metadata.labels['cdk8s-conduit/network-back'] === 'true');
  expect(labelled.map(({ metadata }) => metadata.name)).toEqual(['cart', 'prices']);

  expect(both.compose.networks).toEqual({
    back: { internal: true, enable_ipv6: false, driver_opts: { 'com.docker.network.bridge.gateway_mode_ipv4': 'isolated' }, ipam: expect.anything() },
  });
  expect(['cart', 'prices', 'stranger'].map(name => networksOf(both, name))).toEqual([['back'], ['back'], []]);
});

test('a member without ports reaches the others, and nobody reaches it', () => {
  const back = new Network(shop, 'back');
  back.add(workload('cart', HTTP));
  back.add(new Task(shop, 'migrate', { image: IMAGE }));
  const both = new Both(shop);
  expect(rules(both, 'migrate')).toEqual({ ingress: undefined, egress: [{ to: [on('back')] }] });
  expect(networksOf(both, 'migrate')).toEqual(['back']);
});

test('a workload on two networks connects them for itself alone', () => {
  const [front, back] = ['front', 'back'].map(id => new Network(shop, id));
  const cart = workload('cart', HTTP);
  front.add(workload('web', HTTP));
  front.add(cart);
  back.add(cart);
  back.add(workload('prices', HTTP));
  expect([cart.networks, back.members].map(each => each.map(({ name }) => name))).toEqual([['back', 'front'], ['cart', 'prices']]);
  const both = new Both(shop);
  expect(rules(both, 'cart').ingress).toEqual([{ from: [on('back')], ports: [port(8080)] }, { from: [on('front')], ports: [port(8080)] }]);
  expect(['web', 'cart', 'prices'].map(name => networksOf(both, name))).toEqual([['front'], ['back', 'front'], ['back']]);
});

test('all containers of a pattern are on the network under one name, those that only initialize, too', () => {
  const back = new Network(shop, 'back', { name: 'inner' });
  const pair = new SidecarPair(shop, 'web', { main: { image: IMAGE, ports: [HTTP] }, sidecar: { image: IMAGE } });
  pair.workload.addInitContainer('fetch', { image: IMAGE });
  back.add(pair);
  back.add(pair.sidecar); // once more
  const both = new Both(shop);
  expect(['web', 'web_fetch'].map(name => networksOf(both, name))).toEqual([['inner'], ['inner']]);
  expect(both.service('web_sidecar').network_mode).toBe('service:web');
});

test('an edge between members is told as ever, and waited for', () => {
  const back = new Network(shop, 'back');
  const [cart, prices] = [workload('cart'), workload('prices', HTTP)];
  for (const member of [cart, prices]) back.add(member);
  cart.connectTo(prices.endpoint());
  const both = new Both(shop);
  expect(both.env('cart').compose).toEqual({ PRICES_HOST: 'prices', PRICES_PORT: '8080', PRICES_URL: 'http://prices:8080' });
  expect(Object.keys(both.service('cart').depends_on)).toContain('prices');
});

test('Compose reports what it cannot close', () => {
  new Network(shop, 'back').add(workload('cart', HTTP));
  expect(new ComposeProject(shop).fidelity).toContainEqual({
    path: 'shop/back', level: FidelityLevel.EMULATED, feature: 'ports of a network', reason: expect.stringContaining('those that are not declared'),
  });
});

test('a network without members, or with those of another application, is refused', () => {
  const back = new Network(shop, 'back');
  const other = new Workload(new Application('office'), 'desk', { image: IMAGE });
  expect(wholeProgram(() => back.add(other))).toThrow("office/desk: 'shop/back' belongs to another application; define one in 'office'");
  expect(wholeProgram(() => new Both(shop))).toThrow('shop/back: the network has no members; add a workload, or remove it');
  expect(wholeProgram(() => new Network(shop, 'x'.repeat(51)))).toThrow('must be at most 50');
});

test('two networks cannot have one name', () => {
  for (const id of ['a', 'b']) new Network(shop, id, { name: 'back' }).add(workload(`of-${id}`));
  expect(wholeProgram(() => new Both(shop))).toThrow("the name 'back' is taken by shop/a");
});
