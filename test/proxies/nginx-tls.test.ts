// What nginx does with certificates, as in nginx.test.ts.
import { Application, Endpoint, Nginx, ReverseProxy, ReverseProxyProps } from 'cdk8s-conduit';
import { connect, SecureVersion } from 'tls';
import { Duration } from 'cdk8s';
import { judgeTest } from '../judges/judges';
import { RunningProxy, Upstream } from './running-proxy';

let shop: Application;
let running: { stop(): unknown }[] = [];
beforeEach(() => { shop = new Application('shop'); });
afterEach(async () => {
  for (const each of running) await each.stop();
  running = [];
});

const edge = (props: Partial<ReverseProxyProps> = {}) => new ReverseProxy(shop, 'edge', { engine: new Nginx(), ...props });

async function upstream(name: string, answer?: Parameters<typeof Upstream.start>[1]): Promise<Upstream & { readonly endpoint: Endpoint }> {
  const started = await Upstream.start(name, answer);
  running.push(started);
  return Object.assign(started, { endpoint: Endpoint.external('127.0.0.1', started.port) });
}

async function start(proxy: ReverseProxy): Promise<RunningProxy> {
  const started = await RunningProxy.start(proxy);
  running.unshift(started);
  return started;
}

judgeTest('clients come by TLS 1.2 or newer, and are sent there; a renewed certificate is used without a failed request', 'proxies', async () => {
  const proxy = edge({ tls: { hsts: Duration.days(1) }, hosts: ['shop.example.com'] });
  proxy.route({ to: [(await upstream('app')).endpoint] });
  const nginx = await start(proxy);
  const headers = { Host: 'shop.example.com' };
  const redirected = await nginx.get('/a?b', { headers });
  expect([redirected.status, redirected.headers.location, redirected.headers['strict-transport-security']]).toEqual([308, 'https://shop.example.com:8443/a?b', undefined]);
  const secure = await nginx.get('/', { headers, secure: true });
  expect(secure.headers['strict-transport-security']).toBe('max-age=86400');
  expect(JSON.parse(secure.text).headers).toMatchObject({ 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' });
  const handshake = (maxVersion: SecureVersion) => new Promise<string>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: nginx.securePort, rejectUnauthorized: false, minVersion: 'TLSv1', maxVersion }, () => {
      resolve(`${socket.getProtocol()} ${socket.getPeerCertificate().serialNumber}`);
      socket.destroy();
    }).on('error', reject);
  });
  await expect(handshake('TLSv1.1')).rejects.toThrow();
  expect(await handshake('TLSv1.2')).toMatch(/^TLSv1\.2 /);
  const first = await handshake('TLSv1.3');
  nginx.renewCertificate();
  const statuses = new Set<number>();
  for (const end = Date.now() + 15_000; await handshake('TLSv1.3') === first && Date.now() < end;) statuses.add((await nginx.get('/', { headers, secure: true })).status);
  await new Promise(resolve => setTimeout(resolve, 500)); // those who had the old one are still there for a moment
  expect(await handshake('TLSv1.3')).not.toBe(first);
  expect([...statuses]).toEqual([200]);
  expect(nginx.sandbox.read('/log')).toContain('secrets changed, and are read again');
});

judgeTest('a certificate that does not fit its key changes nothing', 'proxies', async () => {
  const proxy = edge({ tls: {} });
  proxy.route({ to: [(await upstream('app')).endpoint] });
  const nginx = await start(proxy);
  nginx.sandbox.write(proxy.certificate!.key.path, 'no key');
  for (const end = Date.now() + 15_000; !nginx.errors.includes('[emerg]') && Date.now() < end;) await new Promise(resolve => setTimeout(resolve, 200));
  expect(nginx.errors).toContain('[emerg]');
  expect((await nginx.get('/', { secure: true })).status).toBe(200);
});
