# shellcheck shell=dash
# Succeeds if the server does its work: it has read what is stored, can write, and knows its users. Without a user it would answer, too, and refuse.
#
# PORT                         where the server listens
# SECURED                      not empty if it does so by TLS, which needs no check on the same machine
# ADMIN, ADMIN_PASSWORD_FILE   who asks

set -eu
REDISCLI_AUTH=$(cat "$ADMIN_PASSWORD_FILE")
export REDISCLI_AUTH
# shellcheck disable=SC2086
exec redis-cli -e -h 127.0.0.1 -p "$PORT" ${SECURED:+--tls --insecure} --user "$ADMIN" ping
