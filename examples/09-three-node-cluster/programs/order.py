"""Sends each argument as a job, until the cluster has stored it."""
import asyncio
import os
import sys

import nats.errors
import nats.js.errors

from connection import connect


async def main():
    nc = await connect()
    for job in sys.argv[1:]:
        while True:
            try:
                await nc.jetstream().publish(os.environ['JOBS_SUBJECT'], job.encode(), timeout=5)
                break
            except (nats.errors.Error, nats.js.errors.Error) as error:
                print(f'trying again: {error!r}')
                await asyncio.sleep(0.5)
        print(f'ordered {job}')
    await nc.close()


asyncio.run(main())
