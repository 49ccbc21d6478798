"""Takes orders over HTTP and hands each to every queue that the environment names."""
import json
import os
import re
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pika
import pika.exceptions

# a further receiver brings further variables, so nothing changes here
QUEUES = sorted(found[1] for found in (re.fullmatch(r'(.+)_EXCHANGE', name) for name in os.environ) if found)


def send(queue, order):
    """Returns when the broker has stored the order; raises if it cannot."""
    with open(os.environ[f'{queue}_PASSWORD_FILE']) as file:
        credentials = pika.PlainCredentials(os.environ[f'{queue}_USER'], file.read())
    parameters = pika.ConnectionParameters(host=os.environ[f'{queue}_HOST'], port=int(os.environ[f'{queue}_PORT']), credentials=credentials)
    connection = pika.BlockingConnection(parameters)
    try:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.basic_publish(
            exchange=os.environ[f'{queue}_EXCHANGE'],
            routing_key=os.environ[f'{queue}_ROUTING_KEY'],
            body=json.dumps(order).encode(),
            properties=pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent, message_id=order['id']),
            mandatory=True,
        )
    finally:
        connection.close()


class Frontend(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(200 if self.path == '/health' else 404, {})

    def do_POST(self):
        order = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        order['id'] = order.get('id') or str(uuid.uuid4())
        try:
            for queue in QUEUES:
                send(queue, order)
        except (pika.exceptions.AMQPError, OSError) as error:
            print(f'order {order["id"]} was not taken: {error!r}')
            self.answer(503, {'error': 'try again later'})
        else:
            print(f'order {order["id"]} went to {len(QUEUES)} queues')
            self.answer(201, order)

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(('', 8080), Frontend).serve_forever()
