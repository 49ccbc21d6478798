"""Places an order for each argument: `python order.py book pen`."""
import json
import sys
import urllib.request

for item in sys.argv[1:]:
    request = urllib.request.Request('http://localhost:8080/orders', data=json.dumps({'item': item}).encode(), method='POST')
    with urllib.request.urlopen(request, timeout=30) as answer:
        print(answer.status, answer.read().decode())
