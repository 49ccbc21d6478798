import type { Size } from 'cdk8s';
import type { Certificate } from '../../model/certificate';
import type { Secret } from '../../model/secret';
import { fillPasswords } from '../passwords';

/** Where the definitions are mounted, with placeholders for passwords. */
export const TEMPLATE_PATH = '/etc/rabbitmq/conduit/definitions.json';
/** Where it is mounted what cannot change of queues that are there. */
export const IMMUTABLE_PATH = '/etc/rabbitmq/conduit/immutable';

/** Where the check of a node is mounted. */
export const HEALTH_PATH = '/etc/rabbitmq/conduit/health';

const DEFINITIONS_PATH = '/run/conduit/definitions.json';
const DATA_PATH = '/var/lib/rabbitmq/mnesia';

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
    `load_definitions = ${DEFINITIONS_PATH}`,
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

/**
 * The image reads no secret from a file, so passwords are filled in here, in memory that only the broker sees,
 * and never on a command line. Then the image's own entry point goes on.
 * A queue that is there keeps its type whatever the definitions say. So where these want another one, nothing of them is applied.
 */
export function startScript(members: string[], port: number, cookie?: Secret): string {
  return `set -eu
umask 077
cd /run/conduit
${fillPasswords(TEMPLATE_PATH, 'definitions.json')}
known=${DATA_PATH}/conduit-immutable
touch "$known"
while read -r name is; do
  was=$(sed -n "s/^$name //p" "$known")
  if [ -n "$was" ] && [ "$was" != "$is" ]; then
    echo "refused: queue '$name' is of type $was and cannot become $is; give the new one another name. Everything stays as it was before" >&2
    echo '{}' > definitions.json
  fi
done < ${IMMUTABLE_PATH}
if [ "$(cat definitions.json)" != '{}' ]; then
  cp ${IMMUTABLE_PATH} immutable
  while read -r name is; do grep -q "^$name " immutable || echo "$name $is" >> immutable; done < "$known"
  cp immutable "$known"
fi
rm -f /var/lib/rabbitmq/.erlang.cookie # one that is made up by Erlang itself could be guessed
${cookie ? `cp ${cookie.path} /var/lib/rabbitmq/.erlang.cookie
${joinCluster(members, port)}` : 'tr -dc A-Za-z0-9 < /dev/urandom | head -c 40 > /var/lib/rabbitmq/.erlang.cookie'}
exec docker-entrypoint.sh rabbitmq-server
`;
}

/**
 * A new member joins one that answers. The first member alone may begin a cluster, and only where none answers, so that there are never two.
 * The broker's own discovery would wait for members that are still waiting for the first.
 */
function joinCluster(members: string[], port: number): string {
  return `if [ ! -d "${DATA_PATH}/rabbit@$(hostname)" ]; then
  find() {
    for member in ${members.join(' ')}; do
      [ "$member" != "$(hostname)" ] && timeout 2 bash -c "</dev/tcp/$member/${port}" 2>/dev/null && echo "$member" && return
    done
  }
  seed=$(find || true)
  while [ -z "$seed" ] && [ "$(hostname)" != ${members[0]} ]; do
    echo 'waiting for a member to join'
    sleep 1
    seed=$(find || true)
  done
  if [ -n "$seed" ]; then
    cp -r /etc/rabbitmq/conf.d conf.d
    printf 'cluster_formation.%s\\n' 'peer_discovery_backend = classic_config' \
      "classic_config.nodes.1 = rabbit@$seed" "classic_config.nodes.2 = rabbit@$(hostname)" > conf.d/30-cluster.conf
    export RABBITMQ_CONFIG_FILES=/run/conduit/conf.d
  fi
fi`;
}

/**
 * Healthy while the port is open, for which a check waits until its time is up, so that a start is seen at once. It opens when the node has declared
 * everything; members of a cluster do that when all of them have come together, which is asked for once, as each question is a virtual machine.
 */
export function renderHealthScript(port: number, clustered: boolean, queues: number): string {
  return [
    `until </dev/tcp/127.0.0.1/${port}; do sleep 0.1; done 2>/dev/null`,
    ...(clustered ? [
      '[ -e /run/conduit/declared ] && exit 0',
      `[ "$(rabbitmqctl -q --no-table-headers list_queues name | wc -l)" -ge ${queues} ] && touch /run/conduit/declared`,
    ] : []),
    '',
  ].join('\n');
}
