import itertools
import ssl

import pika
from pika.adapters.select_connection import IOLoop

from message import BODY, WINDOW

DURABLE = pika.BasicProperties(delivery_mode=2)


def parameters(v, host):
    tls = pika.SSLOptions(ssl.create_default_context(cafile=v['ca_file']), host) if 'ca_file' in v else None
    return pika.ConnectionParameters(host, int(v['port']), credentials=pika.PlainCredentials(v['user'], v['password']), ssl_options=tls)


def declare(v, hosts):
    connection = pika.BlockingConnection(parameters(v, hosts[0]))
    connection.channel().queue_declare(v['queue'], durable=True, arguments={'x-queue-type': 'quorum'})
    connection.close()


def run(v, hosts, work):
    """Opens a channel to each host, and gives each to `work`, with what that calls at its end; returns when all have ended."""
    loop = IOLoop()
    working = len(hosts)

    def opened(connection):
        connection.channel(on_open_callback=began).add_on_close_callback(closed)

    def began(channel):
        work(channel, ended)

    def ended():
        nonlocal working
        working -= 1
        if working == 0:
            for connection in connections:
                connection.close()

    def closed(_, reason):
        if working > 0:
            raise reason
        if all(connection.is_closed for connection in connections):
            loop.stop()

    connections = [pika.SelectConnection(parameters(v, host), opened, closed, closed, custom_ioloop=loop) for host in hosts]
    loop.start()


def send(v, hosts, count, tick):
    def work(channel, ended):
        left, waiting = iter(range(count // len(hosts))), set()

        def publish(many):
            for number in itertools.islice(left, many):
                waiting.add(number + 1)
                channel.basic_publish(v['exchange'], v['routing_key'], BODY, DURABLE, mandatory=True)

        def confirmed(frame):
            if not isinstance(frame.method, pika.spec.Basic.Ack):
                raise OSError('not stored')
            tag = frame.method.delivery_tag
            tags = {each for each in waiting if each <= tag} if frame.method.multiple else {tag}
            waiting.difference_update(tags)
            tick(len(tags))
            publish(len(tags))
            if not waiting:
                ended()

        def returned(*_):
            raise OSError('no queue for it')

        channel.add_on_return_callback(returned)
        channel.confirm_delivery(confirmed, callback=lambda _: publish(WINDOW // len(hosts)))
    run(v, hosts, work)


def receive(v, hosts, count, tick):
    left = count

    def work(channel, ended):
        def received(_, method, properties, body):
            nonlocal left
            left -= 1
            channel.basic_ack(method.delivery_tag)
            tick()
            if left == 0:
                for _ in hosts:
                    ended()

        channel.basic_qos(prefetch_count=WINDOW // len(hosts), callback=lambda _: channel.basic_consume(v['queue'], received))
    run(v, hosts, work)
