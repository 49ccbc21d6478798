"""Tells each client who it is, and by which proxy it came."""
import json
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answer(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        told = {'client': self.headers['X-Forwarded-For'], 'proxy': self.client_address[0], 'replica': socket.gethostname()}
        body = (json.dumps(told) + '\n').encode()
        self.send_response(200)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128


Server(('', 8000), Answer).serve_forever()
