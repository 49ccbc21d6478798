"""Where a server is, and who we are there, as the environment says."""
import os

import redis
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError
from redis.retry import Retry


def connect(prefix):
    with open(os.environ[f'{prefix}_PASSWORD_FILE']) as file:
        return redis.Redis.from_url(os.environ[f'{prefix}_URL'], username=os.environ[f'{prefix}_USER'], password=file.read(), decode_responses=True,
                                    retry=Retry(ConstantBackoff(1), 60), retry_on_error=[ConnectionError])  # the server may be restarting
