import { basename, dirname } from 'path';
import type { Size } from 'cdk8s';
import { CLIENT_MECHANISM, CLIENT_PORT, INTERNAL_PORT, Listener, NODE_MECHANISM, OUTSIDE_PORT, securityProtocol } from './listeners';
import { controllerPort, Quorum, renderVoters } from './quorum';
import { defaultReplicas, majorityOf } from './topics';
import type { Certificate } from '../../model/certificate';
import { ConfigFile } from '../../model/config-file';
import type { Secret } from '../../model/secret';

/** Where a node stores what it is given. */
export const DATA_PATH = '/var/lib/kafka/data';
/** A directory of its own there, as a volume's root may hold what is not Kafka's. */
export const LOG_PATH = `${DATA_PATH}/kraft`;

/** What is known of a cluster once all its nodes are defined. */
export interface Cluster {
  readonly quorum: Quorum;
  /** Of all nodes, where clients connect by TLS. */
  readonly certificate?: Certificate;
  /** Whether a backlog is read from outside the application, where names need their suffix. */
  readonly scales: boolean;
  /** Under which `host:port` clients outside the application find each broker; empty if none may come. */
  readonly outside: string[];
}

/** What the nodes of one workload are. */
export interface NodeKind extends Cluster {
  /** Whether they store messages, for clients. */
  readonly broker: boolean;
  /** Whether they keep the cluster's own data. */
  readonly controller: boolean;
  /** Number of all brokers. */
  readonly brokers: number;
  readonly memoryLimit: Size;
}

/** Passwords of those who may do everything: whoever declares topics and users, and the nodes themselves. No user of a grant has their names. */
export interface SuperuserPasswords {
  readonly admin: Secret;
  readonly internal: Secret;
}

/** Who declares topics and users. */
export const ADMIN = 'admin';
/** What the nodes are to each other. */
const INTERNAL = 'internal';

/** Memory for the program's objects, in MiB: half, as the files that it serves are to be in memory, too. */
export function heapOf(memoryMebibytes: number): number {
  return Math.floor(memoryMebibytes / 2);
}

/**
 * The server's settings, the same for each node. `%{member}` and `%{node}` stand for its name and number, and `%{outside}` for its address
 * outside. The names of secrets stand for passwords.
 * @see https://kafka.apache.org/documentation/#brokerconfigs
 */
export function renderSettings(kind: NodeKind, { internal }: SuperuserPasswords): string {
  const { broker, controller, quorum, brokers, memoryLimit, outside } = kind;
  const listeners = listenersOf(kind);
  const login = `org.apache.kafka.common.security.plain.PlainLoginModule required username="${INTERNAL}" password="@{${internal.name}}" user_${INTERNAL}="@{${internal.name}}";`;
  const lines = [
    `process.roles=${[...(broker ? ['broker'] : []), ...(controller ? ['controller'] : [])].join(',')}`,
    'node.id=%{node}',
    `controller.quorum.voters=${renderVoters(quorum)}`,
    `log.dirs=${LOG_PATH}`,
    `listeners=${listeners.map(({ name, port, address }) => `${name}://${address}:${port}`).join(',')}`,
    `listener.security.protocol.map=${renderProtocols(kind)}`,
    ...keysOf(kind),
    'controller.listener.names=CONTROLLER',
    ...(broker ? ['inter.broker.listener.name=INTERNAL', `advertised.listeners=${listeners.flatMap(listener => advertised(listener, kind)).join(',')}`] : []),
    `sasl.mechanism.inter.broker.protocol=${NODE_MECHANISM}`,
    `sasl.mechanism.controller.protocol=${NODE_MECHANISM}`,
    ...['client', ...(outside.length > 0 ? ['outside'] : [])].flatMap(name => [
      `listener.name.${name}.sasl.enabled.mechanisms=${CLIENT_MECHANISM}`,
      `listener.name.${name}.${CLIENT_MECHANISM.toLowerCase()}.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;`,
    ]),
    ...['internal', 'controller'].flatMap(name => [
      `listener.name.${name}.sasl.enabled.mechanisms=${NODE_MECHANISM}`,
      `listener.name.${name}.${NODE_MECHANISM.toLowerCase()}.sasl.jaas.config=${login}`,
    ]),
    'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found=false',
    `super.users=User:${ADMIN};User:${INTERNAL}`,
    ...Object.entries(clusterSettings(brokers, heapOf(memoryLimit.toMebibytes()))).map(([name, value]) => `${name}=${value}`),
  ];
  return lines.map(line => `${line}\n`).join('');
}

/** Settings that have nothing to do with where the nodes run. */
export function clusterSettings(brokers: number, heapMebibytes: number): Record<string, string> {
  const replicas = `${defaultReplicas(brokers)}`;
  const majority = `${majorityOf(Number(replicas))}`;
  return {
    'auto.create.topics.enable': 'false',
    'unclean.leader.election.enable': 'false',
    'default.replication.factor': replicas,
    'min.insync.replicas': majority,
    ...Object.fromEntries(['offsets.topic', 'transaction.state.log', 'share.coordinator.state.topic'].map(topic => [`${topic}.replication.factor`, replicas])),
    ...Object.fromEntries(['transaction.state.log', 'share.coordinator.state.topic'].map(topic => [`${topic}.min.isr`, majority])),
    // the position of a group that is away for long is kept: without one, it would begin again
    'offsets.retention.minutes': '2147483647',
    // a lone consumer works at once; each one that comes later costs a new share-out, and there are never many
    'group.initial.rebalance.delay.ms': '0',
    // what has expired goes soon after
    'log.retention.check.interval.ms': '10000',
    'log.cleaner.dedupe.buffer.size': `${Math.max(8, Math.floor(heapMebibytes / 16)) * 1024 * 1024}`,
  };
}

/** What does not leave the node needs no TLS, and its address is in no certificate. */
function renderProtocols({ certificate, brokers, quorum, outside }: NodeKind): string {
  const stays = { CLIENT: false, ...(outside.length > 0 ? { OUTSIDE: false } : {}), INTERNAL: brokers === 1, CONTROLLER: quorum.members.length === 1 };
  return Object.entries(stays).map(([name, here]) => `${name}:${securityProtocol(certificate !== undefined && !here)}`).join(',');
}

/** The server reads the key where it is mounted, so that there is no second one; it checks other nodes as clients check it. */
function keysOf({ certificate }: NodeKind): string[] {
  if (!certificate) return [];
  const content = ({ path }: Secret) => `\${dir:${dirname(path)}:${basename(path)}}`;
  return [
    'config.providers=dir',
    'config.providers.dir.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider',
    'ssl.keystore.type=PEM',
    `ssl.keystore.certificate.chain=${content(certificate.chain)}`,
    `ssl.keystore.key=${content(certificate.key)}`,
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${certificate.caCertificates.path}`,
  ];
}

/** What nobody else has to reach, nobody else reaches. */
function listenersOf({ broker, controller, brokers, quorum: { members }, outside }: NodeKind): Listener[] {
  const amongst = (nodes: number) => nodes === 1 ? '127.0.0.1' : '';
  const serving: Listener[] = [
    { name: 'CLIENT', port: CLIENT_PORT, address: '' },
    ...(outside.length > 0 ? [{ name: 'OUTSIDE', port: OUTSIDE_PORT, address: '' }] as const : []),
    { name: 'INTERNAL', port: INTERNAL_PORT, address: amongst(brokers) },
  ];
  return [
    ...(broker ? serving : []),
    ...(controller ? [{ name: 'CONTROLLER', port: controllerPort(members.length), address: amongst(members.length) }] as const : []),
  ];
}

/** Where others find a listener, if they look for it. */
function advertised({ name, port, address }: Listener, { scales }: NodeKind): string[] {
  switch (name) {
    case 'CONTROLLER': return [];
    case 'OUTSIDE': return [`${name}://%{outside}`];
    default: return [`${name}://${address || `%{member}${scales && name === 'CLIENT' ? ConfigFile.DNS_SUFFIX : ''}`}:${port}`];
  }
}
