#!/bin/sh
#
# tb-signal: jq expressions as scores and vetoes, and what they cannot do.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/candles.sh"

# Closes 100, 102, ..., 138: sma(2) of the last two is 137.
new_db
# shellcheck disable=SC2046
candles T-USD 1735689600 $(seq 100 2 138)
AT=2025-01-01T01:40:00Z
FIRST=2025-01-01T00:05:00Z

# scored JQ [USES]: a bot whose score is the expression
scored() {
	cat >bots.yaml <<-EOF
	bots:
	  - name: X
	    product_id: T-USD
	    status: RUNNING
	    confirmation_minutes: 0
	    signals:
	      x: {weight: 1, uses: '${2:-sma(2)}', jq: '$1'}
	EOF
	tb-signal load -q --at 2025-01-01 bots.yaml >/dev/null
}

# score JQ EXPECTED [USES]: combined score, action, reason and message
score() {
	scored "$1" "${3:-}" && exits 0 tb-signal --at $AT &&
	jq -c '[.combined_score, .recommended_action,
	    .individual_signals.x.reason, .individual_signals.x.message]' \
	    out >actual && echo "$2" >expect && same expect actual
}

# vetoed JQ EXPECTED: not_ready of a bot that would buy
vetoed() {
	scored 1 && exits 0 tb-signal bot set --at 2025-01-01 X "when=$1" &&
	exits 0 tb-signal --at $AT && jq -c .not_ready out >actual &&
	echo "$2" >expect && same expect actual
}

# fails JQ MESSAGE: a veto that cannot be asked is the bot's failure
fails() {
	scored 1 && exits 0 tb-signal bot set --at 2025-01-01 X "when=$1" &&
	exits 6 tb-signal --at $AT &&
	jq -c '[.not_ready, .recommended_action, .combined_score]' out >actual &&
	echo '[["hold","bot_error"],"HOLD",null]' >expect &&
	same expect actual && jq -r .error out | grep -q "^when: $2"
}

others_go_on() { # three bots, one of them loops for ever
	cat >bots.yaml <<-'EOF' &&
	bots:
	  - {name: X, product_id: T-USD, status: RUNNING, confirmation_minutes: 0,
	     when: 'true', signals: {x: {jq: '1'}}}
	  - {name: Y, product_id: T-USD, status: RUNNING, confirmation_minutes: 0,
	     signals: {x: {jq: 'def f: f; f'}}}
	  - {name: Z, product_id: T-USD, status: RUNNING, confirmation_minutes: 0,
	     when: 'true', signals: {x: {jq: '-1'}}}
	EOF
	tb-signal load -q --at 2025-01-01 bots.yaml >/dev/null &&
	exits 0 tb-signal --at $AT &&
	jq -c '[.name, .recommended_action, .ready_to_trade]' out >actual &&
	printf '%s\n' '["X","BUY",true]' '["Y","HOLD",false]' \
	    '["Z","SELL",true]' >expect && same expect actual &&
	jq -r '.individual_signals.x | .reason, .message' out |
	    grep -q 'took longer than 2000 ms' && tb-signal bot rm -q Y Z
}

sees_the_line() { # as it will be written, before the veto
	vetoed '.product_id == "T-USD" and .ready_to_trade and .price == 138 and
	    .individual_signals.x.score == 1' '[]'
}

only_if_it_matters() { # a bot that is not ready does not ask
	scored 0 && tb-signal bot set -q --at 2025-01-01 X 'when=error("asked")' >/dev/null &&
	exits 0 tb-signal --at $AT &&
	exits 6 tb-signal explain X --at $AT -o table &&
	grep -q asked out
}

nothing_before_the_warm_up() { # sma(2) needs two candles
	scored .sma_2 && exits 0 tb-signal --at $FIRST &&
	[ "$(jq -c '[.combined_score, .not_ready]' out)" = \
	    '[0,["hold","warming_up"]]' ]
}

no_money() { # a hostile number is no number
	score '1e1000 | tostring' '[0,"HOLD","no_number","it gave no number"]'
}

# bad_rule JQ MESSAGE: a file with it is refused, by load and by check
bad_rule() {
	printf 'bots:\n  - name: X\n    product_id: T-USD\n    signals: {x: {jq: %s}}\n' \
	    "'$1'" >bad.yaml && exits 65 tb-signal load -n bad.yaml &&
	grep -q "bad.yaml:4:.*bots\[0\].signals.x.jq: $2" err &&
	exits 65 tb-signal check bad.yaml
}
# no_score JQ MESSAGE: the bot has no score, and says why
no_score() {
	scored "$1" && exits 0 tb-signal --at $AT &&
	jq -e '.combined_score == 0 and .recommended_action == "HOLD"' out &&
	jq -r '.individual_signals.x | .reason + ": " + .message' out |
	    grep -q "$2"
}
# fault 84: rules of users
ok 'fault 84: no syntax' bad_rule '1 +' 'syntax error'
ok 'fault 84: include' bad_rule 'include "x"; 1' 'syntax error'
ok 'fault 84: import' bad_rule 'import "x" as x; 1' 'syntax error'
ok 'fault 84: an error of its own' no_score 'error("no")' ': no'
case $BUILD in
*-san) skip 'fault 84: ten gigabytes' 'sanitizers want terabytes' ;;
*) ok 'fault 84: ten gigabytes' no_score '[range(1e9)] | length' . ;;
esac
ok 'its number is the score' score 0.25 '[0.25,"HOLD",null,null]'
ok '  clamped to 1' score 7 '[1,"BUY",null,null]'
ok '  and to -1' score -7 '[-1,"SELL",null,null]'
ok '  at nine decimals' score 1/3 '[0.333333333,"HOLD",null,null]'
ok 'it reads the last candle' score \
    'if [.open, .high, .low, .close, .volume] == [136, 138, 136, 138, 1] then 1 else 0 end' \
    '[1,"BUY",null,null]'
ok 'it reads what it uses' score 'if .sma_2 == 137 then 1 else 0 end' \
    '[1,"BUY",null,null]'
ok '  with columns where there are several' score \
    'if .bbands_2_2_5.middle == 137 and .sma_2 == 137 then 1 else 0 end' \
    '[1,"BUY",null,null]' 'bbands(2,2.5),sma(2)'
ok 'fault 84: the first of many' score '1, 2, 3' '[1,"BUY",null,null]'
ok 'null is no score' score null '[0,"HOLD","no_number","it gave no number"]'
ok 'fault 84: nothing is no score' score empty '[0,"HOLD","no_number","it gave no number"]'
ok 'a text is no score' score '"1"' '[0,"HOLD","no_number","it gave no number"]'
ok 'an infinite one is text at most' no_money
ok 'fault 84: an environment is empty' score 'if env == {"HOME": "/nonexistent"} then 1 else 0 end' '[1,"BUY",null,null]'
ok 'fault 84: a loop ends after two seconds, and the others go on' others_go_on
ok 'before its warm-up there is no score' nothing_before_the_warm_up
ok 'a veto: false' vetoed 'false' '["vetoed"]'
ok 'a veto: null' vetoed '.nothing' '["vetoed"]'
ok 'a veto: no output' vetoed empty '["vetoed"]'
ok 'no veto: true' vetoed '.price > 1' '[]'
ok 'no veto: 0 is a value' vetoed 0 '[]'
ok 'it is asked about the line' sees_the_line
ok 'it is asked only where it matters; explain asks always' only_if_it_matters
ok 'a veto that raises an error' fails 'error("no")' ''
ok 'a veto that does not end' fails 'def f: f; f' ''
ok 'no syntax: exit 65 by hand' exits 78 tb-signal bot set --at 2025-01-01 X 'when=1 +'
ok 'no include' exits 78 tb-signal bot set --at 2025-01-01 X 'when=include "x"; 1'
