import { OPERATOR_DEVIATIONS as DEVIATIONS } from './deviations';
import { Definitions, rabbitMqCluster, rabbitMqTopology } from './rabbit-mq-resources';
import { additionsTo, callersFrom, longNames, Own, provideOwn, requireOwn, requireSameApplication } from './taking-over';
import type { RabbitMq } from '../brokers/rabbit-mq/rabbit-mq';
import type { Primitive } from '../model/primitive';
import { checkCall } from '../private/check-call';
import { lowerDisruptionBudget } from '../targets/kubernetes/controller';
import { requireNamespace } from '../targets/kubernetes/namespace';
import type { IProvider, IProviderContext, Provision } from '../targets/kubernetes/provider';

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
export class RabbitMqOperator implements IProvider {
  /** Namespace in which both operators run. */
  public readonly namespace: string;

  private readonly broker: Own<RabbitMq>;
  /** Names of users by their passwords; asked for when all of them are known. */
  private users?: Map<Primitive, string>;

  /**
   * @param broker the broker that is handed over
   * @throws if the broker is external, or the namespace is malformed.
   */
  public constructor(broker: RabbitMq, props: RabbitMqOperatorProps = {}) {
    checkCall(new.target, 'RabbitMqOperator', arguments);
    this.namespace = requireNamespace(`operator of ${broker.node.path}`, props.namespace ?? 'rabbitmq-system');
    this.broker = requireOwn(broker);
  }

  /**
   * Everything that the broker is made of, and what the topology operator reads beside passwords.
   * @throws if the broker belongs to another application.
   */
  public provide(primitive: Primitive, context: IProviderContext): Provision | undefined {
    checkCall(this, 'RabbitMqOperator.provide', arguments);
    requireSameApplication(this.broker, primitive);
    if (primitive === this.broker.workload) return this.provideNodes(context);
    this.users ??= new Map(this.broker.declared.principals.map(({ password, userName }) => [password, userName]));
    const username = this.users.get(primitive);
    if (username !== undefined) return { secretData: { username }, secretLabels: { 'rabbitmq.com/topology-operator': 'true' } };
    return provideOwn(this.broker, primitive);
  }

  private provideNodes(context: IProviderContext): Provision {
    const { workload, caCertificates, declared } = this.broker;
    const definitions: Definitions = this.broker.definitions;
    // the operator makes a Service of the cluster's name, which must not be ours
    const cluster = `${workload.name}-cluster`;
    const labels = { 'app.kubernetes.io/name': cluster, 'app.kubernetes.io/component': 'rabbitmq' };
    const members = workload.memberNames.map((name, ordinal) => [name, { 'statefulset.kubernetes.io/pod-name': `${cluster}-server-${ordinal}` }]);
    return {
      manifests: [
        ...lowerDisruptionBudget(workload, labels),
        rabbitMqCluster(cluster, this.broker, definitions, labels, MANAGEMENT_PORT, context),
        ...rabbitMqTopology(cluster, this.broker, definitions),
      ],
      pods: { labels, hosts: { [workload.name]: labels, ...Object.fromEntries(members) }, peers: labels },
      callers: callersFrom(this.namespace, workload, [MANAGEMENT_PORT]),
      deviations: [
        DEVIATIONS.operated, DEVIATIONS.administrator, DEVIATIONS.claimsRemoved,
        ...additionsTo(this.broker, workload, declared.principals.map(({ password }) => password)),
        ...longNames(`${cluster}-server-0123456789`), // with the hash of a StatefulSet's revision
        ...(definitions.exchanges.some(({ internal }) => internal) ? [DEVIATIONS.internalExchange] : []),
        ...(caCertificates ? [context.namespace === undefined ? DEVIATIONS.namespace : DEVIATIONS.plainListener] : []),
      ],
    };
  }
}
