import { Application, DiscoverableService, Endpoint, Protocol, Workload } from 'cdk8s-conduit';

const workload = (ports: Workload['ports']) => new Workload(new Application('shop'), 'api', { image: 'registry.example/acme/app:1.0', ports });

test.each<[string, Workload['ports'][number], string]>([
  ['http is a scheme', { name: 'http', number: 80 }, 'http://api:80'],
  ['https is a scheme', { name: 'https', number: 443 }, 'https://api:443'],
  ['another name is none', { name: 'sql', number: 5432 }, 'tcp://api:5432'],
  ['UDP is said', { name: 'dns', number: 53, protocol: Protocol.UDP }, 'udp://api:53'],
  ['a scheme of its own goes before', { name: 'http', number: 80, scheme: 'ws' }, 'ws://api:80'],
])('in URLs %s', (_, port, url) => {
  expect(workload([port]).endpoint().url).toBe(url);
});

test('its parts are the same on every target', () => {
  const api = workload([{ name: 'http', number: 8080 }, { name: 'metrics', number: 9090 }]);
  const { host, port, portName, protocol, scheme, address, url } = api.endpoint('metrics');
  expect({ host, port, portName, protocol, scheme, address, url }).toEqual({
    host: 'api', port: 9090, portName: 'metrics', protocol: 'TCP', scheme: 'tcp', address: 'api:9090', url: 'tcp://api:9090',
  });
  expect(api.endpoint('http').workload).toBe(api);
});

test.each<[string, Parameters<typeof Endpoint.external>, string[]]>([
  ['a name may be anywhere', ['db.example', 5432], ['0.0.0.0/0']],
  ['a name may be narrowed', ['db.example', 5432, { addresses: ['192.0.2.0/24', '198.51.100.7/32'] }], ['192.0.2.0/24', '198.51.100.7/32']],
  ['an address is itself', ['192.0.2.9', 5432], ['192.0.2.9/32']],
  ['a name may begin with a digit', ['7.example', 5432], ['0.0.0.0/0']],
])('outside, %s', (_, args, addresses) => {
  const endpoint = Endpoint.external(...args);
  expect([endpoint.addresses, endpoint.workload, endpoint.url]).toEqual([addresses, undefined, `tcp://${args[0]}:5432`]);
});

test('the addresses that it gives away are a copy', () => {
  const endpoint = Endpoint.external('192.0.2.9', 80);
  endpoint.addresses.push('0.0.0.0/0');
  expect(endpoint.addresses).toEqual(['192.0.2.9/32']);
});

test('an external endpoint can stand where a service of the application can', () => {
  const service = DiscoverableService.fromExternal('mail.example', 25, { scheme: 'smtp' });
  expect(service.endpoint().url).toBe('smtp://mail.example:25');
});
