# shellcheck shell=dash
# The image reads no secret from a file, so passwords are filled in here, in memory that only the broker sees,
# and never on a command line. Then the image's own entry point goes on.
#
# A queue that is there keeps its type whatever the definitions say. So where these want another one, nothing of them is applied: whoever was
# served before still is, and the check of the node says why it is not healthy.
#
# A new member of a cluster joins one that answers. The first member alone may begin a cluster, and only where none answers, so that there are
# never two. The broker's own discovery would wait for members that are still waiting for the first.
#
# RUN, DATA      directories: memory of the broker's own, and its storage
# TEMPLATE       file: the definitions, with placeholders for passwords
# IMMUTABLE      file: what cannot change of queues that are there
# COOKIE         file: what lets members in; empty for a broker of one node
# MEMBERS, PORT  the members in their order, and where they listen

set -eu
umask 077
cd "$RUN"
fill_passwords "$TEMPLATE" definitions.json

type_in() { # FILE QUEUE
  while read -r name is; do [ "$name" != "$2" ] || echo "$is"; done < "$1"
}

known=$DATA/conduit-immutable
touch "$known"
rm -f refused
sort -u "$IMMUTABLE" "$known" > immutable
sed 's/ .*//' immutable | sort | uniq -d > changed
if [ -s changed ]; then
  while read -r queue; do
    echo "refused: queue '$queue' is of type $(type_in "$known" "$queue") and cannot become $(type_in "$IMMUTABLE" "$queue"); give the new one another name. Everything stays as it was before"
  done < changed > refused
  cat refused >&2
  echo '{}' > definitions.json
else
  cp immutable "$known"
fi

find_member() {
  for member in $MEMBERS; do
    # shellcheck disable=SC2016 # its words are bash's
    [ "$member" != "$(hostname)" ] && timeout 2 bash -c ': < "/dev/tcp/$1/$2"' connect "$member" "$PORT" 2>/dev/null && echo "$member" && return
  done
}

join_cluster() {
  seed=$(find_member || true)
  while [ -z "$seed" ] && [ "$(hostname)" != "${MEMBERS%% *}" ]; do
    echo 'waiting for a member to join'
    sleep 1
    seed=$(find_member || true)
  done
  [ -n "$seed" ] || return 0
  cp -r /etc/rabbitmq/conf.d conf.d
  printf 'cluster_formation.%s\n' 'peer_discovery_backend = classic_config' \
    "classic_config.nodes.1 = rabbit@$seed" "classic_config.nodes.2 = rabbit@$(hostname)" > conf.d/30-cluster.conf
  export RABBITMQ_CONFIG_FILES="$RUN/conf.d"
}

rm -f /var/lib/rabbitmq/.erlang.cookie # one that is made up by Erlang itself could be guessed
if [ -n "$COOKIE" ]; then
  cp "$COOKIE" /var/lib/rabbitmq/.erlang.cookie
  [ -d "$DATA/rabbit@$(hostname)" ] || join_cluster
else
  tr -dc A-Za-z0-9 < /dev/urandom | head -c 40 > /var/lib/rabbitmq/.erlang.cookie
fi
exec docker-entrypoint.sh rabbitmq-server
