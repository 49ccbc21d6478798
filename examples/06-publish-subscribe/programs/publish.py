"""Publishes each argument, such as `temperature.berlin=31`, and ends when the broker has stored all of them for every subscriber."""
import os
import sys

import pika

from connection import connect


def publish(*readings):
    connection = connect()
    channel = connection.channel()
    channel.confirm_delivery()
    for reading in readings:
        key, value = reading.split('=')
        channel.basic_publish(os.environ['READINGS_EXCHANGE'], key, value.encode(), pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent))
        print(f'published {key} {value}')
    connection.close()


if __name__ == '__main__':
    publish(*sys.argv[1:])
