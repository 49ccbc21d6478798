import { Application, EventStream, Kafka, KafkaProps, Workload } from 'cdk8s-conduit';
import { Both } from '../targets/both';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const secured = (props: KafkaProps = {}) => new Kafka(shop, 'broker', { tls: true, ...props });
const stream = (broker: Kafka) => new EventStream(shop, 'prices', { broker });
const workload = (id: string) => new Workload(shop, id, { image: 'registry.example/acme/app:1.0' });

/** The text of a config file, which has to be the same on both targets. */
const text = (name: string, both = new Both(shop)) => both.find('ConfigMap', name).data.content as string;
/** One setting of the nodes. */
const setting = (name: string, file = 'broker-settings') => text(file).split('\n').find(line => line.startsWith(`${name}=`))?.slice(name.length + 1);
const PROTOCOLS = 'listener.security.protocol.map';

test('clients connect by TLS, and find the authority with which they check the server, on both targets', () => {
  const broker = secured({ nodes: 3 });
  expect(broker.endpoint.url).toBe('kafka+ssl://broker:9092');
  const prices = stream(broker);
  prices.grantPublish(workload('sender'));
  prices.grantRead(workload('reader'));
  const both = new Both(shop);
  for (const client of ['sender', 'reader']) {
    for (const target of ['kubernetes', 'compose'] as const) {
      expect(both.env(client)[target]).toMatchObject({
        PRICES_SECURITY_PROTOCOL: 'SASL_SSL', PRICES_CA_FILE: '/run/secrets/broker-tls-authority', PRICES_URL: 'kafka+ssl://broker:9092',
      });
    }
    expect(both.service(client).secrets).toContain('broker-tls-authority');
    expect(both.service(client).secrets).not.toContain('broker-tls-key');
  }
});

test('nobody connects to a broker otherwise, and nodes connect to each other like clients', () => {
  secured({ nodes: 3 });
  expect(setting('listeners')).toBe('CLIENT://:9092,INTERNAL://:9094,CONTROLLER://:9093');
  expect(setting(PROTOCOLS)).toBe('CLIENT:SASL_SSL,INTERNAL:SASL_SSL,CONTROLLER:SASL_SSL');
  expect(setting('ssl.truststore.location')).toBe('/run/secrets/broker-tls-authority');
  // nodes check each other's names, as that is not turned off
  expect(text('broker-settings')).not.toContain('ssl.endpoint.identification.algorithm');
});

test('what a lone node says to itself stays as it is', () => {
  secured();
  expect(setting(PROTOCOLS)).toBe('CLIENT:SASL_SSL,INTERNAL:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT');
  expect(setting('listeners')).toBe('CLIENT://:9092,INTERNAL://127.0.0.1:9094,CONTROLLER://127.0.0.1:9091');
});

test('controllers of their own have the same certificate, which is for their names, too', () => {
  secured({ controllers: 3 });
  for (const file of ['broker-settings', 'broker-controllers-settings']) expect(setting(PROTOCOLS, file)).toBe('CLIENT:SASL_SSL,INTERNAL:SASL_PLAINTEXT,CONTROLLER:SASL_SSL');
  const both = new Both(shop);
  const parts = ['broker-tls-authority', 'broker-tls-certificate', 'broker-tls-key'];
  for (const service of ['broker-0', 'broker-controllers-2']) expect(both.service(service).secrets).toEqual(['broker-admin', 'broker-internal', ...parts]);
  const controllers = ['broker-controllers', ...[0, 1, 2].map(n => `broker-controllers-${n}`), ...[0, 1, 2].map(n => `broker-controllers-${n}.broker-controllers`)];
  expect(both.compose['x-conduit'].secrets.filter(({ hosts }: any) => hosts)).toEqual(['ca.crt', 'tls.crt', 'tls.key'].map((key, index) => ({
    name: 'broker-tls', key, file: `../../secrets/shop/${parts[index]}`, hosts: ['broker', 'broker-0', 'broker-0.broker', ...controllers],
  })));
  const { sources } = both.pod('broker-controllers').volumes.find(({ name }: any) => name === 'secrets-main').projected;
  expect(sources.filter(({ secret }: any) => secret.name === 'broker-tls').map(({ secret }: any) => secret.items[0].key)).toEqual(['ca.crt', 'tls.crt', 'tls.key']);
});

test('the key is read where it is mounted, and copied nowhere', () => {
  secured();
  expect(setting('ssl.keystore.type')).toBe('PEM');
  expect(setting('ssl.keystore.key')).toBe('${dir:/run/secrets:broker-tls-key}');
  expect(setting('ssl.keystore.certificate.chain')).toBe('${dir:/run/secrets:broker-tls-certificate}');
  expect(text('broker-start').split('\n').filter(line => line.includes('/run/secrets/broker-tls'))).toEqual(['KEY=/run/secrets/broker-tls-key']);
});

test('whoever declares, and whoever waits for that, checks the server, too', () => {
  const broker = secured();
  stream(broker).grantPublish(workload('sender'));
  const both = new Both(shop);
  expect(text('broker-provisioning-script', both)).toContain('\nPROTOCOL=SASL_SSL\nMECHANISM=SCRAM-SHA-512\nAUTHORITY=/run/secrets/broker-tls-authority\n');
  expect(both.service('broker-provisioning').secrets).toContain('broker-tls-authority');
  const { env, volumeMounts } = both.container('sender', 'conduit-await-broker-provisioning');
  expect(env).toContainEqual({ name: 'PRICES_CA_FILE', value: '/run/secrets/broker-tls-authority' });
  expect(volumeMounts).toContainEqual({ name: 'secrets-main', mountPath: '/run/secrets', readOnly: true });
});

test('without TLS there is nothing of it', () => {
  secured({ tls: false, nodes: 3, controllers: 3 });
  const both = new Both(shop);
  for (const file of ['broker-settings', 'broker-controllers-settings']) expect(text(file, both)).not.toMatch(/ssl|private key|tls/i);
  expect(text('broker-start', both)).toContain('\nKEY=\n');
  expect(text('broker-provisioning-script', both)).toContain('\nPROTOCOL=SASL_PLAINTEXT\nMECHANISM=SCRAM-SHA-512\nAUTHORITY=\n');
  expect(JSON.stringify([both.objects, both.compose])).not.toContain('broker-tls');
});
