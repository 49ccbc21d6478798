"""Sends each argument as a letter, and ends when the broker has stored all of them."""
import os
import sys

import pika

from connection import connect

connection = connect()
channel = connection.channel()
channel.confirm_delivery()
for letter in sys.argv[1:]:
    channel.basic_publish(
        os.environ['LETTERS_EXCHANGE'], os.environ['LETTERS_ROUTING_KEY'], letter.encode(),
        pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent), mandatory=True)
    print(f'posted {letter}')
connection.close()
