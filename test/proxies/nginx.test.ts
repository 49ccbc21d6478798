// What nginx does by the configuration that is written for it: the program itself runs, in front of upstreams on this machine.
import { Application, Balancing, Endpoint, Exposure, Nginx, PathMatch, ReverseProxy, ReverseProxyProps, Secret } from 'cdk8s-conduit';
import { connect as connectPlain } from 'net';
import { Size } from 'cdk8s';
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

judgeTest('requests go by host, then by the exact or the longest path, of whole names', 'proxies', async () => {
  const [root, api, orders, exact, other] = await Promise.all(['root', 'api', 'orders', 'exact', 'other'].map(name => upstream(name)));
  const proxy = edge({ hosts: ['shop.example.com', 'admin.example.com'] });
  proxy.route({ to: [root.endpoint] });
  proxy.route({ path: '/api', to: [api.endpoint] });
  proxy.route({ path: '/api/orders', to: [orders.endpoint] });
  proxy.route({ path: '/api', match: PathMatch.EXACT, to: [exact.endpoint] });
  proxy.route({ host: 'admin.example.com', path: '/api', to: [other.endpoint] });
  const nginx = await start(proxy);
  const served = async (path: string, host = 'shop.example.com') => (await nginx.asked(path, { headers: { Host: host } })).name;
  expect(await Promise.all(['/', '/x?q=/api', '/apis', '/api', '/api?a', '/api/', '/api/a/../orders/1', '/api/orders', '/api/ordersx'].map(path => served(path))))
    .toEqual(['root', 'root', 'root', 'exact', 'exact', 'api', 'orders', 'orders', 'api']);
  expect(await Promise.all(['/', '/api', '/api/1', '/api/orders/2'].map(path => served(path, 'admin.example.com')))).toEqual(['root', 'exact', 'other', 'orders']);
  expect((await nginx.get('/', { headers: { Host: 'evil.example.com' } })).status).toBe(421);
});

judgeTest('a path that no route is for is not found', 'proxies', async () => {
  const proxy = edge();
  proxy.route({ path: '/api', to: [(await upstream('api')).endpoint] });
  const nginx = await start(proxy);
  expect((await nginx.get('/')).status).toBe(404);
  expect((await nginx.get('/_conduit/authentication/0')).status).toBe(404);
});

judgeTest('upstreams learn of the client what the proxy sees, whatever the client says', 'proxies', async () => {
  const proxy = edge();
  proxy.route({ to: [(await upstream('app')).endpoint] });
  const nginx = await start(proxy);
  const { headers } = await nginx.asked('/', {
    headers: {
      'Host': 'shop.example.com:8088', 'X-Forwarded-For': '6.6.6.6', 'X-Real-IP': '6.6.6.6', 'Forwarded': 'for=6.6.6.6', 'X-Forwarded-Host': 'evil', 'X-Forwarded-Proto': 'https',
      'X-Forwarded-Prefix': '/evil', 'X-Forwarded-User': 'root', 'X-Original-URL': '/evil', 'Proxy': 'http://evil', 'Upgrade': 'h2c', 'X-Request-ID': 'mine', 'X-Kept': 'yes',
    },
  });
  expect(headers).toEqual({
    'host': 'shop.example.com:8088', 'x-real-ip': '127.0.0.1', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-host': 'shop.example.com:8088',
    'x-forwarded-port': '8088', 'forwarded': 'for=127.0.0.1;host="shop.example.com:8088";proto=http', 'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/), 'x-kept': 'yes',
  });
  expect((await nginx.asked('/')).headers['x-forwarded-port']).toBe(`${nginx.plainPort}`);
});

judgeTest('a request that changes nothing goes to another replica when one fails; another one only if it was not sent yet', 'proxies', async () => {
  const failing = await upstream('failing', () => ({ status: 503 }));
  const [works, gone] = [await upstream('works'), await upstream('gone')];
  gone.stop();
  const proxy = edge();
  proxy.route({ to: [failing.endpoint, works.endpoint] });
  proxy.route({ path: '/gone', to: [gone.endpoint, works.endpoint] });
  proxy.route({ path: '/once', to: [failing.endpoint, works.endpoint], retries: 0 });
  const nginx = await start(proxy);
  const statuses = async (path: string, method: string) => {
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push((await nginx.get(path, { method, body: method === 'POST' ? 'x' : undefined })).status);
    return answers;
  };
  expect(await statuses('/', 'GET')).toEqual([200, 200, 200, 200, 200, 200]);
  expect(await statuses('/gone', 'POST')).toEqual([200, 200, 200, 200, 200, 200]);
  expect(await statuses('/once', 'GET')).toContain(503);
  const [before, asked] = [failing.requests, works.requests];
  const posted = await statuses('/once', 'POST');
  expect(failing.requests - before + works.requests - asked).toBe(posted.length);
});

judgeTest('requests are spread over replicas, by turns, by hash or by a cookie of the proxy', 'proxies', async () => {
  const replicas = await Promise.all(['a', 'b', 'c'].map(name => upstream(name)));
  const to = replicas.map(({ endpoint }) => endpoint);
  const proxy = edge();
  proxy.route({ to });
  proxy.route({ path: '/least', to, balancing: Balancing.leastConnections() });
  proxy.route({ path: '/header', to, balancing: Balancing.byHeader('X-User') });
  proxy.route({ path: '/cookie', to, balancing: Balancing.byCookie('session') });
  proxy.route({ path: '/address', to, balancing: Balancing.byClientAddress() });
  proxy.route({ path: '/sticky', to, stickyCookie: 'seat' });
  const nginx = await start(proxy);
  const served = async (path: string, headers: Record<string, string> = {}, count = 12) => {
    const names: string[] = [];
    for (let i = 0; i < count; i++) names.push((await nginx.asked(path, { headers })).name);
    return [...new Set(names)].sort();
  };
  expect(await served('/')).toEqual(['a', 'b', 'c']);
  expect(await served('/least')).toEqual(['a', 'b', 'c']);
  expect(await served('/address')).toHaveLength(1);
  const byUser = await Promise.all(Array.from({ length: 12 }, (_, user) => served('/header', { 'X-User': `user-${user}` }, 3)));
  expect(byUser.map(each => each.length)).toEqual(Array(12).fill(1));
  expect(new Set(byUser.flat()).size).toBeGreaterThan(1);
  expect(await served('/cookie', { Cookie: 'session=7' })).toHaveLength(1);
  const { headers } = await nginx.get('/sticky');
  expect(headers['set-cookie']![0]).toMatch(/^seat=[^;]+;.*path=\/.*/i);
  expect(await served('/sticky', { Cookie: headers['set-cookie']![0].split(';')[0] })).toHaveLength(1);
});

judgeTest('a share of the requests goes to the canary', 'proxies', async () => {
  const [stable, next] = [await upstream('stable'), await upstream('next')];
  const proxy = edge();
  proxy.route({ to: [stable.endpoint], canary: { to: [next.endpoint], percent: 25 } });
  const nginx = await start(proxy);
  for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 20 }, () => nginx.asked('/')));
  expect(next.requests).toBeGreaterThan(50); // six standard deviations from 100
  expect(next.requests).toBeLessThan(150);
  expect(stable.requests + next.requests).toBe(400);
});

judgeTest('a path is rewritten, a client redirected, and a body limited', 'proxies', async () => {
  const { endpoint } = await upstream('app');
  const proxy = edge();
  proxy.route({ path: '/api', to: [endpoint], rewrite: '/' });
  proxy.route({ path: '/v1/users', to: [endpoint], rewrite: '/people/all', maxBodySize: Size.kibibytes(1) });
  proxy.route({ path: '/exact', match: PathMatch.EXACT, to: [endpoint], rewrite: '/other' });
  proxy.route({ path: '/old', redirect: { to: '/new?a=$host' } });
  proxy.route({ path: '/moved', redirect: { to: 'https://example.com/a(b)', status: 302 } });
  const nginx = await start(proxy);
  const sent = async (path: string) => (await nginx.asked(path)).url;
  expect(await Promise.all(['/api', '/api/', '/api/a/b?c=d', '/api/a%20b%0Ac', '/v1/users', '/v1/users/7', '/exact?x'].map(sent)))
    .toEqual(['/', '/', '/a/b?c=d', '/a%20b%0Ac', '/people/all', '/people/all/7', '/other?x']);
  expect((await nginx.asked('/api/x')).headers['x-forwarded-prefix']).toBe('/api');
  const redirected = await Promise.all(['/old', '/old/x', '/moved'].map(path => nginx.get(path)));
  expect(redirected.map(({ status, headers }) => `${status} ${headers.location}`)).toEqual(['308 /new?a=$host', '308 /new?a=$host', '302 https://example.com/a(b)']);
  expect((await nginx.get('/v1/users', { method: 'POST', body: 'x'.repeat(1024) })).status).toBe(200);
  expect((await nginx.get('/v1/users', { method: 'POST', body: 'x'.repeat(1025) })).status).toBe(413);
});

judgeTest('whoever may not come gets 403, comes too often 429, and gives no or a wrong password 401', 'proxies', async () => {
  const { endpoint } = await upstream('app');
  const proxy = edge();
  proxy.route({ to: [endpoint] });
  proxy.route({ path: '/inner', to: [endpoint], sources: ['192.0.2.0/24', '2001:db8::/32'] });
  proxy.route({ path: '/local', to: [endpoint], sources: ['127.0.0.0/8'] });
  proxy.route({ path: '/few', to: [endpoint], rateLimit: { requestsPerSecond: 1, burst: 2 } });
  proxy.route({ path: '/private', to: [endpoint], basicAuthentication: { users: { alice: new Secret(shop, 'alice'), bob: new Secret(shop, 'bob') }, realm: 'for $friends' } });
  const nginx = await start(proxy);
  const statusOf = async (path: string, headers = {}) => (await nginx.get(path, { headers })).status;
  expect(await statusOf('/inner', { 'X-Forwarded-For': '192.0.2.1' })).toBe(403);
  expect(await statusOf('/local')).toBe(200);
  expect((await Promise.all(Array.from({ length: 8 }, () => statusOf('/few')))).sort()).toEqual([200, 200, 200, 429, 429, 429, 429, 429]);
  const basic = (user: string, password: string) => ({ Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` });
  expect((await nginx.get('/private')).headers['www-authenticate']).toBe('Basic realm="for $friends"');
  expect(await Promise.all([statusOf('/private'), statusOf('/private', basic('alice', 'value-of-bob')), statusOf('/private', basic('eve', ''))])).toEqual([401, 401, 401]);
  const { headers } = await nginx.asked('/private', { headers: basic('alice', 'value-of-alice') });
  expect(headers).toMatchObject({ 'x-forwarded-user': 'alice' });
  expect(headers).not.toHaveProperty('authorization');
});

judgeTest('a proxy with sources refuses everyone else, by TLS and without', 'proxies', async () => {
  const proxy = edge({ exposure: Exposure.sources(['192.0.2.0/24']), tls: {} });
  proxy.route({ to: [(await upstream('app')).endpoint] });
  const nginx = await start(proxy);
  expect((await nginx.get('/')).status).toBe(403);
  expect((await nginx.get('/', { secure: true })).status).toBe(403);
});

judgeTest('a service decides who may come, and says who it is', 'proxies', async () => {
  const decides = await upstream('decides', ({ headers }) => headers.cookie === 'ok' ? { headers: { 'X-User': 'alice' } } : { status: headers.cookie ? 403 : 401 });
  const proxy = edge();
  proxy.route({ to: [(await upstream('app')).endpoint], forwardAuthentication: { to: decides.endpoint, path: '/check', copyHeaders: ['X-User', 'X-Role'] } });
  const nginx = await start(proxy);
  const { headers } = await nginx.asked('/a?b=c', { headers: { 'Cookie': 'ok', 'X-User': 'root', 'X-Role': 'root' } });
  expect(headers['x-user']).toBe('alice');
  expect(headers).not.toHaveProperty('x-role');
  expect((await nginx.get('/')).status).toBe(401);
  expect((await nginx.get('/', { headers: { Cookie: 'bad' } })).status).toBe(403);
  expect((await nginx.get('/', { method: 'POST', body: 'x', headers: { Cookie: 'ok' } })).status).toBe(200);
  expect(decides.requests).toBe(4);
});

judgeTest('other origins are let in that the route names, and answers have the headers of the proxy', 'proxies', async () => {
  const app = await upstream('app', () => ({ headers: { 'Access-Control-Allow-Origin': '*', 'X-Frame-Options': 'none', 'Content-Type': 'text/plain' } }));
  const hostile = 'a "b" \'c\' $host ${x} {;} \\ #';
  const proxy = edge({ responseHeaders: { 'X-Frame-Options': 'DENY', 'X-Hostile': hostile }, compression: true });
  proxy.route({ to: [app.endpoint] });
  proxy.route({ path: '/api', to: [app.endpoint], cors: { origins: ['https://shop.example.com'], methods: ['GET', 'PUT'], headers: ['X-Token'], credentials: true } });
  proxy.route({ path: '/open', to: [app.endpoint], cors: { origins: ['*'] } });
  const nginx = await start(proxy);
  const asked = (path: string, origin: string, method = 'GET', more = {}) => nginx.get(path, { method, headers: { Origin: origin, ...more } });
  const { headers } = await asked('/', 'https://shop.example.com');
  expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'x-frame-options': 'DENY', 'x-hostile': hostile });
  const let_in = await asked('/api', 'https://shop.example.com');
  expect(let_in.headers).toMatchObject({ 'access-control-allow-origin': 'https://shop.example.com', 'access-control-allow-credentials': 'true', 'vary': expect.stringContaining('Origin'), 'x-hostile': hostile });
  expect((await asked('/api', 'https://shop.example.com.evil')).headers).not.toHaveProperty('access-control-allow-origin');
  expect((await asked('/open', 'https://any.example')).headers['access-control-allow-origin']).toBe('*');
  const before = app.requests;
  const preflight = await asked('/api', 'https://shop.example.com', 'OPTIONS', { 'Access-Control-Request-Method': 'PUT' });
  expect(preflight.status).toBe(204);
  expect(preflight.headers).toMatchObject({ 'access-control-allow-methods': 'GET, PUT', 'access-control-allow-headers': 'X-Token', 'x-hostile': hostile });
  expect(app.requests).toBe(before);
  expect((await asked('/api', 'https://shop.example.com', 'OPTIONS')).status).toBe(200); // which is no preflight request
  expect((await nginx.get('/', { headers: { 'Accept-Encoding': 'gzip' } })).headers['content-encoding']).toBe('gzip');
});

judgeTest('requests of which two programs could read different things do not pass', 'proxies', async () => {
  const app = await upstream('app');
  const proxy = edge();
  proxy.route({ to: [app.endpoint] });
  const nginx = await start(proxy);
  const raw = (text: string) => new Promise<string>(resolve => {
    let answer = '';
    const socket = connectPlain(nginx.plainPort, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').on('data', chunk => { answer += chunk; }).on('close', () => resolve(answer.split('\r\n')[0])).on('error', () => resolve(answer.split('\r\n')[0]));
  });
  const head = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n';
  const hidden = 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n';
  for (const text of [
    `${head}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    `${head}Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n${hidden}`,
    `${head}Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
    `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`,
    `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${hidden}`,
  ]) expect(await raw(text)).toMatch(/^HTTP\/1\.1 (400|501) /);
  expect(app.requests).toBe(0);
  expect(await raw(`${head}Content-Length: 1\r\n\r\nx`)).toBe('HTTP/1.1 200 OK');
});

judgeTest('a WebSocket passes', 'proxies', async () => {
  const app = await upstream('app');
  app.onUpgrade((request, socket) => {
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${request.headers.upgrade}\r\nConnection: Upgrade\r\n\r\n`);
    socket.pipe(socket);
  });
  const proxy = edge();
  proxy.route({ to: [app.endpoint] });
  const nginx = await start(proxy);
  const echoed = await new Promise<string>((resolve, reject) => {
    const socket = connectPlain(nginx.plainPort, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n'));
    let text = '';
    socket.setEncoding('utf8').on('error', reject).on('data', chunk => {
      text += chunk;
      if (text.endsWith('\r\n\r\n')) socket.write('hello');
      if (text.endsWith('hello')) socket.destroy();
    }).on('close', () => resolve(text));
  });
  expect(echoed).toMatch(/^HTTP\/1\.1 101 [\s\S]*Upgrade: websocket[\s\S]*hello$/i);
});

judgeTest('each request is a line of JSON in the log', 'proxies', async () => {
  const proxy = edge();
  proxy.route({ to: [(await upstream('app')).endpoint], rewrite: '/' });
  const nginx = await start(proxy);
  await nginx.get('/a"b?token=secret', { headers: { 'Host': 'shop', 'User-Agent': 'x "y" \\' } });
  await new Promise(resolve => setTimeout(resolve, 200));
  expect(nginx.requests).toEqual([expect.objectContaining({
    client: '127.0.0.1', method: 'GET', host: 'shop', path: '/a"b', protocol: 'HTTP/1.1', scheme: 'http', status: '200', upstreamStatus: '200', userAgent: 'x "y" \\',
  })]);
});
