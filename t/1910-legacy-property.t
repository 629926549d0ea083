#!/bin/sh
#
# Whatever the old system left behind: every row ends in exactly one place,
# trades are the sums of their fills, verify is green, a second run changes
# nothing, revert gives back the old rows.  Databases of every variant with
# every kind of dirt, order ids that stand twice among it (fault 89), made from
# seeds; SEEDS="from to" for others.

. "${0%/*}/lib.sh"

command -v python3 >/dev/null || skip_all 'no python3'
TB_DB=$WORK/tb.db
export TB_DB
at=2026-01-01T00:00:00Z

# rows FILE: all of it, as text
rows() {
	sqlite3 -readonly "$1" .dump
}
kept() {
	sqlite3 -readonly "$TB_DB" .dump |
	    grep -v 'INSERT INTO legacy_sources'
}

bring() {
	tb-migrate legacy -q --history all --at "$at" old.db >out 2>err || {
		cat err
		return 1
	}
}
verified() {
	tb-migrate verify --at "$at" >checks 2>err || {
		cat checks err
		return 1
	}
	grep '"ok":false\|not compared' checks
	[ $? -eq 1 ]
}

# one SEED: all that has to hold of it
one() {
	rm -rf old.db back.db "$TB_DB"*
	python3 "$TOP/t/lib/legacy-db.py" "$1" old.db && chmod 600 old.db &&
	    sha256sum old.db >sum && tb-migrate init --cash 0 --at "$at" >out &&
	    bring && python3 "$TOP/t/lib/legacy-check.py" whole "$TB_DB" \
	    old.db && verified || return 1
	kept >before && bring && kept >after && same before after &&
	    grep -q '"backup":null' out || return 1
	tb-migrate revert back.db >out && rows old.db >was &&
	    rows back.db >is && same was is && sha256sum -c --quiet sum
}

# shellcheck disable=SC2086 # words are meant
seeds=$(seq ${SEEDS:-0 20})
for seed in $seeds; do
	ok "seed $seed" one "$seed"
done
