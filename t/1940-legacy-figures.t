#!/bin/sh
#
# The figures of a plan are those of exact arithmetic, to the eighth decimal,
# however many lots a sale meets and however few coins are left.

. "${0%/*}/lib.sh"

command -v python3 >/dev/null || skip_all 'no python3'

cat >figures.py <<'END'
"""figures.py make SEED OLD.db | check OLD.db PLAN.ndjson"""
import json, random, sqlite3, sys
from decimal import Decimal as D, ROUND_HALF_EVEN, getcontext
from fractions import Fraction as F

getcontext().prec = 80


def make(seed, path):
    r = random.Random(seed)
    c = sqlite3.connect(path)
    c.execute("CREATE TABLE trades (id INTEGER PRIMARY KEY, product_id,"
              " side, size FLOAT, price FLOAT, fee FLOAT, order_id UNIQUE,"
              " status, combined_signal_score FLOAT, signal_scores,"
              " size_usd FLOAT, created_at, filled_at)")
    for n in range(1, 301):
        price = round(115000 * r.uniform(.9, 1.1), 2)
        size = round(r.uniform(3, 30) / price, 8)
        at = f"2025-09-06 {n // 60:02}:{n % 60:02}:00.000000"
        c.execute("INSERT INTO trades VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
                  (n, "BTC-USD", r.choice(("BUY", "SELL")), size, price,
                   round(size * price * .006, 8), f"f-{n}", "filled", 0.0,
                   "{}", size * price, at, at))
    c.commit()


def gains(rows, net):
    lots, realized, uncovered, missing = [], F(0), F(0), F(0)
    held, cost, by_average = F(0), F(0), F(0)
    for side, size, value, fee in rows:
        fee = fee if net else 0
        if side == "BUY":
            lots.append([size, (value + fee) / size])
            held, cost = held + size, cost + value + fee
            continue
        price, left = (value - fee) / size, size
        while left and lots:
            part = min(left, lots[0][0])
            realized += part * (price - lots[0][1])
            lots[0][0] -= part
            left -= part
            if lots[0][0] == 0:
                lots.pop(0)
        missing, uncovered = missing + left, uncovered + left * price
        part = min(size, held)
        if part:
            by_average += part * (price - cost / held)
            cost -= part * cost / held
            held -= part
    return {"fifo_realized": realized,
            "fifo_remaining_cost": sum((a * b for a, b in lots), F(0)),
            "avg_realized": by_average, "avg_remaining_cost": cost,
            "avg_cost_basis": cost / held if held else None,
            "uncovered_sell_qty": missing,
            "uncovered_sell_proceeds": uncovered}


def q8(text):
    return F(D(text).quantize(D("1e-8"), ROUND_HALF_EVEN))


def check(path, plan):
    rows = [(side, q8(repr(size)), q8(repr(value)), q8(repr(fee)))
            for side, size, value, fee in sqlite3.connect(path).execute(
                "SELECT side, size, size_usd, fee FROM trades ORDER BY id")]
    product = json.loads(open(plan).readlines()[-1],
                         parse_float=D)["products"][0]
    wrong = 0
    for key in ("gross", "net"):
        for name, want in gains(rows, key == "net").items():
            got = product[key][name]
            if want is not None:
                want = (D(want.numerator) / D(want.denominator)).quantize(
                    D("1e-8"), ROUND_HALF_EVEN)
            if got != want:
                print(key, name, got, "not", want)
                wrong = 1
    return wrong


if sys.argv[1] == "make":
    make(int(sys.argv[2]), sys.argv[3])
else:
    sys.exit(check(sys.argv[2], sys.argv[3]))
END

exact() {
	for seed in 1 2 3 4 5 6 7 8; do
		rm -f old.db
		python3 figures.py make $seed old.db &&
		    tb-migrate plan old.db -o ndjson --at 2026-01-01 >plan &&
		    python3 figures.py check old.db plan || return 1
	done
}
ok 'gains and what is left are exact, by both methods' exact
