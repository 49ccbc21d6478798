from confluent_kafka import Consumer, KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from message import BODY, WINDOW


def connection(v, hosts):
    login = {'sasl.mechanism': v['sasl_mechanism'], 'sasl.username': v['user'], 'sasl.password': v['password']} if 'user' in v else {}
    trust = {'ssl.ca.location': v['ca_file']} if 'ca_file' in v else {}
    return {'bootstrap.servers': ','.join(f'{host}:9092' for host in hosts), 'security.protocol': v['security_protocol'], **login, **trust}


def declare(v, hosts):
    replicas = len(hosts)
    topic = NewTopic(v['topic'], 12, replicas, config={'min.insync.replicas': str(replicas // 2 + 1), 'flush.messages': v['flush_messages']})
    admin = AdminClient({**connection(v, hosts), 'log_level': 0})
    admin.create_topics([topic])[v['topic']].result(20)


def send(v, hosts, count, tick):
    def report(error, _):
        if error:
            raise KafkaException(error)
        tick()

    producer = Producer({**connection(v, hosts), 'acks': 'all', 'enable.idempotence': True, 'linger.ms': 0, 'queue.buffering.max.messages': WINDOW})
    for _ in range(count):
        while len(producer) >= WINDOW:
            producer.poll(1)
        producer.produce(v['topic'], BODY, on_delivery=report)
    producer.flush()


def receive(v, hosts, count, tick):
    """What is acknowledged is a position, so once for all that came together."""
    consumer = Consumer({**connection(v, hosts), 'group.id': v['group'], 'auto.offset.reset': 'earliest', 'enable.auto.commit': False})
    consumer.subscribe([v['topic']])
    while count > 0:
        messages = consumer.consume(min(count, WINDOW), 1)
        for message in messages:
            if message.error():
                raise KafkaException(message.error())
        if messages:
            count -= len(messages)
            consumer.commit(asynchronous=count > 0)
            tick(len(messages))
    consumer.close()
