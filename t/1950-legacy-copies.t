#!/bin/sh
#
# Several files of one account, most of all copies of one another: each row of
# each ends in one place, and nothing is counted twice.

. "${0%/*}/lib.sh"

command -v python3 >/dev/null || skip_all 'no python3'
TB_DB=$WORK/tb.db
export TB_DB

# old FILE ROWS
old() {
	rm -f "$1" && python3 "$TOP/t/lib/legacy-rows.py" "$1" "$2"
}
fresh() {
	rm -f "$TB_DB"* && tb-migrate init --cash 0 --at 2025-01-01
}
# united FILE ...: brought over, whole, and again without a change
united() {
	fresh && tb-migrate legacy -q --at 2026-01-01 "$@" &&
	    tb-migrate verify -e --at 2026-01-01 &&
	    python3 "$TOP/t/lib/legacy-check.py" whole "$TB_DB" "$@" &&
	    sqlite3 -readonly "$TB_DB" .dump >before &&
	    tb-migrate legacy -q --at 2026-01-01 "$@" &&
	    sqlite3 -readonly "$TB_DB" .dump >after &&
	    diff before after | grep -v legacy_sources | grep '^[<>]'
	[ $? -eq 1 ]
}
# ends SQL EXPECTED
ends() {
	sqlite3 -readonly "$TB_DB" "$1" >got && echo "$2" | same - got
}

no_ids() {
	old one.db "fill; bot order_id=None;
	    bot order_id=None status=pending filled_at=None;
	    bot order_id=None status=failed filled_at=None" &&
	    cp one.db two.db && united one.db two.db &&
	    ends "SELECT source_id, row_id, disposition, reason
		FROM legacy_rows WHERE source_table = 'trades' AND row_id <> '1'
		ORDER BY row_id, source_id" \
		"1|2|quarantine|no_order_id
2|2|quarantine|no_order_id
1|3|convert|
2|3|merge|duplicate_order_id
1|4|convert|
2|4|merge|duplicate_order_id"
}
ok 'orders without an id, in a copy: unproved in both' no_ids
executed() {
	old one.db "bot order_id=None; fill size=0.00025 after=-599" &&
	    cp one.db two.db && united one.db two.db &&
	    ends "SELECT count(*), sum(size_crypto) FROM trades" '1|0.00025'
}
ok 'an order without an id and its fill, in a copy: one trade' executed
