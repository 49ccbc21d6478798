// What somebody reads who calls from a language without types.
import {
  Application, BrokeredQueue, BrokeredTopic, ComposeProject, ConfigFile, DiscoverableService, Endpoint, EnvValue, HealthCheck, KubernetesChart, RabbitMq,
  Secret, SharedVolume, Targets, TestOutput, Workload, WorkloadProps,
} from 'cdk8s-conduit';
import { App, Chart, Duration, Size } from 'cdk8s';
import * as plus from 'cdk8s-plus-27';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });

/** A value whose type nobody checks. */
const untyped = (value: unknown): any => value;
const web = (props: object = {}) => new Workload(shop, 'web', untyped({ image: IMAGE, ...props }));
const queue = (props: object = {}) => new BrokeredQueue(shop, 'orders', untyped({ broker: new RabbitMq(shop, 'broker'), ...props }));

test.each<[string, () => unknown, string]>([
  ['a text for a variable', () => web({ env: { MODE: 'prod' } }),
    "shop/web: 'env.MODE' must be an EnvValue, got 'prod'; write EnvValue.literal('prod')"],
  ['a number for a variable', () => web({ env: { LEVEL: 5 } }),
    "shop/web: 'env.LEVEL' must be an EnvValue, got 5; write EnvValue.endpoint(…) or EnvValue.literal(…) or EnvValue.platform(…) or EnvValue.secret(…) or EnvValue.secretFile(…) or EnvValue.template(…)"],
  ['the text of a password, which no message repeats', () => web({ env: { DB_PASSWORD: 'hunter2' } }),
    "shop/web: 'env.DB_PASSWORD' must be an EnvValue, got a text; write EnvValue.endpoint(…) or EnvValue.literal(…) or EnvValue.platform(…) or EnvValue.secret(…) or EnvValue.secretFile(…) or EnvValue.template(…)"],
  ['a command as one text', () => web({ command: 'run me' }),
    "shop/web: 'command' must be a list, each of which is a text, got 'run me'"],
  ['an overflow that there is not', () => queue({ overflow: 'reject_new' }),
    "shop/orders: 'overflow' must be Overflow.REJECT_NEW or Overflow.DROP_OLDEST, got 'reject_new'"],
  ['a restart that there is not', () => web({ restart: 'never' }),
    "shop/web: 'restart' must be RestartPolicy.ALWAYS or RestartPolicy.ON_FAILURE, got 'never'"],
  ['a boolean as text', () => new RabbitMq(shop, 'broker', untyped({ tls: 'false' })),
    "shop/broker: 'tls' must be true or false, got 'false'"],
  ['a port as text', () => new DiscoverableService(shop, 'api', untyped({ image: IMAGE, port: '8080' })),
    "shop/api: 'port' must be a number, got '8080'"],
  ['a time as a number', () => queue({ messageTtl: 30 }),
    "shop/orders: 'messageTtl' must be a Duration, got 30; write Duration.days(30) or Duration.hours(30) or Duration.millis(30) or Duration.minutes(30) or Duration.seconds(30)"],
  ['one and a half milliseconds', () => queue({ delays: [Duration.millis(1.5)] }),
    "shop/orders: 'delays[0]' must be whole milliseconds, got a Duration"],
  ['a part of a KiB', () => queue({ maxSize: Size.mebibytes(0.0005) }),
    "shop/orders: 'maxSize' must be whole KiB, got a Size"],
  ['a misspelt property', () => web({ replica: 3 }),
    "shop/web: there is no 'replica', got 3; write 'replicas'"],
  ['a property of something else', () => web({ colour: 'red' }),
    "shop/web: there is no 'colour', got 'red'; leave it out"],
  ['a property called as what every object has', () => web({ constructor: 'red' }),
    "shop/web: there is no 'constructor', got 'red'; leave it out"],
  ['null', () => web({ uid: null }),
    "shop/web: 'uid' must be a number, got null; leave it out"],
  ['no options where there must be some', () => new Workload(shop, 'web', untyped(undefined)),
    "shop/web: 'props' must be an object with the properties of WorkloadProps, got nothing"],
  ['no scope', () => new Workload(untyped(undefined), 'web', { image: IMAGE }),
    "web: 'scope' must be a Construct, got nothing"],
  ['an id that is no text', () => new Workload(shop, untyped(5), { image: IMAGE }),
    "shop: 'id' must be a text, got 5"],
  ['a workload of a path', () => web().main.mountVolume(untyped('data'), '/data'),
    "shop/web: 'volume' must be a Volume, got 'data'"],
  ['a URL for an endpoint', () => web().connectTo(untyped('db:5432')),
    "shop/web: 'endpoint' must be an Endpoint, got 'db:5432'; write Endpoint.external(…)"],
  ['a name for a client', () => queue().grantSend(untyped('web')),
    "shop/orders: 'sender' must be an IClient, got 'web'"],
  ['half a broker', () => new BrokeredQueue(shop, 'orders', untyped({ broker: { product: 'the bus', endpoint: Endpoint.external('bus', 1), support: () => ({}), declareQueue: () => {} } })),
    "shop/orders: 'broker' must be an IBroker with 'declareStream', 'declareTopic', 'grantQueue', 'grantStream', 'grantTopic', 'permits', got an object"],
  ['a port of a check as text', () => HealthCheck.tcp(untyped('8080')),
    "HealthCheck.tcp: 'port' must be a number, got '8080'"],
  ["another package's class of the same name", () => web().main.mountSecret(untyped(new plus.Secret(new Chart(new App(), 'chart'), 'key'))),
    "shop/web: 'secret' must be a Secret, got a Secret"],
  ['a misspelt option of a chart', () => new KubernetesChart(new App(), 'chart', untyped({ application: shop, provider: [] })),
    "chart: there is no 'provider', got a list; write 'providers'"],
  ['a directory that is no text', () => new ComposeProject(shop, untyped({ directory: 5 })),
    "shop: 'directory' must be a text, got 5"],
  ['an id that every object has', () => new Workload(shop, 'constructor', { image: IMAGE }),
    "shop/constructor: 'constructor' is the name of something that every object of JavaScript has; choose another id"],
  ['another one', () => new SharedVolume(shop, '__proto__'),
    "shop/__proto__: '__proto__' is the name of something that every object of JavaScript has; choose another id"],
  ['a group of subscribers called so', () => new BrokeredTopic(shop, 'news', { broker: new RabbitMq(shop, 'broker') }).subscribe(web(), { group: 'constructor' }),
    "shop/news/constructor: 'constructor' is the name of something that every object of JavaScript has; choose another id"],
])('%s is refused', (__, build, message) => {
  expect(wholeProgram(build)).toThrow(new Error(message));
});

test('all that is wrong with one call is told together', () => {
  expect(wholeProgram(() => web({ env: { A: 'x', B: EnvValue.literal('y') }, ports: [{ name: 'http', number: '80' }, { nam: 'metrics' }], resources: { memoryLimit: '1Gi' }, replica: 2 }))).toThrow(new Error(
    `shop/web: 'env.A' must be an EnvValue, got 'x'; write EnvValue.literal('x')
shop/web: 'ports[0].number' must be a number, got '80'
shop/web: there is no 'ports[1].nam', got 'metrics'; write 'name'
shop/web: 'ports[1].name' must be a text, got nothing
shop/web: 'ports[1].number' must be a number, got nothing
shop/web: 'resources.memoryLimit' must be a Size, got '1Gi'; write Size.gibibytes(…) or Size.kibibytes(…) or Size.mebibytes(…) or Size.pebibyte(…) or Size.tebibytes(…)
shop/web: there is no 'replica', got 2; write 'replicas'`));
});

test('nothing is left of a construct that was refused', () => {
  expect(wholeProgram(() => web({ command: 'run me' }))).toThrow();
  expect(shop.node.children).toEqual([]);
  web({ command: ['run', 'me'] });
  expect(TestOutput.of(shop, ComposeProject.target()).document.services.web.entrypoint).toEqual(['run', 'me']);
});

test('who extends a class may give it more properties than it has, but none of another type', () => {
  class Team extends Workload {
    public constructor(scope: Application, id: string, public readonly own: WorkloadProps & { readonly team: string }) {
      super(scope, id, own);
    }
  }
  expect(new Team(shop, 'web', { image: IMAGE, team: 'blue' }).own.team).toBe('blue');
  expect(wholeProgram(() => new Team(shop, 'api', untyped({ image: 5, team: 'blue' })))).toThrow("shop/api: 'image' must be a text, got 5");
});

test('an interface is implemented by whatever has its members, as what other languages hand over', () => {
  const source = Object.create(null, { toText: { value: () => 'from Python' } });
  web().main.mountConfigFile(new ConfigFile(shop, 'conf', { path: '/etc/app.conf', source }));
  expect(Object.values(TestOutput.of(shop, ComposeProject.target()).files)).toContain('from Python');
});

test.each<[string, () => unknown, string]>([
  ['fails', () => { throw new RangeError('no such row'); }, "'toText' of 'source' failed: no such row"],
  ['returns no text', () => 5, "'toText' of 'source' must return a text, got 5"],
])('a text source that %s is told with its path, by every target', (__, toText, problem) => {
  web().main.mountConfigFile(new ConfigFile(shop, 'conf', { path: '/etc/app.conf', source: { toText: untyped(toText) } }));
  for (const target of Targets.all) expect(wholeProgram(() => target.render(shop))).toThrow(`shop/conf: ${problem}`);
});

describe('with two copies of the library in one program', () => {
  const load = (): typeof import('cdk8s-conduit') => {
    let copy: any;
    jest.isolateModules(() => { copy = jest.requireActual('../../src'); });
    return copy;
  };

  test('a construct of one under an application of the other is refused, and it is said why', () => {
    const other = load();
    expect(wholeProgram(() => new other.Workload(untyped(shop), 'web', { image: IMAGE }))).toThrow(new Error(
      "shop/web: stands under an Application of another copy of cdk8s-conduit; install one copy for the whole program, 'npm ls cdk8s-conduit' shows all"));
  });

  test('values of the other count as what they are', () => {
    const other = load();
    web({ env: { MODE: other.EnvValue.literal('prod') }, health: other.HealthCheck.command(['true']) });
    expect(TestOutput.of(shop, ComposeProject.target()).document.services.web.environment).toEqual({ MODE: 'prod' });
    expect(wholeProgram(() => web({ env: { MODE: new Secret(new Application('blog'), 'key') } }))).toThrow("'env.MODE' must be an EnvValue, got a Secret");
  });
});
