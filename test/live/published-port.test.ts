import { Application, Endpoint, Exposure, Workload } from 'cdk8s-conduit';
import { CLOSED, Deployment, Neighbour } from './deployment';
import { describeLive } from './describe-live';

jest.setTimeout(240_000);

const MINUTE = 60_000;

/** Tells each visitor the address under which it is seen. */
const MIRROR = `
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Mirror(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.client_address[0].encode())

ThreadingHTTPServer(('', 8080), Mirror).serve_forever()
`;

const connect = (address: string, port: number) => ['env', 'RES_OPTIONS=timeout:1 attempts:1', 'python', '-c', `import socket; socket.create_connection(('${address}', ${port}), 3).close(); print('open')`];
const lookUp = (name: string) => ['python', '-c', `import socket; print(socket.getaddrinfo('${name}', 80)[0][4][0])`];

describeLive('a published port (examples/11-published-port)', engine => {
  let guestbook: Deployment;
  let neighbour: Neighbour;
  beforeAll(async () => {
    neighbour = await engine.neighbour();
    guestbook = engine.example('11-published-port');
    await guestbook.start();
  }, 5 * MINUTE);
  afterAll(async () => {
    await guestbook.remove();
    await neighbour.close();
  });

  it('is reached from the machine that it is published to, under the address that its program was told', async () => {
    expect(await guestbook.visit('web')).toMatch(/^<p>Visit \d+ to <a href="http:\/\/localhost:8080">/);
  });

  it('is not reached from a machine beside it, which reaches that machine', async () => {
    expect((await neighbour.tryExec('ping', '-c', '1', '-W', '3', neighbour.hostAddress)).code).toBe(0);
    expect((await neighbour.tryExec('nc', '-z', '-w', '3', neighbour.hostAddress, '8080')).code).not.toBe(0);
  });

  it('opens no way out, and tells no name outside', async () => {
    expect((await guestbook.tryExec('web', ...connect(neighbour.address, neighbour.port))).stderr).toMatch(CLOSED);
    expect((await guestbook.tryExec('web', ...lookUp('www.example.com'))).stderr).toMatch(/gaierror|not known/);
    expect((await guestbook.tryExec('web', ...lookUp('counter'))).code).toBe(0);
  });

  it('leaves what stands behind it as closed as before', async () => {
    expect((await guestbook.tryExec('counter', ...connect(neighbour.address, neighbour.port))).stderr).toMatch(CLOSED);
    expect((await neighbour.tryExec('nc', '-z', '-w', '3', neighbour.hostAddress, '9000')).code).not.toBe(0);
  });

  it('leaves nothing but its data and secrets when it is deleted', async () => {
    expect(await guestbook.delete()).toEqual({ left: [], lost: [] });
  });
});

describeLive('a port that is published to everyone', engine => {
  let edge: Deployment;
  let neighbour: Neighbour;
  beforeAll(async () => {
    neighbour = await engine.neighbour();
    const application = new Application('edge');
    const workload = (id: string) => new Workload(application, id, { image: 'python:3.13-slim', args: ['python', '-u', '-c', MIRROR], ports: [{ name: 'http', number: 8080 }] });
    workload('closed');
    workload('open').publish({ exposure: Exposure.everyoneOnTheInternet(), hostPort: 8081 });
    const both = workload('both');
    both.publish({ exposure: Exposure.everyoneOnTheInternet(), hostPort: 8082 });
    both.connectTo(Endpoint.external(neighbour.address, neighbour.port), { prefix: 'NEIGHBOUR' });
    edge = engine.application(application);
    await edge.start();
  }, 5 * MINUTE);
  afterAll(async () => {
    await edge.remove();
    await neighbour.close();
  });

  it.each(['open', 'both'])("is reached from a machine beside it, whose address the program '%s' sees", async workload => {
    const answer = await neighbour.tryExec('wget', '-qO-', '-T', '5', `http://${neighbour.hostAddress}:${await edge.entrance(workload)}`);
    expect(answer.code).toBe(0);
    expect(neighbour.seenAs).toContain(answer.stdout);
  });

  it('opens no way out, unlike a connection', async () => {
    expect((await edge.tryExec('both', ...connect(neighbour.address, neighbour.port))).stdout).toBe('open');
    expect((await edge.tryExec('open', ...connect(neighbour.address, neighbour.port))).stderr).toMatch(CLOSED);
  });

  it('opens nothing between workloads', async () => {
    for (const [client, server] of [['closed', 'open'], ['open', 'closed'], ['closed', 'both']]) {
      const [{ addresses }] = await edge.replicas(server);
      for (const host of [server, ...addresses]) expect((await edge.tryExec(client, ...connect(host, 8080))).stderr).toMatch(CLOSED);
    }
  });
});
