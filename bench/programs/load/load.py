"""As many messages as a broker takes or gives, by one of its clients: python load.py BROKER NODES COMMAND [COUNT]

How to reach the broker stands in variables that begin with JOBS_, as the library sets them; it runs on the hosts broker-0 to broker-<NODES - 1>, and the
client has a connection to each, so that it matters nowhere which of them leads. Each broker's module has

  declare(v, hosts)            makes the queue, where nothing else has made it
  send(v, hosts, count, tick)  sends messages of which at most WINDOW are not confirmed yet, and ticks for each that is
  receive(v, hosts, count, tick)
                               acknowledges each message, and ticks for it; at most WINDOW are not acknowledged yet

and v holds the variables by their endings, in lower case. The clock runs from the end of the first WINDOW, with which connections become warm, until all is
confirmed or acknowledged. It prints messages for each second, and which part of that time this program used a processor.
"""
import importlib
import json
import os
import sys
import time

from message import WINDOW

PATIENCE = 120


class Watch:
    def __init__(self):
        self.count, self.began = 0, None

    def tick(self, count=1):
        self.count += count
        self.ended = (self.count, time.perf_counter(), time.process_time())
        if self.began is None and self.count >= WINDOW:
            self.began = self.ended

    def show(self):
        count, seconds, used = (end - begin for begin, end in zip(self.began, self.ended))
        return {'rate': count / seconds, 'busy': used / seconds}


def main():
    broker, nodes, command = sys.argv[1:4]
    v = {name.removeprefix('JOBS_').lower(): value for name, value in os.environ.items() if name.startswith('JOBS_')}
    if 'password_file' in v:
        with open(v['password_file']) as file:
            v['password'] = file.read()
    client = importlib.import_module(broker)
    hosts = [f'broker-{node}' for node in range(int(nodes))]
    if command == 'declare':
        declare(client, v, hosts)
        return
    watch = Watch()
    getattr(client, command)(v, hosts, int(sys.argv[4]), watch.tick)
    print(json.dumps(watch.show()))


def declare(client, v, hosts):
    deadline = time.time() + PATIENCE
    while True:
        try:
            return client.declare(v, hosts)
        except Exception:  # not there yet
            if time.time() > deadline:
                raise
            time.sleep(1)


main()
