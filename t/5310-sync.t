#!/bin/sh
#
# tb-sync over a venue far away: pages, marks, what a listing that breaks off
# proves, whoever traded, and what differs.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/live.sh"

command -v sqlite3 >/dev/null || skip_all 'no sqlite3'
command -v python3 >/dev/null || skip_all 'no python3'

TB_DB=$WORK/tb.db
TB_CONFIG=$WORK/tb.yaml
export TB_DB TB_CONFIG

ready() {
	new_live && tb-sync products >out && : >"$VENUE/log"
}
says() { # PATTERN
	grep -q -- "$1" out || { cat out; return 1; }
}
dump() {
	sqlite3 tb.db .dump | grep -v 'INSERT INTO pace'
}
count() { # QUERY
	sql "SELECT count(*) FROM $1"
}
# traded [SIDE USD [AGE_S [CLIENT]]]: somebody traded at the venue
traded() {
	change "
import datetime as d
from decimal import Decimal as D
n = len(s['fills']) + 1
usd, side = D('${2:-50}'), '${1:-BUY}'
at = (d.datetime.now(d.timezone.utc) - d.timedelta(seconds=${3:-60}))
at = at.strftime('%Y-%m-%dT%H:%M:%SZ')
sign = 1 if side == 'BUY' else -1
b = s['balances']
b['BTC'] = str(D(b['BTC']) + sign * usd / 100)
b['USD'] = str(D(b['USD']) - sign * usd - D('0.5'))
s['orders'].append(dict(order_id='x%d' % n, product_id='BTC-USD', side=side,
    type='market', status='FILLED', filled_size=str(usd / 100),
    filled_value=str(usd), total_fees='0.5', settled=True, created_at=at,
    client_order_id='${4:-}' or 'stranger-%d' % n))
s['fills'].append(dict(entry_id='e%d' % n, trade_id='t', order_id='x%d' % n,
    product_id='BTC-USD', side=side, size=str(usd / 100), price='100',
    value=str(usd), fee='0.5', at=at))"
}

# ---------------------------------------------------------------- products --

products() {
	ready && says '"listed":2,"changed":2' && dump >before &&
	    exits 0 tb-sync products && says '"listed":2,"changed":0' &&
	    change 's["products"][0]["base_min_size"] = "0.5"' &&
	    exits 0 tb-sync products && says '"changed":1' &&
	    answers "SELECT base_min_size FROM products
	    WHERE product_id = 'BTC-USD'" 0.5
}
ok 'products: what changed is stored' products
many_products() {
	new_live && change 's["page"] = 1' && exits 0 tb-sync products &&
	    says '"listed":2,"changed":2' && [ "$(asked products)" = 2 ]
}
ok 'products, page by page' many_products

# ----------------------------------------------------------------- candles --

candles() { # CODE [OPTION ...]
	code=$1
	shift
	exits "$code" tb-sync candles BTC-USD "$@"
}
month() {
	ready && candles 0 --since -30d && says '"missing":0' &&
	    [ "$(asked candles)" = 29 ] &&
	    [ "$(count candles)" -ge 8639 ] && exits 0 tb-sync gaps -e
}
ok 'a month, 300 candles a request' month
again() {
	: >"$VENUE/log" && candles 0 --since -30d &&
	    says '"changed":[01],' && [ "$(asked candles)" = 1 ] &&
	    : >"$VENUE/log" && candles 0 && [ "$(asked candles)" = 1 ]
}
ok 'once more: the newest page only' again
further() {
	: >"$VENUE/log" && candles 0 --since -33d && [ "$(asked candles)" -le 3 ] &&
	    [ "$(count candles)" -ge 9503 ] && exits 0 tb-sync gaps -e
}
ok 'further back: only what is not there' further
unknown_product() {
	new_live && candles 0 --since -1h && [ "$(asked products)" = 1 ] &&
	    exits 7 tb-sync candles DOGE-USD --since -1h &&
	    exits 2 tb-sync candles doge && candles 2 --since +1h &&
	    candles 2 --granularity 7m
}
ok 'a product is looked up; one that nobody has is not found' unknown_product
with_gaps() {
	ready && change 's["gap"] = 10' && candles 0 --since -1d &&
	    [ "$(count candles)" -ge 258 ] && exits 1 tb-sync gaps -e &&
	    : >"$VENUE/log" && candles 0 --since -1d &&
	    [ "$(asked candles)" = 1 ]
}
ok 'what nobody traded is a gap, and is not asked for again' with_gaps
refilled() {
	: >"$VENUE/log" && change 's["gap"] = 0' && candles 0 --since -1d --refill &&
	    [ "$(asked candles)" = 1 ] && exits 0 tb-sync gaps -e
}
ok '--refill asks for all that is missing' refilled
young() {
	ready && change 'import time
s["listed_at"] = time.time() // 300 * 300 - 3000' &&
	    candles 0 --since -10d && says '"missing":0' &&
	    [ "$(count candles)" -le 11 ] && : >"$VENUE/log" &&
	    candles 0 --since -10d && [ "$(asked candles)" = 1 ]
}
ok 'a product that is younger than what was asked for' young
closed_only() {
	ready && candles 0 --since -1h &&
	    answers "SELECT max(start) + 300 <= unixepoch() FROM candles" 1
}
ok 'only candles that have closed' closed_only
nonsense() {
	ready && faults 'candles nonsense' && candles 65 --since -1h &&
	    answers 'SELECT count(*) FROM candles' 0 &&
	    candles 0 --since -1h
}
ok 'nonsense: nothing is stored' nonsense
paper() {
	ready && tb-migrate -d paper.db init >out &&
	    exits 0 tb-sync -d paper.db candles BTC-USD --since -1h &&
	    [ "$(asked candles)" = 1 ] && [ "$(sqlite3 paper.db \
	    'SELECT count(*) FROM candles')" -ge 11 ] &&
	    [ ! -e paper.db.paper ]
}
ok 'a paper database has its candles from there too, without its desk' paper

# ------------------------------------------------------- orders and fills --

strangers() {
	ready && traded && traded SELL 20 && exits 0 tb-sync orders &&
	    says '"listed":2,"changed":2' && answers \
	    'SELECT triggered_by, side, size_crypto FROM trades ORDER BY id' \
	    'sync|SELL|0.2
sync|BUY|0.5' && sound && exits 0 tb-sync fills && says '"changed":0'
}
ok 'fault 78: whoever traded, it is booked' strangers
same_again() {
	exits 0 tb-sync orders && dump >before && exits 0 tb-sync orders &&
	    exits 0 tb-sync fills && dump >after &&
	    grep -v synced before >a && grep -v synced after >b && same a b
}
ok 'told again, nothing changes' same_again
by_fills() {
	ready && traded BUY 50 172800 && traded && exits 0 tb-sync fills &&
	    says '"listed":2,"changed":2' && sound &&
	    answers 'SELECT crypto_balance FROM portfolio' 1
}
ok 'fills alone bring their orders' by_fills
overlap() {
	: >"$VENUE/log" && traded BUY 50 3600 && exits 0 tb-sync fills &&
	    says '"changed":1' && grep -o '"since":"[^"]*"' "$VENUE/log" |
	    tail -1 >since && ! grep -q 1970 since && sound
}
ok 'a fill that comes late is seen within a day' overlap
one_trade_id() {
	answers "SELECT count(*), count(DISTINCT venue_trade_id) FROM fills" \
	    '3|1'
}
ok 'fault 73: fills with one trade_id' one_trade_id
no_order() {
	ready && traded && change 's["orders"] = []' && exits 6 tb-sync fills &&
	    grep -q 'does not tell of its order' err && exits 6 tb-sync fills
}
ok 'a fill whose order is not told: said, each time' no_order
new_status() {
	ready && traded && change 's["orders"][0]["status"] = "ON_THE_MOON"' &&
	    exits 6 tb-sync orders && grep -q \
	    'x1: unknown status "ON_THE_MOON", kept OPEN' err &&
	    answers 'SELECT status FROM orders' ON_THE_MOON &&
	    answers 'SELECT status FROM trades' pending
}
ok 'fault 72: a status that nobody knows stays open' new_status
still_new() {
	ready && traded && change 's["orders"][0]["status"] = "ON_THE_MOON"' &&
	    exits 6 tb-sync orders && exits 6 tb-sync orders && grep -q \
	    'x1: unknown status "ON_THE_MOON", kept OPEN' err
}
ok 'fault 72: and is told each time' still_new
late_fee() {
	ready && traded && change 's["orders"][0].update(total_fees="0.7")' &&
	    exits 0 tb-sync orders && answers 'SELECT commission FROM trades' \
	    0.7 && change 's["orders"][0].update(total_fees="0.6")' &&
	    exits 0 tb-sync orders && answers 'SELECT commission FROM trades' \
	    0.6 && sound && answers "SELECT count(*) FROM fills
	    WHERE kind = 'adjustment'" 2
}
ok 'fault 74: a fee that comes late, and changes' late_fee
# An order that executed nothing, and yet a fee of it is booked: no position.
fee_alone() {
	ready && traded && change 's["orders"][0].update(filled_size="0",
	    filled_value="0", total_fees="0.5", status="CANCELLED")
s["fills"] = []' && tb-sync orders >out 2>err
	cat out err
	sound && exits 0 tb-portfolio && says '"positions":\[\]'
}
ok 'fault 85: only a fee, of nothing' fee_alone
off() {
	ready && traded && change 's["orders"][0].update(filled_value="51")' &&
	    exits 8 tb-sync orders && grep -q 'come to' err
}
ok 'fault 75: fills that do not add up are told' off

# --------------------------------------------------- listings that break off --

broken() {
	ready && change 's["page"] = 1' && traded && traded && traded &&
	    faults 'orders_since_page2 net' && exits 75 tb-sync orders &&
	    grep -q 'incomplete listing (page 2)' err &&
	    grep -q 'booked, the next run lists it all again' err &&
	    answers "SELECT count(*) FROM meta WHERE key = 'orders_synced'" 0 &&
	    exits 0 tb-sync orders && answers 'SELECT count(*) FROM trades' 3 &&
	    sound
}
ok 'fault 71: the second page fails: no conclusion, and again' broken
first_page() {
	ready && faults 'orders_since net' && exits 69 tb-sync orders &&
	    faults 'orders_since perm' && exits 77 tb-sync orders
}
ok 'the first page fails: as it is' first_page
repeats() {
	ready && traded && faults 'orders_since repeat' &&
	    exits 75 tb-sync orders && grep -q 'incomplete listing' err
}
ok 'fault 71: a cursor that repeats' repeats
endless() {
	ready && faults 'orders_since endless' && exits 75 tb-sync orders &&
	    grep -q 'page 200' err && [ "$(asked orders_since)" = 200 ]
}
ok 'fault 71: pages without an end: 200' endless
busy() {
	ready && faults 'balances busy 100' && exits 0 tb-sync balances &&
	    [ "$(asked balances)" = 2 ] && faults 'balances busy 60000' &&
	    exits 75 tb-sync balances && exits 75 tb-sync products &&
	    grep -q 'rate limited' err
}
ok 'fault 66: slower: a short pause is waited for, a long one is everybody'"'"'s' busy
retry_cap() {
	ready && faults 'balances busy 3600000' && exits 75 tb-sync balances &&
	    answers "SELECT unixepoch(resume_at) - unixepoch() <= 3600 FROM pace" 1
}
ok 'fault 66: an hour at most' retry_cap

# ---------------------------------------------------- balances, differences --

balances() {
	ready && exits 0 tb-sync balances && answers \
	    'SELECT currency, available FROM balances ORDER BY 1' 'BTC|0
USD|1000' && answers 'SELECT count(*) FROM equity' 1
}
ok 'balances, and the day of equity' balances
differs() {
	ready && tb-sync candles BTC-USD --since -1h >out &&
	    change 's["balances"].update(USD="1100", BTC="0.5")' &&
	    exits 8 tb-sync reconcile && says '"currency":"USD","books":1000,"venue":1100,"difference":100' &&
	    says '"currency":"BTC","books":0,"venue":0.5,"difference":0.5' &&
	    answers 'SELECT count(*) FROM fills' 0
}
ok 'fault 77: what differs is told, and not mended' differs
fixed() {
	exits 0 tb-sync reconcile --fix && says '"books":1100' &&
	    answers 'SELECT crypto_balance FROM portfolio' 0.5 && sound &&
	    dump >before && exits 0 tb-sync reconcile --fix &&
	    exits 0 tb-sync reconcile && dump >after && same before after &&
	    answers "SELECT count(*) FROM cash_flows WHERE note = 'reconcile'" 2
}
ok '--fix books it; a second run writes nothing' fixed
taken() {
	change 's["balances"].update(USD="900", BTC="0.2")' &&
	    exits 0 tb-sync reconcile --fix && sound &&
	    answers 'SELECT crypto_balance FROM portfolio' 0.2 &&
	    exits 0 tb-sync reconcile
}
ok '--fix: what left' taken
priceless() {
	change 's["balances"].update(XYZ="3")' && exits 8 tb-sync reconcile --fix &&
	    exits 8 tb-sync reconcile
}
ok '--fix: coins without a price stay a difference' priceless

# ---------------------------------------------------------- the main job --

bots() {
	cat >bots.yaml <<-'END' && tb-signal load bots.yaml >out
	bots:
	  - name: A
	    product_id: BTC-USD
	    granularity: 5m
	    status: RUNNING
	    signals: {rsi: {weight: 1.0, period: 14}}
	  - name: B
	    product_id: ETH-USD
	    granularity: 1h
	    confirmation_minutes: 60
	    status: RUNNING
	    signals: {macd: {weight: 1.0, fast: 12, slow: 26, signal: 9}}
	  - name: C
	    product_id: DOGE-USD
	    granularity: 1h
	    signals: {rsi: {weight: 1.0, period: 14}}
	END
}
main_job() {
	new_live && bots && traded && exits 0 tb-sync && [ "$(grep -c what out)" = 6 ] &&
	    answers "SELECT count(*) FROM trades" 1 && tb-signal >lines &&
	    ! grep -q 'warming_up\|short_history\|stale_data' lines && sound
}
ok 'all that running bots need: signals are warm' main_job
tick() {
	: >"$VENUE/log" && exits 0 tb-sync -q && [ ! -s out ] &&
	    [ "$(asked candles)" = 2 ] && [ "$(asked products)" = 0 ] &&
	    [ "$(asked hello)" = 1 ]
}
ok 'the next tick: a page each, and -q says nothing' tick
one_fails() {
	bots && sed -i 's/ETH-USD/NOPE-USD/' bots.yaml && tb-signal load \
	    bots.yaml --prune >out && exits 6 tb-sync -q &&
	    grep -q NOPE-USD err
}
ok 'a series that nobody has: the rest goes on' one_fails
keyless() {
	new_live && bots && change 's["hello"] = {"has_key": False}' &&
	    exits 6 tb-sync && grep -q 'no key' err && [ "$(count candles)" -gt 0 ]
}
ok 'without a key: candles all the same' keyless
unreachable() {
	new_live && bots && faults 'products net' && exits 69 tb-sync -q
}
ok 'nobody there: 69' unreachable

# ------------------------------------------------------------------ doctor --

healthy() {
	new_live && bots && tb-sync -q && exits 0 tb-sync doctor &&
	    ! grep -q '"bad"' out && [ "$(wc -l <out)" = 10 ]
}
ok 'doctor: all is well' healthy
key_file() {
	echo '{}' >key.json && chmod 644 key.json &&
	    live_config "key_file: $WORK/key.json" && exits 1 tb-sync doctor &&
	    says 'open to others (mode 0644)' && chmod 600 key.json &&
	    exits 0 tb-sync doctor && ln -s key.json link.json &&
	    live_config "key_file: $WORK/link.json" && exits 1 tb-sync doctor &&
	    live_config "key_file: $WORK/none.json" && exits 1 tb-sync doctor &&
	    live_config
}
ok 'doctor: the file of the key' key_file
alarmed() {
	sqlite3 "$TB_DB" "INSERT INTO meta VALUES ('alarm', 'two orders')" &&
	    exits 1 tb-sync doctor &&
	    says '"check":"trading","verdict":"bad"' && says 'two orders' &&
	    sqlite3 "$TB_DB" "DELETE FROM meta WHERE key = 'alarm'"
}
ok 'doctor: an alarm is no stop by hand' alarmed
skewed() {
	change 's["clock"] = 90' && exits 1 tb-sync doctor &&
	    says '"check":"clock","verdict":"bad"' &&
	    change 's["clock"] = 10' && exits 0 tb-sync doctor &&
	    says '"check":"clock","verdict":"warn"' && change 's["clock"] = 0' &&
	    change 's["hello"] = {"can_transfer": True}' &&
	    exits 0 tb-sync doctor && says '"check":"key","verdict":"warn"'
}
ok 'doctor: the clock, and a key that may do too much' skewed
old() {
	tb-migrate down >out && exits 1 tb-sync doctor &&
	    says 'run tb-migrate up' && tb-migrate up >out
}
ok 'doctor: an older schema' old
shapes() {
	python3 -c 'import jsonschema' 2>/dev/null || return 0
	mkdir -p said && tb-sync doctor >said/diagnosis.1
	tb-sync >said/synced.1
	python3 "$TOP/t/lib/schema.py" "$TOP/share/schema" said/*.1
}
ok 'what is written is as its schema says' shapes
