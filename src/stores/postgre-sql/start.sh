# shellcheck shell=bash
# Makes the storage where it is new, and becomes the server. What is stored by another major version is left as it is: this one cannot read it.
#
# RUN                          memory that only the server sees
# DATA                         directory of what is stored, which the server makes, as it takes none of another owner
# CONFIGURATION                file
# ADMIN, ADMIN_PASSWORD_FILE   who provisions
# CERTIFICATE, KEY             files; empty without TLS

set -eu
umask 077
version=$(postgres --version)
version=${version#*PostgreSQL) }
version=${version%%[!0-9]*}
if [ -e "$DATA/PG_VERSION" ]; then
  stored=$(cat "$DATA/PG_VERSION")
  if [ "$stored" != "$version" ]; then
    echo "refused: what is stored here is of PostgreSQL $stored, which PostgreSQL $version cannot read. Give the image of $stored back by 'images: { replace: { postgres: … } }'; to upgrade, have pg_dumpall write everything, and psql read it into new storage. Nothing was changed" >&2
    exit 1
  fi
else
  # a start that was broken off leaves nothing that looks complete
  new=$DATA.new
  rm -rf "$new"
  initdb --pgdata="$new" --username="$ADMIN" --pwfile="$ADMIN_PASSWORD_FILE" --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 > /dev/null
  printf 'REVOKE CONNECT ON DATABASE %s FROM PUBLIC\n' postgres template1 | postgres --single -D "$new" postgres > /dev/null
  mv "$new" "$DATA"
fi
chmod 700 "$DATA" # which whoever prepares storage may have opened to the group
if [ -n "$KEY" ]; then
  # the server takes no key that others could read
  cat "$CERTIFICATE" > "$RUN/server.crt"
  cat "$KEY" > "$RUN/server.key"
fi
exec postgres -D "$DATA" -c config_file="$CONFIGURATION"
