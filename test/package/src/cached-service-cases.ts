import { Application, ComposeProject, DiscoverableService, IContractCase, KubernetesChart, TestOutput } from 'cdk8s-conduit';
import { deepStrictEqual, ok } from 'node:assert';
import { CachedService } from './cached-service';

const NAME = 'app.kubernetes.io/name';

/** What both targets make of an application with a cached service. */
function outputs() {
  const portal = new Application('portal');
  const catalogue = new CachedService(portal, 'catalogue', { image: 'registry.example/acme/catalogue:1.0.0', port: 8080 });
  new DiscoverableService(portal, 'web', { image: 'registry.example/acme/web:1.0.0', port: 8080 }).connectTo(catalogue.endpoint());
  const objects = TestOutput.of(portal, KubernetesChart.target()).documents;
  const find = (kind: string, name: string) => objects.find(object => object.kind === kind && object.metadata.name === name);
  return { find, pod: find('Deployment', 'catalogue').spec.template.spec, compose: TestOutput.of(portal, ComposeProject.target()).document };
}

const STATEMENTS: Record<string, (output: ReturnType<typeof outputs>) => void> = {
  'the service is told where its cache is': ({ pod, compose }) => {
    const variables = Object.fromEntries(pod.containers[0].env.map(({ name, value }: any) => [name, value]));
    const expected = { CACHE_HOST: 'catalogue-cache', CACHE_PORT: '6379' };
    deepStrictEqual([variables, compose.services.catalogue.environment], [expected, expected]);
  },
  'the cache starts first': ({ pod, compose }) => {
    ok(pod.initContainers.some(({ command }: any) => command.join(' ').includes('catalogue-cache:6379')), 'no init container waits for the cache');
    deepStrictEqual(compose.services.catalogue.depends_on['catalogue-cache'], { condition: 'service_healthy' });
  },
  'nobody but the service reaches the cache': ({ find, compose }) => {
    const { ingress } = find('NetworkPolicy', 'catalogue-cache').spec;
    deepStrictEqual(ingress.flatMap(({ from }: any) => from.map(({ podSelector }: any) => podSelector.matchLabels[NAME])), ['catalogue']);
    const [network, ...others] = Object.keys(compose.services['catalogue-cache'].networks);
    deepStrictEqual(others, []);
    const members = Object.keys(compose.services).filter(name => network in (compose.services[name].networks ?? {}));
    deepStrictEqual(members.sort(), ['catalogue', 'catalogue-cache']);
  },
  'the cache has its settings': ({ find, compose }) => {
    const path = '/etc/redis/redis.conf';
    const { containers, volumes } = find('Deployment', 'catalogue-cache').spec.template.spec;
    const mount = containers[0].volumeMounts.find(({ mountPath }: any) => mountPath === path);
    const { configMap } = volumes.find(({ name }: any) => name === mount.name);
    ok(find('ConfigMap', configMap.name).data[mount.subPath].includes('maxmemory 64mb'), 'the ConfigMap has no settings');
    ok(compose.services['catalogue-cache'].configs.some(({ target }: any) => target === path), 'the service has no settings');
  },
};

/** What must be true of a `CachedService`. */
export const CACHED_SERVICE_CASES: IContractCase[] = Object.entries(STATEMENTS).map(([statement, check]) => ({ statement, check: () => check(outputs()) }));
