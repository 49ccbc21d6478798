"""Where the broker is, and who we are there, as the environment says."""
import os

import pika


def connect():
    with open(os.environ['READINGS_PASSWORD_FILE']) as file:
        credentials = pika.PlainCredentials(os.environ['READINGS_USER'], file.read())
    return pika.BlockingConnection(pika.ConnectionParameters(os.environ['READINGS_HOST'], int(os.environ['READINGS_PORT']), credentials=credentials))
