import { Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { completionCheck } from './completion-check';
import { renderDefinitions } from './definitions';
import { RABBITMQ_IMAGE } from './image';
import { PROVISION } from './programs.generated';
import { TEMPLATE_PATH } from './start';
import { Application } from '../../model/application';
import { ConfigFile } from '../../model/config-file';
import type { Endpoint } from '../../model/endpoint';
import type { Secret } from '../../model/secret';
import { Task } from '../../model/task';
import type { Principal } from '../../servers/access';
import { ExternalHosts } from '../../servers/external';
import type { ServerRuntime } from '../../servers/server';
import type { Declarations } from '../declarations';
import { ExternalBroker, requireNamePrefix } from '../external';

/** Where the program is mounted that declares everything, beside the definitions, which it looks for there. */
const PROVISION_PATH = '/etc/rabbitmq/conduit/provision';

/** Where an external RabbitMQ broker is. It must be RabbitMQ 4.3 or newer; everything is in its virtual host `/`. */
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

/**
 * An external broker, and the task that imports the definitions which a node of our own would load.
 * @param contradictions names of options that only a broker has that the application runs
 */
export function connectTo(broker: Construct, external: ExternalRabbitMq, contradictions: string[], declared: Declarations): ServerRuntime {
  const { tls = true, caCertificates } = external;
  requireNamePrefix(broker, external);
  const place = new ExternalHosts(broker, [external.host], external, contradictions);
  const endpoint = place.endpoint(external.port ?? (tls ? 5671 : 5672), tls ? 'amqps' : 'amqp');
  const definitions = new ConfigFile(broker, 'Definitions', { path: TEMPLATE_PATH, source: { toText: () => renderDefinitions(declared) } });
  const administrator = place.addAdministrator();
  if (!administrator) return { endpoint, caCertificates };
  const management = place.endpoint(external.managementPort ?? (tls ? 15671 : 15672), tls ? 'https' : 'http');
  const provisioning = addProvisioning(broker, administrator, management, caCertificates, completionCheck(endpoint.url));
  provisioning.main.mountConfigFile(definitions);
  return { endpoint, caCertificates, provisioning };
}

function addProvisioning(
  broker: Construct, { userName, password }: Principal, management: Endpoint, caCertificates: Secret | undefined, check: string[],
): Task {
  const image = Application.of(broker).images.register(RABBITMQ_IMAGE);
  const task = new Task(broker, 'Provisioning', {
    image: image.reference,
    uid: image.uid,
    gid: image.gid,
    command: ['escript', PROVISION_PATH, management.url, userName, password.path, ...(caCertificates ? [caCertificates.path] : [])],
    // whoever runs the completion check needs as much
    resources: { memoryRequest: Size.mebibytes(64), memoryLimit: Size.mebibytes(256) },
    completionCheck: check,
  });
  task.connectTo(management, { prefix: 'MANAGEMENT' });
  for (const secret of [password, ...(caCertificates ? [caCertificates] : [])]) task.main.mountSecret(secret);
  task.main.mountConfigFile(new ConfigFile(broker, 'Provision', { path: PROVISION_PATH, content: PROVISION }));
  return task;
}
