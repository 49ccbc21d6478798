import { Application, Endpoint, Secret, Workload } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';
const backlog = { protocol: 'letters', values: { box: 'in' } };

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const worker = (id: string) => new Workload(shop, id, { image: IMAGE });
const post = (application = shop) => new Workload(application, 'post', { image: IMAGE, ports: [{ name: 'letters', number: 7000 }] });
const source = (endpoint: Endpoint, id = 'reader') => ({ backlog, targetBacklog: 3, endpoint, userName: id, password: new Secret(shop, id) });

test('a scaling belongs to its workload, has its name, and says what was left open', () => {
  const two = new Workload(shop, 'two', { image: IMAGE, replicas: 2 });
  const scaling = two.scaleBy(source(post().endpoint()), { max: 4, cooldown: Duration.seconds(30) });
  expect(two.scaling).toBe(scaling);
  expect([scaling.node.path, scaling.name, scaling.workload]).toEqual(['shop/two/Scaling', 'two', two]);
  expect([scaling.min, scaling.max, scaling.pollingInterval.toSeconds(), scaling.cooldown.toSeconds()]).toEqual([2, 4, 15, 30]);
  expect(two.maxReplicas).toBe(4);
});

test('backlogs of one workload are sources of one scaling, in the order of the names of their passwords', () => {
  const [one, server] = [worker('one'), post()];
  const first = one.scaleBy(source(server.endpoint(), 'z'), { max: 4 });
  expect(one.scaleBy(source(server.endpoint(), 'a'), { max: 4 })).toBe(first);
  expect(first.sources.map(({ userName }) => userName)).toEqual(['a', 'z']);
});

test('a server knows who reads backlogs at its ports, once each, and nobody reads where none are', () => {
  const server = post();
  const other = new Workload(shop, 'other', { image: IMAGE, ports: [{ name: 'letters', number: 7000 }] });
  const late = worker('b').scaleBy(source(server.endpoint(), 'b-reader'), { max: 2 });
  const early = worker('a');
  for (const id of ['one', 'two']) early.scaleBy(source(server.endpoint(), id), { max: 2 });
  worker('c').scaleBy(source(Endpoint.external('post.example.com', 7000), 'c-reader'), { max: 2 });
  expect(server.backlogReaders).toEqual([early.scaling, late]);
  expect(other.backlogReaders).toEqual([]);
});

test('a backlog is not read in another application', () => {
  expect(wholeProgram(() => worker('one').scaleBy(source(post(new Application('other')).endpoint()), { max: 2 })))
    .toThrow("shop/one: 'other/post' belongs to another application; reach it with Endpoint.external(host, port)");
});

test('nor after a target has seen this one', () => {
  const late = worker('late');
  const last = source(Endpoint.external('post.example.com', 7000), 'late-reader');
  late.main.mountSecret(last.password);
  shop.check();
  expect(wholeProgram(() => late.scaleBy(last, { max: 2 }))).toThrow('shop/late: the application was already handed to a target and cannot change');
});
