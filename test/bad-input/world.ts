// What calls are made of: an object of every class of the API, well-typed values of every type, and values that are wrong.
import * as library from 'cdk8s-conduit';
import { App, Duration, Size, YamlOutputType } from 'cdk8s';
import { CALLS, ENUMS, INTERFACES, STRUCTS } from '../../src/private/api-types.generated';

const IMAGE = 'registry.example/acme/app:1.0';

/** Objects of all classes that calls take, or that have methods, by the names that the table has for them. */
export function makeWorld(): Record<string, unknown> {
  const shop = new library.Application('shop');
  const web = new library.Workload(shop, 'web', { image: IMAGE, ports: [{ name: 'http', number: 8080 }] });
  const rabbit = new library.RabbitMq(shop, 'rabbit');
  const kafka = new library.Kafka(shop, 'kafka');
  const topic = new library.BrokeredTopic(shop, 'news', { broker: rabbit });
  const secret = new library.Secret(shop, 'key');
  const exposure = library.Exposure.thisMachine();
  const blog = new library.Application('blog');
  new library.Workload(blog, 'site', { image: IMAGE });
  const edge = new library.ReverseProxy(shop, 'edge', { engine: new library.Nginx() });
  return {
    'Application': shop,
    'constructs.Construct': shop,
    'Workload': web,
    'WorkloadBase': web,
    'Primitive': web,
    'Client': web.main,
    'Container': web.main,
    'DiscoverableService': new library.DiscoverableService(shop, 'api', { image: IMAGE, port: 80 }),
    'SidecarPair': new library.SidecarPair(shop, 'pair', { main: { image: IMAGE }, sidecar: { image: IMAGE } }),
    'Task': new library.Task(shop, 'migrate', { image: IMAGE }),
    'Volume': new library.Volume(shop, 'data'),
    'SharedVolume': new library.SharedVolume(shop, 'logs'),
    'LoadBalancer': new library.LoadBalancer(shop, 'entry'),
    'Network': new library.Network(shop, 'net'),
    'Secret': secret,
    'Scaling': web.scaleBy({ backlog: { protocol: 'amqp', values: {} }, targetBacklog: 1, endpoint: rabbit.endpoint, userName: 'web', password: secret }, { max: 2 }),
    'ConfigFile': new library.ConfigFile(shop, 'conf', { path: '/etc/app.conf', content: '' }),
    'RabbitMq': rabbit,
    'Kafka': kafka,
    'Nats': new library.Nats(shop, 'nats'),
    'PostgreSql': new library.PostgreSql(shop, 'db'),
    'Redis': new library.Redis(shop, 'keys'),
    'ReverseProxy': edge,
    'Nginx': new library.Nginx(),
    'HaProxy': new library.HaProxy(),
    'Certificate': new library.Certificate(shop, 'tls', { hosts: ['shop.example.com'] }),
    'Balancing': library.Balancing.roundRobin(),
    'BrokeredQueue': new library.BrokeredQueue(shop, 'orders', { broker: rabbit }),
    'BrokeredTopic': topic,
    'EventStream': new library.EventStream(shop, 'log', { broker: kafka }),
    'Subscription': topic.subscribe(web),
    'Access': library.Access.grant(shop, rabbit, web, { action: 'use' }),
    'Declarations': new library.Declarations(shop),
    'ExternalHosts': new library.ExternalHosts(shop, ['db.example'], {}),
    'ExternalClient': new library.ExternalClient(shop, 'browser', { exposure }),
    'Exposure': exposure,
    'Warnings': library.Warnings.of(web),
    'Endpoint': web.endpoint(),
    'EnvValue': library.EnvValue.literal('x'),
    'HealthCheck': library.HealthCheck.tcp(8080),
    'Privileges': library.Privileges.rootThenDrop({ reason: 'it gives its files away' }),
    'Seed': library.Seed.fromImage(IMAGE, '/site'),
    'StartFrom': library.StartFrom.latest(),
    'ImageCatalogue': shop.images,
    'FidelityReport': new library.FidelityReport('Paper', shop),
    'Keda': new library.Keda(),
    'IngressRoutes': new library.IngressRoutes(edge, { ingressClass: 'public', namespace: 'ingress' }),
    'GatewayRoutes': new library.GatewayRoutes(edge, { gatewayClass: 'public', namespace: 'gateways' }),
    'StrimziOperator': new library.StrimziOperator(kafka),
    'RabbitMqOperator': new library.RabbitMqOperator(rabbit),
    'NackOperator': new library.NackOperator(new library.Nats(blog, 'nats')),
    'KubernetesChart': new library.KubernetesChart(new App(), 'blog', { application: exampleApplication() }),
    'TestOutput': library.TestOutput.of(exampleApplication(), library.ComposeProject.target()),
    'cdk8s.Duration': Duration.seconds(5),
    'cdk8s.Size': Size.gibibytes(1),
    'cdk8s.YamlOutputType': YamlOutputType.FILE_PER_APP,
  };
}

function exampleApplication(): library.Application {
  const application = new library.Application('blog');
  new library.Workload(application, 'site', { image: IMAGE });
  return application;
}

/** Parameters of a call, or properties of a struct. */
export interface Member {
  readonly name: string;
  readonly notation: string;
  readonly optional: boolean;
}

export function membersOf(record: Record<string, string>): Member[] {
  return Object.entries(record).map(([key, notation]) => ({ name: key.replace('?', ''), notation, optional: key.endsWith('?') }));
}

/** Makes values of types of the API, and calls. */
export class Caller {
  public constructor(private readonly world: Record<string, unknown>) {}

  /** A value of the type, with everything in it that may be there. */
  public wellTyped(notation: string, within: string[] = []): unknown {
    if (notation.endsWith('[]')) return [this.wellTyped(notation.slice(0, -2), within)];
    if (notation.endsWith('{}')) return { one: this.wellTyped(notation.slice(0, -2), within) };
    if (notation === 'string') return 'x';
    if (notation === 'number') return 1;
    if (notation === 'boolean') return true;
    if (notation === 'any' || notation === 'json') return {};
    if (ENUMS[notation]) return Object.values(ENUMS[notation])[0];
    if (INTERFACES[notation]) return Object.fromEntries(INTERFACES[notation].map(member => [member, () => undefined]));
    if (STRUCTS[notation]) {
      const members = membersOf(STRUCTS[notation]).filter(member => !within.includes(member.notation) || !member.optional);
      return Object.fromEntries(members.map(member => [member.name, this.wellTyped(member.notation, [...within, notation])]));
    }
    const known = this.world[notation];
    if (known === undefined) throw new Error(`the world has no ${notation}`);
    return known;
  }

  /** Arguments of a call that are all well-typed. */
  public argumentsOf(call: string): unknown[] {
    return membersOf(CALLS[call]).map(({ name, notation }) => name === 'id' ? `new-${call.toLowerCase()}` : this.wellTyped(notation));
  }

  /** Makes the call, as a program does. */
  public call(call: string, given: unknown[]): unknown {
    const [className, method] = call.split('.');
    const target = (library as Record<string, any>)[className];
    if (method === undefined) return new target(...given);
    if (Object.hasOwn(target, method)) return target[method](...given);
    const self = this.world[className] as Record<string, any> | undefined;
    if (self === undefined) throw new Error(`the world has no ${className}`);
    return self[method](...given);
  }
}

/** Values that are of another type, by what they are. */
export function wrongValues(notation: string): Record<string, unknown> {
  const others = { 'a date': new Date(0), 'a symbol': Symbol('x'), 'a function': () => 5 };
  if (notation.endsWith('[]')) return { 'a text': 'run me', 'a number': 5, 'an object': { 0: 'x', length: 1 }, 'a set': new Set(['x']), ...others };
  if (notation.endsWith('{}')) return { 'a text': 'A=b', 'a list': ['A=b'], 'a map': new Map([['A', 'b']]), ...others };
  if (notation === 'string') return { 'a number': 5, 'a boolean': true, 'a list': ['x'], 'an object': { toString: () => 'x' }, ...others };
  if (notation === 'number') return { 'a text': '5', 'no number': NaN, 'the infinite': Infinity, 'a boolean': true, 'a big one': 5n, 'a list': [5], ...others };
  if (notation === 'boolean') return { 'a text': 'false', 'a number': 0, 'an object': {}, ...others };
  if (notation === 'any' || notation === 'json') return {};
  if (ENUMS[notation]) return { 'a text': 'reject_new', 'a number': 77, 'its own name': notation, 'an object': {}, ...others };
  if (STRUCTS[notation]) return { 'a text': 'x', 'a number': 5, 'a list': [{}], 'a function': () => ({}) };
  return { 'a text': 'x', 'a number': 5, 'an object': {}, 'a list': [], ...others };
}
