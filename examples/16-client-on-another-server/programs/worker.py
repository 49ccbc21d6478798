"""Works off one message at a time, a second for each dot in it, and acknowledges it when the work is done."""
import time

from connection import connect


def work(channel, method, _properties, body):
    again = ' again' if method.redelivered else ''
    print(f'received {body.decode()!r}{again}')
    time.sleep(body.count(b'.'))
    channel.basic_ack(delivery_tag=method.delivery_tag)
    print(f'done {body.decode()!r}')


channel = connect().channel()
channel.queue_declare(queue='task_queue', durable=True)
channel.basic_qos(prefetch_count=1)
channel.basic_consume(queue='task_queue', on_message_callback=work)
print('waiting for messages')
channel.start_consuming()
