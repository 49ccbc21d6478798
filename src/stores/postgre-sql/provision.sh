# shellcheck shell=bash
# Makes databases and users, and gives each user its right and its password. It is run again with every change. Everything is checked before
# anything is changed, and nothing is ever removed; whoever is granted nothing any more cannot log in.
#
# Each database has three roles: who owns it, who writes into it, and who reads it. A user is in one of them. What owners make belongs to
# the role, so that another owner may change it, and all others have their rights to it. A role is known by its comment to be ours.
#
# DECLARATIONS                   file with a line for each user: database, user, role, file of the password
# OURS                           comment of each role
# HOST, PORT                     the server
# ADMIN, ADMIN_PASSWORD_FILE     who does all this
# MODE, TRUSTED                  how the server is checked, and the file of those who may have signed its certificate
# RUN                            memory of the script's own

set -eu
PGPASSWORD=$(cat "$ADMIN_PASSWORD_FILE")
export DECLARATIONS PGPASSWORD PGHOST=$HOST PGPORT=$PORT PGUSER=$ADMIN PGSSLMODE=$MODE PGSSLROOTCERT=$TRUSTED PGCONNECT_TIMEOUT=10

OPTIONS=(--no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=postgres)

# runs what it reads, which finds in a table who is granted what, and in another one which roles there have to be
sql() {
  { cat << 'END'
SET client_min_messages = warning; -- else it tells of each right that is there already
\set declared `cat "$DECLARATIONS"`
CREATE TEMP TABLE granted AS
  SELECT split_part(line, ' ', 1) AS database, split_part(line, ' ', 2) AS username, split_part(line, ' ', 1) || '_' || split_part(line, ' ', 3) AS role
  FROM regexp_split_to_table(:'declared', E'\n') AS line WHERE line <> '';
CREATE TEMP TABLE owned AS
  SELECT DISTINCT database, database || '_owner' AS owner, database || '_writer' AS writer, database || '_reader' AS reader FROM granted;
CREATE TEMP TABLE needed AS
  SELECT owner AS role FROM owned UNION SELECT writer FROM owned UNION SELECT reader FROM owned UNION SELECT username FROM granted;
END
    cat
  } | psql "${OPTIONS[@]}" --tuples-only --no-align --field-separator= --set=ours="$OURS" --file=-
}

passwords() {
  while read -r _ _ _ file; do
    password=$(cat "$file"; echo .)
    password=${password%.}
    case $password in
      ''|*$'\n'*)
        echo "secret ${file##*/}: a password must have no end of line, as clients take it for a part of it, and must not be empty" >&2
        return 1 ;;
    esac
    printf '%s\n%s\n' "$password" "$password"
  done < "$DECLARATIONS"
}

passwords > "$RUN/passwords"
until pg_isready --quiet --dbname=postgres --timeout=5; do
  if [ "$SECONDS" -ge 150 ]; then echo "failed: $HOST:$PORT takes no connections" >&2; exit 1; fi
  sleep 1
done

refused=$(sql << 'END'
SELECT format('the server is PostgreSQL %s, and 15 is the oldest that keeps databases apart; take a newer one', current_setting('server_version'))
  WHERE current_setting('server_version_num')::int < 150000;
SELECT format('database %s belongs to %s, so somebody else made it; give yours another name', datname, pg_get_userbyid(datdba))
  FROM pg_database JOIN owned ON datname = database WHERE pg_get_userbyid(datdba) <> owner ORDER BY datname;
SELECT format('role %s was made by %s; give the database, the client or the server another name', rolname, coalesce(shobj_description(oid, 'pg_authid'), 'somebody else'))
  FROM pg_roles JOIN needed ON rolname = role WHERE shobj_description(oid, 'pg_authid') IS DISTINCT FROM :'ours' ORDER BY rolname;
END
)
if [ -n "$refused" ]; then
  while read -r line; do echo "refused: $line. Nothing was changed" >&2; done <<< "$refused"
  exit 1
fi

sql << 'END'
BEGIN;
SELECT format('CREATE ROLE %I', role) FROM needed WHERE role NOT IN (SELECT rolname FROM pg_roles) ORDER BY role \gexec
SELECT format('COMMENT ON ROLE %I IS %L', role, :'ours') FROM needed ORDER BY role \gexec
-- only who can become a role may give it a database
SELECT format('GRANT %I TO CURRENT_USER', owner) FROM owned WHERE NOT current_setting('is_superuser')::bool ORDER BY owner \gexec
COMMIT;
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8''', database, owner) FROM owned
  WHERE database NOT IN (SELECT datname FROM pg_database) ORDER BY database \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', database) FROM owned ORDER BY database \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I, %I', database, writer, reader) FROM owned ORDER BY database \gexec
SELECT format('GRANT TEMPORARY ON DATABASE %I TO %I', database, writer) FROM owned ORDER BY database \gexec
END

# the rights of whoever connects to what owners are still to make
sql << 'END' > "$RUN/rights"
SELECT format('\connect %I', database), format(E'\nSET ROLE %I;', owner), format($$
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO %1$I, %2$I;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO %1$I, %2$I;
ALTER DEFAULT PRIVILEGES GRANT INSERT, UPDATE, DELETE ON TABLES TO %1$I;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON SEQUENCES TO %1$I, %2$I;
ALTER DEFAULT PRIVILEGES GRANT USAGE, UPDATE ON SEQUENCES TO %1$I;$$, writer, reader) FROM owned ORDER BY database;
END
psql "${OPTIONS[@]}" --file="$RUN/rights"

sql << 'END'
BEGIN;
SELECT format('GRANT %I TO %I', role, username) FROM granted ORDER BY username \gexec
SELECT format('REVOKE %I FROM %I', held.rolname, username) FROM granted
  JOIN pg_roles AS holder ON holder.rolname = username JOIN pg_auth_members ON member = holder.oid JOIN pg_roles AS held ON held.oid = roleid
  WHERE held.rolname <> role ORDER BY username, held.rolname \gexec
-- an owner acts as the role that all owners share
SELECT format('ALTER ROLE %I IN DATABASE %I ' || CASE WHEN role = owner THEN 'SET role TO %L' ELSE 'RESET role' END, username, database, owner)
  FROM granted JOIN owned USING (database) ORDER BY username \gexec
SELECT format('ALTER ROLE %I LOGIN', username) FROM granted ORDER BY username \gexec
SELECT format('ALTER ROLE %I NOLOGIN', rolname) FROM pg_roles
  WHERE rolcanlogin AND shobj_description(oid, 'pg_authid') = :'ours' AND rolname NOT IN (SELECT username FROM granted) ORDER BY rolname \gexec
COMMIT;
END

# the client makes of a password what the server checks it by, and sends nothing else; it would ask a terminal, if it had one
while read -r _ user _; do printf '\\password "%s"\n' "$user"; done < "$DECLARATIONS" > "$RUN/users"
setsid psql "${OPTIONS[@]}" --file="$RUN/users" < "$RUN/passwords" 2> "$RUN/said" || { cat "$RUN/said" >&2; exit 1; }
rm "$RUN/passwords"
echo "every database and user is as declared"
