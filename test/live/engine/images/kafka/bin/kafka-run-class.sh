#!/bin/bash
# Runs a class with the variables, defaults and files of the official script: [-name NAME] [-loggc] CLASS [ARGUMENT...]
while :; do
  case $1 in
    -name) name=$2; shift 2 ;;
    -loggc) collections=1; shift ;;
    *) break ;;
  esac
done

: "${LOG_DIR:=/opt/kafka/logs}"
# as there, a folder that cannot be made ends only what writes to it
if [ -n "$KAFKA_LOG4J_OPTS" ]; then mkdir -p "$LOG_DIR"; else KAFKA_LOG4J_OPTS=-Dlog4j2.configurationFile=/opt/kafka/config/tools-log4j2.yaml; fi
[ -n "$collections" ] && : "${KAFKA_GC_LOG_OPTS:=-Xlog:gc*:file=$LOG_DIR/$name-gc.log:time,tags:filecount=10,filesize=100M}"
: "${KAFKA_JMX_OPTS:=-Dcom.sun.management.jmxremote=true -Dcom.sun.management.jmxremote.authenticate=false -Dcom.sun.management.jmxremote.ssl=false}"
: "${KAFKA_JVM_PERFORMANCE_OPTS:=-server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent -Djava.awt.headless=true}"

# sorted, as class data archives are of one class path
jars=$(printf '%s:' /opt/kafka/libs/*.jar)
# shellcheck disable=SC2086
exec java ${KAFKA_HEAP_OPTS:--Xmx256M} $KAFKA_JVM_PERFORMANCE_OPTS $KAFKA_GC_LOG_OPTS $KAFKA_JMX_OPTS \
  ${JMX_PORT:+-Dcom.sun.management.jmxremote.port=$JMX_PORT} "-Dkafka.logs.dir=$LOG_DIR" $KAFKA_LOG4J_OPTS \
  -cp "${CLASSPATH:+$CLASSPATH:}${jars%:}" $KAFKA_OPTS "$@"
