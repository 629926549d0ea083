#!/bin/sh
#
# The whole pipe under valgrind: nothing is read that was never written, or
# given back, and nothing is lost.  make memcheck builds for it and sets
# TB_MEMCHECK; the compiler's own checks (SAN=1) do not see what is not
# initialised.  jq is left out: valgrind does not fit into its child's memory.

. "${0%/*}/lib.sh"

[ -n "${TB_MEMCHECK-}" ] || skip_all 'make memcheck runs it'
command -v valgrind >/dev/null || skip_all 'valgrind is not installed'

# Each tool under its name, also where one starts another.
mkdir bin found
for tool in tb-signal tb-trade tb-portfolio tb-sync tb-migrate \
    tb-venue-coinbase; do
	cat >"bin/$tool" <<-END
	#!/bin/sh
	exec valgrind -q --error-exitcode=99 --leak-check=full \\
	    --errors-for-leak-kinds=definite,indirect --show-leak-kinds=definite \\
	    --log-file="$WORK/found/$tool.%p" "$BUILD/$tool" "\$@"
	END
	chmod +x "bin/$tool"
done
PATH=$WORK/bin:$PATH
TB_DB=$WORK/tb.db
export TB_DB
from=2025-10-01T00:00:00Z
to=2025-10-05T06:00:00Z

# clean CODE COMMAND ...: it exits so, and valgrind found nothing.  What it has
# to say of system calls that are newer than it stands between other marks.
clean() {
	code=$1
	shift
	exits "$code" "$@"
	status=$?
	for file in found/*; do
		grep -q '^==' "$file" || continue
		cat "$file"
		status=1
	done
	rm -f found/*
	return $status
}

# Four days of five-minute candles that swing, so that bots act.
awk 'BEGIN {
	print "timestamp,open,high,low,close,volume"
	for (i = 0; i < 1200; i++) {
		c = sprintf("%.2f", 100 + 10 * sin(i / 9)) + 0
		o = i == 0 ? c : last
		printf "%d,%.2f,%.2f,%.2f,%.2f,1\n", 1759276800 + 300 * i, o,
		    (o > c ? o : c) + 0.01, (o < c ? o : c) - 0.01, c
		last = sprintf("%.2f", c) + 0
	}
}' | sed '300d' >swing.csv
gzip -k swing.csv
cat >bots.yaml <<'END'
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
END
sed 's/weight: 0.6/wieght: 0.6/' bots.yaml >typo.yaml
cat >intents <<'END'
{"product_id":"BTC-USD","side":"BUY","size_usd":50,"id":"one"}
{"product_id":"BTC-USD","side":"BUY","size_usd":50,"id":"one"}
{"product_id":"BTC-USD","side":"BUY","size_usd":51,"id":"one"}
{"product_id":"BTC-USD","side":"SELL","size_crypto":0.2}
{"product_id":"BTC-USD","side":"BUY","size_usd":5}
{"product_id":"XYZ-USD","side":"BUY","size_usd":50}
[{"product_id":"BTC-USD"},7]
{"product_id":"BTC-USD",
END
cat >trades.csv <<'END'
id,time,product,side,size,price,fee,fee_currency,value,kind
t1,2025-10-01T00:00:00Z,BTC-USD,BUY,1,100,0.6,USD,,trade
t2,2025-10-01T01:00:00Z,BTC-USD,SELL,0.25,110,0.1,,,trade
t3,2025-10-01T02:00:00Z,LTC-EUR,SELL,2,50,0,,,trade
t4,2025-10-01T03:00:00Z,DOGE-USD,BUY,100,0.1,0,,,trade
t5,2025-10-01T04:00:00Z,DOGE-USD,SELL,10,0.1,0,,,disposal
END

ok 'init' clean 0 tb-migrate init --at "$from"
ok 'candles' clean 0 tb-sync import candles --product BTC-USD \
    --granularity 5m swing.csv
ok 'the same again, packed' clean 0 tb-sync import candles --product BTC-USD \
    --granularity 5m swing.csv.gz
ok 'coverage' clean 0 tb-sync coverage
ok 'gaps' clean 0 tb-sync gaps
ok 'bots' clean 0 tb-signal load bots.yaml --at "$from"
ok 'a typo' clean 78 tb-signal check typo.yaml
evaluates() {
	for at in 1759536000 1759536900 1759537800; do
		clean 0 tb-signal --at "$at" || return 1
	done
}
ok 'signals' evaluates
pipes() {
	tb-signal --at 1759540000 --force 2>err | clean 0 tb-trade --at \
	    1759540000
}
ok 'signals into orders' pipes
ok 'intents, good and bad ones' clean 6 sh -c \
    'tb-trade --at 1759557600 <intents'
ok 'a preview' clean 0 tb-trade preview buy BTC-USD 50 --at 1759557600
for words in list 'list --refused' limits status; do
	# shellcheck disable=SC2086 # words are meant
	ok "tb-trade $words" clean 0 tb-trade $words --at 1759557600
done
for words in list 'history Swing' 'explain Swing' 'bot list' indicators \
    'series rsi(14),bbands(20,2),macd BTC-USD'; do
	# shellcheck disable=SC2086 # words are meant
	ok "tb-signal $words" clean 0 tb-signal $words
done
ok 'trades' clean 0 tb-sync import trades trades.csv
for words in '' 'position BTC-USD' pnl lots gains 'history -o table' perf \
    'verify -o table' 'flow list' 'export hledger' 'export ledger' \
    'export beancount' 'export csv'; do
	# shellcheck disable=SC2086 # words are meant
	ok "tb-portfolio $words" clean 0 tb-portfolio $words --at "$to"
done
ok 'reconcile: the venue knows nothing of the import' clean 8 tb-sync \
    reconcile --at 1759557600
ok 'backup' clean 0 tb-migrate backup copy.db
ok 'check' clean 0 tb-migrate check
ok 'restore' clean 0 tb-migrate restore copy.db

python3 "$TOP/t/lib/legacy-db.py" 4 old.db V7b 60 && chmod 600 old.db
TB_DB=$WORK/legacy.db
ok 'another database' clean 0 tb-migrate init --cash 0
ok 'inspect' clean 0 tb-migrate inspect -o table old.db
ok 'plan' clean 0 tb-migrate plan old.db
ok 'legacy' clean 0 tb-migrate legacy --history all old.db
ok 'legacy again' clean 0 tb-migrate legacy old.db
ok 'verify' clean 0 tb-migrate verify -e
ok 'explain' clean 0 tb-migrate explain
ok 'revert' clean 0 tb-migrate revert back.db
ok 'cleanup' clean 0 tb-migrate cleanup --yes rows.ndjson

# A venue that cannot be reached, with a key and without one.
cat >key.json <<'END'
{"name":"k","privateKey":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}
END
chmod 600 key.json
venue() {
	printf '%s\n' '{"id":1,"verb":"hello"}' \
	    '{"id":2,"verb":"price","product_id":"BTC-USD"}' 'nonsense' \
	    '{"id":3,"verb":"balances","cursor":""}' >asked
	clean "$1" sh -c "tb-venue-coinbase $2 <asked"
}
venue_options='--base-url http://127.0.0.1:1 --insecure-loopback'
ok 'the venue program, without a key' venue 0 "$venue_options"
ok 'and with one' venue 0 "$venue_options --key-file key.json"
