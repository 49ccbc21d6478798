import { channel } from 'diagnostics_channel';
import { Construct, IConstruct } from 'constructs';
import { findProblems } from './check';
import type { Connection } from './connection';
import type { Difference } from './difference';
import type { ExternalClient } from './external-client';
import { ImageCatalogue, ImageCatalogueProps } from './images';
import type { ILowering } from './lowering';
import type { Primitive } from './primitive';
import { Warning, Warnings } from './warnings';
import type { WorkloadBase } from './workload-base';
import { checkCall } from '../private/check-call';
import { isInstance } from '../private/class-names';
import { byText, isDnsLabel } from '../private/names';
import { placeOf } from '../private/place';
import { Problems } from '../private/problems';

/** Tells tools that look at a program from outside, such as `cdk8s-conduit graph`, of each application. */
const MADE = channel('cdk8s-conduit:application');

/** Something whose path is only looked for where a message says it, as that takes a while. */
interface Place {
  readonly path: string;
}

/** Options of an application. */
export interface ApplicationProps {
  /**
   * Where the images that constructs and targets bring come from.
   * @default - their usual names
   */
  readonly images?: ImageCatalogueProps;
}

/**
 * The root of everything that belongs together: who talks to whom, and how.
 * Targets take it whole: `new KubernetesChart(app, 'shop', { application })`, `new ComposeProject(application).save()`.
 */
export class Application extends Construct {
  /**
   * The application that a construct belongs to.
   * @throws if it belongs to none.
   */
  public static of(construct: IConstruct): Application {
    checkCall(this, 'Application.of', arguments);
    return Application.at(construct, construct.node);
  }

  /**
   * The scope of a new construct, once it is clear that it may stand there.
   * @internal
   */
  public static _openScope(scope: Construct, id: string): Construct {
    const path = scope.node.path ? `${scope.node.path}/${id}` : id;
    Application.at(scope, { path })._requireOpen({ path });
    if (id in Object.prototype) throw new Error(`${placeOf(path)}: '${id}' is the name of something that every object of JavaScript has; choose another id`);
    return scope;
  }

  /**
   * Keeps what is wrong with something until a target asks, so that all problems of a program are told together.
   * Whoever keeps a problem goes on as if the wrong value had been left out. Returns whether there is a problem.
   * @internal
   * @throws if a target has asked already.
   */
  public static _keep(construct: IConstruct, problems: Problems): boolean {
    const { messages } = problems;
    if (messages.length === 0) return false;
    const application = Application.of(construct);
    if (application.checked) problems.throwIfAny();
    for (const message of messages) application.kept.add(message);
    return true;
  }

  /**
   * Keeps one problem; see `_keep`.
   * @internal
   */
  public static _refuse(construct: IConstruct, message: string, path = construct.node.path): void {
    const problems = new Problems(path);
    problems.check(false, message);
    Application._keep(construct, problems);
  }

  private static at(construct: IConstruct, place: Place): Application {
    const root = construct.node.root;
    if (root instanceof Application) return root;
    const { path } = place;
    if (isInstance(root, 'Application')) {
      throw new Error(`${placeOf(path)}: stands under an Application of another copy of cdk8s-conduit; install one copy for the whole program, 'npm ls cdk8s-conduit' shows all`);
    }
    throw new Error(`${placeOf(path)}: must be defined under an Application; give one, or a construct within it, as scope`);
  }

  /** Name of the application: a DNS label. */
  public readonly name: string;
  /** The images that constructs and targets bring. */
  public readonly images: ImageCatalogue;

  private readonly primitives: Primitive[] = [];
  private readonly clients = new Map<string, ExternalClient>();
  private readonly _connections: Connection[] = [];
  private readonly incoming = new Map<WorkloadBase, Connection[]>();
  private readonly _warnings: Warning[] = [];
  private readonly _differences = new Map<string, Difference>();
  private readonly kept = new Set<string>();
  private readonly misnamed = new Set<IConstruct>();
  private checked = false;

  /** The name is a DNS label of at most 40 characters. */
  public constructor(name: string, props: ApplicationProps = {}) {
    checkCall(new.target, 'Application', arguments);
    super(undefined as any, name); // a root has no scope; the parameter's type does not say so
    this.name = name;
    const problems = new Problems(name);
    problems.check(isDnsLabel(name, 40), `the application's name must be at most 40 lower-case letters, digits and hyphens, beginning with a letter, got '${name}'`);
    Application._keep(this, problems);
    this.images = ImageCatalogue._of(wrong => Application._keep(this, wrong), props.images);
    MADE.publish({ application: this, library: require.resolve('..') }); // the main module, from this file as from the one that all are joined into
  }

  /** Everything that was declared to flow, in the order of clients, endpoints and flows. */
  public get connections(): Connection[] {
    return inOrder(this._connections);
  }

  /** Connections to the endpoints of one workload, in the order of clients, endpoints and flows. */
  public connectionsTo(workload: WorkloadBase): Connection[] {
    checkCall(this, 'Application.connectionsTo', arguments);
    return inOrder(this.incoming.get(workload) ?? []);
  }

  /** Clients outside the application, in the order of their names. */
  public get externalClients(): ExternalClient[] {
    return [...this.clients.values()].sort((a, b) => byText(a.name, b.name));
  }

  /** What was declared and may not be meant, unless somebody acknowledged it; known once the application was checked. In the order of paths. */
  public get warnings(): Warning[] {
    return [...this._warnings];
  }

  /** What is otherwise than declared on every target. In the order of paths. */
  public get differences(): Difference[] {
    return [...this._differences].sort(([a], [b]) => byText(a, b)).map(([, difference]) => difference);
  }

  /**
   * Validates everything once and locks the application against further changes. Targets call it.
   * @throws one error that lists every problem with its construct path.
   */
  public check(): void {
    if (this.checked) return;
    const constructs = this.node.findAll();
    const found = constructs.flatMap(construct => construct.node.validate().map(message => `${placeOf(construct.node.path)}: ${message}`));
    const problems = [...new Set([
      ...this.kept, // which validations may add to
      ...found,
      ...findProblems(this.primitives),
      ...this.images._findProblems().map(problem => `${this.name}: ${problem}`),
    ])];
    if (problems.length > 0) {
      const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
      throw new Error(`application '${this.name}' has ${count}:\n${problems.sort((a, b) => byText(pathOf(a), pathOf(b))).join('\n')}`);
    }
    this.primitives.sort((a, b) => byText(a.name, b.name) || byText(a.node.path, b.node.path));
    this._warnings.push(...Warnings._in(constructs).sort((a, b) => byText(a.path, b.path) || byText(a.message, b.message)));
    this.checked = true;
    this.node.lock();
  }

  /**
   * Checks the application, then hands every primitive to `lowering`, in the order of their names.
   * @throws if the application has problems.
   */
  public lower(lowering: ILowering): void {
    checkCall(this, 'Application.lower', arguments);
    this.check();
    for (const primitive of this.primitives) primitive.lowerTo(lowering);
  }

  /**
   * Notes a primitive that is complete.
   * @internal
   */
  public _register(primitive: Primitive): void {
    this.primitives.push(primitive);
  }

  /** @internal */
  public _registerClient(client: ExternalClient): void {
    const known = this.clients.get(client.name);
    if (known) Application._refuse(client, `'${known.node.path}' is called '${client.name}', too; choose another id`);
    else this.clients.set(client.name, client);
  }

  /**
   * Notes what made a name malformed; false if that is known already.
   * @internal
   */
  public _isFirstMisnamed(construct: IConstruct): boolean {
    return !this.misnamed.has(construct) && this.misnamed.add(construct).size > 0;
  }

  /** @internal */
  public _connect(connection: Connection): void {
    this._connections.push(connection);
    const { workload } = connection.endpoint;
    if (!workload) return;
    const known = this.incoming.get(workload);
    if (known) known.push(connection);
    else this.incoming.set(workload, [connection]);
  }

  /**
   * Notes what is otherwise than declared on every target; the same is one.
   * @internal
   */
  public _differ(difference: Difference): void {
    this._differences.set([difference.path, difference.feature, difference.reason].join(' '), difference);
  }

  /** @internal */
  public _requireOpen(place: Place): void {
    if (this.checked) {
      throw new Error(`${placeOf(place.path)}: the application was already handed to a target and cannot change; define everything before the first target`);
    }
  }
}

/** Problems of one construct stay in the order in which they were found. */
function pathOf(problem: string): string {
  return problem.split(': ', 1)[0];
}

function inOrder(connections: Connection[]): Connection[] {
  if (connections.length < 2) return [...connections];
  const keyed = connections.map(connection => ({ connection, key: keyOf(connection) }));
  return keyed.sort((a, b) => byText(a.key, b.key)).map(({ connection }) => connection);
}

function keyOf({ client, endpoint, flow }: Connection): string {
  return [client.clientWorkload?.name ?? '', client.clientName, endpoint.address, endpoint.protocol, flow.action, flow.channel ?? ''].join(' ');
}
