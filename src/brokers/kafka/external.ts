import type { Construct } from 'constructs';
import { kafkaScheme } from './listeners';
import type { KafkaRuntime } from './runtime';
import { Application } from '../../model/application';
import { Problems } from '../../private/problems';
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
 */
export function connectTo(broker: Construct, external: ExternalKafka, contradictions: string[]): KafkaRuntime {
  const { hosts, port = 9092, tls = true, caCertificates, replicas = 3 } = external;
  requireNamePrefix(broker, external);
  const place = new ExternalHosts(broker, hosts, external, contradictions);
  const problems = new Problems(broker.node.path);
  checkMembers(problems, 'replicas', replicas);
  Application._keep(broker, problems);
  return {
    endpoint: place.endpoint(port, kafkaScheme(tls)),
    caCertificates,
    replicas,
    access: { servers: hosts.map(host => `${host}:${port}`).join(','), tls, caCertificates },
    administrator: place.addAdministrator(),
  };
}
