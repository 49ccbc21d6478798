import { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { queueVariables, streamVariables, topicVariables } from './bindings';
import { CLIENT_PORT, DATA_PATH, renderConfiguration } from './configuration';
import { DECLARE_PATH, DECLARE_SCRIPT, EFFECT_SCRIPT, TOPOLOGY_PATH } from './declare';
import { findSpaceProblems, requireQueueFits, requireStreamFits, requireTopicFits, withOwnNames } from './fit';
import { inboxPrefix } from './names';
import { NATS_SEMANTICS } from './semantics';
import { HEALTH_PATH, renderHealthScript, RUN_PATH, START_PATH, startScript, TEMPLATE_PATH } from './start';
import { streamsOf } from './streams';
import { renderTopology } from './topology';
import { Application } from '../../model/application';
import { ConfigFile } from '../../model/config-file';
import type { Container } from '../../model/container';
import type { Endpoint } from '../../model/endpoint';
import { EnvValue } from '../../model/env-value';
import { HealthCheck } from '../../model/health-check';
import { Secret } from '../../model/secret';
import { Task } from '../../model/task';
import { Volume } from '../../model/volume';
import { Workload } from '../../model/workload';
import { BrokerBinding, BrokerPrincipal, IBroker, QueuePrincipal, QueueSpec, StreamPrincipal, StreamSpec, TopicPrincipal, TopicSpec } from '../broker';
import { Declarations } from '../declarations';
import { requireNodes } from '../nodes';
import type { MessageSemantic, SemanticSupport } from '../semantics';
import { certify } from '../tls';

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
  /** The workload that runs the broker. */
  public readonly workload: Workload;
  /** The task that declares streams and consumers. */
  public readonly topology: Task;

  private readonly declared = new Declarations(this);
  private readonly nodes: number;

  /** @throws if a value is malformed. */
  public constructor(scope: Construct, id: string, props: NatsProps = {}) {
    super(Application._openScope(scope, id), id);
    this.nodes = requireNodes(this, props.nodes);
    const storage = props.storage ?? Size.gibibytes(8);
    const memoryLimit = props.memoryLimit ?? Size.mebibytes(512);
    this.workload = this.makeServer(memoryLimit, props.tls ? 'tls' : 'nats');
    this.endpoint = this.workload.endpoint();
    const certificate = props.tls ? certify(this, this.workload) : undefined;
    this.authority = certificate?.authority;
    const data = new Volume(this, 'Data', { perMember: true, size: storage, storageClass: props.storageClass });
    this.workload.main.mountVolume(data, DATA_PATH);
    // publishers are refused while there is still room for what servers note for themselves
    const messageBytes = Math.floor(storage.toMebibytes() * 0.8) * 1024 * 1024;

    const password = new Secret(this, 'Admin', { key: 'password' });
    const administrator = { userName: password.name, password };
    const routePassword = this.nodes > 1 ? new Secret(this, 'Routes', { key: 'password' }) : undefined;
    const { main, name, memberNames: members } = this.workload;
    for (const secret of [password, ...(routePassword ? [routePassword] : [])]) main.mountSecret(secret);
    this.addFile(main, 'Configuration', TEMPLATE_PATH, () => renderConfiguration({ declared: this.declared, administrator, messageBytes, name, members, routePassword, certificate }));
    this.addFile(main, 'Start', START_PATH, () => startScript(this.nodes, memoryLimit));
    this.addFile(main, 'Health', HEALTH_PATH, renderHealthScript);
    this.topology = this.makeTopology(administrator);
    this.node.addValidation({ validate: () => findSpaceProblems(streamsOf(this.declared, this.nodes), messageBytes, this.nodes) });
  }

  public support(semantic: MessageSemantic): SemanticSupport {
    return NATS_SEMANTICS[semantic];
  }

  public declareQueue(queue: QueueSpec): void {
    requireQueueFits(queue, { path: this.node.path, nodes: this.nodes });
    this.declared.addQueue(withOwnNames(queue));
  }

  public declareTopic(topic: TopicSpec): void {
    requireTopicFits(topic, { path: this.node.path, nodes: this.nodes });
    this.declared.addTopic(topic);
  }

  public declareStream(stream: StreamSpec): void {
    requireStreamFits(stream, { path: this.node.path, nodes: this.nodes });
    this.declared.addStream(stream);
  }

  public grantQueue(principal: QueuePrincipal): BrokerBinding {
    if (principal.declares) throw new Error(`${principal.queue.path}: 'declares' cannot be had on NATS, where no client may make streams; leave it out`);
    this.declared.addQueuePrincipal(principal);
    return this.bind(principal, queueVariables(principal));
  }

  public grantTopic(principal: TopicPrincipal): BrokerBinding {
    this.declared.addTopicPrincipal(principal);
    return this.bind(principal, topicVariables(principal));
  }

  public grantStream(principal: StreamPrincipal): BrokerBinding {
    this.declared.addStreamPrincipal(principal);
    return this.bind(principal, streamVariables(principal));
  }

  private bind({ password }: BrokerPrincipal, variables: Record<string, string>): BrokerBinding {
    this.workload.main.mountSecret(password);
    return { variables, task: this.topology };
  }

  private makeServer(memoryLimit: Size, scheme: string): Workload {
    const image = Application.of(this).images.find('nats');
    const clustered = this.nodes > 1;
    return new Workload(this, 'Default', {
      image: image.reference,
      user: image.user,
      group: image.group,
      command: ['sh', START_PATH],
      ports: [{ name: 'nats', number: CLIENT_PORT, scheme }],
      health: HealthCheck.command(['sh', HEALTH_PATH], { startPeriod: Duration.minutes(5), timeout: Duration.seconds(10) }),
      replicas: this.nodes,
      stable: true, // messages are stored under the member's name, which must not change
      clustered,
      writablePaths: [RUN_PATH],
      resources: { memoryRequest: Size.mebibytes(Math.min(128, memoryLimit.toMebibytes())), memoryLimit, cpuRequest: 0.1 },
      stopSignal: clustered ? 'SIGUSR2' : undefined, // has a member hand over before it ends; alone, it would only end later
      stopGracePeriod: Duration.minutes(1),
    });
  }

  private makeTopology({ userName, password }: BrokerPrincipal): Task {
    const image = Application.of(this).images.find('nats-box');
    const task = new Task(this, 'Topology', {
      image: image.reference,
      user: image.user,
      group: image.group,
      command: ['sh', DECLARE_PATH],
      env: {
        NATS_USER: EnvValue.literal(userName),
        NATS_PASSWORD_FILE: EnvValue.secretFile(password),
        NATS_INBOX_PREFIX: EnvValue.literal(inboxPrefix(userName)),
        ...(this.authority ? { NATS_CA: EnvValue.secretFile(this.authority) } : {}),
      },
      resources: { memoryRequest: Size.mebibytes(32), memoryLimit: Size.mebibytes(128) },
      effect: ['sh', '-c', EFFECT_SCRIPT],
    });
    task.connectTo(this.endpoint, { prefix: 'NATS' });
    this.addFile(task.main, 'Declarations', TOPOLOGY_PATH, () => renderTopology(this.declared, this.nodes));
    this.addFile(task.main, 'Declare', DECLARE_PATH, () => DECLARE_SCRIPT);
    return task;
  }

  private addFile(container: Container, id: string, path: string, toText: () => string): void {
    container.mountConfigFile(new ConfigFile(this, id, { path, source: { toText } }));
  }
}
