import { LABELS, Own, pullSecrets, resourceName, RESTRICTED_CONTAINER, RESTRICTED_POD, spread } from './taking-over';
import type { Kafka } from '../brokers/kafka/kafka';
import { CLIENT_MECHANISM, CLIENT_PORT, OUTSIDE, OUTSIDE_PORT } from '../brokers/kafka/listeners';
import { outsidePort } from '../brokers/kafka/outside';
import type { KafkaRight } from '../brokers/kafka/rights';
import { heapOf } from '../brokers/kafka/settings';
import type { Exposure } from '../model/exposure';
import type { Entrance } from '../model/published-port';
import type { Volume } from '../model/volume';
import type { Workload } from '../model/workload';
import { byText } from '../private/names';
import { lowerResources } from '../targets/kubernetes/container';
import type { Manifest } from '../targets/kubernetes/plain';
import type { IProviderContext } from '../targets/kubernetes/provider';
import { sizeQuantity } from '../targets/kubernetes/quantities';

const SCRAM = CLIENT_MECHANISM.toLowerCase();

/** Nodes of one kind. */
export interface NodePool {
  readonly nodes: Workload;
  readonly storage: Volume;
  readonly roles: string[];
  /** Number of the first, by which clients know it; those of the others follow. */
  readonly firstId: number;
  /** Labels that select their pods. */
  readonly labels: Record<string, string>;
}

/** Nodes of one kind, in a cluster. */
export function kafkaNodePool(cluster: string, { nodes, storage, roles, firstId, labels }: NodePool, context: IProviderContext): Manifest {
  const { name, replicas, main } = nodes;
  return resource('KafkaNodePool', name, cluster, {
    replicas,
    roles,
    storage: {
      type: 'jbod',
      volumes: [{ id: 0, type: 'persistent-claim', size: sizeQuantity(storage.size.toMebibytes()), class: storage.storageClass, kraftMetadata: 'shared', deleteClaim: false }],
    },
    resources: lowerResources(main.resources),
    jvmOptions: { '-Xms': '64m', '-Xmx': `${heapOf(main.resources.memoryLimit)}m` },
    template: {
      pod: {
        securityContext: RESTRICTED_POD,
        imagePullSecrets: pullSecrets(context),
        topologySpreadConstraints: replicas > 1 ? spread(labels) : undefined,
      },
      kafkaContainer: { securityContext: RESTRICTED_CONTAINER },
    },
  }, { 'strimzi.io/next-node-ids': replicas === 1 ? `[${firstId}]` : `[${firstId}-${firstId + replicas - 1}]` });
}

/**
 * The cluster. Brokers advertise the names by which clients know them, and Strimzi's own policy, too, lets in none but clients.
 * @see https://strimzi.io/docs/operators/latest/configuring.html
 */
export function kafkaCluster({ workload, certificate, settings }: Own<Kafka>, labels: Record<string, string>, context: IProviderContext): Manifest {
  const { name, memberNames } = workload;
  const outside = outsidePort(workload);
  const container = { securityContext: RESTRICTED_CONTAINER };
  // Services of the chart lead to each, so that Strimzi makes none
  const listener = (listenerName: string, port: number, addresses: object[], clients: object[]) => ({
    name: listenerName,
    port,
    type: 'internal',
    tls: certificate !== undefined,
    authentication: { type: SCRAM },
    configuration: {
      brokers: addresses.map((address, broker) => ({ broker, ...address })),
      brokerCertChainAndKey: certificate && { secretName: certificate.chain.bundle, certificate: certificate.chain.key, key: certificate.key.key },
    },
    networkPolicyPeers: [toPeer(labels), ...clients], // an empty list would let in everyone
  });
  return resource('Kafka', name, undefined, {
    kafka: {
      listeners: [
        listener('client', CLIENT_PORT, memberNames.map(advertisedHost => ({ advertisedHost })), clientLabels(workload, context).map(toPeer)),
        ...outside ? [listener(OUTSIDE, OUTSIDE_PORT, outside.entrances.map(toAddress), outside.exposures.flatMap(toBlocks))] : [],
      ],
      authorization: { type: 'simple' },
      config: settings,
    },
    entityOperator: {
      topicOperator: {},
      // without it, the operator would write into the very Secret that the password is taken from
      userOperator: { secretPrefix: 'strimzi-' },
      template: {
        pod: { securityContext: RESTRICTED_POD, imagePullSecrets: pullSecrets(context) }, topicOperatorContainer: container, userOperatorContainer: container,
      },
    },
  });
}

function toAddress({ publicEndpoint }: Entrance): object {
  return { advertisedHost: publicEndpoint!.host, advertisedPort: publicEndpoint!.port };
}

function toPeer(matchLabels: Record<string, string>): object {
  return { podSelector: { matchLabels } };
}

function toBlocks({ sourceRanges }: Exposure): object[] {
  return sourceRanges.map(cidr => ({ ipBlock: { cidr } }));
}

/** All topics. */
export function kafkaTopics({ workload, serverTopics }: Own<Kafka>): Manifest[] {
  return serverTopics.map(({ name, partitions, replicas, settings }) =>
    resource('KafkaTopic', resourceName(workload, name), workload.name, { topicName: name, partitions, replicas, config: settings }));
}

/** All users, each with its password and its rights. */
export function kafkaUsers({ workload, declared: { principals }, rights }: Own<Kafka>): Manifest[] {
  const rightsOf = new Map(principals.map(({ userName }) => [userName, [] as KafkaRight[]]));
  for (const right of rights) rightsOf.get(right.userName)!.push(right);
  return principals.map(({ userName, password }) => resource('KafkaUser', userName, workload.name, {
    authentication: { type: SCRAM, password: { valueFrom: { secretKeyRef: { name: password.bundle, key: password.key } } } },
    authorization: {
      type: 'simple',
      acls: rightsOf.get(userName)!.flatMap(({ operations, resources }) => resources.map(({ kind, name }) => ({
        resource: { type: kind.toLowerCase(), name, patternType: 'literal' }, operations: operations.map(capitalize), host: '*',
      }))),
    },
  }));
}

function resource(kind: string, name: string, cluster: string | undefined, spec: object, annotations?: Record<string, string>): Manifest {
  const labels = cluster === undefined ? LABELS : { ...LABELS, 'strimzi.io/cluster': cluster };
  return { apiVersion: 'kafka.strimzi.io/v1', kind, metadata: { name, labels, annotations }, spec };
}

/** Labels of the pods of all clients. */
function clientLabels(server: Workload, context: IProviderContext): Record<string, string>[] {
  const clients = new Set(server.application.connectionsTo(server).flatMap(({ client }) => client.clientWorkload ?? []));
  return [...clients].sort((a, b) => byText(a.name, b.name)).map(client => context.podLabelsOf(client)).filter(labels => labels !== undefined);
}

function capitalize(operation: string): string {
  return `${operation[0]}${operation.slice(1).toLowerCase()}`;
}
