#!/bin/sh
#
# tb-signal | tb-trade: one bot on candles that are small enough to follow by
# hand.  It buys from 01:55 on, and cools down for a quarter of an hour.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/candles.sh"

new_db
candles T-USD 1735689600 100 101 100 101 100 101 100 101 100 101 \
    100 101 100 101 100 101 100 101 100 101 100 99 98 97 96 95
cat >bots.yaml <<'EOF'
bots:
  - name: Falls
    product_id: T-USD
    status: RUNNING
    trade_size_usd: 25.00
    cooldown_minutes: 15
    signals: {rsi: {period: 2, smoothing: simple}}
EOF
tb-signal load -q --at 2025-01-01 bots.yaml >/dev/null

# pipe TIME [ARG ...]: the main job at an instant
pipe() {
	p_at=2025-01-01T$1
	shift
	tb-signal "$@" --at "$p_at" >line && tb-trade --at "$p_at" <line >answer
}

# answers TIME EXPECTED [ARG ...]
answers() {
	a_at=$1 a_want=$2
	shift 2
	pipe "$a_at" "$@"
	cat line answer
	[ "$(jq -c '[.trade_executed, .reason, .replayed]' answer)" = "$a_want" ]
}

same_again() { # the line and the answer, but that it was given before
	cp line first && cp answer before && pipe 01:55:10Z && same first line &&
	[ "$(jq -c '.replayed' answer)" = true ] &&
	[ "$(jq -c .trade answer)" = "$(jq -c .trade before)" ]
}

acted() {
	[ "$(sqlite3 db 'SELECT group_concat(acted_at) FROM evaluations')" = "$1" ]
}

ok 'nothing to confirm: hold' answers 01:45:10Z '[false,"hold",null]'
ok 'an action has to stand' answers 01:50:10Z '[false,"not_ready",null]'
ok 'it stands: a trade' answers 01:55:10Z '[true,null,false]'
ok '  the evaluation knows' acted 2025-01-01T01:55:10.000000Z
ok '  the same again is the same trade' same_again
ok 'cooling down' answers 02:00:10Z '[false,"not_ready",null]'
ok '  waived' answers 02:00:10Z '[true,null,false]' --force
ok '  begins anew' answers 02:10:10Z '[false,"not_ready",null]'
ok 'the action still stands: a trade' answers 02:15:10Z '[true,null,false]'
ok 'three trades are in the books' sh -c '
    [ "$(sqlite3 db "SELECT count(*) FROM trades")" = 3 ]'
ok 'and the books are right' exits 0 tb-portfolio verify -q
hasty() { # had the third been a minute earlier
	cp -p db hasty.db && sqlite3 hasty.db "DROP TRIGGER intents_update;
	    UPDATE intents SET created_at = '2025-01-01T02:14:09.000000Z'
	    WHERE id = 3"
	tb-portfolio -d hasty.db verify >found
	grep '"invariants"' found | grep 'I14: 3, bot:1, 2'
}
ok 'an act within the cooldown would be found' hasty
