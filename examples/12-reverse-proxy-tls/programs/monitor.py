"""Comes to the shop as a customer does, and tells what it finds."""
import os
import ssl
import time
import urllib.request

trusted = ssl.create_default_context(cafile=os.environ['SHOP_CA_FILE'])
while True:
    for path in ['/', '/api/stock']:
        try:
            with urllib.request.urlopen(os.environ['SHOP_URL'] + path, timeout=5, context=trusted) as answer:
                print(path, answer.status)
        except OSError as error:
            print(path, error)
    time.sleep(10)
