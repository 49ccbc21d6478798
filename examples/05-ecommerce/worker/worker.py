"""Takes orders from its queue, one at a time, and acknowledges each when it is done."""
import json
import os
import sys
import time

import pika
import pika.exceptions

ROLE = sys.argv[1]


def handle(channel, method, _properties, body):
    order = json.loads(body)
    print(f'{ROLE} handled order {order["id"]}: {order.get("item")}')
    channel.basic_ack(delivery_tag=method.delivery_tag)


def consume():
    with open(os.environ['ORDERS_PASSWORD_FILE']) as file:
        credentials = pika.PlainCredentials(os.environ['ORDERS_USER'], file.read())
    parameters = pika.ConnectionParameters(host=os.environ['ORDERS_HOST'], port=int(os.environ['ORDERS_PORT']), credentials=credentials)
    channel = pika.BlockingConnection(parameters).channel()
    channel.basic_qos(prefetch_count=int(os.environ['ORDERS_PREFETCH']))
    channel.basic_consume(queue=os.environ['ORDERS_QUEUE'], on_message_callback=handle)
    print(f'{ROLE} is waiting for orders')
    channel.start_consuming()


while True:
    try:
        consume()
    except (pika.exceptions.AMQPError, OSError) as error:
        print(f'{ROLE} lost the broker, trying again: {error!r}')
        time.sleep(1)
