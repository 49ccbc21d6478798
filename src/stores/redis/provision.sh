# shellcheck shell=dash
# Makes users, and gives each its rights and its password. It is run again with every change. Everything is checked before anything is changed.
# A user that was made here and is granted nothing any more is removed; keys are never touched. A user is known to be ours by a right to nothing
# that bears our name.
#
# DECLARATIONS                   file with a line for each user: its name, the file of its password, its rights
# OURS                           name of this server in the application
# HOST, PORT                     the server
# ADMIN, ADMIN_PASSWORD_FILE     who does all this
# TRUSTED                        file of those who may have signed the server's certificate; empty without TLS
# STORES                         not empty if the server must store its users when it is told to
# RUN                            memory of the script's own

set -eu
umask 077
REDISCLI_AUTH=$(cat "$ADMIN_PASSWORD_FILE")
export REDISCLI_AUTH
mark="(~managed-by:$OURS"

ask() {
  # shellcheck disable=SC2086
  redis-cli -t 5 -h "$HOST" -p "$PORT" --user "$ADMIN" ${TRUSTED:+--tls --sni "$HOST" --cacert "$TRUSTED"} "$@" 2>&1
}

while read -r user file rules; do
  password=$(cat "$file"; echo .)
  password=${password%.}
  case $password in
    ''|*'
'*)
      echo "secret ${file##*/}: a password must have no end of line, as clients take it for a part of it, and must not be empty" >&2
      exit 1 ;;
  esac
  hash=$(printf %s "$password" | sha256sum)
  echo "ACL SETUSER $user reset on #${hash%% *} $rules $mark)"
done < "$DECLARATIONS" > "$RUN/commands"

tries=0
until answer=$(ask ping) && [ "$answer" = PONG ]; do
  tries=$((tries + 1))
  if [ "$tries" -ge 150 ]; then echo "failed: $HOST:$PORT does not let $ADMIN in: $answer" >&2; exit 1; fi
  sleep 1
done

version=$(ask info server | sed -n 's/^redis_version:\([0-9]*\).*/\1/p')
if [ "${version:-0}" -lt 7 ]; then
  echo "refused: the server is of version ${version:-unknown}, and 7 is the oldest that tells reading from writing; take a newer one. Nothing was changed" >&2
  exit 1
fi
ask -e acl list > "$RUN/present" || { cat "$RUN/present" >&2; exit 1; }
refused=
while read -r user _; do
  case $(grep "^user $user " "$RUN/present" || true) in
    ''|*"$mark "*) ;;
    *)
      echo "refused: the user $user was made by somebody else; give the keys, the client or the server another name. Nothing was changed" >&2
      refused=yes ;;
  esac
done < "$DECLARATIONS"
[ -z "$refused" ] || exit 1

while read -r _ user rights; do
  case $rights in *"$mark "*) grep -q "^$user " "$DECLARATIONS" || echo "ACL DELUSER $user" ;; esac
done < "$RUN/present" >> "$RUN/commands"
ask < "$RUN/commands" > "$RUN/said"
if grep -vx -e OK -e 1 -e '' "$RUN/said" >&2; then exit 1; fi

if ! answer=$(ask -e acl save); then
  [ -z "$STORES" ] || { echo "failed: the server could not store its users: $answer" >&2; exit 1; }
  ask -e config rewrite > "$RUN/said" || echo "whoever runs the server has to see that it stores its users, as it refuses to: $answer"
fi
echo "every user is as declared"
