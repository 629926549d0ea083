#!/bin/sh
#
# tb-migrate plan and inspect: what becomes of every row of an old database.

. "${0%/*}/lib.sh"

LEGACY=$SHARED/legacy
EXPECT=$TOP/t/lib/legacy-expect.py

# plans EXPECT.json: the plan of the database beside it is what it says.
plans() {
	tb-migrate plan "${1%.expect.json}.db" -o ndjson >plan.ndjson &&
	    python3 "$EXPECT" "$1" plan.ndjson
}
if [ -d "$LEGACY" ]; then
	for expect in "$LEGACY"/*.expect.json "$LEGACY"/variants/*.expect.json
	do
		name=${expect##*/}
		ok "${name%.expect.json} is planned as expected" \
		    plans "$expect"
	done
else
	skip 'example databases are planned as expected' \
	    'no data folder of old databases'
fi

# united: each row of two halves of one account stands once.
united() {
	variants=$LEGACY/variants
	tb-migrate plan "$variants/split_root.db" "$variants/split_backend.db" \
	    -o ndjson >lines || return 1
	python3 - <<'END'
import json
lines = [json.loads(line) for line in open("lines")]
stands = [l for l in lines if l.get("trade")]
ids = {l["trade"]["order_id"] for l in stands}
merged = [l for l in lines if l.get("disposition") == "merge"]
assert len(stands) == len(ids) == 14, len(stands)
assert len(merged) == 9, len(merged)
assert all(l["reason"] == "duplicate_order_id" for l in merged)
assert all(l["merged_into_file"].endswith("split_root.db") for l in merged)
assert [l["trade"]["created_at"] for l in stands] == sorted(
    l["trade"]["created_at"] for l in stands)
END
}
refuses() {
	exits 65 tb-migrate inspect "$1" && grep -q "$2" err
}
if [ -d "$LEGACY" ]; then
	ok 'two halves of an account are united' united
	ok 'a file of no bytes is refused' \
	    refuses "$LEGACY/variants/zero_bytes.db" 'no bytes'
	ok 'a truncated one is refused' \
	    refuses "$LEGACY/variants/corrupt_truncated.db" 'truncated'
else
	skip 'two halves of an account are united' \
	    'no data folder of old databases'
fi

# ---- hand-made rows

# old FILE [SQL]: a database of the old system, variant V6, with rows.
old() {
	rm -f "$1"
	python3 "$TOP/t/lib/legacy-rows.py" "$1" "${2-}"
}
# row WORD ...: the values of a fill, with what is named changed.
says() {
	old one.db "$1" && tb-migrate plan one.db --at 2026-01-01 -o ndjson \
	    >lines && python3 "$TOP/t/lib/legacy-rows.py" --says lines "$2"
}
while IFS='|' read -r what values expected; do
	[ -n "$what" ] || continue
	ok "$what" says "$values" "$expected"
done <"$TOP/t/lib/legacy-rules"

# ---- strangers

sqlite3 text.db 'CREATE TABLE songs (a); INSERT INTO songs VALUES (1);'
ok "another program's database is refused" refuses text.db \
    'neither trades nor raw_trades'
sqlite3 theirs.db 'CREATE TABLE trades (ticker, lot);'
ok "another program's table of that name is refused" refuses theirs.db \
    "another program's"
sqlite3 marked.db 'PRAGMA application_id=7; CREATE TABLE trades (id);'
ok "a database with another program's mark is refused" refuses marked.db \
    'application_id 7'
sqlite3 none.db 'CREATE TABLE a (b); DROP TABLE a;'
ok 'a database without a table is refused' refuses none.db 'without a table'
printf 'this is not a database, however long it is %0100d\n' 0 >words.db
ok 'what is no database is refused' refuses words.db 'no SQLite database'
tb-migrate init >/dev/null
ok 'a database of ours is refused' refuses "$XDG_DATA_HOME/tb/tb.db" \
    'already'
ok 'a folder is refused' refuses . 'no regular file'
ok 'a missing file is not found' exits 7 tb-migrate inspect missing.db
ok 'a file named twice is wrong usage' exits 2 tb-migrate plan one.db one.db
ok 'so is a cap of 0' exits 2 tb-migrate plan --cap 0 one.db

# ---- never written to

old quiet.db "size=0.002"
seen() {
	ls -lAR --time-style=full-iso "$1" && cat "$1"/* | sha256sum
}
mkdir locked && cp quiet.db locked/old.db
untouched() {
	seen locked >before || return 1
	chmod 500 locked && chmod 400 locked/old.db
	seen locked >before
	tb-migrate plan locked/old.db -o ndjson >lines
	code=$?
	seen locked >after
	chmod 700 locked && chmod 600 locked/*
	[ $code -eq 0 ] && same before after
}
ok 'a read-only file in a read-only folder is read, and untouched' untouched

# hot MODE: a writer is killed in the middle of a transaction.
hot() {
	rm -rf hot && mkdir hot && cp quiet.db hot/old.db &&
	    python3 - "$1" <<'END'
import os, sqlite3, sys
c = sqlite3.connect("hot/old.db", isolation_level=None)
c.execute("PRAGMA journal_mode=" + sys.argv[1])
c.execute("PRAGMA cache_size=1")
c.execute("PRAGMA cache_spill=1")
if sys.argv[1] == "WAL":
    c.execute("PRAGMA wal_autocheckpoint=0")
    c.execute("UPDATE trades SET size = 0.003, size_usd = 0.003 * price")
c.execute("BEGIN")
for n in range(300):
    c.execute("INSERT INTO bots (name, description) VALUES (?, ?)",
              (n, "x" * 3000))
c.execute("UPDATE trades SET size = 9, size_usd = 9 * price")
os.kill(os.getpid(), 9)
END
	[ -s "hot/old.db-$2" ] || return 1
	seen hot >before
	tb-migrate plan hot/old.db -o ndjson >lines || return 1
	seen hot >after
	same before after && grep -q "\"recovered\":\"$2\"" lines &&
	    grep -q "\"size_crypto\":$3" lines
}
ok 'a hot journal is rolled back in the copy alone' hot DELETE journal 0.002
ok 'fault 90: a write-ahead log is read in the copy alone' hot WAL wal 0.003

# busy MODE: a writer holds a transaction meanwhile.
busy() {
	cp quiet.db busy.db && rm -f go ended && mkfifo go ended || return 1
	python3 - "$1" <<'END' &
import sqlite3, sys
c = sqlite3.connect("busy.db", isolation_level=None)
c.execute("PRAGMA journal_mode=" + sys.argv[1])
c.execute("BEGIN IMMEDIATE")
c.execute("UPDATE trades SET size = 9, size_usd = 9 * price")
open("go", "w").close()
open("ended").read()
c.execute("COMMIT")
END
	writer=$!
	cat go
	tb-migrate plan busy.db -o ndjson >lines
	code=$?
	: >ended
	wait $writer && [ $code -eq 0 ] &&
	    grep -q '"size_crypto":0.002' lines
}
ok 'a writer with a transaction open is not waited for' busy DELETE
ok 'nor one with a log' busy WAL
locked_out() {
	cp quiet.db busy.db && rm -f go ended && mkfifo go ended || return 1
	python3 - <<'END' &
import sqlite3
c = sqlite3.connect("busy.db", isolation_level=None)
c.execute("BEGIN EXCLUSIVE")
open("go", "w").close()
open("ended").read()
END
	writer=$!
	cat go
	TB_BUSY_MS=50 exits 75 tb-migrate plan busy.db
	code=$?
	: >ended
	wait $writer && [ $code -eq 0 ] && grep -q 'locked by a program' err
}
ok 'one that commits for longer than we wait is: try again later' locked_out

# ---- hostile

hostile() {
	old bad.db "size=0.002" && sqlite3 bad.db "
		CREATE TRIGGER t AFTER INSERT ON trades BEGIN
		    DELETE FROM trades; END;
		CREATE VIEW v AS WITH RECURSIVE n(x) AS
		    (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n;
		CREATE TABLE \"odd \"\"name\" (rowid, _rowid_,
		    g AS (rowid || 'x'), \"a\"\"b\");
		INSERT INTO \"odd \"\"name\" VALUES (1, 2, x'00ff');
		CREATE TABLE w (k PRIMARY KEY, v) WITHOUT ROWID;
		INSERT INTO w VALUES ('a', 1), ('b', 2);
		UPDATE trades SET signal_scores = printf('%.*c', 300000, '[');
		" || return 1
	tb-migrate plan bad.db -o ndjson >lines || return 1
	[ "$(grep -c '"archive"' lines)" -eq 3 ]
}
ok 'triggers, views and odd names do no harm' hostile

for format in table json csv; do
	ok "a plan as $format" tb-migrate plan quiet.db -o $format
done
inspects() {
	tb-migrate inspect quiet.db -o ndjson >lines && python3 - <<'END'
import json, hashlib
d = json.load(open("lines"))
s = d["sources"][0]
assert s["variant"] == "V6", s["variant"]
assert s["sha256"] == hashlib.sha256(open("quiet.db", "rb").read()).hexdigest()
assert {t["name"]: t["rows"] for t in s["tables"]}["trades"] == 1
assert d["rows"] == 1 and d["quirks"]["fee_unknown"] == 1
END
}
ok 'inspect tells variant, sum, tables and oddities' inspects

# Columns that one ALTER script after the other put behind the rest: the file
# of that era, not a mixture.  A row of the next era leaves trading_mode empty.
altered() {
	rm -f altered.db && sqlite3 altered.db "
		CREATE TABLE bots (id INTEGER PRIMARY KEY, cooldown_minutes);
		CREATE TABLE trades (id INTEGER PRIMARY KEY, bot_id, product_id,
		    side, size, price, fee, order_id UNIQUE, status,
		    combined_signal_score, signal_scores, created_at, filled_at);
		ALTER TABLE trades ADD COLUMN average_entry_price REAL;
		ALTER TABLE trades ADD COLUMN size_usd REAL;
		ALTER TABLE trades ADD COLUMN trading_mode VARCHAR(20);
		INSERT INTO trades (id, trading_mode) VALUES (1, $1);
		$3" || return 1
	tb-migrate inspect altered.db -o ndjson >lines || return 1
	grep -q "\"variant\":\"$2\"" lines
}
ok 'a file altered twice is of its era' altered "'production'" V5b ''
ok 'a later row in it leaves a column empty' altered NULL V6g ''
ok 'altered for fills too, it is a mixture' altered NULL Vx \
    'ALTER TABLE trades ADD COLUMN commission FLOAT;'

inspects_page() {
	cp quiet.db odd.db && sqlite3 odd.db "
		CREATE TABLE notes (id INTEGER PRIMARY KEY, word TEXT);
		INSERT INTO notes VALUES (1, 'a'), (2, 'b');
		ALTER TABLE trades ADD COLUMN mood TEXT;
		ALTER TABLE trades ADD COLUMN weather TEXT;" || return 1
	tb-migrate inspect odd.db -o table >page &&
	    grep -q '^odd.db: V6, [0-9]* bytes$' page &&
	    grep -Eq '^notes +2 +2 +the whole table$' page &&
	    grep -Eq '^trades +1 +[0-9]+ +mood, weather$' page &&
	    grep -Eq '^nobody told its fee: it counts as 0 +1$' page
}
ok 'inspect as a table is a page for people' inspects_page
