import { Deviation, FidelityLevel } from '../targets/fidelity';

/** Where a broker that an operator runs differs from one that the manifests run. `docs/fidelity.md` is written from this table. */
export const OPERATOR_DEVIATIONS = {
  operated: {
    level: FidelityLevel.EMULATED,
    feature: 'broker that an operator runs',
    reason: 'the operator decides how pods are made, checked, updated and stopped, and changes each resource by itself: one that it cannot change says so in its status, while others are changed',
  },
  administrator: {
    level: FidelityLevel.EMULATED,
    feature: 'nobody but the users of grants can log in (RabbitMqOperator)',
    reason: 'the cluster operator makes an administrator of its own, whose password is in a Secret that it makes, too',
  },
  internalExchange: {
    level: FidelityLevel.EMULATED,
    feature: 'exchange that no client may publish to (RabbitMqOperator)',
    reason: 'the resource has no field for internal exchanges; no user has a right to them',
  },
  plainListener: {
    level: FidelityLevel.EMULATED,
    feature: 'TLS and nothing else (RabbitMqOperator)',
    reason: 'the broker listens without TLS, too, for checks and for the topology operator; the NetworkPolicy lets no client get there',
  },
  earlierMessages: {
    level: FidelityLevel.EMULATED,
    feature: 'subscriber that is added later gets what is published from then on (StrimziOperator)',
    reason: 'Strimzi sets no positions of groups: the subscriber begins with the oldest message that is still kept',
  },
  topicRemoved: {
    level: FidelityLevel.EMULATED,
    feature: 'topic that stays when nobody declares it any more (StrimziOperator)',
    reason: 'the topic, with its messages, goes when somebody deletes its KafkaTopic; as long as that is there, so is the topic',
  },
  claimsRemoved: {
    level: FidelityLevel.EMULATED,
    feature: 'storage that stays when the broker is deleted (RabbitMqOperator)',
    reason: 'the cluster operator makes the claims a part of the RabbitmqCluster, with which they are deleted',
  },
  additions: {
    level: FidelityLevel.REFUSED,
    feature: 'what a program adds to the workload of a broker that an operator runs',
    reason: 'the operator makes the pods',
    remedy: 'leave the containers, variables, mounts and connections out that are not of the library, or the operator',
  },
  longName: {
    level: FidelityLevel.REFUSED,
    feature: 'a long name of a broker that an operator runs',
    reason: 'pods get longer names from the operator, which have to fit into a label of 63 characters',
    remedy: 'choose a shorter id',
  },
  startPosition: {
    level: FidelityLevel.REFUSED,
    feature: 'a reader that begins with the next event, or at a time, with StrimziOperator',
    reason: 'Strimzi sets no positions of groups',
    remedy: 'begin with the oldest event or at an offset, which the program seeks to',
  },
  scaling: {
    level: FidelityLevel.REFUSED,
    feature: "'scaling' by a backlog with StrimziOperator",
    reason: 'brokers tell clients their short names, which KEDA cannot resolve in another namespace',
    remedy: "leave out 'scaling', or the operator",
  },
  namespace: {
    level: FidelityLevel.REFUSED,
    feature: 'an operator that connects from a namespace of its own',
    reason: 'the full name of a Service contains its namespace, which the chart was not told',
    remedy: "set 'namespace' of the KubernetesChart",
  },
  kedaNamespace: {
    level: FidelityLevel.REFUSED,
    feature: 'replicas that follow a backlog, with Keda',
    reason: 'KEDA reads the backlog from another namespace, where a Service is found by its full name only, and the chart was not told its own namespace',
    remedy: "set 'namespace' of the KubernetesChart",
  },
  certificateName: {
    level: FidelityLevel.REFUSED,
    feature: 'TLS with NackOperator',
    reason: 'NACK connects from another namespace by a name for which the certificate is not',
    remedy: "leave out 'tls', or the operator",
  },
} satisfies Record<string, Deviation>;
