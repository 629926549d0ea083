#!/bin/sh
#
# tb-sync reconcile: lost orders are found, open ones are looked at.

. "${0%/*}/lib.sh"

command -v sqlite3 >/dev/null || skip_all 'no sqlite3'
[ -x "$BUILD/tb-trade" ] || skip_all 'no tb-trade'

TB_DB=$WORK/tb.db
TB_CONFIG=$WORK/tb.yaml
export TB_DB TB_CONFIG
at='--at 2025-09-11T10:35:00Z'
tb-migrate -d template.db init --at 2025-09-11T10:00:00Z >out &&
    printf '%s\n' 'start,open,high,low,close,volume' \
	1757586600,100,100,100,100,1 | tb-sync -d template.db \
	import candles --product BTC-USD --granularity 5m - >out || exit 1

ask() {
	sqlite3 "$TB_DB" "$1"
}
answers() {
	ask "$1" >answer && printf '%s\n' "$2" | diff -u - answer
}
# venue FAULTS: a fresh database whose venue misbehaves
venue() {
	rm -f "$TB_DB" "$TB_DB"-* "$TB_DB".* && cp -p template.db "$TB_DB" &&
	    echo "paper: {fee_percent: 0, slippage_percent: 0$1}" >tb.yaml
}
# reconciles CODE FOUND ABANDONED UNKNOWN LOOKED_AT: and all balances agree
reconciles() {
	# shellcheck disable=SC2086 # words are meant
	exits "$1" tb-sync reconcile $at && grep -q "^{\"found\":$2,\"abandoned\":$3,\"unknown\":$4,\"looked_at\":$5,\"differ\":0," \
		out && ! grep -q '"difference":-*[0-9.]*[1-9]' out
}

# For people the balances are a table below the counts.
page() {
	venue '' && exits 0 tb-sync reconcile $at -o table &&
	    sed -n '3,$p' out >actual &&
	    printf '%s\n' '' 'Currency  Books  Venue  Difference' \
		'USD       10000  10000           0' >expect && same expect actual
}

nothing() {
	venue '' && sqlite3 "$TB_DB" .dump >before && reconciles 0 0 0 0 0 &&
	    sqlite3 "$TB_DB" .dump >after && same before after
}
ok 'a page for people' page
ok 'nothing to find: nothing changes' nothing
# shellcheck disable=SC2086 # words are meant
lost() {
	venue ', faults: lose-answer=1' && exits 5 tb-trade buy BTC-USD 50 $at &&
	    answers 'SELECT state FROM intents' UNKNOWN && venue_is_well &&
	    reconciles 0 1 0 0 0 && answers \
	    "SELECT state, t.status, t.size_crypto FROM intents
	    JOIN trades t USING (order_id)" 'SETTLED|filled|0.5'
}
venue_is_well() {
	echo 'paper: {fee_percent: 0, slippage_percent: 0}' >tb.yaml
}
ok 'an order whose answer was lost is found and booked' lost
again() {
	sqlite3 "$TB_DB" .dump >before && reconciles 0 0 0 0 0 &&
	    sqlite3 "$TB_DB" .dump >after && same before after
}
ok 'once more: nothing changes' again
# shellcheck disable=SC2086 # words are meant
never() {
	venue ', faults: lose-request=1' &&
	    exits 5 tb-trade buy BTC-USD 50 $at && venue_is_well &&
	    exits 5 tb-sync reconcile $at && answers \
	    'SELECT count(*) FROM trades' 0
}
ok 'one that never came to be stays unknown: nothing is sent' never
# shellcheck disable=SC2086 # words are meant
open() {
	venue ', faults: fill-late=3' && tb-trade buy BTC-USD 50 $at >out &&
	    answers 'SELECT status FROM trades' pending &&
	    reconciles 0 0 0 0 1 && reconciles 0 0 0 0 1 &&
	    answers 'SELECT status FROM trades' filled && reconciles 0 0 0 0 0
}
ok 'an open order is looked at until it is filled' open
# Coins that the venue does not even list: it was never asked to buy them.
unlisted() {
	venue '' && printf '%s\n' 'id,time,product,side,size,price,fee' \
	    'a,2025-09-11T10:10:00Z,ETH-USD,BUY,2,10,0' |
	    tb-sync -q import trades - >out &&
	    exits 8 tb-sync reconcile $at && grep -q '"balances":\[{"currency":"USD","books":9980,"venue":10000,"difference":20},{"currency":"ETH","books":2,"venue":0,"difference":-2}\]' out &&
	    grep -q 'differ in 2 balances$' err &&
	    exits 2 tb-sync reconcile --fix $at && [ ! -s out ] &&
	    answers 'SELECT count(*) FROM cash_flows' 1
}
ok 'what the venue does not list is a difference: 8' unlisted
real() {
	tb-migrate -d real.db init --venue coinbase >out &&
	    exits 2 tb-sync -d real.db reconcile --at 2025-10-01
}
ok '--at is for paper' real
