/** Where it is mounted what there has to be: a line for each user, with its database and the file of its password. */
export const DECLARATIONS_PATH = '/etc/mysql/conduit/declarations';
/** Where the script is mounted that makes it. */
export const PROVISION_PATH = '/etc/mysql/conduit/provision';

/** Makes databases and users that are missing, and gives each user its password and its right. It removes nothing. */
export const PROVISION = `set -eu
statements=$(while read -r database user file; do
  password=$(cat "$file")
  case $password in ''|*[!A-Za-z0-9._~-]*)
    echo "secret \${file##*/}: only letters, digits and . _ ~ - are possible here" >&2
    exit 1 ;;
  esac
  echo "CREATE DATABASE IF NOT EXISTS \\\`$database\\\`;"
  echo "CREATE USER IF NOT EXISTS '$user'@'%' IDENTIFIED BY '$password';"
  echo "ALTER USER '$user'@'%' IDENTIFIED BY '$password';"
  echo "GRANT ALL PRIVILEGES ON \\\`$database\\\`.* TO '$user'@'%';"
done < ${DECLARATIONS_PATH})
export MYSQL_PWD=$(cat "$DB_PASSWORD_FILE")
mariadb --host="$DB_HOST" --port="$DB_PORT" --user="$DB_USER" $DB_OPTIONS <<< "$statements"
`;

/** Succeeds once the waiter can use each database that it was granted on a host: it logs in as each of its users, of which it knows by their variables. */
export const COMPLETION_CHECK = `for variable in $(compgen -e); do
  case $variable in *_DATABASE) ;; *) continue ;; esac
  prefix=\${variable%_DATABASE}
  host=\${prefix}_HOST port=\${prefix}_PORT user=\${prefix}_USER file=\${prefix}_PASSWORD_FILE
  [ "\${!host-}" = "$1" ] || continue
  MYSQL_PWD=$(cat "\${!file}") mariadb --host="\${!host}" --port="\${!port}" --user="\${!user}" $2 --execute='SELECT 1' "\${!variable}" || exit 1
done`;
