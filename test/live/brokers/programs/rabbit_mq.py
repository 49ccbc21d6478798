import ssl
import time

import pika
import pika.exceptions


def connect(v):
    login = pika.PlainCredentials(v['user'], v['password'])
    tls = pika.SSLOptions(ssl.create_default_context(cafile=v['ca_file']), v['host']) if 'ca_file' in v else None
    deadline = time.time() + v.get('patience', 60)
    while True:
        try:
            return pika.BlockingConnection(pika.ConnectionParameters(v['host'], int(v['port']), credentials=login, ssl_options=tls))
        except pika.exceptions.ProbableAuthenticationError:
            raise
        except pika.exceptions.AMQPConnectionError:
            if time.time() > deadline:
                raise
            time.sleep(0.5)


def send(v, messages):
    channel = connect(v).channel()
    channel.confirm_delivery()
    for message in messages:
        key = v.get('routing_key') or message.get('key', '')  # a queue has one key, a topic has any
        if 'delay_ms' in message:
            key = v[f'delay_{message["delay_ms"]}ms_routing_key']
        properties = pika.BasicProperties(delivery_mode=2, priority=message.get('priority'), headers=message.get('headers'), message_id=message.get('id'))
        try:
            channel.basic_publish(v['exchange'], key, message['body'].encode(), properties, mandatory='routing_key' in v)
            yield message['body'], True
        except pika.exceptions.NackError:
            yield message['body'], False


def receive(v, count=1000000, seconds=2, outcome='ack'):
    channel = connect(v).channel()
    channel.basic_qos(prefetch_count=int(v.get('prefetch', 1)) if outcome != 'hold' else min(count, 65535))
    for method, properties, body in consume(channel, v['queue'], count, seconds):
        yield {'body': body.decode(), 'key': method.routing_key, 'again': method.redelivered}
        if outcome == 'ack':
            channel.basic_ack(method.delivery_tag)
        elif outcome == 'reject':
            channel.basic_reject(method.delivery_tag, requeue=True)
    channel.connection.close()


def read(v, count=1000000, seconds=2):
    channel = connect(v).channel()
    channel.basic_qos(prefetch_count=100)
    offset = v['offset']
    if offset.isdigit():
        offset = int(offset)
    elif 'T' in offset:
        offset = time.gmtime(__import__('datetime').datetime.fromisoformat(offset.replace('Z', '+00:00')).timestamp())
        offset = __import__('datetime').datetime(*offset[:6])
    for method, _, body in consume(channel, v['queue'], count, seconds, {'x-stream-offset': offset}):
        channel.basic_ack(method.delivery_tag)
        yield {'body': body.decode(), 'key': method.routing_key}
    channel.connection.close()


def consume(channel, queue, count, seconds, arguments=None):
    for method, properties, body in channel.consume(queue, arguments=arguments, inactivity_timeout=seconds):
        if method is None:
            return
        yield method, properties, body
        count -= 1
        if count == 0:
            return
    raise OSError('the broker cancelled the consumer')  # as it does when the queue's leader is out of reach; pika only ends the loop


def attempt(v, action, target):
    channel = connect(v).channel()
    try:
        if action == 'send':
            channel.confirm_delivery()
            channel.basic_publish(target, target, b'x')
        else:
            channel.basic_get(target)
        return True
    except pika.exceptions.ChannelClosedByBroker as error:
        return error.reply_code not in (403, 404)
