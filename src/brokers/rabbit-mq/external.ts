import { Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { DECLARE_PATH, DECLARE_SCRIPT } from './declare';
import { renderDefinitions } from './definitions';
import { effectCommand } from './effect';
import { RABBITMQ_IMAGE } from './image';
import { TEMPLATE_PATH } from './start';
import { Application } from '../../model/application';
import { ConfigFile } from '../../model/config-file';
import { Endpoint } from '../../model/endpoint';
import { Task } from '../../model/task';
import type { Backing } from '../backing';
import type { Declarations } from '../declarations';
import { administratorOf, ExternalBroker, outsideEndpoint } from '../external';

/** Where a RabbitMQ broker is that runs elsewhere. It must be RabbitMQ 4.3 or newer; everything is in its virtual host `/`. */
export interface ExternalRabbitMq extends ExternalBroker {
  /** Name or address. */
  readonly host: string;
  /**
   * Port for AMQP 0-9-1.
   * @default - 5671, or 5672 without TLS
   */
  readonly port?: number;
  /**
   * Port of the management plugin's HTTP interface, on the same host; the task declares everything there.
   * @default - 15671, or 15672 without TLS
   */
  readonly managementPort?: number;
}

/** A broker that runs elsewhere, and the task that imports the definitions which a node of our own would load. */
export function connectTo(broker: Construct, external: ExternalRabbitMq, declared: Declarations): Backing {
  const { tls = true, authority, topology = true } = external;
  const endpoint = outsideEndpoint(broker, [external.host], external.port ?? (tls ? 5671 : 5672), tls ? 'amqps' : 'amqp', external);
  const definitions = new ConfigFile(broker, 'Definitions', { path: TEMPLATE_PATH, source: { toText: () => renderDefinitions(declared) } });
  if (!topology) return { endpoint, authority };
  const management = outsideEndpoint(broker, [external.host], external.managementPort ?? (tls ? 15671 : 15672), tls ? 'https' : 'http', external);
  return { endpoint, authority, topology: defineTask(broker, external, endpoint, management, definitions) };
}

function defineTask(broker: Construct, { administrator = 'admin', authority }: ExternalRabbitMq, endpoint: Endpoint, management: Endpoint, definitions: ConfigFile): Task {
  const image = Application.of(broker).images.register(RABBITMQ_IMAGE);
  const password = administratorOf(broker);
  const task = new Task(broker, 'Topology', {
    image: image.reference,
    user: image.user,
    group: image.group,
    command: ['escript', DECLARE_PATH, management.url, administrator, password.path, ...(authority ? [authority.path] : [])],
    // who waits for the effect needs as much
    resources: { memoryRequest: Size.mebibytes(64), memoryLimit: Size.mebibytes(256) },
    effect: effectCommand(endpoint.url),
  });
  task.connectTo(management, { prefix: 'MANAGEMENT' });
  for (const secret of [password, ...(authority ? [authority] : [])]) task.main.mountSecret(secret);
  task.main.mountConfigFile(definitions);
  task.main.mountConfigFile(new ConfigFile(broker, 'Declare', { path: DECLARE_PATH, source: { toText: () => DECLARE_SCRIPT } }));
  return task;
}
