#!/bin/sh
#
# tb-migrate legacy, verify, explain, revert, cleanup: the shared databases of
# the old system come over as their .expect.json says; a second run changes
# nothing; there is a way back.

. "${0%/*}/lib.sh"

old=$SHARED/legacy
[ -d "$old" ] || skip_all 'no shared data'
TB_DB=$WORK/tb.db
export TB_DB
check=$TOP/t/lib/legacy-check.py
at=2025-11-01T00:00:00Z

fresh() {
	rm -rf "$WORK"/tb.db* && tb-migrate init --cash 0 --at "$at" >made
}
ask() {
	sqlite3 -readonly "${2:-$TB_DB}" "$1"
}
contents() {
	sqlite3 -readonly "$TB_DB" .dump | grep -v 'INSERT INTO legacy_sources'
}
bring() {
	tb-migrate legacy --history all --at "$at" "$@" >out 2>err || {
		cat err
		return 1
	}
}
verify() {
	tb-migrate verify --at "$at" >checks 2>err || {
		cat checks err
		return 1
	}
}

# --------------------------------------------------------- the examples --

# as_expected NAME ...: each file, its rows, sums and gains, and once more
as_expected() {
	fresh || return 1
	for name; do
		set -- "$@" "$old/$name.db"
		shift
	done
	sha256sum "$@" >sums && bring "$@" && verify || return 1
	for file; do
		set -- "$@" "${file%.db}.expect.json"
		shift
	done
	python3 "$check" expect "$TB_DB" "$@" && sha256sum -c --quiet sums
}
whole() {
	for name; do
		set -- "$@" "$old/$name.db"
		shift
	done
	python3 "$check" whole "$TB_DB" "$@"
}
again() {
	contents >before
	for name; do
		set -- "$@" "$old/$name.db"
		shift
	done
	bring "$@" && contents >after && same before after &&
	    grep -q '"backup":null' out && grep -q 'nothing is new' err
}
for name in clean_small dirty_v6 variants/v0_signals variants/v1_bots \
    variants/v3_history variants/v4a_tranches variants/v5a_trading_mode \
    variants/v6_baseline variants/v7b_raw_script variants/v8a_trades_dropped \
    variants/vx_evolved variants/vy_ctas_no_constraints; do
	ok "$name: rows, sums and gains as expected" as_expected "$name"
	ok "$name: every row in exactly one place" whole "$name"
	ok "$name: a second run changes nothing" again "$name"
done
ok 'two files are united' as_expected variants/split_root \
    variants/split_backend
ok 'every row of both is in one place' whole variants/split_root \
    variants/split_backend
ok 'and again' again variants/split_root variants/split_backend

no_copy() {
	set -- "$TB_DB".before-legacy*
	[ ! -e "$1" ]
}
refused() {
	fresh && contents >before && exits "$2" tb-migrate legacy "$1" &&
	    contents >after && same before after && no_copy
}
ok 'an empty file is refused' refused "$old/variants/zero_bytes.db" 65
ok 'a truncated one is refused' refused "$old/variants/corrupt_truncated.db" 65
ok 'a missing one is refused' refused "$WORK/nowhere.db" 7

# ------------------------------------------------------------- the venue --

venue_set() {
	fresh && bring "$old/clean_small.db" && grep -q 'coinbase now' err &&
	    [ "$(ask "SELECT value FROM meta WHERE key = 'venue'")" = coinbase ]
}
ok 'a database without orders goes to coinbase, and that is said' venue_set
bots_stopped() {
	[ "$(ask "SELECT count(*) FROM bots WHERE status <> 'STOPPED'
	    OR style <> 'legacy' OR combine <> 'mean'")" = 0 ] &&
	    [ "$(ask 'SELECT count(*) FROM bots')" = 3 ] &&
	    grep -q 'below\|less than the minimum' err
}
ok 'bots are STOPPED, and one below the minimum is told of' bots_stopped
history_signs() {
	ask "SELECT count(*) FROM evaluations e JOIN legacy_rows r
	    ON r.became = e.evaluation_id WHERE abs(e.combined_score
	    + json_extract(r.row, '\$.combined_score')) > 1e-9" >count &&
	    [ "$(cat count)" = 0 ] &&
	    [ "$(ask 'SELECT count(*) > 0 FROM evaluations')" = 1 ]
}
ok 'decisions come over with the sign turned' history_signs
history_none() {
	fresh && tb-migrate legacy --history none "$old/clean_small.db" >out &&
	    [ "$(ask 'SELECT count(*) FROM evaluations')" = 0 ] &&
	    [ "$(ask "SELECT count(*) FROM legacy_rows WHERE source_table =
	    'bot_signal_history' AND disposition = 'archive'")" = 120 ]
}
ok '--history none archives them all' history_none

# ------------------------------------------------------------- new rows --

cp "$old/clean_small.db" live.db
chmod 600 live.db
grows() {
	fresh && bring live.db && contents >before &&
	    sqlite3 live.db "INSERT INTO trades (product_id, side, size, price,
		fee, order_id, status, combined_signal_score, signal_scores,
		size_usd, created_at, filled_at) VALUES ('BTC-USD', 'BUY', 0.001,
		100000.0, 0.0, 'new-fill', 'filled', 0.0, '{}', 100.0,
		'2025-10-01 10:00:00.000000', '2025-10-01 10:00:00.000000')" &&
	    bring live.db && contents >after &&
	    [ "$(diff before after | grep -c 'INSERT INTO trades')" = 1 ] &&
	    grep -q '"keep":1,' out && verify
}
ok 'a later run takes the row that was added' grows
settles() {
	sqlite3 live.db "INSERT INTO trades (bot_id, product_id, side, size,
		price, order_id, status, signal_scores, size_usd, created_at)
		VALUES (1, 'BTC-USD', 'BUY', 25.0, 100000.0, 'o-later',
		'pending', '{\"rsi_enabled\": false}', 25.0,
		'2025-10-02 10:00:00.000000')" && bring live.db &&
	    [ "$(ask "SELECT status FROM trades WHERE order_id = 'o-later'")" \
	    = pending ] && sqlite3 live.db "UPDATE trades SET status =
		'completed', filled_at = '2025-10-02 10:00:05.000000'
		WHERE order_id = 'o-later'" && bring live.db &&
	    [ "$(ask "SELECT status, size_crypto FROM trades
	    WHERE order_id = 'o-later'")" = 'filled|0.00025' ] && verify
}
ok 'and one that was pending and is filled now' settles
merges() {
	sqlite3 live.db "INSERT INTO trades (product_id, side, size, price,
		fee, order_id, status, combined_signal_score, signal_scores,
		size_usd, created_at, filled_at) VALUES ('BTC-USD', 'BUY',
		0.00025, 100000.0, 0.0, 'its-fill', 'filled', 0.0, '{}', 25.0,
		'2025-10-02 10:00:02.000000', '2025-10-02 10:00:02.000000')" &&
	    bring live.db &&
	    [ "$(ask "SELECT count(*) FROM trades WHERE order_id IN
	    ('o-later', 'its-fill')")" = 1 ] && verify &&
	    tb-portfolio verify >checks
}
ok 'and merges it when its fill comes' merges

# ------------------------------------------------------------ not compared --

# skips N CODE WORDS: verify makes N checks less, and says why
skips() {
	tb-migrate verify --at "$at" >checks 2>err &&
	    [ "$(grep -c '"ok":null,' checks)" = "$1" ] &&
	    grep -q "not compared: .*$2" err &&
	    exits 3 tb-migrate verify -e --at "$at" && grep -q "$2" err &&
	    exits 3 tb-migrate cleanup --yes --at "$at" old.ndjson &&
	    [ ! -e old.ndjson ]
}
newer() {
	cp live.db less.db && chmod 600 less.db && fresh && bring less.db &&
	    exits 0 tb-migrate verify -e --at "$at" &&
	    sqlite3 less.db "INSERT INTO market_data (product_id) VALUES ('X')" &&
	    skips 4 'newer' && bring less.db &&
	    exits 0 tb-migrate verify -e --at "$at"
}
ok 'with a newer row in the old file verify -e is no yes' newer
# The pending order is filled, as the next run will know; nothing is wrong.
newer_merge() {
	fresh && cp "$old/clean_small.db" less.db && bring less.db &&
	    sqlite3 less.db "UPDATE trades SET status = 'completed'
		WHERE status = 'pending'" && skips 4 'newer'
}
ok 'nor where a row was changed' newer_merge
gone() {
	fresh && cp "$old/clean_small.db" less.db && bring less.db &&
	    mv less.db moved.db && skips 5 'less.db' &&
	    exits 0 tb-migrate verify -e --at "$at" moved.db &&
	    exits 3 tb-migrate verify -e --at "$at" "$old/dirty_v6.db" &&
	    exits 2 tb-migrate verify moved.db "$old/dirty_v6.db" &&
	    tb-migrate explain >words && grep -q 'figures are not shown' words &&
	    tb-migrate explain moved.db >words && grep -q '^BTC-USD' words &&
	    exits 2 tb-migrate explain moved.db "$old/dirty_v6.db" &&
	    tb-migrate cleanup --yes --at "$at" old.ndjson moved.db >out &&
	    [ -s old.ndjson ] && rm -f old.ndjson
}
ok 'nor with the old file gone; it can be named where it is' gone
# The venue told of an order since: its figures count, and no check is less.
told() {
	fresh && bring "$old/dirty_v6.db" && verify && sqlite3 "$TB_DB" "
	    DROP TRIGGER fills_update; UPDATE fills SET entry_id = 'venue-told' WHERE entry_id =
		(SELECT min(entry_id) FROM fills WHERE entry_id GLOB
		'legacy:order:*')" && tb-migrate verify -o table --at "$at" \
	    >checks 2>err
	grep -q '^sums  *yes' checks && grep -q '^fifo  *yes' checks &&
	    grep -q '^average  *yes' checks
}
ok 'an execution that the venue told leaves the others compared' told

# Indexes are dropped and made again by their text in the file.
own_index() {
	fresh && sqlite3 "$TB_DB" "CREATE INDEX mine ON trades (price);
	    CREATE UNIQUE INDEX mine_too ON fills (price, id);
	    PRAGMA writable_schema = 1; UPDATE sqlite_schema
	    SET sql = sql || '; CREATE TABLE theirs (x)' WHERE name = 'mine'" &&
	    bring "$old/clean_small.db" && verify && sqlite3 "$TB_DB" "SELECT name
	    FROM sqlite_schema WHERE name GLOB 'mine*' OR name = 'theirs'
	    ORDER BY name" >names && printf '%s\n' mine mine_too | same names -
}
ok 'an index of the user stays, and what stands behind its text is not run' \
    own_index

# ------------------------------------------------------- one digit wrong --

# wrong SQL: verify finds what a stranger's hand did
wrong() {
	fresh && bring "$old/clean_small.db" && verify &&
	    sqlite3 "$TB_DB" "$1" && exits 8 tb-migrate verify -e --at "$at"
}
ok 'verify finds a wrong amount' wrong \
    "UPDATE trades SET size_usd = size_usd || '1' WHERE id = 7"
ok 'a wrong position' wrong \
    "UPDATE portfolio SET usd_invested = usd_invested || '1' WHERE rowid = 1"
ok 'a row of quarantine that is gone, or a trade' wrong \
    "PRAGMA foreign_keys = OFF; DELETE FROM trades WHERE id = 9"
ok 'a record that is gone' wrong \
    "UPDATE legacy_rows SET became = 'nobody' WHERE source_table = 'trades'
    AND row_id = 3"
ok 'a trade whose record says that it was put aside' wrong \
    "UPDATE legacy_rows SET disposition = 'archive', became = NULL,
    reason = 'older' WHERE source_table = 'trades' AND row_id =
    (SELECT min(row_id) FROM legacy_rows WHERE source_table = 'trades'
    AND disposition = 'keep')"

# ---------------------------------------------------------- there and back --

rows_of() {
	sqlite3 -readonly "$1" "SELECT * FROM $2 ORDER BY rowid" 2>/dev/null
}
reverts() {
	fresh && bring "$old/clean_small.db" && sha256sum "$old/clean_small.db" \
	    >sums && printf '%s\n' 'id,time,product,side,size,price,fee' \
	    'n-1,2025-10-20T10:00:00Z,BTC-USD,SELL,0.0001,120000,0.07' >new.csv &&
	    tb-sync import trades new.csv >imported &&
	    tb-migrate revert back.db >out && grep -q '"added":1,' out &&
	    sha256sum -c --quiet sums && for table in bots trades \
	    bot_signal_history market_data; do
		rows_of "$old/clean_small.db" $table >was
		rows_of back.db $table | head -n "$(wc -l <was)" >is
		same was is || return 1
	done && sqlite3 back.db "SELECT product_id, side, size, price, size_usd,
	    order_id, status, created_at FROM trades ORDER BY id DESC LIMIT 1" \
	    >last && echo 'BTC-USD|SELL|0.0001|120000.0|12.0|import:BTC-USD:n-1|filled|2025-10-20 10:00:00.000000' |
	    same last -
}
ok 'revert gives back the old rows, and the trades since' reverts
ok 'a name that is taken is refused' exits 78 tb-migrate revert back.db

# Each copy is of its own file: the pending row of the second is not the
# first's row of that id.
reverts_one() {
	rm -f ./*.back.db && cp "$old/variants/split_root.db" root.db &&
	    cp "$old/variants/split_backend.db" backend.db &&
	    chmod 600 root.db backend.db && fresh && bring root.db backend.db &&
	    tb-migrate revert root.back.db >out 2>err &&
	    grep -q 'a copy of .*root.db' err && grep -q 'root.db"' out &&
	    tb-migrate revert --from backend.db backend.back.db >out 2>err &&
	    rows_of backend.db trades >was && rows_of backend.back.db trades |
	    head -n "$(wc -l <was)" | same was - &&
	    exits 2 tb-migrate revert --from live.db other.back.db
}
ok 'of several files --from says which, and the others are named' reverts_one

cleans() {
	fresh && bring "$old/dirty_v6.db" && exits 2 tb-migrate cleanup old.ndjson &&
	    tb-migrate cleanup --yes --at "$at" old.ndjson >out &&
	    sum=$(sha256sum <old.ndjson) && grep -q "${sum%% *}" out &&
	    [ "$(ask 'SELECT count(*) FROM legacy_rows WHERE row IS NOT NULL')" \
	    = 0 ] && [ "$(wc -l <old.ndjson)" -gt 300 ] && verify &&
	    again dirty_v6
}
ok 'cleanup moves the old rows to a file; all stays green' cleans
no_backup() {
	rm -f old.ndjson && fresh && bring "$old/clean_small.db" &&
	    rm -f "$TB_DB".before-legacy* && exits 7 tb-migrate cleanup --yes \
	    --at "$at" old.ndjson && [ ! -e old.ndjson ]
}
ok 'not without a backup' no_backup
not_green() {
	fresh && bring "$old/clean_small.db" && sqlite3 "$TB_DB" \
	    "UPDATE trades SET size_usd = size_usd || '1' WHERE id = 7" &&
	    exits 8 tb-migrate cleanup --yes --at "$at" old.ndjson &&
	    [ ! -e old.ndjson ]
}
ok 'nor where verify is not green' not_green
facts() {
	contents | grep INSERT | grep -v "'generation'\|'restored'" | sort
}
restores() {
	fresh && facts >before && bring "$old/clean_small.db" &&
	    backup=$(echo "$TB_DB".before-legacy*) &&
	    tb-migrate restore "$backup" >out && facts >after &&
	    same before after
}
ok 'the backup is the database as it was' restores

# ------------------------------------------------------------ long values --

# Two millions of letters in a table that nobody knows, in the scores of a
# trade, of a decision and of a row for the quarantine, and in a bot.
long_values() {
	fresh && cp "$old/clean_small.db" long.db && chmod 600 long.db &&
	    sqlite3 long.db "
	    CREATE TABLE notes (id INTEGER PRIMARY KEY, t TEXT);
	    INSERT INTO notes (t) VALUES (hex(zeroblob(1000000)));
	    UPDATE trades SET signal_scores = '{\"a\":\"' ||
		hex(zeroblob(1000000)) || '\"}' WHERE id = 3;
	    UPDATE trades SET side = 'x', signal_scores =
		hex(zeroblob(1000000)) WHERE id = 5;
	    UPDATE bot_signal_history SET action = 'buy', signal_scores =
		hex(zeroblob(1000000)) WHERE id = 3;
	    UPDATE bots SET signal_config = '{\"rsi\":\"' ||
		hex(zeroblob(1000000)) || '\"}' WHERE id = 2" &&
	    bring long.db && exits 0 tb-migrate verify -e --at "$at" &&
	    [ "$(ask "SELECT max(length(row)) > 2000000 FROM legacy_rows
	    WHERE source_table = 'trades' AND row_id = 3")" = 1 ] &&
	    [ "$(ask "SELECT max(length(row)) > 2000000 FROM quarantine")" = 1 ] &&
	    [ "$(ask "SELECT json_extract(signal_context,
	    '\$.signal_scores.left_out_bytes') FROM trades t JOIN legacy_rows r
	    ON r.became = t.order_id WHERE r.row_id = 3 AND source_table =
	    'trades'")" = 2000008 ] && tb-trade list >out &&
	    tb-signal history 1 >out && tb-migrate check >out &&
	    tb-migrate cleanup --yes --at "$at" long.ndjson >out &&
	    [ "$(wc -c <long.ndjson)" -gt 8000000 ]
}
ok 'values of two million bytes are kept whole' long_values
too_long() {
	fresh && sqlite3 long.db "INSERT INTO notes (t) VALUES
	    (hex(zeroblob(8388609)))" && exits 65 tb-migrate legacy long.db &&
	    grep -q 'notes: .*16777216 bytes: shorten it' err && rm long.db
}
ok 'one of more than 16 MiB is named' too_long
twice() {
	fresh && cp "$old/clean_small.db" one.db && cp one.db two.db &&
	    chmod 600 one.db two.db && bring one.db two.db &&
	    grep -q '2 bots ran' err && [ "$(grep -c 'minimum of 10' err)" = 1 ]
}
ok 'a bot of two files is told of once' twice

# ------------------------------------------------------------ in words --

explains() {
	fresh && bring "$old/dirty_v6.db" && tb-migrate explain --at "$at" \
	    >words && grep -q 'Every row is in exactly one' words &&
	    grep -q 'tb-migrate revert' words && grep -q 'BTC-USD' words &&
	    grep -q 'quarantine\|kept apart' words
}
ok 'explain tells it in words' explains
nothing_yet() {
	fresh && exits 7 tb-migrate verify && exits 7 tb-migrate explain &&
	    exits 7 tb-migrate revert x.db
}
ok 'where nothing was imported they say so' nothing_yet

# ------------------------------------------- the worked example of the manual --

# example: the commands of its displays, one a line
example() {
	sed -n '/^\.Ss From the old system/,/^\.Sh/p' "$TOP/man/tb-migrate.1" |
	    sed -n 's/^\$ //p'
}
worked() {
	rm -rf "$WORK"/tb.db* example && mkdir -p example/backend && cd example &&
	    cp "$old/variants/split_root.db" trader.db &&
	    cp "$old/variants/split_backend.db" backend/trader.db &&
	    chmod 600 trader.db backend/trader.db && example >commands &&
	    [ "$(wc -l <commands)" -ge 7 ] && run_all && [ -s trader-new.db ] &&
	    [ -s old-rows.ndjson ] && [ -s tb-backup.db ] &&
	    grep -q 'Every row is in exactly one' out
	status=$?
	cd "$WORK" || exit 1
	return $status
}
run_all() {
	sh -ex commands >out 2>&1 && return
	cat out
	return 1
}
ok 'the worked example of the manual works' worked
