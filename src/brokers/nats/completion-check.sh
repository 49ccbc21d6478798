# shellcheck shell=dash
# Succeeds when everything is there that the waiter has rights to: it asks as each of the waiter's users, of which it knows by their
# variables. Topics have to be complete, too.
#
# COMPLETE  what the server says of a topic that was marked as complete
# TOPICS    each topic with a colon and the number of its subscribers, where nobody marks it; else empty

set -eu

# whether a topic has all its subscribers, by what the server answered
is_complete() { # TOPIC
  case $answer in *"$COMPLETE"*) return ;; esac
  for topic in $TOPICS; do
    [ "${topic%:*}" = "$1" ] || continue
    there=$(printf %s "$answer" | sed -n 's/.*"consumer_count":\([0-9]*\).*/\1/p')
    [ "${there:-0}" -ge "${topic#*:}" ]
    return
  done
  return 1
}

value() { eval "printf %s \"\${${prefix}_$1-}\""; } # ENDING

for prefix in $(env | sed -n 's/^\([A-Za-z0-9_]*\)_INBOX_PREFIX=.*/\1/p'); do
  stream=$(value STREAM) consumer=$(value CONSUMER) servers=$(value SERVERS)
  what=STREAM.INFO.$stream
  if [ -n "$consumer" ]; then what=CONSUMER.INFO.$stream.$consumer; fi
  answer=$(
    NATS_URL=${servers:-$(value URL)} NATS_USER=$(value USER) NATS_PASSWORD=$(cat "$(value PASSWORD_FILE)") NATS_CA=$(value CA_FILE) \
      nats --inbox-prefix "$(value INBOX_PREFIX)" request --raw "\$JS.API.$what" '' < /dev/null 2>&1
  )
  case $answer in
    *'"error":'*) exit 1 ;;
    *'"retention":"interest"'*) is_complete "$stream" || exit 1 ;;
    *'"type":'*) ;;
    *) exit 1 ;;
  esac
done
