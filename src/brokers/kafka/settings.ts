import type { Size } from 'cdk8s';
import { CLIENT_MECHANISM, CLIENT_PORT, INTERNAL_PORT, Listener, NODE_MECHANISM, renderListeners, SECURITY_PROTOCOL } from './listeners';
import { controllerPort, Quorum, renderVoters } from './quorum';
import { defaultReplicas, majorityOf } from './topics';
import type { Secret } from '../../model/secret';

/** Where a node stores what it is given. */
export const DATA_PATH = '/var/lib/kafka/data';
/** A directory of its own there, as a volume's root may hold what is not Kafka's. */
export const LOG_PATH = `${DATA_PATH}/kraft`;

/** What the nodes of one workload are. */
export interface NodeKind {
  /** Whether they store messages, for clients. */
  readonly broker: boolean;
  /** Whether they keep the cluster's own data. */
  readonly controller: boolean;
  readonly quorum: Quorum;
  /** Number of all brokers. */
  readonly brokers: number;
  readonly memoryLimit: Size;
}

/** Passwords of those who may do everything: whoever declares topics and users, and the nodes themselves. No user of a grant has their names. */
export interface Authorities {
  readonly admin: Secret;
  readonly internal: Secret;
}

/** Who declares topics and users. */
export const ADMIN = 'admin';
/** What the nodes are to each other. */
const INTERNAL = 'internal';

/** Memory for the program's objects, in MiB: half, as the files that it serves are to be in memory, too. */
export function heapOf({ memoryLimit }: NodeKind): number {
  return Math.floor(memoryLimit.toMebibytes() / 2);
}

/**
 * The server's settings, the same for each node: `%{member}` and `%{node}` stand for its name and number, and the names of secrets
 * for passwords.
 * @see https://kafka.apache.org/documentation/#brokerconfigs
 */
export function renderSettings(kind: NodeKind, { internal }: Authorities): string {
  const { broker, controller, quorum, brokers } = kind;
  const listeners = listenersOf(kind);
  const replicas = defaultReplicas(brokers);
  const majority = majorityOf(replicas);
  const login = `org.apache.kafka.common.security.plain.PlainLoginModule required username="${INTERNAL}" password="@{${internal.name}}" user_${INTERNAL}="@{${internal.name}}";`;
  const lines = [
    `process.roles=${[...(broker ? ['broker'] : []), ...(controller ? ['controller'] : [])].join(',')}`,
    'node.id=%{node}',
    `controller.quorum.voters=${renderVoters(quorum)}`,
    `log.dirs=${LOG_PATH}`,
    `listeners=${renderListeners(listeners)}`,
    `listener.security.protocol.map=${['CLIENT', 'INTERNAL', 'CONTROLLER'].map(name => `${name}:${SECURITY_PROTOCOL}`).join(',')}`,
    'controller.listener.names=CONTROLLER',
    ...(broker ? ['inter.broker.listener.name=INTERNAL', `advertised.listeners=${renderListeners(listeners.filter(({ name }) => name !== 'CONTROLLER').map(advertised))}`] : []),
    `sasl.mechanism.inter.broker.protocol=${NODE_MECHANISM}`,
    `sasl.mechanism.controller.protocol=${NODE_MECHANISM}`,
    `listener.name.client.sasl.enabled.mechanisms=${CLIENT_MECHANISM}`,
    `listener.name.client.${CLIENT_MECHANISM.toLowerCase()}.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;`,
    ...['internal', 'controller'].flatMap(name => [
      `listener.name.${name}.sasl.enabled.mechanisms=${NODE_MECHANISM}`,
      `listener.name.${name}.${NODE_MECHANISM.toLowerCase()}.sasl.jaas.config=${login}`,
    ]),
    'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found=false',
    `super.users=User:${ADMIN};User:${INTERNAL}`,
    'auto.create.topics.enable=false',
    'unclean.leader.election.enable=false',
    `default.replication.factor=${replicas}`,
    `min.insync.replicas=${majority}`,
    ...['offsets.topic', 'transaction.state.log', 'share.coordinator.state.topic'].map(topic => `${topic}.replication.factor=${replicas}`),
    ...['transaction.state.log', 'share.coordinator.state.topic'].map(topic => `${topic}.min.isr=${majority}`),
    // the position of a group that is away for long is kept: without one, it would begin again
    'offsets.retention.minutes=2147483647',
    // a lone consumer works at once; each one that comes later costs a new share-out, and there are never many
    'group.initial.rebalance.delay.ms=0',
    // what has expired goes soon after
    'log.retention.check.interval.ms=10000',
    `log.cleaner.dedupe.buffer.size=${Math.max(8, Math.floor(heapOf(kind) / 16)) * 1024 * 1024}`,
  ];
  return lines.map(line => `${line}\n`).join('');
}

/** What nobody else has to reach, nobody else reaches. */
function listenersOf({ broker, controller, brokers, quorum: { members } }: NodeKind): Listener[] {
  const amongst = (nodes: number) => nodes === 1 ? '127.0.0.1' : '';
  return [
    ...(broker ? [{ name: 'CLIENT', port: CLIENT_PORT, address: '' }, { name: 'INTERNAL', port: INTERNAL_PORT, address: amongst(brokers) }] as const : []),
    ...(controller ? [{ name: 'CONTROLLER', port: controllerPort(members.length), address: amongst(members.length) }] as const : []),
  ];
}

/** Where others find a listener. */
function advertised({ address, ...listener }: Listener): Listener {
  return { ...listener, address: address === '' ? '%{member}' : address };
}
