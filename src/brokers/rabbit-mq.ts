import { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { IBroker, QueueBinding, QueuePrincipal, QueueRight, QueueSpec } from './broker';
import { renderConfiguration, renderDefinitions, START_SCRIPT, TEMPLATE_PATH } from './rabbit-mq-definitions';
import { Application } from '../model/application';
import { ConfigFile } from '../model/config-file';
import type { Endpoint } from '../model/endpoint';
import { HealthCheck } from '../model/health-check';
import { Volume } from '../model/volume';
import { Workload } from '../model/workload';

/** Options of a RabbitMQ broker. */
export interface RabbitMqProps {
  /**
   * Size of the storage for messages.
   * @default Size.gibibytes(8)
   */
  readonly storage?: Size;
  /**
   * Class of the storage, where the target has classes.
   * @default - the target's usual class
   */
  readonly storageClass?: string;
  /**
   * Most memory; at three fifths of it publishers are held back.
   * @default Size.mebibytes(1024)
   */
  readonly memoryLimit?: Size;
}

/**
 * A RabbitMQ broker of one node. Messages survive its restart and its crash. Queues, users and permissions are
 * declared when it starts, before a client can connect; nobody but the users of grants can log in.
 * @see https://www.rabbitmq.com/docs
 */
export class RabbitMq extends Construct implements IBroker {
  public readonly endpoint: Endpoint;
  /** The workload that runs the broker. */
  public readonly workload: Workload;

  private readonly queues: QueueSpec[] = [];
  private readonly principals: QueuePrincipal[] = [];

  /** @throws if a value is malformed. */
  public constructor(scope: Construct, id: string, props: RabbitMqProps = {}) {
    super(Application._openScope(scope, id), id);
    const memoryLimit = props.memoryLimit ?? Size.mebibytes(1024);
    const image = Application.of(this).images.find('rabbitmq');
    this.workload = new Workload(this, 'Default', {
      image: image.reference,
      user: image.user,
      group: image.group,
      command: ['sh', '-c', START_SCRIPT],
      ports: [{ name: 'amqp', number: 5672, scheme: 'amqp' }],
      // the port opens when everything is declared; a command of the image would start a virtual machine for each check
      health: HealthCheck.tcp(5672, { startPeriod: Duration.minutes(3) }),
      stable: true, // messages are stored under the node's name, which must not change
      writablePaths: ['/run/conduit', '/tmp', '/var/lib/rabbitmq'],
      resources: { memoryRequest: Size.mebibytes(Math.min(256, memoryLimit.toMebibytes())), memoryLimit, cpuRequest: 0.1 },
      stopGracePeriod: Duration.minutes(1),
    });
    this.endpoint = this.workload.endpoint('amqp');

    const data = new Volume(this, 'Data', { perMember: true, size: props.storage ?? Size.gibibytes(8), storageClass: props.storageClass });
    this.workload.main.mountVolume(data, '/var/lib/rabbitmq/mnesia');
    this.workload.main.mountConfigFile(new ConfigFile(this, 'Configuration', {
      path: '/etc/rabbitmq/conf.d/20-conduit.conf', content: renderConfiguration(memoryLimit),
    }));
    this.workload.main.mountConfigFile(new ConfigFile(this, 'Definitions', {
      path: TEMPLATE_PATH, source: { toText: () => renderDefinitions(this.queues, this.principals) },
    }));
  }

  public declareQueue(queue: QueueSpec): void {
    const names = this.queues.flatMap(other => [other.queueName, other.deadLetterQueueName]);
    const clash = [queue.queueName, queue.deadLetterQueueName].find(name => name !== undefined && names.includes(name));
    if (clash !== undefined) {
      throw new Error(`${queue.path}: ${this.node.path} has a queue '${clash}' already; choose another id or set 'queueName'`);
    }
    if (/^amq\./.test(queue.queueName)) throw new Error(`${queue.path}: RabbitMQ keeps names that begin with 'amq.' for itself, got '${queue.queueName}'`);
    this.queues.push(queue);
  }

  public grantQueue(principal: QueuePrincipal): QueueBinding {
    this.principals.push(principal);
    this.workload.main.mountSecret(principal.password);
    const sends = principal.right === QueueRight.SEND;
    return { variables: { QUEUE: principal.queueName, ...(sends ? { EXCHANGE: principal.queueName, ROUTING_KEY: principal.queueName } : {}) } };
  }
}
