# shellcheck shell=dash
# Makes what is declared: makes what is missing, and changes what is otherwise. First it is seen whether all can be changed;
# if not, nothing is. Nothing is ever removed.
#
# DECLARATIONS                                       file: what is to be declared
# NATS_USER, NATS_PASSWORD_FILE, NATS_INBOX_PREFIX   who declares, and what replies begin with
# NATS_URL, NATS_CA                                  where the server is, and file of the certificates that check it; for its client

set -eu
NATS_PASSWORD=$(cat "$NATS_PASSWORD_FILE")
export NATS_PASSWORD
deadline=$(($(date +%s) + 150)) # for a server that is not there, or has too few members

# asks until there is an answer that is not about the server's state
ask() { # SUBJECT REQUEST
  while :; do
    answer=$(nats --inbox-prefix "$NATS_INBOX_PREFIX" request --raw "\$JS.API.$1" "$2" < /dev/null 2>&1) || answer="no connection: $answer"
    case $answer in
      *'"code":503'*|*'"err_code":10005'*) ;;
      *'"type":'*) return ;;
    esac
    if [ "$(date +%s)" -ge "$deadline" ]; then echo "failed: $1: $answer" >&2; exit 1; fi
    sleep 1
  done
}

refused=
refuse() { echo "refused: $1. Nothing was changed" >&2; refused=yes; }

while read -r kind name fixed config; do
  ask "$kind.INFO.$name" ''
  case $answer in *'"err_code":10059'*|*'"err_code":10014'*) continue ;; esac
  IFS=,
  for each in $fixed; do
    case $answer in *"$each"*) continue ;; esac
    is=$(printf %s "$answer" | sed -n "s/.*\(${each%%:*}:[^,}]*\).*/\1/p")
    refuse "$kind $name has ${is:-no ${each%%:*}} and cannot get $each; keep it as it was, or give the new one another name"
  done
  unset IFS
  case $answer in *'"allow_msg_schedules":true'*)
    case $config in *'"allow_msg_schedules":true'*) ;; *) refuse "$kind $name has delays and cannot lose them; keep 'delays', or give the new one another name" ;; esac
  esac
done < "$DECLARATIONS"
[ -z "$refused" ] || exit 1

while read -r kind name fixed config; do
  if [ "$kind" = STREAM ]; then
    ask "STREAM.UPDATE.$name" "$config"
    case $answer in *'"err_code":10059'*) ask "STREAM.CREATE.$name" "$config" ;; esac
  else
    ask "CONSUMER.CREATE.$name" "$config"
  fi
  case $answer in *'"error":'*) echo "failed: $kind $name: $answer" >&2; exit 1 ;; esac
  echo "$kind $name is there"
done < "$DECLARATIONS"
