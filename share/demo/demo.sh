#!/bin/sh
#
# demo.sh: the main job, on two markets that never were.  Everything stays in
# build/demo.

set -eu

cd "${0%/*}/../.."
build=${TB_BUILD:-$PWD/build}
build=${build#"$PWD"/}
demo=$build/demo
from=1766534400 # 2025-12-24
to=1766793600	# 2025-12-27

case $build in
/*) PATH=$build:$PATH ;;
*) PATH=$PWD/$build:$PATH ;;
esac
TB_DB=$demo/tb.db
TB_CONFIG=share/tb.yaml
export PATH TB_DB TB_CONFIG

# run COMMAND ...: show it, then do it
run() {
	echo "\$ $*"
	"$@"
	echo
}

# market PRODUCT SEED CENTS SWING: a year of candles
market() {
	awk -f share/demo/candles.awk -v seed="$2" -v cents="$3" \
	    -v swing="$4" | gzip -1 >"$demo/$1.csv.gz"
}

rm -rf "$demo"
mkdir -p "$demo"
market BTC-USD 7 9500000 14
market SOL-USD 11 18000 22

run tb-migrate init --cash 10000 --at "$from" -o table
for product in BTC-USD SOL-USD; do
	run tb-sync import candles --product "$product" --granularity 5m \
	    "$demo/$product.csv.gz" -o table
done
run tb-signal load share/bots.yaml --at "$from" -o table

echo "\$ tb-signal --at T | tb-trade --at T  # three days, every five minutes"
share/demo/replay.sh "$from" "$to" 300 >"$demo/answers.ndjson" \
    2>"$demo/refused"
grep '"trade_executed":true' "$demo/answers.ndjson" >"$demo/executed.ndjson"
echo "$(grep -c . "$demo/executed.ndjson") trades in" \
    "$(grep -c . "$demo/answers.ndjson") answers; the last one:"
tail -n 1 "$demo/executed.ndjson" | cut -c 1-320
echo

echo '$ tb-trade list -o table | head -n 6'
tb-trade list -o table | head -n 6
echo
run tb-portfolio -o table --at "$to"
run tb-portfolio history -o table --at "$to"
run tb-portfolio pnl -o table --at "$to"
run tb-portfolio verify -o table
echo "To look further: TB_DB=$TB_DB $build/tb-signal explain 'SOL Bands'"
