"""Asks the server by its name, for ever; a new connection each time finds whichever replicas there are."""
import os
import time
import urllib.error
import urllib.request

while True:
    try:
        with urllib.request.urlopen(os.environ['SERVER_URL'], timeout=2) as answer:
            print(f'answered by {answer.read().decode().strip()}')
    except (urllib.error.URLError, OSError) as error:
        print(f'no answer: {error}')
    time.sleep(1)
