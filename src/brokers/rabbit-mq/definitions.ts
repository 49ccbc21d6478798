import { toJsonLines } from '../../private/json';
import { BrokerPrincipal, ChannelOperation, Overflow, QueuePrincipal, QueueRight, QueueSpec, StreamPrincipal, StreamRight, StreamSpec, TopicSource } from '../broker';
import type { Declarations } from '../declarations';

const VHOST = '/';

/** Leads to every queue by the queue's name. */
const DEFAULT_EXCHANGE = 'amq.default';

/**
 * Everything that the broker has, as definitions name it.
 * Limits are policies, not arguments of queues, as policies can change. A program that declares a queue must give the same arguments that
 * the queue has.
 * @see https://www.rabbitmq.com/docs/definitions
 */
export function definitionsOf(declared: Declarations) {
  const { queues, topics, streams } = declared;
  return {
    vhosts: [{ name: VHOST, default_queue_type: 'quorum' }],
    users: declared.principals.map(({ userName, password }) => ({ name: userName, password: `@{${password.name}}`, tags: [], limits: {} })),
    permissions: permissionsOf(declared),
    topic_permissions: [],
    parameters: [],
    global_parameters: [],
    policies: [...queues.flatMap(policiesOf), ...streams.flatMap(streamPolicies)],
    queues: declaredQueues(declared),
    exchanges: [
      ...queues.flatMap(exchangesOf),
      ...topics.map(({ topicName }) => exchange(topicName, 'topic')),
      ...streams.map(({ streamName }) => exchange(streamName, 'direct')),
    ],
    bindings: [...queues.flatMap(bindingsOf), ...streams.map(({ streamName }) => bindingOf(streamName, streamName))],
  };
}

/** A definitions file, which the broker applies with each start. */
export function renderDefinitions(declared: Declarations): string {
  return `${toJsonLines(definitionsOf(declared), 2)}\n`;
}

/** What cannot change once the queue is there: a line for each, its name first. */
export function renderImmutable(declared: Declarations): string {
  return declaredQueues(declared).map(({ name, arguments: fixed }) =>
    `${name} ${fixed['x-queue-type']}${fixed['x-single-active-consumer'] ? ' with a single active consumer' : ''}\n`).join('');
}

/** Names of all queues and streams. */
export function declaredQueues({ queues, streams }: Declarations) {
  return [
    ...queues.flatMap(queue => namesOf(queue).map(name => quorumQueue(name, name !== queue.queueName ? {} : {
      ...(queue.singleActiveConsumer ? { 'x-single-active-consumer': true } : {}),
      ...(queue.replicas === undefined ? {} : { 'x-quorum-initial-group-size': queue.replicas }),
    }))),
    ...streams.map(({ streamName, replicas }) => queueOf(streamName, {
      'x-queue-type': 'stream', ...(replicas === undefined ? {} : { 'x-initial-cluster-size': replicas }),
    })),
  ];
}

/** Names of all queues that the broker has for one that is declared. */
export function namesOf(queue: QueueSpec): string[] {
  const { queueName, deadLetterQueueName, delays } = queue;
  return [queueName, ...(deadLetterQueueName === undefined ? [] : [deadLetterQueueName]), ...delays.map(delay => delayKey(queue, delay))];
}

/** Name of the queue in which messages wait, which is also their routing key. */
export function delayKey({ queueName }: QueueSpec, delay: number): string {
  return `${queueName}.delay-${delay}ms`;
}

function queueOf(name: string, fixed: Record<string, unknown>) {
  return { name, vhost: VHOST, durable: true, auto_delete: false, arguments: fixed };
}

function quorumQueue(name: string, more: Record<string, unknown>) {
  return queueOf(name, { 'x-queue-type': 'quorum', ...more });
}

function exchange(name: string, type: string, internal = false) {
  return { name, vhost: VHOST, type, durable: true, auto_delete: false, internal, arguments: {} };
}

function bindingOf(source: string, destination: string, key = destination, type = 'queue', headers: Record<string, string> = {}) {
  return { source, vhost: VHOST, destination, destination_type: type, routing_key: key, arguments: headers };
}

/**
 * Patterns of what a user may configure, write to and read from. Sending goes to an exchange of the queue's own, since
 * the right to write to the default exchange is a right to every queue.
 */
function permissionsOf({ queuePrincipals, topicPrincipals, streamPrincipals }: Declarations) {
  const permission = ({ userName }: BrokerPrincipal, { configure = NOTHING, write = NOTHING, read = NOTHING }) =>
    ({ user: userName, vhost: VHOST, configure, write, read });
  return [
    ...queuePrincipals.map(principal => permission(principal, queueRights(principal))),
    ...topicPrincipals.map(principal => permission(principal, { write: only(principal.topic.topicName) })),
    ...streamPrincipals.map(principal => permission(principal, streamRights(principal))),
  ].sort((a, b) => a.user < b.user ? -1 : 1);
}

const NOTHING = '^$';

/** Whether a user's patterns match what it needs: an exchange of the channel's name, or the one that leads to every queue, or a queue. */
export function permits(declared: Declarations, userName: string, operation: ChannelOperation, channelName: string): boolean {
  const { write, read } = permissionsOf(declared).find(({ user }) => user === userName) ?? { write: NOTHING, read: NOTHING };
  return operation === ChannelOperation.RECEIVE
    ? new RegExp(read).test(channelName)
    : [channelName, DEFAULT_EXCHANGE].some(exchangeName => new RegExp(write).test(exchangeName));
}

function queueRights({ queue, right, declares }: QueuePrincipal): { configure?: string; write?: string; read?: string } {
  const queueName = right === QueueRight.RECEIVE_DEAD_LETTERS ? queue.deadLetterQueueName! : queue.queueName;
  const configure = declares ? only(queueName) : undefined;
  if (right !== QueueRight.SEND) return { configure, read: only(queueName) };
  return { configure, write: declares ? `^(${escapePattern(queueName)}|${escapePattern(DEFAULT_EXCHANGE)})$` : only(queueName) };
}

function streamRights({ stream, right }: StreamPrincipal) {
  return right === StreamRight.PUBLISH ? { write: only(stream.streamName) } : { read: only(stream.streamName) };
}

function policy(name: string, appliesTo: string, definition: object) {
  return { 'vhost': VHOST, 'name': `conduit-${name}`, 'pattern': only(name), 'apply-to': appliesTo, 'priority': 1, definition };
}

function policiesOf(queue: QueueSpec) {
  const dead = queue.deadLetterQueueName;
  const rejectsNew = queue.overflow === Overflow.REJECT_NEW;
  const own = policy(queue.queueName, 'quorum_queues', {
    'delivery-limit': queue.deliveryLimit - 1, // RabbitMQ counts deliveries after the first
    'overflow': rejectsNew ? 'reject-publish' : 'drop-head',
    ...given('message-ttl', queue.messageTtl),
    ...given('max-length', queue.maxLength),
    ...given('max-length-bytes', queue.maxSize),
    ...given('consumer-timeout', queue.acknowledgementTimeout),
    ...(queue.retryDelay === undefined ? {} : {
      'delayed-retry-type': 'failed', 'delayed-retry-min': queue.retryDelay, 'delayed-retry-max': queue.maxRetryDelay,
    }),
    ...(dead === undefined ? {} : {
      'dead-letter-exchange': dead,
      'dead-letter-routing-key': dead,
      // moving a message without ever losing it is possible only where the queue refuses when it is full
      'dead-letter-strategy': rejectsNew ? 'at-least-once' : 'at-most-once',
    }),
  });
  const waiting = queue.delays.map(delay => policy(delayKey(queue, delay), 'quorum_queues', {
    'delivery-limit': -1,
    'overflow': 'reject-publish',
    'message-ttl': delay,
    'dead-letter-exchange': queue.queueName,
    'dead-letter-routing-key': queue.queueName,
    'dead-letter-strategy': 'at-least-once',
  }));
  return [own, ...(dead === undefined ? [] : [policy(dead, 'quorum_queues', { 'delivery-limit': -1 })]), ...waiting];
}

/** Whole segments are removed, so there have to be several. */
function streamPolicies({ streamName, maxAge, maxSize }: StreamSpec) {
  const definition = {
    ...given('max-age', maxAge === undefined ? undefined : `${Math.ceil(maxAge / 1000)}s`),
    ...given('max-length-bytes', maxSize),
    ...given('stream-max-segment-size-bytes', maxSize === undefined ? undefined : Math.min(500_000_000, Math.ceil(maxSize / 4))),
  };
  return Object.keys(definition).length > 0 ? [policy(streamName, 'streams', definition)] : [];
}

/** A queue that is sent to has an exchange of its own; one that subscribes has one where headers choose. */
function exchangesOf({ queueName, deadLetterQueueName: dead, source }: QueueSpec) {
  const own = !source ? [exchange(queueName, 'direct')] : choosesByHeader(source) ? [exchange(queueName, 'headers', true)] : [];
  return [...own, ...(dead === undefined ? [] : [exchange(dead, 'direct', true)])];
}

function bindingsOf(queue: QueueSpec) {
  const { queueName, deadLetterQueueName: dead, source } = queue;
  const own = !source
    ? [bindingOf(queueName, queueName), ...queue.delays.map(delay => bindingOf(queueName, delayKey(queue, delay)))]
    : choosesByHeader(source)
      ? [bindingOf(source.topicName, queueName, source.filter, 'exchange'), bindingOf(queueName, queueName, '', 'queue', { ...source.headers, 'x-match': 'all-with-x' })]
      : [bindingOf(source.topicName, queueName, source.filter)];
  return [...own, ...(dead === undefined ? [] : [bindingOf(dead, dead)])];
}

function choosesByHeader({ headers }: TopicSource): boolean {
  return Object.keys(headers).length > 0;
}

function given<T>(key: string, value: T | undefined): Record<string, T> {
  return value === undefined ? {} : { [key]: value };
}

/** A pattern that matches one name. */
function only(name: string): string {
  return `^${escapePattern(name)}$`;
}

function escapePattern(name: string): string {
  return name.replace(/[.]/g, '\\.');
}
