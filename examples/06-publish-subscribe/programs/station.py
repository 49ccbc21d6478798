"""Publishes a reading each minute."""
import random
import time

import pika.exceptions

from publish import publish

while True:
    try:
        publish(f'pressure.berlin={random.randint(980, 1030)}')
    except (pika.exceptions.AMQPError, OSError) as error:
        print(f'trying again: {error!r}')
    time.sleep(60)
