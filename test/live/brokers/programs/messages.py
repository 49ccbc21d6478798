"""What the tests ask of a broker, by one of its clients: python messages.py BROKER COMMAND PREFIX [JSON]

Where the broker is, and who we are there, stands in variables that begin with PREFIX. Each broker's module has

  send(v, messages)          yields (body, stored) for each {body, key, priority, delay_ms, headers, id}, of which only body must be there
  receive(v, count, seconds, outcome)
                             yields {body, key, again} for each delivery, until `count` came or none came for `seconds`;
                             outcome is what becomes of it once the next one is asked for, as the work is done then:
                             'ack', 'reject' (processing failed), or 'hold' (goes away without acknowledging)
  read(v, count, seconds)    yields {body, key} for each event of a stream, from where the variables say
  attempt(v, action, target) whether the broker lets us 'send' to, or 'receive' from, the queue of that name;
                             of NATS, also 'answer': have what we may receive delivered there

and v holds the variables by their endings, in lower case. Two more commands go on whatever happens to the broker, and are made of these:

  flood {count}              sends messages 0 to count - 1, each until it is confirmed, over several connections at once
  collect {seconds}          receives and acknowledges until none came for `seconds`, and whoever sends has said that all is sent
  trust {ca_file}            whether a message is sent by a client that has these authorities, or, with none, uses no TLS
  over                       says to the receivers in this container that all is sent
"""
import importlib
import json
import os
import sys
import threading
import time

CONNECTIONS = 8
PATIENCE = 240
OVER = '/tmp/over'


def main():
    broker, command, prefix, arguments = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
    if command == 'over':
        open(OVER, 'w').close()
        return
    v = {name[len(prefix) + 1:].lower(): value for name, value in os.environ.items() if name.startswith(f'{prefix}_')}
    with open(v['password_file']) as file:
        v['password'] = file.read()
    client = importlib.import_module(broker)
    if command == 'send':
        for body, stored in client.send(v, arguments):
            print('stored' if stored else 'refused', body, flush=True)
    elif command == 'flood':
        flood(client, v, **arguments)
    elif command == 'collect':
        collect(client, v, **arguments)
    elif command == 'trust':
        print('trusted' if trusts(client, {**v, **arguments, 'patience': 0}) else 'not trusted')
    elif command == 'attempt':
        print('allowed' if client.attempt(v, **arguments) else 'refused')
    else:
        for message in getattr(client, command)(v, **arguments):
            print(json.dumps(message), flush=True)


def trusts(client, v):
    if not v['ca_file']:
        del v['ca_file']
    try:
        return all(stored for _, stored in client.send(v, [{'body': 'trusted'}]))
    except Exception as error:
        print(f'not trusted: {error!r}', file=sys.stderr)
        return False


def flood(client, v, count):
    deadline = time.time() + PATIENCE

    def send(left):
        while left and time.time() < deadline:
            try:
                for _, stored in client.send(v, [{'body': str(number), 'key': str(number)} for number in left]):
                    if not stored:
                        raise OSError('not stored')
                    left.pop(0)
            except Exception as error:
                print(f'sending goes on after {error!r}', file=sys.stderr)
                time.sleep(0.2)

    parts = [list(range(first, count, CONNECTIONS)) for first in range(CONNECTIONS)]
    threads = [threading.Thread(target=send, args=[part]) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(count - sum(len(part) for part in parts))


def collect(client, v, seconds):
    deadline = time.time() + PATIENCE
    if os.path.exists(OVER):
        os.remove(OVER)
    while time.time() < deadline:
        try:
            for message in client.receive(v, seconds=seconds):
                print(message['body'], flush=True)
            if os.path.exists(OVER):
                return
        except Exception as error:
            print(f'receiving goes on after {error!r}', file=sys.stderr)
            time.sleep(1)


main()
