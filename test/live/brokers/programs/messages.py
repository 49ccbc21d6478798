"""What the tests ask of a broker, by one of its clients: python messages.py BROKER COMMAND PREFIX [JSON]

Where the broker is, and who we are there, stands in variables that begin with PREFIX. Each broker's module has

  send(v, messages)          yields (body, stored) for each {body, key, priority, delay_ms, headers, id}, of which only body must be there
  receive(v, count, seconds, outcome)
                             yields {body, key, again} for each delivery, until `count` came or none came for `seconds`;
                             outcome is what becomes of it: 'ack', 'reject' (processing failed), or 'hold' (goes away without acknowledging)
  read(v, count, seconds)    yields {body, key} for each event of a stream, from where the variables say
  attempt(v, action, target) whether the broker lets us 'send' to, or 'receive' from, the queue of that name

and v holds the variables by their endings, in lower case.
"""
import importlib
import json
import os
import sys


def main():
    broker, command, prefix, arguments = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
    v = {name[len(prefix) + 1:].lower(): value for name, value in os.environ.items() if name.startswith(f'{prefix}_')}
    with open(v['password_file']) as file:
        v['password'] = file.read()
    client = importlib.import_module(broker)
    if command == 'send':
        for body, stored in client.send(v, arguments):
            print('stored' if stored else 'refused', body, flush=True)
    elif command == 'attempt':
        print('allowed' if client.attempt(v, **arguments) else 'refused')
    else:
        for message in getattr(client, command)(v, **arguments):
            print(json.dumps(message), flush=True)


main()
