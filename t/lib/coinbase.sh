# t/lib/coinbase.sh: a database of coinbase, behind the stand-in exchange.
# Source it behind t/lib.sh:
#
#	. "$TOP/t/lib/coinbase.sh"
#
# shellcheck shell=sh

# exchange_on [OPTION ...]: a fresh exchange, one at a time; $URL and ca.pem
exchange_on() {
	exchange_off
	[ -s key.json ] ||
	    "$BUILD/t/exchange" --make-key es256 key.json >/dev/null || return 1
	rm -f ready ca.pem requests
	"$BUILD/t/exchange" --ca ca.pem --log requests --for 120 \
	    --key key.json --price BTC-USD=100 --price ETH-USD=100 \
	    --account USD=1000 "$@" >ready 2>exchange.err &
	exchange=$!
	tries=0
	until [ -s ready ]; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || { cat exchange.err; return 1; }
		sleep 0.05
	done
	URL=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' ready)
}
exchange_off() {
	[ -n "${exchange:-}" ] && kill "$exchange" 2>/dev/null &&
	    wait "$exchange" 2>/dev/null
	exchange=
}

# coinbase_config: ./tb.yaml for that exchange
coinbase_config() {
	cat >tb.yaml <<-END
	live: true
	key_file: $WORK/key.json
	program: {arguments: [--base-url, "$URL", --ca-file, $WORK/ca.pem]}
	rate: {per_second: 1000, per_hour: 100000}
	limits:
	  max_order: 500
	  max_position: 900
	  max_orders_day: 50
	  max_daily_loss: 100
	END
}

# new_coinbase [OPTION ...]: exchange, database and products
new_coinbase() {
	exchange_on "$@" && coinbase_config && rm -f tb.db* halt &&
	    tb-migrate -d tb.db init --venue coinbase >/dev/null &&
	    tb-portfolio -d tb.db flow add --currency USD --amount 1000 \
		--at -1h >/dev/null && tb-sync products >/dev/null
}

# control JSON: change what it is told to do; control: the true state
# shellcheck disable=SC2120 # tests give it
control() {
	python3 - "$URL" "$@" <<-'END'
	import ssl, sys, urllib.request
	tls = ssl.create_default_context(cafile="ca.pem")
	body = sys.argv[2].encode() if len(sys.argv) > 2 else None
	print(urllib.request.urlopen(sys.argv[1] + "/_control", body,
	                             context=tls).read().decode())
	END
}
# posts: how many orders were asked for, as the exchange has heard
posts() {
	grep -c '"method":"POST","path":"/api/v3/brokerage/orders"' requests
}
# in_truth JQ: of the true state
in_truth() {
	control >truth && jq -r "$1" truth
}

# --------------------------------------------------- orders, and what is so --

# buy CODE [OPTION ...]: 50 USD of BTC, and the exit status
buy() {
	code=$1
	shift
	exits "$code" tb-trade buy BTC-USD 50 --id a "$@"
}
says() { # TEXT
	grep -qF -- "$1" out || { cat out; return 1; }
}
sql() {
	sqlite3 tb.db "$1"
}
state() { # STATE ...
	is=$(sql 'SELECT group_concat(state, " ") FROM intents')
	[ "$is" = "$*" ] || { echo "$is"; return 1; }
}
# equal: our orders are the exchange's, fill by fill; the books are sound
equal() {
	in_truth '.orders[].order | [.order_id, .filled_size, .filled_value,
	    .total_fees] | join("|")' | sort >theirs &&
	    sql "SELECT t.order_id, coalesce(decimal_sum(f.size), '0'),
	    coalesce(decimal_sum(f.value), '0'),
	    coalesce(decimal_sum(f.fee), '0') FROM trades t
	    LEFT JOIN (SELECT * FROM fills WHERE kind <> 'reversal' AND entry_id
	    NOT IN (SELECT reverses FROM fills WHERE reverses IS NOT NULL)) f
	    USING (order_id) GROUP BY 1 ORDER BY 1" |
	    sed -E 's/(\.[0-9]*[1-9])0+(\||$)/\1\2/g; s/\.0+(\||$)/\1/g' >ours &&
	    diff theirs ours && tb-sync reconcile >same &&
	    jq -e '[.balances[] | select(.difference != 0)] == []' same >out2 &&
	    sqlite3 -readonly tb.db <"$TOP/share/check.sql" >broken &&
	    [ ! -s broken ] && tb-portfolio verify >verified ||
	    { cat theirs same broken; return 1; }
}
