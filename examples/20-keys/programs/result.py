"""Says who leads, each time that a vote is cast."""
import os

from connection import connect

store = connect('VOTES')
votes = os.environ['VOTES_KEY_PREFIX']

with store.pubsub() as channel:
    channel.subscribe(f'{votes}cast')
    for _ in channel.listen():
        counts = store.hgetall(f'{votes}count')
        if counts:
            leader = max(sorted(counts), key=lambda what: int(counts[what]))
            print(f'{leader} leads with {counts[leader]}')
