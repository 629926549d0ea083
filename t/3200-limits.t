#!/bin/sh
#
# The rules of tb-trade, each just inside and just outside: limits, reserves
# and balances by hand, cooldown, bots, halt and resume.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/trade.sh"

says() {
	grep -qF -- "$2" "$1" || { echo "no $2 in:"; cat "$1"; return 1; }
}

buys() { # USD [PRODUCT]
	line BUY "${2:-BTC-USD}" "$1" | exits 0 trade &&
	says out '"trade_executed":true'
}
refuses() { # REASON HAVE NEED SIDE USD [PRODUCT]
	line "$4" "${6:-BTC-USD}" "$5" | exits 3 trade &&
	says out "\"reason\":\"$1\"" && says out "\"have\":$2,\"need\":$3"
}

max_order() {
	new_db && limits 'max_order: 50' && buys 50 &&
	refuses max_order 50.00 50.01 BUY 50.01 && refuses position 0.00125 0.0015 SELL 60
}
# Closing a whole position is bound by the venue's minimum only.
closing_is_not_bound() {
	new_db && buys 100 && limits 'max_order: 50' &&
	refuses max_order 50.00 60.00 SELL 60 &&
	exits 0 tb-trade -d tb.db -c tb.yaml --at "$T" sell BTC-USD all &&
	says out '"size_usd":100.00' && buys 10 &&
	candle BTC-USD 30000.00 2025-09-11T10:35:00Z && T=2025-09-11T10:40:12Z &&
	exits 0 tb-trade -d tb.db -c tb.yaml --at "$T" sell BTC-USD all &&
	says out '"size_usd":7.50'
}
# What is held counts at the reference price: 100.00 become 110.00.
max_position() {
	new_db && limits 'max_position: 150' && buys 100 &&
	refuses max_position 150.00 150.01 BUY 50.01 && buys 20 ETH-USD &&
	candle BTC-USD 44000.00 2025-09-11T10:35:00Z && T=2025-09-11T10:40:12Z &&
	refuses max_position 150.00 150.01 BUY 40.01 && buys 40 &&
	line SELL BTC-USD 20 | exits 0 trade
}
# An open order counts as if it were filled.
open_orders_count() {
	new_db && limits 'max_position: 100' &&
	echo '{"product_id":"BTC-USD","side":"BUY","size_crypto":0.002,"type":"limit","limit_price":30000}' |
	    exits 0 trade && says out '"pending"' &&
	refuses max_position 100.00 100.01 BUY 40.01 && buys 40
}
max_orders_day() {
	new_db && limits 'max_orders_day: 2' && buys 10 && buys 10 &&
	refuses max_orders_day 2 2 BUY 10 && refuses max_orders_day 2 2 SELL 10 &&
	T=2025-09-12T00:00:00Z && buys 10
}
# All are answered, the first five are traded: 10,000 where TB_CRASH=all.
case ${TB_CRASH:-} in
all) many=10000 ;;
*) many=1000 ;;
esac
many_lines() {
	new_db && limits 'max_orders_day: 5' &&
	awk -v n=$many 'BEGIN { for (i = 0; i < n; i++)
	    printf "{\"product_id\":\"BTC-USD\",\"side\":\"BUY\",\"size_usd\":11,\"id\":\"%d\"}\n", i }' >in &&
	trade <in >out 2>err
	[ $? -eq 6 ] && [ "$(wc -l <out)" -eq $many ] && [ "$(orders)" -eq 5 ] &&
	[ "$(grep -c '"reason":"max_orders_day"' out)" -eq $((many - 5)) ] &&
	says err 'max_orders_day is reached' &&
	[ "$(sql 'SELECT group_concat(dedupe_key, " ") FROM intents')" = \
	    'i:0 i:1 i:2 i:3 i:4' ] &&
	[ "$(sql 'SELECT count(*) FROM refusals')" -eq $((many - 5)) ] && sound
}
# Bought for 100.00 and 100.00, sold half at 36000.00: 10.00 are lost.
max_daily_loss() {
	new_db && buys 100 && buys 100 && limits 'max_daily_loss: 10.01' &&
	candle BTC-USD 36000.00 2025-09-11T10:35:00Z && T=2025-09-11T10:40:12Z &&
	line SELL BTC-USD 90 | exits 0 trade && buys 10 &&
	limits 'max_daily_loss: 10' && refuses max_daily_loss 10.00 10.00 BUY 10 &&
	line SELL BTC-USD 20 | exits 0 trade &&
	T=2025-09-12T00:00:00Z && buys 10
}
# 1000.00, 500.00 of it in coins that lose a fifth: 10 %.
max_drawdown() {
	new_db && buys 500 && limits 'max_drawdown: 10.01' &&
	candle BTC-USD 32000.00 2025-09-11T10:35:00Z && T=2025-09-11T10:40:12Z &&
	buys 10 && limits 'max_drawdown: 10' &&
	refuses max_drawdown 10 10 BUY 10 &&
	line SELL BTC-USD 20 | exits 0 trade
}
products() {
	new_db && limits 'products: [ETH-USD]' && buys 10 ETH-USD &&
	line BUY BTC-USD 10 | exits 3 trade && says out '"reason":"not_allowed"'
}
# 100.00 of cash, a fee of 1 % within each BUY.
balance() {
	new_db 100 && echo 'paper: {fee_percent: 1, slippage_percent: 0}' >tb.yaml &&
	{ line BUY BTC-USD 60 a; line BUY BTC-USD 40.01 b; line BUY BTC-USD 40 c
	line BUY BTC-USD 10 d; } | exits 6 trade &&
	sed 's/^{"trade_executed":\([a-z]*\).*/\1/' out | tr '\n' ' ' >came &&
	[ "$(cat came)" = 'true false true false ' ] &&
	says out '"reason":"balance"' && says out '"have":40.00,"need":40.01' &&
	says out '"have":0.00,"need":10.00' && sound
}
too_dear() { # and nothing of it is kept aside
	new_db 100 && line BUY BTC-USD 10000 | exits 3 trade &&
	says out '"reason":"balance"' && says out '"have":100.00,"need":10000.00' &&
	says err 'there is not enough USD: needs 10000.00, free 100.00' &&
	[ "$(sql 'SELECT count(*) FROM intents')" -eq 0 ] && [ "$(orders)" -eq 0 ] &&
	buys 100 && sound
}
# A limit order that rests holds what it may need.
reserved() {
	new_db 100 && {
		echo '{"product_id":"BTC-USD","side":"BUY","size_crypto":0.002,"type":"limit","limit_price":30000,"id":"a"}'
		line BUY BTC-USD 40.01 b; line BUY BTC-USD 40 c
	} | exits 6 trade && says err 'needs 40.01, free 40.00' &&
	[ "$(orders)" -eq 2 ] && sound
}
# What a sale brings in can be spent by the next line.
proceeds() {
	new_db 100 && { line BUY BTC-USD 100 a; line SELL BTC-USD 50 b
	line BUY ETH-USD 50 c; line BUY ETH-USD 10 d; } | exits 6 trade &&
	[ "$(grep -c '"trade_executed":true' out)" -eq 3 ] && sound
}
no_short() {
	new_db && refuses position 0 0.00000001 SELL 20 &&
	says err 'no BTC is held' && buys 20 &&
	refuses position 0.0005 0.000525 SELL 21 && line SELL BTC-USD 20 |
	    exits 0 trade && sound
}
rounds_down() {
	new_db && line BUY BTC-USD 20.019 | exits 0 trade &&
	says out '"size_usd":20.01'
}
tells_limits() {
	new_db && limits 'max_order: 50' 'max_position: 150' 'max_orders_day: 2' \
	    'max_daily_loss: 5' 'max_drawdown: 10' && buys 40 &&
	exits 0 tb-trade -d tb.db -c tb.yaml --at "$T" limits &&
	says out '{"limit":"max_position","product_id":"BTC-USD","have":40,"need":150}' &&
	says out '{"limit":"max_orders_day","product_id":null,"have":1,"need":2}'
}

# bot [KEY VALUE ...]: a bot that BUYs 25.00 whatever happens, and its line
bot() {
	cat >bots.yaml <<-'EOF' &&
	bots:
	  - name: Buyer
	    product_id: BTC-USD
	    granularity: 5m
	    status: RUNNING
	    trade_size_usd: 25.00
	    confirmation_minutes: 0
	    cooldown_minutes: 15
	    signals:
	      always: {weight: 1.0, jq: '1'}
	EOF
	tb-signal -d tb.db --at 2025-09-11 load bots.yaml >/dev/null &&
	signal
}
# signal [AT]: the bot's line at an instant, made by hand
signal() {
	at=${1:-$T}
	candle=$(echo "$at" | sed 's/\(.*:[0-9]\)[0-4]:..Z/\10:00Z/; s/\(.*:[0-9]\)[5-9]:..Z/\15:00Z/')
	printf '{"bot_id":1,"product_id":"BTC-USD","temperature":"HOT","combined_score":1,"recommended_action":"%s","last_evaluation":"%s","ready_to_trade":true,"name":"Buyer","evaluation_id":"Buyer/BTC-USD/5m/%s/9f2c41d0","candle_at":"%s","not_ready":[],"price":40000.00,"trade_size_usd":25.00}\n' \
	    "${2:-BUY}" "$at" "$candle" "$candle" >signal
}
acts() {
	new_db && bot && exits 0 trade <signal &&
	says out '"temperature":"HOT","bot_id":1,"replayed":false' &&
	says out '"triggered_by":"bot:1","signal_context":{"bot_id":1,' &&
	exits 0 trade <signal && says out '"replayed":true' &&
	[ "$(sql 'SELECT acted_at FROM evaluations')" = 2025-09-11T10:35:12.000000Z ] &&
	sound
}
cools_down() {
	acts && T=2025-09-11T10:40:12Z && signal && exits 0 trade <signal &&
	says out '"reason":"cooldown"' && says out '"have":"00:05:00","need":"00:15:00"' &&
	says out 'acted 300 s ago and cools down for 900 s' &&
	[ -z "$(tb-trade -d tb.db list --refused)" ] &&
	T=2025-09-11T10:50:11Z && signal && exits 0 trade <signal &&
	says out '"reason":"cooldown"' &&
	T=2025-09-11T10:50:12Z && signal && exits 0 trade <signal &&
	says out '"trade_executed":true' && [ "$(orders)" -eq 2 ]
}
# set_back SECONDS: another signal of the bot, by a clock that was set back
set_back() {
	echo "-${1}000000000" >ahead &&
	sed 's#/5m/[^/]*/#/5m/2025-09-11T10:30:00Z/#
	    s#"candle_at":"[^"]*"#"candle_at":"2025-09-11T10:30:00Z"#' \
	    signal >earlier &&
	env LD_PRELOAD="$BUILD/t/clock.so" TB_CLOCK=ahead \
	    tb-trade -d tb.db -c tb.yaml <earlier >out 2>err
	came=$?
	cat out err
	return $came
}
# A clock that was set back makes no cooldown shorter.
cools_down_backwards() {
	new_db && bot && T=$(date -u +%FT%TZ) && signal &&
	exits 0 tb-trade -d tb.db -c tb.yaml <signal &&
	says out '"trade_executed":true' && set_back 3 &&
	says out '"reason":"cooldown"' && says out '"have":"00:00:00"' &&
	set_back 3600
	[ $? -eq 3 ] && says out '"reason":"clock"' &&
	says err 'the clock went back 3' && [ "$(orders)" -eq 1 ]
}
# Never sent: no cooldown began.  Refused by the venue: it did.
cools_down_not() {
	new_db && bot && echo 'paper: {faults: not-sent=1}' >tb.yaml &&
	exits 69 trade <signal && limits && T=2025-09-11T10:40:12Z && signal &&
	exits 0 trade <signal && says out '"trade_executed":true' &&
	new_db && bot && echo 'paper: {faults: refuse=NO}' >tb.yaml &&
	exits 4 trade <signal && limits && T=2025-09-11T10:40:12Z && signal &&
	exits 0 trade <signal && says out '"reason":"cooldown"'
}
# A SELL signal sells what it can, and never more than is held.
sells_what_is_held() {
	new_db && bot && signal "$T" SELL && exits 3 trade <signal &&
	says out '"reason":"position"' && buys 20 &&
	T=2025-09-11T10:40:12Z && signal "$T" SELL && exits 0 trade <signal &&
	says out '"side":"SELL","size_usd":20.00' && [ "$(orders)" -eq 2 ]
}
stale_signal() {
	new_db && bot && T=2025-09-11T10:40:13Z && exits 3 trade <signal &&
	says out '"reason":"age"' && says out '"have":"00:05:01","need":"00:05:00"' &&
	T=2025-09-11T10:40:12.000001Z && exits 3 trade <signal &&
	says out '301 s old (limit 300)","have":"00:05:01","need":"00:05:00"'
}
not_ready() {
	new_db && bot && sed 's/"ready_to_trade":true/"ready_to_trade":false/; s/"not_ready":\[\]/"not_ready":["confirming"]/' signal |
	    exits 0 trade && says out '"reason":"not_ready"' &&
	sed 's/"BUY"/"HOLD"/; s/"ready_to_trade":true/"ready_to_trade":false/; s/"not_ready":\[\]/"not_ready":["hold"]/' signal |
	    exits 0 trade && says out '"reason":"hold"' && [ ! -e tb.db.lock ]
}
unknown_bot() {
	new_db && signal && exits 3 trade <signal &&
	says out '"reason":"unknown_bot"' && bot &&
	sed 's/Buyer/Other/g' signal | exits 3 trade &&
	says out '"reason":"unknown_bot"'
}
stopped_bot() {
	new_db && bot && tb-signal -d tb.db bot stop Buyer >/dev/null &&
	exits 3 trade <signal && says out '"reason":"bot_stopped"' &&
	[ "$(orders)" -eq 0 ]
}
no_evaluation_id() {
	new_db && bot && sed 's/"evaluation_id":"[^"]*",//' signal |
	    exits 65 trade && says out '"reason":"invalid"'
}

halts() {
	new_db && exits 0 tb-trade -d tb.db status && touch halt &&
	line BUY BTC-USD 20 a | exits 9 trade && says out '"reason":"halted"' &&
	says err "trading is stopped by halt" && [ "$(sql 'SELECT count(*)
	    FROM intents')" -eq 0 ] &&
	exits 1 tb-trade -d tb.db status && says out '"trading":false' &&
	exits 0 tb-trade -d tb.db resume && [ ! -e halt ] && buys 20 &&
	exits 0 tb-trade -d tb.db halt 'gone fishing' && [ -e halt ] &&
	line SELL BTC-USD 20 | exits 9 trade && says out 'gone fishing' &&
	exits 1 tb-trade -d tb.db status &&
	exits 0 tb-trade -d tb.db resume
}
# Once something is wrong with the books, resume says no.
resumes_not() {
	new_db && buys 20 && exits 0 tb-trade -d tb.db halt &&
	sqlite3 tb.db 'DROP TRIGGER fills_update; UPDATE fills SET fee = 1' &&
	exits 8 tb-trade -d tb.db resume && [ -e halt ]
}
# A moment of an event is changed; the newest event is lost.
record_changed() { # SQL
	new_db && buys 20 && sound &&
	sqlite3 tb.db 'DROP TRIGGER intent_events_update' \
	    'DROP TRIGGER intent_events_delete' "$1" &&
	exits 8 tb-portfolio -d tb.db verify && says out intent_events
}
while_halted_a_replay() { # a known decision is answered all the same
	new_db && line BUY BTC-USD 20 a | trade >out && touch halt &&
	line BUY BTC-USD 20 a | exits 0 trade && says out '"replayed":true'
}

ok 'max_order: to the cent' max_order
ok 'closing a position is bound by the minimum only' closing_is_not_bound
ok 'max_position: at the reference price' max_position
ok 'max_position: with open orders' open_orders_count
ok 'max_orders_day: of a UTC day' max_orders_day
ok "fault 33: $many lines, five orders a day" many_lines
ok 'max_daily_loss: ends the BUYs of a day' max_daily_loss
ok 'max_drawdown: ends BUYs' max_drawdown
ok 'products: only these' products
ok 'fault 34: more than there is' too_dear
ok 'fault 36: what this run placed is gone' balance
ok 'fault 36: what rests is kept for it' reserved
ok 'balance: proceeds can be spent' proceeds
ok 'fault 35: nobody sells what is not held' no_short
ok 'sizes are rounded down' rounds_down
ok 'limits are told' tells_limits
ok 'a signal acts once' acts
ok 'fault 38: a bot cools down' cools_down
case $BUILD in
*san*) skip 'fault 38: by a clock that was set back, too' \
    'what is preloaded stands before the sanitizer' ;;
*) ok 'fault 38: by a clock that was set back, too' cools_down_backwards ;;
esac
ok 'what was never sent starts no cooldown' cools_down_not
ok 'a SELL signal sells what is held' sells_what_is_held
ok 'a signal of 301 s ago' stale_signal
ok 'hold and not ready are no failures' not_ready
ok 'a bot that is not there, or another' unknown_bot
ok 'a bot that was stopped' stopped_bot
ok 'a signal without its id' no_evaluation_id
ok 'halt stops all, resume starts' halts
ok 'resume asks the books first' resumes_not
ok 'an event that was changed is found' record_changed \
    "UPDATE intent_events SET at = '2025-09-11T10:35:12.000001Z' WHERE id = 1"
ok 'an event that is lost is found' record_changed \
    'DELETE FROM intent_events WHERE id = (SELECT max(id) FROM intent_events)'
ok 'while halted, replays are answered' while_halted_a_replay
