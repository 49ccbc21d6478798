# shellcheck shell=dash disable=SC2034,SC2154
# Tells why a relay lets nobody in. Otherwise what comes after this opens a connection to it.
#
# HIDDEN   hidden-clients.sh has set it
# ADDRESS  is set

ADDRESS=127.0.0.1
if [ -n "$HIDDEN" ]; then
  echo "conduit: no client is let in, as $HIDDEN"
  exit 1
fi
