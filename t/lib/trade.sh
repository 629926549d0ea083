# t/lib/trade.sh: a paper database to trade in.  Source it behind t/lib.sh:
#
#	. "$TOP/t/lib/trade.sh"
#
# shellcheck shell=sh

# new_db [CASH]: a paper database in ./tb.db, BTC-USD at 40000.00 and ETH-USD
# at 2000.00, and a configuration without fee or slippage in ./tb.yaml
new_db() {
	T=2025-09-11T10:35:12Z # the instant: the last candle has closed
	rm -rf tb.db* halt tb.yaml
	if [ ! -e "fresh${1:-1000}.db" ]; then
		tb-migrate -d tb.db init --cash "${1:-1000}" --at 2025-09-11 \
		    >/dev/null && candle BTC-USD 40000.00 &&
		candle ETH-USD 2000.00 && mv tb.db "fresh${1:-1000}.db"
	fi && cp -p "fresh${1:-1000}.db" tb.db && limits
}

# candle PRODUCT PRICE [START]: a five-minute candle, 10:30 to 10:35
candle() {
	printf '%s\n%s,%s,%s,%s,%s,1\n' timestamp,open,high,low,close,volume \
	    "${3:-2025-09-11T10:30:00Z}" "$2" "$2" "$2" "$2" >candle.csv &&
	tb-sync -d tb.db import candles --product "$1" --granularity 5m \
	    --replace candle.csv >/dev/null 2>&1
}

# limits [LINE ...]: the limits of ./tb.yaml, a line each
# shellcheck disable=SC2120 # tests give them
limits() {
	{
		echo 'paper: {fee_percent: 0, slippage_percent: 0}'
		[ $# -eq 0 ] || echo 'limits:'
		[ $# -eq 0 ] || printf '  %s\n' "$@"
	} >tb.yaml
}

# trade [OPTION ...]: tb-trade over the lines of standard input
trade() {
	tb-trade -d tb.db -c tb.yaml --at "$T" "$@"
}

# line SIDE PRODUCT USD [ID]: an intent
line() {
	printf '{"product_id":"%s","side":"%s","size_usd":%s%s}\n' \
	    "$2" "$1" "$3" "${4:+,\"id\":\"$4\"}"
}

# orders: how many orders the venue has, in its own file
orders() {
	sqlite3 tb.db.paper \
	    "SELECT count(*) FROM shelf WHERE key GLOB 'order/*'"
}

# sql QUERY
sql() {
	sqlite3 tb.db "$1"
}

# sound: no invariant is broken, and verify is green
sound() {
	sqlite3 -readonly tb.db <"$TOP/share/check.sql" >broken &&
	[ ! -s broken ] || { cat broken; return 1; }
	tb-portfolio -d tb.db verify >verified ||
	    { cat verified; return 1; }
}
