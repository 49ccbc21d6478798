import { Application, ComposeProject, ConfigFile, ITextSource, KubernetesChart, KubernetesChartOptions, TestOutput, Workload } from 'cdk8s-conduit';
import { KubernetesReader } from '../../src/contracts/targets/kubernetes-reader';
import { Both } from '../targets/both';

/** An application with a config file; a function, since what differs is the content. */
function shopWith(content: string | ITextSource, path = '/etc/app/app.conf'): Application {
  const shop = new Application('shop');
  const file = new ConfigFile(shop, 'conf', { path, ...(typeof content === 'string' ? { content } : { source: content }) });
  const web = new Workload(shop, 'web', { image: 'registry.example/acme/app:1.0' });
  web.main.mountConfigFile(file);
  web.main.mountConfigFile(file);
  return shop;
}

/** Objects of the chart of the application that a test made. */
const kubernetes = (application: Application, options: KubernetesChartOptions = {}) => TestOutput.of(application, KubernetesChart.target(options)).documents;

/** Texts of the files that a Compose project has beside its Compose file, by path. */
const files = (application: Application): Map<string, string> =>
  new Map(Object.entries(new ComposeProject(application).files).filter(([path]) => path !== 'compose.yml'));

test('a file stands at the same path on both targets, alone, and hides nothing beside it', () => {
  const shop = shopWith('a = 1\n');
  const both = new Both(shop);
  expect(both.find('ConfigMap', 'conf').data).toEqual({ content: 'a = 1\n' });
  expect(both.container('web').volumeMounts).toEqual([{ name: 'config-conf', mountPath: '/etc/app/app.conf', subPath: 'content', readOnly: true }]);
  expect(both.pod('web').volumes).toEqual([{ name: 'config-conf', configMap: { name: expect.stringMatching(/^conf-[0-9a-f]{10}$/) } }]);
  const [[source, { file }]] = Object.entries<any>(both.compose.configs);
  expect(both.service('web').configs).toEqual([{ source, target: '/etc/app/app.conf' }]);
  expect(source).toMatch(/^conf_[0-9a-f]{10}$/);
  expect(file).toBe('./configs/conf');
  expect([...files(shop)]).toEqual([[file.slice(2), 'a = 1\n']]);
});

test('new content restarts the program on both targets, and nothing else does', () => {
  const traces = (content: string) => {
    const both = new Both(shopWith(content));
    return [both.find('Deployment', 'web').spec.template, both.service('web').configs];
  };
  const first = traces('a = 1\n');
  expect(traces('a = 1\n')).toEqual(first);
  const second = traces('a = 2\n');
  expect(second[0]).not.toEqual(first[0]);
  expect(second[1]).not.toEqual(first[1]);
});

test('text of any kind arrives as it is', () => {
  const text = '\ttab "quotes" $HOME ${HOME} $$ $(date) \\ ŝ€𝄞\r\n\n  \n- yes: no # : ---\n';
  const shop = shopWith(text);
  expect(kubernetes(shop).find(({ kind }) => kind === 'ConfigMap').data.content).toBe(text);
  expect([...files(shop).values()]).toEqual([text]);
});

test('what only a target knows stands in the text of that target', () => {
  const shop = shopWith(`resolver ${ConfigFile.DNS_RESOLVER};\nserver api${ConfigFile.DNS_SUFFIX} or web${ConfigFile.DNS_SUFFIX};\n`);
  const [content] = kubernetes(shop, { namespace: 'prod' }).filter(({ kind }) => kind === 'ConfigMap').map(({ data }) => data.content);
  expect(content).toBe('resolver kube-dns.kube-system.svc.cluster.local;\nserver api.prod.svc.cluster.local or web.prod.svc.cluster.local;\n');
  expect([...files(shop).values()]).toEqual(['resolver 127.0.0.11;\nserver api or web;\n']);
});

test('a text can be written when the application is complete', () => {
  const names: string[] = [];
  const shop = shopWith({ toText: () => `${names.join('\n')}\n` });
  names.push('late');
  expect(kubernetes(shop).find(({ kind }) => kind === 'ConfigMap').data.content).toBe('late\n');
  expect([...files(shop).values()]).toEqual(['late\n']);
});

test('a file that nobody mounts is still there, for objects of others', () => {
  const shop = new Application('shop');
  new ConfigFile(shop, 'conf', { path: '/c', content: 'x' });
  const both = new Both(shop);
  expect([both.names('ConfigMap'), Object.keys(both.compose.configs)]).toEqual([['conf'], [expect.stringMatching(/^conf_/)]]);
});

test('a file may have more than fits into one object, and arrives whole on both targets', () => {
  const text = 'a line with <angles> & "quotes"\n'.repeat(300_000);
  const shop = shopWith(text);
  const maps = kubernetes(shop).filter(({ kind }) => kind === 'ConfigMap');
  expect(maps.length).toBeGreaterThan(50);
  expect(maps.map(({ data }) => data.content).join('')).toBe(text);
  expect([...files(shop).values()]).toEqual([text]);
  expect(new KubernetesReader().read(TestOutput.of(shop, KubernetesChart.target())).container('web').files).toEqual({ '/etc/app/app.conf': text });
});
