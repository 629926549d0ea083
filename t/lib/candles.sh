# t/lib/candles.sh: candles that are small enough to check by hand.
#
# shellcheck shell=sh

# new_db: an empty paper database "db", which every tool finds.
new_db() {
	rm -f db db-journal db.paper db.lock halt
	TB_DB=$WORK/db
	export TB_DB
	tb-migrate init -q --at 2025-01-01 >/dev/null
}

# candles PRODUCT START CLOSE ...: five-minute candles from START (unix
# seconds), each from the close before it to its own; "-" is no candle.
# Everything up to the last one counts as known.
candles() {
	c_product=$1 c_start=$2 c_open=
	shift 2
	{
		echo "BEGIN;"
		echo "INSERT OR IGNORE INTO products VALUES ('$c_product',
		    '0.00000001', '0.01', '0.01', '0.00000001', '1', '0', '0',
		    0, 0, 0, 0, 0, 1, '2025-01-01T00:00:00.000000Z');"
		for c_close; do
			[ "$c_close" = - ] || candle
			c_start=$((c_start + 300))
		done
		echo "INSERT OR REPLACE INTO candle_coverage
		    SELECT '$c_product', 300, strftime('%Y-%m-%dT%H:%M:%S',
		    $c_start, 'unixepoch') || '.000000Z';"
		echo "COMMIT;"
	} | sqlite3 db
}

candle() {
	: "${c_open:=$c_close}"
	echo "INSERT OR REPLACE INTO candles VALUES ('$c_product', 300,
	    $c_start, '$c_open', CAST(max($c_open, $c_close) AS TEXT),
	    CAST(min($c_open, $c_close) AS TEXT), '$c_close', '1');"
	c_open=$c_close
}
