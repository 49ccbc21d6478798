#!/bin/bash
export KAFKA_LOG4J_OPTS=${KAFKA_LOG4J_OPTS:--Dlog4j2.configurationFile=/opt/kafka/config/log4j2.yaml}
export KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xmx1G -Xms1G}
# shellcheck disable=SC2086
exec /opt/kafka/bin/kafka-run-class.sh ${EXTRA_ARGS--name kafkaServer -loggc} kafka.Kafka "$@"
