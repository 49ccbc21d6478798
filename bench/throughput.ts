// Measures how many messages a second each generated broker confirms and gives, compared with the vendor's own plain example, with one node
// and with three, in turn, so that whatever else the machine does hits both.
// usage: npm run bench:throughput [-- [--quick] [BROKER] [NODES]]
import { Application, BrokeredQueue, BrokeredQueueProps, ComposeProject, IBroker, Kafka, Nats, RabbitMq, Workload } from 'cdk8s-conduit';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { median, printTable, range } from './report';
import { command } from '../test/live/command';
import { Compose } from '../test/live/compose';
import { eventually } from '../test/live/eventually';

const QUICK = process.argv.includes('--quick');
/** A broker, a number of nodes, or both, where not all are to be measured. */
const CHOSEN = process.argv.slice(2).filter(word => !word.startsWith('--'));
const ROUNDS = QUICK ? 2 : 3;
const AIM = 0.9;
const MINUTE = 60_000;
const PROGRAMS = join(__dirname, 'programs');

/** What both sides run: it waits until the load program is started in it. */
const CLIENT = { image: 'conduit-bench/load:1.0.0', args: ['python', '-c', 'import signal; signal.pause()'], resources: { cpuLimit: cpus().length } };

/** A broker to be measured. */
interface Product {
  readonly name: string;
  /** Module of `programs/load`. */
  readonly client: string;
  /** Of each measurement; a multiple of three, as each node gets its part. */
  readonly messages: number;
  readonly make: (application: Application, nodes: number, tls: boolean) => IBroker;
  /** What it cannot have a queue without. */
  readonly needs?: Partial<BrokeredQueueProps>;
  /** What a plain broker of so many nodes has to be told to confirm what ours confirms: messages on the disk. */
  readonly flushing?: (nodes: number) => Record<string, string> | undefined;
  /** What succeeds only when three plain nodes have found each other, where a queue can be made before. */
  readonly together?: string[];
}

const PRODUCTS: Product[] = [
  {
    name: 'RabbitMQ',
    client: 'rabbit_mq',
    messages: 60_000,
    make: (application, nodes, tls) => new RabbitMq(application, 'broker', { nodes, tls }),
    together: ['gosu', 'rabbitmq', 'rabbitmqctl', 'await_online_nodes', '3'], // as the server's user: it may be the first to make its cookie's file
  },
  {
    name: 'Kafka',
    client: 'kafka_client',
    messages: 150_000,
    make: (application, nodes, tls) => new Kafka(application, 'broker', { nodes, tls }),
    needs: { messageTtl: Duration.hours(1), expiredToDeadLetters: false },
    flushing: nodes => nodes === 1 ? { FLUSH_MESSAGES: '1' } : undefined,
  },
  {
    name: 'NATS',
    client: 'nats_client',
    messages: 15_000,
    make: (application, nodes, tls) => new Nats(application, 'broker', { nodes, tls }),
    flushing: () => ({ SYNC_INTERVAL: 'always' }),
  },
];

/** What the load program tells: messages a second, and the part of that time that it worked itself. */
interface Load {
  readonly rate: number;
  readonly busy: number;
}

/** A broker and its clients, deployed in a place of their own. */
class Side {
  public readonly sent: Load[] = [];
  public readonly received: Load[] = [];
  private readonly compose: string[];

  public constructor(public readonly name: string, private readonly product: Product, private readonly nodes: number, private readonly at: {
    readonly file: string;
    readonly project: string;
    /** Given to a plain one, which has no queue until the client makes it. */
    readonly settings?: Record<string, string>;
  }) {
    this.compose = ['compose', '-p', at.project, '-f', at.file];
  }

  public async start(): Promise<void> {
    await this.run('up', '-d');
    if (!this.at.settings) return;
    const { together } = this.product;
    if (together && this.nodes > 1) await eventually(() => this.run('exec', '-T', 'broker-0', ...together), { what: 'nodes to find each other', timeoutMs: 2 * MINUTE });
    await this.load('sender', 'declare');
  }

  public async measure(messages: number): Promise<void> {
    this.sent.push(JSON.parse(await this.load('sender', 'send', `${messages}`)));
    this.received.push(JSON.parse(await this.load('receiver', 'receive', `${messages}`)));
  }

  public remove = () => this.run('down', '-v', '-t', '1');

  private load(client: string, ...words: string[]): Promise<string> {
    return this.run('exec', '-T', client, 'python', 'load.py', this.product.client, `${this.nodes}`, ...words);
  }

  private run(...args: string[]): Promise<string> {
    return command('docker', [...this.compose, ...args], { timeoutMs: 5 * MINUTE, env: { ...process.env, ...this.at.settings } });
  }
}

/** An application with one sender and one receiver; gives its Compose file. Several run at once, so each has a name of its own, from which its networks follow. */
async function generate({ make, needs }: Product, nodes: number, tls: boolean, directory: string): Promise<string> {
  const application = new Application(tls ? 'throughput-tls' : 'throughput');
  const broker = make(application, nodes, tls);
  const queue = new BrokeredQueue(application, 'jobs', { broker, ...needs });
  queue.grantSend(new Workload(application, 'sender', CLIENT));
  queue.grantReceive(new Workload(application, 'receiver', CLIENT), { prefetch: 500 });
  new ComposeProject(application, { directory, secretsDirectory: 'secrets' }).save();
  await command('node', [join(__dirname, '../lib/cli/cdk8s-conduit.js'), 'secrets', directory]);
  return join(directory, 'compose.yml');
}

let running: Side[] = [];

async function removeAll(): Promise<void> {
  await Promise.all(running.map(side => side.remove()));
  running = [];
}

/** Lines of the table. */
async function compare(product: Product, nodes: number, scratch: string): Promise<string[][]> {
  const { name, client, messages, flushing } = product;
  const project = (kind: string) => `conduit-bench-${process.pid}-${client.split('_')[0]}-${nodes}-${kind}`;
  const file = join(PROGRAMS, `plain-${name.toLowerCase()}${nodes > 1 ? '-cluster' : ''}`, 'compose.yaml');
  const generated = async (kind: string, tls: boolean) => ({ project: project(kind), file: await generate(product, nodes, tls, join(scratch, project(kind))) });
  const settings = flushing?.(nodes);
  const plain = new Side('plain', product, nodes, { file, project: project('plain'), settings: settings ?? {} });
  const sides = [
    plain,
    new Side('generated', product, nodes, await generated('ours', false)),
    new Side('generated, TLS', product, nodes, await generated('tls', true)),
    ...(settings ? [new Side('plain, confirms from memory', product, nodes, { file, project: project('memory'), settings: {} })] : []),
  ];
  try {
    running = sides;
    for (const side of sides) await side.start();
    for (let round = 0; round <= ROUNDS; round++) {
      for (const side of round % 2 === 0 ? sides : [...sides].reverse()) {
        await side.measure(QUICK ? messages / 5 : messages);
        const [sent, received] = [side.sent, side.received].map(loads => loads[loads.length - 1]);
        console.error(`${name}, ${nodes} node(s), round ${round}, ${side.name}: ${show(sent)} sent, ${show(received)} received`);
      }
    }
  } finally {
    await removeAll();
  }
  for (const { sent, received } of sides) for (const loads of [sent, received]) loads.shift(); // the first one only warms up
  return sides.map(side => [name, `${nodes}`, side.name, ...compared(side.sent, plain.sent), ...compared(side.received, plain.received),
    side.name.startsWith('generated') ? reached(side, plain) : '']);
}

function show({ rate, busy }: Load): string {
  return `${rate.toFixed(0)}/s (client ${(100 * busy).toFixed(0)} % busy)`;
}

/** Rate, how busy the client was, and how both compare with the plain one's. */
function compared(loads: Load[], plain: Load[]): string[] {
  const ratios = ratiosOf(loads, plain);
  return [
    median(loads.map(({ rate }) => rate)).toFixed(0),
    `${(100 * median(loads.map(({ busy }) => busy))).toFixed(0)} %`,
    loads === plain ? '' : range(ratios, 2),
  ];
}

function ratiosOf(loads: Load[], plain: Load[]): number[] {
  return loads.map(({ rate }, round) => rate / plain[round].rate);
}

function reached({ sent, received }: Side, plain: Side): string {
  return Math.min(median(ratiosOf(sent, plain.sent)), median(ratiosOf(received, plain.received))) >= AIM ? 'yes' : '**no**';
}

async function main(): Promise<void> {
  const compose = new Compose();
  if (compose.missing) throw new Error(compose.missing);
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  const rows: string[][] = [];
  try {
    await command('docker', ['compose', '-f', join(PROGRAMS, 'plain-nats/compose.yaml'), 'build', '--quiet'], { timeoutMs: 5 * MINUTE });
    for (const product of PRODUCTS) {
      for (const nodes of [1, 3]) {
        if (CHOSEN.every(word => [product.name, `${nodes}`].includes(word))) rows.push(...await compare(product, nodes, scratch));
      }
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
  const machine = `${cpus().length} × ${cpus()[0].model}, load average ${loadavg()[2].toFixed(1)}`;
  console.log(`${new Date().toISOString().slice(0, 10)}, ${await compose.describe()}, ${machine}, ${ROUNDS} rounds\n`);
  printTable(['broker', 'nodes', 'deployment', 'sent/s', 'client busy', '÷ plain', 'received/s', 'client busy', '÷ plain', `at least ${AIM}`], rows);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void removeAll().finally(() => process.exit(1)));
main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
