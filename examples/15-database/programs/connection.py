"""Where the database is, and who we are there, as the environment says."""
import os

import psycopg


def connect():
    with open(os.environ['ORDERS_PASSWORD_FILE']) as file:
        return psycopg.connect(os.environ['ORDERS_URL'], user=os.environ['ORDERS_USER'], password=file.read(), autocommit=True)
