#!/bin/sh
#
# tb-sync reconcile on the paper venue: what became of orders, and whether the
# books and the venue agree.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/trade.sh"

says() {
	grep -qF -- "$2" "$1" || { echo "no $2 in:"; cat "$1"; return 1; }
}
reconcile() {
	tb-sync -d tb.db -c tb.yaml --at "$T" reconcile "$@"
}

agrees() { # fees, both sides, to the last digit
	new_db && echo 'paper: {fee_percent: 0.6, slippage_percent: 0.05}' >tb.yaml &&
	{ line BUY BTC-USD 33.33; line BUY ETH-USD 77.77; line SELL BTC-USD 11.11; } |
	    exits 0 trade && exits 0 reconcile &&
	[ "$(grep -o '"difference":0}' out | wc -l)" -eq 3 ]
}
finds() {
	new_db && echo 'paper: {faults: lose-answer=1}' >tb.yaml &&
	line BUY BTC-USD 20 a | exits 5 trade && limits && exits 0 reconcile &&
	says out '"found":1,"abandoned":0,"unknown":0' && sound
}
# What would be sent again is tb-trade's to send: it stays unknown while fresh.
sends_nothing() {
	new_db && echo 'paper: {faults: lose-request=1}' >tb.yaml &&
	line BUY BTC-USD 20 a | exits 5 trade && limits && exits 5 reconcile &&
	says out '"unknown":1' && [ "$(orders)" -eq 0 ] &&
	line BUY BTC-USD 20 a | exits 0 trade && [ "$(orders)" -eq 1 ] && sound
}
a_deposit() { # nobody told the books: told, not mended
	new_db && line BUY BTC-USD 20 | exits 0 trade &&
	sqlite3 tb.db.paper "UPDATE shelf SET value = replace(value, '980', '981')
	    WHERE key = 'balance/USD'" &&
	exits 8 reconcile &&
	says out '"currency":"USD","books":980,"venue":981,"difference":1' &&
	exits 8 reconcile
}

ok 'books and venue agree to the last digit' agrees
ok 'an order whose answer was lost is found' finds
ok 'it sends nothing' sends_nothing
ok 'a deposit that the books do not know: 8' a_deposit
