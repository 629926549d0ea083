#!/bin/sh
#
# tb-signal: what a bot says at an instant.  The bot reads RSI over two
# changes by plain means: two falls are 0 (score +1, BUY), two rises 100
# (score -1, SELL), one of each 50 (score 0).  The prices are whole dollars,
# so that everything below can be checked by hand.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/candles.sh"

T0=1735689600 # 2025-01-01T00:00:00Z

# The canonical configuration of the bot that two_falls loads.
CONFIG='{"buy_threshold":0.5,"combine":"sum","confirmation_minutes":5,"granularity":"5m","product_id":"T-USD","sell_threshold":-0.5,"signals":{"rsi":{"enabled":true,"kind":"rsi","overbought":70,"oversold":30,"period":2,"smoothing":"simple","weight":1}},"style":"default","trade_size_usd":25,"when":null}'
HASH=$(printf %s "$CONFIG" | sha256sum | cut -c1-8)

# bots_yaml [EXTRA KEYS ...]: one bot, RUNNING.
bots_yaml() {
	cat <<-'EOF'
	bots:
	  - name: Falls
	    product_id: T-USD
	    status: RUNNING
	    trade_size_usd: 25.00
	    confirmation_minutes: 5
	    cooldown_minutes: 15
	    signals:
	      rsi: {period: 2, smoothing: simple}
	EOF
	for line; do echo "    $line"; done
}

# Twenty candles up and down, then falls: BUY stands from 01:50 on.
two_falls() {
	new_db && bots_yaml >bots.yaml &&
	candles T-USD $T0 100 101 100 101 100 101 100 101 100 101 \
	    100 101 100 101 100 101 100 101 100 101 100 99 98 97 96 95 &&
	tb-signal load --at 2025-01-01 bots.yaml >/dev/null
}

# at TIME [ARG ...]: evaluate on the first of January.
at() {
	a_time=$1
	shift
	tb-signal --at "2025-01-01T$a_time" "$@"
}

# says TIME JQ EXPECTED: the line at TIME, through a filter.
says() {
	at "$1" >line 2>err
	jq -c "$2" line >actual
	echo "$3" >expect
	cat line err
	same expect actual
}

buy_line() { # SCORE RSI ACTION ... of the line that is ready
	cat <<-EOF
	{"bot_id":1,"product_id":"T-USD","temperature":"HOT","combined_score":1,"recommended_action":"BUY","last_evaluation":"2025-01-01T01:55:12.000000Z","ready_to_trade":true,"name":"Falls","evaluation_id":"Falls/T-USD/5m/2025-01-01T01:55:00Z/$HASH","candle_at":"2025-01-01T01:55:00.000000Z","not_ready":[],"price":98.00,"trade_size_usd":25.00,"confirmation":{"since":"2025-01-01T01:50:00.000000Z","since_is_bound":true,"required_minutes":5,"elapsed_minutes":5,"confirmed":true},"cooldown":{"until":null,"active":false},"individual_signals":{"rsi":{"enabled":true,"weight":1.0,"score":1,"value":0}}}
	EOF
}

whole_line() {
	buy_line >expect && at 01:55:12Z >actual && same expect actual
}

same_bytes_again() {
	at 01:55:12Z >first && at 02:10:00Z >/dev/null &&
	at 01:55:12Z >second && same first second &&
	candles T-USD $((T0 + 7800)) 1 2 3 && # the future changes nothing
	at 01:55:12Z >third && same first third
}

not_before_the_close() { # the candle 01:50..01:55 is not closed at 01:54:59
	says 01:54:59.999999Z .candle_at '"2025-01-01T01:50:00.000000Z"' &&
	says 01:55:00Z .candle_at '"2025-01-01T01:55:00.000000Z"'
}

dry_run_stores_nothing() {
	two_falls || return 1
	sha256sum db >before && at 01:55:12Z -n >actual && sha256sum db >after &&
	same before after && buy_line >expect && same expect actual
}

stores() { # EXPECTED: actions by candle, oldest first
	sqlite3 db "SELECT group_concat(substr(candle_at, 12, 5) || ' ' ||
	    recommended_action, ', ') FROM (SELECT * FROM evaluations
	    ORDER BY candle_at)" >actual
	echo "$1" >expect
	same expect actual
}

keeps_what_matters() { # not every HOLD, but every action
	two_falls || return 1
	for t in 01:35 01:40 01:45 01:50 01:55 01:55 02:00; do
		at "$t:30Z" >/dev/null || return 1
	done
	stores '01:35 HOLD, 01:50 BUY, 01:55 BUY, 02:00 BUY'
}

# said WHEN ACTION: the bot's one row again, as if said WHEN with another hash
said() {
	sqlite3 db "INSERT INTO evaluations SELECT 'x' || evaluation_id, bot_id,
	    product_id, candle_at, '2025-01-01T$1.000000Z', '$2', temperature,
	    combined_score, line, NULL FROM evaluations"
}
what_was_said_last_counts() { # of two rows of one candle
	two_falls && at 01:35:30Z >/dev/null && said 01:34:00 BUY &&
	at 01:40:30Z >/dev/null && stores '01:35 HOLD, 01:35 BUY' &&
	two_falls && at 01:35:30Z >/dev/null && said 01:36:00 BUY &&
	at 01:40:30Z >/dev/null && stores '01:35 HOLD, 01:35 BUY, 01:40 HOLD'
}

remembers_when() {
	[ "$(sqlite3 db 'SELECT last_evaluation_at FROM bots')" = \
	    2025-01-01T02:00:30.000000Z ] &&
	at 01:00:00Z >/dev/null && # the past is no later evaluation
	[ "$(sqlite3 db 'SELECT last_evaluation_at FROM bots')" = \
	    2025-01-01T02:00:30.000000Z ]
}

acts() { # TIME: an order came of the evaluation of 01:55
	sqlite3 db "UPDATE evaluations SET acted_at = '2025-01-01T$1.000000Z'
	    WHERE candle_at LIKE '%T01:55%'"
}

cools_down() {
	two_falls && at 01:55:12Z >/dev/null && acts 01:55:12 &&
	says 01:55:12Z '[.ready_to_trade, .cooldown]' \
	    '[true,{"until":null,"active":false}]' &&
	says 01:55:12.000001Z '[.not_ready, .cooldown]' \
	    '[["cooldown"],{"until":"2025-01-01T02:10:12.000000Z","active":true}]' &&
	says 02:10:11.999999Z .not_ready '["cooldown"]' &&
	says 02:10:12Z .not_ready '[]'
}

forces() {
	at 01:50:00Z --force >line && acts 01:49:00 &&
	at 01:50:00Z >weak && at 01:50:00Z --force >strong && cat weak strong &&
	[ "$(jq -c '[.ready_to_trade, .not_ready, .forced]' weak)" = \
	    '[false,["confirming","cooldown"],null]' ] &&
	[ "$(jq -c '[.ready_to_trade, .not_ready, .forced]' strong)" = \
	    '[true,[],true]' ]
}

ends_a_run() { # two granularities are no gap, three are
	new_db && bots_yaml >bots.yaml && tb-signal load -q bots.yaml &&
	candles T-USD $T0 110 109 108 107 106 105 104 103 - 102 &&
	says 00:50:00Z '[.confirmation.since, .missing]' \
	    '["2025-01-01T00:40:00.000000Z",1]' &&
	new_db && tb-signal load -q bots.yaml &&
	candles T-USD $T0 110 109 108 107 106 105 104 103 - - 102 &&
	says 00:55:00Z '[.confirmation.since, .not_ready]' \
	    '["2025-01-01T00:55:00.000000Z",["confirming"]]'
}

goes_stale() { # known until 02:10; two candles later is still fine
	two_falls && says 02:20:00Z .not_ready '[]' &&
	says 02:20:00.000001Z .not_ready '["stale_data"]'
}

warms_up() { # six candles warm it up, three are half of that
	new_db && bots_yaml >bots.yaml && tb-signal load -q bots.yaml &&
	candles T-USD $T0 110 109 108 107 &&
	says 00:10:00Z '[.not_ready, .combined_score, .individual_signals.rsi]' \
	    '[["hold","warming_up"],0,{"enabled":true,"weight":1,"score":null,"value":null,"reason":"warming_up"}]' &&
	says 00:15:00Z '[.not_ready, .combined_score]' '[["confirming"],1]'
}

has_no_candle() { # closed by then; what is stored is up to date
	says 00:04:59Z '[.evaluation_id, .candle_at, .price, .not_ready]' \
	    '[null,null,null,["hold","warming_up"]]' &&
	sqlite3 db 'DELETE FROM candle_coverage' &&
	says 00:04:59Z .not_ready '["hold","stale_data","warming_up"]'
}

is_flat() { # no change at all: RSI is 0/0, the score 0, the value null
	new_db && tb-signal load -q bots.yaml &&
	candles T-USD $T0 5 5 5 5 5 5 5 5 &&
	says 00:40:00Z '[.combined_score, .recommended_action, .individual_signals.rsi]' \
	    '[0,"HOLD",{"enabled":true,"weight":1,"score":0,"value":null,"reason":"flat"}]'
}

is_halted() {
	two_falls && touch halt && says 01:55:00Z .not_ready '["halted"]' &&
	rm halt && says 01:55:00Z .not_ready '[]' &&
	sqlite3 db "INSERT INTO meta VALUES ('alarm', 'why')" &&
	says 01:55:00Z .not_ready '["halted"]'
}

sells() { # two rises; the threshold itself is enough
	new_db && bots_yaml 'sell_threshold: -1' >bots.yaml &&
	tb-signal load -q bots.yaml &&
	candles T-USD $T0 100 101 102 103 104 105 106 &&
	says 00:35:00Z '[.recommended_action, .combined_score, .temperature]' \
	    '["SELL",-1,"HOT"]'
}

# One fall of 1 and a rise of 3: RSI 75, score -0.5 - 0.5 x 5/30 = -0.583333333
rounds_to_nine() {
	new_db && bots_yaml 'sell_threshold: -0.6' >bots.yaml &&
	tb-signal load -q bots.yaml && candles T-USD $T0 10 9 12 11 14 13 16 &&
	says 00:35:00Z '[.recommended_action, .combined_score, .temperature]' \
	    '["HOLD",-0.583333333,"WARM"]'
}

# 1/6 of 0.6 is COOL: score 0.1 at RSI 46: losses 27, gains 23.
is_cool() {
	new_db && bots_yaml 'buy_threshold: 0.6' >bots.yaml &&
	tb-signal load -q bots.yaml &&
	candles T-USD $T0 100 123 96 119 92 115 88 &&
	says 00:35:00Z '[.combined_score, .temperature]' '[0.1,"COOL"]'
}

bot_status() { # ID
	sqlite3 db "SELECT status FROM bots WHERE id = $1"
}

breaks() { # the second of three bots cannot be read
	two_falls && bots_yaml >bots.yaml &&
	for n in Second Third; do
		bots_yaml | sed "1d; s/Falls/$n/" >>bots.yaml
	done &&
	tb-signal load --at 2025-01-01 bots.yaml >/dev/null &&
	sqlite3 db "UPDATE bot_configs SET config = '{}' WHERE bot_id = 2"
}

one_of_three_fails() {
	breaks && exits 6 at 01:55:12Z &&
	[ "$(jq -c '[.name, .ready_to_trade, .not_ready]' out | tr '\n' ' ')" = \
	    '["Falls",true,[]] ["Second",false,["hold","bot_error"]] ["Third",true,[]] ' ] &&
	jq -es '.[1] | .error and .combined_score == null' out &&
	grep -q '^tb-signal: bot "Second": ' err &&
	[ "$(sqlite3 db "SELECT group_concat(status) FROM
	    (SELECT status FROM bots ORDER BY id)")" = \
	    RUNNING,ERROR,RUNNING ]
}

heals() { # ERROR is evaluated like RUNNING, and success clears it
	sqlite3 db "UPDATE bot_configs SET config = (SELECT config FROM
	    bot_configs WHERE bot_id = 1) WHERE bot_id = 2" &&
	exits 0 at 01:55:12Z Second &&
	[ "$(sqlite3 db "SELECT ifnull(error, 'none') FROM bots
	    WHERE id = 2")" = none ]
}
running_again() {
	heals && [ "$(bot_status 2)" = RUNNING ]
}

stays_stopped() {
	breaks && tb-signal bot stop -q Second && exits 6 at 01:55:12Z Second &&
	[ "$(bot_status 2)" = STOPPED ] &&
	heals && # RUNNING ones only
	[ "$(bot_status 2)" = STOPPED ] &&
	[ "$(at 01:55:12Z | jq -c .name | tr '\n' ' ')" = \
	    '"Falls" "Third" ' ] &&
	[ "$(at 01:55:12Z Second 1 | jq -c .name | tr '\n' ' ')" = \
	    '"Second" "Falls" ' ]
}

damaged_candle() { # fails the bots of that product, and no other
	two_falls && bots_yaml >bots.yaml &&
	bots_yaml | sed '1d; s/Falls/Other/; s/T-USD/U-USD/' >>bots.yaml &&
	tb-signal load bots.yaml >/dev/null 2>&1 &&
	candles U-USD $T0 10 9 8 7 6 5 4 3 2 1 &&
	sqlite3 db "UPDATE candles SET high = '1' WHERE product_id = 'T-USD'
	    AND start = $T0 + 6600" &&
	exits 6 at 01:55:12Z &&
	[ "$(jq -c 'has("error")' out | tr '\n' ' ')" = 'true false ' ]
}

lists() { # the line that was stored, whatever is asked later
	two_falls && at 01:55:12Z >first && tb-signal list >second &&
	same first second &&
	tb-signal list --numbers=string | grep -q '"price":"98.00"' &&
	[ -z "$(tb-signal list --at 2024-01-01)" ]
}

goes_back() {
	for t in 01:35 01:50 02:00; do at "$t:30Z" >/dev/null || return 1; done
	tb-signal history Falls >all && tb-signal history 1 --limit 2 >two &&
	[ "$(jq -r .candle_at all | cut -c12-16 | tr '\n' ' ')" = \
	    '02:00 01:55 01:50 01:35 ' ] &&
	head -2 all >expect && same expect two
}

takes_over() { # a name: what it decided goes with it
	two_falls && at 01:55:12Z >/dev/null && acts 01:55:12 &&
	tb-signal bot set -q Falls name=Old >/dev/null &&
	tb-signal load -q --at 2025-01-01 bots.yaml >/dev/null &&
	at 01:55:12Z Falls >/dev/null &&
	[ "$(sqlite3 db 'SELECT bot_id FROM evaluations')" = 2 ] &&
	at 02:00:00Z Falls >line &&
	[ "$(jq -c .not_ready line)" = '["cooldown"]' ]
}

ends_of_time() {
	two_falls && at 01:55:12Z >/dev/null &&
	exits 0 tb-signal --at 0001-01-01T00:00:00Z &&
	exits 0 tb-signal --at 9999-12-31T23:59:59.999999Z &&
	exits 0 tb-signal history 1 --at 9999-12-31T23:59:59.999999Z &&
	sqlite3 db "UPDATE evaluations SET acted_at =
	    '9999-12-31T23:59:00.000000Z'" &&
	exits 0 tb-signal --at 9999-12-31T23:59:01Z &&
	grep -q '"until":"9999-12-31T23:59:59.999999Z"' out
}

# plain PRICE ...: a bot on RSI(14) by plain means over these closes
plain() {
	new_db && bots_yaml >bots.yaml && sed -i 's/period: 2/period: 14/' \
	    bots.yaml && tb-signal load -q --at 2025-01-01 bots.yaml >/dev/null &&
	candles T-USD $T0 "$@"
}
too_few() { # of the 15 closes of RSI(14): no score, not a wrong one
	plain 100 101 102 103 104 105 106 107 108 109 110 111 112 113 &&
	says 01:10:00Z '[.not_ready, .recommended_action, .combined_score,
	    .individual_signals.rsi.reason, .individual_signals.rsi.score]' \
	    '[["hold","warming_up"],"HOLD",0,"warming_up",null]' &&
	exits 0 tb-signal explain 1 --at 2025-01-01T01:10:00Z && cat out &&
	row 'signals.rsi: rsi(14,simple)' | grep -q '14 candles .* warm-up'
}
single() {
	plain 100 && says 00:05:00Z '[.recommended_action, .ready_to_trade,
	    .individual_signals.rsi.score]' '["HOLD",false,null]'
}
no_weight() { # a mean of nothing is no division by 0
	for how in sum mean; do
		new_db && bots_yaml "combine: $how" >bots.yaml &&
		sed -i 's/{period: 2/{weight: 0, period: 2/' bots.yaml &&
		tb-signal load -q --at 2025-01-01 bots.yaml >/dev/null 2>&1 &&
		candles T-USD $T0 100 99 98 97 96 95 94 &&
		says 00:35:00Z '[.recommended_action, .combined_score]' \
		    '["HOLD",0]' && ! grep -qi 'nan\|inf' line || return 1
	done
}
long_mean() { # of more candles than there are
	new_db && bots_yaml >bots.yaml && sed -i \
	    's/rsi: .*/ma: {fast: 10, slow: 200}/' bots.yaml &&
	tb-signal load -q --at 2025-01-01 bots.yaml >/dev/null &&
	candles T-USD $T0 100 101 100 99 98 97 &&
	says 00:30:00Z '[.recommended_action, .not_ready,
	    .individual_signals.ma.score]' '["HOLD",["hold","warming_up"],null]' &&
	! grep -qi nan line
}
# A hundred thousand and one candles: only those that count are read.
many() {
	new_db && bots_yaml >bots.yaml &&
	tb-signal load -q --at 2025-01-01 bots.yaml >/dev/null &&
	awk -v t=$T0 'BEGIN { print "timestamp,open,high,low,close,volume"
	    for (i = 0; i < 100001; i++) { c = 200000 - i
		printf "%d,%d,%d,%d,%d,1\n", t + 300 * i, c, c, c, c } }' >many.csv &&
	tb-sync import candles --product T-USD --granularity 5m many.csv \
	    >/dev/null 2>&1 &&
	tb-signal --at 2025-12-14T05:25:00Z >line &&
	jq -c '[.recommended_action, .combined_score, .price]' line >actual &&
	echo '["BUY",1,100000]' >expect && same expect actual &&
	[ "$(tb-signal series 'rsi(2,simple)' many.csv -o csv | wc -l)" = 100002 ]
}

# row WHAT: value and how of a row that explain gave
row() {
	jq -r --arg w "$1" 'select(.what == $w) | .value + " | " + .how' out
}

explains() {
	two_falls && exits 0 tb-signal explain Falls --at 2025-01-01T01:55:12Z &&
	[ "$(row 'signals.rsi.period')" = '2 | 2 to 1000' ] &&
	[ "$(row 'signals.rsi: rsi(2,simple)')" = \
	    'rsi 0 | 11 candles since its anchor; warm-up 6' ] &&
	[ "$(row signals.rsi.score)" = '1 | weight 1' ] &&
	[ "$(row combined_score)" = '1 | the sum of weight x score' ] &&
	[ "$(row confirmation)" = \
	    '5 of 5 minutes | the same action since 2025-01-01T01:50:00Z or longer' ] &&
	[ "$(row ready_to_trade)" = 'yes | tb-trade would act on it' ]
}

explains_why_not() {
	touch halt && at 01:50:00Z >/dev/null &&
	sqlite3 db "UPDATE evaluations SET
	    acted_at = '2025-01-01T01:40:00.000000Z'" &&
	exits 0 tb-signal explain 1 --at 2025-01-01T01:50:00Z && rm halt &&
	[ "$(jq -r 'select(.what == "not_ready").value' out |
	    tr '\n' ' ')" = 'confirming cooldown halted ' ] &&
	[ "$(row cooldown.until)" = '2025-01-01T01:55:00Z | active' ] &&
	row halted | grep -q 'halt'
}

explains_a_failure() {
	sqlite3 db "UPDATE bot_configs SET config = '{}'" &&
	exits 6 tb-signal explain 1 --at 2025-01-01T01:55:00Z &&
	row error | grep -q 'stored configuration: '
}

# Two thousand rows, two at each candle: more than a page, and one of a pair
# on either side of its edge.
pages() {
	two_falls && sqlite3 db "WITH RECURSIVE n(i) AS
	    (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
	    INSERT INTO evaluations SELECT 'e' || i, 1, 'T-USD',
	    strftime('%Y-%m-%dT%H:%M:00.000000Z', 1600000000 + i / 2 * 300,
	    'unixepoch'), '2025-01-01T00:00:00.000000Z', 'HOLD', 'FROZEN', '0',
	    '{}', NULL FROM n" &&
	tb-signal history Falls --limit 5000 | jq -r .evaluation_id |
	    sort -u | wc -l >actual && echo 2001 >expect && same expect actual
}

ok 'the line, byte for byte' two_falls
ok '  is what the design says' whole_line
ok '  and the same bytes whenever it is asked' same_bytes_again
two_falls
ok 'a candle counts from its close on' not_before_the_close
ok '-n says the same and stores nothing' dry_run_stores_nothing
two_falls
ok 'an action has to stand' says 01:50:12Z \
    '[.recommended_action, .not_ready, .confirmation]' \
    '["BUY",["confirming"],{"since":"2025-01-01T01:50:00.000000Z","since_is_bound":false,"required_minutes":5,"elapsed_minutes":0,"confirmed":false}]'
ok 'HOLD confirms nothing' says 01:45:12Z \
    '[.recommended_action, .temperature, .combined_score, .confirmation]' \
    '["HOLD","FROZEN",0,{"since":null,"since_is_bound":false,"required_minutes":5,"elapsed_minutes":0,"confirmed":false}]'
ok 'only the candles that confirm are looked at' says 02:05:12Z \
    '.confirmation.since' '"2025-01-01T02:00:00.000000Z"'
ok 'actions are kept, and HOLD after something else' keeps_what_matters
ok 'the latest instant is remembered' remembers_when
ok 'of two rows of a candle the later one counts' what_was_said_last_counts
ok 'cooldown begins after an action and ends to the microsecond' cools_down
ok '--force waives confirmation and cooldown, and says so' forces
ok 'fault 80: one candle' single
ok 'fault 80: one candle too few' too_few
ok 'fault 80: 100,001 candles' many
ok 'fault 81: weights that sum up to 0' no_weight
ok 'fault 81: a mean longer than the candles' long_mean
ok 'fault 80: a gap of more than two candles ends a run' ends_a_run
ok 'data may be two candles old' goes_stale
ok 'half of the warm-up is enough' warms_up
ok 'fault 80: no candle at all' has_no_candle
ok 'fault 81: flat prices' is_flat
ok 'the kill switch and an alarm' is_halted
ok 'the threshold itself sells' sells
ok 'scores have nine decimals' rounds_to_nine
ok 'COOL begins at a sixth of the threshold' is_cool
ok 'one bot that fails still has a line, and the others theirs' \
    one_of_three_fails
ok 'success clears ERROR' running_again
ok 'STOPPED bots speak only when asked' stays_stopped
ok 'fault 80: a damaged candle fails the bots that read it' damaged_candle
ok 'list: the line as it was stored' lists
ok 'history: newest first' goes_back
ok 'history: no row is lost between pages' pages
ok 'a name that is taken over takes its decisions along' takes_over
ok 'the first and the last moment' ends_of_time
ok 'explain: every step of a decision' explains
ok 'explain: why a bot is not ready' explains_why_not
ok 'explain: why a bot failed' explains_a_failure
two_falls
ok '-e: nobody is ready, exit 1' exits 1 at 01:45:00Z -e
ok '-e: somebody is ready, exit 0' exits 0 at 01:55:00Z -e
ok 'no such bot: exit 7' exits 7 tb-signal Nobody
ok 'a full disk: exit 74' sh -c 'tb-signal >/dev/full; [ $? -eq 74 ]'
ok 'no database: exit 78' exits 78 tb-signal -d nowhere
ok 'no bot at all: exit 0' sh -c 'tb-signal bot rm -q 1 && [ -z "$(tb-signal)" ]'
