"""Greets visitors, and tells them how many came before and under which address they were seen."""
import os
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Web(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == '/health':
            return self.answer('text/plain', 'well\n')
        with urllib.request.urlopen(os.environ['COUNTER_URL'], timeout=2) as count:
            visit = count.read().decode().strip()
        url = os.environ['PUBLIC_URL']
        return self.answer('text/html', f'<p>Visit {visit} to <a href="{url}">{url}</a>, from {self.client_address[0]}.</p>\n')

    def answer(self, kind, text):
        body = text.encode()
        self.send_response(200)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(('', 8080), Web).serve_forever()
