#!/bin/sh
#
# tb-migrate: make a database, move it along its schema, refuse what is none.

. "${0%/*}/lib.sh"

command -v sqlite3 >/dev/null || skip_all 'no sqlite3'

TB_DB=$WORK/home/tb.db
TB_BUSY_MS=50
export TB_DB TB_BUSY_MS
newest=$(find "$TOP/migrate" -name '*.up.sql' | wc -l)

# ask SQL: what the database answers
ask() {
	sqlite3 "$TB_DB" "$1"
}
# answers SQL ANSWER
answers() {
	ask "$1" >answer && printf '%s\n' "$2" | diff -u - answer
}
# contents FILE: every row, and what the schema says
contents() {
	sqlite3 "$1" .dump
}
# fresh: a new database in place of what was there
tb-migrate -d template.db init --at 2025-09-11T10:30:00Z >out || exit 1
fresh() {
	rm -rf "$TB_DB" "$TB_DB"-* "$TB_DB".* && cp -p template.db "$TB_DB"
}
# made OPTION ...: the same, by init
made() {
	rm -rf "$TB_DB" "$TB_DB"-* "$TB_DB".* &&
	    tb-migrate init --at 2025-09-11T10:30:00Z "$@" >out 2>err
}

# ------------------------------------------------------------------ init --

init_default() {
	TB_DB='' tb-migrate init >out &&
	    grep -q '"venue":"paper","cash_usd":10000.00,' out &&
	    [ "$(stat -c %a "$XDG_DATA_HOME/tb")" = 700 ] &&
	    [ "$(stat -c %a "$XDG_DATA_HOME/tb/tb.db")" = 600 ] &&
	    [ "$(ls -A "$XDG_DATA_HOME/tb")" = tb.db ]
}
ok 'init makes folder 0700 and file 0600 where nobody names one' init_default

init_facts() {
	made && answers "SELECT key, value FROM meta
	    WHERE key IN ('created_at', 'venue') ORDER BY key" \
	    'created_at|2025-09-11T10:30:00.000000Z
venue|paper' && answers 'SELECT at, currency, amount FROM cash_flows' \
	    '2025-09-11T10:30:00.000000Z|USD|10000' &&
	    answers 'PRAGMA application_id' 1413631828 &&
	    answers 'PRAGMA user_version' "$newest"
}
ok 'init writes venue, moment and opening cash' init_facts

init_cash() {
	made --cash 0.01 && answers 'SELECT amount FROM cash_flows' 0.01 &&
	    made --cash 0 && answers 'SELECT count(*) FROM cash_flows' 0 &&
	    made --venue coinbase &&
	    answers 'SELECT count(*) FROM cash_flows' 0
}
ok '--cash is the opening cash, none of 0 and none at coinbase' init_cash
ok 'cash below zero is refused' exits 65 \
    tb-migrate -d "$WORK/other.db" init --cash -1
ok 'cash that is no amount is wrong usage' exits 2 \
    tb-migrate -d "$WORK/other.db" init --cash ten
ok 'cash of coinbase is wrong usage' exits 2 \
    tb-migrate -d "$WORK/other.db" init --venue coinbase --cash 5
ok 'another venue is wrong usage' exits 2 \
    tb-migrate -d "$WORK/other.db" init --venue kraken

untouched() {
	fresh && contents "$TB_DB" >before && exits 78 tb-migrate init &&
	    grep -q 'of that name already' err && contents "$TB_DB" >after &&
	    same before after
}
ok 'init leaves what has the name' untouched
dry() {
	tb-migrate -d "$WORK/new/tb.db" init -n >out &&
	    grep -q schema_version out && [ ! -e "$WORK/new" ]
}
ok 'init -n makes nothing' dry
two_at_once() {
	rm -f "$TB_DB"
	tb-migrate init >one 2>&1 & tb-migrate init >two 2>&1
	codes=$?
	wait $!
	codes=$codes$?
	[ "$codes" = 078 ] || [ "$codes" = 780 ] &&
	    [ -z "$(find "$WORK/home" -name '*.new-*')" ]
}
ok 'of two that make the same database one wins' two_at_once
unwritable() {
	mkdir -p ro && touch ro/file &&
	    exits 74 tb-migrate -d ro/file/tb.db init
}
ok 'a folder that cannot be made: exit 74' unwritable

# ---------------------------------------------------------------- status --

fresh
ok 'status of a current database' exits 0 tb-migrate
steps() {
	tb-migrate >out && [ "$(wc -l <out)" -eq "$newest" ] &&
	    ask "SELECT '{\"version\":' || version || ',\"name\":\"' || name ||
	    '\",\"applied_at\":\"' || applied_at || '\",\"sha256\":\"' ||
	    sha256 || '\"}' FROM schema_migrations" >expect &&
	    same expect out
}
ok 'status lists what was applied' steps
sums() {
	for f in "$TOP"/migrate/*.up.sql; do
		sha256sum <"$f" | cut -c1-64
	done >expect
	ask 'SELECT sha256 FROM schema_migrations ORDER BY version' >actual &&
	    same expect actual
}
ok 'the checksums are those of the files' sums
older() {
	fresh && tb-migrate down >out && exits 1 tb-migrate &&
	    grep -q '"applied_at":null' out && grep -q 'tb-migrate up' err
}
ok 'status of an older database: exit 1, and what to run' older
newer() {
	fresh && ask 'PRAGMA user_version = 9999' && exits 78 tb-migrate &&
	    grep -q 'newer' err && exits 78 tb-migrate up &&
	    exits 78 tb-migrate check && answers 'PRAGMA user_version' 9999
}
ok 'a newer database is refused by all, untouched' newer

# --------------------------------------------------------------- up, down --

# first_tables: a row in every table of the first version; full: in every table
# that may lose none
first_tables() {
	fresh && sqlite3 "$TB_DB" <"$TOP/t/lib/every-table.sql" &&
	    tb-migrate down 4 >out && tb-migrate up >out # seals its rows
}
full() {
	first_tables && ask "INSERT INTO legacy_sources VALUES (1, '/old.db',
	    printf('%064d', 7), 'V6', '2025-09-11T10:30:00.000000Z', '/copy.db');
	    INSERT INTO legacy_rows VALUES (1, 'trades', 17, 'quarantine',
	    'no_order_id', NULL, NULL, printf('%064d', 8))"
}
every_table() {
	full && ask "SELECT name FROM sqlite_schema WHERE type = 'table'
	    AND name NOT LIKE 'sqlite_%' AND name <> 'pace'" >tables && while read -r table; do
		[ "$(ask "SELECT count(*) > 0 FROM $table")" = 1 ] && continue
		echo "no row in $table"
		return 1
	done <tables
}
ok 'the test has a row in every table' every_table
there_and_back() {
	first_tables && contents "$TB_DB" | grep -v 'INSERT INTO schema_migrations' |
	    sort >before
	n=$newest
	while [ "$n" -gt 1 ]; do
		n=$((n - 1))
		tb-migrate down "$n" >out && answers 'PRAGMA user_version' $n &&
		    tb-migrate check >out
		[ $? -eq 1 ] || return 1
	done
	tb-migrate up >out && contents "$TB_DB" |
	    grep -v 'INSERT INTO schema_migrations' | sort >after &&
	    same before after && tb-migrate check >out
}
ok 'down to the first version and up again loses no row' there_and_back
refuses_loss() {
	first_tables && contents "$TB_DB" >before && exits 3 tb-migrate down 0 &&
	    grep -q 'table [a-z_]* would lose .*: this step was not taken' err &&
	    answers 'PRAGMA user_version' 1 && tb-migrate up >out &&
	    answers 'SELECT count(*) FROM fills' "$(grep -c \
	    'INSERT INTO fills ' before)"
}
ok 'a step that would lose rows is refused and names the table' refuses_loss
refuses_later_loss() {
	full && exits 3 tb-migrate down 2 &&
	    grep -q 'table legacy_[a-z]* would lose' err &&
	    answers 'SELECT count(*) FROM legacy_rows' 1
}
ok 'of a table that a later version brought too' refuses_later_loss
to_nothing() {
	made --cash 0 && tb-migrate down 0 >out &&
	    answers "SELECT name FROM sqlite_schema
	    WHERE name NOT LIKE 'sqlite_%'" schema_migrations &&
	    tb-migrate up >out && tb-migrate check >out
}
ok 'an empty one goes down to nothing and up again' to_nothing
wrong_way() {
	fresh && exits 2 tb-migrate up 0 && exits 2 tb-migrate down 9999 &&
	    exits 2 tb-migrate down -- -1 && exits 2 tb-migrate up x
}
ok 'a version in the wrong direction is wrong usage' wrong_way
nothing_due() {
	fresh && contents "$TB_DB" >before && tb-migrate up >out &&
	    contents "$TB_DB" >after && same before after
}
ok 'up of a current database changes nothing' nothing_due
ups_at_once() {
	fresh && tb-migrate down 1 >out && TB_BUSY_MS=10000 && {
		tb-migrate up >one 2>&1 & tb-migrate up >two 2>&1
		codes=$?
		wait $!
		codes=$codes$?
		TB_BUSY_MS=50
	} && case $codes in
	00 | 075 | 750) ;;
	*) return 1 ;;
	esac && tb-migrate check >out
}
ok 'fault 91: of two ups at once one does it, the other sees it or says so' ups_at_once
dry_down() {
	fresh && tb-migrate down -n >out && answers 'PRAGMA user_version' \
	    "$newest"
}
ok 'down -n changes nothing' dry_down
edited() {
	fresh && tb-migrate down >out &&
	    ask "UPDATE schema_migrations SET sha256 = replace(sha256,
	    substr(sha256, 1, 1), 'x') WHERE version = 1" &&
	    exits 8 tb-migrate up && grep -q '0001-books' err
}
ok 'up refuses a history that is not its own' edited
user_table() {
	fresh && ask 'CREATE TABLE notes (x); INSERT INTO notes VALUES (1)' &&
	    tb-migrate down >out && tb-migrate up >out &&
	    answers 'SELECT x FROM notes' 1
}
ok 'tables of the user come through' user_table
user_view_and_index() {
	first_tables && ask "CREATE VIEW mine AS SELECT order_id FROM trades;
	    CREATE INDEX mine_by_price ON trades (price);
	    CREATE UNIQUE INDEX mine_by_trade ON fills (venue_trade_id, id);
	    CREATE TABLE notes (o TEXT REFERENCES trades (order_id), note TEXT);
	    INSERT INTO notes SELECT order_id, 'mine' FROM trades" &&
	    contents "$TB_DB" | grep -v 'INSERT INTO schema_migrations' |
	    sort >before && n=$newest || return 1
	while [ "$n" -gt 1 ]; do
		n=$((n - 1))
		tb-migrate down "$n" >out || return 1
	done
	tb-migrate up >out && tb-migrate check >out && contents "$TB_DB" |
	    grep -v 'INSERT INTO schema_migrations' | sort >after &&
	    same before after && [ "$(ask 'SELECT count(*) FROM mine')" -gt 0 ]
}
ok 'views and indexes of the user too, of tables that are made anew' \
    user_view_and_index

# down_and_up: to every version and back; all that is there comes through
down_and_up() {
	contents "$TB_DB" | grep -v 'INSERT INTO schema_migrations' |
	    sort >before && n=$newest || return 1
	while [ "$n" -gt 1 ]; do
		n=$((n - 1))
		tb-migrate down "$n" >out || return 1
	done
	tb-migrate up >out && contents "$TB_DB" |
	    grep -v 'INSERT INTO schema_migrations' | sort >after &&
	    same before after
}
view_of_view() {
	first_tables && ask "CREATE VIEW mine AS SELECT id, bot FROM v_trades;
	    CREATE VIEW \"odd \"\"name; --\" AS SELECT * FROM mine;
	    CREATE TRIGGER mine_too INSTEAD OF INSERT ON mine
		BEGIN DELETE FROM pace; END" && down_and_up &&
	    [ "$(ask 'SELECT count(*) FROM "odd ""name; --"')" -gt 0 ]
}
ok 'views of our views' view_of_view
user_trigger() {
	first_tables && ask "CREATE TRIGGER mine AFTER INSERT ON trades
	    BEGIN SELECT raise(ABORT, 'mine'); END" && down_and_up &&
	    exits 8 tb-migrate check && grep -q 'trigger mine is none' err
}
ok 'triggers come through, do not fire, and check names them' user_trigger
# A name that the migrations speak of, but none of their indexes has.
named_alike() {
	first_tables && ask 'CREATE INDEX by_lot ON disposals (lot_id);
	    CREATE INDEX "UNIQUE" ON trades (price)' && down_and_up
}
ok 'an index whose name stands somewhere in the migrations' named_alike
name_taken() {
	first_tables && tb-migrate down 5 >out &&
	    ask 'CREATE INDEX disposals_by_lot ON disposals (lot_id)' &&
	    contents "$TB_DB" >before && exits 3 tb-migrate up &&
	    grep -q 'up 0006-bulk: index disposals_by_lot has the name' err &&
	    contents "$TB_DB" >after && same before after
}
ok 'one that took the name of a later one of ours is refused' name_taken
column_gone() {
	first_tables && ask 'CREATE INDEX mine ON trades (seal)' &&
	    tb-migrate down 5 >out && contents "$TB_DB" >before &&
	    exits 3 tb-migrate down 4 && grep -q \
	    'down 0005-seals: index mine could not be .*no such column' err &&
	    contents "$TB_DB" >after && same before after
}
ok '... and one of a column that goes' column_gone

# ----------------------------------------------------------------- check --

fresh
ok 'check of a good database' exits 0 tb-migrate check
damaged() {
	full && tail -c 8000 /dev/urandom | dd of="$TB_DB" bs=4096 seek=3 \
	    conv=notrunc 2>/dev/null && exits 8 tb-migrate check
}
ok 'fault 51: check finds a damaged page' damaged
orphan() {
	fresh && ask "INSERT INTO candle_coverage VALUES
	    ('NO-USD', 60, '2025-09-11T10:30:00.000000Z')" &&
	    exits 8 tb-migrate check && grep -q 'candle_coverage' err
}
ok 'check finds a row that refers to nothing' orphan
no_trigger() {
	fresh && ask 'DROP TRIGGER fills_delete' && exits 8 tb-migrate check &&
	    grep -q 'trigger fills_delete is missing' err
}
ok 'check finds a missing trigger' no_trigger

# -------------------------------------------------------------- refusals --

# refused CODE WORDS: status, and a tool that reads, refuse with these words;
# what has the name stays as it is
refused() {
	before=$(stat -c '%F %s %a' "$TB_DB" 2>&1)
	exits "$1" tb-migrate && grep -q "$2" err &&
	    exits "$1" tb-migrate up && grep -q "$2" err &&
	    [ "$before" = "$(stat -c '%F %s %a' "$TB_DB" 2>&1)" ]
}
gone() {
	rm -rf "$TB_DB" "$TB_DB"-*
}
missing() {
	gone && refused 78 'tb-migrate init' && [ ! -e "$TB_DB" ]
}
ok 'missing' missing
no_folder() {
	exits 78 tb-migrate -d nowhere/tb.db && [ ! -e nowhere ]
}
ok 'no folder' no_folder
empty() {
	gone && : >"$TB_DB" && refused 78 'empty'
}
ok 'empty' empty
folder() {
	gone && mkdir "$TB_DB" && refused 78 'not a regular file'
}
ok 'a folder' folder
fifo() {
	gone && mkfifo -m 600 "$TB_DB" && refused 78 'not a regular file'
}
ok 'a FIFO' fifo
text() {
	gone && yes 'not a database' | head -c 5000 >"$TB_DB" &&
	    chmod 600 "$TB_DB" && refused 78 'not a database'
}
ok 'a text' text
cut_short() {
	fresh && truncate -s 100 "$TB_DB" && refused 8 'damaged'
}
ok 'truncated to 100 bytes' cut_short
cut_long() {
	fresh && truncate -s 8192 "$TB_DB" && refused 8 'damaged'
}
ok 'truncated to two pages' cut_long
stranger() {
	gone && sqlite3 "$TB_DB" 'CREATE TABLE t (x)' && chmod 600 "$TB_DB" &&
	    refused 78 'another program'
}
ok 'of another program' stranger
link() {
	fresh && mv "$TB_DB" "$WORK/real.db" && ln -s "$WORK/real.db" "$TB_DB" &&
	    refused 77 'symbolic link'
}
ok 'a symbolic link' link
linked_folder() {
	rm -f "$TB_DB" && fresh && ln -sfn home linked &&
	    exits 0 tb-migrate -d linked/tb.db
}
ok 'a folder may be a symbolic link' linked_folder
world() {
	fresh && chmod 646 "$TB_DB" && refused 77 'others may write' &&
	    chmod 660 "$TB_DB" && refused 77 'others may write'
}
ok 'writable by others' world
open_folder() {
	fresh && chmod 777 home && exits 77 tb-migrate && chmod 1777 home &&
	    exits 0 tb-migrate
	t_result=$?
	chmod 755 home
	return $t_result
}
ok 'in a folder that others can write to, unless it is sticky' open_folder
other_owner() {
	fresh && chown 12345 "$TB_DB" && refused 77 'belongs to user 12345'
}
if [ "$(id -u)" -eq 0 ]; then
	ok 'fault 53: of another owner' other_owner
else
	skip 'of another owner' 'needs root'
fi

# locked_by SQL COMMAND ...: while a shell holds a lock
locked_by() {
	sql=$1
	shift
	mkfifo hold
	sqlite3 "$TB_DB" >held 2>&1 <hold &
	exec 3>hold
	printf '%s;\nSELECT 1;\n' "$sql" >&3
	until [ -s held ]; do :; done
	"$@"
	t_result=$?
	exec 3>&-
	wait $!
	rm hold held
	return $t_result
}
fresh
ok 'locked by another program: exit 75' \
    locked_by 'BEGIN EXCLUSIVE' exits 75 tb-migrate
ok 'its words say so' grep -q 'locked by another program' err
ok 'read while another one writes' \
    locked_by 'BEGIN IMMEDIATE' exits 0 tb-migrate
tb-migrate down >out
ok 'not changed while another one writes' \
    locked_by 'BEGIN IMMEDIATE' exits 75 tb-migrate up

# A transaction that was killed after some of its pages were written.
hot() {
	fresh && sqlite3 "$TB_DB" >out 2>&1 <<-END
	PRAGMA cache_size = 1;
	BEGIN;
	INSERT INTO candles WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1
	    FROM n WHERE i < 20000)
	    SELECT 'BTC-USD', 60, i * 60, '1', '1', '1', '1', '1' FROM n;
	.shell cp -p '$TB_DB' hot.db; cp -p '$TB_DB-journal' hot.db-journal
	ROLLBACK;
	END
	[ -s hot.db-journal ] && cp -p hot.db "$TB_DB" &&
	    cp -p hot.db-journal "$TB_DB-journal"
}
recovers() {
	hot && exits 0 tb-migrate check && answers \
	    'SELECT count(*) FROM candles' 0 && [ ! -s "$TB_DB-journal" ]
}
ok 'a hot journal is played back' recovers
foreign_journal() {
	hot && chmod 666 "$TB_DB-journal" && exits 77 tb-migrate &&
	    grep -q 'journal' err && [ -s "$TB_DB-journal" ]
}
ok 'a journal that others can write to is not' foreign_journal
linked_journal() {
	fresh && rm -f "$TB_DB-journal" && ln -s other "$TB_DB-journal" &&
	    exits 77 tb-migrate && [ -L "$TB_DB-journal" ]
	t_result=$?
	rm -f "$TB_DB-journal"
	return $t_result
}
ok 'nor one that is a symbolic link' linked_journal
wal() {
	fresh && sqlite3 "$TB_DB" 'PRAGMA journal_mode = WAL' >out &&
	    exits 0 tb-migrate && answers 'PRAGMA journal_mode' delete
}
ok 'a database that somebody put into WAL comes back' wal

# A lot that is deleted is looked for among the disposals: without an index
# sixty thousand fills were made anew in hours.
disposals_of_lot() {
	fresh && ask 'EXPLAIN QUERY PLAN SELECT 1 FROM disposals
	    WHERE lot_id = 1' | grep -q disposals_by_lot
}
ok 'the disposals of a lot are found by an index' disposals_of_lot

# ----------------------------------------------------------------- limits --

many_tables() {
	fresh && awk -v n="$1" 'BEGIN {
	    print "BEGIN;"
	    for (i = 0; i < n; i++) print "CREATE TABLE t" i " (x);"
	    print "COMMIT;" }' | sqlite3 "$TB_DB"
}
ours=$(sqlite3 template.db "SELECT count(*) FROM sqlite_schema
    WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
    AND name NOT IN ('meta', 'transitions', 'schema_migrations', 'pace')")
tables() {
	many_tables $((256 - ours)) && tb-migrate down >out &&
	    many_tables $((257 - ours)) && exits 65 tb-migrate down &&
	    grep -q 'more than 256 tables' err
}
ok '256 tables, and one more' tables
long_name() {
	name=$(printf '%0226d' 0) && tb-migrate -d "$name" init >out &&
	    tb-migrate -d "$name" check >out &&
	    exits 2 tb-migrate -d "0$name" init
}
ok 'a name of 226 bytes, and one more' long_name

# ------------------------------------------------------------------ views --

views() {
	full && for view in v_trades v_positions v_signals; do
		[ -n "$(ask "SELECT * FROM $view")" ] || return 1
	done
}
ok 'the views answer in the sqlite3 shell' views

# As in t/unit/1000-db.c: what is registered under these names is the same.
shell_sums() {
	answers "SELECT decimal_sum(column1) FROM (VALUES ('0.1'), ('0.2'),
	    (NULL), ('-0.000000000000000001'))" 0.299999999999999999 &&
	    answers 'SELECT decimal_sum(key) IS NULL FROM meta WHERE 0' 1 &&
	    answers "SELECT decimal_cmp('9.99', '49.9'),
	    decimal_cmp('10', '9'), decimal_cmp('1', '1')" '-1|1|0' &&
	    answers "SELECT group_concat(x) FROM (SELECT column1 x FROM (VALUES
	    ('10'), ('9.5'), ('-3'), ('9.25')) ORDER BY x COLLATE decimal)" \
		'-3,9.25,9.5,10'
}
ok 'decimal_sum, decimal_cmp and COLLATE decimal of the shell' shell_sums
