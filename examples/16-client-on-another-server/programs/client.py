"""Sends its arguments as persistent messages, and ends when the broker has confirmed each of them."""
import sys

import pika

from connection import connect

connection = connect()
channel = connection.channel()
channel.queue_declare(queue='task_queue', durable=True)
channel.confirm_delivery()
for message in sys.argv[1:]:
    channel.basic_publish(
        exchange='',
        routing_key='task_queue',
        body=message.encode(),
        properties=pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent),
        mandatory=True,
    )
    print(f'sent {message!r}')
connection.close()
