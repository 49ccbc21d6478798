# shellcheck shell=bash
# Fills the passwords into the settings, in memory that only the node sees, prepares new storage, and becomes the server.
#
# A node whose storage belongs to a cluster with other controllers does not start: it would be lost there. For the same reason a new
# controller waits for the first one, which is not to be found where a cluster of another size runs.
#
# RUN, DATA, LOGS             directories: memory of the node's own, its storage, and its messages there
# SETTINGS, LOGGING           files
# CLUSTER, VOTERS             what tells the cluster from others, and its controllers
# FIRST_ID                    number of the first node
# FIRST, FIRST_PORT           the controller that others wait for; empty where none does
# OUTSIDE                     addresses under which clients outside find each broker; empty where none may come
# ADMIN, ADMIN_PASSWORD_FILE  who declares everything
# KEY, KEY_IN                 file of the private key, and where others find it; empty without TLS
# HEAP                        memory for objects, in MiB

set -eu
umask 077
cd "$RUN"
known=$DATA/conduit-voters
if [ -e "$known" ] && [ "$(cat "$known")" != "$VOTERS" ]; then
  echo "refused: what is stored here is of a cluster with the controllers $(cat "$known"), which cannot become $VOTERS; set the number of nodes or controllers to what it was, or make another broker. Everything stays as it was before" >&2
  exit 1
fi
# the server would only say that it could not load the key, and many tools write another form by themselves
if [ -n "$KEY" ] && ! grep -q -e '-BEGIN PRIVATE KEY-' "$KEY"; then
  echo "refused: secret ${KEY_IN%/*} has no private key in PKCS #8 under '${KEY_IN#*/}', which begins with BEGIN PRIVATE KEY; convert it with 'openssl pkcs8 -topk8 -nocrypt', or have cert-manager write it by 'privateKey: { encoding: PKCS8 }'" >&2
  exit 1
fi
fill_passwords "$SETTINGS" template
read -ra names <<< "$OUTSIDE"
sed "s/%{member}/$HOSTNAME/g;s/%{node}/$((FIRST_ID + ${HOSTNAME##*-}))/g;s/%{outside}/${names[${HOSTNAME##*-}]-}/g" template > server.properties
export LOG_DIR=/tmp KAFKA_JMX_OPTS=' ' EXTRA_ARGS='-name kafkaServer'
if [ ! -e "$LOGS/meta.properties" ]; then
  if [ -n "$FIRST" ] && [ "$HOSTNAME" != "$FIRST" ]; then
    echo "waiting for $FIRST to begin"
    until (: < "/dev/tcp/$FIRST/$FIRST_PORT") 2> /dev/null; do sleep 0.5; done
  fi
  printf '%s\n' format --cluster-id "$CLUSTER" --config "$RUN/server.properties" \
    --add-scram "SCRAM-SHA-512=[name=$ADMIN,password=$(cat "$ADMIN_PASSWORD_FILE")]" > format
  # what it writes holds keys
  KAFKA_HEAP_OPTS=-Xmx96m KAFKA_JVM_PERFORMANCE_OPTS=-XX:SharedArchiveFile=/opt/kafka/storage.jsa \
    /opt/kafka/bin/kafka-storage.sh "@$RUN/format" > /dev/null
  rm format
fi
echo "$VOTERS" > "$known"
export KAFKA_HEAP_OPTS="-Xms64m -Xmx${HEAP}m" KAFKA_LOG4J_OPTS="-Dlog4j2.configurationFile=$LOGGING"
export KAFKA_JVM_PERFORMANCE_OPTS='-XX:+UseG1GC -XX:MaxGCPauseMillis=50 -XX:+ExitOnOutOfMemoryError -XX:-UsePerfData -XX:SharedArchiveFile=/opt/kafka/kafka.jsa'
exec /opt/kafka/bin/kafka-server-start.sh "$RUN/server.properties"
