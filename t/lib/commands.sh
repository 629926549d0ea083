# t/lib/commands.sh: the main commands, each on files of its own, for tests
# that make something fail under them.  Source it behind t/lib.sh:
#
#	. "$TOP/t/lib/commands.sh"
#	every_fault() { ...attempt PREFIX ... for each fault...; }
#	every_command 'errors of the system'
#
# A fault is met as it should be when the command ends with a status that has a
# meaning and a word about why, writes no half line, and, run again where it
# failed, comes to the end that it would have come to.
#
# shellcheck shell=sh disable=SC2034

. "$TOP/t/lib/trade.sh"
. "$TOP/t/lib/tally.sh"

INPUT=/dev/null			# of the command
AT=2025-09-11T10:35:12Z
ALSO=				# other statuses that are fine
THERE=0				# where what it makes is there already

# go PREFIX ...: $COMMAND behind it
go() {
	# shellcheck disable=SC2086 # words are meant
	"$@" $COMMAND <"$INPUT" >out 2>err
}

# keep, again: the files before the run, and the same once more
keep() {
	rm -rf kept && mkdir kept && cp -p tb.* kept
}
again() {
	rm -rf tb.* && cp -p kept/* .
}

# polite STATUS: it ends as a tool may that met an error
polite() {
	case " 0 3 4 5 6 9 69 74 75 77 78 $ALSO " in
	*" $1 "*) ;;
	*) return 1 ;;
	esac
	[ "$1" -eq 0 ] || grep -q '^tb[-a-z]*: ' err || return 1
	[ ! -s out ] ||
	    { [ -z "$(tail -c 1 out)" ] && ! grep -qv '^{.*}$' out; }
}

# once_more: it comes to its end; or what it makes is there already, and only
# the word of it was lost
once_more() {
	go env || [ $? -eq "$THERE" ]
}

# attempt WORDS PREFIX ...: the command behind it; then what has to be true
attempt() {
	words=$1
	shift
	again && go "$@"
	status=$?
	injected=$((injected + 1))
	polite $status && { [ "$status" -eq 0 ] || once_more; } && "$AFTER" &&
	    return
	harmed=$((harmed + 1))
	echo "$words: exit $status"
	cat out err
}

# all_faults: $COMMAND under each of them
all_faults() {
	injected=0 harmed=0
	every_fault
	echo "$injected faults, $harmed did harm"
	[ $injected -gt 5 ] && [ $harmed -eq 0 ]
}

# tried SENTENCE VENUE: a test
tried() {
	ok "$1" all_faults
	tally "${COMMAND%% *}" "$2" "$SETTING" "$injected" 0 0 "$harmed" 0
}

# ---------------------------------------------------------------- tb-trade --

one_order() {
	tb-trade -d tb.db -c tb.yaml --at $AT refresh >out 2>err && go env &&
	[ "$(orders)" -eq 1 ] && grep -q '"trade_executed":true' out &&
	[ "$(sql "SELECT count(*) FROM intents WHERE state = 'SETTLED'")" -eq 1 ] &&
	[ "$(sql 'SELECT count(*) FROM fills')" -eq 1 ] &&
	[ "$(sql 'SELECT count(*) FROM trades')" -eq 1 ] && sound
}
with_trade() {
	new_db && keep && line BUY BTC-USD 50 a >one
	COMMAND="tb-trade -d tb.db -c tb.yaml --at $AT" AFTER=one_order
	INPUT=one
	tried 'tb-trade, an order on paper' paper
	INPUT=/dev/null
}

# --------------------------------------------------------------- tb-signal --

same_evaluations() {
	go env && same out expect &&
	[ "$(sql 'SELECT count(*) FROM evaluations')" = "$evaluations" ] && sound
}
many_candles() {
	awk 'BEGIN { print "timestamp,open,high,low,close,volume"
	    for (i = 0; i < 400; i++) { c = 40000 + i % 37 * 100 - i * 9
		printf "%d,%d,%d,%d,%d,1\n", 1757586600 - (399 - i) * 300,
		    c, c + 50, c - 50, c } }' >many.csv
}
with_signal() {
	cat >bots.yaml <<-'END'
	bots:
	  - name: Flat
	    product_id: BTC-USD
	    granularity: 5m
	    status: RUNNING
	    signals:
	      rsi: {weight: 1.0, period: 14}
	END
	many_candles && new_db &&
	    tb-sync -d tb.db import candles --product BTC-USD \
		--granularity 5m --replace many.csv >out 2>err &&
	    tb-signal -d tb.db load bots.yaml >out 2>err && keep
	COMMAND="tb-signal -d tb.db -c tb.yaml --at $AT" AFTER=same_evaluations
	go env && cp out expect &&
	    evaluations=$(sql 'SELECT count(*) FROM evaluations')
	tried 'tb-signal, an evaluation' paper
}

# ----------------------------------------------------------------- tb-sync --

candles() {
	sql 'SELECT * FROM candles; SELECT * FROM candle_coverage'
}
same_candles() {
	candles >actual && same expect actual && sound
}
with_sync() {
	new_db && many_candles && keep
	COMMAND='tb-sync -d tb.db import candles --product ETH-USD -q
	    --granularity 5m --replace many.csv' AFTER=same_candles
	go env && candles >expect
	tried 'tb-sync, an import' paper
}

# ------------------------------------------------------------ tb-portfolio --

same_figures() {
	go env && same out expect && sound
}
with_portfolio() {
	new_db && line BUY BTC-USD 50 a | trade >out && keep
	COMMAND="tb-portfolio -d tb.db -c tb.yaml --at $AT" AFTER=same_figures
	go env && cp out expect
	tried 'tb-portfolio, the overview' paper
	COMMAND="$COMMAND rebuild"
	go env && cp out expect
	tried 'tb-portfolio, all made anew' paper
}

# -------------------------------------------------------------- tb-migrate --

checked() {
	tb-migrate -d tb.db check >out 2>err && sound
}
# nothing but the two files, each of them whole
a_copy() {
	ls tb.* >there && same expect there && tb-migrate -d tb.copy check >out &&
	sqlite3 tb.copy.paper 'PRAGMA integrity_check' | grep -q '^ok$'
}
with_migrate() {
	new_db && line BUY BTC-USD 50 a | trade >out && keep
	COMMAND='tb-migrate -d tb.db backup tb.copy' AFTER=a_copy THERE=78
	{ ls tb.* && echo tb.copy && echo tb.copy.paper; } | sort -u >expect
	tried 'tb-migrate, a backup' -
	again && tb-migrate -d tb.db down --to 1 >out 2>err && keep
	COMMAND='tb-migrate -d tb.db up' AFTER=checked THERE=0
	tried 'tb-migrate, up' -
	rm -rf tb.* kept && mkdir kept && : >kept/tb.yaml
	COMMAND="tb-migrate -d tb.db init --cash 1000 --at $AT" AFTER=checked
	THERE=78
	tried 'tb-migrate, a birth' -
}

brought_over() {
	[ "$(sql 'SELECT count(*), sum(size_usd) FROM trades')" = "$trades" ] &&
	tb-migrate -d tb.db verify >out 2>err && checked
}
with_legacy() {
	rm -rf tb.* && python3 "$TOP/t/lib/legacy-db.py" 7 tb.old V6 20 &&
	    tb-migrate -d tb.db init --at 2025-01-01 >out && keep
	COMMAND='tb-migrate -d tb.db legacy tb.old -q' AFTER=brought_over
	THERE=0
	go env && trades=$(sql 'SELECT count(*), sum(size_usd) FROM trades')
	tried 'tb-migrate, the old system' -
}

# every_command SETTING: under every fault; SETTING is the tally's word for it
every_command() {
	SETTING=$1
	with_trade
	with_signal
	with_sync
	with_portfolio
	with_migrate
	command -v python3 >/dev/null && with_legacy
}
