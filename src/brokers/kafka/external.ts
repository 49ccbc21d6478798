import type { Construct } from 'constructs';
import { kafkaScheme } from './listeners';
import type { KafkaRuntime } from './runtime';
import type { Problems } from '../../private/problems';
import { ExternalHosts } from '../../servers/external';
import { checkMembers } from '../../servers/members';
import { ExternalBroker, requireNamePrefix } from '../external';

/** Where an external Kafka cluster is. It must have SCRAM-SHA-512 for clients, and an authorizer. */
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
 * An external cluster.
 * @param contradictions names of options that only a cluster has that the application runs
 * @throws if a value is malformed, together with the problems that were found before.
 */
export function connectTo(broker: Construct, external: ExternalKafka, contradictions: string[], problems: Problems): KafkaRuntime {
  const { hosts, port = 9092, tls = true, caCertificates, replicas = 3 } = external;
  requireNamePrefix(broker, external);
  const place = new ExternalHosts(broker, hosts, external, contradictions);
  checkMembers(problems, 'replicas', replicas);
  problems.throwIfAny();
  return {
    endpoint: place.endpoint(port, kafkaScheme(tls)),
    caCertificates,
    replicas,
    access: { servers: hosts.map(host => `${host}:${port}`).join(','), tls, caCertificates },
    administrator: place.addAdministrator(),
  };
}
