#!/bin/sh
#
# demo.sh: the main job, on markets that never were.  All of it stays below
# build/demo.

set -eu

top=$(cd "${0%/*}/../.." && pwd)
build=${TB_BUILD:-$top/build}
work=$build/demo
from=1766534400 # 2025-12-24
to=1766793600   # 2025-12-27

PATH=$build:$top/share/demo:$PATH
TB_DB=$work/tb.db
TB_CONFIG=$top/share/tb.yaml
export PATH TB_DB TB_CONFIG

# run COMMAND ...: show it, then do it
run() {
	echo "\$ $*"
	"$@"
	echo
}

# market PRODUCT SEED CENTS SWING: a year of candles
market() {
	awk -f "$top/share/demo/candles.awk" -v seed="$2" -v cents="$3" \
	    -v swing="$4" | gzip -1 >"$work/$1.csv.gz"
}

rm -rf "$work"
mkdir -p "$work"
cd "$work"
echo "A year of candles of two markets that never were, in $work"
market BTC-USD 7 9500000 14
market SOL-USD 11 18000 22
echo

run tb-migrate init --cash 10000 --at "$from"
run tb-sync import candles --product BTC-USD --granularity 5m BTC-USD.csv.gz
run tb-sync import candles --product SOL-USD --granularity 5m SOL-USD.csv.gz
run tb-signal load "$top/share/bots.yaml" --at "$from"

echo "\$ tb-signal --at T | tb-trade --at T    # three days, every five minutes"
replay.sh "$from" "$to" 300 >answers.ndjson
echo "$(grep -c '"trade_executed":true' answers.ndjson) trades in" \
    "$(grep -c . answers.ndjson) answers: answers.ndjson"
echo

run tb-trade list -o table --limit 8
run tb-portfolio -o table --at "$to"
run tb-portfolio history -o table --at "$to"
run tb-portfolio pnl -o table --at "$to"
run tb-portfolio verify
echo "To look further: TB_DB=$TB_DB $build/tb-portfolio lots -o table"
