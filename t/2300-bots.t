#!/bin/sh
#
# tb-signal: bots: in YAML, in the database, and by hand.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/candles.sh"

new_db

# one NAME [KEY: VALUE ...]: a bot of a file
one() {
	printf '  - name: %s\n    product_id: T-USD\n' "$1"
	printf '    signals: {rsi: {period: 14}}\n'
	shift
	for line; do echo "    $line"; done
}

# file BOT ...: a file of what one() printed
file() {
	echo 'bots:' && cat
}

# changes EXPECTED: what load told, in short
changes() {
	jq -c '[.name, .change, .key, .from, .to]' out >actual
	echo "$1" >expect
	same expect actual
}

bot() { # NAME JQ
	tb-signal bot show "$1" | jq -c "$2"
}

# ------------------------------------------------------------------- load --

adds() {
	{ one A; one B 'status: RUNNING' 'cooldown_minutes: 240'; } |
	    file >bots.yaml &&
	exits 0 tb-signal load bots.yaml &&
	changes '["A","added",null,null,null]
["B","added",null,null,null]' &&
	[ "$(bot A '[.bot_id, .status, .granularity, .trade_size_usd,
	    .buy_threshold, .sell_threshold, .confirmation_minutes,
	    .cooldown_minutes, .combine, .style, .when]')" = \
	    '[1,"STOPPED","5m",10,0.5,-0.5,5,15,"sum","default",null]' ] &&
	[ "$(bot B '[.bot_id, .status, .cooldown_minutes]')" = \
	    '[2,"RUNNING",240]' ]
}

is_declarative() { # the same file again: nothing; what is gone is default
	exits 0 tb-signal load bots.yaml && [ ! -s out ] &&
	{ one A 'trade_size_usd: 12.50' 'granularity: 1h'; one B; } |
	    file >bots.yaml &&
	exits 0 tb-signal load bots.yaml &&
	changes '["A","changed","granularity","5m","1h"]
["A","changed","trade_size_usd","10","12.5"]
["B","changed","cooldown_minutes","240","15"]'
}

keeps_a_status() { # that the file does not mention
	[ "$(bot B .status)" = '"RUNNING"' ] &&
	one B 'status: STOPPED' | file >bots.yaml &&
	exits 0 tb-signal load bots.yaml &&
	changes '["B","changed","status","RUNNING","STOPPED"]'
}

changes_signals() {
	cat >bots.yaml <<-'EOF' &&
	bots:
	  - name: B
	    product_id: T-USD
	    signals:
	      rsi: {weight: 0.5, period: 21}
	      dip: {weight: 0, jq: '1', uses: ['sma(20)', 'macd(12,26,9)']}
	EOF
	exits 0 tb-signal load bots.yaml &&
	changes '["B","changed","signals.rsi.weight","1","0.5"]
["B","changed","signals.rsi.period","14","21"]
["B","changed","signals.dip.kind",null,"jq"]
["B","changed","signals.dip.enabled",null,"true"]
["B","changed","signals.dip.weight",null,"0"]
["B","changed","signals.dip.uses",null,"sma(20),macd(12,26,9)"]
["B","changed","signals.dip.jq",null,"1"]' &&
	one B | file >bots.yaml && exits 0 tb-signal load bots.yaml &&
	changes '["B","changed","signals.dip.kind","jq",null]
["B","changed","signals.dip.enabled","true",null]
["B","changed","signals.dip.weight","0",null]
["B","changed","signals.dip.uses","sma(20),macd(12,26,9)",null]
["B","changed","signals.dip.jq","1",null]
["B","changed","signals.rsi.weight","0.5","1"]
["B","changed","signals.rsi.period","21","14"]'
}

dry_run() {
	sha256sum db >before &&
	one C | file >bots.yaml && exits 0 tb-signal load -n --prune bots.yaml &&
	changes '["C","added",null,null,null]
["A","removed",null,null,null]
["B","removed",null,null,null]' &&
	sha256sum db >after && same before after
}

prunes() {
	one B | file >bots.yaml && exits 0 tb-signal load bots.yaml &&
	[ ! -s out ] && exits 0 tb-signal load --prune bots.yaml &&
	changes '["A","removed",null,null,null]'
}

never_again() { # an id
	{ one B; one A; } | file >bots.yaml && tb-signal load bots.yaml &&
	tb-signal bot rm -q A && tb-signal load bots.yaml &&
	[ "$(bot A .bot_id)" = 4 ]
}

wrong_one() { # does not stop the others, but --prune
	{ one A 'cooldwon: 5'; one D; } | file >bots.yaml &&
	exits 65 tb-signal load --prune bots.yaml &&
	changes '["D","added",null,null,null]' &&
	grep -qx 'tb-signal: bots.yaml:5:5: bots\[0\].cooldwon: unknown key, did you mean "cooldown_minutes"?' err &&
	grep -q 'nothing is pruned' err && bot B .name
}

one_transaction() { # a name that is taken meanwhile is all or nothing
	sqlite3 db "CREATE TRIGGER no BEFORE INSERT ON bots
	    WHEN NEW.name = 'F' BEGIN SELECT raise(ABORT, 'no'); END" &&
	{ one E; one F; } | file >bots.yaml &&
	exits 8 tb-signal load bots.yaml && [ ! -s out ] &&
	sqlite3 db 'DROP TRIGGER no' && exits 7 tb-signal bot show E
}

# A configuration counts from its load on, the first one from ever.
has_a_history() {
	new_db && candles T-USD 1735689600 3 2 3 2 3 2 3 2 3 2 3 2 3 2 &&
	one A 'status: RUNNING' 'trade_size_usd: 11' | file >bots.yaml &&
	tb-signal load --at 2025-01-01T00:30:00Z bots.yaml &&
	one A 'trade_size_usd: 12' | file >bots.yaml &&
	tb-signal load --at 2025-01-01T00:40:00Z bots.yaml &&
	for t in 00:20:00 00:39:59 00:40:00 01:00:00; do
		tb-signal --at "2025-01-01T${t}Z" | jq .trade_size_usd
	done >actual &&
	printf '%s\n' 11 11 12 12 >expect && same expect actual &&
	[ "$(tb-signal bot show A --at 2025-01-01T00:35:00Z |
	    jq .config_hash)" != "$(bot A .config_hash)" ] &&
	[ "$(tb-signal --at 2025-01-01T00:39:59Z | jq .evaluation_id)" != \
	    "$(tb-signal --at 2025-01-01T00:40:00Z | jq .evaluation_id)" ]
}

# The hash is of the decision alone: name, status and cooldown leave it.
has_a_hash() {
	new_db && {
		one A
		one B 'status: RUNNING' 'cooldown_minutes: 1'
		one C 'confirmation_minutes: 10'
	} | file >bots.yaml && tb-signal load -q bots.yaml &&
	[ "$(bot A .config_hash)" = "$(bot B .config_hash)" ] &&
	[ "$(bot A .config_hash)" != "$(bot C .config_hash)" ]
}

changes_no_figure() { # with all that a bot left behind
	new_db && candles T-USD 1735689600 9 8 7 6 5 4 3 2 1 &&
	printf '%s\n' 'bots:' '  - name: A' '    product_id: T-USD' \
	    '    status: RUNNING' \
	    '    signals: {rsi: {period: 2, smoothing: simple}}' >bots.yaml &&
	tb-signal load -q bots.yaml && tb-signal --at 2025-01-01T00:45:00Z &&
	sqlite3 db .dump | grep -v -e bot -e evaluations -e sqlite_sequence \
	    >before &&
	tb-signal bot rm -q A &&
	sqlite3 db .dump | grep -v -e bot -e evaluations -e sqlite_sequence \
	    >after && same before after &&
	[ "$(sqlite3 db 'SELECT count(*) FROM evaluations')" = 0 ] &&
	tb-signal load -q bots.yaml && tb-signal --at 2025-01-01T00:45:00Z &&
	[ "$(tb-signal history A | wc -l)" = 1 ]
}

# ------------------------------------------------------------------- YAML --

# refuses MESSAGE: the file on standard input is no file of bots
refuses() {
	cat >bad.yaml && exits 65 tb-signal load -n bad.yaml && [ ! -s out ] &&
	printf '%s\n' "tb-signal: bad.yaml:$1" >expect && same expect err
}

# wrong MESSAGE LINE ...: a bot with these lines is wrong, the other loads
wrong() {
	w_message=$1
	shift
	{ one Bad "$@"; one Good; } | file >bad.yaml
	exits 65 tb-signal load -n bad.yaml &&
	changes '["Good","added",null,null,null]' &&
	printf '%s\n' "tb-signal: bad.yaml:$w_message" >expect &&
	same expect err
}

# named NAME: refused
named() {
	{ one "$1"; one Good; } | file >bad.yaml
	exits 65 tb-signal load -n bad.yaml &&
	changes '["Good","added",null,null,null]' &&
	grep -q '^tb-signal: bad.yaml:2:[0-9]*: bots\[0\].name: ' err &&
	[ "$(tr -d '\n\t -~' <err | wc -c)" -eq 0 ]
}

hostile() { # printf FORMAT: the whole file is refused, quickly
	# shellcheck disable=SC2059
	printf "$1" >bad.yaml && exits 65 tb-signal load -n bad.yaml &&
	[ ! -s out ] && grep -q '^tb-signal: bad.yaml:[0-9]*:[0-9]*: ' err &&
	exits 65 tb-signal check bad.yaml
}

too_long() {
	{ one A; one B; } | file >bad.yaml &&
	head -c $((65537 - $(wc -c <bad.yaml))) /dev/zero | tr '\0' '#' \
	    >>bad.yaml && [ "$(wc -c <bad.yaml)" -eq 65537 ] &&
	exits 65 tb-signal load -n bad.yaml &&
	head -c 65536 bad.yaml >good.yaml &&
	exits 0 tb-signal load -n good.yaml
}

# many N: bots in a file
many() {
	m_n=0
	while [ "$m_n" -lt "$1" ]; do
		echo "  - {name: N$m_n, product_id: T-USD, signals: {rsi: {}}}"
		m_n=$((m_n + 1))
	done | file >many.yaml
}

bounded() {
	many 256 && exits 0 tb-signal load -q -n many.yaml &&
	many 257 && exits 65 tb-signal load -q -n many.yaml &&
	grep -q '257 bots, at most 256 are read' err
}

signals() { # N
	echo '  - name: S' && echo '    product_id: T-USD' &&
	echo '    signals:' && s_n=0 &&
	while [ "$s_n" -lt "$1" ]; do
		echo "      s$s_n: {kind: rsi, weight: 0.05}"
		s_n=$((s_n + 1))
	done
}

bounded_signals() {
	signals 16 | file >s.yaml && exits 0 tb-signal load -q -n s.yaml &&
	signals 17 | file >s.yaml && exits 65 tb-signal load -q -n s.yaml &&
	grep -q 's16: more than 16 signals' err
}

# name N: a bot whose name has N letters
name() {
	one "$(head -c "$1" /dev/zero | tr '\0' n)" | file >n.yaml
}

bounded_name() {
	name 64 && exits 0 tb-signal load -q -n n.yaml &&
	name 65 && exits 65 tb-signal load -q -n n.yaml &&
	grep -q 'bots\[0\].name: expected 1 to 64 bytes, got 65' err
}

# x KEYS: a bot with one signal that has these
x() {
	printf 'bots:\n  - {name: X, product_id: T-USD, signals: {%s}}\n' "$1" \
	    >x.yaml
}

bounded_uses() { # eight series, and 4096 bytes of an expression
	list=$(seq -s, -f 'sma(%.0f)' 2 9) &&
	x "x: {jq: '1', uses: '$list'}" && exits 0 tb-signal load -q -n x.yaml &&
	x "x: {jq: '1', uses: '$list,sma(10)'}" &&
	exits 65 tb-signal load -q -n x.yaml &&
	grep -q 'signals.x.uses: more than 8 series' err
}

bounded_jq() {
	long=$(head -c 4094 /dev/zero | tr '\0' ' ') &&
	x "x: {jq: '1$long ', kind: jq}" && exits 0 tb-signal load -q -n x.yaml &&
	x "x: {jq: '1$long  ', kind: jq}" && exits 65 tb-signal load -q -n x.yaml &&
	grep -q 'signals.x.jq: expression of 4097 bytes: at most 4096' err
}

bounded_key() { # of a signal
	key=$(head -c 32 /dev/zero | tr '\0' k) &&
	x "$key: {kind: rsi}" && exits 0 tb-signal load -q -n x.yaml &&
	x "k$key: {kind: rsi}" && exits 65 tb-signal load -q -n x.yaml &&
	grep -q '1 to 32 letters' err
}

reads_stdin() {
	one A | file | exits 0 tb-signal load -n - &&
	changes '["A","added",null,null,null]'
}

windows() { # byte order mark and CRLF, as editors there leave them
	{ printf '\357\273\277'; one A | file | sed 's/$/\r/'; } >crlf.yaml &&
	exits 0 tb-signal load -n crlf.yaml
}

empty() {
	: >empty.yaml && exits 65 tb-signal load -n empty.yaml &&
	grep -q 'bots: missing' err &&
	echo 'bots: []' >none.yaml && exits 0 tb-signal load -n none.yaml
}

# ---------------------------------------------------------------- by hand --

by_hand() {
	new_db && exits 0 tb-signal bot add Mine T-USD signals.rsi.period=7 \
	    trade_size_usd=20 &&
	[ "$(jq -c '[.bot_id, .status, .trade_size_usd, .signals.rsi.period]' \
	    out)" = '[1,"STOPPED",20,7]' ] &&
	exits 0 tb-signal bot set Mine signals.slow.kind=rsi \
	    signals.slow.weight=0.5 signals.rsi.weight=0.5 \
	    signals.slow.period=50 'when=.price > 1' name=Ours &&
	[ "$(jq -c '[.name, .when, (.signals | keys)]' out)" = \
	    '["Ours",".price > 1",["rsi","slow"]]' ] &&
	exits 7 tb-signal bot show Mine && exits 0 tb-signal bot show 1 &&
	grep -q '"trade_size_usd":20.00,' out &&
	exits 0 tb-signal bot show 1 --numbers string &&
	grep -q '"trade_size_usd":"20.00",' out
}

starts_and_stops() {
	exits 0 tb-signal bot start Ours && [ ! -s out ] &&
	[ "$(bot 1 .status)" = '"RUNNING"' ] &&
	exits 0 tb-signal bot stop -n 1 && [ "$(bot 1 .status)" = '"RUNNING"' ] &&
	exits 7 tb-signal bot stop 1 Nobody && # all or nothing
	[ "$(bot 1 .status)" = '"RUNNING"' ] &&
	exits 0 tb-signal bot stop 1 && [ "$(bot 1 .status)" = '"STOPPED"' ]
}

refuses_by_hand() { # MESSAGE ARG ...
	r_message=$1
	shift
	exits 65 tb-signal bot set Ours "$@" &&
	echo "tb-signal: $r_message" >expect && same expect err
}

forgets_an_error() { # what is changed is tried anew
	sqlite3 db "UPDATE bots SET status = 'ERROR', error = 'x'" &&
	exits 0 tb-signal bot set Ours cooldown_minutes=16 &&
	[ "$(bot Ours '[.status, .error]')" = '["RUNNING",null]' ]
}

takes_no_name_twice() {
	exits 3 tb-signal bot add Ours T-USD signals.rsi.period=7 &&
	grep -q 'the name "Ours" is bot 1' err
}

tables() {
	tb-signal bot list -o table >out && grep -q '^ *1  Ours  *T-USD' out &&
	tb-signal bot list -o csv | head -1 | grep -q '^bot_id,name,product_id,'
}

# ------------------------------------------------------------------ check --

# warns MESSAGE LINE ...: check says so of a bot with these lines, exit 1
warns() {
	w_message=$1
	shift
	{ echo '  - name: A'; echo '    product_id: T-USD'; } >w
	for line; do echo "    $line"; done >>w
	file <w >w.yaml
	exits 1 tb-signal check -d nowhere w.yaml &&
	[ "$(jq -r '.level + ": " + .message' out)" = "warning: $w_message" ]
}

finds_nothing() {
	one A | file >w.yaml && exits 0 tb-signal check -d nowhere w.yaml &&
	[ ! -s out ] && exits 0 tb-signal check "$TOP/share/bots.yaml" &&
	[ ! -s out ]
}

# A week of candles: always falling is ready at once and for ever after.
week() { # AWK EXPRESSION of i: the closes
	new_db
	# shellcheck disable=SC2046 # words are meant
	candles T-USD 1735689600 \
	    $(awk "BEGIN { for (i = 0; i < 2016; i++) print $1 }")
}

too_often() { # every 15 minutes is 96 times a day
	week '9000 - i' && {
		echo '  - {name: A, product_id: T-USD, signals: {rsi: {}}}'
		echo '  - {name: B, product_id: T-USD, cooldown_minutes: 240, signals: {rsi: {}}}'
	} | file >w.yaml &&
	exits 1 tb-signal check w.yaml &&
	[ "$(jq -c '[.name, .level]' out | tr '\n' ' ')" = \
	    '["A","note"] ["A","warning"] ["B","note"] ' ] &&
	grep -q '"A","level":"warning","message":"it would have been ready 9[0-9.]* times a day' out
}

never() {
	week '100 + i % 2' && one A | file >w.yaml &&
	exits 1 tb-signal check w.yaml &&
	grep -q 'it would never have been ready in 2016 stored candles' out &&
	grep -q '"ready 0 times in 2016 stored candles, 0.0 a day"' out
}

ok 'load adds' adds
ok 'load makes the bots what the file says' is_declarative
ok 'a status that is not told stays' keeps_a_status
ok 'signals come, change and go key by key' changes_signals
ok 'load -n: tells all, stores nothing' dry_run
ok 'load --prune removes, and only then' prunes
ok 'an id is never used again' never_again
ok 'a wrong bot stops --prune and nothing else' wrong_one
ok 'a load is one transaction' one_transaction
ok '--at takes the configuration of the time' has_a_history
ok 'the hash is of what decides' has_a_hash
ok 'removing a bot changes no figure' changes_no_figure
new_db
# fault 82: what YAML can do, and a file of bots may not
ok 'a tab' hostile 'bots:\n\t- name: x\n'
ok 'a repeated key' hostile 'bots: []\nbots: []\n'
ok 'an anchor' hostile 'bots: &a []\n'
ok 'an alias' hostile 'a: &a 1\nbots: *a\n'
ok 'a tag' hostile 'bots: !!python/object:os.system []\n'
ok 'a merge key' hostile 'bots:\n  - {<<: {name: x}}\n'
ok 'two documents' hostile 'bots: []\n---\nbots: []\n'
ok 'a NUL' hostile 'bots: [\0]\n'
ok 'bad UTF-8' hostile 'bots: [\377]\n'
ok '200,000 brackets' hostile "$(head -c 60000 /dev/zero | tr '\0' '[')"
unknown_key() {
	echo 'boots: []' | refuses '1:1: boots: unknown key, did you mean "bots"?'
}
typo() { # and the bots beside it are loaded
	wrong '5:5: bots[0].cooldwon: unknown key, did you mean "cooldown_minutes"?' \
	    'cooldwon: 5'
}
one_name_twice() {
	{ one A; one B; one A; } | file >bad.yaml
	exits 65 tb-signal load -n bad.yaml &&
	changes '["A","added",null,null,null]
["B","added",null,null,null]' &&
	grep -q '^tb-signal: bad.yaml:8:[0-9]*: bots\[2\].name: the bot on line 2 is called "A" too' err
}
no_period() { # fault 81: what no indicator can compute
	wrong '5:20: bots[0].signals.rsi.period: expected a whole number from 2 to 1000, got 0' \
	    'signals: {rsi: {period: 0}}'
}
no_list() {
	echo 'bots: {}' | refuses '1:7: bots: expected a list of bots'
}
ok 'fault 82: an unknown key: did you mean' unknown_key
ok 'fault 82: a misspelled key of a bot: the others are loaded' typo
ok 'fault 83: two bots of one name' one_name_twice
ok 'no list' no_list
ok 'fault 82: 64 KiB are read, a byte more is not' too_long
ok '256 bots and no more' bounded
ok '16 signals and no more' bounded_signals
ok '64 bytes of a name and no more' bounded_name
ok '8 series of an expression and no more' bounded_uses
ok '4096 bytes of an expression and no more' bounded_jq
ok "32 letters of a signal's name and no more" bounded_key
ok 'fault 82: a byte order mark and CRLF' windows
ok 'standard input' reads_stdin
ok 'fault 82: an empty file has no bots: an empty list has' empty
ok 'fault 83: a name with a path' named ../x
ok 'fault 83: a name with a newline' named '"a\nb"'
ok 'fault 83: a name that drives terminals' named '"\e]0;x"'
ok 'fault 83: a name that turns text around' named '"a\u202eb"'
ok 'fault 82: no amount' wrong '5:21: bots[0].trade_size_usd: expected an amount above 0, got "1_000"' 'trade_size_usd: 1_000'
ok 'nothing to trade' wrong '5:21: bots[0].trade_size_usd: expected an amount above 0, got "0"' 'trade_size_usd: 0'
ok 'fault 82: no status' wrong '5:13: bots[0].status: expected RUNNING or STOPPED, got "no"' 'status: no'
ok 'no granularity' wrong '5:18: bots[0].granularity: expected 1m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 12h or 1d, got "7m"' 'granularity: 7m'
ok 'one past the confirmation' wrong '5:27: bots[0].confirmation_minutes: expected whole minutes from 0 to 10080, got "10081"' 'confirmation_minutes: 10081'
ok 'one past the cooldown' wrong '5:23: bots[0].cooldown_minutes: expected whole minutes from 0 to 525600, got "525601"' 'cooldown_minutes: 525601'
ok 'half a minute' wrong '5:23: bots[0].cooldown_minutes: expected whole minutes from 0 to 525600, got "0.5"' 'cooldown_minutes: 0.5'
ok 'one past a threshold' wrong '5:20: bots[0].buy_threshold: expected more than 0 and at most 1, got "1.000000001"' 'buy_threshold: 1.000000001'
ok 'a threshold of the other sign' wrong '5:21: bots[0].sell_threshold: expected less than 0 and at least -1, got "0.5"' 'sell_threshold: 0.5'
ok 'a style' wrong '5:12: bots[0].style: expected default or legacy, got "old"' 'style: old'
ok 'bots by hand' by_hand
ok 'start and stop, all or nothing' starts_and_stops
ok 'no such key' refuses_by_hand 'cooldwon: a bot has no such key' cooldwon=5
ok 'no such key of a signal' refuses_by_hand \
    'signals.rsi.preiod: a signal of kind rsi has no such key' \
    signals.rsi.preiod=5
ok 'no such kind' refuses_by_hand 'signals.x.period: expected the kind of a signal: rsi, ma, macd, bbands, stoch or jq, got "x"' signals.x.period=5
ok 'another kind' refuses_by_hand \
    'signals.rsi.kind: it is of kind rsi, and stays so' signals.rsi.kind=ma
ok 'too much weight' refuses_by_hand \
    'signals: enabled weights sum to 1.4, at most 1 is allowed' \
    signals.rsi.weight=0.9
ok 'a change forgets an error' forgets_an_error
ok 'a name is taken' takes_no_name_twice
ok 'bot list' tables
ok 'no KEY=VALUE: exit 2' exits 2 tb-signal bot set Ours period
ok 'check finds nothing in what is fine' finds_nothing
ok 'check: following and reverting' warns \
    'signals: macd follows the price and rsi expects it to come back: they cancel each other' \
    'signals: {rsi: {weight: 0.5}, macd: {weight: 0.5}}'
ok 'check: a threshold out of reach' warns \
    'signals: the weights sum to 0.4, not 1: a threshold is out of reach' \
    'signals: {rsi: {weight: 0.4}}'
ok 'check: nothing weighs' warns \
    'signals: none that is enabled has a weight: it never acts' \
    'signals: {rsi: {enabled: false}}'
ok 'check: below the minimum' warns \
    'trade_size_usd: 9.99 is below the minimum of an order, 10' \
    'signals: {rsi: {}}' 'trade_size_usd: 9.99'
ok 'check: minutes that no candle has' warns \
    'confirmation_minutes: 7 are 10 on candles of 5m' \
    'signals: {rsi: {}}' 'confirmation_minutes: 7'
ok 'check: a series that nobody reads' warns \
    'signals.x.uses: the expression does not read .sma_20' \
    "signals: {x: {jq: '.close', uses: 'sma(20)'}}"
ok 'check: more than ten times a day' too_often
ok 'check: never' never
ok 'check: a wrong file is no warning' sh -c '
    echo "bots: [{name: A}]" >w.yaml
    tb-signal check w.yaml >out 2>err; [ $? -eq 65 ] &&
    grep -q "\"level\":\"error\"" out'
ok 'no such file: exit 7' exits 7 tb-signal load nowhere.yaml
