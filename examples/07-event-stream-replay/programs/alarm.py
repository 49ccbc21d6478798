"""Prints large bookings."""
from connection import read


def watch(account, amount):
    if abs(amount) >= 1000:
        print(f'large booking: {account} {amount}')


read(watch)
