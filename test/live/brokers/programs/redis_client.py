import time
import uuid

import redis

ROUND_MS = 500


def connect(v):
    deadline = time.time() + 60
    while True:
        try:
            client = redis.Redis(v['host'], int(v['port']), username=v['user'], password=v['password'], decode_responses=True)
            client.ping()
            return client
        except redis.AuthenticationError:
            raise
        except redis.ConnectionError:
            if time.time() > deadline:
                raise
            time.sleep(0.5)


def send(v, messages):
    client = connect(v)
    for message in messages:
        entry = {'body': message['body'], 'key': message.get('key', '')}
        try:
            if 'subscribers' in v:
                with client.pipeline(transaction=True) as all_or_none:
                    for stream in client.smembers(v['subscribers']):
                        all_or_none.xadd(stream, entry)
                    all_or_none.execute()
            else:
                client.xadd(v['stream'], entry, id=v.get('entry_id', '*'))
            yield message['body'], True
        except redis.ResponseError:
            yield message['body'], False


def receive(v, count=1000000, seconds=2, outcome='ack'):
    client = connect(v)
    at_once = count if outcome == 'hold' else int(v['prefetch'])
    for consumer, number, entry, again in deliveries(client, v, count, seconds, at_once):
        yield {'body': entry['body'], 'key': entry['key'], 'again': again}
        if outcome == 'ack':
            finish(client, v, number)
        elif outcome == 'reject':  # whoever asks next takes it over
            client.xclaim(v['stream'], v['group'], consumer, 0, [number], idle=int(v['acknowledgement_timeout_ms']), justid=True)


def read(v, count=1000000, seconds=2):
    client = connect(v)
    for _, number, entry, _ in deliveries(client, v, count, seconds, 100):
        client.xack(v['stream'], v['group'], number)
        yield {'body': entry['body'], 'key': entry['key']}


def deliveries(client, v, count, seconds, at_once):
    """Yields (consumer, number, entry, whether it was delivered before): first what others held for too long, then what is new."""
    stream, group, consumer, start = v['stream'], v['group'], uuid.uuid4().hex, '0-0'
    last = time.time()
    while count > 0 and time.time() - last < seconds:
        start, taken_over, *_ = client.xautoclaim(stream, group, consumer, int(v['acknowledgement_timeout_ms']), start_id=start, count=1)
        fresh = [] if taken_over else client.xreadgroup(group, consumer, {stream: '>'}, count=min(at_once, count), block=ROUND_MS)
        for number, entry in taken_over or (fresh[0][1] if fresh else []):
            if taken_over and 'delivery_limit' in v and times_delivered(client, v, number) > int(v['delivery_limit']):
                finish(client, v, number, dead=entry)
                continue
            yield consumer, number, entry, bool(taken_over)
            last = time.time()
            count -= 1


def times_delivered(client, v, number):
    return client.xpending_range(v['stream'], v['group'], number, number, 1)[0]['times_delivered']


def finish(client, v, number, dead=None):
    """Removes a message from its queue; one that failed too often becomes a dead letter in the same moment."""
    with client.pipeline(transaction=True) as all_or_none:
        if dead is not None and 'dead_stream' in v:
            all_or_none.xadd(v['dead_stream'], dead)
        all_or_none.xack(v['stream'], v['group'], number)
        all_or_none.xdel(v['stream'], number)
        all_or_none.execute()


def attempt(v, action, target):
    client = connect(v)
    try:
        if action == 'send':
            client.xadd(target, {'body': 'x', 'key': ''})
        else:
            client.xreadgroup(target, 'attempt', {target: '>'}, count=1)
        return True
    except redis.exceptions.NoPermissionError:
        return False
