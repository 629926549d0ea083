#!/bin/sh
#
# From tb-trade and tb-sync through tb-venue-coinbase to the stand-in exchange
# over https: at most one order of each decision, whatever the exchange does,
# and books that are equal to its own, order by order.

. "${0%/*}/lib/unroot.sh"
. "${0%/*}/lib.sh"
. "$TOP/t/lib/coinbase.sh"

[ -x "$BUILD/t/exchange" ] || skip_all 'the stand-in is not built'
[ -x "$BUILD/tb-venue-coinbase" ] || skip_all 'no tb-venue-coinbase'
command -v jq >/dev/null || skip_all 'no jq'
command -v python3 >/dev/null || skip_all 'no python3'
command -v sqlite3 >/dev/null || skip_all 'no sqlite3'

TB_DB=$WORK/tb.db
TB_CONFIG=$WORK/tb.yaml
export TB_DB TB_CONFIG

fine() {
	new_coinbase && buy 0 && says '"status":"filled"' && state SETTLED &&
	    exits 0 tb-trade sell BTC-USD all && says '"status":"filled"' && equal
}
ok 'bought and sold' fine
limits() {
	new_coinbase && buy 0 --limit 90 && says '"status":"pending"' &&
	    exits 0 tb-trade cancel 1 && says '"status":"cancelled"' &&
	    exits 0 tb-trade buy BTC-USD 50 --limit 110 --ioc &&
	    says '"status":"filled"' &&
	    exits 0 tb-trade buy BTC-USD 50 --limit 80 --post-only &&
	    says '"status":"pending"' && equal
}
ok 'limit orders' limits
parts() {
	new_coinbase --set fill_parts=5 --set fee_lag_ms=300 \
	    --set settle_lag_ms=300 --set same_trade_id && buy 0 --wait 5 &&
	    sleep 0.4 && tb-trade refresh >out && state SETTLED && equal
}
ok 'fault 73, fault 74: five fills of one trade_id, a fee that comes late' parts
reversed() {
	new_coinbase --set fill_parts=3 --set reversals && buy 0 --wait 5 &&
	    state SETTLED && equal && fills=$(sql 'SELECT * FROM fills') &&
	    [ "$(sql "SELECT count(DISTINCT reverses) FROM fills
	    WHERE kind = 'reversal'")" = 3 ] &&
	    exits 0 tb-sync fills --since 2025-01-01 &&
	    [ "$(sql 'SELECT * FROM fills')" = "$fills" ] && equal
}
ok 'fault 73: fills taken back and corrected' reversed
reversed_in_pages() {
	for order in true false; do
		new_coinbase --set fill_parts=2 --set reversals \
		    --set reverse_fills=$order --set page_max=1 &&
		    buy 0 --wait 5 && state SETTLED && equal &&
		    exits 0 tb-sync fills --since 2025-01-01 && equal ||
		    return 1
	done
}
ok 'fault 73: a page each' reversed_in_pages
bad_key() {
	new_coinbase --fault unauthorized,method=POST,path=/orders && printf \
	    '{"product_id":"BTC-USD","side":"BUY","size_usd":50,"id":"%s"}\n' \
	    a b | exits 77 tb-trade && says '"reason":"not_tried"' &&
	    [ "$(in_truth '.orders | length')" = 0 ]
}
ok 'fault 65: the key is rejected' bad_key
for what in client_order_id product side; do
	wrong() {
		new_coinbase && control "{\"set\":{\"wrong_$1\":true}}" >out &&
		    buy 8 && state UNKNOWN && exits 1 tb-trade status &&
		    exits 9 tb-trade buy BTC-USD 50 && [ "$(posts)" = 1 ]
	}
	ok "fault 63: the answer is of another $what: halted" wrong $what
done
for what in product side; do
	found() {
		new_coinbase && control "{\"set\":{\"wrong_$1\":true}}" >out &&
		    buy 8 && exits 0 tb-sync reconcile && state SETTLED &&
		    equal && exits 9 tb-trade buy BTC-USD 50
	}
	ok "fault 63: ... another $what: found and booked, still halted" found $what
done
clock() {
	new_coinbase --set skew_s=40 && buy 3 && says '"reason":"clock"' &&
	    [ "$(posts)" -eq 0 ]
}
ok 'fault 65: the clocks differ' clock
twice() {
	new_coinbase --set double_orders && buy 0 && exits 8 tb-sync orders &&
	    exits 1 tb-trade status &&
	    [ "$(sql 'SELECT count(*) FROM trades')" = 2 ]
}
ok 'fault 79: two orders of one decision: both booked, halted' twice
twice_and_down() {
	new_coinbase --set double_orders && buy 0 && control \
	    '{"fault":"status=500,path=/accounts"}' >out && exits 8 tb-sync &&
	    says '"what":"fills"' && ! grep -q '"what":"balances"' out
}
ok '... and told as that where the venue fails behind it' twice_and_down
unseen() {
	new_coinbase --set visibility_ms=1500 \
	    --fault lose_answer,method=POST,path=/orders,times=1 && buy 5 &&
	    exits 8 tb-sync reconcile && state UNKNOWN && sleep 1.6 &&
	    exits 0 tb-sync reconcile && state SETTLED && [ "$(posts)" = 1 ] &&
	    equal
}
ok 'fault 70: listed late: found then' unseen

# --------------------------------------------------------------- tb-sync --

pages() {
	new_coinbase --set page_max=2 && for n in 20 21 22 23 24; do
		tb-trade buy BTC-USD $n >out || return 1
	done && cp tb.db full.db && tb-migrate -d tb2.db init --venue coinbase \
	    >out && mv tb2.db tb.db && tb-portfolio flow add --currency USD \
	    --amount 1000 --at -1h >out && exits 0 tb-sync orders &&
	    says '"listed":5' && equal
}
ok 'a database that knows nothing learns all of it' pages
breaks() {
	tb-migrate -d tb2.db init --venue coinbase >out && mv tb2.db tb.db &&
	    control '{"set":{"page_fails":2}}' >out &&
	    exits 75 tb-sync orders && grep -q 'incomplete listing' err &&
	    control '{"set":{"page_fails":0,"has_next_for_ever":true}}' >out &&
	    exits 75 tb-sync orders &&
	    control '{"set":{"has_next_for_ever":false,"page_overlap":true}}' \
	    >out && tb-portfolio flow add --currency USD --amount 1000 \
	    --at -1h >out && exits 0 tb-sync orders && equal
}
ok 'fault 71: pages that fail, never end, overlap' breaks
at_once() {
	new_coinbase --set rate_limit=10 &&
	    sed -i 's/per_second: 1000/per_second: 5/' tb.yaml && for n in 1 2 3 4; do
		tb-sync candles BTC-USD --since -1h >"out$n" 2>&1 &
	done && for n in 1 2 3 4; do
		tb-sync products >"out$n" 2>&1 || { cat "out$n"; return 1; }
	done && wait_for_syncs && ! grep -q '"status":429' requests
}
wait_for_syncs() {
	while [ "$(sql 'SELECT count(*) FROM candles')" -lt 11 ]; do
		sleep 0.1
	done
}
ok 'many at once: together they are no faster than one may be' at_once
careless() {
	new_coinbase && chmod 644 key.json && exits 1 tb-sync doctor &&
	    says '"check":"key file","verdict":"bad"' &&
	    says '"check":"venue","verdict":"bad"'
	code=$?
	chmod 600 key.json
	return $code
}
ok 'doctor: the file of the key, though the venue refuses it' careless
deposit() {
	new_coinbase && tb-sync >out && control \
	    '{"deposit":{"currency":"USD","amount":"250.5"}}' >out &&
	    exits 8 tb-sync reconcile && says '"difference":250.5' &&
	    exits 0 tb-sync reconcile --fix && equal
}
ok 'fault 77: a deposit' deposit
asked_again() {
	new_coinbase --set deduplicate=false && rm -f kept.db* &&
	    tb-migrate backup kept.db >out && buy 0 &&
	    tb-migrate restore kept.db >out && tb-sync >out && buy 0 &&
	    says '"status":"filled"' && state SETTLED &&
	    [ "$(posts)" = 1 ] && equal
}
ok 'after a restore, asked again: the order that is there' asked_again
resting() {
	printf '%s' '{"product_id":"BTC-USD","side":"BUY","size_usd":50,' \
	    '"type":"limit","limit_price":90,"id":"rests"}' | exits 0 tb-trade
}
rests_again() {
	new_coinbase --set deduplicate=false && rm -f kept.db* &&
	    tb-migrate backup kept.db >out && resting &&
	    tb-migrate restore kept.db >out && exits 0 tb-sync &&
	    [ "$(sql 'SELECT count(*) FROM trades')" = 0 ] && resting &&
	    says '"status":"pending"' && state OPEN && [ "$(posts)" = 1 ] &&
	    equal
}
ok '... one that rests, and has executed nothing' rests_again
called_off() {
	exits 0 tb-trade cancel 1 && tb-migrate restore kept.db >out &&
	    exits 0 tb-sync && resting && says '"status":"cancelled"' &&
	    [ "$(posts)" = 1 ] && equal
}
ok '... and one that was called off' called_off
exchange_off
