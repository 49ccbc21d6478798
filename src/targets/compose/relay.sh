# shellcheck shell=dash disable=SC2154
# Runs the relay, or lets nobody in.
#
# HIDDEN     hidden-clients.sh has set it
# Arguments: the relay, with its own

if [ -n "$HIDDEN" ]; then
  echo "conduit: no client is let in, as $HIDDEN" >&2
  exec /conduit/busybox sleep infinity
fi
exec "$@"
