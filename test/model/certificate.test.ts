import { Application, Certificate, Secret, Workload } from 'cdk8s-conduit';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

let shop: Application;
let server: Workload;
let client: Workload;
beforeEach(() => {
  shop = new Application('shop');
  [server, client] = ['server', 'client'].map(id => new Workload(shop, id, { image: 'registry.example/acme/app:1.0' }));
});

function certify(name?: string): Certificate {
  const certificate = new Certificate(shop, 'Tls', { hosts: ['server', 'server-0'], name });
  server.main.mountSecret(certificate.chain);
  server.main.mountSecret(certificate.key);
  client.main.mountSecret(certificate.caCertificates);
  return certificate;
}

test('its parts are files of their own in Compose, and keys of one Secret on Kubernetes', () => {
  certify();
  const both = new Both(shop);
  const sources = (name: string) => both.pod(name).volumes[0].projected.sources.map(({ secret }: any) => `${secret.name} ${secret.items[0].key} ${secret.items[0].path}`);
  expect(sources('server')).toEqual(['tls tls.crt tls-certificate', 'tls tls.key tls-key']);
  expect(sources('client')).toEqual(['tls ca.crt tls-authority']);
  expect(both.service('server').secrets).toEqual(['tls-certificate', 'tls-key']);
  expect(both.service('client').secrets).toEqual(['tls-authority']);
});

test('the project says which files are a certificate, and for which hosts', () => {
  certify('server-tls');
  expect(new Both(shop).compose['x-conduit'].secrets).toEqual([
    { name: 'server-tls', key: 'ca.crt', file: '../../secrets/shop/server-tls-authority', hosts: ['server', 'server-0'] },
    { name: 'server-tls', key: 'tls.crt', file: '../../secrets/shop/server-tls-certificate', hosts: ['server', 'server-0'] },
    { name: 'server-tls', key: 'tls.key', file: '../../secrets/shop/server-tls-key', hosts: ['server', 'server-0'] },
  ]);
});

test('a store gives all its parts in one object', () => {
  certify();
  const both = new Both(shop, { secretStore: { name: 'vault' } } as any);
  expect(both.find('ExternalSecret', 'tls').spec).toMatchObject({
    target: { name: 'tls' },
    data: ['ca.crt', 'tls.crt', 'tls.key'].map(key => ({ secretKey: key, remoteRef: { key: 'tls', property: key } })),
  });
});

test('a value stands in one place alone', () => {
  certify();
  new Secret(shop, 'mine', { bundle: 'tls', key: 'tls.key' });
  expect(wholeProgram(() => shop.check())).toThrow("the name 'tls/tls.key' is taken by");
});

test('a bundle has the name of an object', () => {
  expect(wholeProgram(() => new Secret(shop, 'mine', { bundle: 'a b' }))).toThrow("shop/mine: 'bundle' must be at most 253 lower-case letters, digits and hyphens, got 'a b'");
});
