# t/lib/live.sh: a database of a venue far away, which is t/lib/venue.py.
# Source it behind t/lib.sh:
#
#	. "$TOP/t/lib/live.sh"
#
# Real orders are not sent as root: a test that runs as root runs again as
# nobody, by live_as_user at its top, before lib.sh.
#
# shellcheck shell=sh disable=SC2034

VENUE=$WORK/venue

# new_venue: one with 1000 USD, BTC-USD and ETH-USD at 100, an empty log
new_venue() {
	rm -rf "$VENUE" && mkdir "$VENUE" && : >"$VENUE/log" &&
	    python3 - >"$VENUE/state.json" <<-'END'
	import json
	def product(name):
	    return {"product_id": name, "base_increment": "0.00000001",
	            "quote_increment": "0.01", "price_increment": "0.01",
	            "base_min_size": "0.00000001", "quote_min_size": "1"}
	print(json.dumps({
	    "price": "100", "clock": 0, "gap": 0, "listed_at": 0, "page": 100,
	    "hello": {}, "balances": {"USD": "1000", "BTC": "0"},
	    "orders": [], "fills": [],
	    "products": [product("BTC-USD"), product("ETH-USD")]}))
	END
}

# change PYTHON: the state of the venue, as s
change() {
	python3 - "$VENUE/state.json" "$1" <<-'END'
	import json, sys
	s = json.load(open(sys.argv[1]))
	exec(sys.argv[2])
	json.dump(s, open(sys.argv[1], "w"))
	END
}

# faults LINE ...: how it misbehaves next
faults() {
	printf '%s\n' "$@" >"$VENUE/faults"
}

# new_live [LINE ...]: a database of it in ./tb.db, and ./tb.yaml with limits
new_live() {
	rm -rf tb.db* halt tb.yaml
	new_venue && live_config "$@" &&
	    tb-migrate -d tb.db init --venue coinbase >/dev/null &&
	    tb-portfolio -d tb.db flow add --currency USD --amount 1000 \
	    --at -1h >/dev/null
}

# live_config [LINE ...]: ./tb.yaml
live_config() {
	cat >tb.yaml <<-END
	live: true
	program: {path: $TOP/t/lib/venue.py, arguments: [$VENUE]}
	rate: {per_second: 1000, per_hour: 100000}
	limits:
	  max_order: 500
	  max_position: 900
	  max_orders_day: 50
	  max_daily_loss: 100
	END
	[ $# -eq 0 ] || printf '%s\n' "$@" >>tb.yaml
}

sql() {
	sqlite3 tb.db "$1"
}
answers() { # QUERY EXPECTED
	sql "$1" >answer && printf '%s\n' "$2" | diff -u - answer
}
# asked VERB: how often the venue was asked
asked() {
	grep -c "\"verb\":\"$1\"" "$VENUE/log"
}
orders_there() {
	python3 -c 'import json, sys
print(len(json.load(open(sys.argv[1]))["orders"]))' "$VENUE/state.json"
}
# sound: no invariant is broken, and verify is green
sound() {
	sqlite3 -readonly tb.db <"$TOP/share/check.sql" >broken &&
	    [ ! -s broken ] && tb-portfolio -d tb.db verify >verified
}
