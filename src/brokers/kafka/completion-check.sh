# shellcheck shell=bash
# Succeeds once each topic is there that the waiter was granted a right to on the brokers named: it asks as each of the waiter's users, of
# which it knows by their variables. The right to a topic is the last thing that is given. Whoever failed rests before it may ask again, as each
# question costs a second of a processor, which the task needs that declares.
# Argument: the brokers, as the waiter's variables have them.

set -u
for variable in $(compgen -e); do
  case $variable in *_BOOTSTRAP_SERVERS) ;; *) continue ;; esac
  [ "${!variable}" = "$1" ] || continue
  prefix=${variable%_BOOTSTRAP_SERVERS}
  user=${prefix}_USER file=${prefix}_PASSWORD_FILE protocol=${prefix}_SECURITY_PROTOCOL mechanism=${prefix}_SASL_MECHANISM
  authority=${prefix}_CA_FILE topic=${prefix}_TOPIC dead=${prefix}_DEAD_TOPIC
  topics=$(/opt/kafka/bin/kafka-topics.sh --bootstrap-server "$1" --list 2> /dev/null \
    --command-config <(login "${!user}" "${!file}" "${!protocol}" "${!mechanism}" "${!authority-}"))
  for each in "${!topic}" ${!dead-}; do
    printf '%s\n' "$topics" | grep -qxF "$each" || { echo "waiting for topic $each"; sleep 3; exit 1; }
  done
done
