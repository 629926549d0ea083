#!/bin/sh
#
# What tb-portfolio tells of an instant on a paper database does not change
# with what is traded later.

. "${0%/*}/lib.sh"

TB_DB=$WORK/tb.db
export TB_DB

candles() {
	awk 'BEGIN {
		print "timestamp,open,high,low,close,volume"
		for (i = 0; i < 600; i++) {
			c = 100 + i % 7
			printf "%d,%d,%d,%d,%d,1\n", 1759276800 + 300 * i,
			    c, c, c, c
		}
	}'
}
ok 'a paper database and candles' eval '
	tb-migrate init -q --at 2025-10-01 --cash 1000 &&
	candles >candles.csv && tb-sync -q import candles --product BTC-USD \
	    --granularity 5m candles.csv'

# told N: the overview of the Nth hour into now.N, without the instant
told() {
	tb-portfolio --at "2025-10-01T0$1:00:00Z" | sed 's/,"as_of.*//'
}
day_of_trades() {
	for hour in 1 2 3 4 5; do
		tb-trade buy BTC-USD 50 --at "2025-10-01T0$hour:00:00Z" >out ||
		    return 1
		told $hour >"now.$hour"
	done
	tb-trade sell BTC-USD all --at 2025-10-01T06:00:00Z >out &&
	    told 6 >now.6
}
ok 'five purchases and a sale' day_of_trades
ok 'each time cash was what the venue had said' eval '
	grep -q "\"cash_usd\":950.00}*" now.1 &&
	grep -q "\"cash_usd\":750.00}*" now.5'
ok 'told again, from the fills, nothing has changed' eval '
	for hour in 1 2 3 4 5 6; do
		told $hour | diff -u "now.$hour" - || exit 1
	done'
ok 'the kept overview is that of the last sale' eval '
	tb-portfolio | sed "s/,\"as_of.*//" | diff -u now.6 -'
# 99x.yz and 100 more is 109x.yz
ok 'money brought in counts at once' eval '
	tb-portfolio flow add --amount 100 --at 2025-10-01T07:00:00Z >out &&
	cash=$(sed -n "s/.*\"cash_usd\":\(9[0-9.]*\).*/\1/p" now.6) &&
	[ -n "$cash" ] && tb-portfolio >out &&
	grep -qF "\"cash_usd\":10${cash#9}," out'
ok 'and changes nothing before' eval 'told 4 | diff -u now.4 -'
ok 'the books are green' tb-portfolio verify
ok 'history ends where the overview does' eval '
	tb-portfolio history --at 2025-10-02 | tail -1 |
	    sed "s/.*\"value\":\([0-9.]*\),.*/\1/" >a &&
	tb-portfolio --at 2025-10-02 |
	    sed "s/.*\"total_usd_balance\":\([0-9.]*\),.*/\1/" >b && same a b'

# Gifts, income and fees in coins move no cash, told from sums or from fills.
imports() {
	TB_DB=$WORK/imported.db
	tb-migrate init -q --at 2025-01-01 --cash 1000 >out || return 1
	cat >kinds.csv <<-'END'
	id,time,product,side,size,price,fee,fee_currency,value,kind
	1,2025-02-01T00:00:00Z,BTC-USD,buy,4,100,2,USD,,trade
	2,2025-02-02T00:00:00Z,BTC-USD,buy,1,110,0,USD,,income
	3,2025-02-03T00:00:00Z,BTC-USD,sell,1,120,0,USD,,disposal
	4,2025-02-04T00:00:00Z,BTC-USD,sell,0.1,0,0,USD,,fee-in-base
	5,2025-02-05T00:00:00Z,ETH-EUR,buy,1,50,0,EUR,,trade
	6,2025-02-06T00:00:00Z,BTC-USD,sell,1,130,1,USD,,trade
	END
	tb-sync -q import trades kinds.csv
}
ok 'trades of all kinds' imports
# 1000 - 402 + 129
ok 'only what was traded moved cash' eval '
	tb-portfolio | grep -q "\"cash_usd\":727.00,"'
ok 'told of an instant before the last fill, too' eval '
	tb-portfolio --at 2025-02-05 | grep -q "\"cash_usd\":598.00," &&
	tb-portfolio --at 2025-02-06 | grep -q "\"cash_usd\":727.00,"'
ok 'as history has it' eval '
	tb-portfolio history --at 2025-02-07 | tail -1 |
	    grep -q "\"cash_usd\":727.00,"'
