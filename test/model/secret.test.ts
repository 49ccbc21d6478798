import { Application, EnvValue, KubernetesChart, Secret, Workload } from 'cdk8s-conduit';
import { App } from 'cdk8s';
import { Both } from '../targets/both';

let shop: Application;
let web: Workload;
let key: Secret;
beforeEach(() => {
  shop = new Application('shop');
  web = new Workload(shop, 'web', { image: 'registry.example/acme/app:1.0' });
  key = new Secret(shop, 'session-key', { key: 'token' });
});

test('a secret is a file of the same path on both targets', () => {
  expect(web.main.mountSecret(key)).toBe('/run/secrets/session-key');
  const both = new Both(shop);
  expect(both.pod('web').volumes).toEqual([{
    name: 'secrets-main', projected: { sources: [{ secret: { name: 'session-key', items: [{ key: 'token', path: 'session-key' }] } }] },
  }]);
  expect(both.container('web').volumeMounts).toEqual([{ name: 'secrets-main', mountPath: '/run/secrets', readOnly: true }]);
  expect(both.service('web').secrets).toEqual(['session-key']);
  expect(both.compose.secrets).toEqual({ 'session-key': { file: '../../secrets/shop/session-key' } });
});

test('however often a container asks for a secret, it has it once, and others do not', () => {
  web.addSidecar('proxy', { image: 'registry.example/acme/proxy:1.0' });
  for (let time = 0; time < 3; time++) web.main.mountSecret(key);
  web.main.setEnv('KEY_FILE', EnvValue.secretFile(key));
  const both = new Both(shop);
  expect(both.container('web').volumeMounts).toHaveLength(1);
  expect(both.container('web', 'proxy')).not.toHaveProperty('volumeMounts');
  expect(both.service('web_main').secrets).toEqual(['session-key']);
  expect(both.service('web_proxy')).not.toHaveProperty('secrets');
});

test('several secrets stand in one directory, sorted by name', () => {
  web.main.mountSecret(key);
  web.main.mountSecret(new Secret(shop, 'api-key'));
  const both = new Both(shop);
  expect(both.pod('web').volumes).toEqual([{
    name: 'secrets-main',
    projected: {
      sources: [
        { secret: { name: 'api-key', items: [{ key: 'value', path: 'api-key' }] } },
        { secret: { name: 'session-key', items: [{ key: 'token', path: 'session-key' }] } },
      ],
    },
  }]);
  expect(both.service('web').secrets).toEqual(['api-key', 'session-key']);
});

test('no target makes a Secret: it exists, or an ExternalSecret fills it', () => {
  web.main.mountSecret(key);
  expect(new Both(shop).names('Secret')).toEqual([]);
  const chart = (secretStore: object) => new KubernetesChart(new App(), 'shop', { application: shop, secretStore: secretStore as any })
    .toJson().filter(({ kind }: any) => kind === 'ExternalSecret');
  const external = (storeKind: string) => [{
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name: 'session-key', labels: { 'app.kubernetes.io/name': 'session-key', 'app.kubernetes.io/part-of': 'shop', 'app.kubernetes.io/managed-by': 'cdk8s-conduit', 'app.kubernetes.io/instance': 'shop' } },
    spec: {
      secretStoreRef: { name: 'vault', kind: storeKind },
      target: { name: 'session-key' },
      data: [{ secretKey: 'token', remoteRef: { key: 'session-key', property: 'token' } }],
    },
  }];
  expect(chart({ name: 'vault' })).toEqual(external('SecretStore'));
  expect(chart({ name: 'vault', clusterWide: true })).toEqual(external('ClusterSecretStore'));
});

test('the files of a project can stand elsewhere', () => {
  web.main.mountSecret(key);
  const { compose } = new Both(shop, {}, { secretsDirectory: '../../private' });
  expect(compose.secrets).toEqual({ 'session-key': { file: '../../private/session-key' } });
  expect(compose['x-conduit'].secrets).toEqual([{ name: 'session-key', key: 'token', file: '../../private/session-key' }]);
});

test('what is not used is not asked for in a container', () => {
  const both = new Both(shop);
  expect(both.pod('web')).not.toHaveProperty('volumes');
  expect(both.service('web')).not.toHaveProperty('secrets');
  expect(Object.keys(both.compose.secrets)).toEqual(['session-key']);
});
