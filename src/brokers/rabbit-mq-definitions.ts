import type { Size } from 'cdk8s';
import { Overflow, QueuePrincipal, QueueRight, QueueSpec } from './broker';
import { byText } from '../private/names';

/** Where the definitions are mounted, with placeholders for passwords. */
export const TEMPLATE_PATH = '/etc/rabbitmq/conduit/definitions.json';

const DEFINITIONS_PATH = '/run/conduit/definitions.json';
const VHOST = '/';

/**
 * The image reads no secret from a file, so passwords are filled in here, in memory that only the broker sees,
 * and never on a command line. Then the image's own entry point goes on.
 */
export const START_SCRIPT = `set -eu
umask 077
cd /run/conduit
: > passwords.sed
for file in /run/secrets/*; do
  [ -f "$file" ] || continue
  password=$(cat "$file")
  case $password in
    ''|*[!A-Za-z0-9._~-]*)
      echo "secret \${file##*/}: only letters, digits and . _ ~ - are possible here" >&2
      exit 1 ;;
  esac
  printf 's/@{%s}/%s/\\n' "\${file##*/}" "$password" >> passwords.sed
done
sed -f passwords.sed ${TEMPLATE_PATH} > definitions.json
rm passwords.sed
rm -f /var/lib/rabbitmq/.erlang.cookie # one that is made up by Erlang itself could be guessed
tr -dc A-Za-z0-9 < /dev/urandom | head -c 40 > /var/lib/rabbitmq/.erlang.cookie
exec docker-entrypoint.sh rabbitmq-server
`;

/** The broker's own settings. */
export function renderConfiguration(memoryLimit: Size): string {
  return [
    `load_definitions = ${DEFINITIONS_PATH}`,
    // so that a program which declares its queue without naming a type gets the queue that is there
    'default_queue_type = quorum',
    `vm_memory_high_watermark.absolute = ${Math.floor(memoryLimit.toMebibytes() * 0.6)}MiB`,
    '',
  ].join('\n');
}

/**
 * Everything that the broker has: a definitions file, which it applies with each start.
 * Limits stand in policies, not in the queues' arguments: policies can change, and a program that declares a queue
 * must give the very arguments that the queue has.
 * @see https://www.rabbitmq.com/docs/definitions
 */
export function renderDefinitions(queues: QueueSpec[], principals: QueuePrincipal[]): string {
  const sorted = [...queues].sort((a, b) => byText(a.queueName, b.queueName));
  const users = [...principals].sort((a, b) => byText(a.userName, b.userName));
  const definitions = {
    vhosts: [{ name: VHOST, default_queue_type: 'quorum' }],
    users: users.map(({ userName, password }) => ({ name: userName, password: `@{${password.name}}`, tags: [], limits: {} })),
    permissions: users.map(user => ({ user: user.userName, vhost: VHOST, ...permissionsOf(user) })),
    topic_permissions: [],
    parameters: [],
    global_parameters: [],
    policies: sorted.flatMap(policiesOf),
    queues: sorted.flatMap(namesOf).map(quorumQueue),
    exchanges: sorted.flatMap(exchangesOf),
    bindings: sorted.flatMap(namesOf).map(bindingOf),
  };
  return `${JSON.stringify(definitions, null, 2)}\n`;
}

/**
 * Patterns of what a user may configure, write to and read from. Sending goes to an exchange of the queue's own, since
 * the right to write to the default exchange is a right to every queue.
 */
function permissionsOf({ queueName, right, declares }: QueuePrincipal) {
  const queue = escapePattern(queueName);
  const sends = right === QueueRight.SEND;
  return {
    configure: declares ? `^${queue}$` : '^$',
    write: !sends ? '^$' : declares ? `^(${queue}|amq\\.default)$` : `^${queue}$`,
    read: sends ? '^$' : `^${queue}$`,
  };
}

function policiesOf(queue: QueueSpec) {
  const policy = (name: string, definition: object) => (
    { 'vhost': VHOST, 'name': `conduit-${name}`, 'pattern': `^${escapePattern(name)}$`, 'apply-to': 'quorum_queues', 'priority': 1, definition });
  const dead = queue.deadLetterQueueName;
  const rejectsNew = queue.overflow === Overflow.REJECT_NEW;
  const own = policy(queue.queueName, {
    'delivery-limit': queue.deliveryLimit - 1, // RabbitMQ counts deliveries after the first
    'overflow': rejectsNew ? 'reject-publish' : 'drop-head',
    ...(queue.messageTtl === undefined ? {} : { 'message-ttl': queue.messageTtl }),
    ...(queue.maxLength === undefined ? {} : { 'max-length': queue.maxLength }),
    ...(dead === undefined ? {} : {
      'dead-letter-exchange': dead,
      'dead-letter-routing-key': dead,
      // moving a message without ever losing it is possible only where the queue refuses when it is full
      'dead-letter-strategy': rejectsNew ? 'at-least-once' : 'at-most-once',
    }),
  });
  return dead === undefined ? [own] : [own, policy(dead, { 'delivery-limit': -1 })];
}

function quorumQueue(name: string) {
  return { name, vhost: VHOST, durable: true, auto_delete: false, arguments: { 'x-queue-type': 'quorum' } };
}

function exchangesOf({ queueName, deadLetterQueueName: dead }: QueueSpec) {
  const exchange = (name: string, internal: boolean) => ({ name, vhost: VHOST, type: 'direct', durable: true, auto_delete: false, internal, arguments: {} });
  return [exchange(queueName, false), ...(dead === undefined ? [] : [exchange(dead, true)])];
}

function bindingOf(name: string) {
  return { source: name, vhost: VHOST, destination: name, destination_type: 'queue', routing_key: name, arguments: {} };
}

/** Names of the queue and of its dead-letter queue. */
function namesOf({ queueName, deadLetterQueueName }: QueueSpec): string[] {
  return deadLetterQueueName === undefined ? [queueName] : [queueName, deadLetterQueueName];
}

function escapePattern(name: string): string {
  return name.replace(/[.]/g, '\\.');
}
