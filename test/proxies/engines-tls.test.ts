// What every engine does with certificates, as in engines.test.ts.
import { connect, SecureVersion } from 'tls';
import { Duration } from 'cdk8s';
import { proxyTest } from './setting';

proxyTest('clients come by TLS 1.2 or newer, and are sent there; a renewed certificate is used without a failed request', async setting => {
  const proxy = setting.edge({ tls: { hsts: Duration.days(1) }, hosts: ['shop.example.com'] });
  proxy.route({ to: [(await setting.upstream('app')).endpoint] });
  const server = await setting.start(proxy);
  const headers = { Host: 'shop.example.com' };
  const redirected = await server.get('/a?b', { headers });
  expect([redirected.status, redirected.headers.location, redirected.headers['strict-transport-security']]).toEqual([308, 'https://shop.example.com:8443/a?b', undefined]);
  const secure = await server.get('/', { headers, secure: true });
  expect(secure.headers['strict-transport-security']).toBe('max-age=86400');
  expect(JSON.parse(secure.text).headers).toMatchObject({ 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' });
  const handshake = (maxVersion: SecureVersion) => new Promise<string>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: server.securePort, rejectUnauthorized: false, minVersion: 'TLSv1', maxVersion }, () => {
      resolve(`${socket.getProtocol()} ${socket.getPeerCertificate().serialNumber}`);
      socket.destroy();
    }).on('error', reject);
  });
  await expect(handshake('TLSv1.1')).rejects.toThrow();
  expect(await handshake('TLSv1.2')).toMatch(/^TLSv1\.2 /);
  const first = await handshake('TLSv1.3');
  server.renewCertificate();
  const statuses = new Set<number>();
  for (const end = Date.now() + 15_000; await handshake('TLSv1.3') === first && Date.now() < end;) statuses.add((await server.get('/', { headers, secure: true })).status);
  await new Promise(resolve => setTimeout(resolve, 500)); // those who had the old one are still there for a moment
  expect(await handshake('TLSv1.3')).not.toBe(first);
  expect([...statuses]).toEqual([200]);
  expect(server.sandbox.read('/log')).toContain('secrets changed, and are read again');
});

proxyTest('the cookie of a proxy with TLS is sent by TLS alone', async setting => {
  const proxy = setting.edge({ tls: {} });
  proxy.route({ to: [(await setting.upstream('app')).endpoint], stickyCookie: 'seat' });
  const server = await setting.start(proxy);
  expect((await server.get('/', { secure: true })).headers['set-cookie']![0]).toMatch(/^seat=.*; *secure/i);
});

proxyTest('a certificate that does not fit its key changes nothing', async setting => {
  const proxy = setting.edge({ tls: {} });
  proxy.route({ to: [(await setting.upstream('app')).endpoint] });
  const server = await setting.start(proxy);
  server.sandbox.write(proxy.certificate!.key.path, 'no key');
  const complaint = /\[(emerg|ALERT)\]/;
  for (const end = Date.now() + 15_000; !complaint.test(server.errors) && Date.now() < end;) await new Promise(resolve => setTimeout(resolve, 200));
  expect(server.errors).toMatch(complaint);
  expect((await server.get('/', { secure: true })).status).toBe(200);
});
