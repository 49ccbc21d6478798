// What servers share of how they run: their certificates, their members, and external ones.
import { Application, ExternalHosts, ExternalServer, Secret, ServerCertificate, Workload } from 'cdk8s-conduit';
import { Construct } from 'constructs';
import { requireMembers } from '../../src/servers/members';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/store:1.0';

let shop: Application;
let store: Construct;
beforeEach(() => {
  shop = new Application('shop');
  store = new Construct(shop, 'store');
});
const hosts = (options: ExternalServer = {}, names = ['store.example'], contradictions: string[] = []) => new ExternalHosts(store, names, options, contradictions);

test('a certificate is for all names of a server, and only the server sees the key', () => {
  const workload = new Workload(store, 'Default', { image: IMAGE, ports: [{ name: 'sql', number: 3306 }], stable: true, replicas: 3 });
  const { chain, key } = new ServerCertificate(store, 'Tls', { workloads: [workload] });
  expect(chain.hosts).toEqual(['store', 'store-0', 'store-1', 'store-2', 'store-0.store', 'store-1.store', 'store-2.store']);
  const both = new Both(shop);
  expect(both.service('store-0').secrets).toEqual([chain.name, key.name]);
  expect(JSON.stringify(both.pod('store'))).toContain('"name":"store-tls"');
});

test('a certificate of nothing is refused', () => {
  expect(wholeProgram(() => new ServerCertificate(store, 'Tls', { workloads: [] }))).toThrow("shop/store/Tls: 'workloads' must have the workload that runs the server");
});

test('the first host is what clients are told, and the network is open to all', () => {
  const endpoint = hosts({}, ['192.0.2.1', '192.0.2.2']).endpoint(3306, 'mysql');
  expect([endpoint.url, endpoint.workload, endpoint.addresses]).toEqual(['mysql://192.0.2.1:3306', undefined, ['192.0.2.1/32', '192.0.2.2/32']]);
  expect(hosts().endpoint(3306, 'mysql').addresses).toEqual(['0.0.0.0/0']);
  expect(hosts({ addresses: ['192.0.2.0/24'] }).endpoint(3306, 'mysql').addresses).toEqual(['192.0.2.0/24']);
});

test("the administrator's password is brought", () => {
  const { userName, password } = hosts({ administrator: 'root' }).addAdministrator()!;
  expect([userName, password.name, password.existing]).toEqual(['root', 'store-admin', true]);
});

test('without provisioning there is no administrator', () => {
  expect(hosts({ provisioning: false }).addAdministrator()).toBeUndefined();
  expect(store.node.children).toEqual([]);
});

test('all contradictions are told together', () => {
  const given = () => hosts({ tls: false, caCertificates: new Secret(shop, 'ca'), provisioning: false, administrator: 'a b' }, [], ['storage']);
  expect(wholeProgram(given)).toThrow(["shop/store: 'storage' cannot be had of an external server; leave it out, or 'external'",
    "shop/store: 'hosts' must have at least one name or address",
    "shop/store: 'caCertificates' check the server's certificate, and without TLS there is none; leave them out, or 'tls: false'",
    "shop/store: 'administrator' does the provisioning; leave it out, or 'provisioning: false'",
    "shop/store: 'administrator' must be a user's name of letters, digits and . _ @ -, got 'a b'"].join('\n'));
});

test('there are as many members as have a majority', () => {
  expect([undefined, 1, 3, 5].map(members => requireMembers(store, 'members', members))).toEqual([1, 1, 3, 5]);
  for (const members of [0, 2, 4, 1.5]) expect(wholeProgram(() => requireMembers(store, 'members', members))).toThrow(`shop/store: 'members' must be 1, 3 or 5, got ${members}`);
});
