#!/bin/sh
#
# tb-portfolio: overview, position, pnl, lots and gains; every figure here was
# worked out on paper.

. "${0%/*}/lib.sh"

TB_DB=$WORK/tb.db
export TB_DB

tb-migrate init -q --at 2025-01-01 --cash 1000 >out || exit 1

# lines FILE: the last command's rows, without what differs from run to run
said() {
	"$@" >out 2>err || {
		code=$?
		cat err
		return $code
	}
	sed 's/,"as_of":"[^"]*"//' out >said
}
says() {
	want=$1
	shift
	said "$@" && printf '%s\n' "$want" | diff -u - said
}

# ------------------------------------------------------ nothing happened yet --

empty='{"total_usd_balance":1000.00,"positions":[],"total_pnl":0.00,"cash_usd":1000.00,"method":"fifo","other_totals":[]}'
ok 'fault 85: an empty ledger has its cash' says "$empty" tb-portfolio
ok 'with -e nothing held is a no' exits 1 tb-portfolio -e
ok 'no lots, no gains' eval '[ -z "$(tb-portfolio lots)$(tb-portfolio gains)" ]'
ok 'and with -e they are a no' exits 1 tb-portfolio gains -e
none='{"product_id":null,"realized":0.00,"unrealized":0.00,"fees":0.00,"proceeds":0.00,"costs":0.00,"uncovered_proceeds":0.00,"current_value":0.00,"residue":0.00,"currency":"USD"}'
ok 'pnl has its total' says "$none" tb-portfolio pnl
ok 'a product that nobody knows is not found' exits 7 \
    tb-portfolio position BTC-USD
ok 'nor are its lots' exits 7 tb-portfolio lots BTC-USD
ok 'no columns but a heading in csv' eval \
    'tb-portfolio lots -o csv | grep -q ^product_id,acquired_at'

# -------------------------------------------------------------- three fills --
#
# 1: 2 coins for 200 + 2 fee: 101 a coin.	2: 1 coin for 120 + 1: 121.
# 3: sells 2.5 for 375 less 5 = 370.  FIFO: 2 of lot 1 (296.00 of 370 for 202:
# 94) and 0.5 of lot 2 (74.00 for 60.5: 13.5): gain 107.5.  Held: 0.5 for 60.5.
cat >trades.csv <<'END'
id,time,product,side,size,price,fee,fee_currency,value
1,2025-02-01T00:00:00Z,BTC-USD,buy,2,100,2,USD,
2,2025-03-01T00:00:00Z,BTC-USD,buy,1,120,1,USD,
3,2025-04-01T00:00:00Z,BTC-USD,sell,2.5,150,5,USD,
END
ok 'three trades come in' tb-sync -q import trades trades.csv

unpriced='{"total_usd_balance":null,"positions":[{"product_id":"BTC-USD","crypto_balance":0.5,"usd_invested":60.50,"current_value":null,"unrealized_pnl":null,"pnl_pct":null,"average_cost_basis":121.00,"current_price":null,"price_at":null,"realized_pnl":107.50,"fees_usd":8.00}],"total_pnl":null,"cash_usd":1047.00,"method":"fifo","other_totals":[]}'
ok 'fault 85: without a price a value is null, never 0' says "$unpriced" tb-portfolio

cat >candles.csv <<'END'
timestamp,open,high,low,close,volume
2025-03-31T00:00:00Z,140,150,140,150,1
2025-04-01T00:00:00Z,150,200,150,200,1
END
ok 'candles come in' tb-sync -q import candles --product BTC-USD \
    --granularity 1d candles.csv
# worth 0.5 x 200 = 100; unrealized 39.5 = 65.289256... % of 60.5
priced='{"total_usd_balance":1147.00,"positions":[{"product_id":"BTC-USD","crypto_balance":0.5,"usd_invested":60.50,"current_value":100.00,"unrealized_pnl":39.50,"pnl_pct":65.289256,"average_cost_basis":121.00,"current_price":200.00,"price_at":"2025-04-02T00:00:00.000000Z","realized_pnl":107.50,"fees_usd":8.00}],"total_pnl":147.00,"cash_usd":1047.00,"method":"fifo","other_totals":[]}'
ok 'with one it is its share' says "$priced" tb-portfolio
ok 'with -e something held is a yes' tb-portfolio -e
ok 'a position alone is the same' says \
    "$(echo "$priced" | sed 's/.*\[{\(.*\)}\],"total_pnl.*/{\1}/')" \
    tb-portfolio position BTC-USD
ok 'as texts' eval \
    'tb-portfolio --numbers=string | grep -q "\"crypto_balance\":\"0.5\""'

pnl='{"product_id":"BTC-USD","realized":107.50,"unrealized":39.50,"fees":8.00,"proceeds":370.00,"costs":323.00,"uncovered_proceeds":0.00,"current_value":100.00,"residue":0.00,"currency":"USD"}'
ok 'pnl: realized + unrealized = proceeds - costs + value' says "$pnl
$(echo "$pnl" | sed 's/"BTC-USD"/null/')" tb-portfolio pnl

lots='{"lot_id":2,"trade_id":2,"acquired_at":"2025-03-01T00:00:00.000000Z","size":0.5,"cost":60.50,"product_id":"BTC-USD","unit_cost":121.00}'
ok 'what is left of each purchase' says "$lots" tb-portfolio lots
gains='{"trade_id":3,"sold_at":"2025-04-01T00:00:00.000000Z","product_id":"BTC-USD","size":2.5,"proceeds":370.00,"cost":262.50,"gain":107.50,"uncovered_size":0,"lots":[{"trade_id":1,"acquired_at":"2025-02-01T00:00:00.000000Z","size":2,"proceeds":296.00,"cost":202.00,"gain":94.00},{"trade_id":2,"acquired_at":"2025-03-01T00:00:00.000000Z","size":0.5,"proceeds":74.00,"cost":60.50,"gain":13.50}],"uncovered_proceeds":0.00,"kind":"trade"}'
ok 'what the sale brought, from which lots' says "$gains" tb-portfolio gains
ok 'of that product' says "$gains" tb-portfolio gains BTC-USD
ok 'in its year' says "$gains" tb-portfolio gains --year 2025
ok 'not in another' exits 1 tb-portfolio gains --year 2024 -e
ok 'a year that is none is wrong usage' exits 2 tb-portfolio gains --year 0
ok 'the year past the last one too' exits 2 tb-portfolio gains --year 10000

# ---------------------------------------------------------- other methods --

realized() {
	want=$1
	shift
	tb-portfolio pnl "$@" >out || return 1
	grep -q "^{\"product_id\":\"BTC-USD\",\"realized\":$want," out || {
		cat out
		return 1
	}
}
# LIFO and HIFO: 1 of lot 2 (148.00 for 121: 27), 1.5 of lot 1 (222.00 for
# 151.5: 70.5).  Average: 323 / 3 a coin: 2.5 cost 269.166666666667.
ok 'lifo' realized 97.50 --method lifo
ok 'hifo' realized 97.50 --method hifo
ok 'lofo' realized 107.50 --method lofo
ok 'average' realized 100.833333333333 --method average
ok 'residues are 0 by all of them' eval '
	for m in fifo lifo hifo lofo average; do
		for f in included separate; do
			tb-portfolio pnl --method $m --fees $f >out &&
			[ "$(grep -c "\"residue\":0.00" out)" = 2 ] || exit 1
		done
	done'
# 2 x 100 and 0.5 x 120 for 375: 115
ok 'fees apart' realized 115.00 --fees separate
ok 'an unknown method is wrong usage' exits 2 tb-portfolio --method best

# --------------------------------------------------------------------- at --

ok '--at: figures of the fills up to then' eval '
	tb-portfolio --at 2025-03-01 >out &&
	grep -q "\"crypto_balance\":3,\"usd_invested\":323.00" out'
# the close of 31 March, 150, is known at midnight
ok '--at: the price of then' eval '
	tb-portfolio position BTC-USD --at 2025-04-01 >out &&
	grep -q "\"current_price\":150.00" out'
ok '--at: the cash of then' eval '
	tb-portfolio --at 2025-03-15 | grep -q "\"cash_usd\":677.00"'
ok '--at: before there was anything' eval '
	tb-portfolio --at 2024-12-31 >out &&
	grep -q "\"positions\":\[\],\"total_pnl\":0.00,\"cash_usd\":0.00" out'

# -------------------------------------------------- more than is held, others --

# sells 2, of which 0.5 are held: net 396; 99.00 of it covered (gain 38.5),
# 297.00 uncovered.  And a purchase for euros.
cat >more.csv <<'END'
id,time,product,side,size,price,fee,fee_currency,value
4,2025-05-01T00:00:00Z,BTC-USD,sell,2,200,4,USD,
5,2025-05-02T00:00:00Z,BTC-EUR,buy,1,90,1,EUR,
END
ok 'fault 85: a sale of more than is held comes in' tb-sync -q import trades more.csv
# shellcheck disable=SC2034 # for eval
over='{"trade_id":4,"sold_at":"2025-05-01T00:00:00.000000Z","product_id":"BTC-USD","size":2,"proceeds":396.00,"cost":60.50,"gain":38.50,"uncovered_size":1.5,"lots":[{"trade_id":2,"acquired_at":"2025-03-01T00:00:00.000000Z","size":0.5,"proceeds":99.00,"cost":60.50,"gain":38.50}],"uncovered_proceeds":297.00,"kind":"trade"}'
ok 'its rest realizes nothing and is told' eval \
    'says "$gains
$over" tb-portfolio gains BTC-USD'
ok 'in csv it is a row without a lot' eval '
	tb-portfolio gains -o csv >out &&
	grep -qx "BTC-USD,4,2025-05-01T00:00:00.000000Z,,,trade,1.5,297.00,0.00,0.00" out'
ok 'other money has a total of its own' eval '
	tb-portfolio >out &&
	grep -q "\"total_pnl\":146.00,\"cash_usd\":1443.00" out &&
	grep -q "\"other_totals\":\[{.*\"costs\":91.00,.*\"currency\":\"EUR\"}\]" out'
ok 'fault 85: flat, but told when asked for' eval '
	tb-portfolio position BTC-USD >out &&
	grep -q "\"average_cost_basis\":null,.*\"realized_pnl\":146.00" out'
ok 'and with -e it is a no' exits 1 tb-portfolio position BTC-USD -e

# ------------------------------------------------------------------ tables --

ok 'a table' eval '
	tb-portfolio pnl -o table >out &&
	grep -q "^BTC-USD  *146.00  *0.00  *12.00" out'
ok 'sums below the overview' eval '
	tb-portfolio -o table >out &&
	grep -q "Cash 1,443.00 + holdings 0.00 = total 1,443.00 USD" out'
ok 'one document' eval 'tb-portfolio -o json >out && [ "$(head -1 out)" = { ]'
ok 'the kept positions are those of the fills' eval '
	tb-portfolio >kept && tb-portfolio --at 2030-01-01 >made &&
	sed "s/,\"as_of.*//" kept >a && sed "s/,\"as_of.*//" made >b &&
	same a b'
ok 'nothing of this wrote anything' tb-portfolio verify

# ------------------------------------------------------------- cash flows --

ok 'money comes in' tb-portfolio flow add --currency USD --amount 500 \
    --note savings --at 2025-06-01
ok 'and goes out' tb-portfolio flow add --amount=-200.25 --at 2025-06-02
flow='{"id":1,"at":"2025-01-01T00:00:00.000000Z","currency":"USD","amount":1000.00,"note":"opening"}
{"id":2,"at":"2025-06-01T00:00:00.000000Z","currency":"USD","amount":500.00,"note":"savings"}
{"id":3,"at":"2025-06-02T00:00:00.000000Z","currency":"USD","amount":-200.25,"note":""}'
ok 'it is listed' says "$flow" tb-portfolio flow list
ok 'nothing is no flow' exits 65 tb-portfolio flow add --amount 0
ok 'nor is no amount' exits 2 tb-portfolio flow add
ok 'an amount is exact or refused' exits 2 tb-portfolio flow add \
    --amount 0.1234567890123456789
ok 'a currency is one' exits 65 tb-portfolio flow add --amount 1 --currency '$'
note=$(printf '%0200d' 0)
ok 'a note of 200 bytes' tb-portfolio flow add --amount 1 --note "$note" \
    --currency EUR
ok 'not of 201' exits 2 tb-portfolio flow add --amount 1 --note "${note}0"
ok '-n is refused where it would write' exits 2 tb-portfolio flow add -n \
    --amount 1
