import type { Size } from 'cdk8s';
import { HEALTH, START } from './programs.generated';
import type { Certificate } from '../../model/certificate';
import type { Secret } from '../../model/secret';
import { program } from '../../private/program';
import { FILL_PASSWORDS } from '../../servers/programs.generated';

/** Where the definitions are mounted, with placeholders for passwords. */
export const TEMPLATE_PATH = '/etc/rabbitmq/conduit/definitions.json';
/** Where it is mounted what cannot change of queues that are there. */
export const IMMUTABLE_PATH = '/etc/rabbitmq/conduit/immutable';

/** Where the check of a node is mounted. */
export const HEALTH_PATH = '/etc/rabbitmq/conduit/health';

/** Memory of the broker's own. */
export const RUN_PATH = '/run/conduit';
/** Where the broker stores messages. */
export const DATA_PATH = '/var/lib/rabbitmq/mnesia';

/** Settings that have nothing to do with where the broker runs. */
export function brokerSettings(memoryMebibytes: number): Record<string, string> {
  return {
    // so that a program which declares its queue without naming a type gets the queue that is there
    'default_queue_type': 'quorum',
    'vm_memory_high_watermark.absolute': `${Math.floor(memoryMebibytes * 0.6)}MiB`,
  };
}

/** The broker's own settings. */
export function renderConfiguration(memoryLimit: Size, nodes: number, tls?: Certificate): string {
  return [
    `load_definitions = ${RUN_PATH}/definitions.json`,
    ...Object.entries(brokerSettings(memoryLimit.toMebibytes())).map(([name, value]) => `${name} = ${value}`),
    // queues are declared by the node that completes the cluster, so that each of them has all its replicas
    ...(nodes > 1 ? [`cluster_formation.target_cluster_size_hint = ${nodes}`] : []),
    ...(tls ? [
      'listeners.tcp = none',
      'listeners.ssl.default = 5671',
      `ssl_options.cacertfile = ${tls.chain.path}`, // what follows the server's own certificate leads to the authority
      `ssl_options.certfile = ${tls.chain.path}`,
      `ssl_options.keyfile = ${tls.key.path}`,
      'ssl_options.verify = verify_none', // clients say who they are by password
    ] : []),
    '',
  ].join('\n');
}

/** Starts a node. */
export function startScript(members: string[], port: number, cookie?: Secret): string {
  return program({
    RUN: RUN_PATH,
    DATA: DATA_PATH,
    TEMPLATE: TEMPLATE_PATH,
    IMMUTABLE: IMMUTABLE_PATH,
    COOKIE: cookie?.path ?? '',
    MEMBERS: members.join(' '),
    PORT: port,
  }, FILL_PASSWORDS, START);
}

/** Tells whether a node is healthy. */
export function renderHealthScript(port: number, clustered: boolean, queues: number): string {
  return program({ RUN: RUN_PATH, PORT: port, QUEUES: clustered ? queues : '' }, HEALTH);
}
