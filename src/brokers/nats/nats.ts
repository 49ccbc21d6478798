import { Size } from 'cdk8s';
import { Construct } from 'constructs';
import { renderConfiguration } from './configuration';
import { consumersOf, NatsConsumer } from './consumers';
import { renderDeclarations } from './declarations';
import { connectTo, ExternalNats } from './external';
import { NATS_BOX_IMAGE } from './images';
import { findQueueMisfits, findShared, findStreamMisfits, findTopicMisfits } from './limits';
import { inboxPrefix, streamNamesOf } from './names';
import { runNodes } from './nodes';
import { PROVISION_PATH, provisionScript, completionCheck, DECLARATIONS_PATH } from './provision';
import type { NatsRuntime } from './runtime';
import { NATS_SEMANTICS } from './semantics';
import { streamsOf } from './streams';
import { permits } from './users';
import { queueVariables, streamVariables, topicVariables } from './variables';
import { NATS_WIDER_RIGHTS } from './wider-rights';
import { Application } from '../../model/application';
import { ConfigFile } from '../../model/config-file';
import type { Endpoint } from '../../model/endpoint';
import { EnvValue } from '../../model/env-value';
import type { PublicAddress } from '../../model/published-port';
import type { Secret } from '../../model/secret';
import { Task } from '../../model/task';
import type { Volume } from '../../model/volume';
import type { Workload } from '../../model/workload';
import { checkCall } from '../../private/check-call';
import type { Principal } from '../../servers/access';
import { warnOfClientsWithoutUser } from '../../servers/clients-without-user';
import { optionsBesideExternal } from '../../servers/external';
import {
  BrokerBinding, ChannelOperation, IBroker, QueuePrincipal, QueueSpec, StreamPrincipal, StreamSpec, TopicPrincipal, TopicSpec,
} from '../broker';
import { Declarations, IDeclarations } from '../declarations';
import { KnownBrokers } from '../known-brokers';
import type { BrokerNodes } from '../limits';
import type { ChannelKind, MessageSemantic, SemanticSupport } from '../semantics';
import { Granted, widerRightsOf } from '../wider-rights';

/** There is no other port where it could be read: the server would tell all that it knows to anyone. */
const NO_BACKLOG = 'its monitoring port, where backlogs are read, is closed as it asks nobody who they are; use RabbitMq or Kafka';

/** Options of a NATS broker. */
export interface NatsProps extends PublicAddress {
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
   * Whether clients connect by TLS, and by nothing else. The certificate is the secret `<name>-tls`; clients find the CA certificates that they check it
   * with under `<PREFIX>_CA_FILE`.
   * @default false
   */
  readonly tls?: boolean;
  /**
   * Whether the broker holds one queue, topic or stream alone. The server does not check where a client has answers delivered. So with several,
   * who has a right to one can put answers, and copies of what it may receive, into the others.
   * @default false
   */
  readonly strict?: boolean;
  /**
   * Where the broker is, if it is external; it excludes the options above but `strict`.
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
  public readonly caCertificates?: Secret;
  public readonly namePrefix?: string;
  /** The workload that runs the broker; undefined if it is external. */
  public readonly workload?: Workload;
  /** The task that declares streams and consumers; undefined if others do. */
  public readonly provisioning?: Task;
  /** Who declares streams and consumers; undefined if others do. */
  public readonly administrator?: Principal;
  /** The servers' configuration; undefined if they are external. */
  public readonly configuration?: ConfigFile;
  /** Where each server stores messages; undefined if they are external. */
  public readonly storage?: Volume;

  private readonly _declared = new Declarations(this);
  private readonly runtime: NatsRuntime;

  public constructor(scope: Construct, id: string, props: NatsProps = {}) {
    checkCall(new.target, 'Nats', arguments);
    super(Application._openScope(scope, id), id);
    warnOfClientsWithoutUser(this);
    const { external } = props;
    this.runtime = external ? connectTo(this, external, optionsBesideExternal(props, 'strict'), this._declared) : runNodes(this, props, this._declared);
    this.endpoint = this.runtime.endpoint;
    this.namePrefix = external?.namePrefix;
    this.caCertificates = this.runtime.caCertificates;
    this.workload = this.runtime.workload;
    this.administrator = this.runtime.administrator;
    this.configuration = this.runtime.configuration;
    this.storage = this.runtime.storage;
    const declarations = new ConfigFile(this, 'Declarations', { path: DECLARATIONS_PATH, source: { toText: () => renderDeclarations(this._declared, this.runtime.replicas) } });
    this.provisioning = this.administrator && this.addProvisioning(this.administrator, declarations);
    if (props.strict) this.node.addValidation({ validate: () => findShared(this._declared) });
  }

  /** Everything that was declared on the broker, in the order of names. */
  public get declared(): IDeclarations {
    return this._declared;
  }

  /**
   * All streams that the servers are to have, as their interface takes them; times are in nanoseconds.
   * @see https://docs.nats.io/nats-concepts/jetstream/streams
   */
  public get serverStreams(): any[] {
    return streamsOf(this._declared, this.runtime.replicas);
  }

  /** All consumers that the servers are to have. */
  public get serverConsumers(): NatsConsumer[] {
    return consumersOf(this._declared);
  }

  /**
   * The servers' configuration, but with another beginning of the subjects on which the administrator gets replies.
   * @throws if the servers are external.
   */
  public configurationWith(administratorInbox: string): string {
    checkCall(this, 'Nats.configurationWith', arguments);
    const { settings } = this.runtime;
    if (!settings) throw new Error(`${this.node.path}: external servers are configured by others; give a broker that the application runs`);
    return renderConfiguration({ ...settings, administratorInbox });
  }

  public support(semantic: MessageSemantic, _kind: ChannelKind): SemanticSupport {
    checkCall(this, 'Nats.support', arguments);
    return NATS_SEMANTICS[semantic];
  }

  public declareQueue(queue: QueueSpec): void {
    checkCall(this, 'Nats.declareQueue', arguments);
    if (!Application._keep(this, findQueueMisfits(queue, this.limits))) this._declared.addQueue(queue, streamNamesOf(queue));
  }

  public declareTopic(topic: TopicSpec): void {
    checkCall(this, 'Nats.declareTopic', arguments);
    if (!Application._keep(this, findTopicMisfits(topic, this.limits))) this._declared.addTopic(topic);
  }

  public declareStream(stream: StreamSpec): void {
    checkCall(this, 'Nats.declareStream', arguments);
    if (!Application._keep(this, findStreamMisfits(stream, this.limits))) this._declared.addStream(stream);
  }

  public grantQueue(principal: QueuePrincipal): BrokerBinding {
    checkCall(this, 'Nats.grantQueue', arguments);
    if (principal.declares) Application._refuse(this, "'declares' cannot be had on NATS, where no client may make streams; leave it out", principal.queue.path);
    this._declared.addQueuePrincipal(principal);
    return this.bind(principal, queueVariables(principal));
  }

  public grantTopic(principal: TopicPrincipal): BrokerBinding {
    checkCall(this, 'Nats.grantTopic', arguments);
    this._declared.addTopicPrincipal(principal);
    return this.bind(principal, topicVariables(principal));
  }

  public grantStream(principal: StreamPrincipal): BrokerBinding {
    checkCall(this, 'Nats.grantStream', arguments);
    this._declared.addStreamPrincipal(principal);
    return this.bind(principal, streamVariables(principal));
  }

  public permits(userName: string, operation: ChannelOperation, channelName: string): boolean {
    checkCall(this, 'Nats.permits', arguments);
    return permits(this._declared, userName, operation, channelName);
  }

  private get limits(): BrokerNodes {
    return { path: this.node.path, nodes: this.runtime.members };
  }

  private bind(granted: Granted, variables: Record<string, string>): BrokerBinding {
    this.workload?.main.mountSecret(granted.password);
    const { servers } = this.runtime;
    return {
      variables: servers === undefined ? variables : { ...variables, SERVERS: servers },
      task: this.provisioning,
      noBacklogReason: NO_BACKLOG,
      widerRights: widerRightsOf(NATS_WIDER_RIGHTS, granted),
    };
  }

  private addProvisioning({ userName, password }: Principal, declarations: ConfigFile): Task {
    const { servers } = this.runtime;
    const image = Application.of(this).images.register(NATS_BOX_IMAGE);
    const task = new Task(this, 'Provisioning', {
      image: image.reference,
      uid: image.uid,
      gid: image.gid,
      command: ['sh', PROVISION_PATH],
      env: {
        NATS_USER: EnvValue.literal(userName),
        NATS_PASSWORD_FILE: EnvValue.secretFile(password),
        NATS_INBOX_PREFIX: EnvValue.literal(inboxPrefix(userName)),
        ...(servers === undefined ? {} : { NATS_URL: EnvValue.literal(servers) }),
        ...(this.caCertificates ? { NATS_CA: EnvValue.secretFile(this.caCertificates) } : {}),
      },
      resources: { memoryRequest: Size.mebibytes(32), memoryLimit: Size.mebibytes(128) },
      completionCheck: completionCheck(),
    });
    task.connectTo(this.endpoint, { prefix: servers === undefined ? 'NATS' : 'SERVER' });
    task.main.mountConfigFile(declarations);
    task.main.mountConfigFile(new ConfigFile(this, 'Provision', { path: PROVISION_PATH, content: provisionScript() }));
    return task;
  }
}

KnownBrokers.register('Nats', { support: semantic => NATS_SEMANTICS[semantic] });
