import { OPERATOR_DEVIATIONS as DEVIATIONS } from './deviations';
import { rabbitMqCluster, rabbitMqTopology } from './rabbit-mq-resources';
import { fromNamespace, Own, refuseAdditions, refuseLongName, requireOwn, takeOwn } from './taking-over';
import { definitionsOf } from '../brokers/rabbit-mq/definitions';
import type { RabbitMq } from '../brokers/rabbit-mq/rabbit-mq';
import { lowerDisruptionBudget } from '../targets/kubernetes/controller';
import { BrokerOperator, Takeover } from '../targets/kubernetes/operator';

/** Options of the operators for RabbitMQ. */
export interface RabbitMqOperatorProps {
  /**
   * Namespace in which both operators run.
   * @default 'rabbitmq-system'
   */
  readonly namespace?: string;
}

/** Where the topology operator connects. */
const MANAGEMENT_PORT = 15672;

/**
 * Hands a RabbitMQ broker over to the RabbitMQ Cluster Operator, and its queues, users and permissions to the Messaging Topology Operator.
 * @see https://www.rabbitmq.com/kubernetes/operator/operator-overview
 */
export class RabbitMqOperator extends BrokerOperator {
  private readonly broker: Own<RabbitMq>;

  /**
   * @param broker the broker that is handed over
   * @throws if the broker runs elsewhere, or the namespace is malformed.
   */
  public constructor(broker: RabbitMq, props: RabbitMqOperatorProps = {}) {
    super(broker, props.namespace ?? 'rabbitmq-system');
    this.broker = requireOwn(broker);
  }

  /** @internal */
  public _takeOver(takeover: Takeover): void {
    const { workload, authority, _declared: declared } = this.broker;
    const definitions = definitionsOf(declared);
    takeOwn(this.broker, takeover);
    refuseAdditions(this.broker, workload, declared.principals.map(({ password }) => password), takeover);
    // the operator makes a Service of the cluster's name, which must not be ours
    const cluster = `${workload.name}-cluster`;
    refuseLongName(workload, `${cluster}-server-0123456789`, takeover); // with the hash of a StatefulSet's revision
    const selector = { 'app.kubernetes.io/name': cluster, 'app.kubernetes.io/component': 'rabbitmq' };
    takeover.pods.set(workload, {
      selector, cluster: selector, members: workload.memberNames.map((_, ordinal) => ({ 'statefulset.kubernetes.io/pod-name': `${cluster}-server-${ordinal}` })),
    });
    takeover.ingress.set(workload, [fromNamespace(this.namespace, [MANAGEMENT_PORT])]);
    for (const { userName, password } of declared.principals) {
      takeover.logins.set(password.group, { userName, labels: { 'rabbitmq.com/topology-operator': 'true' } });
    }
    const { path } = workload.node;
    for (const deviation of [DEVIATIONS.administrator, DEVIATIONS.claimsRemoved]) takeover.fidelity.deviate(path, deviation);
    if (definitions.exchanges.some(({ internal }) => internal)) takeover.fidelity.deviate(path, DEVIATIONS.internalExchange);
    if (authority) takeover.fidelity.deviate(path, takeover.namespace === undefined ? DEVIATIONS.namespace : DEVIATIONS.plainListener);
    takeover.manifests.push(
      ...lowerDisruptionBudget(workload, selector),
      rabbitMqCluster(cluster, this.broker, definitions, selector, MANAGEMENT_PORT, takeover),
      ...rabbitMqTopology(cluster, this.broker, definitions),
    );
  }
}
