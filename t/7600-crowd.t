#!/bin/sh
#
# A crowd: 24 processes of every tool on one database at once, some killed,
# some making backups, 500 runs in all (make check-crowd: 64 processes for ten
# minutes).  Nobody is shown a lock but the send lock, no update is lost, no
# limit is overshot, every backup is whole: fault 30, fault 36, fault 42.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/trade.sh"

command -v python3 >/dev/null || skip_all 'no python3'
command -v sqlite3 >/dev/null || skip_all 'no sqlite3'

crowd() {
	TB_BUILD=$BUILD "$TOP/t/lib/soak.sh" crowd "$@"
}
if [ "${TB_CRASH:-}" = all ]; then
	ok '64 processes for a minute' crowd --processes 64 --for 60
else
	ok '24 processes, 500 runs' crowd --processes 24 --runs 500
fi

# Money comes while a reconciliation stands still, at any point of its way.
money_meanwhile() {
	new_db && line BUY BTC-USD 50 a | trade >out || return 1
	at=1
	while :; do
		"$BUILD/t/killat" -t 'TB_BUSY_MS=0 tb-portfolio -d tb.db \
		    flow add --currency USD --amount 1 --at now' $at \
		    tb-sync -d tb.db -c tb.yaml reconcile >out 2>err ||
		    { echo "at $at"; cat out err; return 1; }
		grep -q '^held' report || break
		at=$((at + 5))
	done
	[ $at -gt 100 ] && [ "$(sql 'SELECT count(*) FROM cash_flows')" -gt 20 ]
}
export KILLAT_REPORT=report
export ASAN_OPTIONS=detect_leaks=0 # which would trace what is traced
ok 'a reconciliation compares one moment' money_meanwhile
