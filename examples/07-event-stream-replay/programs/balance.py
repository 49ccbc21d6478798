"""Prints the balance of an account with each booking that it has read since it started."""
from collections import Counter

from connection import read

balances = Counter()


def add(account, amount):
    balances[account] += amount
    print(f'{account} has {balances[account]}')


read(add)
