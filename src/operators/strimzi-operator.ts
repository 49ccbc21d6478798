import { OPERATOR_DEVIATIONS as DEVIATIONS } from './deviations';
import { kafkaCluster, kafkaNodePool, kafkaTopics, kafkaUsers } from './strimzi-resources';
import { additionsTo, callersFrom, longNames, Own, provideOwn, requireOwn, requireSameApplication } from './taking-over';
import { StartPosition } from '../brokers/broker';
import type { Kafka } from '../brokers/kafka/kafka';
import { FIRST_CONTROLLER } from '../brokers/kafka/quorum';
import type { Primitive } from '../model/primitive';
import type { Workload } from '../model/workload';
import { checkCall } from '../private/check-call';
import { requireNamespace } from '../targets/kubernetes/namespace';
import type { IProvider, IProviderContext, Provision, ProvisionDeviation } from '../targets/kubernetes/provider';

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
export class StrimziOperator implements IProvider {
  /** Namespace in which the cluster operator runs. */
  public readonly namespace: string;

  private readonly broker: Own<Kafka>;

  /**
   * @param broker the broker that is handed over
   * @throws if the broker is external, or the namespace is malformed.
   */
  public constructor(broker: Kafka, props: StrimziOperatorProps = {}) {
    checkCall(new.target, 'StrimziOperator', arguments);
    this.namespace = requireNamespace(`operator of ${broker.node.path}`, props.namespace ?? 'kafka');
    this.broker = requireOwn(broker);
  }

  /**
   * Everything that the cluster is made of.
   * @throws if it belongs to another application.
   */
  public provide(primitive: Primitive, context: IProviderContext): Provision | undefined {
    checkCall(this, 'StrimziOperator.provide', arguments);
    requireSameApplication(this.broker, primitive);
    const { workload, controllers } = this.broker;
    if (primitive === workload) return this.provideBrokers(context);
    if (controllers && primitive === controllers) return { manifests: [], ...this.provideNodes(controllers) };
    return provideOwn(this.broker, primitive);
  }

  private provideBrokers(context: IProviderContext): Provision {
    const { workload, controllers, storage, controllerStorage } = this.broker;
    const { pods, callers, deviations } = this.provideNodes(workload);
    const pools = [
      { nodes: workload, storage, roles: controllers ? ['broker'] : ['controller', 'broker'], firstId: 0, labels: pods.labels },
      ...(controllers ? [{ nodes: controllers, storage: controllerStorage!, roles: ['controller'], firstId: FIRST_CONTROLLER, labels: this.labelsOf(controllers) }] : []),
    ];
    const members = workload.memberNames.map((name, ordinal) => [name, { 'strimzi.io/pod-name': this.podName(workload, ordinal) }]);
    return {
      manifests: [
        ...pools.map(pool => kafkaNodePool(workload.name, pool, context)),
        kafkaCluster(this.broker, pods.labels, context),
        ...kafkaTopics(this.broker),
        ...kafkaUsers(this.broker),
      ],
      pods: { ...pods, hosts: { [workload.name]: pods.labels, ...Object.fromEntries(members) } },
      callers,
      deviations: [...deviations, DEVIATIONS.topicRemoved, ...this.startDeviations(), ...this.scalingDeviations()],
    };
  }

  private provideNodes(nodes: Workload) {
    const first = this.podName(nodes, nodes === this.broker.workload ? 0 : FIRST_CONTROLLER);
    return {
      pods: { labels: this.labelsOf(nodes), peers: { 'strimzi.io/cluster': this.broker.workload.name } },
      callers: callersFrom(this.namespace, nodes, OPERATOR_PORTS),
      deviations: [DEVIATIONS.operated, ...additionsTo(this.broker, nodes), ...longNames(first)],
    };
  }

  /** Strimzi lets nobody set the labels by which pods are selected elsewhere, so that they are selected by its own. */
  private labelsOf(nodes: Workload): Record<string, string> {
    return { 'strimzi.io/cluster': this.broker.workload.name, 'strimzi.io/pool-name': nodes.name };
  }

  private podName(nodes: Workload, id: number): string {
    return `${this.broker.workload.name}-${nodes.name}-${id}`;
  }

  private startDeviations(): ProvisionDeviation[] {
    const { queues, streamPrincipals } = this.broker.declared;
    const refused = streamPrincipals.filter(({ startPosition }) => startPosition === StartPosition.LATEST || startPosition === StartPosition.TIME);
    return [
      ...queues.filter(({ source }) => source).map(({ path }) => ({ ...DEVIATIONS.earlierMessages, path })),
      ...[...new Set(refused.map(({ stream }) => stream.path))].map(path => ({ ...DEVIATIONS.startPosition, path })),
    ];
  }

  private scalingDeviations(): ProvisionDeviation[] {
    const { node: { path }, workload } = this.broker;
    return workload.backlogReaders.length > 0 ? [{ ...DEVIATIONS.scaling, path }] : [];
  }
}
