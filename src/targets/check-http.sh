# shellcheck shell=dash disable=SC2154
# Asks by HTTP, again until the answer is good, as check-tcp.sh does.
#
# ADDRESS  own-address.sh has set it
# PORT
# TIMEOUT  of one attempt to connect
# SCHEME   http or https
# REQUEST  path, with what follows it
# HOST     Host header; empty for the address
# HEADERS  lines of the request, each with its end
# ASK      text of ask-http.sh

export HEADERS
until /conduit/busybox nc -w "$TIMEOUT" "$ADDRESS" "$PORT" -e /conduit/busybox sh -c "$ASK" "$ASK" \
  "$ADDRESS" "$ADDRESS:$PORT" "$REQUEST" "$TIMEOUT" "" "$SCHEME" "${HOST:-$ADDRESS:$PORT}"; do
  /conduit/busybox sleep 0.1
done
