"""Takes orders over HTTP, from a page or from programs, and publishes each to the topic that the environment names."""
import json
import os
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pika
import pika.exceptions


def publish(order):
    """Returns when the broker has stored the order for every receiver; raises if it cannot."""
    with open(os.environ['ORDERS_PASSWORD_FILE']) as file:
        credentials = pika.PlainCredentials(os.environ['ORDERS_USER'], file.read())
    parameters = pika.ConnectionParameters(host=os.environ['ORDERS_HOST'], port=int(os.environ['ORDERS_PORT']), credentials=credentials)
    connection = pika.BlockingConnection(parameters)
    try:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.basic_publish(
            exchange=os.environ['ORDERS_EXCHANGE'],
            routing_key='order.created',
            body=json.dumps(order).encode(),
            properties=pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent, message_id=order['id']),
            mandatory=True,
        )
    finally:
        connection.close()


PAGE = '''<!doctype html>
<title>Shop</title>
<form>
  <input name="item" value="book" aria-label="Item"> <button>Order</button>
</form>
<pre role="status"></pre>
<script>
  document.querySelector('form').onsubmit = async event => {
    event.preventDefault();
    const order = Object.fromEntries(new FormData(event.target));
    const answer = await fetch('/orders', { method: 'POST', body: JSON.stringify(order) });
    document.querySelector('pre').textContent = `${answer.status} ${await answer.text()}`;
  };
</script>
'''


class Frontend(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == '/':
            self.answer(200, PAGE.encode(), 'text/html')
        else:
            self.answer_json(200 if self.path == '/health' else 404, {})

    def do_POST(self):
        order = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        order['id'] = order.get('id') or str(uuid.uuid4())
        try:
            publish(order)
        except (pika.exceptions.AMQPError, OSError) as error:
            print(f'order {order["id"]} was not taken: {error!r}')
            self.answer_json(503, {'error': 'try again later'})
        else:
            print(f'order {order["id"]} was published')
            self.answer_json(201, order)

    def answer_json(self, status, content):
        self.answer(status, json.dumps(content).encode(), 'application/json')

    def answer(self, status, body, kind):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(('', 8080), Frontend).serve_forever()
