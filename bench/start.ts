// Measures how long it takes from the command that deploys to the first order that every receiver has handled: what examples/05-ecommerce
// becomes, and a plain deployment of the same programs, in turn, so that whatever else the machine does hits both.
// usage: npm run bench:start [-- --quick]
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { median, printTable, range } from './report';
import { clusterEnvironment, loadImages, removeNamespace } from '../test/live/cluster';
import { command } from '../test/live/command';
import { Compose } from '../test/live/compose';
import type { Engine } from '../test/live/deployment';
import { eventually } from '../test/live/eventually';
import { Kubernetes } from '../test/live/kubernetes';

const ROUNDS = process.argv.includes('--quick') ? 2 : 7;
const AIM = 1.2;
const RECEIVERS = ['inventory', 'shipping', 'notification'];
const IMAGES = ['rabbitmq:4.3.5', 'shop/frontend:1.0.0', 'shop/worker:1.0.0'];
const PLAIN = join(__dirname, 'programs/plain-shop');
const CLUSTER = join(__dirname, '../test/cluster/common.sh');
const GENERATED = join(__dirname, '../examples/05-ecommerce/expected');

/** Tries until an order is taken at the address that it is given. */
const ORDER = `
import sys, time, urllib.request
while True:
    try:
        urllib.request.urlopen(urllib.request.Request(f'http://{sys.argv[1]}:8080/orders', data=b'{"item": "first"}', method='POST'), timeout=5)
        break
    except OSError:
        time.sleep(0.2)
`;

/** A shop, deployed into a place of its own. */
interface Shop {
  /** What comes before the clock starts. */
  prepare(): Promise<void>;
  deploy(): Promise<void>;
  /** Ends when an order was taken. */
  order(): Promise<void>;
  /** With the time before each line. */
  logs(receiver: string): Promise<string>;
  remove(): Promise<void>;
}

class ComposeShop implements Shop {
  private readonly compose: string[];

  public constructor(file: string, project: string) {
    this.compose = ['compose', '-p', project, '-f', file];
  }

  public prepare = async () => {};
  public deploy = async () => { await this.run('up', '-d'); };
  /** From within the frontend, so that nothing has to be published. */
  public order = async () => { await this.run('exec', '-T', 'frontend', 'python', '-c', ORDER, 'localhost'); };
  public logs = (receiver: string) => this.run('logs', '--no-log-prefix', '--timestamps', receiver);
  public remove = async () => { await this.run('down', '-v', '-t', '1'); };

  private run(...args: string[]): Promise<string> {
    return command('docker', [...this.compose, ...args], { timeoutMs: 180_000, env: clusterEnvironment() });
  }
}

class KubernetesShop implements Shop {
  public constructor(
    private readonly file: string, private readonly namespace: string,
    /** Whose value is the name of a workload. */
    private readonly label: string,
    private readonly prerequisites: string[][],
  ) {}

  public async prepare(): Promise<void> {
    await this.run('create', 'namespace', this.namespace);
    for (const args of this.prerequisites) await this.run(...args);
  }

  public deploy = async () => { await this.run('apply', '--server-side', '-f', this.file); };
  public logs = (receiver: string) => this.run('logs', `deployment/${receiver}`, '--timestamps');

  /**
   * From the node, which reaches each of its pods. A container that does not run yet could not place an order,
   * and to try again and again would take half a processor from those that start.
   */
  public async order(): Promise<void> {
    const frontend = ['pods', `--selector=${this.label}=frontend`];
    const wait = () => this.run('wait', ...frontend, '--for=jsonpath={.status.podIP}', '--timeout=60s');
    await eventually(wait, { what: 'an address of the frontend', intervalMs: 50 });
    const address = await this.run('get', ...frontend, '--output=jsonpath={.items[0].status.podIP}');
    const onNode = 'source "$0"; exec nsenter --net="/run/netns/$netns-node1" python3 -c "$@"';
    await command('bash', ['-c', onNode, CLUSTER, ORDER, address], { timeoutMs: 180_000, env: clusterEnvironment() });
  }

  public async remove(): Promise<void> {
    await removeNamespace(this.namespace);
    await this.run('wait', '--for=delete', `namespace/${this.namespace}`, '--timeout=120s'); // nothing is left to do when the next one starts
  }

  private run(...args: string[]): Promise<string> {
    return command('kubectl', ['-n', this.namespace, ...args], { timeoutMs: 180_000, env: clusterEnvironment() });
  }
}

let running: Shop | undefined;

/** Seconds from the start of the command to the last receiver's first order. */
async function measure(shop: Shop): Promise<number> {
  running = shop;
  try {
    await shop.prepare();
    const started = Date.now();
    await shop.deploy();
    await shop.order();
    const handled = await Promise.all(RECEIVERS.map(receiver => eventually(async () => {
      const line = (await shop.logs(receiver)).split('\n').find(text => text.endsWith(': first'));
      return line !== undefined && Date.parse(line.split(' ', 1)[0]);
    }, { what: `${receiver} to handle the order`, timeoutMs: 60_000 })));
    return (Math.max(...handled) - started) / 1000;
  } finally {
    await shop.remove();
    running = undefined;
  }
}

/** A line of the table. */
async function compare(engine: Engine, shops: { readonly plain: (name: string) => Shop; readonly generated: (name: string) => Shop }): Promise<string[]> {
  const times = { plain: [] as number[], generated: [] as number[] };
  const kinds = ['plain', 'generated'] as const;
  for (let round = 0; round <= ROUNDS; round++) {
    for (const kind of round % 2 === 0 ? kinds : [...kinds].reverse()) {
      const seconds = await measure(shops[kind](`conduit-bench-${process.pid}-${round}-${kind}`));
      console.error(`${engine.name}, round ${round}, ${kind}: ${seconds.toFixed(1)} s`);
      if (round > 0) times[kind].push(seconds); // the first one only warms up
    }
  }
  const ratios = times.generated.map((seconds, round) => seconds / times.plain[round]);
  return [await engine.describe(), range(times.plain, 1), range(times.generated, 1), range(ratios, 2), median(ratios) <= AIM ? 'yes' : '**no**'];
}

async function main(): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  const compose = new Compose();
  const kubernetes = new Kubernetes();
  const rows: string[][] = [];
  try {
    for (const { name, missing } of [compose, kubernetes]) if (missing) console.error(`Left out ${name}: ${missing}.`);
    if (compose.missing) throw new Error('without a container engine there are no images, and nothing to measure');
    const project = join(scratch, 'dist/compose');
    cpSync(join(GENERATED, 'compose'), project, { recursive: true });
    await command('env', ['-C', scratch, 'node', join(__dirname, '../lib/cli/cdk8s-conduit.js'), 'secrets', project]);
    const plainFile = join(PLAIN, 'compose.yaml');
    await command('docker', ['compose', '-f', plainFile, 'build', '--quiet'], { timeoutMs: 300_000 });
    rows.push(await compare(compose, {
      plain: name => new ComposeShop(plainFile, name),
      generated: name => new ComposeShop(join(project, 'compose.yml'), name),
    }));
    if (!kubernetes.missing) {
      await kubernetes.open();
      await loadImages(IMAGES);
      const { 'x-conduit': { secrets } } = load(readFileSync(join(project, 'compose.yml'), 'utf8')) as any;
      const files = ['definitions.json', 'rabbitmq.conf', 'password'].map(file => `--from-file=${join(PLAIN, file)}`);
      rows.push(await compare(kubernetes, {
        plain: name => new KubernetesShop(join(PLAIN, 'manifest.yaml'), name, 'app', [['create', 'configmap', 'plain-shop', ...files]]),
        generated: name => new KubernetesShop(join(GENERATED, 'shop.k8s.yaml'), name, 'app.kubernetes.io/name', secrets.map((secret: any) =>
          ['create', 'secret', 'generic', secret.name, `--from-file=${secret.key}=${join(project, secret.file)}`])),
      }));
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
  console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0].model}, load average ${loadavg()[2].toFixed(1)}, ${ROUNDS} rounds\n`);
  printTable(['engine', 'plain, s', 'generated, s', 'generated ÷ plain', `at most ${AIM}`], rows);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void (running?.remove() ?? Promise.resolve()).finally(() => process.exit(1)));
}
main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
