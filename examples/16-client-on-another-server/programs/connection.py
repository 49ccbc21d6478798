"""Where the broker is, and who we are there: as the connection file says, or the environment where the application runs us."""
import json
import os
import ssl

import pika


def settings():
    if 'CONNECTION_FILE' in os.environ:
        with open(os.environ['CONNECTION_FILE']) as file:
            return json.load(file)
    return os.environ


def value(prefix, name):
    if f'{prefix}_{name}_FILE' not in settings():
        return settings()[f'{prefix}_{name}']
    with open(settings()[f'{prefix}_{name}_FILE']) as file:
        return file.read()


def connect(prefix='TASK_QUEUE'):
    host = value(prefix, 'HOST')
    return pika.BlockingConnection(pika.ConnectionParameters(
        host=host,
        port=int(value(prefix, 'PORT')),
        credentials=pika.PlainCredentials(value(prefix, 'USER'), value(prefix, 'PASSWORD')),
        ssl_options=pika.SSLOptions(ssl.create_default_context(cadata=value(prefix, 'CA')), host),
    ))
