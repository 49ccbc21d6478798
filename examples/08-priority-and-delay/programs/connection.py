"""Where the broker is, and who we are there, as the environment says."""
import os
import time

import pika
import pika.exceptions


def connect(prefix):
    with open(os.environ[f'{prefix}_PASSWORD_FILE']) as file:
        credentials = pika.PlainCredentials(os.environ[f'{prefix}_USER'], file.read())
    return pika.BlockingConnection(pika.ConnectionParameters(os.environ[f'{prefix}_HOST'], int(os.environ[f'{prefix}_PORT']), credentials=credentials))


def receive(prefix, work):
    """Calls `work` for each message, and connects again when the broker goes away."""
    while True:
        try:
            channel = connect(prefix).channel()
            channel.basic_qos(prefetch_count=int(os.environ[f'{prefix}_PREFETCH']))
            channel.basic_consume(os.environ[f'{prefix}_QUEUE'], on_message_callback=work)
            channel.start_consuming()
        except (pika.exceptions.AMQPError, OSError) as error:
            print(f'connecting again: {error!r}')
            time.sleep(1)
