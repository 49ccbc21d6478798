import { Application, ComposeProject, ConfigFile, ITarget, KubernetesChart, Targets, TestOutput, Workload } from 'cdk8s-conduit';
import { loadAll } from 'js-yaml';

const IMAGE = 'registry.example/acme/app:1.0';

function shopApplication(): Application {
  const shop = new Application('shop');
  const web = new Workload(shop, 'web', { image: IMAGE });
  web.main.mountConfigFile(new ConfigFile(shop, 'settings', { path: '/etc/settings.json', content: '{ "a": 1 }\n' }));
  return shop;
}

/** A target of somebody else's, which writes the files that it is given. */
const fixed = (files: Record<string, string>): ITarget => ({ name: 'Fixed', runs: false, deviations: [], render: () => ({ files, fidelity: [] }) });

test('there is one output of each target of the library, in their order', () => {
  expect(TestOutput.all(shopApplication()).map(({ target }) => target)).toEqual(Targets.all.map(({ name }) => name));
});

test('each target writes files of its own, so that none stands in the way of another', () => {
  const paths = TestOutput.all(shopApplication()).flatMap(({ files }) => Object.keys(files));
  expect(paths).toEqual(['shop.k8s.yaml', 'compose/compose.yml', 'compose/configs/settings', 'swarm/stack.yml', 'swarm/configs/settings', 'topology/shop.html', 'topology/shop.svg', 'topology/shop.mmd']);
});

test('the options of a target count', () => {
  const shop = shopApplication();
  const [first] = TestOutput.of(shop, KubernetesChart.target({ namespace: 'prod' })).documents;
  expect(first.metadata.namespace).toBe('prod');
  expect(TestOutput.of(shop, ComposeProject.target({ projectName: 'staging' })).document.name).toBe('staging');
});

test('a target writes what the program of a user writes', () => {
  const shop = shopApplication();
  const [kubernetes, compose] = TestOutput.all(shop);
  const project = new ComposeProject(shop);
  expect(Object.fromEntries(Object.entries(compose.files).map(([path, text]) => [path.replace('compose/', ''), text]))).toEqual(project.files);
  expect(project.files['compose.yml']).toBe(project.toYaml());
  expect(compose.fidelity).toEqual(project.fidelity);
  expect(kubernetes.documents).toEqual(loadAll(kubernetes.files['shop.k8s.yaml']));
});

test('documents are those of YAML and JSON, in the order of the files, without empty ones', () => {
  const output = TestOutput.of(shopApplication(), fixed({ 'b.yml': 'b: 1\n---\n---\nb: 2\n', 'a.txt': 'text', 'c.json': '{ "c": 3 }', 'd.yaml': 'd: 4\n' }));
  expect(output.documents).toEqual([{ b: 1 }, { b: 2 }, { c: 3 }, { d: 4 }]);
  expect(output.files['a.txt']).toBe('text');
});

test('the only document is refused where there is none, or more than one', () => {
  const shop = shopApplication();
  expect(() => TestOutput.of(shop, fixed({})).document).toThrow("Fixed: 'document' is for output of one document, got 0; use 'documents'");
  expect(() => TestOutput.of(shop, KubernetesChart.target()).document).toThrow(/^Kubernetes: 'document' is for output of one document, got \d+;/);
});
