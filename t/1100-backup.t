#!/bin/sh
#
# tb-migrate backup and restore: both files, of one moment, or nothing.

. "${0%/*}/lib.sh"

command -v sqlite3 >/dev/null || skip_all 'no sqlite3'

TB_DB=$WORK/home/tb.db
TB_BUSY_MS=50
export TB_DB TB_BUSY_MS
tb-migrate -d template.db init --at 2025-09-11T10:30:00Z >out || exit 1
sqlite3 template.db <"$TOP/t/lib/every-table.sql"
tb-migrate -q -d template.db down 4 && tb-migrate -q -d template.db up # seals
# What only a later version can hold forbids the way down: not to be tried here.
sqlite3 template.db 'DELETE FROM legacy_rows; DELETE FROM legacy_sources'

ask() {
	sqlite3 "$TB_DB" "$1"
}
answers() {
	ask "$1" >answer && printf '%s\n' "$2" | diff -u - answer
}
# fresh: a database with a row in each of the first tables, and the venue's
# memory
fresh() {
	rm -rf "${WORK:?}/home" "$WORK/copies" &&
	    mkdir -m 700 "$WORK/home" "$WORK/copies" &&
	    cp -p template.db "$TB_DB" && (
		umask 077
		sqlite3 "$TB_DB.paper" 'PRAGMA application_id = 1413632080;
		    CREATE TABLE shelf (key TEXT PRIMARY KEY, value TEXT);
		    INSERT INTO shelf VALUES ("k", "old")'
	)
}
# contents FILE: all of it but what a restore writes anew, and the order
contents() {
	sqlite3 "$1" .dump | sort |
	    grep -v "^INSERT INTO meta VALUES('\(generation\|restored\)'"
}
# no_drafts: nothing unfinished lies about
no_drafts() {
	[ -z "$(find "$WORK/home" "$WORK/copies" -name '*.new-*')" ]
}
copy=$WORK/copies/copy.db

# traced OPTION ... COMMAND: under strace, which LeakSanitizer cannot share
traced() {
	ASAN_OPTIONS=detect_leaks=0 strace -qq -o trace "$@"
}

# ---------------------------------------------------------------- backup --

copies() {
	fresh && tb-migrate backup "$copy" >out && grep -q '"replaced":null' \
	    out && sqlite3 "$TB_DB" .dump | sort >expect &&
	    sqlite3 "$copy" .dump | sort >copied && same expect copied &&
	    contents "$TB_DB.paper" >expect && contents "$copy.paper" >copied &&
	    same expect copied && no_drafts
}
ok 'a backup has both files' copies
usable() {
	[ "$(stat -c %a "$copy" "$copy.paper" | tr '\n' ' ')" = '600 600 ' ] &&
	    tb-migrate -d "$copy" >out && tb-migrate -d "$copy" check >out
}
ok 'it is a database, 0600' usable
no_paper() {
	fresh && rm "$TB_DB.paper" && tb-migrate backup "$copy" >out &&
	    [ ! -e "$copy.paper" ]
}
ok "without the venue's memory where there is none" no_paper
empty_paper() {
	fresh && : >"$TB_DB.paper" && tb-migrate backup "$copy" >out &&
	    [ ! -e "$copy.paper" ]
}
ok '... or where there is nothing in it yet' empty_paper
taken() {
	fresh && echo mine >"$copy" && exits 78 tb-migrate backup "$copy" &&
	    [ "$(cat "$copy")" = mine ] && rm "$copy" &&
	    echo mine >"$copy.paper" && exits 78 tb-migrate backup "$copy" &&
	    [ "$(cat "$copy.paper")" = mine ] && [ ! -e "$copy" ] && no_drafts
}
ok 'fault 91: a name that is taken is refused' taken
no_folder() {
	fresh && exits 74 tb-migrate backup "$WORK/nowhere/copy.db"
}
ok 'no folder for it: exit 74' no_folder

# holding SQL COMMAND ...: while a shell has a transaction open
holding() {
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
in_use() {
	fresh && holding "BEGIN IMMEDIATE; INSERT INTO cash_flows (at, currency,
	    amount) VALUES ('2025-09-11T10:30:00.000000Z', 'USD', '5')" \
	    exits 0 tb-migrate backup "$copy" &&
	    [ "$(sqlite3 "$copy" 'SELECT count(*) FROM cash_flows')" = 1 ]
}
ok 'while another one writes: what was committed' in_use
locked() {
	fresh && holding 'BEGIN EXCLUSIVE' exits 75 tb-migrate backup "$copy" &&
	    [ ! -e "$copy" ] && no_drafts
}
ok 'while another one commits for ever: exit 75' locked
full() {
	fresh && (
		ulimit -f 20
		exec tb-migrate backup "$copy"
	) >out 2>err
	[ $? -eq 74 ] && [ ! -e "$copy" ] && no_drafts &&
	    tb-migrate check >out
}
ok 'fault 91: a full disk: exit 74, nothing is left' full
damaged() {
	fresh && dd if=/dev/urandom of="$TB_DB" bs=4096 seek=3 count=4 \
	    conv=notrunc 2>/dev/null && exits 8 tb-migrate backup "$copy" &&
	    [ ! -e "$copy" ] && no_drafts
}
ok 'a damaged database: exit 8' damaged
ok 'no -n' exits 2 tb-migrate backup -n "$copy"

# --------------------------------------------------------------- restore --

# later: what was done after the backup
later() {
	ask "INSERT INTO cash_flows (at, currency, amount) VALUES
	    ('2025-09-12T00:00:00.000000Z', 'USD', '7')" &&
	    sqlite3 "$TB_DB.paper" 'UPDATE shelf SET value = "new"'
}
restores() {
	fresh && tb-migrate backup "$copy" >out && contents "$TB_DB" >before &&
	    later && tb-migrate restore "$copy" >out && contents "$TB_DB" \
	    >after && same before after && no_drafts &&
	    [ "$(sqlite3 "$TB_DB.paper" 'SELECT value FROM shelf')" = old ] &&
	    tb-migrate check >out2
}
ok 'a restore brings both files back' restores
kept() {
	old=$(sed 's/.*"replaced":"\([^"]*\)".*/\1/' out) &&
	    [ "$(sqlite3 "$old" 'SELECT count(*) FROM cash_flows')" = 2 ] &&
	    [ "$(sqlite3 "$old.paper" 'SELECT value FROM shelf')" = new ]
}
ok 'what was replaced is kept beside it' kept
generation() {
	was=$(sqlite3 "$copy" "SELECT value FROM meta
	    WHERE key = 'generation'") && is=$(ask "SELECT value FROM meta
	    WHERE key = 'generation'") && [ -n "$is" ] && [ "$is" != "$was" ]
}
ok 'a restored database is another generation' generation
elsewhere() {
	fresh && tb-migrate backup "$copy" >out &&
	    tb-migrate -d "$WORK/home/a/b.db" restore "$copy" >out &&
	    grep -q '"replaced":null' out && contents "$copy" >before &&
	    contents "$WORK/home/a/b.db" >after && same before after
}
ok 'where nothing was' elsewhere
paper_goes() {
	fresh && mv "$TB_DB.paper" aside && tb-migrate backup "$copy" >out &&
	    mv aside "$TB_DB.paper" && tb-migrate restore "$copy" >out &&
	    [ ! -e "$TB_DB.paper" ]
}
ok "a venue's memory that the backup has not goes" paper_goes
over_damage() {
	fresh && tb-migrate backup "$copy" >out && contents "$TB_DB" >before &&
	    dd if=/dev/urandom of="$TB_DB" bs=4096 count=8 conv=notrunc \
		2>/dev/null && echo hot >"$TB_DB-journal" &&
	    chmod 600 "$TB_DB-journal" && tb-migrate restore "$copy" >out &&
	    contents "$TB_DB" >after && same before after &&
	    [ ! -s "$TB_DB-journal" ]
}
ok 'over a damaged database, whose journal does not meet the new' over_damage

# unchanged CODE WORDS: restore refuses, both files stay
unchanged() {
	contents "$TB_DB" >before && exits "$1" tb-migrate restore "$copy" &&
	    grep -q "$2" err && contents "$TB_DB" >after &&
	    same before after && no_drafts
}
none() {
	fresh && unchanged 7 'No such file'
}
ok 'no such copy: exit 7' none
not_ours() {
	fresh && cp -p "$TB_DB.paper" "$copy" && unchanged 78 'another program'
}
ok 'a copy of another program: exit 78' not_ours
bad_copy() {
	fresh && tb-migrate backup "$copy" >out &&
	    dd if=/dev/urandom of="$copy" bs=4096 seek=3 count=4 conv=notrunc \
		2>/dev/null && unchanged 8 'damaged\|malformed'
}
ok 'a damaged copy: exit 8' bad_copy
changed_copy() {
	fresh && tb-migrate backup "$copy" >out &&
	    sqlite3 "$copy" 'DROP TRIGGER fills_delete' &&
	    unchanged 8 'fills_delete is missing'
}
ok 'a copy whose schema was changed: exit 8' changed_copy
newer() {
	fresh && tb-migrate backup "$copy" >out &&
	    sqlite3 "$copy" 'PRAGMA user_version = 99' && unchanged 78 newer
}
ok 'a copy that is newer than the tool: exit 78' newer
older() {
	fresh && tb-migrate down >out && tb-migrate backup "$copy" >out &&
	    tb-migrate up >out && tb-migrate restore "$copy" >out &&
	    exits 1 tb-migrate && tb-migrate up >out && tb-migrate check >out
}
ok 'an older one is restored, and goes up' older
sending() {
	fresh && tb-migrate backup "$copy" >out && contents "$TB_DB" >before &&
	    exits 75 flock "$TB_DB.lock" tb-migrate restore "$copy" &&
	    grep -q sending err && contents "$TB_DB" >after &&
	    same before after
}
if command -v flock >/dev/null; then
	ok 'while a run is sending: exit 75' sending
else
	skip 'while a run is sending: exit 75' 'no flock'
fi
written() {
	fresh && tb-migrate backup "$copy" >out && holding 'BEGIN IMMEDIATE' \
	    exits 75 tb-migrate restore "$copy" && no_drafts
}
ok 'while another one writes: exit 75' written
full_restore() {
	fresh && tb-migrate backup "$copy" >out && contents "$TB_DB" >before &&
	    (
		ulimit -f 20
		exec tb-migrate restore "$copy"
	    ) >out 2>err
	[ $? -eq 74 ] && contents "$TB_DB" >after && same before after &&
	    no_drafts
}
ok 'a full disk: exit 74, nothing is replaced' full_restore

# later_point N: the next point to die at: each of the first six, then ever fewer
later_point() {
	echo $(($1 < 6 ? $1 + 1 : $1 + $1 / 3))
}
# killed CALL COMMAND ...: dies at one CALL of a run after the other; what is
# under the name stays whole.
killed() {
	call=$1
	shift
	n=1
	while [ $n -lt 300 ]; do
		traced -e trace="$call" \
		    -e inject="$call:signal=KILL:when=$n" "$@" >out 2>err &&
		    return 0
		tb-migrate check >check 2>&1 || return 1
		[ ! -e "$copy" ] || tb-migrate -d "$copy" check >check ||
		    return 1
		[ "$2" = restore ] || [ ! -e "$copy" ] ||
		    rm -f "$copy" "$copy.paper"
		n=$(later_point $n)
	done
	return 1
}
killed_backup() {
	for call in pwrite64 fsync renameat2; do
		fresh && killed "$call" tb-migrate backup "$copy" &&
		    [ -e "$copy" ] || return 1
	done
}
# half_a_backup: killed between its two renames
half_a_backup() {
	fresh && traced -e trace=renameat2 \
	    -e inject=renameat2:signal=KILL:when=2 \
	    tb-migrate backup "$copy" >out 2>err
	[ -e "$copy.paper" ] && [ ! -e "$copy" ]
}
half_is_undone() {
	half_a_backup && later && tb-migrate backup "$copy" >out && no_drafts &&
	    [ "$(sqlite3 "$copy.paper" 'SELECT value FROM shelf')" = new ] &&
	    [ "$(sqlite3 "$copy" 'SELECT count(*) FROM cash_flows')" = 2 ]
}
# What lies there may be somebody's, where it was changed since.
half_changed() {
	half_a_backup && sqlite3 "$copy.paper" 'UPDATE shelf SET value = "mine"' &&
	    exits 78 tb-migrate backup "$copy" && grep -q paper err &&
	    [ "$(sqlite3 "$copy.paper" 'SELECT value FROM shelf')" = mine ]
}
# half_a_restore with|without CALL N: killed when the database is in its place
half_a_restore() {
	fresh && { [ "$1" = with ] || mv "$TB_DB.paper" aside; } &&
	    tb-migrate backup "$copy" >out &&
	    { [ "$1" = with ] || mv aside "$TB_DB.paper"; } && later &&
	    traced -e trace="$2" -e inject="$2:signal=KILL:when=$3" \
		tb-migrate restore "$copy" >out 2>err
	[ "$(sqlite3 "$TB_DB.paper" 'SELECT value FROM shelf')" = new ] &&
	    [ "$(ask 'SELECT count(*) FROM cash_flows')" = 1 ]
}
finished_by_backup() {
	half_a_restore with renameat 2 && tb-migrate backup "$WORK/copies/b.db" >out &&
	    no_drafts && for f in "$TB_DB" "$WORK/copies/b.db"; do
		[ "$(sqlite3 "$f.paper" 'SELECT value FROM shelf')" = old ] ||
		    return 1
	done
}
finished_by_restore() {
	half_a_restore with renameat 2 && tb-migrate restore "$copy" >out && no_drafts &&
	    for f in "$WORK"/home/*.replaced-*.paper; do
		sqlite3 "$f" 'SELECT value FROM shelf'
	    done | sort >values && printf 'new\nold\n' | diff - values
}
goes_in_the_end() {
	half_a_restore without renameat2 1 && tb-migrate backup "$WORK/copies/b.db" >out &&
	    no_drafts && [ ! -e "$TB_DB.paper" ] &&
	    [ ! -e "$WORK/copies/b.db.paper" ]
}
killed_restore() {
	for call in link renameat renameat2 fsync unlink; do
		fresh && tb-migrate backup "$copy" >out &&
		    killed "$call" tb-migrate restore "$copy" || return 1
	done
}
killed_moves() {
	for call in pwrite64 fdatasync ftruncate; do
		fresh && contents "$TB_DB" >before &&
		    killed_move "$call" || return 1
	done
}
# The schema is at the old version or the new one, and no row is lost.
killed_move() {
	n=1
	while [ $n -lt 300 ]; do
		cp -p template.db "$TB_DB"
		tb-migrate down 1 >out || return 1
		traced -e trace="$1" \
		    -e inject="$1:signal=KILL:when=$n" tb-migrate up \
		    >out 2>err && return 0
		tb-migrate check >check 2>&1
		[ $? -le 1 ] && tb-migrate up >out && contents "$TB_DB" |
		    grep -v schema_migrations >after &&
		    grep -v schema_migrations before | diff - after ||
		    return 1
		n=$(later_point $n)
	done
	return 1
}
if command -v strace >/dev/null && traced true 2>/dev/null; then
	ok 'half a backup is taken away by the next one' half_is_undone
	ok '... unless it was changed since: its name is taken' half_changed
	ok 'a restore that was killed when the books were back: backup ends it' \
	    finished_by_backup
	ok '... restore ends it, and keeps both files of what it replaces' \
	    finished_by_restore
	ok "... also where the venue's memory has to go" goes_in_the_end
	ok 'backup, killed at each write, sync and rename' killed_backup
	ok 'restore, killed at each link, rename, sync and unlink' \
	    killed_restore
	ok 'up, killed at each write, sync and truncation' killed_moves
else
	skip 'backup, restore, up: killed' 'no strace'
fi
