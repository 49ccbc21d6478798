import { OPERATOR_DEVIATIONS as DEVIATIONS } from './deviations';
import { kafkaCluster, kafkaNodePool, kafkaTopics, kafkaUsers } from './strimzi-resources';
import { fromNamespace, Own, refuseAdditions, refuseLongName, requireOwn, takeOwn } from './taking-over';
import { StartPosition } from '../brokers/broker';
import type { Kafka } from '../brokers/kafka/kafka';
import { FIRST_CONTROLLER } from '../brokers/kafka/quorum';
import type { Workload } from '../model/workload';
import { BrokerOperator, Takeover } from '../targets/kubernetes/operator';

/** Options of the Strimzi operator. */
export interface StrimziOperatorProps {
  /**
   * Namespace in which the cluster operator runs. It must watch that of the chart.
   * @default 'kafka'
   */
  readonly namespace?: string;
}

/** What the cluster operator connects to: controllers, brokers, and the agent beside each of them. */
const OPERATOR_PORTS = [8443, 9090, 9091];

/**
 * Hands a Kafka cluster over to Strimzi, with its topics, users and rights.
 * @see https://strimzi.io/documentation/
 */
export class StrimziOperator extends BrokerOperator {
  private readonly broker: Own<Kafka>;

  /**
   * @param broker the broker that is handed over
   * @throws if the broker runs elsewhere, or the namespace is malformed.
   */
  public constructor(broker: Kafka, props: StrimziOperatorProps = {}) {
    super(broker, props.namespace ?? 'kafka');
    this.broker = requireOwn(broker);
  }

  /** @internal */
  public _takeOver(takeover: Takeover): void {
    const { workload, controllers, _declared: { queues, streamPrincipals, principals } } = this.broker;
    takeOwn(this.broker, takeover);
    this.takeNodes(workload, takeover, true);
    if (controllers) this.takeNodes(controllers, takeover, false);
    takeover.fidelity.deviate(workload.node.path, DEVIATIONS.topicRemoved);
    for (const { path, source } of queues) if (source) takeover.fidelity.deviate(path, DEVIATIONS.earlierMessages);
    for (const { stream, startPosition } of streamPrincipals) {
      if (startPosition === StartPosition.LATEST || startPosition === StartPosition.TIME) takeover.fidelity.deviate(stream.path, DEVIATIONS.startPosition);
    }
    if (principals.some(({ scaled }) => scaled)) takeover.fidelity.deviate(this.broker.node.path, DEVIATIONS.scaling);
    takeover.manifests.push(
      kafkaNodePool(workload.name, workload, controllers ? ['broker'] : ['controller', 'broker'], 0, takeover),
      ...(controllers ? [kafkaNodePool(workload.name, controllers, ['controller'], FIRST_CONTROLLER, takeover)] : []),
      kafkaCluster(this.broker, takeover),
      ...kafkaTopics(this.broker),
      ...kafkaUsers(this.broker),
    );
  }

  /** Strimzi lets nobody set the labels by which pods are selected elsewhere, so that they are selected by its own. */
  private takeNodes(nodes: Workload, takeover: Takeover, serves: boolean): void {
    const { name } = this.broker.workload;
    const podNames = nodes.memberNames.map((_, ordinal) => `${name}-${nodes.name}-${serves ? ordinal : FIRST_CONTROLLER + ordinal}`);
    refuseAdditions(this.broker, nodes, [], takeover);
    refuseLongName(nodes, podNames[0], takeover);
    const cluster = { 'strimzi.io/cluster': name };
    const members = podNames.map(podName => ({ 'strimzi.io/pod-name': podName }));
    takeover.pods.set(nodes, { selector: { ...cluster, 'strimzi.io/pool-name': nodes.name }, cluster, members: serves ? members : undefined });
    takeover.ingress.set(nodes, [fromNamespace(this.namespace, OPERATOR_PORTS)]);
  }
}
