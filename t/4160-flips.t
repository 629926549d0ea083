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

# A row that is gone, of every table whose rows no venue tells again.
cat >gone.py <<'END'
import shutil, sqlite3, subprocess, sys
tables = {"fills": "id", "intent_events": "id", "intents": "id",
          "orders": "order_id", "trades": "id", "cash_flows": "id",
          "equity": "day", "lots": "id", "disposals": "id",
          "portfolio": "product_id"}
db = sqlite3.connect("tb.db")
triggers = list(db.execute(
    "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"))
missed = 0
for table, key in tables.items():
    rows = db.execute("SELECT %s FROM %s" % (key, table)).fetchall()
    assert rows, table
    for row in [rows[0], rows[len(rows) // 2], rows[-1]]:
        shutil.copy("tb.db", "gone.db")
        gone = sqlite3.connect("gone.db")
        for name, sql in triggers:
            gone.execute("DROP TRIGGER " + name)
        gone.execute("DELETE FROM %s WHERE %s = ?" % (table, key), row)
        for name, sql in triggers:
            gone.execute(sql)
        gone.commit()
        gone.close()
        done = subprocess.run(["tb-portfolio", "-d", "gone.db", "verify"],
                              capture_output=True, text=True)
        if done.returncode != 8:
            print(table, row, done)
            missed += 1
sys.exit(missed > 0)
END
ok 'fault 55: a row that was deleted is missed, of whatever table' \
    python3 gone.py
flow_after_loss() {
	cp -p tb.db gone.db && sqlite3 gone.db 'DELETE FROM cash_flows
	    WHERE id = 2' && tb-portfolio -q -d gone.db flow add --amount 5 \
	    --at 2025-09-12 >out && exits 8 tb-portfolio -d gone.db verify &&
	    grep -q 'cash_flows: expected 3 rows, found 2' out
}
ok '  also when another came after it' flow_after_loss
# What was made before they were counted counts from its next flow on.
uncounted() {
	cp -p tb.db old.db && sqlite3 old.db "DELETE FROM meta
	    WHERE key GLOB '*_count' AND key NOT GLOB '[fe][iv]*'" &&
	    tb-portfolio -d old.db verify >out &&
	    tb-portfolio -q -d old.db flow add --amount 5 --at 2025-09-12 >out &&
	    tb-portfolio -d old.db verify >out &&
	    sqlite3 old.db 'DELETE FROM cash_flows WHERE id = 1' &&
	    exits 8 tb-portfolio -d old.db verify
}
ok '  in an older database from its next flow on' uncounted

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

# damaged SQL TABLE: of a row that changes later the damage is still found
damaged() {
	new_db && echo 'paper: {slippage_percent: 0, faults: fill-late=2}' \
	    >tb.yaml &&
	    line BUY BTC-USD 33 late | trade >out &&
	    [ "$(sql 'SELECT status FROM trades')" = pending ] &&
	    sql "$1" && sql "SELECT * FROM $2" >before &&
	    trade refresh >out && trade refresh >out &&
	    [ "$(sql 'SELECT status FROM trades')" = filled ] &&
	    sql "SELECT * FROM $2" >after && ! cmp -s before after &&
	    exits 8 tb-portfolio -d tb.db verify && grep -q "$2 .*seal" out
}
ok 'fault 55: what was damaged is not sealed by the next change: intents' \
    damaged "UPDATE intents SET triggered_by = 'bot:9'" intents
ok '  orders' damaged "UPDATE orders SET raw = '{}'" orders
ok '  trades' damaged "UPDATE trades SET triggered_by = 'bot:9'" trades
damaged_equity() {
	new_db && line BUY BTC-USD 33 a | trade >out &&
	    sql "UPDATE equity SET peak = '1001'" &&
	    line SELL BTC-USD 11 b | trade >out &&
	    [ "$(sql 'SELECT count(*) FROM equity')" = 1 ] &&
	    exits 8 tb-portfolio -d tb.db verify && grep -q 'equity .*seal' out
}
ok '  equity' damaged_equity
