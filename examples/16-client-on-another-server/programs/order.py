"""Orders a print of each argument, and ends when the printer has said that all are printed."""
import sys

import pika

from connection import connect, value

waiting = set(sys.argv[1:])
news = connect('STATUS').channel()
orders = connect('PRINTS').channel()
orders.confirm_delivery()
for order in sys.argv[1:]:
    orders.basic_publish(
        exchange=value('PRINTS', 'EXCHANGE'),
        routing_key=value('PRINTS', 'ROUTING_KEY'),
        body=order.encode(),
        properties=pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent),
    )
for method, _properties, body in news.consume(value('STATUS', 'QUEUE')):
    news.basic_ack(method.delivery_tag)
    state, order = body.decode().split(' ', 1)
    print(f'{order} is {state}', flush=True)
    if state == 'printed':
        waiting.discard(order)
    if not waiting:
        break
