#!/bin/sh
#
# Two days of October 2025 on real candles, at five-minute steps, twice: the
# books verify, the identity of profit and loss leaves no residue, and both
# runs write the same bytes.

. "${0%/*}/lib.sh"

candles=$SHARED/candles
[ -r "$candles/BTC-USD_5m_coinbase_2025-09..10.csv.gz" ] ||
    skip_all "no candles in $SHARED"

from=1760054400 # 2025-10-10, the day of the fall
to=1760227200	# 2025-10-12
PATH=$TOP/share/demo:$PATH
TB_CONFIG=$TOP/share/tb.yaml
export TB_CONFIG

prepare() {
	mkdir -p "$1" && TB_DB=$WORK/$1/tb.db && export TB_DB &&
	    tb-migrate init --cash 10000 --at "$from" &&
	    tb-sync import candles --product BTC-USD --granularity 5m \
		"$candles/BTC-USD_5m_coinbase_2025-09..10.csv.gz" &&
	    tb-sync import candles --product SOL-USD --granularity 5m \
		"$candles/SOL-USD_5m_coinbase_2025-09..10.csv.gz" &&
	    tb-signal load "$TOP/share/bots.yaml" --at "$from"
}

# replay DIR: the pipe over both days, then what the books say
replay() {
	replay.sh "$from" "$to" 300 >"$1/answers" &&
	    tb-trade list >"$1/trades" &&
	    tb-portfolio --at "$to" >"$1/overview" &&
	    tb-portfolio pnl --at "$to" >"$1/pnl"
}

ok 'a database, its candles and bots' prepare first
ok 'the pipe runs over two days' replay first
traded() {
	[ "$(grep -c '"trade_executed":true' first/answers)" -ge 3 ] &&
	    [ "$(wc -l <first/trades)" -eq \
		"$(grep -c '"trade_executed":true' first/answers)" ]
}
ok 'some of it was traded, and listed' traded
ok 'the books verify' exits 0 tb-portfolio verify
# shellcheck disable=SC2016 # an expression of jq
ok 'no residue is left' sh -c 'jq -es "map(.residue // 0 | tonumber == 0) | all" first/pnl'

again() {
	tb-signal --at $((to - 300)) | tb-trade --at $((to - 300)) >again
	grep -q '"replayed":false' again && return 1
	tb-portfolio pnl --at "$to" >pnl && same first/pnl pnl
}
ok 'a step that runs twice trades once' again

ok 'another database' prepare second
ok 'the same two days' replay second
same_bytes() {
	for f in answers trades overview pnl; do
		cmp "first/$f" "second/$f" || return 1
	done
}
ok 'both runs wrote the same bytes' same_bytes
