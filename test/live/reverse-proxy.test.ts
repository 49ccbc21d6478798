import { Application, Exposure, HaProxy, IProxyEngine, Nginx, ReverseProxy, Workload } from 'cdk8s-conduit';
import type { Deployment, Neighbour } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';
import { describeProxy } from './proxies/reverse-proxy';

jest.setTimeout(300_000);

const MINUTE = 60_000;

// test/live/proxies has the other engine
describeProxy('nginx (examples/12-reverse-proxy-tls)', engine => engine.example('12-reverse-proxy-tls'));

describeLive('a reverse proxy that is published', engine => {
  let edge: Deployment;
  let neighbour: Neighbour;
  beforeAll(async () => {
    neighbour = await engine.neighbour();
    const application = new Application('edge');
    const mirror = new Workload(application, 'mirror', {
      image: 'python:3.13-slim',
      ports: [{ name: 'http', number: 8080 }],
      args: ['python', '-u', '-c', `
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Mirror(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.headers['X-Real-IP'].encode())
ThreadingHTTPServer(('', 8080), Mirror).serve_forever()
`],
    });
    const proxy = (id: string, exposure: Exposure, httpPort: number, proxyEngine: IProxyEngine = new Nginx()) =>
      new ReverseProxy(application, id, { engine: proxyEngine, exposure, httpPort }).route({ to: [mirror.endpoint()] });
    proxy('everyone', Exposure.everyoneOnTheInternet(), 8083);
    const some = Exposure.sources(neighbour.seenAs.filter(address => /^[\d.]+$/.test(address)).map(address => `${address}/32`));
    proxy('some', some, 8084);
    proxy('others', Exposure.sources(['192.0.2.0/24']), 8085);
    proxy('some-more', some, 8086, new HaProxy());
    proxy('others-more', Exposure.sources(['192.0.2.0/24']), 8087, new HaProxy());
    edge = engine.application(application);
    await edge.start();
  }, 5 * MINUTE);
  afterAll(async () => {
    await edge.remove();
    await neighbour.close();
  });

  const visit = async (workload: string) => neighbour.tryExec('wget', '-qO-', '-T', '5', `http://${neighbour.hostAddress}:${await edge.entrance(workload)}`);

  it.each(['everyone', 'some', 'some-more'])("lets a machine beside it in, whose address upstreams learn: '%s'", async workload => {
    // a name without ready replicas does not exist at first, which DNS servers remember for up to half a minute
    await eventually(async () => (await visit(workload)).code === 0, { what: 'an answer of the upstream', timeoutMs: 45_000 });
    expect(neighbour.seenAs).toContain((await visit(workload)).stdout);
  });

  it.each(['others', 'others-more'])("keeps out who may not come: '%s'", async workload => {
    expect((await visit(workload)).code).not.toBe(0);
  });
});
