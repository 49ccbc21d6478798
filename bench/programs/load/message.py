import os

BODY = os.urandom(1024)
WINDOW = 500
