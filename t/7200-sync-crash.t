#!/bin/sh
#
# tb-sync is killed at its k-th system call, for every k of a sample (all of
# them with TB_CRASH=all), and run again: nothing is lost, nothing is there
# twice, and the books are whole.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/live.sh"
. "$TOP/t/lib/tally.sh"

command -v sqlite3 >/dev/null || skip_all 'no sqlite3'
command -v python3 >/dev/null || skip_all 'no python3'
[ -x "$BUILD/t/killat" ] || skip_all 'no killat'

TB_DB=$WORK/tb.db
TB_CONFIG=$WORK/tb.yaml
export TB_DB TB_CONFIG KILLAT_REPORT=report
export ASAN_OPTIONS=detect_leaks=0 # which would trace what is traced
POINTS=25 # of a sample

keep() {
	rm -rf kept && mkdir kept && cp -p tb.db* kept
}
again() {
	rm -f tb.db* && cp -p kept/* .
}
# what counts in the end
contents() {
	sqlite3 tb.db "SELECT * FROM candles; SELECT * FROM candle_coverage;
	    SELECT entry_id, order_id, size, value, fee, at FROM fills
	    ORDER BY entry_id; SELECT order_id, side, status, size_crypto,
	    size_usd, commission FROM trades ORDER BY order_id;
	    SELECT product_id, crypto_balance, usd_invested, realized_pnl
	    FROM portfolio; SELECT currency, available FROM balances"
}

# all_points SETTING COMMAND ...: killed at each point, run again: as if
# undisturbed
all_points() {
	setting=$1
	shift
	again && "$BUILD/t/killat" 0 "$@" >out 2>err && contents >expect ||
	    { cat out err; return 1; }
	total=$(sed -n 's/^ended //p' report)
	[ "$total" -gt 100 ] || { cat report; return 1; }
	step=$((total / POINTS + 1))
	[ "${TB_CRASH:-}" = all ] && step=2
	k=1
	kills=0
	while [ $k -le "$total" ]; do
		again
		"$BUILD/t/killat" $k "$@" >out 2>err
		[ $? -eq 137 ] && kills=$((kills + 1))
		"$@" >out 2>err && contents >actual && same expect actual &&
		    sound || {
			tally tb-sync program "$setting" $kills 0 0 1 0
			echo "killed at $k of $total"
			cat err
			return 1
		}
		k=$((k + step))
	done
	tally tb-sync program "$setting" $kills 0 0 0 0
	echo "$total stops, step $step"
}

now=--since=2025-10-01
set -- --at 2025-10-04T12:00:00Z
a_month() {
	new_live && tb-migrate -d tb.db2 init --at 2025-09-01 >out &&
	    mv tb.db2 tb.db && tb-sync products >out && keep &&
	    all_points candles tb-sync candles BTC-USD $now "$@"
}
ok 'candles, killed at each call' a_month "$@"

strangers() {
	new_live && tb-sync products >out && change '
for n in range(1, 8):
    side = "BUY" if n % 3 else "SELL"
    at = "2025-10-0%dT12:00:00Z" % n
    s["orders"].append(dict(order_id="x%d" % n, product_id="BTC-USD",
        side=side, type="market", status="FILLED", filled_size="0.2",
        filled_value="20", total_fees="0.2", settled=True, created_at=at,
        client_order_id="c%d" % n))
    for part in "ab":
        s["fills"].append(dict(entry_id="e%d%s" % (n, part), trade_id="t",
            order_id="x%d" % n, product_id="BTC-USD", side=side, size="0.1",
            price="100", value="10", fee="0.1", at=at))
s["page"] = 1' && keep && all_points 'all of an account' tb-sync
}
ok 'orders, fills and balances, killed at each call' strangers
