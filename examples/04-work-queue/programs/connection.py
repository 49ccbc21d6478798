"""Where the broker is, and who we are there, as the environment says."""
import os

import pika


def connect():
    with open(os.environ['TASK_QUEUE_PASSWORD_FILE']) as file:
        credentials = pika.PlainCredentials(os.environ['TASK_QUEUE_USER'], file.read())
    return pika.BlockingConnection(pika.ConnectionParameters(host=os.environ['TASK_QUEUE_HOST'], credentials=credentials))
