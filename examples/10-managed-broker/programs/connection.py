"""Where the broker is, and who we are there, as the environment says; the same for a broker with TLS and one without."""
import os
import ssl

import pika


def connect():
    host = os.environ['LETTERS_HOST']
    with open(os.environ['LETTERS_PASSWORD_FILE']) as file:
        credentials = pika.PlainCredentials(os.environ['LETTERS_USER'], file.read())
    tls = None
    if os.environ['LETTERS_URL'].startswith('amqps:'):
        tls = pika.SSLOptions(ssl.create_default_context(cafile=os.environ.get('LETTERS_CA_FILE')), host)
    return pika.BlockingConnection(pika.ConnectionParameters(host, int(os.environ['LETTERS_PORT']), credentials=credentials, ssl_options=tls))
