"""Takes votes: POST is one for what it says, GET tells how many there are of each, as of some seconds ago."""
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from connection import connect

store, cache = connect('VOTES'), connect('CACHE')
votes = os.environ['VOTES_KEY_PREFIX']


def summary():
    known = cache.get('summary')
    if known is None:
        known = ''.join(f'{count} {what}\n' for what, count in sorted(store.hgetall(f'{votes}count').items()))
        cache.set('summary', known, ex=3)
    return known


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(summary())

    def do_POST(self):
        what = self.rfile.read(int(self.headers['Content-Length'])).decode()
        count = store.hincrby(f'{votes}count', what, 1)
        store.publish(f'{votes}cast', what)
        self.answer(f'{count} {what}\n')

    def answer(self, text):
        body = text.encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(('', 8080), Handler).serve_forever()
