import { execFileSync } from 'child_process';
import { X509Certificate } from 'crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { connect, createServer } from 'tls';
import { makeCertificate } from '../../src/cli/certificates';

const pem = makeCertificate('broker-tls', ['broker', 'broker-0']);

test('the authority signed the certificate, which is for the hosts and no other', () => {
  const [server, authority] = [pem['tls.crt'], pem['ca.crt']].map(text => new X509Certificate(text));
  expect(server.verify(authority.publicKey)).toBe(true);
  expect(authority.ca).toBe(true);
  expect(server.ca).toBe(false);
  expect(['broker', 'broker-0', 'other'].map(host => server.checkHost(host))).toEqual(['broker', 'broker-0', undefined]);
  expect(Date.parse(server.validTo) - Date.now()).toBeGreaterThan(700 * 24 * 3600 * 1000);
});

test('an address is checked as such', () => {
  const server = new X509Certificate(makeCertificate('broker-tls', ['192.0.2.1', 'broker'])['tls.crt']);
  expect(['192.0.2.1', '192.0.2.2'].map(address => server.checkIP(address))).toEqual(['192.0.2.1', undefined]);
  expect(server.checkHost('broker')).toBe('broker');
});

test('clients that are strict find nothing amiss', () => {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  for (const [name, text] of Object.entries(pem)) writeFileSync(join(folder, name), text);
  const verdict = execFileSync('openssl', ['verify', '-x509_strict', '-CAfile', 'ca.crt', 'tls.crt'], { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(verdict).toBe('tls.crt: OK\n');
});

test('a client that trusts the authority connects, another one does not', async () => {
  const server = createServer({ cert: pem['tls.crt'], key: pem['tls.key'] }, socket => socket.end('hello')).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const attempt = (ca: string) => new Promise<string>(resolve => {
    const client = connect({ host: '127.0.0.1', port, servername: 'broker', ca }, () => { client.end(); resolve('connected'); });
    client.once('error', (error: any) => resolve(error.code));
  });
  expect(await attempt(pem['ca.crt'])).toBe('connected');
  expect(await attempt(makeCertificate('other', ['broker'])['ca.crt'])).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  server.close();
});
