# shellcheck shell=bash
# Succeeds once the waiter can use each database that it was granted on this server: it logs in as each of its users, of which it knows by
# their variables.
#
# SERVER         host and port, as the waiter's variables have them
# MODE, TRUSTED  how the server is checked, and the file of those who may have signed its certificate

set -u
export PGSSLMODE=$MODE PGSSLROOTCERT=$TRUSTED PGCONNECT_TIMEOUT=5
for variable in $(compgen -e); do
  case $variable in *_DATABASE) ;; *) continue ;; esac
  prefix=${variable%_DATABASE}
  host=${prefix}_HOST port=${prefix}_PORT user=${prefix}_USER file=${prefix}_PASSWORD_FILE
  [ "${!host-}:${!port-}" = "$SERVER" ] || continue
  PGPASSWORD=$(cat "${!file}") psql --no-psqlrc --quiet --host="${!host}" --port="${!port}" --username="${!user}" --dbname="${!variable}" --command=SELECT \
    > /dev/null < /dev/null || exit 1
done
