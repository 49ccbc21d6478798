import { RUN_PATH } from './apply';
import { controllerPort, renderVoters } from './quorum';
import { ADMIN, Authorities, DATA_PATH, heapOf, LOG_PATH, NodeKind } from './settings';
import type { Certificate } from '../../model/certificate';
import { fillPasswords } from '../passwords';

/** Where the script is mounted that starts a node. */
export const START_PATH = '/etc/kafka/conduit/start';
/** Where the settings are mounted, with placeholders for passwords. */
export const SETTINGS_PATH = '/etc/kafka/conduit/server.properties';
/** Where it is mounted what a node has to say, and how. */
export const LOGGING_PATH = '/etc/kafka/conduit/log4j2.properties';

/**
 * Fills the passwords into the settings, in memory that only the node sees, prepares new storage, and becomes the server.
 *
 * A node whose storage belongs to a cluster with other controllers does not start: it would be lost there. For the same reason a new
 * controller waits for the first one, which is not to be found where a cluster of another size runs.
 */
export function startScript(kind: NodeKind, { admin }: Authorities, id: string): string {
  const voters = renderVoters(kind.quorum);
  const firstId = kind.controller ? kind.quorum.firstId : 0;
  return `set -eu
umask 077
cd ${RUN_PATH}
known=${DATA_PATH}/conduit-voters
voters=${voters}
if [ -e "$known" ] && [ "$(cat "$known")" != "$voters" ]; then
  echo "refused: what is stored here is of a cluster with the controllers $(cat "$known"), which cannot become $voters; set the number of nodes or controllers to what it was, or make another broker. Everything stays as it was before" >&2
  exit 1
fi
${kind.certificate ? requireKey(kind.certificate) : ''}${fillPasswords(SETTINGS_PATH, 'template')}
sed "s/%{member}/$HOSTNAME/g;s/%{node}/$((${firstId} + \${HOSTNAME##*-}))/g" template > server.properties
export LOG_DIR=/tmp KAFKA_JMX_OPTS=' ' EXTRA_ARGS='-name kafkaServer'
if [ ! -e ${LOG_PATH}/meta.properties ]; then
${kind.controller && kind.quorum.members.length > 1 ? waitForFirst(kind) : ''}  cat > format <<ARGUMENTS
format
--cluster-id
${id}
--config
${RUN_PATH}/server.properties
--add-scram
SCRAM-SHA-512=[name=${ADMIN},password=$(cat ${admin.path})]
ARGUMENTS
  # what it writes holds keys
  KAFKA_HEAP_OPTS=-Xmx96m KAFKA_JVM_PERFORMANCE_OPTS=-XX:SharedArchiveFile=/opt/kafka/storage.jsa \\
    /opt/kafka/bin/kafka-storage.sh @${RUN_PATH}/format > /dev/null
  rm format
fi
echo "$voters" > "$known"
export KAFKA_HEAP_OPTS='-Xms64m -Xmx${heapOf(kind.memoryLimit.toMebibytes())}m' KAFKA_LOG4J_OPTS=-Dlog4j2.configurationFile=${LOGGING_PATH}
export KAFKA_JVM_PERFORMANCE_OPTS='-XX:+UseG1GC -XX:MaxGCPauseMillis=50 -XX:+ExitOnOutOfMemoryError -XX:-UsePerfData -XX:SharedArchiveFile=/opt/kafka/kafka.jsa'
exec /opt/kafka/bin/kafka-server-start.sh ${RUN_PATH}/server.properties
`;
}

/** The server would only say that it could not load the key, and many tools write another form by themselves. */
function requireKey({ key }: Certificate): string {
  return `if ! grep -q -e '-BEGIN PRIVATE KEY-' ${key.path}; then
  echo "refused: secret ${key.group} has no private key in PKCS #8 under '${key.key}', which begins with BEGIN PRIVATE KEY; convert it with 'openssl pkcs8 -topk8 -nocrypt', or have cert-manager write it by 'privateKey: { encoding: PKCS8 }'" >&2
  exit 1
fi
`;
}

function waitForFirst({ quorum }: NodeKind): string {
  const [first] = quorum.members;
  return `  if [ "$HOSTNAME" != ${first} ]; then
    echo 'waiting for ${first} to begin'
    until (: < /dev/tcp/${first}/${controllerPort(quorum.members.length)}) 2> /dev/null; do sleep 0.5; done
  fi
`;
}

/** All of it is told to whoever reads the container's output; files would fill its memory. What was refused to users is told, too. */
export function renderLogging(): string {
  return `status=error
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %p %m (%c)%n
rootLogger.level=info
rootLogger.appenderRef.console.ref=console
logger.states.name=state.change.logger
logger.states.level=warn
`;
}
