import { OPERATOR_DEVIATIONS as DEVIATIONS } from './deviations';
import { nackEffect, nackResources } from './nack-resources';
import { fromNamespace, Own, requireOwn, takeOwn } from './taking-over';
import { CLIENT_PORT, renderConfiguration } from '../brokers/nats/configuration';
import type { Nats } from '../brokers/nats/nats';
import { BrokerOperator, Takeover } from '../targets/kubernetes/operator';

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
export class NackOperator extends BrokerOperator {
  private readonly broker: Own<Nats>;

  /**
   * @param broker the broker whose streams and consumers are handed over
   * @throws if the broker runs elsewhere, or the namespace is malformed.
   */
  public constructor(broker: Nats, props: NackOperatorProps = {}) {
    super(broker, props.namespace ?? 'nack');
    this.broker = requireOwn(broker);
  }

  /** @internal */
  public _takeOver(takeover: Takeover): void {
    const { workload, authority, _backing } = this.broker;
    const [topology, settings] = [this.broker.topology!, _backing.settings!]; // there are both where the servers are
    const { administrator: { userName, password } } = settings;
    const { path } = topology.node;
    takeOwn(topology, takeover);
    for (const file of topology.main.configFiles) takeOwn(file, takeover);
    if (authority) takeover.fidelity.deviate(path, DEVIATIONS.certificateName);
    if (takeover.namespace === undefined) takeover.fidelity.deviate(path, DEVIATIONS.namespace);
    // the controller cannot be told of another prefix for replies
    takeover.texts.set(_backing.configuration!, renderConfiguration({ ...settings, administratorInbox: '_INBOX' }));
    takeover.effects.set(topology, nackEffect(settings.declared));
    takeover.logins.set(password.group, { userName, labels: {} });
    takeover.ingress.set(workload, [fromNamespace(this.namespace, [CLIENT_PORT])]);
    takeover.manifests.push(...nackResources(this.broker, `nats://${workload.name}.${takeover.namespace}.svc:${CLIENT_PORT}`));
  }
}
