#!/bin/sh
#
# tb-trade from outside: decisions in, answers out, replays, buy and sell,
# figures that can be checked by hand.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/trade.sh"

# says FILE TEXT: a line of the file has the text
says() {
	grep -qF -- "$2" "$1" || { echo "no $2 in:"; cat "$1"; return 1; }
}

# 100.00 at 40000.00 with a fee of 1 % out of it and no slippage: the value
# is 100 / 1.01 = 99.009900990099009901, the size 0.00247524 coins, down to the
# increment, which is worth 99.0096
buys() {
	new_db &&
	echo 'paper: {fee_percent: 1, slippage_percent: 0}' >tb.yaml &&
	line BUY BTC-USD 100.00 a | exits 0 trade &&
	cp out first &&
	says out '{"trade_executed":true,"trade_id":1,"replayed":false,"trade":{"id":1,"product_id":"BTC-USD","side":"BUY",' &&
	says out '"size_crypto":0.00247524,' && says out '"status":"filled"' &&
	says out '"commission":0.990099009900990099' && [ ! -s err ] && sound
}

# A BUY for coins at 40000.00, slippage 1 %, fee 1 % on top: 0.01 coins cost
# 404.00 and a fee of 4.04
buys_coins() {
	new_db &&
	echo 'paper: {fee_percent: 1, slippage_percent: 1}' >tb.yaml &&
	echo '{"product_id":"BTC-USD","side":"BUY","size_crypto":0.01}' |
	    exits 0 trade &&
	says out '"size_usd":404.00,"size_crypto":0.01,"price":40400.00,' &&
	says out '"commission":4.04,' &&
	tb-portfolio -d tb.db --at "$T" >overview &&
	says overview '"cash_usd":591.96' && sound
}

same_again() {
	buys && line BUY BTC-USD 100.00 a | exits 0 trade &&
	says out '"replayed":true' &&
	sed 's/"replayed":true/"replayed":false/' out >again &&
	same first again && [ "$(orders)" -eq 1 ]
}

# The same line twice in one stream, and a replayed file.
twice_in_one() {
	new_db && { line BUY BTC-USD 20 a; line BUY BTC-USD 20 a; } >two &&
	exits 0 trade <two &&
	[ "$(grep -c '"replayed":false' out)" -eq 1 ] &&
	[ "$(grep -c '"replayed":true' out)" -eq 1 ] &&
	[ "$(grep -c '"intent_id":"1","id":"a"' out)" -eq 2 ] &&
	exits 0 trade <two && [ "$(grep -c '"replayed":true' out)" -eq 2 ] &&
	[ "$(orders)" -eq 1 ]
}

without_id_is_new() {
	new_db && line BUY BTC-USD 20 >one && exits 0 trade <one &&
	exits 0 trade <one && says out '"replayed":false' &&
	[ "$(orders)" -eq 2 ]
}

other_request() { # KEY VALUE
	new_db && line BUY BTC-USD 20 a | trade >out &&
	line BUY BTC-USD 20 a | sed "s/\"$1\":[^,]*/\"$1\":$2/" |
	    exits 65 trade &&
	says out '"reason":"key_reused"' &&
	says err 'was asked for with another request (intent 1)' &&
	[ "$(orders)" -eq 1 ]
}

# An old decision is answered from the record, however old.
old_replay() {
	new_db && line BUY BTC-USD 20 a | trade >out &&
	T=2025-09-20 && line BUY BTC-USD 20 a | exits 0 trade &&
	says out '"replayed":true'
}
yesterday() {
	new_db && for n in 1 2 3 4; do
		line BUY BTC-USD 20 $n | sed "s/}/,\"ts\":\"$T\"}/"
	done >all && head -n 2 all | exits 0 trade &&
	T=2025-09-12T10:35:12Z && exits 6 trade <all &&
	[ "$(grep -c '"replayed":true' out)" -eq 2 ] &&
	[ "$(grep -c '"reason":"age"' out)" -eq 2 ] && [ "$(orders)" -eq 2 ]
}

# at_once RUNS: of the same line
at_once() {
	n=0
	while [ $((n += 1)) -le "$1" ]; do trade <one >out$n 2>err$n & done
	wait
	cat out? err? && [ "$(orders)" -eq 1 ] &&
	[ "$(cat out? | grep -c '"replayed":false')" -eq 1 ] &&
	[ "$(cat out? | grep -c '"replayed":true')" -eq $(($1 - 1)) ]
}
runs_at_once() {
	new_db && line BUY BTC-USD 20 a >one && at_once 6 && sound
}
fifty_rounds() {
	line BUY BTC-USD 20 a >one && rm -f out? err? && round=0 &&
	while [ $((round += 1)) -le 50 ]; do
		new_db && at_once 2 || return 1
	done && sound
}

in_order() {
	new_db && for n in 1 2 3 4 5; do line BUY BTC-USD 1$n $n; done |
	    exits 0 trade &&
	sed 's/.*"id":"\([0-9]\)"}$/\1/' out | tr -d '\n' >ids &&
	[ "$(cat ids)" = 12345 ]
}

an_array() {
	new_db &&
	printf '[%s,%s]\n' "$(line BUY BTC-USD 20 a)" "$(line BUY ETH-USD 20 b)" |
	    exits 0 trade && [ "$(wc -l <out)" -eq 2 ] && [ "$(orders)" -eq 2 ]
}

a_document() {
	new_db && line BUY BTC-USD 20 a | sed 's/,/,\n/g; s/{/{\n/' |
	    exits 0 trade && [ "$(wc -l <out)" -eq 1 ] && [ "$(orders)" -eq 1 ]
}

# A sale of all, and its gain: bought at 40000.00, sold at 44000.00, no fee:
# 0.0025 coins for 100.00 are sold for 110.00
sells_all() {
	new_db && tb-trade -d tb.db -c tb.yaml --at "$T" buy BTC-USD 100 >out &&
	candle BTC-USD 44000.00 2025-09-11T10:35:00Z && T=2025-09-11T10:40:12Z &&
	exits 0 tb-trade -d tb.db -c tb.yaml --at "$T" preview sell BTC-USD all &&
	says out '"base_size":0.0025,"size_usd":110.00,' &&
	says out '"gain":10.00,"lots":[{"trade_id":1,' &&
	[ "$(orders)" -eq 1 ] &&
	exits 0 tb-trade -d tb.db -c tb.yaml --at "$T" sell BTC-USD all &&
	says out '"side":"SELL","size_usd":110.00,"size_crypto":0.0025,' &&
	tb-portfolio -d tb.db --at "$T" pnl >pnl && says pnl '"realized":10.00' &&
	says pnl '"residue":0.00' && sound
}

limit_orders() {
	new_db &&
	echo '{"product_id":"BTC-USD","side":"BUY","size_crypto":0.001,"type":"limit","limit_price":39000,"id":"l"}' |
	    exits 0 trade && says out '"status":"pending"' &&
	says out '"size_usd":39.00,"size_crypto":0.001,"price":39000.00' &&
	[ "$(sql 'SELECT state FROM intents')" = OPEN ] &&
	exits 0 tb-trade -d tb.db -c tb.yaml --at "$T" refresh &&
	says out '"status":"pending"' &&
	candle BTC-USD 38000.00 2025-09-11T10:35:00Z && T=2025-09-11T10:40:12Z &&
	exits 0 tb-trade -d tb.db -c tb.yaml --at "$T" refresh &&
	says out '"status":"filled"' && says out '"price":39000.00' &&
	[ "$(sql 'SELECT state FROM intents')" = SETTLED ] &&
	exits 0 tb-trade -d tb.db show l && says out '"status":"filled"' && sound
}

cancels() {
	new_db &&
	echo '{"product_id":"BTC-USD","side":"BUY","size_crypto":0.001,"type":"limit","limit_price":39000,"id":"l"}' |
	    trade >out &&
	exits 0 tb-trade -d tb.db -c tb.yaml --at "$T" cancel 1 &&
	says out '"status":"cancelled"' &&
	exits 3 tb-trade -d tb.db -c tb.yaml --at "$T" cancel 1 &&
	exits 7 tb-trade -d tb.db -c tb.yaml --at "$T" cancel 99 && sound
}

waits_for_fills() {
	new_db &&
	echo 'paper: {fee_percent: 0, slippage_percent: 0, faults: fill-late=3}' \
	    >tb.yaml &&
	line BUY BTC-USD 20 a | exits 0 trade && says out '"status":"pending"' &&
	line BUY BTC-USD 20 b | exits 0 trade --wait 5 &&
	says out '"status":"filled"'
}

fills_in_part() {
	new_db &&
	echo 'paper: {fee_percent: 0, slippage_percent: 0, faults: fill-part=0.5}' \
	    >tb.yaml &&
	line BUY BTC-USD 20 a | exits 0 trade && says out '"status":"filled"' &&
	says out '"size_usd":10.00,"size_crypto":0.00025' && sound
}

loses_an_answer() {
	new_db &&
	echo 'paper: {fee_percent: 0, slippage_percent: 0, faults: lose-answer=1}' \
	    >tb.yaml &&
	line BUY BTC-USD 20 a | exits 5 trade &&
	says out '{"trade_executed":null,"reason":"unknown","intent_id":"1",' &&
	limits && exits 1 tb-trade -d tb.db status && says out '"unknown":1' &&
	exits 0 tb-trade -d tb.db -c tb.yaml --at "$T" refresh &&
	exits 0 tb-trade -d tb.db status &&
	line BUY BTC-USD 20 a | exits 0 trade && says out '"replayed":true' &&
	[ "$(orders)" -eq 1 ] && sound
}

refused_by_the_venue() {
	new_db &&
	echo 'paper: {faults: refuse=INSUFFICIENT_FUND}' >tb.yaml &&
	line BUY BTC-USD 20 a | exits 4 trade &&
	says out '"reason":"venue"' && says out 'INSUFFICIENT_FUND' &&
	limits && line BUY BTC-USD 20 a | exits 4 trade &&
	says out '"replayed":true' && [ "$(orders)" -eq 0 ] &&
	exits 0 tb-trade -d tb.db list --refused && says out '"reason":"venue"'
}

not_sent() {
	new_db && echo 'paper: {faults: not-sent=1}' >tb.yaml &&
	line BUY BTC-USD 20 a | exits 69 trade && says out '"reason":"not_sent"' &&
	limits && line BUY BTC-USD 20 a | exits 0 trade &&
	says out '"replayed":false' && [ "$(orders)" -eq 1 ] && sound
}

dry() {
	new_db && cp tb.db before && line BUY BTC-USD 20 a | exits 0 trade -n &&
	says out '"dry_run":true' && cmp tb.db before && [ ! -e tb.db.lock ] &&
	[ ! -e tb.db.paper ] && (umask 077 && : >tb.db.paper) &&
	line BUY BTC-USD 20 a | exits 0 trade -n && [ ! -s tb.db.paper ] &&
	rm tb.db.paper
}
# nor what only looks: the cash is there all the same, and a file as it was
dry_asks() {
	exits 0 tb-trade -d tb.db -c tb.yaml --at "$T" preview buy BTC-USD 20 &&
	exits 0 tb-trade -d tb.db -c tb.yaml --at "$T" limits &&
	line BUY BTC-USD 1001 | exits 3 trade -n && says out '"balance"' &&
	{ line BUY BTC-USD 20 a; line BUY BTC-USD 999 b; } >two &&
	exits 0 trade -n <two && [ "$(grep -c dry_run out)" -eq 2 ] &&
	tb-sync -d tb.db -c tb.yaml doctor >out; [ ! -e tb.db.paper ] &&
	line BUY BTC-USD 20 a | exits 0 trade && cp tb.db.paper before &&
	tb-portfolio -d tb.db flow add --currency USD --amount 100 --at "$T" \
	    >out && line BUY BTC-USD 1050 | exits 0 trade -n &&
	cmp tb.db.paper before
}
dry_words() {
	exits 0 trade -n buy BTC-USD 20 && says out '"dry run: BUY 20.00 USD of BTC-USD would be sent"' &&
	line BUY BTC-USD 20 | exits 0 trade &&
	exits 0 trade -n sell BTC-USD all && says out '"dry run: SELL all of BTC-USD would be sent"'
}

# strip DUMP: without what the day of the test and chance have put in
strip() {
	grep -v "'generation'\|'created_at'\|INTO schema_migrations\|INTO products" \
	    "$1"
}
same_bytes() { # two replays of one stream give the same answers and books
	for n in 1 2 3; do line BUY BTC-USD 2$n $n; done >three &&
	line SELL BTC-USD 15 4 >>three &&
	new_db && trade <three >answers1 && sqlite3 tb.db .dump >dump1 &&
	new_db && trade <three >answers2 && sqlite3 tb.db .dump >dump2 &&
	same answers1 answers2 &&
	strip dump1 >d1 && strip dump2 >d2 && same d1 d2
}

ok 'a BUY for an amount, fee included' buys
ok 'a BUY for coins, fee on top' buys_coins
ok 'the same id: the same answer, no order' same_again
ok 'fault 29: the same line twice' twice_in_one
ok 'without an id each line is a decision' without_id_is_new
ok 'fault 31: the same id with another size' other_request size_usd 21
ok 'fault 31: the same id with as many coins' other_request size_usd \
    'null,"size_crypto":0.0005'
ok 'fault 31: the same id with another product' other_request product_id '"ETH-USD"'
ok 'fault 31: the same id with another side' other_request side '"SELL"'
ok 'a decision is remembered for ever' old_replay
ok 'fault 32: a file of yesterday: what was done is told, the rest refused' \
    yesterday
ok 'fault 30: six runs at once: one order' runs_at_once
ok 'fault 30: two runs at once, fifty times: one order each' fifty_rounds
ok 'answers come in the order of the lines' in_order
ok 'an array is taken element by element' an_array
ok 'a pretty document' a_document
ok 'buy, preview, sell all: a gain of 10' sells_all
ok 'a limit order rests, and fills when its price comes' limit_orders
ok 'an order is cancelled' cancels
ok '--wait sees late fills' waits_for_fills
ok 'an order that fills in part' fills_in_part
ok 'an answer is lost, and found' loses_an_answer
ok 'the venue refuses' refused_by_the_venue
ok 'what was never sent may be sent again' not_sent
ok 'a dry run writes nothing' dry
ok '  nor does what only looks' dry_asks
ok '  and says what it would do' dry_words
ok 'a replay gives the same bytes' same_bytes
