import { LABELS, Own, pullSecrets, resourceName, RESTRICTED_CONTAINER, RESTRICTED_POD, spread } from './taking-over';
import type { Kafka } from '../brokers/kafka/kafka';
import { CLIENT_MECHANISM, CLIENT_PORT } from '../brokers/kafka/listeners';
import { Rights, rightsOfEach } from '../brokers/kafka/rights';
import { clusterSettings, heapOf } from '../brokers/kafka/settings';
import { serverTopics } from '../brokers/kafka/topics';
import type { Workload } from '../model/workload';
import { WorkloadBase } from '../model/workload-base';
import { byText } from '../private/names';
import { lowerResources } from '../targets/kubernetes/container';
import { selectorLabels } from '../targets/kubernetes/labels';
import type { Takeover } from '../targets/kubernetes/operator';
import type { Manifest } from '../targets/kubernetes/plain';

const SCRAM = CLIENT_MECHANISM.toLowerCase();

/** Nodes of one kind; their numbers, by which clients know them, are given. */
export function kafkaNodePool(cluster: string, nodes: Workload, roles: string[], firstId: number, takeover: Takeover): Manifest {
  const { name, replicas, main } = nodes;
  const { volume } = main.mounts[0];
  return resource('KafkaNodePool', name, cluster, {
    replicas,
    roles,
    storage: {
      type: 'jbod',
      volumes: [{ id: 0, type: 'persistent-claim', size: `${volume.size.toMebibytes()}Mi`, class: volume.storageClass, kraftMetadata: 'shared', deleteClaim: false }],
    },
    resources: lowerResources(main.resources),
    jvmOptions: { '-Xms': '64m', '-Xmx': `${heapOf(main.resources.memoryLimit)}m` },
    template: {
      pod: {
        securityContext: RESTRICTED_POD,
        imagePullSecrets: pullSecrets(takeover),
        topologySpreadConstraints: replicas > 1 ? spread(takeover.pods.get(nodes)!.selector) : undefined,
      },
      kafkaContainer: { securityContext: RESTRICTED_CONTAINER },
    },
  }, { 'strimzi.io/next-node-ids': replicas === 1 ? `[${firstId}]` : `[${firstId}-${firstId + replicas - 1}]` });
}

/**
 * The cluster. Brokers advertise the names by which clients know them, and Strimzi's own policy, too, lets in none but clients.
 * @see https://strimzi.io/docs/operators/latest/configuring.html
 */
export function kafkaCluster({ workload, _backing: { certificate } }: Own<Kafka>, takeover: Takeover): Manifest {
  const { name, memberNames, replicas, main } = workload;
  const container = { securityContext: RESTRICTED_CONTAINER };
  return resource('Kafka', name, undefined, {
    kafka: {
      listeners: [{
        name: 'client',
        port: CLIENT_PORT,
        type: 'internal',
        tls: certificate !== undefined,
        authentication: { type: SCRAM },
        configuration: {
          brokers: memberNames.map((advertisedHost, broker) => ({ broker, advertisedHost })),
          brokerCertChainAndKey: certificate && { secretName: certificate.chain.group, certificate: certificate.chain.key, key: certificate.key.key },
        },
        // an empty list would let in everyone
        networkPolicyPeers: [takeover.pods.get(workload)!.selector, ...clientsOf(workload, takeover).map(selectorLabels)]
          .map(matchLabels => ({ podSelector: { matchLabels } })),
      }],
      authorization: { type: 'simple' },
      config: clusterSettings(replicas, heapOf(main.resources.memoryLimit)),
    },
    entityOperator: {
      topicOperator: {},
      // without it, the operator would write into the very Secret that the password is taken from
      userOperator: { secretPrefix: 'strimzi-' },
      template: {
        pod: { securityContext: RESTRICTED_POD, imagePullSecrets: pullSecrets(takeover) }, topicOperatorContainer: container, userOperatorContainer: container,
      },
    },
  });
}

/** All topics. */
export function kafkaTopics({ workload, _declared: declared, _server: server }: Own<Kafka>): Manifest[] {
  return serverTopics(declared, server).map(({ name, partitions, replicas, settings }) =>
    resource('KafkaTopic', resourceName(workload, name), workload.name, { topicName: name, partitions, replicas, config: { ...settings, 'cleanup.policy': settings['cleanup.policy'].replace('+', ',') } }));
}

/** All users, each with its password and its rights. */
export function kafkaUsers({ workload, _declared: declared }: Own<Kafka>): Manifest[] {
  const rights = new Map(declared.principals.map(({ userName }) => [userName, [] as Rights[]]));
  for (const each of rightsOfEach(declared)) for (const user of each.users) rights.get(user)!.push(each);
  return declared.principals.map(({ userName, password }) => resource('KafkaUser', userName, workload.name, {
    authentication: { type: SCRAM, password: { valueFrom: { secretKeyRef: { name: password.group, key: password.key } } } },
    authorization: {
      type: 'simple',
      acls: rights.get(userName)!.flatMap(({ operations, resources }) => resources.map(text => {
        const [kind, ...words] = text.split(':');
        return { resource: { type: kind.toLowerCase(), name: words.join(':'), patternType: 'literal' }, operations: operations.map(capitalize), host: '*' };
      })),
    },
  }));
}

function resource(kind: string, name: string, cluster: string | undefined, spec: object, annotations?: Record<string, string>): Manifest {
  const labels = cluster === undefined ? LABELS : { ...LABELS, 'strimzi.io/cluster': cluster };
  return { apiVersion: 'kafka.strimzi.io/v1', kind, metadata: { name, labels, annotations }, spec };
}

function clientsOf(server: Workload, { taken }: Takeover): WorkloadBase[] {
  return server.application.node.findAll().filter((each): each is WorkloadBase => each instanceof WorkloadBase)
    .filter(client => !taken.has(client) && client.connections.some(({ endpoint }) => endpoint.workload === server))
    .sort((a, b) => byText(a.name, b.name));
}

function capitalize(operation: string): string {
  return `${operation[0]}${operation.slice(1).toLowerCase()}`;
}
