import { Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { declaredQueues, renderDefinitions, renderImmutable } from './definitions';
import { RABBITMQ_IMAGE } from './image';
import type { RabbitMqProps } from './rabbit-mq';
import { DATA_PATH, HEALTH_PATH, IMMUTABLE_PATH, renderConfiguration, renderHealthScript, RUN_PATH, startScript, TEMPLATE_PATH } from './start';
import { Application } from '../../model/application';
import { ConfigFile } from '../../model/config-file';
import { HealthCheck } from '../../model/health-check';
import { Secret } from '../../model/secret';
import { Volume } from '../../model/volume';
import { Workload } from '../../model/workload';
import { ServerCertificate } from '../../servers/certificate';
import { requireMembers } from '../../servers/members';
import { announceServer } from '../../servers/public-address';
import type { ServerRuntime } from '../../servers/server';
import type { Declarations } from '../declarations';

/** Nodes of the application's own, with their storage and their files. They declare everything when they start. */
export function runNodes(broker: Construct, props: RabbitMqProps, declared: Declarations): ServerRuntime {
  const nodes = requireMembers(broker, 'nodes', props.nodes);
  const clustered = nodes > 1;
  const listener = props.tls ? { name: 'amqps', number: 5671, scheme: 'amqps' } : { name: 'amqp', number: 5672, scheme: 'amqp' };
  const memoryLimit = props.memoryLimit ?? Size.mebibytes(1024);
  const image = Application.of(broker).images.register(RABBITMQ_IMAGE);
  const workload = new Workload(broker, 'Default', {
    image: image.reference,
    uid: image.uid,
    gid: image.gid,
    command: ['sh', '/etc/rabbitmq/conduit/start'],
    ports: [listener],
    health: HealthCheck.command(['bash', HEALTH_PATH], { get startPeriod() { return startPeriod(declared); }, timeout: Duration.seconds(15) }),
    replicas: nodes,
    stable: true, // messages are stored under the node's name, which must not change
    clustered,
    writablePaths: [RUN_PATH, '/tmp', '/var/lib/rabbitmq'],
    resources: { memoryRequest: Size.mebibytes(Math.min(256, memoryLimit.toMebibytes())), memoryLimit, cpuRequest: 0.1, cpuLimit: 2 },
    stopGracePeriod: Duration.minutes(1),
  });
  announceServer(workload, props);
  const certificate = props.tls ? new ServerCertificate(broker, 'Tls', { workloads: [workload] }) : undefined;
  const data = new Volume(broker, 'Data', { perMember: true, size: props.storage ?? Size.gibibytes(8), storageClass: props.storageClass });
  workload.main.mountVolume(data, DATA_PATH);
  const cookie = clustered ? new Secret(broker, 'Cookie') : undefined;
  if (cookie) workload.main.mountSecret(cookie);
  const addFile = (id: string, path: string, toText: () => string) => workload.main.mountConfigFile(new ConfigFile(broker, id, { path, source: { toText } }));
  addFile('Configuration', '/etc/rabbitmq/conf.d/20-conduit.conf', () => renderConfiguration(memoryLimit, nodes, certificate));
  // the image's plugin would tell whoever reaches its port, without a login, what queues there are and what is in them
  addFile('Plugins', '/etc/rabbitmq/enabled_plugins', () => '[].\n');
  addFile('Start', '/etc/rabbitmq/conduit/start', () => startScript(workload.memberNames, listener.number, cookie));
  addFile('Definitions', TEMPLATE_PATH, () => renderDefinitions(declared));
  addFile('Immutable', IMMUTABLE_PATH, () => renderImmutable(declared));
  addFile('Health', HEALTH_PATH, () => renderHealthScript(listener.number, clustered, declaredQueues(declared).length));
  return { endpoint: workload.endpoint(), caCertificates: certificate?.caCertificates, workload, storage: data, members: nodes };
}

/** A node declares everything before clients can connect: 2,000 queues take four minutes of a small machine, and longer of a busy one. */
function startPeriod(declared: Declarations): Duration {
  return Duration.minutes(5 + Math.floor(declaredQueues(declared).length / 200));
}
