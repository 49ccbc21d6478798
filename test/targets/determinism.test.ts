// Outputs follow from what is declared, not from the order of the calls that declare it, nor from how often they are made.
import {
  Application, BrokeredQueue, ConfigFile, DiscoverableService, Endpoint, EnvValue, IBroker, RabbitMq, Secret, SharedVolume, SidecarPair, Targets, Task,
  Workload,
} from 'cdk8s-conduit';

const IMAGE = 'registry.example/acme/app:1.0';

/** Steps that may be taken in any order; each declares something of a shop, or connects two such things. */
class Shop {
  public readonly application = new Application('shop');
  private readonly made = new Map<string, any>();

  public readonly steps: (() => unknown)[] = [
    () => this.web(),
    () => this.api(),
    () => this.web().connectTo(this.api().endpoint()),
    () => this.api().connectTo(Endpoint.external('mail.example', 25), { prefix: 'MAIL' }),
    () => this.api().connectTo(Endpoint.external('192.0.2.7', 5432), { prefix: 'DB' }),
    () => this.api().workload.main.setEnv('MODE', EnvValue.literal('fast')),
    () => this.api().workload.main.setEnv('KEY_FILE', EnvValue.secretFile(this.key())),
    () => this.web().sidecar.mountSecret(this.key()),
    () => this.web().main.mountConfigFile(this.conf('b')),
    () => this.web().main.mountConfigFile(this.conf('a')),
    () => this.queue('orders').grantSend(this.web()),
    () => this.queue('orders').grantReceive(this.worker('one')),
    () => this.queue('mails').grantSend(this.worker('one')),
    () => this.queue('mails').grantReceive(this.worker('two')),
    () => this.logs().grantWrite(this.web(), '/var/log'),
    () => this.logs().grantWrite(this.worker('two'), '/var/log'),
    () => this.logs().grantRead(this.worker('one'), '/logs'),
    () => this.api().waitFor(this.task('migrate')),
    () => this.api().waitFor(this.task('fill')),
    () => this.task('fill').waitFor(this.task('migrate')),
  ];

  private once<T>(id: string, make: () => T): T {
    if (!this.made.has(id)) this.made.set(id, make());
    return this.made.get(id);
  }

  private web = () => this.once('web', () => new SidecarPair(this.application, 'web', {
    main: { image: IMAGE, writablePaths: ['/tmp', '/run'] }, sidecar: { image: IMAGE, ports: [{ name: 'http', number: 8080 }] },
  }));
  private api = () => this.once('api', () => new DiscoverableService(this.application, 'api', { image: IMAGE, port: 80, replicas: 3 }));
  private worker = (id: string) => this.once(id, () => new Workload(this.application, id, { image: IMAGE }));
  private task = (id: string) => this.once(id, () => new Task(this.application, id, { image: IMAGE, completionCheck: ['test', id] }));
  private key = () => this.once('key', () => new Secret(this.application, 'key'));
  private conf = (id: string) => this.once(id, () => new ConfigFile(this.application, id, { path: `/etc/${id}`, content: id }));
  private broker = (): IBroker => this.once('broker', () => new RabbitMq(this.application, 'broker'));
  private queue = (id: string) => this.once(id, () => new BrokeredQueue(this.application, id, { broker: this.broker() }));
  private logs = () => this.once('logs', () => new SharedVolume(this.application, 'logs', { directoryPerWriter: true }));
}

/** What all targets make of a shop whose steps are taken in the order that `key` gives them. */
function bytes(key: (index: number) => number): string {
  const shop = new Shop();
  for (const [, step] of [...shop.steps.entries()].sort(([a], [b]) => key(a) - key(b))) step();
  return outputs(shop.application);
}

/** Those that take whatever there is; the contract has the others judged by what they take. */
const TARGETS = Targets.all.filter(({ complete }) => complete ?? true);

/** In their order, as files and what is said of constructs have one, too. */
function outputs(application: Application, targets = TARGETS): string {
  return targets.map(target => JSON.stringify(target.render(application), null, 1)).join('\n');
}

test.each<[string, (index: number) => number]>([
  ['backwards', index => -index],
  ['from the middle', index => (index + 10) % 20],
  ['in steps of seven', index => (index * 7) % 20],
  ['in steps of thirteen, backwards', index => -((index * 13) % 20)],
])('the same things declared %s give the same bytes on every target', (_, key) => {
  expect(bytes(key)).toBe(bytes(index => index));
});

test('the same application gives the same bytes each time', () => {
  const { application, steps } = new Shop();
  for (const step of steps) step();
  expect(outputs(application)).toBe(outputs(application));
});

test('which target comes first does not matter', () => {
  const [first, second] = [new Shop(), new Shop()].map(({ application, steps }) => {
    for (const step of steps) step();
    return application;
  });
  const backwards = [...TARGETS].reverse();
  const there = backwards.map(target => outputs(second, [target]));
  expect(TARGETS.map(target => outputs(first, [target]))).toEqual(there.reverse());
});

test('nothing of the machine is in the outputs', () => {
  const text = bytes(index => index);
  for (const trace of [process.cwd(), process.version]) expect(text).not.toContain(trace);
});
