// Servers whose clients are on other machines, each with the connection file that it was given, as it is.
import { Application, ExternalClient, PortPublishing, PublicAddress, Workload } from 'cdk8s-conduit';
import { isIPv4 } from 'node:net';
import type { Outcome } from './command';
import type { Deployment, Machine, Neighbour } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';
import { makeCertificate } from '../../src/cli/certificates';

const MINUTE = 60_000;

/** Who is granted what: the laptop and a workload may put something in, and the bench may take it out. */
export interface Clients {
  readonly laptop: ExternalClient;
  readonly bench: ExternalClient;
  readonly inside: Workload;
}

/** A server, and what its clients do there by a real library. Variables of all of them begin with ORDERS. */
export interface OutsideServer {
  /** What runs clients, wherever they are. */
  readonly program: { readonly image: string; readonly buildContext: { readonly directory: string } };
  /** Adds the server, which clients outside reach at that address. */
  readonly add: (application: Application, address: PublicAddress, clients: Clients) => void;
  /** A port that both engines can publish. */
  readonly hostPort: number;
  /** Ports of its own, none of which is published. */
  readonly ports: number[];
  /** Puts texts in, which have no spaces and no quotes. */
  readonly put: (texts: string[]) => string[];
  /** Takes everything out, and writes it. */
  readonly take: string[];
  /** Writes `refused`, if the client may not take, or may not put. */
  readonly refused: { readonly take: string[]; readonly put: string[] };
  /** Writes `trusted` if it may log in, by TLS unless that is left out. */
  readonly logIn: (tls: boolean) => string[];
}

/** Gives a program its connection as a workload has it: in variables, with secrets in files. */
const LIKE_A_WORKLOAD = `
import json, os, sys
for name, value in json.load(open(os.environ['CONNECTION_FILE'])).items():
    if name.endswith(('_PASSWORD', '_CA')):
        with open(f'/tmp/{name}', 'w') as file:
            file.write(value)
        name, value = f'{name}_FILE', f'/tmp/{name}'
    os.environ[name] = value
os.execvp(sys.argv[1], sys.argv[1:])
`;

export function describeOutside(name: string, server: OutsideServer): void {
  describeLive(`${name}, with clients on other servers`, engine => {
    let deployment: Deployment;
    let neighbour: Neighbour;
    let laptop: Machine;
    let bench: Machine;

    const build = (sourcesOf: (machine: Machine) => string[]) => {
      const application = new Application('lab');
      const clients = {
        laptop: new ExternalClient(application, 'laptop', { sources: sourcesOf(laptop) }),
        bench: new ExternalClient(application, 'bench', { sources: sourcesOf(bench) }),
        inside: new Workload(application, 'inside', { ...server.program, args: ['python', '-c', 'import signal; signal.pause()'], writablePaths: ['/tmp'] }),
      };
      server.add(application, { publicHost: neighbour.hostAddress, hostPort: server.hostPort }, clients);
      return application;
    };
    const runOn = (machine: Machine, client: string, words: string[], change: Record<string, string> = {}): Promise<Outcome> =>
      machine.tryRun(server.program.image, JSON.stringify({ ...deployment.output.connectionOf(client), ...change }), 'python', '-c', LIKE_A_WORKLOAD, ...words);
    const said = async (...args: Parameters<typeof runOn>) => (await runOn(...args)).stdout;

    beforeAll(async () => {
      neighbour = await engine.neighbour();
      [laptop, bench] = neighbour.machines;
      const lab = build(({ seenAs }) => seenAs.filter(address => isIPv4(address)).map(address => `${address}/32`));
      deployment = engine.application(lab, undefined, PortPublishing.NODE_PORT); // no load balancer stands in front of the nodes
      await deployment.start();
    }, 5 * MINUTE);
    afterAll(async () => {
      await deployment?.remove();
      await neighbour?.close();
    });

    test('what one machine and a workload put in, another machine takes out', async () => {
      const [outside, within] = ['outside', 'within'].map(from => Array.from({ length: 12 }, (_, n) => `${from}-${n}`)); // so many that each of several members gets some
      expect((await runOn(laptop, 'laptop', server.put(outside))).code).toBe(0);
      await deployment.exec('inside', ...server.put(within));
      const { code, stdout } = await runOn(bench, 'bench', server.take);
      const taken = new Set(stdout.match(/(outside|within)-\d+/g)); // a text may come twice
      expect({ code, taken: [...taken].sort() }).toEqual({ code: 0, taken: [...outside, ...within].sort() });
    });

    test('each may do what it was granted, and nothing else', async () => {
      expect(await said(laptop, 'laptop', server.refused.take)).toBe('refused');
      expect(await said(bench, 'bench', server.refused.put)).toBe('refused');
    });

    test('a wrong password, another authority, or no TLS lets nobody in', async () => {
      await eventually(async () => await said(laptop, 'laptop', server.logIn(true)) === 'trusted', { what: 'the laptop to log in' });
      expect(await said(laptop, 'laptop', server.logIn(true), { ORDERS_PASSWORD: 'guess' })).toBe('not trusted');
      expect(await said(laptop, 'laptop', server.logIn(true), { ORDERS_CA: makeCertificate('other', ['other.example'])['ca.crt'] })).toBe('not trusted');
      expect(await said(laptop, 'laptop', server.logIn(false))).toBe('not trusted');
    });

    test('no port of the server is reached but those that are published', async () => {
      const open = async (port: number) => (await neighbour.tryExec('nc', '-z', '-w', '3', neighbour.hostAddress, `${port}`)).code === 0;
      expect(await open(server.hostPort)).toBe(true);
      for (const port of server.ports) expect([port, await open(port)]).toEqual([port, false]);
    });

    test('a client of another range is refused, though it has the right password', async () => {
      await deployment.update(build(() => ['203.0.113.0/24'])); // a cluster may see both machines as one
      const logIn = ['timeout', '-s', 'KILL', '20', ...server.logIn(true)]; // of a client that nobody answers
      await eventually(async () => await said(laptop, 'laptop', logIn) !== 'trusted', { what: 'the laptop to be refused', timeoutMs: MINUTE });
      await deployment.exec('inside', ...server.put(['still-within']));
    });
  });
}
