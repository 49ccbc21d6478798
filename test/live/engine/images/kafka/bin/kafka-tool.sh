#!/bin/bash
# Each tool is a link to this, and runs the class that the list has for its name.
name=${0##*/}
read -r _ class heap < <(grep "^${name%.sh} " /opt/kafka/tools)
export KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xmx${heap:-256M}}
exec /opt/kafka/bin/kafka-run-class.sh "$class" "$@"
