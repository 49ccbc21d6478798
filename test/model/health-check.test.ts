import { Application, HealthCheck, Protocol, Workload, WorkloadProps } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { Both } from '../targets/both';

/** How Compose makes a check; what the program does stands in test/targets/compose/programs.test.ts. */
const check = (variables: string) => ['CMD', '/conduit/busybox', 'sh', '-c', expect.stringMatching(new RegExp(`^${variables}\\nADDRESS=127\\.0\\.0\\.1\\n`))];
const HTTP = { name: 'http', number: 8080 };

function lower(props: Partial<WorkloadProps>): Both {
  const shop = new Application('shop');
  new Workload(shop, 'web', { image: 'registry.example/acme/app:1.0', ...props });
  return new Both(shop);
}

const TIMING = { interval: Duration.minutes(1), timeout: Duration.seconds(10), failureThreshold: 5, startPeriod: Duration.minutes(2) };

test('an HTTP check needs nothing in the image', () => {
  const both = lower({ ports: [HTTP], health: HealthCheck.http(8080, '/ready?deep=1', TIMING) });
  expect(both.container('web').readinessProbe).toEqual({
    httpGet: { port: 8080, path: '/ready?deep=1' }, periodSeconds: 60, timeoutSeconds: 10, failureThreshold: 5,
  });
  expect(both.service('web').healthcheck).toEqual({
    test: check("PORT=8080\\nTIMEOUT=10\\nSCHEME=http\\nREQUEST='/ready\\?deep=1'\\nHOST=\\nHEADERS='[^']*'\\nASK='[^]*'"),
    interval: '60s',
    timeout: '10s',
    retries: 5,
    start_period: '120s',
    start_interval: '500ms',
  });
  expect(both.service('web').volumes).toEqual([{ type: 'volume', source: 'conduit-tools', target: '/conduit', read_only: true }]);
  expect(both.service('web').depends_on).toEqual({ 'conduit-setup': { condition: 'service_started' } });
});

test('an HTTP check has the headers that it is given', () => {
  const both = lower({ ports: [HTTP], health: HealthCheck.http(8080, '/', { headers: { 'x-token': 'a b', 'Host': 'shop.example' } }) });
  expect(both.container('web').readinessProbe.httpGet).toEqual({
    port: 8080, path: '/', httpHeaders: [{ name: 'Host', value: 'shop.example' }, { name: 'x-token', value: 'a b' }],
  });
  const [, , , , text] = both.service('web').healthcheck.test;
  expect(text).toContain("HOST=shop.example\nHEADERS='User-Agent: kube-probe/1.34\r\nAccept: */*\r\nX-Token: a b\r\n'\n");
});

test.each<[string, Partial<WorkloadProps>, boolean]>([
  ['a port with the name https is asked by TLS', { ports: [{ name: 'https', number: 8443 }], health: HealthCheck.http(8443, '/') }, true],
  ['a port with another name is not', { ports: [{ name: 'admin', number: 8443, scheme: 'https' }], health: HealthCheck.http(8443, '/') }, false],
  ['another port may be asked by TLS', { ports: [{ name: 'admin', number: 8443 }], health: HealthCheck.http(8443, '/', { tls: true }) }, true],
  ['a port with the name https may be asked without', { ports: [{ name: 'https', number: 8443 }], health: HealthCheck.http(8443, '/', { tls: false }) }, false],
])('%s', (_, props, tls) => {
  const both = lower(props);
  expect(both.container('web').readinessProbe.httpGet).toEqual({ port: 8443, path: '/', ...tls ? { scheme: 'HTTPS' } : {} });
  expect(both.service('web').healthcheck.test[4]).toContain(`\nSCHEME=${tls ? 'https' : 'http'}\n`);
});

test('a TCP check of a port with the name https opens a connection, and no more', () => {
  const both = lower({ ports: [{ name: 'https', number: 8443 }] });
  expect(both.container('web').readinessProbe).toMatchObject({ tcpSocket: { port: 8443 } });
  expect(both.service('web').healthcheck.test).toEqual(check('PORT=8443\\nTIMEOUT=3'));
});

test.each<[string, Record<string, string>, string]>([
  ['a blank in its name', { 'X Token': 'a' }, "a header of a health check must have a name of letters, digits and hyphens, got 'X Token'"],
  ['an end of line', { 'X-Token': 'a\r\nHost: b' }, "header 'X-Token' of a health check must have a value of ASCII characters without blanks around it, got 'a\\r\\nHost: b'"],
  ['a name of the connection', { Connection: 'keep-alive' }, "header 'Connection' of a health check belongs to the connection itself; leave it out"],
  ['a name twice', { Accept: 'a', accept: 'b' }, "header 'accept' of a health check is given twice, in other letters; keep one"],
])('a header with %s is refused', (_, headers, message) => {
  expect(() => lower({ ports: [HTTP], health: HealthCheck.http(8080, '/', { headers }) })).toThrow(new Error(`application 'shop' has a problem:\nshop/web: ${message}`));
});

test('a TCP check is made of the first TCP port if nothing else is said', () => {
  const both = lower({ ports: [{ name: 'dns', number: 53, protocol: Protocol.UDP }, HTTP] });
  expect(both.container('web').readinessProbe).toEqual({ tcpSocket: { port: 8080 }, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 });
  expect(both.service('web').healthcheck).toEqual({
    test: check('PORT=8080\\nTIMEOUT=3'),
    interval: '5s',
    timeout: '3s',
    retries: 3,
    start_period: '300s',
    start_interval: '500ms',
  });
});

test('a command is run word by word, without a shell', () => {
  const both = lower({ health: HealthCheck.command(['test', '-f', '/tmp/it works']) });
  expect(both.container('web').readinessProbe.exec.command).toEqual(['test', '-f', '/tmp/it works']);
  expect(both.service('web').healthcheck.test).toEqual(['CMD', 'test', '-f', '/tmp/it works']);
  expect(both.service('web')).not.toHaveProperty('volumes');
});

test('a program without a TCP port is not checked', () => {
  const both = lower({ ports: [{ name: 'dns', number: 53, protocol: Protocol.UDP }] });
  expect(both.container('web')).not.toHaveProperty('readinessProbe');
  expect(both.service('web')).not.toHaveProperty('healthcheck');
});

test('nothing kills a program because a check failed', () => {
  const both = lower({ ports: [HTTP], health: HealthCheck.http(8080, '/') });
  expect(both.container('web')).not.toHaveProperty('livenessProbe');
});

test('a sidecar that takes long to start is given its time', () => {
  const shop = new Application('shop');
  const web = new Workload(shop, 'web', { image: 'registry.example/acme/app:1.0' });
  web.addSidecar('proxy', { image: 'registry.example/acme/proxy:1.0', ports: [HTTP], health: HealthCheck.tcp(8080, { startPeriod: Duration.minutes(5) }) });
  const both = new Both(shop, { kubernetesVersion: '1.29' });
  expect(both.container('web', 'proxy').startupProbe).toEqual({ tcpSocket: { port: 8080 }, periodSeconds: 1, timeoutSeconds: 3, failureThreshold: 2147483647 });
  expect(both.service('web_proxy').healthcheck.start_period).toBe('300s');
});

test('the words of a check are a copy', () => {
  const words = ['true'];
  const made = HealthCheck.command(words);
  words.push('false');
  made.words.push('false');
  expect(made.words).toEqual(['true']);
});
