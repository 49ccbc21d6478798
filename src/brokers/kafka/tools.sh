# shellcheck shell=bash
# For whoever runs the server's own tools. Each of them is a virtual machine, made to start fast here: it takes a quarter of the time that it
# would take by itself. Nothing that was meant for another program is taken for its own.

unset CLASSPATH JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS JMX_PORT KAFKA_DEBUG KAFKA_OPTS
export LOG_DIR=/tmp KAFKA_HEAP_OPTS=-Xmx96m KAFKA_JMX_OPTS=' '
export KAFKA_JVM_PERFORMANCE_OPTS='-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:SharedArchiveFile=/opt/kafka/kafka.jsa -XX:-UsePerfData'
export KAFKA_LOG4J_OPTS=-Dlog4j2.loggerContextFactory=org.apache.logging.log4j.simple.SimpleLoggerContextFactory

# without an authority, TLS trusts whom Java trusts
login() { # USER PASSWORD_FILE PROTOCOL MECHANISM AUTHORITY
  printf '%s\n' security.protocol="$3" sasl.mechanism="$4" \
    "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\"$1\" password=\"$(cat "$2")\";"
  [ -z "$5" ] || printf '%s\n' ssl.truststore.type=PEM ssl.truststore.location="$5"
}
