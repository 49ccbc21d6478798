"""Sorts one letter after the other."""
import os
import time

import pika.exceptions

from connection import connect


def sort(channel, method, _properties, body):
    print(f'sorted {body.decode()}')
    channel.basic_ack(method.delivery_tag)


while True:
    try:
        channel = connect().channel()
        channel.basic_qos(prefetch_count=int(os.environ['LETTERS_PREFETCH']))
        channel.basic_consume(os.environ['LETTERS_QUEUE'], on_message_callback=sort)
        print('waiting for letters')
        channel.start_consuming()
    except (pika.exceptions.AMQPError, OSError) as error:
        print(f'connecting again: {error!r}')
        time.sleep(1)
