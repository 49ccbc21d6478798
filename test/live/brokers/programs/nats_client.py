import asyncio
import datetime
import json
import ssl
import uuid

import nats
import nats.errors
import nats.js.errors


def connected(work):
    """A generator that runs an asynchronous one on a connection of its own."""
    def run(v, *args, **kwargs):
        loop = asyncio.new_event_loop()
        nc = loop.run_until_complete(connect(v))
        steps = work(nc, v, *args, **kwargs)
        try:
            while True:
                yield loop.run_until_complete(steps.__anext__())
        except StopAsyncIteration:
            pass
        finally:
            loop.run_until_complete(steps.aclose())
            loop.run_until_complete(nc.close())
            loop.close()
    return run


async def connect(v):
    async def note(error):
        nc.complaints.append(str(error))
    nc = nats.NATS()
    nc.complaints = []
    tls = ssl.create_default_context(cafile=v['ca_file']) if 'ca_file' in v else None
    await nc.connect(v['url'], tls=tls, allow_reconnect='patience' not in v, user=v['user'], password=v['password'], inbox_prefix=v['inbox_prefix'], error_cb=note,
                     max_reconnect_attempts=-1, reconnect_time_wait=0.5, connect_timeout=5)
    return nc


@connected
async def send(nc, v, messages):
    js = nc.jetstream()
    for message in messages:
        # a queue has one subject
        subject = v['subject'] if 'queue' in v or 'key' not in message else f'{v["subject"]}.{message["key"]}'
        headers = dict(message.get('headers', {}))
        if 'id' in message:
            headers['Nats-Msg-Id'] = message['id']
        if 'delay_ms' in message:
            due = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(milliseconds=message['delay_ms'])
            headers |= {'Nats-Schedule': f'@at {due:%Y-%m-%dT%H:%M:%S.%fZ}', 'Nats-Schedule-Target': subject}
            subject = f'{v["delay_subject"]}.{uuid.uuid4().hex}'
        try:
            await js.publish(subject, message['body'].encode(), headers=headers or None, timeout=20)
            yield message['body'], True
        except nats.js.errors.APIError:
            yield message['body'], False


@connected
async def receive(nc, v, count=1000000, seconds=2, outcome='ack'):
    delays = [int(delay) / 1000 for delay in v['retry_delays_ms'].split(',')] if 'retry_delays_ms' in v else [None]
    async for message in deliveries(nc, v, count, seconds):
        delivery = message.metadata.num_delivered
        dead = 'origin_stream' in v
        sequence = json.loads(message.data)['stream_seq'] if dead else None
        body = await original(nc, v, sequence) if dead else message.data
        if body is not None:
            yield {'body': body.decode(), 'key': key_of(message, v), 'again': delivery > 1}
        if outcome == 'ack':
            if dead:
                await nc.request(f'$JS.ACK.{v["origin_stream"]}.{v["origin_consumer"]}.1.{sequence}.1.0.0', b'+ACK', timeout=20)
            await message.ack_sync(timeout=20)
        elif outcome == 'reject':
            await message.nak(delay=delays[min(delivery, len(delays)) - 1])
            await nc.flush()


async def original(nc, v, sequence):
    """Body of the message that a notice tells of; None if it is gone."""
    try:
        return (await nc.jetstream().get_msg(v['origin_stream'], sequence)).data
    except nats.js.errors.NotFoundError:
        return None


@connected
async def read(nc, v, count=1000000, seconds=2):
    async for message in deliveries(nc, v, count, seconds):
        yield {'body': message.data.decode(), 'key': key_of(message, v)}
        await message.ack_sync(timeout=20)


def key_of(message, v):
    return message.subject[len(v['stream']) + 1:]


async def deliveries(nc, v, count, seconds):
    pinned = 'group' in v
    pull = PinnedPull(nc, v) if pinned else await nc.jetstream().pull_subscribe_bind(v['consumer'], stream=v['stream'])
    now = asyncio.get_running_loop().time
    end = now() + seconds
    while count > 0 and now() < end:
        try:
            # a cluster that elects another leader forgets what it was asked, so it is asked again soon
            messages = await pull.fetch(min(count, int(v.get('prefetch', 1))), timeout=max(0.1, min(seconds if pinned else 2, end - now())))
        except (asyncio.TimeoutError, nats.js.errors.APIError):
            continue
        for message in messages:
            yield message
        count -= len(messages)
        if messages:  # nats-py gives none, too
            end = now() + seconds


class PinnedPull:
    """Asks for messages as a member of a group of which one at a time gets them; nats-py does not know of groups."""

    def __init__(self, nc, v):
        self.nc, self.group, self.timeout = nc, v['group'], int(v['group_timeout_ms']) / 1000
        self.subject = f'$JS.API.CONSUMER.MSG.NEXT.{v["stream"]}.{v["consumer"]}'
        self.pin = None

    async def fetch(self, batch, timeout):
        """
        One request that waits, as the one that waits longest is the next to have all; whoever has, asks anew before its time is over.
        The server shows each second that it knows of the request.
        """
        if self.pin:
            timeout = min(timeout, self.timeout / 3)
        inbox = self.nc.new_inbox()
        subscription = await self.nc.subscribe(inbox)
        request = {'batch': 1, 'expires': int(timeout * 1e9), 'idle_heartbeat': int(1e9), 'group': self.group, **({'id': self.pin} if self.pin else {})}
        try:
            await self.nc.publish(self.subject, json.dumps(request).encode(), reply=inbox)
            while True:
                message = await subscription.next_msg(timeout=2.5)
                if message.reply:
                    self.pin = message.headers['Nats-Pin-Id']
                    return [message]
                status = message.headers['Status']
                if status == '423':
                    self.pin = None  # another one has taken over
                if status != '100':
                    raise nats.errors.TimeoutError
        finally:
            await subscription.unsubscribe()


def attempt(v, action, target):
    return next(tries(v, action, target))


@connected
async def tries(nc, v, action, target):
    async def answers(subject, body=b''):
        try:
            message = await nc.request(subject, body, timeout=1)
            return b'"error"' not in message.data
        except (nats.errors.TimeoutError, nats.errors.NoRespondersError):
            return False
    if action == 'send':
        yield await answers(target, b'x')
        return
    if action == 'answer':  # what it may receive, delivered where it may not send
        await nc.publish(f'$JS.API.CONSUMER.MSG.NEXT.{v["stream"]}.{v["consumer"]}', b'{"no_wait":true}', reply=target)
        await nc.flush()
        await asyncio.sleep(0.2)  # complaints are told by another task
        yield not nc.complaints
        return
    await nc.subscribe(target)
    await nc.flush()
    await asyncio.sleep(0.2)  # complaints are told by another task
    overheard = not any('subscription' in complaint for complaint in nc.complaints)
    create = json.dumps({'stream_name': target, 'config': {'ack_policy': 'explicit', 'durable_name': 'mine', 'name': 'mine'}}).encode()
    yield overheard or any([
        await answers(f'$JS.API.CONSUMER.MSG.NEXT.{target}.{target}', b'{"no_wait":true}'),
        await answers(f'$JS.API.STREAM.MSG.GET.{target}', b'{"seq":1}'),
        await answers(f'$JS.API.CONSUMER.CREATE.{target}.mine', create),
        await answers(f'$JS.API.STREAM.PURGE.{target}'),
        await answers(f'$JS.API.STREAM.DELETE.{target}'),
    ])
