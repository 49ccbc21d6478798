import { COMPLETE } from './topology';

/** Where it is mounted what is to be declared. */
export const TOPOLOGY_PATH = '/etc/nats/conduit/topology';
/** Where the script is mounted that declares it. */
export const DECLARE_PATH = '/etc/nats/conduit/declare';

/** For how long a server is waited for that is not there, or has too few members. */
const PATIENCE_SECONDS = 150;

/**
 * Declares what the topology says: makes what is missing, and changes what is otherwise. First it is seen whether all can be changed;
 * if not, nothing is. Nothing is ever removed.
 */
export const DECLARE_SCRIPT = `set -eu
NATS_PASSWORD=$(cat "$NATS_PASSWORD_FILE")
export NATS_PASSWORD
deadline=$(($(date +%s) + ${PATIENCE_SECONDS}))

# asks until there is an answer that is not about the server's state
ask() {
  while :; do
    answer=$(nats --inbox-prefix "$NATS_INBOX_PREFIX" request --raw "\\$JS.API.$1" "$2" < /dev/null 2>&1) || answer="no connection: $answer"
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
    is=$(printf %s "$answer" | sed -n "s/.*\\(\${each%%:*}:[^,}]*\\).*/\\1/p")
    refuse "$kind $name has \${is:-no \${each%%:*}} and cannot get $each; keep it as it was, or give the new one another name"
  done
  unset IFS
  case $answer in *'"allow_msg_schedules":true'*)
    case $config in *'"allow_msg_schedules":true'*) ;; *) refuse "$kind $name has delays and cannot lose them; keep 'delays', or give the new one another name" ;; esac
  esac
done < ${TOPOLOGY_PATH}
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
done < ${TOPOLOGY_PATH}
`;

/** The task's effect is there when topics are complete, too. */
export const EFFECT_SCRIPT = effectScript(`*'"retention":"interest"'*${COMPLETE.replace(/"/g, '\\"')}*) ;;
    *'"retention":"interest"'*) exit 1 ;;`);

/**
 * Succeeds when everything is there that the waiter has rights to: it asks as each of the waiter's users, of which it knows by their
 * variables. The cases say which answer about a topic will do.
 */
export function effectScript(topicCases: string): string {
  return `set -eu
for prefix in $(env | sed -n 's/^\\([A-Za-z0-9_]*\\)_INBOX_PREFIX=.*/\\1/p'); do
  eval "url=\\\${\${prefix}_SERVERS:-\\$\${prefix}_URL} user=\\$\${prefix}_USER file=\\$\${prefix}_PASSWORD_FILE inbox=\\$\${prefix}_INBOX_PREFIX"
  eval "stream=\\$\${prefix}_STREAM consumer=\\\${\${prefix}_CONSUMER:-}"
  what=STREAM.INFO.$stream
  if [ -n "$consumer" ]; then what=CONSUMER.INFO.$stream.$consumer; fi
  eval "authority=\\\${\${prefix}_CA_FILE:-}"
  export NATS_USER="$user" NATS_PASSWORD="$(cat "$file")" NATS_CA="$authority"
  answer=$(nats --server "$url" --inbox-prefix "$inbox" request --raw "\\$JS.API.$what" '' < /dev/null 2>&1)
  case $answer in
    *'"error":'*) exit 1 ;;
    ${topicCases}
    *'"type":'*) ;;
    *) exit 1 ;;
  esac
done`;
}
