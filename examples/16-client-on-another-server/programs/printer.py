"""Prints one order at a time, and says how far it is."""
import time

import pika

from connection import connect, value

orders = connect('PRINTS').channel()
news = connect('STATUS').channel()
news.confirm_delivery()


def say(state, order):
    news.basic_publish(
        exchange=value('STATUS', 'EXCHANGE'),
        routing_key=state,
        body=f'{state} {order}'.encode(),
        properties=pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent),
    )


orders.basic_qos(prefetch_count=1)
for method, _properties, body in orders.consume(value('PRINTS', 'QUEUE'), inactivity_timeout=20):
    news.connection.process_data_events()  # so that the quiet connection stays
    if method is None:
        continue
    say('printing', body.decode())
    time.sleep(1)
    say('printed', body.decode())
    orders.basic_ack(method.delivery_tag)
