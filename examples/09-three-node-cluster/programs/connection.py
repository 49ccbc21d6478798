"""Where the broker is, and who we are there, as the environment says."""
import os
import ssl

import nats


async def connect():
    with open(os.environ['JOBS_PASSWORD_FILE']) as file:
        password = file.read()
    return await nats.connect(
        os.environ['JOBS_URL'],
        user=os.environ['JOBS_USER'],
        password=password,
        inbox_prefix=os.environ['JOBS_INBOX_PREFIX'],
        tls=ssl.create_default_context(cafile=os.environ['JOBS_CA_FILE']),
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.5,
    )
