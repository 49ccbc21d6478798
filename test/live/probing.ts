// Tries many connections between the programs of a running application at once.
import type { Deployment, Program } from './deployment';

/** A connection that a program tries. */
export interface Probe {
  readonly from: Program;
  /** Name or address. */
  readonly host: string;
  readonly port: number;
  readonly udp: boolean;
}

/** What became of it: who answered, or else whether the name was known. */
export type Outcome = { readonly answer: string } | { readonly failure: string; readonly nameKnown: boolean };

/** What a client sends; a server that only echoes answers with it. */
export const QUESTION = '?';

/** Answers whoever connects, on the ports that it is given ("80" or "53u"), with its first argument. */
export const ANSWERER = `
import selectors, socket, sys

name, ports = sys.argv[1].encode(), sys.argv[2:]
selector = selectors.DefaultSelector()
for port in ports:
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if port.endswith('u') else socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(('', int(port.rstrip('u'))))
    if server.type == socket.SOCK_STREAM:
        server.listen(500)
    selector.register(server, selectors.EVENT_READ)
while True:
    for key, _ in selector.select():
        try:
            if key.fileobj.type == socket.SOCK_STREAM:
                with key.fileobj.accept()[0] as connection:
                    connection.settimeout(1)
                    connection.recv(99)
                    connection.sendall(name)
            else:
                key.fileobj.sendto(name, key.fileobj.recvfrom(99)[1])
        except OSError:
            pass
`;

/** Tries all that stands in its argument at once, and writes what became of each, in the same order. */
const PROBER = `
import asyncio, concurrent.futures, json, os, socket, sys

os.environ['RES_OPTIONS'] = 'timeout:1 attempts:1'
TIMEOUT = 2

async def resolve(host):
    try:
        return (await asyncio.get_running_loop().getaddrinfo(host, None, family=socket.AF_INET))[0][4][0]
    except OSError:
        return None

async def exchange(address, port, udp):
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM) as client:
        client.setblocking(False)
        await loop.sock_connect(client, (address, port))
        for _ in range(4 if udp else 1): # datagrams may get lost
            await loop.sock_sendall(client, b'${QUESTION}')
            try:
                answer = await asyncio.wait_for(loop.sock_recv(client, 99), TIMEOUT / 4 if udp else None)
            except asyncio.TimeoutError:
                continue
            if answer:
                return answer.decode()
            raise OSError('closed without an answer')
        raise OSError('no answer')

async def probe(host, port, udp, names):
    address = await names[host]
    if address is None:
        return {'failure': 'the name is unknown', 'nameKnown': False}
    try:
        return {'answer': await asyncio.wait_for(exchange(address, port, udp), TIMEOUT)}
    except (asyncio.TimeoutError, OSError) as error:
        return {'failure': str(error) or 'no connection', 'nameKnown': True}

async def main():
    asyncio.get_running_loop().set_default_executor(concurrent.futures.ThreadPoolExecutor(100))
    probes = json.loads(sys.argv[1])
    names = {host: asyncio.ensure_future(resolve(host)) for host, _, _ in probes}
    print(json.dumps(await asyncio.gather(*[probe(*each, names) for each in probes])))

asyncio.run(main())
`;

/** Tries all connections; clients need Python. Outcomes are in the order of the probes. */
export async function probe(deployment: Pick<Deployment, 'exec'>, probes: readonly Probe[]): Promise<Outcome[]> {
  const byClient = new Map<string, number[]>();
  probes.forEach(({ from }, index) => {
    const client = JSON.stringify(from);
    byClient.set(client, [...byClient.get(client) ?? [], index]);
  });
  const outcomes: Outcome[] = [];
  await Promise.all([...byClient.values()].map(async indices => {
    const attempts = indices.map(index => [probes[index].host, probes[index].port, probes[index].udp]);
    const written = await deployment.exec(probes[indices[0]].from, 'python', '-c', PROBER, JSON.stringify(attempts));
    (JSON.parse(written) as Outcome[]).forEach((outcome, each) => { outcomes[indices[each]] = outcome; });
  }));
  return outcomes;
}
