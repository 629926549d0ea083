"""fifo.py FILE: what a user would write: realized gains of trades, FIFO,
exact, by python3's decimal."""

import csv
import sys
from collections import defaultdict, deque
from decimal import Decimal

lots = defaultdict(deque)
realized = defaultdict(Decimal)
with open(sys.argv[1], newline="") as file:
    for _, _, product, side, size, price, fee in list(csv.reader(file))[1:]:
        size, price, fee = Decimal(size), Decimal(price), Decimal(fee)
        if side == "BUY":
            lots[product].append([size, size * price + fee])
            continue
        left, cost = size, Decimal(0)
        while left and lots[product]:
            lot = lots[product][0]
            taken = min(left, lot[0])
            part = lot[1] * taken / lot[0]
            lot[0] -= taken
            lot[1] -= part
            cost += part
            left -= taken
            if not lot[0]:
                lots[product].popleft()
        realized[product] += size * price - fee - cost
for product, gain in realized.items():
    print(product, gain)
