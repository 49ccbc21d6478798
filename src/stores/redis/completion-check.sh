# shellcheck shell=dash
# Succeeds once the waiter is known to this server: it logs in as each of its users, of which it knows by their variables.
#
# SERVER    host and port, as the waiter's variables have them
# TRUSTED   file of those who may have signed the server's certificate; empty without TLS

set -u

value_of() {
  eval "printf %s \"\${$1-}\""
}

for prefix in $(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)_PASSWORD_FILE=.*/\1/p'); do
  host=$(value_of "${prefix}_HOST") port=$(value_of "${prefix}_PORT")
  [ "$host:$port" = "$SERVER" ] || continue
  REDISCLI_AUTH=$(cat "$(value_of "${prefix}_PASSWORD_FILE")")
  export REDISCLI_AUTH
  # shellcheck disable=SC2086
  redis-cli -e -t 5 -h "$host" -p "$port" ${TRUSTED:+--tls --sni "$host" --cacert "$TRUSTED"} --user "$(value_of "${prefix}_USER")" ping > /dev/null 2>&1 < /dev/null || exit 1
done
