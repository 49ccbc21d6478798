# shellcheck shell=dash
# Fills the passwords into the configuration, in memory that only the server sees, and becomes the server.
#
# A server that becomes a member of a cluster removes the streams that it had alone, and one that leaves takes its copies away.
# So neither starts, and what is stored stays.
#
# RUN, DATA           directories: memory of the server's own, and its storage
# TEMPLATE            file: the configuration, with placeholders for passwords
# NODES               number of servers
# PORT, CLUSTER_PORT  where clients connect, and where members do
# MEMORY              what the program keeps to, in MiB

set -eu
umask 077
cd "$RUN"
rm -f recovered
known=$DATA/conduit-nodes
was=$(cat "$known" 2>/dev/null || echo "$NODES")
if [ "$was" != "$NODES" ] && { [ "$was" = 1 ] || [ "$was" -gt "$NODES" ]; }; then
  echo "refused: what is stored here is of a broker of $was node(s), and would be lost in one of $NODES; set 'nodes' to $was again, or make another broker" >&2
  exit 1
fi
echo "$NODES" > "$known"
fill_passwords "$TEMPLATE" nats.conf
member=$(hostname)
set -- --config nats.conf --name "$member" --client_advertise "$member:$PORT"
[ "$NODES" = 1 ] || set -- "$@" --cluster_advertise "$member:$CLUSTER_PORT"
export GOMEMLIMIT="${MEMORY}MiB"
exec nats-server "$@"
