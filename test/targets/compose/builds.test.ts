import { Application, ComposeProject, TestOutput, Workload } from 'cdk8s-conduit';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const built = (id: string, image: string, directory: string, replicas = 1) =>
  new Workload(shop, id, { image: `shop/${image}:1.0.0`, buildContext: { directory }, replicas, stable: true });
const compose = () => TestOutput.of(shop, ComposeProject.target({ directory: 'out' })).document;
const builds = () => Object.entries<any>(compose().services).flatMap(([name, { build }]) => build ? [`${name} ${build.context}`] : []);

test('one service builds an image for all that run it', () => {
  built('b', 'worker', 'worker');
  built('a', 'worker', 'worker', 3);
  built('c', 'frontend', 'frontend');
  const builder = 'conduit-build_worker_e4f63b';
  expect(builds()).toEqual(['c-0 ../frontend', `${builder} ../worker`]);
  const { services } = compose();
  // it runs nothing, and whoever runs its image needs it, so that one alone can be started
  expect(services[builder]).toMatchObject({ image: 'shop/worker:1.0.0', deploy: { replicas: 0 } });
  for (const user of ['a-0', 'a-1', 'a-2', 'b-0']) expect(services[user].depends_on).toEqual({ [builder]: { condition: 'service_started' } });
  expect(services['c-0'].depends_on).toBeUndefined();
});

test('no registry is asked for an image that is built here, whoever runs it', () => {
  built('a', 'worker', 'worker');
  new Workload(shop, 'again', { image: 'shop/worker:1.0.0' });
  built('c', 'frontend', 'frontend');
  new Workload(shop, 'theirs', { image: 'registry.example/acme/app:1.0' });
  const policies = Object.entries<any>(compose().services).map(([name, { pull_policy }]) => [name, pull_policy]);
  expect(Object.fromEntries(policies)).toEqual({ 'again': 'never', 'a-0': 'never', 'c-0': 'never', 'conduit-build_worker_e4f63b': 'never', 'theirs': undefined });
});

test('images of one last name are built apart', () => {
  for (const [id, image] of [['a', 'registry.example:5000/one/app:1'], ['b', 'two/app@sha256:' + 'a'.repeat(64)]]) {
    for (const suffix of ['x', 'y']) new Workload(shop, `${id}${suffix}`, { image, buildContext: { directory: id } });
  }
  const one = expect.stringMatching(/^conduit-build_app_[0-9a-f]{6} ..\/[ab]$/);
  expect(builds()).toEqual([one, one]);
});

test('one name for two images is refused', () => {
  built('a', 'worker', 'worker');
  built('b', 'worker', 'elsewhere');
  expect(builds).toThrow("shop/b: image 'shop/worker:1.0.0' is built from '../elsewhere/Dockerfile' here and from '../worker/Dockerfile' by shop/a; give one of them another name");
});
