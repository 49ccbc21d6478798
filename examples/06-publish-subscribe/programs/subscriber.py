"""Prints the readings that it gets, and acknowledges each."""
import os
import time

import pika.exceptions

from connection import connect


def work(channel, method, _properties, body):
    print(f'got {method.routing_key} {body.decode()}')
    channel.basic_ack(method.delivery_tag)


while True:
    try:
        channel = connect().channel()
        channel.basic_qos(prefetch_count=int(os.environ['READINGS_PREFETCH']))
        channel.basic_consume(os.environ['READINGS_QUEUE'], on_message_callback=work)
        print('waiting for readings')
        channel.start_consuming()
    except (pika.exceptions.AMQPError, OSError) as error:
        print(f'connecting again: {error!r}')
        time.sleep(1)
