"""Sends a ticket for each argument: `TEXT`, `PRIORITY:TEXT` or `later:TEXT`."""
import os
import sys

import pika

from connection import connect

connection = connect('TICKETS')
channel = connection.channel()
channel.confirm_delivery()
for argument in sys.argv[1:]:
    how, _, text = argument.rpartition(':')
    key = os.environ['TICKETS_DELAY_10000MS_ROUTING_KEY'] if how == 'later' else os.environ['TICKETS_ROUTING_KEY']
    properties = pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent, priority=int(how) if how.isdigit() else None)
    channel.basic_publish(os.environ['TICKETS_EXCHANGE'], key, text.encode(), properties, mandatory=True)
    print(f'sent {argument}')
connection.close()
