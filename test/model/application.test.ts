import { Application, ConfigFile, Endpoint, ILowering, LoadBalancer, Network, Scaling, Secret, Task, Volume, Workload } from 'cdk8s-conduit';
import { Construct } from 'constructs';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';

/** Writes down what it is handed. */
class Recorder implements ILowering {
  public readonly seen: string[] = [];
  public lowerWorkload({ node }: Workload) { this.seen.push(`workload ${node.path}`); }
  public lowerTask({ node }: Task) { this.seen.push(`task ${node.path}`); }
  public lowerVolume({ node }: Volume) { this.seen.push(`volume ${node.path}`); }
  public lowerConfigFile({ node }: ConfigFile) { this.seen.push(`config file ${node.path}`); }
  public lowerSecret({ node }: Secret) { this.seen.push(`secret ${node.path}`); }
  public lowerScaling({ node }: Scaling) { this.seen.push(`scaling ${node.path}`); }
  public lowerNetwork({ node }: Network) { this.seen.push(`network ${node.path}`); }
  public lowerLoadBalancer({ node }: LoadBalancer) { this.seen.push(`load balancer ${node.path}`); }
}

/** One of each primitive, made in the given order. */
function shopOf(order: string[]): Application {
  const shop = new Application('shop');
  const make: Record<string, () => unknown> = {
    web: () => new Workload(shop, 'web', { image: IMAGE }),
    migrate: () => new Task(shop, 'migrate', { image: IMAGE }),
    data: () => new Volume(new Construct(shop, 'Store'), 'Default', { name: 'data' }),
    conf: () => new ConfigFile(shop, 'conf', { path: '/c', content: '' }),
    key: () => new Secret(shop, 'key'),
  };
  for (const name of order) make[name]();
  const web = shop.node.findChild('web') as Workload;
  web.main.mountVolume(shop.node.findChild('Store').node.defaultChild as Volume, '/data');
  const backlog = { protocol: 'letters', values: { box: 'in' } };
  web.scaleBy({ backlog, targetBacklog: 1, endpoint: Endpoint.external('192.0.2.1', 1), userName: 'reader', password: shop.node.findChild('key') as Secret }, { max: 3 });
  return shop;
}

test('a target is handed each primitive once, in the order of their names', () => {
  const expected = ['config file shop/conf', 'volume shop/Store/Default', 'secret shop/key', 'task shop/migrate', 'workload shop/web', 'scaling shop/web/Scaling'];
  for (const order of [['web', 'migrate', 'data', 'conf', 'key'], ['key', 'conf', 'data', 'migrate', 'web']]) {
    const recorder = new Recorder();
    shopOf(order).lower(recorder);
    expect(recorder.seen).toEqual(expected);
  }
});

test('an application can be handed to any number of targets', () => {
  const shop = shopOf(['web', 'migrate', 'data', 'conf', 'key']);
  const [first, second] = [new Recorder(), new Recorder()];
  shop.lower(first);
  shop.check();
  shop.lower(second);
  expect(second.seen).toEqual(first.seen);
});

test('a target sees nothing of an application with problems', () => {
  const shop = new Application('shop');
  new Volume(shop, 'data');
  const recorder = new Recorder();
  expect(wholeProgram(() => shop.lower(recorder))).toThrow('shop/data: nothing mounts this volume');
  expect(recorder.seen).toEqual([]);
});

test('a program of which several parts are wrong is not handed to a target, and is told all of them', () => {
  const shop = new Application('shop');
  new Workload(shop, 'web', { image: 'nginx' });
  new Task(shop, 'migrate', { image: IMAGE, retries: -1 });
  new ConfigFile(shop, 'conf', { path: 'c', content: '' });
  new Secret(shop, 'key');
  const recorder = new Recorder();
  for (let again = 0; again < 2; again++) {
    expect(() => shop.lower(recorder))
      .toThrow(/^application 'shop' has 3 problems:\nshop\/conf: 'path' must be .*\nshop\/migrate: 'retries' must be .*\nshop\/web: 'image' must have a tag/);
  }
  expect(recorder.seen).toEqual([]);
});

test('a construct knows the application that it is in', () => {
  const shop = new Application('shop');
  expect([Application.of(new Construct(new Construct(shop, 'a'), 'b')), Application.of(shop)]).toEqual([shop, shop]);
});

test('constructs of others may validate themselves', () => {
  const shop = new Application('shop');
  new Construct(shop, 'mine').node.addValidation({ validate: () => ['something is missing; add it'] });
  expect(wholeProgram(() => shop.check())).toThrow(new Error("application 'shop' has a problem:\nshop/mine: something is missing; add it"));
});

test('names of different kinds of things do not clash', () => {
  const shop = new Application('shop');
  const all = [new Secret(shop, 'S', { name: 'x' }), new ConfigFile(shop, 'C', { name: 'x', path: '/c', content: '' }), new Workload(shop, 'W', { name: 'x', image: IMAGE })];
  shop.check();
  expect(all.map(({ name }) => name)).toEqual(['x', 'x', 'x']);
});
