import { Size } from 'cdk8s';
import { Construct } from 'constructs';
import type { NatsBacking } from './backing';
import { queueVariables, streamVariables, topicVariables } from './bindings';
import { DECLARE_PATH, DECLARE_SCRIPT, EFFECT_SCRIPT, TOPOLOGY_PATH } from './declare';
import { connectTo, ExternalNats } from './external';
import { requireQueueFits, requireStreamFits, requireTopicFits, withOwnNames } from './fit';
import { NATS_BOX_IMAGE } from './images';
import { inboxPrefix } from './names';
import { NATS_SEMANTICS } from './semantics';
import { runServers } from './servers';
import { renderTopology } from './topology';
import { Application } from '../../model/application';
import { ConfigFile } from '../../model/config-file';
import type { Endpoint } from '../../model/endpoint';
import { EnvValue } from '../../model/env-value';
import type { Secret } from '../../model/secret';
import { Task } from '../../model/task';
import type { Workload } from '../../model/workload';
import { BrokerBinding, BrokerPrincipal, IBroker, QueuePrincipal, QueueSpec, StreamPrincipal, StreamSpec, TopicPrincipal, TopicSpec } from '../broker';
import { Declarations } from '../declarations';
import { requireExternal } from '../external';
import type { MessageSemantic, SemanticSupport } from '../semantics';

/** Options of a NATS broker. */
export interface NatsProps {
  /**
   * Number of nodes: 1, or 3 or 5 that form a cluster, which goes on while a majority of them runs.
   * It can grow from 3 to 5 later, and otherwise stays as it was at first.
   * @default 1
   */
  readonly nodes?: number;
  /**
   * Size of each node's storage, of which messages take up to four fifths.
   * @default Size.gibibytes(8)
   */
  readonly storage?: Size;
  /**
   * Class of the storage, where the target has classes.
   * @default - the target's usual class
   */
  readonly storageClass?: string;
  /**
   * Most memory of each node.
   * @default Size.mebibytes(512)
   */
  readonly memoryLimit?: Size;
  /**
   * Whether clients connect by TLS, and by nothing else. The certificate is the secret `<name>-tls`; clients find the authority that they check it
   * with under `<PREFIX>_CA_FILE`.
   * @default false
   */
  readonly tls?: boolean;
  /**
   * Where the broker is, if it runs elsewhere; it excludes the options above.
   * @default - none, the application runs it
   */
  readonly external?: ExternalNats;
}

/**
 * A NATS broker of one or more nodes, with JetStream. Messages survive restart and crash. Streams and consumers are declared by a task,
 * which clients wait for; nobody but the users of grants, and that task, can log in.
 * @see https://docs.nats.io
 */
export class Nats extends Construct implements IBroker {
  public readonly product: string = 'NATS';
  public readonly endpoint: Endpoint;
  public readonly authority?: Secret;
  /** The workload that runs the broker; undefined if it runs elsewhere. */
  public readonly workload?: Workload;
  /** The task that declares streams and consumers; undefined if others do. */
  public readonly topology?: Task;

  /** @internal */
  public readonly _declared = new Declarations(this);
  /** @internal */
  public readonly _backing: NatsBacking;

  /** @throws if a value is malformed, or contradicts another one. */
  public constructor(scope: Construct, id: string, props: NatsProps = {}) {
    super(Application._openScope(scope, id), id);
    const { external } = props;
    if (external) requireExternal(this, props, external);
    this._backing = external ? connectTo(this, external, this._declared) : runServers(this, props, this._declared);
    this.endpoint = this._backing.endpoint;
    this.authority = this._backing.authority;
    this.workload = this._backing.workload;
    const declarations = new ConfigFile(this, 'Declarations', { path: TOPOLOGY_PATH, source: { toText: () => renderTopology(this._declared, this._backing.replicas) } });
    this.topology = this._backing.administrator && this.makeTopology(this._backing.administrator, declarations);
  }

  public support(semantic: MessageSemantic): SemanticSupport {
    return NATS_SEMANTICS[semantic];
  }

  public declareQueue(queue: QueueSpec): void {
    requireQueueFits(queue, { path: this.node.path, nodes: this._backing.nodes });
    this._declared.addQueue(withOwnNames(queue));
  }

  public declareTopic(topic: TopicSpec): void {
    requireTopicFits(topic, { path: this.node.path, nodes: this._backing.nodes });
    this._declared.addTopic(topic);
  }

  public declareStream(stream: StreamSpec): void {
    requireStreamFits(stream, { path: this.node.path, nodes: this._backing.nodes });
    this._declared.addStream(stream);
  }

  public grantQueue(principal: QueuePrincipal): BrokerBinding {
    if (principal.declares) throw new Error(`${principal.queue.path}: 'declares' cannot be had on NATS, where no client may make streams; leave it out`);
    refuseScaling(principal.queue, principal);
    this._declared.addQueuePrincipal(principal);
    return this.bind(principal, queueVariables(principal));
  }

  public grantTopic(principal: TopicPrincipal): BrokerBinding {
    this._declared.addTopicPrincipal(principal);
    return this.bind(principal, topicVariables(principal));
  }

  public grantStream(principal: StreamPrincipal): BrokerBinding {
    refuseScaling(principal.stream, principal);
    this._declared.addStreamPrincipal(principal);
    return this.bind(principal, streamVariables(principal));
  }

  private bind({ password }: BrokerPrincipal, variables: Record<string, string>): BrokerBinding {
    this.workload?.main.mountSecret(password);
    const { servers } = this._backing;
    return { variables: servers === undefined ? variables : { ...variables, SERVERS: servers }, task: this.topology };
  }

  private makeTopology({ userName, password }: BrokerPrincipal, declarations: ConfigFile): Task {
    const { servers } = this._backing;
    const image = Application.of(this).images.register(NATS_BOX_IMAGE);
    const task = new Task(this, 'Topology', {
      image: image.reference,
      user: image.user,
      group: image.group,
      command: ['sh', DECLARE_PATH],
      env: {
        NATS_USER: EnvValue.literal(userName),
        NATS_PASSWORD_FILE: EnvValue.secretFile(password),
        NATS_INBOX_PREFIX: EnvValue.literal(inboxPrefix(userName)),
        ...(servers === undefined ? {} : { NATS_URL: EnvValue.literal(servers) }),
        ...(this.authority ? { NATS_CA: EnvValue.secretFile(this.authority) } : {}),
      },
      resources: { memoryRequest: Size.mebibytes(32), memoryLimit: Size.mebibytes(128) },
      effect: ['sh', '-c', EFFECT_SCRIPT],
    });
    task.connectTo(this.endpoint, { prefix: servers === undefined ? 'NATS' : 'SERVER' });
    task.main.mountConfigFile(declarations);
    task.main.mountConfigFile(new ConfigFile(this, 'Declare', { path: DECLARE_PATH, source: { toText: () => DECLARE_SCRIPT } }));
    return task;
  }
}

/** The server tells a backlog to whatever scales by its monitoring port alone, where it tells all that it knows to anyone. */
function refuseScaling({ path }: { readonly path: string }, { scaled }: BrokerPrincipal): void {
  if (scaled) throw new Error(`${path}: 'scaling' cannot be had on NATS, whose monitoring port, where backlogs are read, is closed as it asks nobody who they are; use RabbitMq or Kafka, or leave it out`);
}
