#!/bin/sh
#
# Every tool and a database that is not what it should be: it says so, with
# the same status whichever tool it is, and leaves the file as it was.

. "${0%/*}/lib/unroot.sh"
. "${0%/*}/lib.sh"

command -v sqlite3 >/dev/null || skip_all 'no sqlite3'
for name in tb-migrate tb-signal tb-trade tb-portfolio tb-sync; do
	[ -x "$BUILD/$name" ] || skip_all "no $name that we may run"
done
tb-migrate -d good.db init --at 2025-10-01 >/dev/null || exit 1

# every COMMAND ...: with each of the tools in $tool
every() {
	for tool in tb-migrate tb-signal tb-trade tb-portfolio tb-sync; do
		"$@" || { echo "$tool"; return 1; }
	done
}
# looked: what has the name, and what lies beside it
looked() {
	find . -maxdepth 1 -name 'tb.db*' -exec stat -c '%n %F %s %a %i' {} + |
	    sort
	[ ! -f tb.db ] || sha256sum <tb.db
}
# refuses CODE WORDS: the tool does, and nothing there has changed
refuses() {
	looked >before
	timeout 20 "$tool" -d tb.db </dev/null >out 2>err
	t_got=$?
	cat out err
	looked >after
	[ "$t_got" -eq "$1" ] && grep -q -- "$2" err && same before after
}
# put [SQL]: a good database in ./tb.db, and that done to it
put() {
	rm -rf tb.db* && cp -p good.db tb.db && { [ $# -eq 0 ] ||
	    sqlite3 tb.db "$1"; }
}

missing() {
	rm -rf tb.db* && every refuses 78 'tb-migrate init'
}
ok 'fault 51: missing, and not made' missing
empty() {
	rm -rf tb.db* && : >tb.db && every refuses 78 'empty'
}
ok 'fault 51: empty' empty
folder() {
	rm -rf tb.db* && mkdir tb.db && every refuses 78 'not a regular file'
}
ok 'fault 51: a folder' folder
fifo() {
	rm -rf tb.db* && mkfifo -m 600 tb.db &&
	    every refuses 78 'not a regular file'
}
ok 'fault 51: a FIFO, and nobody waits for it' fifo
text() {
	rm -rf tb.db* && yes 'not a database' | head -c 50000 >tb.db &&
	    chmod 600 tb.db && every refuses 78 'not a database'
}
ok 'fault 51: not SQLite' text
cut() {
	put && truncate -s 100 tb.db && every refuses 8 'damaged'
}
ok 'fault 51: truncated to 100 bytes' cut

stranger() {
	put 'PRAGMA application_id = 1' && every refuses 78 'another program'
}
ok 'fault 52: another application_id' stranger
newer() {
	put 'PRAGMA user_version = 999' && every refuses 78 'newer'
}
ok 'fault 52: a newer user_version' newer
older_one() { # its status is what tb-migrate is asked for
	case $tool in
	tb-migrate) exits 1 tb-migrate -d tb.db && grep -q 'tb-migrate up' err ;;
	*) refuses 78 'run tb-migrate up' ;;
	esac
}
older() {
	put && tb-migrate -d tb.db down >out && every older_one
}
ok 'fault 52: an older one' older

linked() {
	rm -rf tb.db* && ln -s good.db tb.db && every refuses 77 'symbolic link'
}
ok 'fault 53: a symbolic link' linked
writable() {
	put && chmod 602 tb.db && every refuses 77 'others may write' &&
	    chmod 620 tb.db && every refuses 77 'others may write' &&
	    chmod 600 tb.db
}
ok 'fault 53: writable by others' writable
open_folder() {
	put && chmod 777 . && every refuses 77 'others may write'
	t_result=$?
	chmod 700 .
	return $t_result
}
ok 'fault 53: in a folder that is writable by others' open_folder

# A transaction that was killed after some of its pages were written.
hot() {
	put && sqlite3 tb.db >out 2>&1 <<-END
	PRAGMA cache_size = 1;
	BEGIN;
	INSERT INTO candles WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1
	    FROM n WHERE i < 20000)
	    SELECT 'BTC-USD', 60, i * 60, '1', '1', '1', '1', '1' FROM n;
	.shell cp -p tb.db hot.db; cp -p tb.db-journal hot.db-journal
	ROLLBACK;
	END
	[ -s hot.db-journal ] && cp -p hot.db tb.db &&
	    cp -p hot.db-journal tb.db-journal
}
plays_back() {
	cp -p hot.db tb.db && cp -p hot.db-journal tb.db-journal &&
	    exits 0 "$tool" -d tb.db </dev/null && [ ! -s tb.db-journal ] &&
	    [ "$(sqlite3 tb.db 'SELECT count(*) FROM candles')" = 0 ] &&
	    [ "$(sqlite3 tb.db 'PRAGMA integrity_check')" = ok ]
}
recovers() {
	hot && every plays_back
}
ok 'fault 54: a hot journal is played back' recovers
unreadable() {
	hot && chmod 000 tb.db-journal && every refuses 77 'has to be undone' &&
	    chmod 600 tb.db-journal && tool=tb-trade && plays_back
}
ok 'fault 54: one that cannot be read stops all, and stays' unreadable
foreign() {
	hot && chmod 622 tb.db-journal && every refuses 77 'journal: others may'
}
ok 'fault 54: one that others may have written' foreign
