import os
import time
from contextlib import closing

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

REFUSED = (KafkaError.TOPIC_AUTHORIZATION_FAILED, KafkaError.GROUP_AUTHORIZATION_FAILED, KafkaError.CLUSTER_AUTHORIZATION_FAILED)
CHANGING = (KafkaError.ILLEGAL_GENERATION, KafkaError.REBALANCE_IN_PROGRESS)


def connection(v):
    secured = 'ca_file' in v
    return {
        'bootstrap.servers': v['bootstrap_servers'],
        'security.protocol': v['security_protocol'] if secured else 'SASL_PLAINTEXT',
        'sasl.mechanism': v['sasl_mechanism'],
        'sasl.username': v['user'],
        'sasl.password': v['password'],
        'log_level': 0,
        **({'ssl.ca.location': v['ca_file']} if secured else {}),
    }


def producer(v):
    patience = {'delivery.timeout.ms': 8000} if 'patience' in v else {}
    return Producer({**connection(v), 'acks': 'all', 'enable.idempotence': True, 'linger.ms': 0, **patience})


def consumer(v):
    session = 6000  # the least that a broker takes: one that crashed is noticed after that time
    longest = max(session, int(v.get('acknowledgement_timeout_ms', 300000)))
    return Consumer({
        **connection(v),
        'group.id': v['group'],
        'auto.offset.reset': v['auto_offset_reset'],
        'enable.auto.commit': False,
        'session.timeout.ms': session,
        'max.poll.interval.ms': longest,
        'partition.assignment.strategy': 'cooperative-sticky',  # partitions stay with whoever has them
    })


def send(v, messages):
    sender = producer(v)
    for message in messages:
        reports = []
        sender.produce(v['topic'], message['body'].encode(), message.get('key'), headers=message.get('headers'), on_delivery=lambda error, _: reports.append(error))
        sender.flush()
        yield message['body'], reports == [None]


def receive(v, count=1000000, seconds=2, outcome='ack'):
    deliveries = {}  # by place; another process would begin anew
    with closing(consumer(v)) as receiver:  # after an error, too: one that is only forgotten goes on trying
        for message in consume(receiver, v, count, seconds):
            place = (message.partition(), message.offset())
            deliveries[place] = deliveries.get(place, 0) + 1
            yield {**describe(message), 'again': deliveries[place] > 1}
            if outcome == 'ack':
                commit(receiver, message)
            elif outcome == 'reject':
                if deliveries[place] < int(v['delivery_limit']):
                    receiver.seek(TopicPartition(message.topic(), *place))
                    continue
                if 'dead_topic' in v:
                    set_aside(v, message)
                commit(receiver, message)
        if outcome == 'hold':
            os._exit(0)  # a crash: the group is not told


def commit(receiver, message):
    """Again while the group changes: whoever joins it ends its generation, but takes no partition from those that have one."""
    for _ in range(50):
        try:
            return receiver.commit(message, asynchronous=False)
        except KafkaException as error:
            if error.args[0].code() not in CHANGING:
                raise
            failure = error
            time.sleep(0.2)
    raise failure


def set_aside(v, message):
    failures = []
    sender = producer(v)
    sender.produce(v['dead_topic'], message.value(), message.key(), headers=message.headers(), on_delivery=lambda error, _: failures.append(error))
    sender.flush()
    if failures != [None]:
        raise KafkaException(*failures)


def read(v, count=1000000, seconds=2):
    with closing(consumer(v)) as reader:
        for message in consume(reader, v, count, seconds):
            yield describe(message)
            commit(reader, message)


def describe(message):
    return {'body': message.value().decode(), 'key': (message.key() or b'').decode()}


def consume(receiver, v, count, seconds):
    assigned = []

    def begin(_, partitions):
        if 'offset' in v:  # where the group has no position
            known = {each.partition: each.offset for each in receiver.committed(partitions)}
            for each in partitions:
                each.offset = int(v['offset']) if known[each.partition] < 0 else known[each.partition]
            receiver.incremental_assign(partitions)
        assigned.append(time.time())

    receiver.subscribe([v['topic']], on_assign=begin)
    last = time.time() + 60  # to join the group
    while time.time() < last + seconds and count > 0:
        message = receiver.poll(0.2)
        if assigned and last > time.time():
            last = time.time()
        if message is None:
            continue
        if message.error():
            raise KafkaException(message.error())
        yield message
        last = time.time()
        count -= 1


def attempt(v, action, target):
    if action == 'send':
        reports = []
        sender = Producer({**connection(v), 'acks': 'all'})
        sender.produce(target, b'x', on_delivery=lambda error, _: reports.append(error))
        sender.flush()
        [error] = reports
    else:
        receiver = Consumer({**connection(v), 'group.id': v.get('group', target), 'enable.partition.eof': True})
        error = receiver.list_topics(target, timeout=30).topics[target].error
        if not error:
            receiver.assign([TopicPartition(target, 0, 0)])
            error = receiver.poll(30).error()
    if error and error.code() not in (*REFUSED, KafkaError._PARTITION_EOF):
        raise KafkaException(error)
    return not error or error.code() == KafkaError._PARTITION_EOF
