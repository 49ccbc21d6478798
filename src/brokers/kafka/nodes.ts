import { Size } from 'cdk8s';
import type { Construct } from 'constructs';
import type { KafkaProps } from './kafka';
import { CLIENT, CLIENT_PORT, OUTSIDE } from './listeners';
import { KafkaNodePool } from './node-pool';
import { announceOutside, outsideAddresses } from './outside';
import { FIRST_CONTROLLER, Quorum } from './quorum';
import type { KafkaRuntime } from './runtime';
import { ADMIN, Cluster } from './settings';
import { defaultReplicas } from './topics';
import { Application } from '../../model/application';
import type { Certificate } from '../../model/certificate';
import { Secret } from '../../model/secret';
import { Workload } from '../../model/workload';
import { Problems } from '../../private/problems';
import { ServerCertificate } from '../../servers/certificate';
import { requireMembers } from '../../servers/members';

/** A cluster of the application's own. */
export function runNodes(broker: Construct, props: KafkaProps): KafkaRuntime {
  const nodes = requireMembers(broker, 'nodes', props.nodes);
  const { controllers: asked, storageClass, tls = false, memoryLimit = Size.mebibytes(1024), storage = Size.gibibytes(8) } = props;
  const problems = new Problems(broker.node.path);
  const voters = problems.check(asked === undefined || asked === 3, `'controllers' must be 3, got ${asked}`) ? asked : 3;
  problems.check(memoryLimit.toMebibytes() >= 512, `'memoryLimit' must be 512 MiB or more, got ${memoryLimit.toMebibytes()} MiB`);
  const outside = props.publicHost !== undefined || props.publicHosts !== undefined;
  problems.check(outside || (props.publicPort === undefined && props.hostPort === undefined),
    "Kafka tells clients where to find each broker, so 'publicPort' and 'hostPort' need 'publicHost'; give it, 'localhost' for this machine");
  Application._keep(broker, problems);

  const admin = new Secret(broker, 'Admin', { key: 'password' });
  const superusers = { admin, internal: new Secret(broker, 'Internal', { key: 'password' }) };
  const quorum = (): Quorum => controllers ? { members: controllers.memberNames, firstId: FIRST_CONTROLLER } : { members: nodes === 1 ? ['127.0.0.1'] : workload.memberNames, firstId: 0 };
  const cluster = (): Cluster => ({ quorum: quorum(), certificate, scales: workload.backlogReaders.length > 0, outside: outsideAddresses(workload) });
  const common = { brokers: nodes, voters: voters ?? nodes, tls, cluster, superusers, storageClass };
  const smaller = { memoryLimit: Size.mebibytes(512), storage: Size.gibibytes(2) };
  const controlling = voters === undefined ? undefined
    : new KafkaNodePool(broker, 'Controllers', { ...common, ...smaller, replicas: voters, broker: false, controller: true, outside: false });
  const controllers: Workload | undefined = controlling?.workload;
  const serving = new KafkaNodePool(broker, 'Default', { ...common, memoryLimit, storage, replicas: nodes, broker: true, controller: !controllers, outside });
  const workload: Workload = serving.workload;
  if (outside) announceOutside(workload, props);
  if (controllers) workload.connectTo(controllers.endpoint(), { prefix: 'CONTROLLERS' });
  const workloads = controllers ? [workload, controllers] : [workload];
  const certificate: Certificate | undefined = tls ? new ServerCertificate(broker, 'Tls', { workloads }) : undefined;
  if (certificate) for (const { main } of workloads) main.mountSecret(certificate.caCertificates);
  return {
    endpoint: workload.endpoint(CLIENT),
    outsideEndpoint: outside ? workload.endpoint(OUTSIDE) : undefined,
    caCertificates: certificate?.caCertificates,
    certificate,
    workload,
    storage: serving.storage,
    controllers,
    controllerStorage: controlling?.storage,
    members: nodes,
    replicas: defaultReplicas(nodes),
    // every broker, since any of them tells a client of all others, if it is there
    access: { servers: workload.memberNames.map(member => `${member}:${CLIENT_PORT}`).join(','), tls, caCertificates: certificate?.caCertificates },
    administrator: { userName: ADMIN, password: admin },
  };
}
