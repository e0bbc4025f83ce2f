"""The sum of each column of numbers in a file of CSV, from its raw text.

sums.py FILE...   prints a line of JSON for each: the name of the column and its sum

Nothing but the text and `decimal`: what our importer answers is to be the same, digit for digit.
"""

import csv
import decimal
import json
import sys

NUMBERS = {
    "BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "ListUnitPrice",
    "ContractedUnitPrice", "PricingQuantity", "ConsumedQuantity", "CommitmentDiscountQuantity",
    "PricingCurrencyEffectiveCost", "PricingCurrencyListUnitPrice",
    "PricingCurrencyContractedUnitPrice",
}
NULLS = {"", "NULL", "null", "(null)"}


def number(text):
    """What a cell says, also as a spreadsheet shows it: $1,234.50 and ($1,234.50)."""
    text = text.strip(" ")
    sign = 1
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1, text[1:-1]
    return sign * decimal.Decimal(text.replace("$", "").replace(",", ""))


def sums(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        names = [name for name in rows.fieldnames if name in NUMBERS]
        found = {name: decimal.Decimal(0) for name in names}
        count = 0
        for row in rows:
            count += 1
            for name in names:
                if row[name] not in NULLS:
                    found[name] += number(row[name])
    answer = {name: format(total, "f") for name, total in found.items()}
    answer["rows"] = str(count)
    return answer


decimal.getcontext().prec = 200
for path in sys.argv[1:]:
    print(json.dumps(sums(path)))
