# shellcheck shell=dash
# Ready once everything stored was recovered; from then on while the server itself is well, whatever befalls a single stream.
#
# RUN   directory: memory of the server's own
# PORT  where the server tells how it is

ask() { wget -q -T 5 -O /dev/null "http://127.0.0.1:$PORT/healthz$1"; }
if [ -e "$RUN/recovered" ]; then ask '?js-server-only=true'; else ask '' && touch "$RUN/recovered"; fi
