"""Prints the tickets that nobody could work on."""
from connection import receive


def work(channel, method, _properties, body):
    print(f'given up {body.decode()}')
    channel.basic_ack(method.delivery_tag)


receive('TICKETS_DEAD', work)
