import { Application, DiscoverableService, DiscoverableServiceProps, IDiscoverableService, Protocol, Task } from 'cdk8s-conduit';
import { Both } from '../targets/both';

const IMAGE = 'registry.example/acme/app:1.0';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const service = (id: string, props: Partial<DiscoverableServiceProps> = {}) => new DiscoverableService(shop, id, { image: IMAGE, port: 8080, ...props });

test('a service is found by its id', () => {
  const api = service('api');
  service('web').connectTo(api.endpoint());
  expect([api.host, api.url]).toEqual(['api', 'http://api:8080']);
  const both = new Both(shop);
  const env = { API_HOST: 'api', API_PORT: '8080', API_URL: 'http://api:8080' };
  expect(both.env('web')).toEqual({ kubernetes: env, compose: env });
  expect(both.find('Service', 'api').spec.ports).toEqual([{ name: 'http', port: 8080, targetPort: 'http', protocol: 'TCP' }]);
  expect(Object.keys(both.service('api').networks)).toEqual(Object.keys(both.service('web').networks));
});

test('a service can have further ports, of any protocol', () => {
  const dns = service('dns', { port: undefined, ports: [{ name: 'dns', number: 53, protocol: Protocol.UDP }, { name: 'metrics', number: 9090 }] });
  expect([dns.endpoint('dns').url, dns.endpoint('metrics').url]).toEqual(['udp://dns:53', 'tcp://dns:9090']);
  const both = new Both(shop);
  expect(both.find('Service', 'dns').spec.ports.map(({ port, protocol }: any) => `${port}/${protocol}`)).toEqual(['53/UDP', '9090/TCP']);
  expect(() => dns.url).toThrow("shop/dns: has several ports, say which: 'dns', 'metrics'");
});

test('its short form can be combined with ports', () => {
  const api = service('api', { ports: [{ name: 'metrics', number: 9090 }] });
  expect(api.workload.ports.map(({ name, number }) => `${name} ${number}`)).toEqual(['http 8080', 'metrics 9090']);
});

test('members of a stable service are found by their own names', () => {
  const db = service('db', { stable: true, replicas: 3 });
  service('web').connectTo(db.memberEndpoint(2), { prefix: 'LAST' });
  expect(db.memberEndpoint(2).url).toBe('http://db-2.db:8080');
  const both = new Both(shop);
  expect(both.env('web').kubernetes.LAST_URL).toBe('http://db-2.db:8080');
  expect(both.env('web').compose.LAST_URL).toBe('http://db-2.db:8080');
  expect(both.service('db-2').networks).toEqual({ db_web: { aliases: ['db', 'db-2.db'] } });
});

test('a service has its main container at hand, and takes sidecars', () => {
  const api = service('api');
  expect([api.main, api.toClient()]).toEqual([api.workload.main, api.main]);
  expect(api.addSidecar('metrics', { image: IMAGE, ports: [{ name: 'metrics', number: 9090 }] }).workload).toBe(api.workload);
  const both = new Both(shop);
  expect(both.containerNames('api')).toEqual({ init: ['metrics'], running: ['api'] });
  expect(Object.keys(both.compose.services)).toContain('api_metrics');
  expect(api.endpoint('metrics').url).toBe('tcp://api:9090');
});

test('a service may wait for a task', () => {
  service('api').waitFor(new Task(shop, 'migrate', { image: IMAGE, completionCheck: ['true'] }));
  const both = new Both(shop);
  expect(both.containerNames('api').init).toEqual(['conduit-tools', 'conduit-await-migrate']);
  expect(both.service('api').depends_on).toHaveProperty('migrate');
});

test('a service outside is used like one of our own', () => {
  const find = (inside: boolean): IDiscoverableService => inside ? service('mail', { port: 25 }) : DiscoverableService.fromExternal('mail.example', 25, { addresses: ['192.0.2.0/24'] });
  expect([find(true).endpoint().address, find(false).endpoint().address]).toEqual(['mail:25', 'mail.example:25']);
  service('web').connectTo(find(false).endpoint(), { prefix: 'MAIL' });
  const both = new Both(shop);
  expect(both.env('web').kubernetes.MAIL_HOST).toBe('mail.example');
  expect(both.env('web').compose.MAIL_HOST).toBe('mail.example');
  expect(both.find('NetworkPolicy', 'web').spec.egress[0]).toEqual({ to: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: [{ port: 25, protocol: 'TCP' }] });
  expect(both.compose.networks.web_outside).not.toHaveProperty('internal');
});
