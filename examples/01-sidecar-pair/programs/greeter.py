"""Greets over HTTP, and counts its visits in a file that the sidecar serves."""
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

visits = 0


class Greeter(BaseHTTPRequestHandler):
    def do_GET(self):
        global visits
        visits += 1
        with open('/shared/visits.txt', 'w') as file:
            file.write(f'{visits}\n')
        body = f'hello from process {os.getpid()}\n'.encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(('', 8081), Greeter).serve_forever()
