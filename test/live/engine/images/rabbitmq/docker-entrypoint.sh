#!/bin/bash
# Starts like the official image: root gives its data folder away and becomes rabbitmq, any other user stays.
set -eu

if [[ "$1" == rabbitmq* ]] && [ "$(id -u)" = 0 ]; then
  if [ "$1" = rabbitmq-server ]; then
    find /var/lib/rabbitmq \! -user rabbitmq -exec chown rabbitmq '{}' +
  fi
  exec gosu rabbitmq "$BASH_SOURCE" "$@"
fi

# The official image refuses the settings that once were read from the environment.
removed=$(compgen -v | grep -xE 'RABBITMQ_(DEFAULT_(PASS|USER)_FILE|(MANAGEMENT_)?SSL_.*|VM_MEMORY_HIGH_WATERMARK)' || true)
if [ -n "$removed" ]; then
  echo "error: deprecated environment variables detected: $removed" >&2
  exit 1
fi

# A host name with dots only works as a long node name.
if [ "$(hostname)" != "$(hostname -s)" ]; then
  : "${RABBITMQ_USE_LONGNAME:=true}"
  export RABBITMQ_USE_LONGNAME
fi

exec "$@"
