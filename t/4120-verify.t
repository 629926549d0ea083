#!/bin/sh
#
# tb-portfolio verify and rebuild: nobody changes the books unseen.
# (t/unit/4030-audit.c flips bits in every row.)

. "${0%/*}/lib.sh"

command -v sqlite3 >/dev/null || skip_all 'no sqlite3'
command -v python3 >/dev/null || skip_all 'no python3'

TB_DB=$WORK/tb.db
export TB_DB
tb-migrate init -q -d good.db --at 2025-01-01 >out || exit 1
awk 'BEGIN {
	print "id,time,product,side,size,price,fee,fee_currency,value"
	for (i = 1; i <= 60; i++)
		printf "%d,2025-02-%02dT%02d:00:00Z,BTC-%s,%s,%d.%d,%d,0.%d,,\n",
		    i, 1 + int(i / 24), i % 24, i % 7 == 0 ? "EUR" : "USD",
		    i % 5 < 3 ? "buy" : "sell", 1 + i % 3, i % 10, 90 + i, i
}' >trades.csv
tb-sync -q -d good.db import trades trades.csv >out || exit 1

# The same with an order on paper.
awk 'BEGIN {
	print "timestamp,open,high,low,close,volume"
	for (i = 0; i < 24; i++)
		print 1759276800 + 300 * i ",100,100,100,100,1"
}' >candles.csv
cp -p good.db traded.db
tb-sync -q -d traded.db import candles --product BTC-USD --granularity 5m \
    candles.csv >out || exit 1
tb-trade -d traded.db buy BTC-USD 50 --at 2025-10-01T01:00:00Z >out || exit 1

# fresh SQL: a copy of the good database, changed as only a stranger would;
# the triggers that refuse it are put back.
from=good.db
fresh() {
	cp -p $from tb.db
	sqlite3 tb.db "SELECT sql || ';' FROM sqlite_schema
	    WHERE type = 'trigger'" >triggers.sql
	{
		sqlite3 tb.db "SELECT 'DROP TRIGGER ' || name || ';'
		    FROM sqlite_schema WHERE type = 'trigger'"
		echo 'PRAGMA ignore_check_constraints = ON;'
		echo 'PRAGMA synchronous = OFF; BEGIN;'
		printf '%s;\n' "$1"
		cat triggers.sql
		echo 'COMMIT;'
	} | sqlite3 tb.db
}

# finds CHECK WORDS: verify exits 8, that check says it, and so does the line
# on standard error.
finds() {
	exits 8 tb-portfolio verify &&
	    grep -q "\"check\":\"$1\",\"ok\":false,.*$2" out && [ -s err ]
}
heals() {
	tb-portfolio rebuild -q && tb-portfolio verify
}
does_not_heal() {
	tb-portfolio rebuild -q
	! tb-portfolio verify
}

fresh ''
ok 'good books are green' tb-portfolio verify
ok 'eight checks are told' eval '[ "$(grep -c "\"ok\":true" out)" = 0 ] &&
    [ "$(tb-portfolio verify | grep -c "\"ok\":true,")" = 8 ]'
ok 'check.sql finds nothing in the sqlite3 shell' eval '
	sqlite3 -readonly tb.db <"$TOP/share/check.sql" >found && [ ! -s found ]'

ok 'no database: 78' exits 78 tb-portfolio verify -d nowhere.db

fresh "UPDATE fills SET size = '1.5' WHERE id = 17"
ok 'a changed size is found, and the row named' finds fills 'row 17 '
ok 'the way out is told' grep -q 'restore a backup' err
ok 'a rebuild does not heal it' does_not_heal
fresh "UPDATE fills SET hash = replace(hash, substr(hash, 1, 1), 'x')
    WHERE id = 30"
ok 'a changed hash' finds fills 'row 30 '
fresh "DELETE FROM disposals WHERE fill_id = 60;
    DELETE FROM lots WHERE fill_id = 60; DELETE FROM fills WHERE id = 60"
ok 'a lost tail' finds fills 'expected 60 rows, found 59'
fresh "DELETE FROM disposals WHERE fill_id = 25;
    DELETE FROM lots WHERE fill_id = 25; DELETE FROM fills WHERE id = 25"
ok 'a lost row in the middle' finds fills 'row 26 '
fresh "UPDATE meta SET value = replace(value, '6', '7')
    WHERE key = 'fills_count'"
ok 'a changed count' finds fills 'expected 70 rows, found 60'

fresh "UPDATE lots SET cost_left = '1' WHERE id = (SELECT max(id) FROM lots
    WHERE size_left <> '0')"
ok 'an edited lot' finds derived 'cost_left: expected'
ok 'a rebuild heals it' heals
fresh "UPDATE disposals SET gain = '1000000' WHERE id = 3"
ok 'an edited gain' finds derived 'gain: expected'
ok 'a rebuild heals it' heals
fresh "DELETE FROM disposals WHERE id = 3"
ok 'a missing disposal' finds derived 'disposal by fill'
ok 'a rebuild heals it' heals
fresh "UPDATE portfolio SET realized_pnl = '0' WHERE product_id = 'BTC-USD'"
ok 'an edited position' finds derived 'realized_pnl: expected'
ok 'a rebuild heals it' heals
fresh "DELETE FROM portfolio"
ok 'no position at all' finds derived 'missing'
ok 'a rebuild heals it' heals
fresh "INSERT INTO products SELECT 'X-USD', base_increment, quote_increment,
    price_increment, base_min_size, quote_min_size, base_max_size,
    quote_max_size, 0, 0, 0, 0, 0, 1, updated_at FROM products LIMIT 1;
    INSERT INTO portfolio SELECT 'X-USD', '1', '1', '1', NULL, '0',
    updated_at, NULL, NULL, '0', '1', '0', '0', '0' FROM portfolio LIMIT 1"
ok 'a position out of nothing' finds invariants 'X-USD'
ok 'a rebuild heals it' heals

fresh "UPDATE trades SET size_usd = '5' WHERE id = 9"
ok 'an edited trade' finds trades 'trade 9 '
fresh "UPDATE trades SET side = 'SGLL' WHERE id = 9"
ok 'a trade of no side' finds trades 'trade 9: side: expected BUY or SELL'
fresh "UPDATE trades SET status = 'fillad' WHERE id = 9"
ok 'a trade of no status' finds trades 'trade 9: status: expected'
fresh "UPDATE cash_flows SET amount = '10000.0'"
ok 'an amount that is not canonical' finds amounts 'I20: cash_flows 1'
fresh "UPDATE cash_flows SET amount = '1e4'"
ok 'nor an exponent' finds amounts 'I20: cash_flows 1'
fresh ''
sqlite3 tb.db 'DROP TRIGGER fills_update'
ok 'a missing trigger' finds file 'fills_update'

# One bit of the file itself, in the id of a fill.
flip() {
	cp -p good.db tb.db
	python3 - "$1" <<-'END'
	import sys
	data = bytearray(open("tb.db", "rb").read())
	at = data.find(sys.argv[1].encode())
	assert at >= 0
	data[at] ^= 1
	open("tb.db", "wb").write(data)
	END
}
flip 2025-02-02T11:00:00.000000Z
ok 'one bit in the file' eval '
	tb-portfolio verify >out 2>err; [ $? = 8 ] && grep -q "\"ok\":false" out'

# ------------------------------------------------------------ events, orders --

fresh "INSERT INTO orders VALUES ('o1', NULL, 'BTC-USD', 'BUY', 'market',
    'FILLED', '1', '1', '0', 1, '2025-01-01T00:00:00.000000Z',
    '2025-01-01T00:00:00.000000Z', NULL, NULL)"
ok 'a row that tb never wrote' finds seals 'orders o1'
ok 'and nothing else is wrong with it' eval '[ "$(grep -c "\"ok\":true" out)" = 7 ]'
fresh "UPDATE cash_flows SET note = note || char(0) || 'x'"
ok 'what stands behind a NUL' finds seals 'cash_flows 1'
fresh "INSERT INTO equity VALUES ('2025-01-01', '10', '9', '0', NULL)"
ok 'a peak below its day' finds invariants I26

from=traded.db
fresh ''
ok 'an order of ours is fine' tb-portfolio verify
fresh "UPDATE intent_events SET reason = 'x' WHERE id = 2"
ok 'a changed event' finds events 'event'
fresh "DELETE FROM orders"
ok 'an order that is not in the books' finds invariants I02
fresh "UPDATE intents SET order_id = 'another'"
ok 'an order that the intent does not know' finds invariants 'I0[23]'
fresh "UPDATE orders SET filled_value = '51'"
ok 'more executed than asked, and not what fills say' finds invariants I04
fresh "UPDATE orders SET filled_value = '5y'"
ok 'an amount of an order that is none' finds invariants I04
fresh "DELETE FROM intent_events WHERE seq = 2"
ok 'a missing event' finds invariants I06
fresh "UPDATE intents SET state = 'OPEN'"
ok 'a state that no event tells of' finds invariants I07
fresh "UPDATE intent_events SET src = 'DONE' WHERE seq = 2"
ok 'a move that there is not' finds invariants I08
fresh "UPDATE intents SET quote_size = '1'"
ok 'more than was sent' finds invariants I09
fresh "UPDATE intents SET decided_at = '2025-09-30T00:59:59.000000Z'"
ok 'a decision of the day before' finds invariants I15
fresh "UPDATE intents SET decided_at = '2025-10-01T01:00:07.000000Z'"
ok 'a decision made after it was sent' finds invariants I15
fresh "DELETE FROM products WHERE product_id = 'BTC-EUR'"
ok 'a reference to nothing' finds invariants I11
fresh "UPDATE intents SET state = 'SENDING', order_id = NULL, reserve = '0'"
ok 'an order that may be live and reserves nothing' eval '
	sqlite3 -readonly tb.db <"$TOP/share/check.sql" >found &&
	grep -q "^I18|1|SENDING|0" found'
