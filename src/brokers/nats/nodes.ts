import { Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { CLIENT_PORT, DATA_PATH, renderConfiguration } from './configuration';
import { NATS_IMAGE } from './images';
import { findSpaceProblems } from './limits';
import type { NatsProps } from './nats';
import type { NatsRuntime } from './runtime';
import { HEALTH_PATH, renderHealthScript, RUN_PATH, START_PATH, startScript, TEMPLATE_PATH } from './start';
import { streamsOf, usualReplicas } from './streams';
import { Application } from '../../model/application';
import { ConfigFile } from '../../model/config-file';
import { HealthCheck } from '../../model/health-check';
import { Secret } from '../../model/secret';
import { Volume } from '../../model/volume';
import { Workload } from '../../model/workload';
import { ServerCertificate } from '../../servers/certificate';
import { requireMembers } from '../../servers/members';
import { announceServer } from '../../servers/public-address';
import type { Declarations } from '../declarations';

/** Servers of the application's own, with their storage and their files. */
export function runNodes(broker: Construct, props: NatsProps, declared: Declarations): NatsRuntime {
  const nodes = requireMembers(broker, 'nodes', props.nodes);
  const { storage = Size.gibibytes(8), memoryLimit = Size.mebibytes(512) } = props;
  const workload = makeServer(broker, nodes, memoryLimit, props.tls ? 'tls' : 'nats');
  announceServer(workload, props);
  const certificate = props.tls ? new ServerCertificate(broker, 'Tls', { workloads: [workload] }) : undefined;
  const data = new Volume(broker, 'Data', { perMember: true, size: storage, storageClass: props.storageClass });
  workload.main.mountVolume(data, DATA_PATH);
  // publishers are refused while there is still room for what servers note for themselves
  const messageBytes = Math.floor(storage.toMebibytes() * 0.8) * 1024 * 1024;

  const password = new Secret(broker, 'Admin', { key: 'password' });
  const administrator = { userName: password.name, password };
  const routePassword = nodes > 1 ? new Secret(broker, 'Routes', { key: 'password' }) : undefined;
  const { main, name, memberNames: members } = workload;
  for (const secret of [password, ...(routePassword ? [routePassword] : [])]) main.mountSecret(secret);
  const addFile = (id: string, path: string, toText: () => string) => {
    const file = new ConfigFile(broker, id, { path, source: { toText } });
    main.mountConfigFile(file);
    return file;
  };
  const settings = { declared, administrator, messageBytes, name, members, routePassword, certificate };
  const configuration = addFile('Configuration', TEMPLATE_PATH, () => renderConfiguration(settings));
  addFile('Start', START_PATH, () => startScript(nodes, memoryLimit));
  addFile('Health', HEALTH_PATH, renderHealthScript);
  const replicas = usualReplicas(nodes);
  broker.node.addValidation({ validate: () => findSpaceProblems(streamsOf(declared, replicas), messageBytes, nodes) });
  return {
    endpoint: workload.endpoint(),
    caCertificates: certificate?.caCertificates,
    workload,
    storage: data,
    members: nodes,
    replicas,
    administrator,
    settings,
    configuration,
  };
}

function makeServer(broker: Construct, nodes: number, memoryLimit: Size, scheme: string): Workload {
  const image = Application.of(broker).images.register(NATS_IMAGE);
  const clustered = nodes > 1;
  return new Workload(broker, 'Default', {
    image: image.reference,
    uid: image.uid,
    gid: image.gid,
    command: ['sh', START_PATH],
    ports: [{ name: 'nats', number: CLIENT_PORT, scheme }],
    health: HealthCheck.command(['sh', HEALTH_PATH], { startPeriod: Duration.minutes(5), timeout: Duration.seconds(10) }),
    replicas: nodes,
    stable: true, // messages are stored under the member's name, which must not change
    clustered,
    writablePaths: [RUN_PATH],
    resources: { memoryRequest: Size.mebibytes(Math.min(128, memoryLimit.toMebibytes())), memoryLimit, cpuRequest: 0.1, cpuLimit: 2 },
    stopSignal: clustered ? 'SIGUSR2' : undefined, // has a member hand over before it ends; alone, it would only end later
    stopGracePeriod: Duration.minutes(1),
  });
}
