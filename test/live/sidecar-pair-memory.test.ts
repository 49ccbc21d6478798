import { Application, HealthCheck, SidecarPair, Workload } from 'cdk8s-conduit';
import { Size } from 'cdk8s';
import type { Deployment } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';

jest.setTimeout(240_000);

/** Takes as many MiB as it is asked for, and says its number. */
const server = (port: number) => `
import http.server, os, signal, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        kept = b'x' * (int(self.path[1:]) << 20)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(len(kept) >> 20).encode())

signal.signal(signal.SIGTERM, lambda *_: sys.exit())
http.server.ThreadingHTTPServer(('', ${port}), Handler).serve_forever()
`;

const PORTS = { main: 8081, sidecar: 8082 };

function build(): Application {
  const application = new Application('memory');
  const member = (name: string, port: number) => ({
    image: 'python:3.13-slim',
    args: ['python', '-u', '-c', server(port)],
    ports: [{ name, number: port }],
    health: HealthCheck.tcp(port),
    resources: { memoryLimit: Size.mebibytes(96) },
  });
  const pair = new SidecarPair(application, 'pair', { main: member('main', PORTS.main), sidecar: member('sidecar', PORTS.sidecar) });
  const visitor = new Workload(application, 'visitor', { image: 'python:3.13-slim', args: ['python', '-c', 'import signal; signal.pause()'] });
  for (const port of ['main', 'sidecar']) visitor.connectTo(pair.endpoint(port), { prefix: port.toUpperCase() });
  return application;
}

describeLive('the memory of a sidecar pair', engine => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = engine.application(build());
    await deployment.start();
  });
  afterAll(() => deployment.remove());

  const have = (container: 'main' | 'sidecar', mebibytes: number) => deployment.tryExec('visitor', 'python', '-c',
    `import urllib.request as r; print(r.urlopen('http://pair:${PORTS[container]}/${mebibytes}', timeout=10).read().decode())`);

  it.each([['main', 'sidecar'], ['sidecar', 'main']] as const)('ends %s alone when it takes more than its limit, and the pair works again', async (greedy, other) => {
    const [before] = await deployment.replicas('pair');
    expect((await have(greedy, 16)).stdout).toBe('16'); // as much as it may
    expect((await have(greedy, 256)).code).not.toBe(0);
    await eventually(async () => expect((await have(greedy, 16)).stdout).toBe('16'), { what: `${greedy} to answer again`, timeoutMs: 60_000 });
    expect((await have(other, 16)).stdout).toBe('16');
    const [after] = await deployment.replicas('pair');
    expect(after.id).toBe(before.id);
    expect(after.restarts).toEqual({ ...before.restarts, [greedy]: before.restarts[greedy] + 1 });
    // as the engine says it
    if (engine.name === 'Kubernetes') expect(await deployment.visible()).toMatch(/"reason": ?"OOMKilled"/);
  });
});
