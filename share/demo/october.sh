#!/bin/sh
#
# october.sh DATA: October 2025 on real candles of BTC-USD and SOL-USD, at
# five-minute steps, twice: the books are right and both runs are the same to
# the byte.  DATA is a folder of candle files; the databases stay below
# build/replay.

set -eu

top=$(cd "${0%/*}/../.." && pwd)
build=${TB_BUILD:-$top/build}
data=${1:-$top/../shared/data}/candles
from=${FROM:-1759276800} # 2025-10-01
to=${TO:-1761955200}	 # 2025-11-01

PATH=$build:$top/share/demo:$PATH
TB_CONFIG=$top/share/tb.yaml
export PATH TB_CONFIG

# replay NAME: a database of its own, the month, the books
replay() {
	TB_DB=$build/replay/$1/tb.db
	export TB_DB
	mkdir -p "${TB_DB%/*}"
	tb-migrate init --cash 10000 --at "$from" >&2
	for product in BTC-USD SOL-USD; do
		tb-sync import candles --product "$product" --granularity 5m \
		    "$data/${product}_5m_coinbase_2025-09..10.csv.gz" >&2
	done
	tb-signal load "$top/share/bots.yaml" --at "$from" >&2
	replay.sh "$from" "$to" 300 >"${TB_DB%/*}/answers.ndjson"
	tb-portfolio verify >&2
	tb-portfolio pnl --at "$to" >"${TB_DB%/*}/pnl.ndjson"
	if grep -v '"residue":0\.00' "${TB_DB%/*}/pnl.ndjson"; then
		echo 'october: there is a residue' >&2
		exit 8
	fi
	tb-portfolio --at "$to" >"${TB_DB%/*}/overview.ndjson"
	tb-trade list >"${TB_DB%/*}/trades.ndjson"
}

rm -rf "$build/replay"
replay first
replay second
cd "$build/replay"
for f in answers pnl overview trades; do
	cmp "first/$f.ndjson" "second/$f.ndjson"
done
echo "$(grep -c '"trade_executed":true' first/answers.ndjson) trades;" \
    "two runs wrote the same bytes"
cat first/pnl.ndjson first/overview.ndjson
