// What a reverse proxy must do, whatever its engine is. Each engine is run through the same statements.
import type { Deployment, Engine } from '../deployment';
import { describeLive } from '../describe-live';
import { eventually } from '../eventually';

const MINUTE = 60_000;

/** Asks the shop, and writes what came back, as JSON. */
const ASK = `
import base64, json, os, socket, ssl, sys, urllib.error, urllib.request
url, headers, user = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
if user: headers['Authorization'] = 'Basic ' + base64.b64encode(user.encode()).decode()
trusted = ssl.create_default_context(cafile=os.environ['SHOP_CA_FILE'])
class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_): return None
opener = urllib.request.build_opener(Stay, urllib.request.HTTPSHandler(context=trusted))
try:
    answer = opener.open(urllib.request.Request(url, headers=headers), timeout=10)
except urllib.error.HTTPError as error:
    answer = error
text = answer.read().decode()
print(json.dumps({'status': answer.status, 'headers': dict((n.lower(), v) for n, v in answer.headers.items()), 'body': json.loads(text) if text.startswith('{') else text}))
`;

/** Asks again and again for some seconds, by several threads, and writes how often which status came, or which error, and which replicas answered. */
const LOAD = `
import collections, json, os, ssl, sys, threading, time, urllib.error, urllib.request
seconds, path = float(sys.argv[1]), sys.argv[2]
trusted = ssl.create_default_context(cafile=os.environ['SHOP_CA_FILE'])
counts, replicas, end = collections.Counter(), set(), time.time() + seconds
def visit():
    while time.time() < end:
        try:
            with urllib.request.urlopen(os.environ['SHOP_URL'] + path, timeout=10, context=trusted) as answer:
                replicas.add(json.load(answer)['replica'])
                counts[str(answer.status)] += 1
        except urllib.error.HTTPError as error: counts[str(error.code)] += 1
        except Exception as error: counts[repr(error)] += 1
        time.sleep(0.02)
threads = [threading.Thread(target=visit) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(json.dumps({'counts': counts, 'replicas': sorted(replicas)}))
`;

/** Which versions of TLS are let in. */
const VERSIONS = `
import os, socket, ssl
for version in [ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]:
    context = ssl.create_default_context(cafile=os.environ['SHOP_CA_FILE'])
    context.set_ciphers('DEFAULT:@SECLEVEL=0')
    context.minimum_version = context.maximum_version = version
    try:
        with socket.create_connection((os.environ['SHOP_HOST'], int(os.environ['SHOP_PORT'])), 5) as plain, context.wrap_socket(plain, server_hostname=os.environ['SHOP_HOST']) as secure: print(secure.version())
    except (ssl.SSLError, OSError): print('refused')
`;

/** What a reverse proxy must do for a shop, whatever its engine is. */
export function describeProxy(name: string, deploy: (engine: Engine) => Deployment): void {
  describeLive(`a reverse proxy with TLS: ${name}`, engine => {
    let shop: Deployment;
    beforeAll(async () => {
      shop = deploy(engine);
      await shop.start();
    }, 5 * MINUTE);
    afterAll(() => shop.remove());

    const ask = async (path: string, { headers = {}, user = '', at = 'https://edge:8443' } = {}) =>
      JSON.parse(await shop.exec('monitor', 'python', '-c', ASK, `${at}${path}`, JSON.stringify(headers), user));
    const load = async (seconds: number, path = '/api/') =>
      JSON.parse(await shop.exec('monitor', 'python', '-c', LOAD, `${seconds}`, path)) as { counts: Record<string, number>; replicas: string[] };
    const replicasWhoAnswer = (count: number) => eventually(async () => {
      const { counts, replicas } = await load(2);
      return Object.keys(counts).join() === '200' && replicas.length === count;
    }, { what: `answers of ${count} replicas` });

    it('sends requests by their paths to each replica in turn', async () => {
      expect((await ask('/api/stock?a=b')).body).toMatchObject({ path: '/stock?a=b', headers: { 'x-forwarded-prefix': '/api' } });
      expect((await ask('/cart')).body.path).toBe('/cart');
      await replicasWhoAnswer(3);
      expect((await load(2, '/')).replicas).toHaveLength(2);
    });

    it('tells upstreams who the client is, whatever that says of itself', async () => {
      const { body: { headers } } = await ask('/', { headers: { 'X-Forwarded-For': '6.6.6.6', 'X-Real-IP': '6.6.6.6', 'Forwarded': 'for=6.6.6.6', 'X-Forwarded-Proto': 'http', 'X-Forwarded-Host': 'evil' } });
      const [{ addresses }] = await shop.replicas('monitor');
      expect(addresses).toContain(headers['x-real-ip']);
      expect(headers).toMatchObject({ 'x-forwarded-for': headers['x-real-ip'], 'x-forwarded-proto': 'https', 'x-forwarded-host': 'edge:8443', 'forwarded': `for=${headers['x-real-ip']};host="edge:8443";proto=https` });
    });

    it('lets clients in by TLS 1.2 or newer, and sends others there', async () => {
      expect((await shop.exec('monitor', 'python', '-W', 'ignore', '-c', VERSIONS)).split('\n')).toEqual(['refused', 'TLSv1.2', 'TLSv1.3']);
      expect(await ask('/a?b', { at: 'http://edge:8080' })).toMatchObject({ status: 308, headers: { location: 'https://edge:8443/a?b' } });
      expect(await ask('/shop')).toMatchObject({ status: 308, headers: { 'location': '/', 'x-content-type-options': 'nosniff' } });
    });

    it('refuses a wrong password, a source that may not come, and too many requests', async () => {
      expect((await ask('/admin')).status).toBe(401);
      expect((await ask('/admin', { user: 'admin:wrong' })).status).toBe(401);
      expect(await ask('/admin', { user: `admin:${shop.secrets['edge-admin']}` })).toMatchObject({ status: 200, body: { headers: { 'x-forwarded-user': 'admin' } } });
      expect((await ask('/internal', { headers: { 'X-Forwarded-For': '192.0.2.1' } })).status).toBe(403);
      const { counts } = await load(3, '/api/search');
      expect(Object.keys(counts).sort()).toEqual(['200', '429']);
    });

    it('fails no request while a replica is killed', async () => {
      const [{ counts }] = await Promise.all([load(15), shop.kill({ workload: 'api', replica: 1 })]);
      expect(Object.keys(counts)).toEqual(['200']);
      expect(counts['200']).toBeGreaterThan(100);
    });

    it('follows replicas that come and go, and is not started again for it', async () => {
      const before = await shop.replicas('edge');
      await shop.scale('api', 5);
      await replicasWhoAnswer(5);
      const [{ counts }] = await Promise.all([load(20), shop.scale('api', 2)]);
      expect(Object.keys(counts)).toEqual(['200']);
      await replicasWhoAnswer(2);
      expect(await shop.replicas('edge')).toEqual(before);
    });

    it('is there while an upstream is not, and finds it when it is', async () => {
      await shop.stop('api');
      expect((await ask('/api/')).status).toBeGreaterThanOrEqual(502);
      expect((await ask('/')).status).toBe(200);
      await shop.replace('edge');
      await eventually(async () => (await ask('/')).status === 200, { what: 'a proxy that starts before its upstream' });
      await shop.resume('api');
      await eventually(async () => (await ask('/api/')).status === 200, { what: 'an answer of the upstream that came later' });
    });

    it('leaves nothing but its data and secrets when it is deleted', async () => {
      expect(await shop.delete()).toEqual({ left: [], lost: [] });
    });
  });
}
