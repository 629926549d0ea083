#!/bin/sh
#
# tb-sync import trades: what was traded elsewhere, in the books.

. "${0%/*}/lib.sh"

command -v sqlite3 >/dev/null || skip_all 'no sqlite3'

TB_DB=$WORK/home/tb.db
TB_BUSY_MS=50
export TB_DB TB_BUSY_MS
tb-migrate -d template.db init --at 2025-09-11T10:30:00Z >out || exit 1

ask() {
	sqlite3 "$TB_DB" "$1"
}
answers() {
	ask "$1" >answer && printf '%s\n' "$2" | diff -u - answer
}
fresh() {
	rm -f "$TB_DB" "$TB_DB"-* && cp -p template.db "$TB_DB"
}
import() {
	tb-sync import trades "$@" >out 2>err || {
		t_got=$?
		cat err
		return $t_got
	}
}
counts() {
	while [ $# -gt 0 ]; do
		grep -q "\"$1\":$2[,}]" out || {
			echo "$1 is not $2"
			cat out
			return 1
		}
		shift 2
	done
}

# A purchase of 2 for 200 and a fee of 2, and a sale of half of it for 150
# less 1: cost 101, gain 149 - 101 = 48.
cat >two.csv <<'END'
id,time,product,side,size,price,fee,fee_currency,value
a,2025-01-01T00:00:00Z,BTC-USD,buy,2,100,2,USD,
b,1735776000.25,BTC-USD,SELL,1,150,1,,
END
fills='BUY|trade|2|100|200|2|2025-01-01T00:00:00.000000Z
SELL|trade|1|150|150|1|2025-01-02T00:00:00.250000Z'
fill_rows='SELECT side, nature, size, price, value, fee, at FROM fills
    ORDER BY id'

books() {
	fresh && import two.csv && counts rows 2 inserted 2 same 0 bad 0 \
	    products_assumed 1 && answers "$fill_rows" "$fills"
}
ok 'a row is a fill' books
trades() {
	answers 'SELECT side, size_usd, size_crypto, price, status, commission,
	    triggered_by, filled_at FROM trades' \
	    'BUY|200|2|100|filled|2|import|2025-01-01T00:00:00.000000Z
SELL|150|1|150|filled|1|import|2025-01-02T00:00:00.250000Z'
}
ok 'and a trade, triggered by import' trades
derived() {
	answers 'SELECT crypto_balance, usd_invested, realized_pnl FROM
	    portfolio' '1|101|48' && answers 'SELECT d.size, d.proceeds,
	    d.cost, d.gain, t.side, l.trade_id FROM disposals d
	    JOIN trades t ON t.id = d.trade_id JOIN lots l ON l.id = d.lot_id' \
	    '1|149|101|48|SELL|1'
}
ok 'lots, disposals and portfolio follow' derived
again() {
	sqlite3 "$TB_DB" .dump >before && import two.csv &&
	    counts inserted 0 same 2 && sqlite3 "$TB_DB" .dump >after &&
	    same before after
}
ok 'a repeated import changes nothing and says so' again
extended() {
	fresh && import two.csv && {
		sed '2,$d' two.csv
		echo c,2024-12-31T00:00:00Z,BTC-USD,buy,1,50,0,USD,
		sed 1d two.csv
	} >three.csv && import three.csv && counts inserted 1 same 2 &&
	    answers 'SELECT crypto_balance, usd_invested, realized_pnl FROM
	    portfolio' '2|202|99'
}
ok 'an older row rebuilds what follows from it' extended
if tb-portfolio --version >out 2>&1; then
	fresh
	import two.csv
	ok 'the books verify' exits 0 tb-portfolio verify
fi

# books_are FILE OPTION ...: the two fills come out of it
books_are() {
	fresh && import "$@" && answers "$fill_rows" "$fills"
}
gzip -c two.csv >two.csv.gz
ok 'gzip' books_are two.csv.gz
cat >two.ndjson <<'END'
{"id":"a","time":"2025-01-01T00:00:00Z","product":"BTC-USD","side":"buy","size":2,"price":"1e2","fee":2.000,"fee_currency":"USD","value":null}
{"trade_id":7,"time":1735776000.25,"product_id":"BTC-USD","side":"sell","size":"1","price":150,"fee":1}
END
ok 'NDJSON' books_are two.ndjson
{
	echo '['
	sed '1s/$/,/' two.ndjson
	echo ']'
} >two.json
ok 'a JSON document' books_are two.json
cut -d, -f1,2,4- two.csv >noproduct.csv
ok '--product for rows that name none' books_are noproduct.csv \
    --product BTC-USD
ok 'no product at all' exits 65 tb-sync import trades noproduct.csv
sed 's/,100,2,USD,$/,,2,USD,200/; s/,150,1,,$/,149,1,,150/' two.csv >value.csv
overrides() {
	fresh && import value.csv && answers 'SELECT price, value FROM fills' \
	    '100|200
149|150'
}
ok 'value overrides size x price, and makes a price' overrides
half_even() {
	fresh && {
		sed '2,$d' two.csv
		echo h,2025-01-01T00:00:00Z,X-USD,buy,0.000000001,0.0000000015,0,,
		echo i,2025-01-01T00:00:00Z,X-USD,buy,0.000000001,0.0000000025,0,,
	} >tiny.csv && import tiny.csv && answers 'SELECT value FROM fills' \
	    '0.000000000000000002
0.000000000000000002'
}
ok 'a product is rounded half-even at 18 decimals' half_even

kinds() {
	fresh && cat >kinds.csv <<-'END' && import kinds.csv &&
	id,time,product,side,size,price,fee,kind
	1,2025-01-01T00:00:00Z,BTC-USD,buy,4,100,0,trade
	2,2025-01-02T00:00:00Z,BTC-USD,buy,1,110,0,income
	3,2025-01-03T00:00:00Z,BTC-USD,sell,1,120,0,disposal
	4,2025-01-04T00:00:00Z,BTC-USD,sell,1,130,0,fee-in-base
	5,2025-01-05T00:00:00Z,BTC-USD,sell,1,140,0,transfer-fee
	END
	    answers 'SELECT crypto_balance, usd_invested, realized_pnl
	    FROM portfolio' '2|210|-40'
}
# 120-100 = 20, 0-100 = -100, 140-100 = 40: -40; left 1 at 100, 1 at 110
ok 'income, gifts, fees in coins and of transfers' kinds
one_order() {
	fresh && cat >order.csv <<-'END' && import order.csv &&
	trade_id,time,product,side,size,price,fee,order_id
	1,2025-01-01T00:00:00Z,BTC-USD,buy,1,100,0.1,o-1
	2,2025-01-01T00:00:01Z,BTC-USD,buy,3,104,0.3,o-1
	3,2025-01-01T00:00:02Z,BTC-USD,buy,1,105,0.1,o-2
	END
	    answers 'SELECT order_id, size_crypto, size_usd, price, commission,
	    created_at, filled_at FROM trades' \
	    'o-1|4|412|103|0.4|2025-01-01T00:00:00.000000Z|2025-01-01T00:00:01.000000Z
o-2|1|105|105|0.1|2025-01-01T00:00:02.000000Z|2025-01-01T00:00:02.000000Z' &&
	    answers 'SELECT count(*) FROM fills' 3
}
ok 'rows of one order are one trade' one_order
other_products() {
	fresh && sed '3s/BTC-USD/ETH-EUR/; 3s/SELL/BUY/; 3s/,,$/,EUR,/' two.csv \
	    >eur.csv && import eur.csv && counts products_assumed 2 &&
	    answers 'SELECT product_id, base_increment, quote_increment,
	    quote_min_size, assumed FROM products' \
		'BTC-USD|0.00000001|0.01|1|1
ETH-EUR|0.00000001|0.01|1|1'
}
ok 'unknown products are made, assumed' other_products
dry() {
	fresh && sqlite3 "$TB_DB" .dump >before && import two.csv -n &&
	    counts inserted 2 && sqlite3 "$TB_DB" .dump >after &&
	    same before after
}
ok '-n counts and books nothing' dry

# bad ROW WORDS
bad() {
	{
		cat two.csv
		echo "$1"
	} >bad.csv
	fresh && exits 65 tb-sync import trades bad.csv &&
	    grep -q "bad.csv:4: $2" err &&
	    answers 'SELECT count(*) FROM fills' 0 &&
	    exits 6 tb-sync import trades bad.csv --keep-going &&
	    grep -q "bad.csv:4: $2" err && counts inserted 2 bad 1 &&
	    answers "$fill_rows" "$fills" &&
	    answers 'SELECT count(*) FROM trades' 2
}
t=2025-01-03T00:00:00Z
while IFS='|' read -r row words; do
	ok "bad row: $row" bad "$row" "$words"
done <<END
,$t,BTC-USD,buy,1,1,0,,|id: expected a text
$(printf '%0257d' 1),$t,BTC-USD,buy,1,1,0,,|id: expected a shorter text
c,,BTC-USD,buy,1,1,0,,|time: expected unix seconds or RFC 3339, found ""
c,2025-01-03,BTC-USD,buy,1,1,0,,|time
c,2999-01-01T00:00:00Z,BTC-USD,buy,1,1,0,,|time: .*future
c,$t,btc-usd,buy,1,1,0,,|product: expected a product such as BTC-USD
c,$t,BTC/USD,buy,1,1,0,,|product
c,$t,,buy,1,1,0,,|product
c,$t,BTC-USD,hold,1,1,0,,|side: expected BUY or SELL, found "hold"
c,$t,BTC-USD,buy,0,1,0,,|size: expected more than 0
c,$t,BTC-USD,buy,-1,1,0,,|size: expected more than 0
c,$t,BTC-USD,buy,1_000,1,0,,|size: expected an amount
c,$t,BTC-USD,buy,1,-1,0,,|price: expected 0 or more
c,$t,BTC-USD,buy,1,,0,,|price: expected an amount, found ""
c,$t,BTC-USD,buy,1,1,x,,|fee: expected an amount
c,$t,BTC-USD,buy,1,1,1,BNB,|fee_currency: expected the product's quote
c,$t,BTC-USD,buy,1,1,0,,-5|value: expected 0 or more
c,$t,BTC-USD,buy,100000000000,100000000000,0,,|size: expected a smaller
c,$t,BTC-USD,buy,1,1e999,0,,|price
b,$t,BTC-USD,buy,1,1,0,,|.*in the books already
c,$t,BTC-USD,buy,1,1|6 fields, expected 9
END
wrong_kind() {
	fresh && sed -n 1,2p kinds.csv >bad.csv &&
	    echo "2,$t,BTC-USD,sell,1,1,0,income" >>bad.csv &&
	    exits 65 tb-sync import trades bad.csv && grep -q BUY err &&
	    sed -i '3s/income/staking/' bad.csv &&
	    exits 65 tb-sync import trades bad.csv &&
	    grep -q 'kind: expected trade, income' err
}
ok 'a kind that is none, or on the wrong side' wrong_kind
too_much() {
	fresh && {
		sed '2,$d' two.csv
		for n in 1 2 3; do
			echo "$n,$t,X-USD,buy,1,99999999999999999999,0,,"
		done
	} >bad.csv && exits 65 tb-sync import trades bad.csv &&
	    answers 'SELECT count(*) FROM fills' 0
}
ok 'sums that do not fit: nothing is booked' too_much
no_column() {
	fresh && sed 's/side/Seite/' two.csv >bad.csv &&
	    exits 65 tb-sync import trades bad.csv && grep -q 'no column side' err
}
ok 'a missing column' no_column

# Every golden case comes in (without paying for its way to the disk), and a
# second time nothing does.
goldens() {
	for f in "$SHARED"/pnl/*.trades.csv; do
		fresh && import -n "$f" && cp out first &&
		    grep -o '"rows":[0-9]*' first | sed s/rows/inserted/ \
			>expect && grep -o '"inserted":[0-9]*' first >actual &&
		    same expect actual || {
			echo "$f"
			return 1
		}
	done
	import "$f" && import "$f" && counts inserted 0
}
if [ -d "$SHARED/pnl" ]; then
	ok 'golden cases come in' goldens
	fresh
	ok "Coinbase's own export" import \
	    "$SHARED/coinbase/exchange/fills_BTC-USDT.csv"
else
	skip 'golden cases come in' 'no shared data'
fi

at_once() {
	fresh && TB_BUSY_MS=10000 && {
		import two.csv & tb-sync import trades two.csv >two 2>&1
		codes=$?
		wait $!
		codes=$codes$?
		TB_BUSY_MS=50
	} && [ $codes = 00 ] && answers "$fill_rows" "$fills"
}
ok 'two imports of the same file at once' at_once
