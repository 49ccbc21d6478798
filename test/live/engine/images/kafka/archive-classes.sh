#!/bin/bash
# Makes the two class data archives of the official image, of what it runs for them: a format, and a server that carries a message.
set -euo pipefail
cd /opt/kafka/bin
settings=/etc/kafka/docker/server.properties

archive() { echo "-XX:ArchiveClassesAtExit=/tmp/$1.jsa"; }
KAFKA_JVM_PERFORMANCE_OPTS=$(archive storage) ./kafka-storage.sh format -t "$(./kafka-storage.sh random-uuid)" -c $settings
KAFKA_JVM_PERFORMANCE_OPTS=$(archive kafka) ./kafka-server-start.sh $settings &
./kafka-topics.sh --bootstrap-server localhost:9092 --create --topic test
echo test | ./kafka-console-producer.sh --bootstrap-server localhost:9092 --topic test
./kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic test --from-beginning --max-messages 1 --timeout-ms 20000
kill $!
wait $! || [ -s /tmp/kafka.jsa ] # which it makes after the signal
