import { LABELS, Own, resourceName } from './taking-over';
import type { Nats } from '../brokers/nats/nats';
import { completionCheck } from '../brokers/nats/provision';
import type { Manifest } from '../targets/kubernetes/plain';

/** Names of options in resources, by those of the server's interface. */
const STREAM_FIELDS: Record<string, string> = {
  name: 'name',
  subjects: 'subjects',
  retention: 'retention',
  storage: 'storage',
  num_replicas: 'replicas',
  discard: 'discard',
  max_consumers: 'maxConsumers',
  max_msgs: 'maxMsgs',
  max_bytes: 'maxBytes',
  max_msgs_per_subject: 'maxMsgsPerSubject',
  max_age: 'maxAge',
  duplicate_window: 'duplicateWindow',
  allow_msg_schedules: 'allowMsgSchedules',
};
const CONSUMER_FIELDS: Record<string, string> = {
  durable_name: 'durableName',
  ack_policy: 'ackPolicy',
  max_ack_pending: 'maxAckPending',
  deliver_policy: 'deliverPolicy',
  opt_start_seq: 'optStartSeq',
  opt_start_time: 'optStartTime',
  filter_subject: 'filterSubject',
  filter_subjects: 'filterSubjects',
  max_deliver: 'maxDeliver',
  ack_wait: 'ackWait',
  backoff: 'backoff',
  priority_policy: 'priorityPolicy',
  priority_groups: 'priorityGroups',
  priority_timeout: 'pinnedTtl',
};

/** Options that are times: nanoseconds for the server, text with a unit in resources. */
const TIMES = ['max_age', 'duplicate_window', 'ack_wait', 'backoff', 'priority_timeout'];

/** What the server takes when nothing is said, and the resource would make a nanosecond of. */
const USUAL_ACK_WAIT = '30s';

/** How the controller logs in, and a resource for each stream and each consumer. What holds messages stays when its resource goes. */
export function nackResources({ workload, administrator, serverStreams, serverConsumers }: Own<Nats>, server: string): Manifest[] {
  const resource = (kind: string, name: string, spec: object): Manifest => ({ apiVersion: 'jetstream.nats.io/v1beta2', kind, metadata: { name, labels: LABELS }, spec });
  const { password } = administrator!;
  const common = { account: workload.name, preventDelete: true };
  return [
    resource('Account', workload.name, {
      servers: [server], user: { secret: { name: password.bundle }, user: 'username', password: password.key },
    }),
    ...serverStreams.map(config => resource('Stream', resourceName(workload, config.name), { ...translate(config, STREAM_FIELDS), ...common })),
    ...serverConsumers.map(({ stream, consumer, config: { name: _, ...config } }) => {
      const spec = translate(config, CONSUMER_FIELDS);
      const ackWait = spec.ackWait ?? (spec.backoff as string[] | undefined)?.[0] ?? USUAL_ACK_WAIT;
      return resource('Consumer', resourceName(workload, `${stream}.${consumer}`), { streamName: stream, ...spec, ackWait, ...common });
    }),
  ];
}

/** A topic is complete when it has all its consumers, since nobody marks it here. */
export function nackCompletionCheck({ declared, serverConsumers }: Nats): string[] {
  const consumers = new Map(declared.topics.map(({ topicName }) => [topicName, 0]));
  for (const { stream } of serverConsumers) if (consumers.has(stream)) consumers.set(stream, consumers.get(stream)! + 1);
  return completionCheck(consumers);
}

/** @throws if an option has no name here, so that none is ever left out. */
function translate(config: Record<string, unknown>, fields: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([option, value]) => {
    if (fields[option] === undefined) throw new Error(`NACK knows no option '${option}'`);
    return [fields[option], TIMES.includes(option) ? inUnits(value as number | number[]) : inItsWords(value)];
  }));
}

/** No time is none at all. */
function inUnits(nanoseconds: number | number[]): string | string[] {
  if (Array.isArray(nanoseconds)) return nanoseconds.map(each => `${each / 1_000_000}ms`);
  return nanoseconds === 0 ? '' : `${nanoseconds / 1_000_000}ms`;
}

function inItsWords(value: unknown): unknown {
  return value === 'by_start_time' ? 'byStartTime' : value === 'by_start_sequence' ? 'byStartSequence' : value;
}
