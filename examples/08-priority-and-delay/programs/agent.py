"""Works on one ticket at a time, a second each; those called "impossible" fail."""
from connection import receive


def work(channel, method, properties, body):
    attempt = int((properties.headers or {}).get('x-delivery-count', 0)) + 1
    text = body.decode()
    if text == 'impossible':
        print(f'failed {text}, attempt {attempt}')
        channel.basic_reject(method.delivery_tag, requeue=True)  # counts as a failure, basic_nack would not
        return
    channel.connection.sleep(1)
    print(f'done {text}')
    channel.basic_ack(method.delivery_tag)


receive('TICKETS', work)
