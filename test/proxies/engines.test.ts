// What every engine does by the configuration that is written for it: the program itself runs, in front of upstreams on this machine.
import { Balancing, Exposure, PathMatch, Secret } from 'cdk8s-conduit';
import { connect as connectPlain } from 'net';
import { Size } from 'cdk8s';
import { proxyTest } from './setting';

proxyTest('requests go by host, then by the exact or the longest path, of whole names', async setting => {
  const [root, api, orders, exact, other] = await Promise.all(['root', 'api', 'orders', 'exact', 'other'].map(name => setting.upstream(name)));
  const proxy = setting.edge({ hosts: ['shop.example.com', 'admin.example.com'] });
  proxy.route({ to: [root.endpoint] });
  proxy.route({ path: '/api', to: [api.endpoint] });
  proxy.route({ path: '/api/orders', to: [orders.endpoint] });
  proxy.route({ path: '/api', match: PathMatch.EXACT, to: [exact.endpoint] });
  proxy.route({ host: 'admin.example.com', path: '/api', to: [other.endpoint] });
  const server = await setting.start(proxy);
  const served = async (path: string, host = 'shop.example.com') => (await server.asked(path, { headers: { Host: host } })).name;
  expect(await Promise.all(['/', '/x?q=/api', '/apis', '/api', '/api?a', '/api/', '/api/orders', '/api/ordersx'].map(path => served(path))))
    .toEqual(['root', 'root', 'root', 'exact', 'exact', 'api', 'orders', 'api']);
  // what an upstream may take for another path is taken for it here, too
  expect(await Promise.all(['/%61pi/x', '//api//orders/1', '/api%2Forders%2F1', '/api/%6Frders'].map(path => served(path)))).toEqual(['api', 'orders', 'orders', 'orders']);
  expect(await Promise.all(['/', '/api', '/api/1', '/api/orders/2'].map(path => served(path, 'admin.example.com')))).toEqual(['root', 'exact', 'other', 'orders']);
  expect((await server.get('/', { headers: { Host: 'evil.example.com' } })).status).toBe(421);
});

proxyTest('a path that no route is for is not found', async setting => {
  const proxy = setting.edge();
  proxy.route({ path: '/api', to: [(await setting.upstream('api')).endpoint] });
  const server = await setting.start(proxy);
  expect((await server.get('/')).status).toBe(404);
  expect((await server.get('/_conduit/authentication/0')).status).toBe(404);
});

proxyTest('upstreams learn of the client what the proxy sees, whatever the client says', async setting => {
  const proxy = setting.edge();
  proxy.route({ to: [(await setting.upstream('app')).endpoint] });
  const server = await setting.start(proxy);
  const { headers } = await server.asked('/', {
    headers: {
      'Host': 'shop.example.com:8088',
      'X-Forwarded-For': '6.6.6.6',
      'X-Real-IP': '6.6.6.6',
      'Forwarded': 'for=6.6.6.6',
      'X-Forwarded-Host': 'evil',
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Prefix': '/evil',
      'X-Forwarded-User': 'root',
      'X-Original-URL': '/evil',
      'Proxy': 'http://evil',
      'Upgrade': 'h2c',
      'X-Request-ID': 'mine',
      'X-Kept': 'yes',
    },
  });
  expect(headers).toEqual({
    'host': 'shop.example.com:8088',
    'x-real-ip': '127.0.0.1',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': 'shop.example.com:8088',
    'x-forwarded-port': '8088',
    'forwarded': 'for=127.0.0.1;host="shop.example.com:8088";proto=http',
    'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/),
    'x-kept': 'yes',
  });
  expect((await server.asked('/')).headers['x-forwarded-port']).toBe(`${server.plainPort}`);
});

proxyTest('a request that changes nothing goes to another replica when one fails; another one only if it was not sent yet', async setting => {
  const failing = await setting.upstream('failing', () => ({ status: 503 }));
  const [works, gone] = [await setting.upstream('works'), await setting.upstream('gone')];
  gone.stop();
  const proxy = setting.edge();
  proxy.route({ to: [failing.endpoint, works.endpoint] });
  proxy.route({ path: '/gone', to: [gone.endpoint, works.endpoint] });
  proxy.route({ path: '/once', to: [failing.endpoint, works.endpoint], retries: 0 });
  const server = await setting.start(proxy);
  const statuses = async (path: string, method: string) => {
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push((await server.get(path, { method, body: method === 'POST' ? 'x' : undefined })).status);
    return answers;
  };
  expect(await statuses('/', 'GET')).toEqual([200, 200, 200, 200, 200, 200]);
  expect(await statuses('/gone', 'POST')).toEqual([200, 200, 200, 200, 200, 200]);
  expect(await statuses('/once', 'GET')).toContain(503);
  const [before, asked] = [failing.requests, works.requests];
  const posted = await statuses('/once', 'POST');
  expect(failing.requests - before + works.requests - asked).toBe(posted.length);
});

proxyTest('requests are spread over replicas, by turns, by hash or by a cookie of the proxy', async setting => {
  const replicas = await Promise.all(['a', 'b', 'c'].map(name => setting.upstream(name)));
  const to = replicas.map(({ endpoint }) => endpoint);
  const proxy = setting.edge();
  proxy.route({ to });
  proxy.route({ path: '/least', to, balancing: Balancing.leastConnections() });
  proxy.route({ path: '/header', to, balancing: Balancing.byHeader('X-User') });
  proxy.route({ path: '/cookie', to, balancing: Balancing.byCookie('session') });
  proxy.route({ path: '/address', to, balancing: Balancing.byClientAddress() });
  proxy.route({ path: '/sticky', to, stickyCookie: 'seat' });
  const server = await setting.start(proxy);
  const served = async (path: string, headers: Record<string, string> = {}, count = 12) => {
    const names: string[] = [];
    for (let i = 0; i < count; i++) names.push((await server.asked(path, { headers })).name);
    return [...new Set(names)].sort();
  };
  expect(await served('/')).toEqual(['a', 'b', 'c']);
  expect(await served('/least')).toEqual(['a', 'b', 'c']);
  expect(await served('/address')).toHaveLength(1);
  const byUser = await Promise.all(Array.from({ length: 12 }, (_, user) => served('/header', { 'X-User': `user-${user}` }, 3)));
  expect(byUser.map(each => each.length)).toEqual(Array(12).fill(1));
  expect(new Set(byUser.flat()).size).toBeGreaterThan(1);
  expect(await served('/cookie', { Cookie: 'session=7' })).toHaveLength(1);
  const { headers } = await server.get('/sticky');
  expect(headers['set-cookie']![0]).toMatch(/^seat=[^;]+;.*path=\/.*/i);
  expect(await served('/sticky', { Cookie: headers['set-cookie']![0].split(';')[0] })).toHaveLength(1);
});

proxyTest('a share of the requests goes to the canary', async setting => {
  const [stable, next] = [await setting.upstream('stable'), await setting.upstream('next')];
  const proxy = setting.edge();
  proxy.route({ to: [stable.endpoint], canary: { to: [next.endpoint], percent: 25 } });
  const server = await setting.start(proxy);
  for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 20 }, () => server.asked('/')));
  expect(next.requests).toBeGreaterThan(50); // six standard deviations from 100
  expect(next.requests).toBeLessThan(150);
  expect(stable.requests + next.requests).toBe(400);
});

proxyTest('a path is rewritten, a client redirected, and a body limited', async setting => {
  const { endpoint } = await setting.upstream('app');
  const proxy = setting.edge();
  proxy.route({ path: '/api', to: [endpoint], rewrite: '/' });
  proxy.route({ path: '/v1/users', to: [endpoint], rewrite: '/people/all', maxBodySize: Size.kibibytes(1) });
  proxy.route({ path: '/exact', match: PathMatch.EXACT, to: [endpoint], rewrite: '/other' });
  proxy.route({ path: '/old', redirect: { to: '/new?a=$host' } });
  proxy.route({ path: '/moved', redirect: { to: 'https://example.com/a(b)', status: 302 } });
  const server = await setting.start(proxy);
  const sent = async (path: string) => (await server.asked(path)).url;
  expect(await Promise.all(['/api', '/api/', '/api/a/b?c=d', '/api/a%20b%0Ac', '/v1/users', '/v1/users/7', '/exact?x'].map(sent)))
    .toEqual(['/', '/', '/a/b?c=d', '/a%20b%0Ac', '/people/all', '/people/all/7', '/other?x']);
  expect((await server.asked('/api/x')).headers['x-forwarded-prefix']).toBe('/api');
  const redirected = await Promise.all(['/old', '/old/x', '/moved'].map(path => server.get(path)));
  expect(redirected.map(({ status, headers }) => `${status} ${headers.location}`)).toEqual(['308 /new?a=$host', '308 /new?a=$host', '302 https://example.com/a(b)']);
  expect((await server.get('/v1/users', { method: 'POST', body: 'x'.repeat(1024) })).status).toBe(200);
  expect((await server.get('/v1/users', { method: 'POST', body: 'x'.repeat(1025) })).status).toBe(413);
});

proxyTest('whoever may not come gets 403, comes too often 429, and gives no or a wrong password 401', async setting => {
  const { endpoint } = await setting.upstream('app');
  const proxy = setting.edge();
  proxy.route({ to: [endpoint] });
  proxy.route({ path: '/inner', to: [endpoint], sources: ['192.0.2.0/24', '2001:db8::/32'] });
  proxy.route({ path: '/local', to: [endpoint], sources: ['127.0.0.0/8'] });
  proxy.route({ path: '/few', to: [endpoint], rateLimit: { requestsPerSecond: 1, burst: 2 } });
  proxy.route({ path: '/private', to: [endpoint], basicAuthentication: { users: { alice: new Secret(setting.shop, 'alice'), bob: new Secret(setting.shop, 'bob') }, realm: 'for $friends' } });
  const server = await setting.start(proxy);
  const statusOf = async (path: string, headers = {}) => (await server.get(path, { headers })).status;
  expect(await statusOf('/inner', { 'X-Forwarded-For': '192.0.2.1' })).toBe(403);
  expect(await statusOf('/local')).toBe(200);
  expect((await Promise.all(Array.from({ length: 8 }, () => statusOf('/few')))).sort()).toEqual([200, 200, 200, 429, 429, 429, 429, 429]);
  const basic = (user: string, password: string) => ({ Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` });
  expect((await server.get('/private')).headers['www-authenticate']).toBe('Basic realm="for $friends"');
  expect(await Promise.all([statusOf('/private'), statusOf('/private', basic('alice', 'value-of-bob')), statusOf('/private', basic('eve', ''))])).toEqual([401, 401, 401]);
  const { headers } = await server.asked('/private', { headers: basic('alice', 'value-of-alice') });
  expect(headers).toMatchObject({ 'x-forwarded-user': 'alice' });
  expect(headers).not.toHaveProperty('authorization');
});

proxyTest('a proxy with sources refuses everyone else, by TLS and without', async setting => {
  const proxy = setting.edge({ exposure: Exposure.sources(['192.0.2.0/24']), tls: {} });
  proxy.route({ to: [(await setting.upstream('app')).endpoint] });
  const server = await setting.start(proxy);
  expect((await server.get('/')).status).toBe(403);
  expect((await server.get('/', { secure: true })).status).toBe(403);
});

proxyTest('a service decides who may come, and says who it is', async setting => {
  const decides = await setting.upstream('decides', ({ headers }) => headers.cookie === 'ok' ? { headers: { 'X-User': 'alice' } } : { status: headers.cookie ? 403 : 401 });
  const proxy = setting.edge();
  proxy.route({ to: [(await setting.upstream('app')).endpoint], forwardAuthentication: { to: decides.endpoint, path: '/check', copyHeaders: ['X-User', 'X-Role'] } });
  const server = await setting.start(proxy);
  const { headers } = await server.asked('/a?b=c', { headers: { 'Cookie': 'ok', 'X-User': 'root', 'X-Role': 'root' } });
  expect(headers['x-user']).toBe('alice');
  expect(headers).not.toHaveProperty('x-role');
  expect((await server.get('/')).status).toBe(401);
  expect((await server.get('/', { headers: { Cookie: 'bad' } })).status).toBe(403);
  expect((await server.get('/', { method: 'POST', body: 'x', headers: { Cookie: 'ok' } })).status).toBe(200);
  expect(decides.requests).toBe(4);
}, 'nginx');

proxyTest('other origins are let in that the route names, and answers have the headers of the proxy', async setting => {
  const app = await setting.upstream('app', () => ({ headers: { 'Access-Control-Allow-Origin': '*', 'X-Frame-Options': 'none', 'Content-Type': 'text/plain' } }));
  const hostile = 'a "b" \'c\' $host ${x} {;} \\ #';
  const proxy = setting.edge({ responseHeaders: { 'X-Frame-Options': 'DENY', 'X-Hostile': hostile }, compression: true });
  proxy.route({ to: [app.endpoint] });
  proxy.route({ path: '/api', to: [app.endpoint], cors: { origins: ['https://shop.example.com'], methods: ['GET', 'PUT'], headers: ['X-Token'], credentials: true } });
  proxy.route({ path: '/open', to: [app.endpoint], cors: { origins: ['*'] } });
  const server = await setting.start(proxy);
  const asked = (path: string, origin: string, method = 'GET', more = {}) => server.get(path, { method, headers: { Origin: origin, ...more } });
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
  expect((await server.get('/', { headers: { 'Accept-Encoding': 'gzip' } })).headers['content-encoding']).toBe('gzip');
});

proxyTest('requests of which two programs could read different things do not pass', async setting => {
  const app = await setting.upstream('app');
  const proxy = setting.edge();
  proxy.route({ to: [app.endpoint] });
  const server = await setting.start(proxy);
  const raw = (text: string) => new Promise<string>(resolve => {
    let answer = '';
    const socket = connectPlain(server.plainPort, '127.0.0.1', () => socket.write(text));
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
  ]) expect(await raw(text)).toMatch(/^HTTP\/1\.1 (400|411|501) /);
  expect(app.requests).toBe(0);
  expect(await raw(`${head}Content-Length: 1\r\n\r\nx`)).toBe('HTTP/1.1 200 OK');
});

proxyTest('a WebSocket passes', async setting => {
  const app = await setting.upstream('app');
  app.onUpgrade((request, socket) => {
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${request.headers.upgrade}\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n`);
    socket.pipe(socket);
  });
  const proxy = setting.edge();
  proxy.route({ to: [app.endpoint] });
  const server = await setting.start(proxy);
  const echoed = await new Promise<string>((resolve, reject) => {
    const socket = connectPlain(server.plainPort, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'));
    let text = '';
    socket.setEncoding('utf8').on('error', reject).on('data', chunk => {
      text += chunk;
      if (text.endsWith('\r\n\r\n')) socket.write('hello');
      if (text.endsWith('hello')) socket.destroy();
    }).on('close', () => resolve(text));
  });
  expect(echoed).toMatch(/^HTTP\/1\.1 101 [\s\S]*Upgrade: websocket[\s\S]*hello$/i);
});

proxyTest('each request is a line of JSON in the log', async setting => {
  const proxy = setting.edge();
  proxy.route({ to: [(await setting.upstream('app')).endpoint], rewrite: '/' });
  const server = await setting.start(proxy);
  await server.get('/a"b?token=secret', { headers: { 'Host': 'shop', 'User-Agent': 'x "y" \\' } });
  await new Promise(resolve => setTimeout(resolve, 200));
  expect(server.requests).toEqual([expect.objectContaining({
    client: '127.0.0.1', method: 'GET', host: 'shop', path: '/a"b', protocol: 'HTTP/1.1', scheme: 'http', status: '200', upstreamStatus: '200', userAgent: 'x "y" \\',
  })]);
});

proxyTest('a path with steps upwards goes where it leads', async setting => {
  const [api, orders] = [await setting.upstream('api'), await setting.upstream('orders')];
  const proxy = setting.edge();
  proxy.route({ path: '/api', to: [api.endpoint] });
  proxy.route({ path: '/api/orders', to: [orders.endpoint] });
  const server = await setting.start(proxy);
  expect((await server.asked('/api/a/../orders/1')).name).toBe('orders');
}, 'nginx');

proxyTest('what two programs could take for different paths is refused, and a body whose length nobody says', async setting => {
  const app = await setting.upstream('app');
  const proxy = setting.edge();
  proxy.route({ to: [app.endpoint] });
  proxy.route({ path: '/api', to: [app.endpoint], rewrite: '/' });
  const server = await setting.start(proxy);
  const status = async (path: string, options = {}) => (await server.get(path, options)).status;
  expect(await Promise.all(['/a/../b', '/a/%2e%2e/b', '/a%2F..%2Fb', '/a/.', '/a%00b', '/%61pi/x'].map(path => status(path)))).toEqual([400, 400, 400, 400, 400, 400]);
  expect(await status('/', { headers: { Host: 'a"b' } })).toBe(400);
  expect(await status('/', { method: 'POST', body: 'x', headers: { 'Transfer-Encoding': 'chunked' } })).toBe(411);
  expect(app.requests).toBe(0);
}, 'HAProxy');

proxyTest('a replica that says that it is not well gets no requests', async setting => {
  const [well, ill] = [await setting.upstream('well'), await setting.upstream('ill', ({ url }) => url === '/health' ? { status: 500 } : undefined)];
  const proxy = setting.edge();
  proxy.route({ to: [well.endpoint, ill.endpoint], healthPath: '/health' });
  const server = await setting.start(proxy);
  const names = async () => new Set(await Promise.all(Array.from({ length: 6 }, async () => (await server.asked('/')).name)));
  for (const end = Date.now() + 15_000; (await names()).has('ill') && Date.now() < end;) await new Promise(resolve => setTimeout(resolve, 200));
  expect([...await names()]).toEqual(['well']);
}, 'HAProxy');
