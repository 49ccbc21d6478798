import * as fc from 'fast-check';
import type { Deployment, Outside, Program } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';
import { build, nameOf, portsOf, ProbeApplication, probeApplications, ProbePort, UNDECLARED } from './probe-applications';
import { Outcome, probe, Probe, QUESTION } from './probing';

jest.setTimeout(300_000);

/** The same ones each time: look for more with these. */
const { FC_SEED = '1', CONDUIT_MATRICES = '3' } = process.env;

/** One way between two replicas, or from one to a name: what the declared edges say of it. */
interface Way {
  readonly sentence: string;
  readonly from: Program;
  readonly hosts: readonly string[];
  readonly port: ProbePort;
  /** Who has to answer; undefined where the way has to be closed. */
  readonly answerer?: string;
  /** The host is a name that must not even be known. */
  readonly hidden?: boolean;
}

describeLive('what is declared is what is open', engine => {
  let outside: Outside;
  beforeAll(async () => { outside = await engine.outside(); });
  afterAll(() => outside.close());

  /** Whether a client may reach a port of another workload: on Compose two connected ones are in one network, in which all is open. */
  function isOpen({ edges }: ProbeApplication, client: number, server: number, port: ProbePort): boolean {
    return engine.name === 'Compose'
      ? edges.some(({ from, to }) => (from === client && to === server) || (from === server && to === client))
      : edges.some(edge => edge.from === client && edge.to === server && nameOf(edge.port) === nameOf(port));
  }

  /** Whether replicas of one workload reach each other: on Compose they are in the same networks, if there are any. */
  function isOpenWithin({ edges, travellers }: ProbeApplication, node: number): boolean {
    return engine.name === 'Compose' && (travellers.includes(node) || edges.some(({ from, to }) => from === node || to === node));
  }

  /** Whether a client cannot even look a name up: on Kubernetes, whoever may connect to anything may ask for any name. */
  function isHidden({ edges, travellers }: ProbeApplication, client: number, server: number): boolean {
    return engine.name === 'Compose'
      ? !edges.some(({ from, to }) => (from === client && to === server) || (from === server && to === client))
      : !travellers.includes(client) && !edges.some(({ from }) => from === client);
  }

  /** Every way that there could be in a running application. */
  async function waysOf(application: ProbeApplication, deployment: Deployment): Promise<Way[]> {
    const { nodes } = application;
    const running = await Promise.all(nodes.map(({ name }) => deployment.replicas(name)));
    return nodes.flatMap(({ name: client }, from) => running[from].flatMap((self, replica) => {
      const program: Program = { workload: client, replica };
      const within = nodes.flatMap((node, to) => [...portsOf(node), ...UNDECLARED].flatMap((port): Way[] => {
        const { name: server, kind } = node;
        const target = `${port.number}/${port.udp ? 'UDP' : 'TCP'}`;
        const open = from === to ? isOpenWithin(application, to) : isOpen(application, from, to, port);
        const answerer = open ? server : undefined;
        const members = kind === 'stable' ? running[to].map((_, ordinal) => `${server}-${ordinal}.${server}`) : [];
        return [
          ...running[to].filter(({ id }) => id !== self.id)
            .map(other => ({ sentence: `from ${client} (${self.name}) to ${server} (${other.name}), port ${target}`, from: program, hosts: other.addresses, port, answerer })),
          // one name for all replicas leads only to declared ports
          ...from === to || (open && UNDECLARED.includes(port)) ? [] : [server, ...members]
            .map(name => ({ sentence: `from ${client} (${self.name}) to the name ${name}, port ${target}`, from: program, hosts: [name], port, answerer, hidden: isHidden(application, from, to) })),
        ];
      }));
      const open = application.travellers.includes(from);
      const out = { sentence: `from ${client} (${self.name}) to a server outside`, from: program, hosts: [outside.address], port: { number: outside.port, udp: false }, answerer: open ? QUESTION : undefined };
      return [...within, out];
    }));
  }

  /** What of the declared edges is not so, once what has to be open is open, or does not become so. */
  async function differences(application: ProbeApplication, deployment: Deployment, timeoutMs = 60_000): Promise<string[]> {
    const ways = await waysOf(application, deployment);
    const probes = ways.flatMap(({ from, hosts, port }) => hosts.map((host): Probe => ({ from, host, port: port.number, udp: port.udp })));
    // behind a proxy that takes every connection to outside, addresses of nobody would answer too
    const answerers = [...application.nodes.map(({ name }) => name), QUESTION];
    let found: { readonly closed: string[]; readonly open: string[] };
    await eventually(async () => {
      const outcomes = await probe(deployment, probes);
      const judged = ways.map(way => judge(way, outcomes.splice(0, way.hosts.length), answerers));
      found = { closed: judged.flatMap(({ closed }) => closed), open: judged.flatMap(({ open }) => open) };
      return found.closed.length === 0;
    }, { what: 'all that was declared to be open', timeoutMs }).catch(() => {}); // what is still closed then is among the differences
    return [...found!.closed, ...found!.open];
  }

  function judge({ sentence, answerer, hidden }: Way, outcomes: Outcome[], answerers: string[]): { closed: string[]; open: string[] } {
    const answers = outcomes.flatMap(outcome => 'answer' in outcome && answerers.includes(outcome.answer) ? [outcome.answer] : []);
    const failures = outcomes.flatMap(outcome => 'failure' in outcome ? [outcome.failure] : []);
    if (answerer !== undefined) return { closed: answers.includes(answerer) ? [] : [`declared, but closed: ${sentence}: ${[...answers, ...failures].join(', ')}`], open: [] };
    const known = outcomes.some(outcome => 'answer' in outcome || outcome.nameKnown);
    return { closed: [], open: answers.length > 0 ? [`open, but not declared: ${sentence}`] : hidden && known ? [`name known without a connection: ${sentence}`] : [] };
  }

  async function withRunning(application: ProbeApplication, use: (deployment: Deployment) => Promise<void>): Promise<void> {
    const deployment = engine.application(build(application, outside));
    try {
      await deployment.start();
      await use(deployment);
    } finally {
      await deployment.remove();
    }
  }

  const samples = fc.sample(probeApplications, { seed: Number(FC_SEED), numRuns: Number(CONDUIT_MATRICES) });
  it.each(samples.map((application, number) => ({ application, number, workloads: application.nodes.length })))(
    'between every two of $workloads workloads of random application $number, on every declared and an undeclared port, and to outside',
    ({ application }) => withRunning(application, async deployment => {
      expect(await differences(application, deployment)).toEqual([]);
    }));

  it('finds a way that is open or closed against what was declared', () => {
    const port = { number: 8080, udp: false };
    const node = (name: string) => ({ name, kind: 'workload' as const, replicas: 1, ports: [port], sidecarPorts: [] });
    const edge = (from: number, to: number) => ({ from, to, port, bySidecar: false, waits: false });
    const application = { nodes: [node('a'), node('b'), node('c')], edges: [edge(0, 1)], travellers: [0] };
    return withRunning(application, async deployment => {
      const found = await differences({ ...application, edges: [edge(1, 2)], travellers: [1] }, deployment, 0);
      for (const sentence of [
        /^open, but not declared: from a .* to b \(.*\), port 8080\/TCP$/, /^open, but not declared: from a .* to the name b, port 8080\/TCP$/,
        /^declared, but closed: from b .* to c \(.*\), port 8080\/TCP: /, /^declared, but closed: from b .* to the name c, port 8080\/TCP: /,
        /^open, but not declared: from a .* to a server outside$/, /^declared, but closed: from b .* to a server outside: /,
      ]) expect(found).toContainEqual(expect.stringMatching(sentence));
    });
  });
});
