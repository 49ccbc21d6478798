import { Application, Exposure, Protocol, Workload } from 'cdk8s-conduit';
import { attempt, command } from '../command';
import type { Compose, ComposeDeployment } from '../compose';
import { describeLive } from '../describe-live';
import { eventually } from '../eventually';
import type { NeighbourOfEngine } from '../neighbour';

jest.setTimeout(240_000);

const MINUTE = 60_000;
const [TCP, UDP] = [8071, 8072];

/** Tells each visitor the address under which it is seen. */
const MIRROR = `
import socketserver, threading

class Stream(socketserver.BaseRequestHandler):
    def handle(self): self.request.sendall(b'seen ' + self.client_address[0].encode())

class Datagram(socketserver.BaseRequestHandler):
    def handle(self): self.request[1].sendto(b'seen ' + self.client_address[0].encode(), self.client_address)

threading.Thread(target=socketserver.ThreadingUDPServer(('', 53), Datagram).serve_forever).start()
socketserver.ThreadingTCPServer(('', 9000), Stream).serve_forever()
`;
const PORTS = [{ name: 'tcp', number: 9000 }, { name: 'udp', number: 53, protocol: Protocol.UDP }];
const IMAGE = 'busybox:1.37.0-musl';

/** The range of one address. */
const only = (address: string) => `${address}/${address.includes(':') ? 128 : 32}`;
const families = [['IPv4', 0], ['IPv6', 1]] as const;

describeLive<Compose>('a port that is published to ranges of sources', engine => {
  let edge: ComposeDeployment;
  let neighbour: NeighbourOfEngine;
  beforeAll(async () => {
    neighbour = await engine.neighbour();
    const application = new Application('edge');
    const mirror = new Workload(application, 'mirror', { image: 'python:3.13-slim', args: ['python', '-u', '-c', MIRROR], ports: PORTS });
    // the neighbour's first addresses, those of the machine itself, and all ranges that are of no one's: what the engine's own gateways are in
    const sources = Exposure.sources([...[...neighbour.own, ...neighbour.hosts].map(only), '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fd00::/8', 'fe80::/10']);
    mirror.publish({ portName: 'tcp', exposure: sources, hostPort: TCP });
    mirror.publish({ portName: 'udp', exposure: sources, hostPort: UDP });
    edge = engine.application(application);
    await edge.start();
  }, 5 * MINUTE);
  afterAll(async () => {
    await edge.remove();
    await neighbour.close();
  });

  /** What somebody with an address hears, at a port of the host's address. */
  const ask = (tryExec: NeighbourOfEngine['tryExec'], host: string, own?: string) => async (port: number) => {
    const words = ['nc', ...(port === UDP ? ['-u'] : []), '-w', '3', ...(own ? ['-s', own] : []), host, `${port}`];
    return (await tryExec('sh', '-c', `echo hello | timeout 5 ${words.join(' ')}`)).stdout;
  };
  const fromHost: NeighbourOfEngine['tryExec'] = (...words) => attempt('docker', ['run', '--rm', '--network=host', IMAGE, ...words]);
  const addressesOf = async (service: string) => {
    const networks = await command('docker', [...edge.words('ps', '--format', '{{.ID}}', service)]);
    return command('docker', ['inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}', networks]);
  };

  it.each(families)('lets in a client of these by %s, whose program sees the relay', async (_, family) => {
    for (const [port, service] of [[TCP, 'mirror__relay_tcp'], [UDP, 'mirror__relay_udp']] as const) {
      const seen = await ask(neighbour.tryExec, neighbour.hosts[family], neighbour.own[family])(port);
      expect(seen).toMatch(/^seen \d/);
      expect(await addressesOf(service)).toContain(seen.replace('seen ', ''));
    }
  });

  it.each(families)('lets nobody else in by %s', async (_, family) => {
    const asOther = ask(neighbour.tryExec, neighbour.hosts[family], neighbour.others[family]);
    expect([await asOther(TCP), await asOther(UDP)]).toEqual(['', '']);
    const { stdout } = await attempt('docker', edge.words('logs', 'mirror__relay_tcp'));
    expect(stdout).toContain(`refused or failed: ${neighbour.others[family]}:`);
  });

  it.each([['127.0.0.1'], ['::1']])('lets nobody in whose address the engine hides behind a gateway: %s', async host => {
    const fromLoopback = ask(fromHost, host);
    expect([await fromLoopback(TCP), await fromLoopback(UDP)]).toEqual(['', '']);
  });

  it.each(families)('lets in a program of the host by an address of the host by %s, which is in a range', async (_, family) => {
    const [host, fromAddress] = [neighbour.hosts[family], ask(fromHost, neighbour.hosts[family])];
    expect([host, await fromAddress(TCP), await fromAddress(UDP)]).toEqual([host, expect.stringMatching(/^seen/), expect.stringMatching(/^seen/)]);
  });

  it('lets no other container in by the gateways of its own network', async () => {
    for (const host of neighbour.hosts) {
      const fromContainer = ask((...words) => attempt('docker', ['run', '--rm', IMAGE, ...words]), host);
      expect([await fromContainer(TCP), await fromContainer(UDP)]).toEqual(['', '']);
    }
  });

  it('goes on when its program has another address', async () => {
    const before = await addressesOf('mirror');
    await command('docker', edge.words('stop', 'mirror'));
    const holder = await command('docker', ['run', '-d', '--rm', `--network=${edge.project}_mirror__relay`, IMAGE, 'sleep', '60']);
    try {
      await edge.resume('mirror');
      expect(await addressesOf('mirror')).not.toBe(before);
      for (const port of [TCP, UDP]) {
        await eventually(async () => /^seen/.test(await ask(neighbour.tryExec, neighbour.hosts[0], neighbour.own[0])(port)), { what: `port ${port} to lead to the new address` });
      }
    } finally {
      await command('docker', ['rm', '-f', holder]);
    }
  });

  it('gives its program no way to the host, and the relay none further', async () => {
    expect((await edge.tryExec('mirror', 'python', '-c', `import socket; socket.create_connection(('${neighbour.hostAddress}', 22), 3)`)).stderr).toMatch(/Network is unreachable/);
  });
});
