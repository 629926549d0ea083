#!/bin/sh
#
# tb-trade is killed at its k-th system call, for every k of a sample (all of
# them with TB_CRASH=all), and run again: never two orders of one decision,
# never a lost one, and the books are whole.  killat stops a process before
# and after each call.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/trade.sh"
. "$TOP/t/lib/tally.sh"

POINTS=45 # of a sample

export KILLAT_REPORT=report
export ASAN_OPTIONS=detect_leaks=0 # which would trace what is traced

# keep, again: the database before the run, and the same once more
keep() {
	rm -rf kept && mkdir kept && cp -p tb.db* tb.yaml kept
}
again() {
	rm -f tb.db* && cp -p kept/* .
}

# killed K LINES: whether the run was killed at its K-th stop
killed() {
	"$BUILD/t/killat" "$1" tb-trade -d tb.db -c tb.yaml --at "$T" <"$2" \
	    >out 2>err
	[ $? -eq 137 ]
}

# count LINES: how many stops an undisturbed run makes
count() {
	again && "$BUILD/t/killat" 0 tb-trade -d tb.db -c tb.yaml --at "$T" <"$1" \
	    >out 2>err
	sed -n 's/^ended //p' report
}

# all_points SETTING LINES CHECK: kill at each point of the sample, run again,
# CHECK.  An even stop is the odd one behind it: nothing is done between them.
all_points() {
	setting=$1
	shift
	total=$(count "$1")
	[ "$total" -gt 100 ] || { cat out err; return 1; }
	step=$((total / POINTS + 1))
	[ "${TB_CRASH:-}" = all ] && step=2
	k=1
	kills=0
	while [ $k -le "$total" ]; do
		again && killed $k "$1" ||
		    { echo "not killed at $k of $total"; cat out err; return 1; }
		trade <"$1" >out 2>err
		trade <"$1" >out2 2>err2
		kills=$((kills + 1))
		"$2" || {
			tally tb-trade paper "$setting" $kills 0 0 1 0
			echo "killed at $k of $total"
			cat out err out2
			return 1
		}
		k=$((k + step))
	done
	tally tb-trade paper "$setting" $kills 0 0 0 0
	echo "$total stops, step $step"
}

# What every recovery comes to, for N decisions that are to be traded.
whole() {
	[ "$(orders)" -eq "$1" ] || { echo "orders: $(orders)"; return 1; }
	[ "$(sql "SELECT count(*) FROM intents WHERE state = 'SETTLED'")" -eq "$1" ] ||
	    { sql 'SELECT id, dedupe_key, state, reason FROM intents'; return 1; }
	[ "$(sql 'SELECT count(*) FROM fills')" -eq "$1" ] &&
	[ "$(sql 'SELECT count(*) FROM trades')" -eq "$1" ] &&
	[ "$(grep -c '"replayed":true' out2)" -eq "$1" ] && sound
}
told() {
	[ "$(grep -c '"trade_executed":true' out)" -eq "$1" ]
}
one() {
	whole 1 && told 1
}
# the second run may lose an answer too: it says so
one_unsure() {
	whole 1 && { told 1 || grep -q '"trade_executed":null' out; }
}
# one of three is refused, on every run
two_of_three() {
	whole 2 && told 2 && [ "$(sed -n 2p out | cut -c1-24)" = '{"trade_executed":false,' ]
}

buys_once() {
	new_db && keep && line BUY BTC-USD 50 a >one && all_points 'a BUY' one one
}

sells_once() {
	new_db && line BUY BTC-USD 50 first | trade >out && keep &&
	line SELL BTC-USD 20 a >one && all_points 'a SELL' one sold
}
sold() {
	[ "$(orders)" -eq 2 ] &&
	[ "$(sql "SELECT crypto_balance FROM portfolio")" = 0.00075 ] && sound
}

three_lines() {
	new_db && keep && {
		line BUY BTC-USD 50 a
		line BUY BTC-USD 5000 b
		line BUY ETH-USD 20 c
	} >three && POINTS=30 all_points 'three lines' three two_of_three
}

# The venue has the order, its answer is lost, and the run is killed too.
loses_the_answer() {
	new_db && keep && line BUY BTC-USD 50 a >one &&
	echo 'paper: {fee_percent: 0, slippage_percent: 0, faults: lose-answer=1}' \
	    >kept/tb.yaml && POINTS=30 all_points 'answer lost' one one_unsure
}

# Killed in the middle of what a killed run left behind.
killed_twice() {
	new_db && line BUY BTC-USD 50 a >one && keep &&
	first=$(($(count one) / 2)) && again && killed $first one && keep &&
	POINTS=30 all_points 'killed twice' one one
}

ok 'fault 42: a BUY, killed anywhere' buys_once
ok 'fault 42: a SELL, killed anywhere' sells_once
ok 'fault 42: three lines, one refused, killed anywhere' three_lines
ok 'fault 42: killed where the answer is lost as well' loses_the_answer
ok 'fault 42: killed again while recovering' killed_twice
