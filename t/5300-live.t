#!/bin/sh
#
# Real orders, over a venue far away that misbehaves as it is told
# (t/lib/venue.py).

. "${0%/*}/lib/unroot.sh"
. "${0%/*}/lib.sh"
. "$TOP/t/lib/live.sh"

command -v sqlite3 >/dev/null || skip_all 'no sqlite3'
command -v python3 >/dev/null || skip_all 'no python3'
[ -x "$BUILD/tb-trade" ] || skip_all 'no tb-trade that we may run'

TB_DB=$WORK/tb.db
TB_CONFIG=$WORK/tb.yaml
export TB_DB TB_CONFIG

# ready: a database that knows its products
ready() {
	new_live && tb-sync products >out && : >"$VENUE/log"
}
buy() { # CODE [OPTION ...]
	code=$1
	shift
	exits "$code" tb-trade buy BTC-USD 50 "$@"
}
says() { # TEXT
	grep -qF -- "$1" out || { cat out; return 1; }
}
state() { # STATE ...
	answers 'SELECT group_concat(state, " ") FROM (SELECT state FROM
	    intents ORDER BY id)' "$*"
}
# aged SECONDS: as if the intents were so old
aged() {
	python3 - "$1" <<-'END'
	import sqlite3, sys, datetime as d
	db = sqlite3.connect("tb.db")
	for name in ("updated_at", "look_from"):
	    for i, at in db.execute("SELECT id, %s FROM intents" % name):
	        if at is None:
	            continue
	        t = d.datetime.fromisoformat(at[:-1]) - d.timedelta(
	            seconds=int(sys.argv[1]))
	        db.execute("UPDATE intents SET %s = ? WHERE id = ?" % name,
	            (t.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), i))
	db.commit()
	END
	tb-migrate -q -d tb.db down 4 && tb-migrate -q -d tb.db up # seals
}

# ------------------------------------------------------------- permission --

not_meant() {
	ready && sed -i 's/^live: true/live: false/' tb.yaml && buy 78 &&
	    grep -q -- '--live' err && [ "$(orders_there)" = 0 ] &&
	    buy 0 --live && buy 0 && [ "$(orders_there)" = 2 ]
}
ok 'the first real order has to be meant, the next one is' not_meant
# The file appears while the venue is asked, between the lock and the order.
stopped_between() { # VERB
	ready && faults "$1 touch $WORK/halt" && buy 9 --id a &&
	    grep -q 'trading is stopped by .*halt' err &&
	    [ "$(asked place)" = 0 ] && [ "$(orders_there)" = 0 ] &&
	    answers 'SELECT count(*) FROM intents' 0 && rm halt && buy 0 --id a
}
for verb in price balances; do
	ok "fault 37: the kill switch appears while $verb are asked" \
	    stopped_between $verb
done
no_limits() {
	ready && sed -i '/max_daily_loss/d' tb.yaml && buy 78 &&
	    grep -q max_daily_loss err && [ "$(orders_there)" = 0 ]
}
ok 'without limits: 78' no_limits
at() {
	ready && buy 2 --at 2025-10-01 && exits 2 tb-trade --at now </dev/null
}
ok '--at is for paper' at
other_venue() {
	ready && live_config 'venue: paper' && buy 78 &&
	    tb-migrate -d paper.db init >out && live_config 'venue: coinbase' &&
	    exits 78 tb-trade -d paper.db buy BTC-USD 50
}
ok 'paper and real orders never mix' other_venue
as_root() {
	grep -q 'geteuid() == 0' "$TOP/cmd/tb-trade.c"
}
ok 'root is refused' as_root
other_account() {
	ready && buy 0 && change 's["hello"] = {"account": "acc-2"}' && buy 78
}
ok 'the account of a database is its account for life' other_account
view_only() {
	ready && change 's["hello"] = {"can_trade": False}' && buy 77 &&
	    [ "$(orders_there)" = 0 ]
}
ok 'a key that may not trade: 77' view_only
restored() {
	ready && tb-migrate backup copy.db >out && buy 0 &&
	    tb-migrate restore copy.db >out && buy 3 &&
	    grep -q 'run tb-sync' err && tb-sync >out && buy 0 && sound &&
	    answers 'SELECT triggered_by FROM trades ORDER BY id' 'sync
manual'
}
ok 'after a restore: sync first, and what was sent since is there' restored

# ------------------------------------------------------------------ orders --

market() {
	ready && buy 0 && says '"trade_executed":true' &&
	    says '"status":"filled"' && state SETTLED &&
	    exits 0 tb-trade sell BTC-USD all && state SETTLED SETTLED &&
	    answers 'SELECT crypto_balance FROM portfolio' 0 && sound
}
ok 'bought and sold' market
limits() {
	ready && buy 0 --limit 90 && says '"status":"pending"' && state OPEN &&
	    exits 0 tb-trade cancel 1 && says '"status":"cancelled"' &&
	    buy 0 --limit 110 --ioc && says '"status":"filled"' &&
	    buy 0 --limit 90 --post-only && state SETTLED SETTLED OPEN &&
	    buy 2 --ioc && buy 2 --limit 90 --ioc --post-only && sound
}
ok 'limit orders: good till cancelled, at once, post-only' limits
lines() {
	ready && echo '{"product_id":"BTC-USD","side":"BUY","size_usd":50,
	    "type":"limit","limit_price":90,"id":"a"}' | tr -d '\n' |
	    exits 0 tb-trade && says '"status":"pending"' && state OPEN
}
ok 'a limit order by a line' lines
partial() {
	ready && faults 'place partial' && buy 0 &&
	    says '"status":"filled"' && state SETTLED && sound
}
ok 'partly filled, then cancelled: a trade of what was executed' partial
waits() {
	ready && faults 'place open' && buy 0 && {
		change 's["orders"][0].update(status="CANCELLED", settled=True)'
		exits 0 tb-trade refresh
	} && state SETTLED && says '"status":"cancelled"'
}
ok 'refresh sees what became of an open order' waits
preview() {
	ready && exits 0 tb-trade preview buy BTC-USD 50 &&
	    says '"venue":{"allowed":true' && says '"total":10.06' &&
	    [ "$(asked place)" = 0 ]
}
ok 'preview asks the venue too, and places nothing' preview

# ------------------------------------------------------------------ faults --

lost_answer() {
	ready && faults 'place lose-answer' && buy 5 --id a && state UNKNOWN &&
	    exits 0 tb-sync reconcile && state SETTLED &&
	    buy 0 --id a && says '"replayed":true' &&
	    [ "$(orders_there)" = 1 ] && sound
}
ok 'fault 59: the answer is lost: found, one order' lost_answer
died() {
	ready && faults 'place die' && buy 5 --id a && tb-sync -q &&
	    state SETTLED && [ "$(orders_there)" = 1 ] && sound
}
ok 'the program dies after the request' died
refused() {
	ready && faults 'place refuse INSUFFICIENT_FUND' && buy 4 &&
	    says '"reason":"venue"' && state REJECTED && buy 0 && sound
}
ok 'fault 64: refused by the venue, its reserve is free' refused
other_order() {
	ready && faults 'place wrong-client' && buy 8 && state UNKNOWN &&
	    buy 9 && [ "$(orders_there)" = 1 ] && exits 1 tb-trade status
}
ok 'fault 63: an answer for another order halts trading' other_order
bad_key() {
	ready && faults 'place key' && printf '%s\n' \
	    '{"product_id":"BTC-USD","side":"BUY","size_usd":50,"id":"a"}' \
	    '{"product_id":"BTC-USD","side":"BUY","size_usd":50,"id":"b"}' |
	    exits 77 tb-trade && says '"reason":"not_tried"' &&
	    [ "$(asked place)" = 1 ] && [ "$(orders_there)" = 0 ]
}
ok 'fault 65: the key is rejected: later lines are not tried' bad_key
clock() {
	ready && change 's["clock"] = -182' && buy 3 &&
	    says '"reason":"clock"' && says 'differs by 181 s' &&
	    [ "$(orders_there)" = 0 ] && change 's["clock"] = 29' && buy 0
}
ok 'fault 65: the clock is off by three minutes' clock
slower() {
	ready && faults 'place busy 60000' && buy 5 --id a && state UNKNOWN &&
	    answers 'SELECT setbacks FROM pace' 1 &&
	    exits 75 tb-sync balances && grep -q 'rate limited' err &&
	    [ "$(orders_there)" = 0 ]
}
ok 'fault 66: slower: unknown, and everybody waits' slower
not_sent() {
	ready && faults 'place not-sent' && buy 69 --id a && state REJECTED &&
	    buy 0 --id a && says '"replayed":false' && state SETTLED &&
	    [ "$(orders_there)" = 1 ]
}
ok 'fault 58: never sent: may be sent again' not_sent
hang() {
	ready && faults 'place hang 3' && buy 5 --id a && state UNKNOWN &&
	    exits 75 tb-trade buy BTC-USD 50 --lock-timeout 0 &&
	    exits 0 tb-sync -q && state SETTLED && [ "$(orders_there)" = 1 ]
}
ok 'a program that hangs keeps the lock until it is gone' hang
window() {
	ready && faults 'place lose-request' && buy 5 --id a &&
	    buy 5 --id b && says '"reason":"unresolved"' &&
	    exits 5 tb-sync reconcile &&
	    answers 'SELECT readings FROM intents' 0 && aged 30 &&
	    exits 5 tb-sync reconcile && exits 5 tb-sync reconcile &&
	    exits 5 tb-sync reconcile &&
	    answers 'SELECT readings FROM intents' 3 && state UNKNOWN
}
ok 'fault 70: not there: three readings, but not yet sixty seconds' window
sent_again() {
	aged 61 && exits 5 tb-sync reconcile && state UNKNOWN &&
	    [ "$(asked place)" = 1 ] && buy 0 --id a && state SETTLED &&
	    [ "$(orders_there)" = 1 ] && sound
}
ok 'fault 70: tb-sync sends nothing; tb-trade does, the same' sent_again
# The order is there, but in no listing; sent again, the venue tells it.
again() {
	ready && faults 'place lose-answer' && buy 5 --id a &&
	    change 's["orders"][0]["hidden"] = True' && aged 30 &&
	    exits 5 tb-sync -q && exits 5 tb-sync -q && exits 5 tb-sync -q &&
	    aged 61 && buy 0 --id a && says '"status":"filled"' && state SETTLED &&
	    [ "$(asked place)" = 2 ] && [ "$(orders_there)" = 1 ] && sound &&
	    answers 'SELECT count(DISTINCT client_order_id) FROM intents' 1
}
ok 'fault 69: sent again, the venue answers with the order of before' again
stale() {
	ready && live_config 'max_signal_age_s: 1' && faults 'place lose-request' &&
	    buy 5 --id a && aged 30 && exits 5 tb-sync -q && exits 5 tb-sync -q &&
	    exits 5 tb-sync -q && state UNKNOWN && aged 61 && sleep 1.1 &&
	    exits 0 tb-sync -q && state ABANDONED && [ "$(asked place)" = 1 ] &&
	    buy 0 --id b && sound
}
ok 'fault 70: never there, and too old to be sent: tb-sync gives it up' stale
# in_venue VERB: wait until the venue is asked this
in_venue() {
	tries=0
	until grep -q "\"verb\":\"$1\"" "$VENUE/log"; do
		sleep 0.02
		[ $((tries += 1)) -lt 500 ] || return 1
	done
}
# stopped FAULT VERB [OPTION ...]: SIGTERM while the venue is asked this
stopped() {
	ready && faults "$1" && verb=$2 && shift 2 || return 1
	echo '{"product_id":"BTC-USD","side":"BUY","size_usd":50,"id":"a"}' >in
	tb-trade "$@" <in >out 2>err &
	runner=$!
	in_venue "$verb" && kill -TERM $runner
	wait $runner
	code=$?
	cat out err
	[ $code -eq 143 ] && says '"intent_id":"1"' &&
	    says '"trade_executed":true' && [ "$(orders_there)" = 1 ] && sound
}
stopped_in_place() {
	stopped 'place slow 0.5' place && says '"status":"filled"' &&
	    state SETTLED
}
ok 'fault 43: SIGTERM while the venue is asked: 143, its answer recorded' \
    stopped_in_place
stopped_in_wait() {
	stopped 'place open' order --wait 30 && says '"status":"pending"' &&
	    state OPEN && exits 0 tb-trade cancel 1 && state SETTLED
}
ok 'fault 43: SIGTERM while fills are waited for: 143, the order is OPEN' \
    stopped_in_wait
if cc -v >/dev/null 2>&1 && [ "${BUILD%san}" = "$BUILD" ]; then
	remote() {
		ready && cc -shared -fPIC -o netfs.so -x c - <<-'END' &&
		#include <sys/vfs.h>
		int statfs(const char *p, struct statfs *s)
		{ (void)p; *s = (struct statfs){ .f_type = 0x6969 }; return 0; }
		END
		    exits 3 env LD_PRELOAD="$PWD/netfs.so" tb-trade buy \
			BTC-USD 50 && grep -q 'network file system' err &&
		    [ "$(orders_there)" = 0 ]
	}
	ok 'fault 53: on NFS nothing real is sent' remote
else
	skip 'fault 53: on NFS nothing real is sent' 'nothing can be preloaded'
fi
late() {
	ready && faults 'place lose-request' && buy 5 --id a && aged 30 &&
	    tb-sync reconcile >out 2>&1
	exits 0 tb-sync resolve 1 --as-not-placed && state ABANDONED &&
	    says '"state":"ABANDONED"' && change '
import time
s["orders"].append(dict(order_id="late", product_id="BTC-USD", side="BUY",
  type="market", status="CANCELLED", filled_size="0", filled_value="0",
  total_fees="0", settled=True,
  created_at="%s", client_order_id="%s"))' 2>/dev/null
	id=$(sql 'SELECT client_order_id FROM intents')
	now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
	change "s['orders'] = [dict(order_id='late', product_id='BTC-USD',
	    side='BUY', type='market', status='CANCELLED', filled_size='0',
	    filled_value='0', total_fees='0', settled=True, created_at='$now',
	    client_order_id='$id')]" &&
	    exits 8 tb-sync orders && state SETTLED && exits 1 tb-trade status
}
ok 'fault 70: given up, and yet there: an alarm, the books follow' late
two() {
	ready && buy 0 && id=$(sql 'SELECT client_order_id FROM intents') &&
	    change 'o = dict(s["orders"][0]); o["order_id"] = "twin"
s["orders"].append(o)
f = dict(s["fills"][0]); f.update(entry_id="e9", order_id="twin")
s["fills"].append(f)' && exits 8 tb-sync orders &&
	    exits 1 tb-trade status &&
	    answers 'SELECT count(*) FROM trades' 2 && sound
}
ok 'fault 79: two orders of one decision: both booked, halted' two

resolve_as() {
	ready && faults 'place lose-answer' && buy 5 --id a &&
	    change 's["orders"][0]["client_order_id"] = "other"' &&
	    exits 7 tb-sync resolve nobody --as o1 &&
	    exits 2 tb-sync resolve a && exits 7 tb-sync resolve a --as o7 &&
	    change 's["orders"][0]["product_id"] = "BTC-EUR"' &&
	    exits 3 tb-sync resolve a --as o1 &&
	    change 's["orders"][0]["product_id"] = "BTC-USDC"' &&
	    exits 0 tb-sync resolve a --as o1 && state SETTLED && sound &&
	    exits 3 tb-sync resolve a --as o1 &&
	    exits 3 tb-sync resolve a --as-not-placed
}
ok 'resolve: a human says which order it is' resolve_as
