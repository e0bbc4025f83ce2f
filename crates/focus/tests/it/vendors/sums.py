"""Sums of columns of a vendor's CSV, from its raw text.

sums.py FILE COLUMN...   prints the sum of each column on a line, every digit of it

Nothing but the text and `decimal`: what our importer answers is to be the same, digit for digit.
"""

import csv
import decimal
import sys

decimal.getcontext().prec = 200
path, names = sys.argv[1], sys.argv[2:]
totals = [decimal.Decimal(0)] * len(names)
with open(path, encoding="utf-8-sig", newline="") as file:
    for row in csv.DictReader(file):
        for place, name in enumerate(names):
            totals[place] += decimal.Decimal(row[name] or "0")
for total in totals:
    print(format(total, "f"))
