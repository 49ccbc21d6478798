"""Visits the pair by its name, for ever."""
import os
import time
import urllib.error
import urllib.request

while True:
    try:
        with urllib.request.urlopen(os.environ['WEB_URL'], timeout=2) as answer:
            print(answer.read().decode().strip())
    except (urllib.error.URLError, OSError) as error:
        print(f'no answer: {error}')
    time.sleep(float(os.environ['PAUSE']))
