#!/bin/sh
#
# bench.sh: what the tools cost, for "make bench".
#
# User and system time and peak memory of whole processes, medians of rounds
# in which all jobs take turns (measure.c), beside the targets and as a ratio
# to a job of the same rounds.  Nothing is asserted: a machine that is busy
# with something else is slower; the ratios move less, and the least of all
# rounds tells what a quiet one would.  ROUNDS=n.

set -eu

top=$(cd "${0%/*}/../.." && pwd)
build=${TB_BUILD:-$top/build}
bench=$build/bench
work=$bench/work
rounds=${ROUNDS:-41}
end=1759968000 # where all candles end: a midnight
tab=$(printf '\t')

PATH=$build:$build/t:$bench:$PATH
XDG_DATA_HOME=$work/data
XDG_CONFIG_HOME=$work/config
export PATH XDG_DATA_HOME XDG_CONFIG_HOME
unset TB_DB TB_CONFIG

rm -rf "$work"
mkdir -p "$work"
exchange= # its process, while it runs
trap '[ -z "$exchange" ] || kill "$exchange"; cd / && rm -rf "$work"' EXIT
cd "$work"

say() {
	echo "bench: $*" >&2
}

# candles DB PRODUCT COUNT: minutes that end at $end
candles() {
	awk -f "$top/t/bench/market.awk" -v count="$3" -v step=60 \
	    -v end="$end" >candles.csv
	tb-sync -d "$1" import candles --product "$2" --granularity 1m \
	    candles.csv >/dev/null
}

new_db() {
	tb-migrate -d "$1" init --cash 1000000 --at 1600000000 >/dev/null
}

# bots COUNT: of one product, each with an RSI, averages and MACD of its own
bots() {
	echo 'bots:'
	i=0
	while [ "$i" -lt "$1" ]; do
		cat <<-YAML
		  - name: bot $i
		    product_id: BTC-USD
		    granularity: 1m
		    status: RUNNING
		    signals:
		      rsi:  {weight: 0.4, period: $((10 + i % 20))}
		      ma:   {weight: 0.3, fast: $((5 + i % 7)), slow: $((20 + i))}
		      macd: {weight: 0.3}
		YAML
		i=$((i + 1))
	done
}

# rules COUNT: of one product, each with an expression of its own
rules() {
	echo 'bots:'
	i=0
	while [ "$i" -lt "$1" ]; do
		cat <<-YAML
		  - name: rule $i
		    product_id: BTC-USD
		    granularity: 1m
		    status: RUNNING
		    signals:
		      dip: {weight: 1, uses: 'sma(20)', jq: '.close < 0.$((i + 80)) * .sma_20 | if . then 1 else 0 end'}
		YAML
		i=$((i + 1))
	done
}

# intents ROUND COUNT FILE: purchases that no round has seen before
intents() {
	n=1
	while [ "$n" -le "$2" ]; do
		echo "{\"id\":\"$3-$1-$n\",\"product_id\":\"BTC-USD\"," \
		    "\"side\":\"BUY\",\"size_usd\":20}"
		n=$((n + 1))
	done >"$3.$1"
}

# job NAME TARGET_MS REFERENCE INPUT PREPARE COMMAND ...
job() {
	printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>targets.tsv
	printf '%s\t%s\t%s\t' "$1" "$4" "$5" >>jobs.tsv
	shift 5
	echo "$*" >>jobs.tsv
}

say 'making 500,000 candles, 200,000 trades, 50 bots'
new_db long.db
candles long.db BTC-USD 500000
new_db short.db
candles short.db BTC-USD 20000
cp short.db trade.db
cp long.db forty.db
bots 1 >one.yaml
bots 40 >forty.yaml
tb-signal -d long.db load one.yaml >/dev/null 2>&1
tb-signal -d short.db load one.yaml >/dev/null 2>&1
tb-signal -d forty.db load forty.yaml >/dev/null 2>&1
for n in 1 8; do
	cp short.db "rule$n.db"
	rules $n >rules.yaml
	tb-signal -d "rule$n.db" load --prune rules.yaml >/dev/null 2>&1
done
new_db pnl.db
awk -f "$top/t/bench/trades.awk" -v count=200000 >trades.csv
tb-sync -d pnl.db import trades trades.csv >/dev/null
candles pnl.db BTC-USD 2000
cp pnl.db busy.db
new_db empty.db
awk -f "$top/t/bench/market.awk" -v count=283787 -v step=60 -v end="$end" \
    >year.csv
round=1
while [ "$round" -le "$rounds" ]; do
	intents "$round" 1 one
	intents "$round" 10 ten
	intents "$round" 1 busy
	round=$((round + 1))
done

# has COMMAND: is there something to compare with?
has() {
	command -v "$1" >/dev/null
}

shell='sqlite3, one select'
job "$shell" - - - - sqlite3 long.db 'select(1)'
has jq && job 'jq, one number' - "$shell" - - jq -n 1
job 'tb-signal, one bot, 20,000 candles' 2.5 "$shell" - - \
    tb-signal -d short.db --at $end
job 'tb-signal, one bot, 500,000 candles' 2.5 \
    'tb-signal, one bot, 20,000 candles' - - tb-signal -d long.db --at $end
job 'tb-signal, 40 bots' 10 "$shell" - - tb-signal -d forty.db --at $end
job 'tb-signal, one bot with jq' - 'jq, one number' - - \
    tb-signal -d rule1.db --at $end
job 'tb-signal, eight bots with jq' - 'jq, one number' - - \
    tb-signal -d rule8.db --at $end
job 'tb-trade, nothing to do' 3 "$shell" - - tb-trade -d trade.db --at $end
job 'tb-trade, one paper trade' 8 "$shell" one.%d - \
    tb-trade -d trade.db --at $end
job 'tb-trade, ten paper trades' 25 'tb-trade, one paper trade' ten.%d - \
    tb-trade -d trade.db --at $end
job 'tb-trade, one, after 200,000 trades' 8 'tb-trade, one paper trade' \
    busy.%d - tb-trade -d busy.db --at $end
job 'tb-portfolio, a few trades' 3 "$shell" - - \
    tb-portfolio -d trade.db --at $end
measure "$rounds" <jobs.tsv >results.tsv

# What takes longer needs fewer rounds.  No blanks in SQL: measure splits a
# command at them.
fresh='rm -f import.db* && cp empty.db import.db'
candle='start,open,high,low,close,volume'
fill='product_id,side,kind,nature,size,value,fee,at'
scan='bare scan of 200,000 fills'
: >jobs.tsv
job "$scan" - - - - scan pnl.db "select+0,$fill/**/from(fills)"
job 'tb-portfolio pnl, 200,000 trades' 100 "$scan" - - tb-portfolio -d pnl.db pnl
has python3 && job 'python3 decimal, the same, from CSV' - "$scan" - - \
    python3 "$top/t/bench/fifo.py" trades.csv
scan='bare scan of 500,000 candles'
job "$scan" - - - - scan long.db "select+0,$candle/**/from(candles)"
job 'tb-signal series, four of them, as CSV' - "$scan" - - \
    tb-signal -d long.db -o csv series --granularity 1m \
    'rsi(14),sma(10),sma(20),macd(12,26,9)' BTC-USD
printf '.mode csv\n.import year.csv candles\n' >import.sql
plain='sqlite3 .import of 283,787 candles'
job "$plain" - - import.sql 'rm -f plain.db' sqlite3 plain.db
job 'tb-sync import of the same' 600 "$plain" - "$fresh" tb-sync -d import.db \
    import candles --product BTC-USD --granularity 1m year.csv
measure 7 <jobs.tsv >>results.tsv

# The old system's trades, and what SQLite alone makes of them: one table of
# trades; and all that the books make of a trade, copied from where it is done.
cat >old.sql <<'SQL'
CREATE TABLE trades (id INTEGER NOT NULL, bot_id INTEGER,
    product_id VARCHAR(20), side VARCHAR(10), size FLOAT, price FLOAT,
    fee FLOAT, order_id VARCHAR(100), status VARCHAR(20),
    combined_signal_score FLOAT, signal_scores TEXT, size_usd FLOAT,
    created_at DATETIME, filled_at DATETIME, PRIMARY KEY (id),
    UNIQUE (order_id));
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
    WHERE i < 200000)
INSERT INTO trades SELECT i, 1,
    CASE i % 3 WHEN 0 THEN 'BTC-USD' WHEN 1 THEN 'ETH-USD' ELSE 'SOL-USD' END,
    CASE WHEN i * 7919 % 5 < 3 THEN 'BUY' ELSE 'SELL' END,
    round(25.0 / (1000 + i * 31 % 200), 8), 1000.0 + i * 31 % 200, 0.0,
    printf('%08x-0000-4000-8000-%012x', i * 2654435761 % 4294967296, i),
    'filled', 0.0, '{}',
    round(25.0 / (1000 + i * 31 % 200), 8) * (1000 + i * 31 % 200),
    datetime(1700000000 + i * 60, 'unixepoch') || '.000001',
    datetime(1700000000 + i * 60, 'unixepoch') || '.000001' FROM n;
SQL
cat >convert.sql <<'SQL'
ATTACH 'old.db' AS old;
CREATE TABLE trades (id INTEGER PRIMARY KEY, product_id TEXT, side TEXT,
    size_usd TEXT, size_crypto TEXT, price TEXT, order_id TEXT UNIQUE,
    status TEXT, commission TEXT, created_at TEXT, filled_at TEXT,
    triggered_by TEXT);
INSERT INTO trades SELECT id, upper(trim(product_id)), upper(side),
    printf('%.8f', size_usd), printf('%.8f', size), printf('%.8f', price),
    order_id, status, printf('%.8f', fee),
    strftime('%Y-%m-%dT%H:%M:%fZ', created_at),
    strftime('%Y-%m-%dT%H:%M:%fZ', filled_at), 'sync' FROM old.trades;
CREATE INDEX trades_by_time ON trades (created_at);
SQL
cat >copy.sql <<'SQL'
PRAGMA foreign_keys = ON;
ATTACH 'done.db' AS done;
BEGIN;
INSERT INTO products SELECT * FROM done.products;
INSERT INTO legacy_sources SELECT * FROM done.legacy_sources;
INSERT INTO trades SELECT * FROM done.trades;
INSERT INTO fills SELECT * FROM done.fills;
INSERT INTO legacy_rows SELECT * FROM done.legacy_rows;
INSERT INTO lots SELECT * FROM done.lots;
INSERT INTO disposals SELECT * FROM done.disposals;
COMMIT;
SQL
sqlite3 old.db <old.sql
chmod 600 old.db
cp empty.db done.db
tb-migrate -d done.db legacy -q old.db >/dev/null
: >jobs.tsv
insert='INSERT SELECT of 200,000 old trades'
job "$insert" - - convert.sql 'rm -f plain.db' sqlite3 plain.db
legacy='tb-migrate legacy of the same'
job "$legacy" 2400 "$insert" - "$fresh" tb-migrate -d import.db legacy -q old.db
job 'INSERT SELECT of all they become' - "$legacy" copy.sql "$fresh" \
    sqlite3 import.db
measure 3 <jobs.tsv >>results.tsv

# A tick over https, of all processes; nobody needs a key to see candles.
exchange --ca ca.pem --log exchange.log --for 600 --end now \
    --generate BTC-USD=65000 >exchange.json 2>/dev/null &
exchange=$!
while [ ! -s exchange.json ]; do
	kill -0 "$exchange" || exit 1
done
cat >tick.yaml <<YAML
program:
  arguments: [--base-url, "$(sed 's/.*"url":"\([^"]*\)".*/\1/' exchange.json)",
      --ca-file, $work/ca.pem]
rate: {per_second: 1000, per_hour: 100000}
YAML
: >jobs.tsv
job "$shell" - - - - sqlite3 empty.db 'select(1)'
job 'tb-sync, 300 candles over https' 12 "$shell" - "$fresh" tb-sync \
    -d import.db -c tick.yaml candles BTC-USD --since -1500m --granularity 5m
measure 15 <jobs.tsv | tail -n 1 >>results.tsv
kill "$exchange"
exchange=

awk -F "$tab" '
	FILENAME == "targets.tsv" { target[$1] = $2; other[$1] = $3; next }
	{
		name[++n] = $1
		ms[$1] = $2 / 1000
		least[$1] = $3 / 1000
		mb[$1] = $4 / 1024
		failed[$1] = $5
	}
	END {
		printf "%-38s %8s %8s %8s %6s  %s\n", "processes", "ms",
		    "least", "target", "MB", "ratio"
		for (i = 1; i <= n; i++) {
			k = name[i]
			printf "%-38s %8.2f %8.2f %8s %6.1f", k, ms[k],
			    least[k], target[k], mb[k]
			if (other[k] in ms)
				printf "  %.2f x %s", ms[k] / ms[other[k]],
				    other[k]
			if (failed[k])
				printf "  (%d runs failed)", failed[k]
			print ""
		}
	}' targets.tsv results.tsv
echo
exact | awk -F "$tab" '
	BEGIN { print "numbers, ns each" }
	{ printf "%-38s %9.2f %26.2f x %s\n", $1, $2, $2 / $4, $3 }'
echo
tokens | awk -F "$tab" '{
	printf "%s: %d ns, %.2f x the bare signature (target 1.2)\n", $1, $2, $4
}'
echo
kernels | awk '
	BEGIN { print "indicators, ns a candle (fused suite: target 6)" }
	{ print }'
