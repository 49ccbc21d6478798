"""Where the broker is, and who we are there, as the environment says."""
import os

from confluent_kafka import Consumer


def settings():
    with open(os.environ['BOOKINGS_PASSWORD_FILE']) as file:
        password = file.read()
    return {
        'bootstrap.servers': os.environ['BOOKINGS_BOOTSTRAP_SERVERS'],
        'security.protocol': os.environ['BOOKINGS_SECURITY_PROTOCOL'],
        'sasl.mechanism': os.environ['BOOKINGS_SASL_MECHANISM'],
        'sasl.username': os.environ['BOOKINGS_USER'],
        'sasl.password': password,
    }


def read(work):
    """Calls `work` with account and amount of each booking, and notes the position when that is done."""
    consumer = Consumer({
        **settings(),
        'group.id': os.environ['BOOKINGS_GROUP'],
        'auto.offset.reset': os.environ['BOOKINGS_AUTO_OFFSET_RESET'],
        'enable.auto.commit': False,
    })
    consumer.subscribe([os.environ['BOOKINGS_TOPIC']])
    while True:
        message = consumer.poll(1)
        if message is None:
            continue
        if message.error():
            print(f'trying again: {message.error()}')
            continue
        work(message.key().decode(), int(message.value()))
        consumer.commit(message, asynchronous=False)
