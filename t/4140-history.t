#!/bin/sh
#
# tb-portfolio history and perf, and what a hostile surrounding cannot change.

. "${0%/*}/lib.sh"

TB_DB=$WORK/tb.db
export TB_DB
tb-migrate init -q --at 2025-01-01T08:00:00Z --cash 1000 >out || exit 1

ok 'before anything happened there is no history' eval '
	[ -z "$(tb-portfolio history --at 2024-12-31)" ]'
ok 'and nothing to measure' exits 7 tb-portfolio perf --at 2024-12-31

# 2 coins for 202 on the 2nd; worth 110 each that night, 120 on the 3rd; 500
# taken out on the 3rd.
cat >trades.csv <<'END'
id,time,product,side,size,price,fee,fee_currency,value
1,2025-01-02T10:00:00Z,BTC-USD,buy,2,100,2,USD,
END
cat >candles.csv <<'END'
timestamp,open,high,low,close,volume
2025-01-02T00:00:00Z,100,110,100,110,1
2025-01-03T00:00:00Z,110,120,110,120,1
END
ok 'a trade, two candles, a flow' eval '
	tb-sync -q import trades trades.csv &&
	tb-sync -q import candles --product BTC-USD --granularity 1d candles.csv &&
	tb-portfolio flow add --amount=-500 --at 2025-01-03T12:00:00Z'

cat >expected <<'END'
{"day":"2025-01-01","value":1000.00,"cash_usd":1000.00,"holdings":0.00,"flow":1000.00,"peak":1000.00,"drawdown_pct":0}
{"day":"2025-01-02","value":1018.00,"cash_usd":798.00,"holdings":220.00,"flow":0.00,"peak":1018.00,"drawdown_pct":0}
{"day":"2025-01-03","value":538.00,"cash_usd":298.00,"holdings":240.00,"flow":-500.00,"peak":538.00,"drawdown_pct":0}
END
ok 'a line a day; money taken out is no drawdown' eval '
	tb-portfolio history --at 2025-01-04 >out && same expected out'
ok 'its last line is the overview' eval '
	tb-portfolio --at 2025-01-04 | grep -q "^{\"total_usd_balance\":538.00"'
ok 'an unfinished day ends now' eval '
	tb-portfolio history --at 2025-01-02T12:00:00Z | tail -1 >out &&
	grep -q "\"value\":null,\"cash_usd\":798.00,\"holdings\":null" out'
ok 'a table has a curve above it' eval '
	tb-portfolio history --at 2025-01-04 -o table >out &&
	[ "$(sed -n 2p out)" = "" ] && grep -q "2025-01-03  *538.00" out'

# 1018/1000 x 538/(1018 - 500) - 1; profit 538 - (1000 - 500)
returns() {
	tb-portfolio perf --at 2025-01-04 >out || return 1
	cat out
	grep -q '"days":3,"net_flows":500.00,"end_value":538.00' out &&
	    grep -q '"profit":38.00,"time_weighted_return":0.057305019,' out &&
	    grep -q '"best_day":0.038610039,"worst_day":0,' out &&
	    grep -q '"unpriced_days":0}' out
}
ok 'returns of it' returns
ok 'no fall, no Calmar ratio' grep -q '"calmar":null' out

# Held since the 2nd without a price until the 4th, when it is worth 130:
# (298 + 260) / (1000 - 500) - 1, from the day before to the 4th at once.
unpriced() {
	tb-migrate -d new.db init -q --at 2025-01-01T08:00:00Z --cash 1000 >out &&
	    tb-sync -d new.db -q import trades trades.csv &&
	    tb-portfolio -d new.db flow add --amount=-500 \
		--at 2025-01-03T12:00:00Z >out &&
	    printf '%s\n' timestamp,open,high,low,close,volume \
		2025-01-04T00:00:00Z,130,130,130,130,1 >late.csv &&
	    tb-sync -d new.db -q import candles --product BTC-USD \
		--granularity 1d late.csv &&
	    tb-portfolio -d new.db perf --at 2025-01-05 >out 2>err || return 1
	cat out err
	grep -q '"days":4,.*"time_weighted_return":0.116,' out &&
	    grep -q '"unpriced_days":2}' out && grep -q '2 of 4 days' err
}
ok 'days without a price: said, and measured over' unpriced

# ------------------------------------------------ what changes nothing --

awk 'BEGIN {
	print "id,time,product,side,size,price,fee,fee_currency,value"
	for (i = 2; i <= 4000; i++)
		printf "%d,%d,ETH-USD,%s,0.5,%d,0,USD,\n", i,
		    1736000000 + i, i % 2 ? "sell" : "buy", 100 + i % 9
}' >many.csv
ok 'thousands of trades' tb-sync -q import trades many.csv
head_1() {
	tb-portfolio "$@" 2>err | head -1 >out
	[ "$(wc -l <out)" = 1 ] && [ ! -s err ]
}
ok 'whoever reads one line is not complained to: gains' head_1 gains
ok 'history' head_1 history
ok 'export' head_1 export ledger
same_bytes() {
	tb-portfolio "$@" --at 2025-02-01 >a 2>err || return 1
	LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8 LC_NUMERIC=de_DE.UTF-8 \
	    TZ=Pacific/Apia COLUMNS=0 TERM=dumb \
	    tb-portfolio "$@" --at 2025-02-01 >b && same a b
}
ok 'another language, zone and terminal: the same overview' same_bytes
ok 'the same table' same_bytes -o table
ok 'the same P&L' same_bytes pnl
ok 'the same ratios' same_bytes perf
ok 'a full disk is an I/O error' eval '
	[ ! -w /dev/full ] || { tb-portfolio gains >/dev/full 2>err; [ $? = 74 ]; }'
ok 'a missing database is a matter of configuration' exits 78 \
    tb-portfolio -d nowhere.db
ok 'reading needs no permission to write' eval '
	[ "$(id -u)" = 0 ] || { chmod 400 tb.db && tb-portfolio; }'
ok 'and changes not a byte' eval '
	sha256sum tb.db >before && tb-portfolio >out && tb-portfolio pnl >out &&
	tb-portfolio verify >out && tb-portfolio history >out &&
	tb-portfolio export csv >out && sha256sum tb.db >after &&
	same before after'

awk 'BEGIN {
	print "id,time,product,side,size,price,fee,fee_currency,value"
	for (i = 1; i <= 8000; i++)
		printf "l%d,%d,LTC-USD,buy,0.12345678,%d.37,0.01,USD,\n", i,
		    1738000000 + i, 90 + i % 9
	print "l0,1739000000,LTC-USD,sell,987.65424,100,1,USD,"
}' >lots.csv
ok 'a sale of 8000 lots is one line' eval '
	tb-sync -q import trades lots.csv && tb-portfolio gains LTC-USD >out &&
	[ "$(wc -l <out)" = 1 ] && [ "$(wc -c <out)" -gt 1048576 ]'
ok 'a row each in csv' eval '
	[ "$(tb-portfolio gains LTC-USD -o csv | wc -l)" = 8001 ]'

# sales before purchases in time, then only fees: nothing is dropped
cat >odd.csv <<'END'
id,time,product,side,size,price,fee,fee_currency,value,kind
9001,2025-03-01T00:00:00Z,SOL-USD,sell,1,10,0.5,USD,,trade
9002,2025-03-02T00:00:00Z,SOL-USD,buy,1,9,0.5,USD,,trade
9003,2025-03-03T00:00:00Z,XRP-USD,sell,1,1,0,USD,,fee-in-base
END
ok 'a sale before its purchase, a fee in coins nobody has' eval '
	tb-sync -q import trades odd.csv && tb-portfolio verify >out &&
	tb-portfolio pnl >out &&
	grep -q "\"SOL-USD\",\"realized\":0.00,\"unrealized\":null,.*\"uncovered_proceeds\":9.50,.*\"residue\":0.00" out &&
	grep -q "\"XRP-USD\",\"realized\":0.00,\"unrealized\":0.00" out'

ok 'a hundred years of history are enough' eval '
	tb-portfolio flow add --amount 1 --at 1925-12-31 >out &&
	tb-portfolio history --at 2025-12-31 >out &&
	[ "$(wc -l <out)" = 36525 ]'
ok 'a day more is an error' exits 65 tb-portfolio history --at 2026-01-01
