# shellcheck shell=sh
# Succeeds once everything is declared, and from then on without asking again.
#
# PERMISSIONS, QUEUES, BINDINGS, POLICIES  how many there are to be

[ -e /tmp/conduit-declared ] && exit 0
count() { rabbitmqctl -q --no-table-headers "$@" | grep -c '^[^[:space:]]'; }
[ "$(count list_permissions)" -gt "$PERMISSIONS" ] && # that of the operator's own user is one of them
  [ "$(count list_queues name)" -ge "$QUEUES" ] &&
  [ "$(count list_bindings source_name)" -ge "$BINDINGS" ] &&
  [ "$(count list_policies)" -ge "$POLICIES" ] &&
  touch /tmp/conduit-declared
