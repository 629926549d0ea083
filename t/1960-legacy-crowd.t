#!/bin/sh
#
# Many orders of one moment, size and bot are all real, and each of them raced;
# as many at different moments did not.

. "${0%/*}/lib.sh"

# crowd FILE STEP_MS: 3000 orders, so far apart
crowd() {
	sqlite3 "$1" <<-SQL
		CREATE TABLE trades (id INTEGER PRIMARY KEY, bot_id, product_id,
		    side, size FLOAT, price FLOAT, fee, order_id UNIQUE, status,
		    combined_signal_score FLOAT, signal_scores, size_usd FLOAT,
		    created_at, filled_at);
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
		    WHERE i < 3000)
		INSERT INTO trades SELECT i, 1, 'BTC-USD', 'BUY', 25.0, 1e5,
		    NULL, 'o-' || i, 'completed', -0.3, '{"a": 1}', 25.0,
		    at, at FROM (SELECT i, strftime('%Y-%m-%d %H:%M:%f',
		    1756684800 + i * $2 / 1000.0, 'unixepoch') AS at FROM n);
	SQL
	chmod 600 "$1" &&
	    tb-migrate plan -q -o ndjson --at 2026-01-01 "$1" >"$1.plan"
}
races() {
	[ "$(grep -c '^{"source_file".*"race_double"' "$1.plan")" = "$2" ]
}
ok 'orders of one moment' crowd once.db 0
ok 'each of them raced' races once.db 3000
ok 'orders at moments of their own' crowd apart.db 200000
ok 'none of them raced' races apart.db 0
