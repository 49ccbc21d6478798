import { Application, ComposeProject, TestOutput, Workload } from 'cdk8s-conduit';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const built = (id: string, image: string, directory: string, replicas = 1) =>
  new Workload(shop, id, { image: `shop/${image}:1.0.0`, buildContext: { directory }, replicas, stable: true });
const builds = () => Object.entries<any>(TestOutput.of(shop, ComposeProject.target({ directory: 'out' })).document.services).flatMap(([name, { build }]) => build ? [`${name} ${build.context}`] : []);

test('one service builds an image for all that run it', () => {
  built('b', 'worker', 'worker');
  built('a', 'worker', 'worker', 3);
  built('c', 'frontend', 'frontend');
  expect(builds()).toEqual(['a-0 ../worker', 'c-0 ../frontend']);
});

test('one name for two images is refused', () => {
  built('a', 'worker', 'worker');
  built('b', 'worker', 'elsewhere');
  expect(builds).toThrow("shop/b: image 'shop/worker:1.0.0' is built from '../elsewhere/Dockerfile' here and from '../worker/Dockerfile' by shop/a; give one of them another name");
});
