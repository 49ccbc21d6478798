import { QueuePrincipal, QueueRight, StartPosition, StreamPrincipal, StreamRight } from '../broker';
import { ClientSettings, CLIENT_MECHANISM, securityProtocol } from './listeners';
import { groupOf, readingOf } from './names';

/** What every client has to know. */
export function senderVariables({ servers, tls }: ClientSettings, topic: string): Record<string, string> {
  return { BOOTSTRAP_SERVERS: servers, SECURITY_PROTOCOL: securityProtocol(tls), SASL_MECHANISM: CLIENT_MECHANISM, TOPIC: topic };
}

/** What the clients of a queue have to know; the broker leaves counting deliveries to them. */
export function queueVariables(access: ClientSettings, { queue, right }: QueuePrincipal): Record<string, string> {
  const { topic, group } = readingOf(queue, right);
  if (right === QueueRight.SEND) return senderVariables(access, topic);
  const { acknowledgementTimeout } = queue;
  return {
    ...readerVariables(access, topic, group),
    ...(right === QueueRight.RECEIVE ? { DELIVERY_LIMIT: `${queue.deliveryLimit}` } : {}),
    ...(right === QueueRight.RECEIVE && queue.deadLetterQueueName !== undefined ? { DEAD_TOPIC: queue.deadLetterQueueName } : {}),
    ...(acknowledgementTimeout === undefined ? {} : { ACKNOWLEDGEMENT_TIMEOUT_MS: `${acknowledgementTimeout}` }),
  };
}

/** What the clients of a stream have to know. */
export function streamVariables(access: ClientSettings, { stream, right, group, startPosition, startAt }: StreamPrincipal): Record<string, string> {
  if (right === StreamRight.PUBLISH) return senderVariables(access, stream.streamName);
  return {
    ...readerVariables(access, stream.streamName, groupOf(stream, group!)),
    ...(startPosition === StartPosition.OFFSET ? { OFFSET: startAt! } : {}),
  };
}

/** A group without a position begins with the oldest, also in a partition that was added: it misses nothing. */
function readerVariables(access: ClientSettings, topic: string, group: string): Record<string, string> {
  return { ...senderVariables(access, topic), GROUP: group, AUTO_OFFSET_RESET: 'earliest' };
}
