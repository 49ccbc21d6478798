"""Says how many orders there are, each time that there are more."""
import time

import psycopg

from connection import connect

known = None
while True:
    try:
        with connect() as connection:
            [count] = connection.execute('SELECT count(*) FROM orders').fetchone()
        if count != known:
            print(f'{count} orders')
            known = count
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable) as error:  # the server restarts, or the api has not begun
        print(f'later: {error}')
    time.sleep(1)
