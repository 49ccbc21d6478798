// Who is believed to say who a client is, and by which address everyone else comes.
import { Exposure, LoadBalancer } from 'cdk8s-conduit';
import { connect as connectPlain, Socket } from 'net';
import { connect as connectSecure } from 'tls';
import { proxyTest, Setting } from './setting';

/** A header of version 2 that says where a client comes from. */
function headerFor(address: string): Buffer {
  const octets = (text: string) => text.split('.').map(Number);
  return Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, 0x21, 0x11, 0, 12, ...octets(address), ...octets('192.0.2.200'), 0x30, 0x39, 0, 80]);
}

/** What an HTTP request is answered with; undefined if the connection is closed before. */
async function ask(port: number, header: Buffer | string, { secure = false, path = '/' } = {}): Promise<string | undefined> {
  const plain = connectPlain(port, '127.0.0.1');
  const connected = await new Promise(resolve => plain.once('connect', () => resolve(true)).once('error', () => resolve(false)));
  if (!connected) return undefined; // a server that wants no connection may close it so early
  plain.write(header);
  const socket: Socket = secure ? connectSecure({ socket: plain, rejectUnauthorized: false }) : plain;
  return new Promise(resolve => {
    let text = '';
    socket.setEncoding('utf8').on('data', chunk => { text += chunk; }).on('error', () => resolve(undefined)).on('close', () => resolve(text === '' ? undefined : text));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: edge\r\nConnection: close\r\n\r\n`);
  });
}

const seen = (answer: string | undefined) => /"x-forwarded-for":"([^"]*)"/.exec(answer ?? '')?.[1];

/** A proxy behind a load balancer whose address is that of whoever tests. */
async function behindBalancer(setting: Setting, exposure: Exposure, proxySources: string) {
  const edge = setting.edge({ balancer: new LoadBalancer(setting.shop, 'entry', { exposure }), tls: { redirect: false } });
  const { endpoint } = await setting.upstream('app');
  edge.route({ to: [endpoint] });
  edge.route({ path: '/some', to: [endpoint], sources: ['203.0.113.0/24', '127.0.0.0/8'] });
  edge.route({ path: '/few', to: [endpoint], rateLimit: { requestsPerSecond: 1, burst: 0 } });
  return setting.start(edge, { proxySources });
}

proxyTest('the balancer tells who a client is, with TLS and without', async setting => {
  const server = await behindBalancer(setting, Exposure.everyoneOnTheInternet(), '127.0.0.1');
  const [plain, secure] = server.proxiedPorts;
  expect(seen(await ask(plain, headerFor('203.0.113.9')))).toBe('203.0.113.9');
  expect(seen(await ask(secure, headerFor('203.0.113.9'), { secure: true }))).toBe('203.0.113.9');
  expect(seen(await ask(plain, 'PROXY TCP4 203.0.113.8 192.0.2.200 12345 80\r\n'))).toBe('203.0.113.8');
  expect(server.requests.map(({ client }) => client)).toEqual(['203.0.113.9', '203.0.113.9', '203.0.113.8']);
});

proxyTest('lists and limits are of the address that the balancer tells, whose own is in no range', async setting => {
  const server = await behindBalancer(setting, Exposure.everyoneOnTheInternet(), '127.0.0.1');
  const [port] = server.proxiedPorts;
  const status = async (address: string, path: string) => Number((await ask(port, headerFor(address), { path }))?.split(' ')[1]);
  expect(await Promise.all(['203.0.113.9', '198.51.100.9', '127.0.0.1'].map(address => status(address, '/some')))).toEqual([200, 403, 403]);
  expect([await status('203.0.113.9', '/few'), await status('203.0.113.9', '/few'), await status('203.0.113.10', '/few')]).toEqual([200, 429, 200]);
});

proxyTest('sources of the balancer are held by the proxy, too', async setting => {
  const server = await behindBalancer(setting, Exposure.sources(['203.0.113.0/24']), '127.0.0.1');
  const [port] = server.proxiedPorts;
  expect(await ask(port, headerFor('203.0.113.9'))).toMatch(/^HTTP\/1\.1 200/);
  expect(await ask(port, headerFor('198.51.100.9'))).toMatch(/^HTTP\/1\.1 403/);
});

proxyTest('nobody else is believed, neither there nor at the other ports', async setting => {
  const server = await behindBalancer(setting, Exposure.everyoneOnTheInternet(), '192.0.2.77');
  expect(seen(await ask(server.proxiedPorts[0], headerFor('203.0.113.9')))).not.toBe('203.0.113.9');
  expect(await ask(server.plainPort, 'PROXY TCP4 203.0.113.9 192.0.2.200 12345 80\r\n') ?? '').not.toMatch(/^HTTP\/1\.1 200/);
  expect(seen(await ask(server.plainPort, ''))).toBe('127.0.0.1');
});

proxyTest('where nothing is in front, the proxy runs all the same, and believes nobody', async setting => {
  const server = await behindBalancer(setting, Exposure.everyoneOnTheInternet(), '');
  expect(seen(await ask(server.plainPort, ''))).toBe('127.0.0.1');
  expect(seen(await ask(server.proxiedPorts[0], headerFor('203.0.113.9')))).not.toBe('203.0.113.9');
});
