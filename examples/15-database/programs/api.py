"""Takes orders: POST adds one, GET lists all."""
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from connection import connect

with connect() as connection:
    connection.execute('CREATE TABLE IF NOT EXISTS orders (id serial PRIMARY KEY, what text NOT NULL)')


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        with connect() as connection:
            rows = connection.execute('SELECT id, what FROM orders ORDER BY id').fetchall()
        self.answer(''.join(f'{number} {what}\n' for number, what in rows))

    def do_POST(self):
        what = self.rfile.read(int(self.headers['Content-Length'])).decode()
        with connect() as connection:
            [number] = connection.execute('INSERT INTO orders (what) VALUES (%s) RETURNING id', [what]).fetchone()
        self.answer(f'{number} {what}\n')

    def answer(self, text):
        body = text.encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(('', 8080), Handler).serve_forever()
