"""Publishes each argument, such as `alice=100`, and ends when the broker has confirmed all of them."""
import os
import sys

from confluent_kafka import Producer

from connection import settings

failures = []
producer = Producer({**settings(), 'acks': 'all', 'enable.idempotence': True})
for booking in sys.argv[1:]:
    account, amount = booking.split('=')
    producer.produce(os.environ['BOOKINGS_TOPIC'], amount, account, on_delivery=lambda error, _: error and failures.append(error))
producer.flush()
if failures:
    sys.exit(f'not booked: {failures}')
print(f'booked {len(sys.argv) - 1}')
