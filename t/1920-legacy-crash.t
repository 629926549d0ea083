#!/bin/sh
#
# tb-migrate legacy is killed at its k-th system call, for every k of a sample
# (all of them with TB_CRASH=all): the database is as it was, or everything is
# in it; run again it is complete.  The old file is never touched.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/tally.sh"

POINTS=40 # of a sample

[ -x "$BUILD/t/killat" ] || skip_all 'no killat'
command -v python3 >/dev/null || skip_all 'no python3'
export KILLAT_REPORT=report
export ASAN_OPTIONS=detect_leaks=0 # which would trace what is traced
TB_DB=$WORK/tb.db
export TB_DB
at=2026-01-01T00:00:00Z

# A journal that is hot is played back by looking.
facts() {
	sqlite3 "$TB_DB" .dump
}
keep() {
	rm -rf kept && mkdir kept && cp -p tb.db* kept
}
again() {
	rm -f tb.db* && cp -p kept/* .
}
legacy() {
	"$@" tb-migrate legacy -q --history all --at "$at" --backup tb.db.copy \
	    old.db >out 2>err
}

# begun: an old database, a new one, and what has to come of both
begun() {
	python3 "$TOP/t/lib/legacy-db.py" "$1" old.db "$2" 12 &&
	    chmod 600 old.db && sha256sum old.db >sum &&
	    tb-migrate init --cash 0 --at "$at" >out && keep &&
	    facts >was && legacy "$BUILD/t/killat" 0 && facts >is &&
	    total=$(sed -n 's/^ended //p' report) && [ "$total" -gt 200 ]
}

# one K: whole or untouched, then complete.  A busy machine may make a call
# less, so that the last stops are behind the end.
one() {
	again && legacy "$BUILD/t/killat" "$1"
	case $? in
	0) ;;
	137) kills=$((kills + 1)) ;;
	*) return 1 ;;
	esac
	rm -f tb.db.copy*
	facts >now
	cmp -s now was || cmp -s now is || { echo 'neither old nor new'; return 1; }
	tb-migrate legacy -q --history all --at "$at" --backup tb.db.copy \
	    old.db >out 2>err || { cat err; return 1; }
	facts | same is - && sha256sum -c --quiet sum
}

killed() {
	rm -rf old.db tb.db*
	begun "$@" || { cat out err; return 1; }
	step=$((total / POINTS + 1))
	[ "${TB_CRASH:-}" = all ] && step=2
	k=1
	kills=0
	while [ $k -le "$total" ]; do
		one $k || {
			tally tb-migrate paper "legacy $2" $kills 0 0 1 0
			echo "killed at $k of $total"
			return 1
		}
		k=$((k + step))
	done
	tally tb-migrate paper "legacy $2" $kills 0 0 0 0
	echo "$total stops, step $step, killed $kills times"
	[ "$kills" -ge $((total / step - 2)) ]
}

ok 'fault 88: killed anywhere: the old state or the new one' killed 3 V6
ok 'fault 88: with raw_trades beside' killed 5 V7b
