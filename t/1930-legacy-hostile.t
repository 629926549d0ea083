#!/bin/sh
#
# Databases that are not what they seem do no harm: nothing of theirs runs,
# nothing is written to them, and the new database is whole or untouched.

. "${0%/*}/lib.sh"

command -v python3 >/dev/null || skip_all 'no python3'
TB_DB=$WORK/tb.db
export TB_DB
at=2026-01-01T00:00:00Z

facts() {
	sqlite3 -readonly "$TB_DB" .dump
}
# old SQL: a database of the old system, with that done to it
old() {
	rm -rf old.db back.db tb.db* && python3 "$TOP/t/lib/legacy-db.py" 6 \
	    old.db V7b 15 && sqlite3 old.db "$1" && chmod 600 old.db &&
	    sha256sum old.db >sum && tb-migrate init --cash 0 --at "$at" >out &&
	    facts >before
}
legacy() {
	tb-migrate legacy -q --history all --at "$at" old.db
}

no_copy() {
	set -- tb.db.before*
	[ ! -e "$1" ]
}

# harmless SQL: it comes over, whole, and the old file is as it was
harmless() {
	old "$1" && exits 0 legacy && sha256sum -c --quiet sum &&
	    exits 0 tb-migrate verify --at "$at" && python3 \
	    "$TOP/t/lib/legacy-check.py" whole "$TB_DB" old.db &&
	    exits 0 tb-migrate revert back.db && sha256sum -c --quiet sum
}
# refused SQL: exit 65 with a word, and nothing is done
refused() {
	old "$1" && exits 65 legacy && [ -s err ] && facts >after &&
	    same before after && sha256sum -c --quiet sum && no_copy
}

ok 'fault 90: triggers that would delete' harmless "CREATE TRIGGER t1 AFTER INSERT ON
    trades BEGIN DELETE FROM bots; DELETE FROM trades; END;
    CREATE TRIGGER t2 BEFORE UPDATE ON trades BEGIN
    SELECT raise(ABORT, 'no'); END"
added_past_trigger() {
	old "CREATE TRIGGER t1 AFTER INSERT ON trades BEGIN
	    DELETE FROM trades; END" && exits 0 legacy && printf '%s\n' \
	    'id,time,product,side,size,price,fee' \
	    'n-1,2025-12-20T10:00:00Z,BTC-USD,BUY,0.1,120000,7' >new.csv &&
	    tb-sync import trades new.csv >out && tb-migrate revert back.db \
	    >out && [ "$(sqlite3 back.db 'SELECT count(*) FROM trades')" -eq \
	    $(($(sqlite3 old.db 'SELECT count(*) FROM trades') + 1)) ]
}
ok 'fault 90: nor do they run in the copy that revert makes' added_past_trigger
ok 'fault 90: views over everything' harmless "CREATE VIEW v AS SELECT
    load_extension('x') FROM trades; CREATE VIEW w AS SELECT * FROM w2;
    CREATE VIEW w2 AS SELECT * FROM v"
ok 'fault 90: a view in the place of the trades' refused "DROP TABLE raw_trades;
    ALTER TABLE trades RENAME TO t; CREATE VIEW trades AS SELECT * FROM t"
ok 'fault 90: generated columns' harmless "ALTER TABLE trades ADD COLUMN g TEXT
    AS (hex(zeroblob(1000)) || order_id); CREATE TABLE gone (a INT, b AS
    (a / 0), c AS (abs(-9223372036854775808)))"
ok 'an index on an expression that fails' harmless "CREATE TABLE e (a);
    CREATE INDEX ei ON e (abs(a))"
ok 'tables without rowid, and with quotes in their names' harmless \
    "CREATE TABLE \"a\"\"b'; DROP TABLE trades;--\" (\"c\"\"d\" TEXT);
    INSERT INTO \"a\"\"b'; DROP TABLE trades;--\" VALUES ('x')"
# What the old system left in its rows: each is in one place, and counted.
odd_rows() {
	harmless "UPDATE trades SET order_id = NULL WHERE id = 2;
	    UPDATE trades SET side = lower(side) WHERE id = 3;
	    UPDATE trades SET size = '1e-9' WHERE id = 4;
	    UPDATE trades SET created_at = '2025-06-01 10:00:00' WHERE id = 5;
	    UPDATE trades SET bot_id = 99 WHERE id = 8" &&
	    tb-migrate explain >told && cat told && grep -q 'be proved' told &&
	    sqlite3 "$TB_DB" 'SELECT count(*) FROM quarantine' >kept &&
	    [ "$(cat kept)" -gt 0 ]
}
ok 'fault 89: rows that are no good: here or in quarantine' odd_rows
ok 'texts with every byte' harmless "UPDATE trades SET
    signal_scores = CAST(x'00ff0a1b5b324a22' AS TEXT) WHERE id = 3;
    UPDATE trades SET product_id = CAST(x'4254432d5553440a' AS TEXT)
    WHERE id = 4; UPDATE trades SET order_id = x'00ff' WHERE id = 5;
    UPDATE bots SET name = char(27) || '[2J' WHERE id = 1;
    UPDATE bots SET signal_config = x'7b7d' WHERE id = 2"
ok 'numbers that are none' harmless "UPDATE trades SET size = 9e999 WHERE
    id = 3; UPDATE trades SET price = -9e999 WHERE id = 4; UPDATE trades SET
    size_usd = 'NaN', price = '0x10', size = '1e400' WHERE id = 5;
    UPDATE trades SET size = 1e-300, price = 1e300 WHERE id = 6"
ok 'fees and prices that no sum holds' harmless "UPDATE trades SET
    fee = 9e18 WHERE id IN (3, 4); UPDATE trades SET price = 1e19, size_usd =
    1e19 WHERE id > 4"
is_text() {
	harmless "UPDATE trades SET order_id = CAST(x'42ff55' AS TEXT)
	    WHERE id = 3" && sqlite3 "$TB_DB" .dump >dump &&
	    iconv -f UTF-8 -t UTF-8 dump >whole && same dump whole
}
ok 'an order id that is no text: its digest stands' is_text
ok 'fault 90: a text of a megabyte' harmless "UPDATE trades SET signal_scores =
    hex(zeroblob(500000)) WHERE id = 3"
ok 'one of sixteen, all of it escaped' harmless "UPDATE trades SET
    signal_scores = replace(hex(zeroblob(16000000)), '00', char(1))
    WHERE id = 3"
names_the_row() {
	refused "UPDATE trades SET signal_scores = hex(zeroblob($1))
	    WHERE id = 3" && cat err && grep -q 'trades.*2.*16777216' err
}
ok 'fault 90: one of seventeen is refused, the row is named' names_the_row 8500000
ok 'every text of a trade at once' harmless "UPDATE trades SET status =
    hex(zeroblob(1000000)), side = status, product_id = status,
    order_id = status, created_at = status, filled_at = status,
    size = status WHERE id = 3"
ok 'an order id of a megabyte' harmless "UPDATE trades SET order_id =
    hex(zeroblob(500000)) WHERE id = 3"
ok 'five hundred columns' harmless "$(echo 'CREATE TABLE wide (c0'; seq 1 499 |
    sed 's/.*/, c&/'; echo '); INSERT INTO wide (c7) VALUES (1)')"
ok 'signals nested a thousand deep' harmless "UPDATE bots SET signal_config =
    replace(hex(zeroblob(500)), '00', '{\"a\":') WHERE id = 1;
    UPDATE trades SET signal_scores = replace(hex(zeroblob(5000)), '0', '[')
    WHERE id = 4"

wrong_page() {
	old 'SELECT 1' && page=$(sqlite3 old.db "SELECT rootpage FROM
	    sqlite_master WHERE name = 'trades'") && size=$(sqlite3 old.db \
	    'PRAGMA page_size') && dd if=/dev/urandom of=old.db bs="$size" \
	    seek=$((page - 1)) count=1 conv=notrunc 2>log &&
	    sha256sum old.db >sum && exits 65 legacy && facts >after &&
	    same before after && sha256sum -c --quiet sum
}
ok 'fault 90: a page of noise is refused' wrong_page
itself() {
	old 'SELECT 1' && exits 65 tb-migrate legacy "$TB_DB" && facts >after &&
	    same before after
}
ok 'our own database is none of the old system' itself
twice() {
	old 'SELECT 1' && exits 2 tb-migrate legacy old.db ./old.db
}
ok 'the same file twice is wrong usage' twice
read_only() {
	old 'SELECT 1' && mkdir -p ro && cp old.db ro && chmod 500 ro &&
	    chmod 400 ro/old.db && exits 0 tb-migrate legacy -q --at "$at" \
	    ro/old.db
	status=$?
	chmod 700 ro
	rm -rf ro
	return $status
}
ok 'a file and a folder that cannot be written to' read_only
written_to() {
	old 'SELECT 1' && python3 - <<-'END' && sha256sum -c --quiet sum
	import sqlite3, subprocess, sys
	db = sqlite3.connect("old.db", isolation_level=None)
	db.execute("BEGIN IMMEDIATE")
	db.execute("DELETE FROM trades")
	run = subprocess.run(["tb-migrate", "legacy", "-q", "old.db"])
	db.execute("ROLLBACK")
	sys.exit(run.returncode)
	END
}
ok 'one that another program is writing to' written_to
ok 'and it is whole' exits 0 tb-migrate verify --at "$at"
