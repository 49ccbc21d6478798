import asyncio
import ssl

import nats
from nats.js.api import ConsumerConfig, StreamConfig

from message import BODY, WINDOW


async def connect(v, host):
    tls = ssl.create_default_context(cafile=v['ca_file']) if 'ca_file' in v else None
    login = {'user': v['user'], 'password': v['password'], 'inbox_prefix': v['inbox_prefix']} if 'user' in v else {}
    scheme = v['url'].partition('://')[0]
    return await nats.connect(f'{scheme}://{host}:{v["port"]}', tls=tls, **login)


def declare(v, hosts):
    async def work():
        nc = await connect(v, hosts[0])
        js = nc.jetstream()
        await js.add_stream(StreamConfig(v['stream'], subjects=[v['subject']], retention='workqueue', storage='file', num_replicas=len(hosts)))
        await js.add_consumer(v['stream'], ConsumerConfig(durable_name=v['consumer'], ack_policy='explicit'))
        await nc.close()
    asyncio.run(work())


def run(v, hosts, work):
    """Has `work` done over a connection to each host."""
    async def all_of_it():
        connections = [await connect(v, host) for host in hosts]
        await asyncio.gather(*(work(nc) for nc in connections))
        for nc in connections:
            await nc.close()
    asyncio.run(all_of_it())


def send(v, hosts, count, tick):
    async def work(nc):
        failures = []

        def confirmed(future):
            tick()
            if future.exception():
                failures.append(future.exception())

        js = nc.jetstream(publish_async_max_pending=WINDOW // len(hosts))
        for _ in range(count // len(hosts)):
            (await js.publish_async(v['subject'], BODY)).add_done_callback(confirmed)
        await js.publish_async_completed()
        if failures:
            raise failures[0]
    run(v, hosts, work)


def receive(v, hosts, count, tick):
    left = count

    async def work(nc):
        nonlocal left
        consumer = await nc.jetstream().pull_subscribe_bind(v['consumer'], stream=v['stream'])
        while left > 0:
            try:
                messages = await consumer.fetch(min(WINDOW // len(hosts), left), timeout=1)
            except TimeoutError:
                messages = []
            if not messages:
                continue
            left -= len(messages)
            for message in messages[:-1]:
                await message.ack()
            await messages[-1].ack_sync(timeout=20)  # the server takes one after the other
            tick(len(messages))
    run(v, hosts, work)
