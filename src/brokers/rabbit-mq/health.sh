# shellcheck shell=bash
# Healthy while the port is open, for which a check waits until its time is up, so that a start is seen at once. It opens when the node has declared
# everything; members of a cluster do that when all of them have come together, which is asked for once, as each question is a virtual machine.
# A broker that refused what is declared is never healthy: whoever is new there could not log in.
#
# RUN     directory: memory of the broker's own
# PORT    where clients connect
# QUEUES  number of a cluster's queues; empty for a broker of one node

if [ -e "$RUN/refused" ]; then
  cat "$RUN/refused"
  exit 1
fi
until : < "/dev/tcp/127.0.0.1/$PORT"; do sleep 0.1; done 2>/dev/null
[ -z "$QUEUES" ] || [ -e "$RUN/declared" ] ||
  { [ "$(rabbitmqctl -q --no-table-headers list_queues name | wc -l)" -ge "$QUEUES" ] && touch "$RUN/declared"; }
