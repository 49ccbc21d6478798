import type { Construct } from 'constructs';
import type { KafkaBacking } from './backing';
import { kafkaScheme } from './listeners';
import type { Problems } from '../../private/problems';
import { administratorOf, ExternalBroker, outsideEndpoint } from '../external';
import { requireReplicas } from '../nodes';

/** Where a Kafka cluster is that runs elsewhere. It must have SCRAM-SHA-512 for clients, and an authorizer. */
export interface ExternalKafka extends ExternalBroker {
  /** Names or addresses of some of its brokers, of which one has to be there when a client starts; they tell of all others. */
  readonly hosts: string[];
  /**
   * Port of each broker.
   * @default 9092
   */
  readonly port?: number;
  /**
   * Number of brokers that store each message, where nothing else is said.
   * @default 3
   */
  readonly replicas?: number;
}

/**
 * A cluster that runs elsewhere.
 * @throws if a value is malformed, together with the problems that were found before.
 */
export function connectTo(broker: Construct, external: ExternalKafka, problems: Problems): KafkaBacking {
  const { hosts, port = 9092, tls = true, authority, topology = true, administrator = 'admin', replicas = 3 } = external;
  requireReplicas(problems, replicas);
  problems.throwIfAny();
  return {
    endpoint: outsideEndpoint(broker, hosts, port, kafkaScheme(tls), external),
    authority,
    replicas,
    access: { servers: hosts.map(host => `${host}:${port}`).join(','), tls, authority },
    administrator: topology ? { userName: administrator, password: administratorOf(broker) } : undefined,
  };
}
