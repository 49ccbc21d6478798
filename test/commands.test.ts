// Images that stand in for the real ones, where tests run engines, hold more tools than those. So it is checked here
// that every generated command is in the table of what its real image contains.
import { Application, BrokeredTopic, CatalogueImage, ComposeProject, ConfigFile, DatabaseAccess, IBroker, Kafka, Keda, KeyAccess, KubernetesChart, Nats, PostgreSql, RabbitMq, Redis, TestOutput, Workload } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { calledPrograms, Mounted } from './called-programs';
import { everyFeature } from './contracts/every-feature';
import { RELAYS, TOOLS_IMAGE } from '../src/targets/tools';

const LENT = '/conduit/busybox';

interface Command {
  readonly place: string;
  readonly image: string;
  readonly words: string[];
  /** Whether the lent tools are there. */
  readonly hasTools: boolean;
  /** Programs that the user's image was said to need. */
  readonly required?: string[];
}

/** Both targets take two dollars for one. */
const oneDollar = (word: string) => word.replace(/\$\$/g, '$');

function kubernetesCommands(application: Application): Command[] {
  return TestOutput.of(application, KubernetesChart.target({ namespace: 'prod', kubernetesVersion: '1.29', providers: [new Keda()] })).documents.flatMap(({ metadata, spec }) => {
    const pod = spec?.template?.spec;
    return [...pod?.initContainers ?? [], ...pod?.containers ?? []].flatMap((container: any): Command[] => {
      const { name, command = [], args = [], readinessProbe, startupProbe, lifecycle, volumeMounts = [] } = container;
      const image = container.image.replace(/^docker\.io\/(library\/)?/, '');
      const hasTools = volumeMounts.some((mount: any) => mount.mountPath === '/conduit');
      const place = `Kubernetes ${metadata.name}/${name}`;
      return [[...command, ...args], readinessProbe?.exec?.command, startupProbe?.exec?.command].filter(words => words?.length > 0)
        .map((words): Command => ({ place, image, words: words.map(oneDollar), hasTools }))
        .concat(lifecycle?.preStop?.exec ? [{ place, image, words: lifecycle.preStop.exec.command, hasTools, required: ['sh', 'sleep'] }] : []);
    });
  });
}

function composeCommands(application: Application): Command[] {
  return Object.entries<any>(TestOutput.of(application, ComposeProject.target()).document.services).flatMap(([name, service]) => {
    const { image, entrypoint = [], command = [], post_start = [], healthcheck, volumes = [] } = service;
    const hasTools = volumes.some(({ target }: any) => target === '/conduit');
    const hooks = post_start.map((hook: any) => hook.command);
    const check: string[] = healthcheck?.test.slice(1) ?? [];
    // a program that asks by HTTP goes on with another, which it is given
    const [, asking] = /^ASK='([^]*?[^\\])'$/m.exec(check[3] ?? '') ?? [];
    const asks = asking === undefined ? [] : [...check.slice(0, 3), asking.replaceAll("'\\''", "'")];
    return [[...entrypoint, ...command], ...hooks, check, asks].filter(words => words.length > 0)
      .map(words => ({ place: `Compose ${name}`, image, words: words.map(oneDollar), hasTools }));
  });
}

/** Every way in which a server is run, with a client that waits for it. */
function everyServer(): Application {
  const application = new Application('servers');
  const use = (broker: IBroker & Construct) => {
    const { id } = broker.node;
    new BrokeredTopic(application, `${id}-topic`, { broker, messageTtl: Duration.hours(1) }).grantPublish(new Workload(application, `${id}-client`, { image: 'example.test/program:1.0.0' }));
  };
  for (const options of [{ nodes: 1 }, { nodes: 3, tls: true }]) {
    use(new RabbitMq(application, `rabbit-${options.nodes}`, options));
    use(new Kafka(application, `kafka-${options.nodes}`, options));
    use(new Nats(application, `nats-${options.nodes}`, options));
  }
  use(new RabbitMq(application, 'rabbit-elsewhere', { external: { host: 'rabbit.example' } }));
  use(new Kafka(application, 'kafka-elsewhere', { external: { hosts: ['kafka.example'] } }));
  use(new Nats(application, 'nats-elsewhere', { external: { hosts: ['nats.example'] } }));
  for (const tls of [false, true]) {
    const id = `postgres-${tls}`;
    new PostgreSql(application, id, { tls }).grantUse(new Workload(application, `${id}-client`, { image: 'example.test/program:1.0.0' }), { database: id, access: DatabaseAccess.OWN });
    new Redis(application, `redis-${tls}`, { tls }).grantUse(new Workload(application, `redis-${tls}-client`, { image: 'example.test/program:1.0.0' }), { keys: '*', access: KeyAccess.READ });
  }
  return application;
}

function mountedIn(application: Application): Mounted {
  const files = application.node.findAll().filter(construct => construct instanceof ConfigFile);
  return path => files.filter(file => file.path === path).map(file => file.content);
}

/** Programs that a generated command calls in its image. What users wrote runs in their own images, and is left out. */
function called({ image, words, required }: Command, images: CatalogueImage[], mounted: Mounted): string[] {
  const brought = images.some(({ reference }) => reference === image) || required !== undefined;
  if (!brought && words[0] !== LENT) return [];
  const given = words.indexOf('-c') + 3; // behind the text of a script and its name
  const own = !brought && words.includes('-c') && words[given] !== LENT;
  return calledPrograms(own ? words.slice(0, given) : words, mounted);
}

/** What of that the image has not. */
function missing(command: Command, images: CatalogueImage[], mounted: Mounted = () => []): string[] {
  const { place, image, hasTools, required } = command;
  const tools = images.find(({ reference }) => reference === image)?.tools ?? required ?? [];
  const has = (program: string) => tools.includes(program)
    || (hasTools && (program === LENT || (program.startsWith(`${LENT} `) && TOOLS_IMAGE.tools.includes(program.slice(LENT.length + 1)))));
  return called(command, images, mounted).filter(program => !has(program)).map(program => `${place}: ${image} has no ${program}`);
}

const applications = [everyFeature(), everyServer()];
const relays = Object.values(RELAYS).map(({ image }) => image);
const onEachTarget = [TOOLS_IMAGE, ...everyFeature().images.registered];
const images = [...onEachTarget, ...relays];
const all = applications.flatMap(application => {
  const mounted = mountedIn(application);
  return [...kubernetesCommands(application), ...composeCommands(application)].map(command => ({ command, mounted }));
});

test('every generated command is in the image that it runs in', () => {
  expect(all.flatMap(({ command, mounted }) => missing(command, images, mounted))).toEqual([]);
});

test('every image is run on both targets, and every way of running is among the commands', () => {
  for (const target of ['Kubernetes', 'Compose']) {
    const run = all.filter(({ command }) => command.place.startsWith(target)).map(({ command }) => command.image);
    expect([...onEachTarget, ...(target === 'Compose' ? relays : [])].filter(({ reference }) => !run.includes(reference))).toEqual([]);
  }
  const places = all.map(({ command: { place, words } }) => `${place} ${words.slice(0, 3).join(' ')}`).join('\n');
  for (const part of ['conduit-wait sh', 'conduit-tools cp', 'conduit-await-migrate /conduit/busybox sh', 'client/client sh -c PAUSE=0', 'broker/broker sh', 'conduit-setup sleep infinity',
    'conduit-setup sh', 'pair_1 sleep infinity', '/conduit/busybox sh']) {
    expect(places).toContain(part);
  }
});

test('no image is said to hold what nothing calls', () => {
  for (const { reference, tools } of images) {
    const own = all.filter(({ command }) => command.image === reference).flatMap(({ command, mounted }) => called(command, images, mounted));
    const lent = all.flatMap(({ command, mounted }) => called(command, images, mounted)).filter(program => program.startsWith(LENT));
    const needed = reference === TOOLS_IMAGE.reference ? [...own, 'busybox', ...lent.map(program => program.slice(LENT.length + 1))] : own;
    expect(tools.filter(tool => !needed.includes(tool))).toEqual([]);
  }
});

const BUSYBOX = { place: 'x', image: TOOLS_IMAGE.reference, hasTools: false };
const inScript = (script: string, mounted: Record<string, string> = {}, shell = 'sh') =>
  calledPrograms([shell, '-c', script], path => mounted[path] === undefined ? [] : [mounted[path]]).filter(program => program !== shell);

test.each([
  ['a comment, quotes and patterns', '# curl\ncase $x in one|"two") ls ;; *) echo curl \'$(curl)\' "${a##*/}" ;; esac', ['ls']],
  ['all kinds of commands', 'for f in $(seq 3); do X=1 cut -f "`head x`" 2>/dev/null | tee > out; done; if ! grep -q x || (ls); then { date; } & fi', ['cut', 'date', 'grep', 'head', 'ls', 'seq', 'tee']],
  ['a document, a test and a sum', 'cat <<END\n$(date)\nEND\n[ "$(stat x)" = 0 ] && echo $((1 + $(wc -l)))', ['cat', 'date', 'stat', 'wc']],
  ['a text for another shell', 'timeout 2 bash -o pipefail -c "</dev/tcp/$x/1 && perl" && trap "rm x" EXIT && eval "awk $y"', ['awk', 'bash', 'perl', 'rm', 'timeout']],
  ['what is run for somebody', 'exec env -i A=1 nice; command -v jq; find() { :; }; find', ['env', 'jq', 'nice']],
  ['a function that runs what it is given', 'f() { "${@:2}"; }; g() { shift; f "$@"; "$1-x" y; }; g 1 2 curl -s; loop() { loop; }; loop', ['2-x', 'curl']],
  ['an array that is run', 'local reset=(wget -q "$1"); "${reset[@]}" --more', ['wget']],
  ['mounted files', 'sh -eu /a vi; . /c', ['/c', 'ed', 'vi'], { '/a': '. /b; "$1"', '/b': 'ed' }],
  ['what only shows when it runs', '$tool x; "${y:-z}"', ['$tool', '${y:-z}']],
  ['what only another shell has built in', 'declare -A x', ['declare']],
])('it is seen what a script calls: %s', (_, script, programs, mounted: Record<string, string> = {}) => {
  expect(inScript(script, mounted)).toEqual(programs);
});

test('a tool that an image lacks is found', () => {
  expect(missing({ ...BUSYBOX, words: ['sh', '-c', 'curl x', 'name'] }, images)).toEqual([`x: ${BUSYBOX.image} has no curl`]);
  expect(missing({ ...BUSYBOX, words: ['sh', '/start'] }, images, () => ['curl x'])).toEqual([`x: ${BUSYBOX.image} has no curl`]);
  expect(missing({ ...BUSYBOX, image: 'other:1', words: [LENT, 'vi'] }, images)).toEqual([`x: other:1 has no ${LENT}`, `x: other:1 has no ${LENT} vi`]);
  expect(missing({ ...BUSYBOX, image: 'other:1', hasTools: true, words: [LENT, 'sh', '-c', 'sleep 1; "$@"', 'name', 'own'] }, images)).toEqual(['x: other:1 has no sleep']);
  expect(() => missing({ ...BUSYBOX, words: ['sh', '-c', 'if true; then'] }, images)).toThrow('no shell would take this');
});
