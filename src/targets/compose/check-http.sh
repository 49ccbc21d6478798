# shellcheck shell=dash disable=SC2154
# Asks by HTTP, again until the answer is good, as check-tcp.sh does.
#
# ADDRESS  own-address.sh has set it
# PORT
# TIMEOUT  of one attempt to connect
# REQUEST  path, with what follows it
# ASK      text of ask-http.sh

until /conduit/busybox nc -w "$TIMEOUT" "$ADDRESS" "$PORT" -e /conduit/busybox sh -c "$ASK" "$ASK" "$ADDRESS" "$ADDRESS:$PORT" "$REQUEST" "$TIMEOUT" ""; do
  /conduit/busybox sleep 0.1
done
