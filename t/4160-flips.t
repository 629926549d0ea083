#!/bin/sh
#
# tb-portfolio verify: one flipped bit in a row is found and the row is named
# (fault 55).  A thousand in fills and events, some hundred in other tables;
# TB_FLIPS=10000 and TB_SEED=7 try others.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/trade.sh"

command -v sqlite3 >/dev/null || skip_all 'no sqlite3'
command -v python3 >/dev/null || skip_all 'no python3'

flips=${TB_FLIPS:-1000} seed=${TB_SEED:-1}

# Rows of every kind: orders on paper, one that is refused, imports, flows.
new_db 10000 || exit 1
for i in 1 2 3 4 5 6 7 8; do
	line BUY BTC-USD $((20 + i)) "b$i"
done | trade >answers || exit 1
{
	line SELL BTC-USD 47 s1
	line BUY ETH-USD 100 e1
} | trade >answers || exit 1
tb-portfolio -q -d tb.db flow add --currency EUR --amount 12.5 --note gift \
    --at 2025-09-12 >out || exit 1
awk 'BEGIN {
	print "id,time,product,side,size,price,fee,fee_currency,value"
	for (i = 1; i <= 60; i++)
		printf "%d,2025-02-%02dT%02d:00:00Z,BTC-%s,%s,%d.%d,%d,0.%d,,\n",
		    i, 1 + int(i / 24), i % 24, i % 7 == 0 ? "EUR" : "USD",
		    i % 5 < 3 ? "buy" : "sell", 1 + i % 3, i % 10, 90 + i, i
}' >trades.csv
tb-sync -q -d tb.db import trades trades.csv >out || exit 1
ok 'the books are sound' sound

# By SQL, in any column.
ok "fault 55: $flips flipped bits in fills and events: all found, rows named" \
    "$BUILD/t/flips" tb.db "$seed" "$flips" fills intent_events
ok "  $((flips / 3)) in intents, orders, trades, cash flows, equity: all" \
    "$BUILD/t/flips" tb.db "$seed" $((flips / 3)) intents orders trades \
    cash_flows equity
# The id of a derived row that nothing refers to is no more than its place; and
# the price of a position is known by its figures, not by its time.
rest() {
	"$BUILD/t/flips" tb.db "$seed" $((flips / 4)) lots disposals portfolio \
	    >told
	tail -n 3 told
	! grep '^not found' told | grep -vE ': (lots|disposals), row .*, id: ' |
	    grep -v ': portfolio, row .*, price_at: '
}
ok "  $((flips / 4)) in lots, disposals, positions: all but ids and price_at" \
    rest

# In the file: any bit of a cell, of its header too.
ok 'a hundred bits of cells in the file' \
    python3 "$TOP/t/lib/flip-cells.py" tb.db "$seed" $((flips / 10)) \
    fills intent_events
ok '  of other tables' \
    python3 "$TOP/t/lib/flip-cells.py" tb.db "$seed" $((flips / 20)) \
    intents orders trades cash_flows

# A seal is what man tb-portfolio(1) says, by another program.
cat >seals.py <<'END'
import hashlib, sqlite3, sys
def field(x):
    return b"-:" if x is None else b"%d:" % len(x) + x
db = sqlite3.connect("tb.db")
rows = 0
for table in "intents", "orders", "trades", "cash_flows", "equity":
    for *row, seal in db.execute("SELECT * FROM " + table):
        told = [table.encode()] + [None if x is None else str(x).encode()
                                   for x in row]
        assert hashlib.sha256(b"".join(map(field, told))).hexdigest() == seal
        rows += 1
assert rows > 90, rows
END
ok 'seals are SHA-256 of their rows' python3 seals.py

# What was made before there were seals.
older() {
	cp -p tb.db old.db && tb-migrate -q -d old.db down 4 &&
	    tb-migrate -q -d old.db up && tb-portfolio -d old.db verify
}
ok 'an older database is sealed on its way up' older
