# shellcheck shell=dash disable=SC2154
# Opens a connection, again until one opens: what becomes healthy is seen at once, and each check costs a process of the engine.
# Whoever makes the check ends it when its time is up.
#
# ADDRESS  own-address.sh has set it
# PORT
# TIMEOUT  of one attempt

until /conduit/busybox nc -z -w "$TIMEOUT" "$ADDRESS" "$PORT"; do /conduit/busybox sleep 0.1; done
