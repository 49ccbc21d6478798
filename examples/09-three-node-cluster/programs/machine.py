"""Does one job after the other."""
import asyncio
import os

import nats.errors
import nats.js.errors

from connection import connect


async def main():
    nc = await connect()
    consumer = await nc.jetstream().pull_subscribe_bind(os.environ['JOBS_CONSUMER'], stream=os.environ['JOBS_STREAM'])
    print('waiting for jobs')
    while True:
        try:
            messages = await consumer.fetch(int(os.environ['JOBS_PREFETCH']), timeout=2)
        except (nats.errors.Error, nats.js.errors.Error):
            continue  # nothing to do, or a cluster that elects another leader
        for message in messages:
            print(f'done {message.data.decode()}')
            await message.ack()


asyncio.run(main())
