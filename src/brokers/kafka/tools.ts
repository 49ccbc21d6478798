import { Access, CLIENT_MECHANISM, securityProtocol } from './listeners';

/** Memory for the objects of one tool, in MiB. */
export const TOOL_HEAP = 96;

/**
 * Shell lines for whoever runs the server's own tools. Each of them is a virtual machine, made to start fast here: it takes a quarter of the
 * time that it would take by itself. Nothing that was meant for another program is taken for its own. `login` takes a user and the file with
 * the password; without an authority, TLS trusts whom Java trusts.
 */
export function tools({ tls, authority }: Access): string {
  const trust = authority ? `ssl.truststore.type=PEM ssl.truststore.location=${authority.path} ` : '';
  return `unset CLASSPATH JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS JMX_PORT KAFKA_DEBUG KAFKA_OPTS
export LOG_DIR=/tmp KAFKA_HEAP_OPTS=-Xmx${TOOL_HEAP}m KAFKA_JMX_OPTS=' '
export KAFKA_JVM_PERFORMANCE_OPTS='-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:SharedArchiveFile=/opt/kafka/kafka.jsa -XX:-UsePerfData'
export KAFKA_LOG4J_OPTS=-Dlog4j2.loggerContextFactory=org.apache.logging.log4j.simple.SimpleLoggerContextFactory
login() {
  printf '%s\\n' security.protocol=${securityProtocol(tls)} ${trust}sasl.mechanism=${CLIENT_MECHANISM} \\
    "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\\"$1\\" password=\\"$(cat "$2")\\";"
}`;
}
