#!/bin/sh
#
# However many rows an old database has, plan, legacy and verify have 20 MB:
# in the worst shape, one product that is only bought, each purchase a lot that
# stays open, and then sold at once; no column has a key and all ids are alike.
# LEGACY_ROWS=n for more than the suite has time for.

. "${0%/*}/lib.sh"

ROWS=${LEGACY_ROWS:-40000}
MOST_KB=20480

[ -z "${SAN:-}" ] || skip_all 'a sanitizer has memory of its own'
command -v python3 >/dev/null || skip_all 'no python3'
TB_DB=$WORK/tb.db
export TB_DB

old_db() {
	sqlite3 old.db <<-SQL
		CREATE TABLE trades (id INTEGER, bot_id INTEGER,
		    product_id VARCHAR(20), side VARCHAR(10), size FLOAT,
		    price FLOAT, fee FLOAT, order_id VARCHAR(100),
		    status VARCHAR(20), size_usd FLOAT, created_at DATETIME,
		    filled_at DATETIME);
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
		    WHERE i < $ROWS)
		INSERT INTO trades SELECT 7, 1, 'BTC-USD', 'BUY', 0.25,
		    100.0 + i % 50, 0.5, printf('%08x-0000-4000-8000-%012x', i,
		    i), 'filled', 25.0 + i % 50 * 0.25,
		    datetime(1700000000 + i, 'unixepoch') || '.000001', NULL
		    FROM n;
		INSERT INTO trades SELECT 8, 1, 'BTC-USD', 'SELL', sum(size),
		    2.0, 1.0, 'sale', 'filled', 2 * sum(size),
		    '2025-01-01 00:00:00.000001', NULL FROM trades;
	SQL
	chmod 600 old.db && tb-migrate init --cash 0
}
ok "an old database of $ROWS rows" old_db

# modest COMMAND ...: what it needs at its peak
modest() {
	python3 - "$MOST_KB" "$@" <<-'PY'
		import resource, subprocess, sys
		code = subprocess.call(sys.argv[2:], stdout=open("out", "wb"))
		peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
		print(f"exit {code}, {peak} kB, expected {sys.argv[1]} at most")
		sys.exit(code != 0 or peak > int(sys.argv[1]))
	PY
}
ok 'plan' modest tb-migrate plan --cap 10000000 -o ndjson old.db
sum() {
	tail -n 1 out | grep -q "\"fifo_remaining_cost\":0,.*\"buys\":$ROWS," ||
	    tail -n 1 out | grep -q "\"buys\":$ROWS,.*\"fifo_remaining_cost\":0,"
}
ok 'tells of all of it' sum
ok 'legacy' modest tb-migrate legacy -q --cap 10000000 old.db
ok 'verify' modest tb-migrate verify -e
count() {
	sqlite3 tb.db "SELECT count(*) FROM lots WHERE size_left = '0'" &&
	    sqlite3 tb.db "SELECT count(*) FROM disposals"
}
ok 'a disposal of every lot' [ "$(count | tr '\n' ' ')" = "$ROWS $ROWS " ]
