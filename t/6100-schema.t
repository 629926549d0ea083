#!/bin/sh
#
# Every shape of share/schema against what the tools really write.

. "${0%/*}/lib.sh"

python3 -c 'import jsonschema' 2>/dev/null ||
    skip_all 'python3-jsonschema is not installed'

# Four days of five-minute candles that swing, so that bots act.
swing() {
	awk 'BEGIN {
		print "timestamp,open,high,low,close,volume"
		for (i = 0; i < 1200; i++) {
			c = sprintf("%.2f", 100 + 10 * sin(i / 9)) + 0
			o = i == 0 ? c : last
			printf "%d,%.2f,%.2f,%.2f,%.2f,1\n",
			    1759276800 + 300 * i, o, (o > c ? o : c) + 0.01,
			    (o < c ? o : c) - 0.01, c
			last = sprintf("%.2f", c) + 0
		}
	}' | sed '300d' # one is missing
}

bots() {
	cat <<-'END'
	bots:
	  - name: Swing
	    product_id: BTC-USD
	    granularity: 5m
	    status: RUNNING
	    trade_size_usd: 25.00
	    cooldown_minutes: 30
	    signals:
	      rsi: {weight: 0.6, period: 14}
	      bbands: {weight: 0.4}
	      dip: {weight: 0.0, uses: 'sma(20)', jq: 'if .close < 0 then 1 else null end'}
	  - name: No candles
	    product_id: ETH-USD
	    granularity: 5m
	    status: RUNNING
	    signals:
	      macd: {weight: 1.0}
	END
}

# keep SCHEMA FILE: its lines are looked at in the end, all at once.
n=0
keep() {
	n=$((n + 1))
	[ -s "$2" ] && cp "$2" "said/$1.$n"
}

# says SCHEMA COMMAND ...: COMMAND writes something of that shape.
says() {
	schema=$1
	shift
	"$@" >lines
	[ $? -lt 64 ] && keep "$schema" lines
}

# prints SCHEMA TOOL [COMMAND]: --schema prints that file.
prints() {
	file=$TOP/share/schema/$1.json
	shift
	"$@" --schema >lines && same "$file" lines
}

from=2025-10-01T00:00:00Z
TB_DB=$WORK/db
export TB_DB
mkdir said
swing >swing.csv
bots >bots.yaml

ok 'tb-migrate init' says database tb-migrate init --at "$from"
ok 'tb-migrate' says migration tb-migrate
ok 'tb-migrate check' says integrity tb-migrate check
ok 'tb-migrate backup' says copy tb-migrate backup copy.db
old_system() {
	python3 "$TOP/t/lib/legacy-db.py" 4 old.db V4a 20 && chmod 600 old.db &&
	    tb-migrate -d legacy.db init --cash 0 >lines
}
ok 'a database of the old system' old_system
ok 'tb-migrate inspect' says inspection tb-migrate inspect old.db
ok 'tb-migrate plan' says plan tb-migrate plan old.db
ok 'tb-migrate plan, amounts as texts' says plan tb-migrate plan \
    --numbers=string old.db
for variant in V0 V7b V13 Vy; do
	python3 "$TOP/t/lib/legacy-db.py" 5 "$variant.db" "$variant" 40 &&
	    chmod 600 "$variant.db"
	ok "tb-migrate inspect, $variant" says inspection tb-migrate inspect \
	    "$variant.db"
	ok "tb-migrate plan, $variant" says plan tb-migrate plan "$variant.db"
done
python3 "$TOP/t/lib/legacy-db.py" 6 other.db V6 20 && chmod 600 other.db
ok 'tb-migrate plan, two files' says plan tb-migrate plan old.db other.db
ok 'tb-migrate legacy' says legacy tb-migrate -d legacy.db legacy -q \
    --history all old.db
ok 'its decisions' says evaluation tb-signal -d legacy.db history 1
ok 'tb-migrate verify' says check tb-migrate -d legacy.db verify
moved() {
	mv old.db moved.db && says check tb-migrate -d legacy.db verify
	status=$?
	mv moved.db old.db && return $status
}
ok 'tb-migrate verify, the old file gone' moved
ok 'tb-migrate revert' says reverted tb-migrate -d legacy.db revert back.db
ok 'tb-migrate cleanup' says cleaned tb-migrate -d legacy.db cleanup --yes \
    rows.ndjson
ok 'tb-migrate up' says migration tb-migrate up
ok 'tb-sync import candles' \
    says import tb-sync import candles --product BTC-USD --granularity 5m \
    swing.csv
ok 'tb-sync coverage' says coverage tb-sync coverage
ok 'tb-sync reconcile' says reconciliation tb-sync reconcile --at "$from"
ok 'tb-sync gaps' says gap tb-sync gaps
ok 'tb-signal load' says change tb-signal load bots.yaml --at "$from"
sed 's/weight: 1.0/wieght: 1.0/' bots.yaml >typo.yaml
ok 'tb-signal check' says finding tb-signal check bots.yaml
tb-signal check typo.yaml >lines 2>/dev/null
ok 'tb-signal check, a typo' keep finding lines

evaluate() {
	at=1759536000
	while [ "$at" -lt 1759557600 ]; do
		tb-signal --at "$at" 2>/dev/null
		at=$((at + 900))
	done >signals
	tb-signal --at "$at" --force --numbers=string >>signals 2>/dev/null
	tb-signal --at "$from" >>signals 2>/dev/null
	keep signal signals
}
ok 'tb-signal' evaluate
ok 'tb-signal list' says signal tb-signal list
ok 'tb-signal history' says evaluation tb-signal history Swing
ok 'tb-signal explain' says explanation tb-signal explain Swing
ok 'tb-signal bot list' says bot tb-signal bot list
ok 'tb-signal bot show' says bot tb-signal bot show Swing

# Each signal is acted on at its own moment.
act() {
	grep -v '"last_evaluation":"2025-10-01' signals |
	    grep '"ready_to_trade":true' >ready
	while read -r line; do
		at=${line#*'"last_evaluation":"'}
		echo "$line" | tb-trade --at "${at%%\"*}"
	done <ready >answers
	cat >intents <<-'END'
	{"product_id":"BTC-USD","side":"BUY","size_usd":50,"id":"one"}
	{"product_id":"BTC-USD","side":"BUY","size_usd":50,"id":"one"}
	{"product_id":"BTC-USD","side":"BUY","size_usd":51,"id":"one"}
	{"product_id":"BTC-USD","side":"SELL","size_crypto":0.1}
	{"product_id":"BTC-USD","side":"BUY","size_usd":5}
	{"product_id":"XYZ-USD","side":"BUY","size_usd":50}
	{"product_id":"BTC-USD","side":"BUY","size_usd":1000000}
	[{"product_id":"BTC-USD"},7]
	{"product_id":"BTC-USD",
	END
	head -n 1 signals | tb-trade --at 1759557600 >>answers
	tb-trade --at 1759557600 <intents >>answers
	tb-trade --at 1759557600 --numbers=string <intents >>answers
	tb-trade -n --at 1759557600 <intents >>answers
	grep -q '"trade_executed":true' answers &&
	    grep -q '"reason":"invalid"' answers &&
	    grep -q '"reason":"minimum"' answers && keep answer answers
} 2>/dev/null

if [ -x "$BUILD/tb-trade" ]; then
	ok 'intents' keep intent "$TOP/t/lib/intents.ndjson"
	ok 'tb-trade' act
	ok 'tb-trade list' says trade tb-trade list
	ok 'tb-trade list --refused' says refusal tb-trade list --refused
	ok 'tb-trade preview, a purchase' says preview \
	    tb-trade preview buy BTC-USD 50 --at 1759557600
	ok 'tb-trade preview, a sale' says preview \
	    tb-trade preview sell BTC-USD all --at 1759557600
	ok 'tb-trade preview, refused' says preview \
	    tb-trade preview buy BTC-USD 5 --at 1759557600
	ok 'tb-trade limits' says limit tb-trade limits --at 1759557600
	ok 'tb-trade status' says status tb-trade status --at 1759557600
	ok 'tb-trade --schema' prints answer tb-trade
fi

# A gift, a sale of more than is held, and a product without a price.
cat >trades.csv <<'END'
id,time,product,side,size,price,fee,fee_currency,value,kind
t1,2025-10-01T00:00:00Z,BTC-USD,BUY,1,100,0.6,USD,,trade
t2,2025-10-01T01:00:00Z,BTC-USD,SELL,0.25,110,0.1,,,trade
t3,2025-10-01T02:00:00Z,LTC-EUR,SELL,2,50,0,,,trade
t4,2025-10-01T03:00:00Z,DOGE-USD,BUY,100,0.1,0,,,trade
t5,2025-10-01T04:00:00Z,DOGE-USD,SELL,10,0.1,0,,,disposal
END
ok 'tb-sync import trades' says import-trades tb-sync import trades trades.csv

ok 'tb-portfolio' says overview tb-portfolio
ok 'tb-portfolio, amounts as texts' says overview tb-portfolio --numbers=string
ok 'tb-portfolio position' says position tb-portfolio position BTC-USD
ok 'tb-portfolio pnl' says pnl tb-portfolio pnl
ok 'tb-portfolio lots' says lot tb-portfolio lots
ok 'tb-portfolio gains' says gain tb-portfolio gains

ok 'tb-portfolio verify' says check tb-portfolio verify
ok 'tb-portfolio flow add' says flow tb-portfolio flow add --currency USD \
    --amount 5 --at "$from"
ok 'tb-portfolio flow list' says flow tb-portfolio flow list

ok 'tb-sync reconcile' says reconciliation tb-sync reconcile --at 1759557600
ok 'tb-signal bot add' says bot tb-signal bot add More BTC-USD \
    signals.rsi.weight=1
ok 'tb-signal bot set' says bot tb-signal bot set Swing cooldown_minutes=5
ok 'tb-portfolio history' says day tb-portfolio history
ok 'tb-portfolio perf' says perf tb-portfolio perf
ok 'tb-signal indicators' says indicator tb-signal indicators
ok 'tb-signal series' says series tb-signal series 'rsi(14),bbands(20,2)' \
    BTC-USD

# Whoever asks a command for its schema gets one, or is told there is none.
all_answer() {
	"$1" --help | sed -n '/^commands:$/,/^$/{/^  [^ ]/s/^  //p;}' |
	    sed 's/  .*//; s/^(none)$//' >list
	[ -s list ] || return 1
	while read -r words; do
		# shellcheck disable=SC2086 # words are meant
		"$1" $words --schema >lines 2>err
		[ $? -eq 0 ] || grep -q 'no JSON of a fixed shape' err || {
			cat err
			return 1
		}
	done <list
}
for tool in tb-signal tb-trade tb-portfolio tb-sync tb-migrate; do
	[ ! -x "$BUILD/$tool" ] || ok "$tool: every command" all_answer "$tool"
done

ok 'tb-signal --schema' prints signal tb-signal
ok 'tb-signal bot list --schema' prints bot tb-signal bot list
ok 'tb-portfolio --schema' prints overview tb-portfolio
ok 'tb-migrate --schema' prints migration tb-migrate

ok 'every line is what its schema says' \
    python3 "$TOP/t/lib/schema.py" "$TOP/share/schema" said/*
