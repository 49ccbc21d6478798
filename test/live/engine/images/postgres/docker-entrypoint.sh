#!/bin/bash
# Starts like the official image: root gives the data away and becomes postgres, any other user stays. An empty folder becomes a
# database first, by a server that listens on its socket alone. So a check over TCP fails until what is in the folder of scripts was run.
set -Eeuo pipefail

# Sets a variable from itself, from the file that its twin with _FILE names, or to what is usual.
setting() { # NAME [USUAL]
  local -n value=$1 file=${1}_FILE
  if [ -n "${value:-}" ] && [ -n "${file:-}" ]; then echo "error: both $1 and ${1}_FILE are set (but are exclusive)" >&2; exit 1; fi
  value=${value:-${file:+$(< "$file")}}
  value=${value:-${2:-}}
  unset "${1}_FILE"
}

# The name is part of the image's interface: scripts call it.
docker_process_sql() {
  psql -v ON_ERROR_STOP=1 --no-psqlrc --no-password --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" "$@"
}

run_scripts() {
  local script
  for script in /docker-entrypoint-initdb.d/*; do
    case $script in
      *.sh) if [ -x "$script" ]; then "$script"; else source "$script"; fi ;;
      *.sql) docker_process_sql -f "$script" ;;
      *.sql.gz) gunzip -c "$script" | docker_process_sql ;;
    esac
  done
}

make_database() { # OPTION...
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
    echo 'error: database is uninitialized and superuser password is not specified: set POSTGRES_PASSWORD' >&2
    exit 1
  fi
  local words=()
  read -ra words <<< "$POSTGRES_INITDB_ARGS"
  initdb --username="$POSTGRES_USER" --pwfile=<(echo "$POSTGRES_PASSWORD") "${words[@]}"
  echo "host all all all $POSTGRES_HOST_AUTH_METHOD" >> "$PGDATA/pg_hba.conf"
  export PGPASSWORD=$POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB
  set -- "$@" -c listen_addresses=
  pg_ctl -w start -o "$(printf '%q ' "$@")"
  if [ "$POSTGRES_DB" != postgres ]; then createdb --username "$POSTGRES_USER" --maintenance-db postgres "$POSTGRES_DB"; fi
  run_scripts
  pg_ctl -m fast -w stop
  unset PGPASSWORD
}

[ "${1:0:1}" != - ] || set -- postgres "$@"
if [ "$1" = postgres ]; then
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA" || true # not possible where it is a volume of another owner; the server says what it cannot do with
  if [ "$(id -u)" = 0 ]; then
    find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
    exec gosu postgres "$0" "$@"
  fi
  if [ ! -s "$PGDATA/PG_VERSION" ]; then
    setting POSTGRES_PASSWORD
    setting POSTGRES_USER postgres
    setting POSTGRES_DB "$POSTGRES_USER"
    setting POSTGRES_INITDB_ARGS
    setting POSTGRES_HOST_AUTH_METHOD scram-sha-256
    make_database "${@:2}"
  fi
fi
exec "$@"
