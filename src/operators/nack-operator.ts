import { OPERATOR_DEVIATIONS as DEVIATIONS } from './deviations';
import { nackCompletionCheck, nackResources } from './nack-resources';
import { callersFrom, Own, requireOwn, requireSameApplication } from './taking-over';
import type { Nats } from '../brokers/nats/nats';
import { ConfigFile } from '../model/config-file';
import type { Primitive } from '../model/primitive';
import { checkCall } from '../private/check-call';
import { requireNamespace } from '../targets/kubernetes/namespace';
import type { IProvider, IProviderContext, Provision } from '../targets/kubernetes/provider';

/** Options of NACK. */
export interface NackOperatorProps {
  /**
   * Namespace in which the controller runs.
   * @default 'nack'
   */
  readonly namespace?: string;
}

/**
 * Hands streams and consumers of a NATS broker over to NACK, the controller for JetStream. The servers stay workloads of the chart.
 * @see https://github.com/nats-io/nack
 */
export class NackOperator implements IProvider {
  /** Namespace in which the controller runs. */
  public readonly namespace: string;

  private readonly broker: Own<Nats>;

  /**
   * @param broker the broker whose streams and consumers are handed over
   * @throws if the broker is external, or the namespace is malformed.
   */
  public constructor(broker: Nats, props: NackOperatorProps = {}) {
    checkCall(new.target, 'NackOperator', arguments);
    this.namespace = requireNamespace(`operator of ${broker.node.path}`, props.namespace ?? 'nack');
    this.broker = requireOwn(broker);
  }

  /**
   * The task that declares streams and consumers, with its files, and what the controller needs of the servers.
   * @throws if the broker belongs to another application.
   */
  public provide(primitive: Primitive, context: IProviderContext): Provision | undefined {
    checkCall(this, 'NackOperator.provide', arguments);
    requireSameApplication(this.broker, primitive);
    const { workload, provisioning, configuration, administrator, endpoint: { port } } = this.broker;
    if (primitive === provisioning) return this.provideTask(context);
    if (primitive instanceof ConfigFile && provisioning!.main.configFiles.includes(primitive)) return { manifests: [], deviations: [DEVIATIONS.operated] };
    // the controller cannot be told of another prefix for replies
    if (primitive === configuration) return { text: this.broker.configurationWith('_INBOX') };
    if (primitive === administrator!.password) return { secretData: { username: administrator!.userName } };
    return primitive === workload ? { callers: callersFrom(this.namespace, workload, [port]) } : undefined;
  }

  private provideTask({ namespace }: IProviderContext): Provision {
    const { workload: { name }, caCertificates, endpoint: { port } } = this.broker;
    return {
      manifests: nackResources(this.broker, `nats://${name}.${namespace}.svc:${port}`),
      completionCheck: nackCompletionCheck(this.broker),
      deviations: [
        DEVIATIONS.operated,
        ...(caCertificates ? [DEVIATIONS.certificateName] : []),
        ...(namespace === undefined ? [DEVIATIONS.namespace] : []),
      ],
    };
  }
}
