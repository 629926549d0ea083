#!/bin/sh
#
# tb-trade in a hostile place: locks held, pipes closed, disks full, signals,
# descriptors missing, files that are not what they should be.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/trade.sh"

says() {
	grep -qF -- "$2" "$1" || { echo "no $2 in:"; cat "$1"; return 1; }
}
one() {
	line BUY BTC-USD 20 "${1:-a}"
}

# hold_lock: another run holds the send lock until the file go is removed
hold_lock() {
	: >go && : >>tb.db.lock &&
	python3 -c '
import fcntl, os, sys, time
f = open("tb.db.lock", "r+")
fcntl.flock(f, fcntl.LOCK_EX)
f.write("pid 4711 since 2025-09-11T10:35:00Z\n"); f.flush()
open("held", "w").close()
while os.path.exists("go"): time.sleep(0.01)' &
	holder=$!
	until [ -e held ]; do sleep 0.01; done
	rm held
}
let_go() {
	rm -f go && wait "$holder"
}

lock_held() {
	new_db && hold_lock &&
	{ one a; one b; } | exits 75 trade --lock-timeout 0
	let_go
	says err 'another run is sending (pid 4711 since 2025-09-11T10:35:00Z): ' &&
	[ "$(sql 'SELECT count(*) FROM intents')" -eq 0 ] &&
	[ "$(grep -c '"reason":"not_tried"' out)" -eq 2 ] &&
	{ [ ! -e tb.db.paper ] || [ "$(orders)" -eq 0 ]; }
}
lock_waited_for() {
	new_db && hold_lock && { one | trade >out 2>err & } && runner=$! &&
	sleep 0.2 && [ ! -s out ] && let_go && wait "$runner" &&
	says out '"trade_executed":true'
}
lock_is_a_link() {
	new_db && ln -s elsewhere tb.db.lock && one | exits 77 trade &&
	[ ! -e elsewhere ]
}
lock_is_ours_alone() {
	new_db && one | exits 0 trade && [ "$(stat -c %a tb.db.lock)" = 600 ] &&
	[ "$(stat -c %a tb.db.paper)" = 600 ] &&
	head -n 1 tb.db.lock | grep -qx 'pid [0-9]* since [0-9T:-]*Z'
}

# The venue's memory is gone while the books have an order of it.
paper_is_lost() {
	new_db && one | exits 0 trade && mv tb.db.paper kept &&
	one b | exits 78 trade && [ ! -e tb.db.paper ] &&
	says err 'tb.db.paper: not found' && says err 'tb-migrate restore' &&
	mv kept tb.db.paper && one b | exits 0 trade && sound
}

# began: wait until the run has come so far that FILE is not empty
began() {
	until [ -s "$1" ]; do sleep 0.01; done
}

# The run ends by the signal, and what it did stands.
stopped_while_waiting() {
	new_db && hold_lock && one >in || return 1
	tb-trade -d tb.db -c tb.yaml --at "$T" <in >out 2>err &
	runner=$!
	sleep 0.3 # long enough to wait, whatever comes first
	kill -TERM "$runner"
	wait "$runner"
	code=$?
	let_go
	[ $code -eq 143 ] && [ "$(orders)" -eq 0 ]
}
stopped_while_reading() { # SIGNAL CODE
	new_db && rm -f pipe out && mkfifo pipe || return 1
	# not as a background job: those ignore SIGINT
	python3 -c '
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' \
	    tb-trade -d tb.db -c tb.yaml --at "$T" <pipe >out 2>err &
	runner=$!
	exec 7>pipe
	one >&7
	began out
	kill "-$1" "$runner"
	wait "$runner"
	code=$?
	exec 7>&-
	says out '"trade_executed":true' && [ $code -eq "$2" ] && sound
}

closed_stdout() {
	new_db && one >in && trade <in >&- 2>err
	[ $? -eq 74 ] && [ "$(orders)" -eq 1 ] &&
	says err 'the answer is lost, intent 1 is recorded' &&
	exits 0 tb-trade -d tb.db show a && says out '"trade_executed":true' &&
	sound
}
full_stdout() {
	new_db && { one a; one b; } >in && trade <in >/dev/full 2>err
	[ $? -eq 74 ] && [ "$(orders)" -eq 1 ] &&
	says err 'No space left' && says err 'intent 1 is recorded' && exits 0 trade <in && [ "$(orders)" -eq 2 ] &&
	exits 0 tb-trade -d tb.db show a && says out '"trade_executed":true'
}
unsure_unsaid() {
	new_db && one >in &&
	echo 'paper: {faults: lose-answer=1}' >tb.yaml && trade <in >/dev/full 2>err
	[ $? -eq 5 ] && says err 'No space left' && says err 'intent 1 is recorded'
}
broken_pipe() { # whoever reads is gone before the first answer
	new_db && { one a; one b; one c; } >in && python3 - <<-'END' || return 1
	import os, subprocess, sys
	r, w = os.pipe()
	run = subprocess.Popen(["tb-trade", "-d", "tb.db", "-c", "tb.yaml", "--at",
	    "2025-09-11T10:35:12Z"], stdin=open("in"), stdout=w,
	    stderr=open("err", "w"), preexec_fn=lambda: os.close(r))
	os.close(w)
	os.close(r)
	sys.exit(run.wait() != 74)
	END
	says err 'Broken pipe; the answer is lost, intent 1 is recorded' &&
	[ "$(orders)" -eq 1 ] && sound
}
closed_stderr() {
	new_db && { one a; echo nonsense; } >in && trade <in >out 2>&-
	[ $? -eq 6 ] && [ "$(wc -l <out)" -eq 2 ] && sound
}
# No file of ours is ever opened as descriptor 0, 1 or 2.
no_low_descriptor() {
	new_db && one >in || return 1
	strace -f -o calls -e trace=openat,write,pwrite64 \
	    tb-trade -d tb.db -c tb.yaml --at "$T" <in >&- 2>&-
	[ $? -eq 74 ] && grep -q 'openat.*tb.db' calls &&
	! grep 'openat.*tb\..* = [012]$' calls &&
	! grep -q 'pwrite64([012],' calls && [ "$(orders)" -eq 1 ] && sound
}
closed_stdin() {
	new_db && trade <&- >out 2>err
	code=$?
	echo "exit $code"
	[ $code -eq 0 ] || [ $code -eq 74 ]
}
stdin_a_directory() {
	new_db && exits 74 trade <.
}
all_closed() {
	new_db && one >in && trade <in >&- 2>&-
	[ $? -eq 74 ] && [ "$(orders)" -eq 1 ] && sound
}

db_locked() { # another program holds the write lock for longer
	new_db && : >go &&
	python3 -c '
import sqlite3, os, time
c = sqlite3.connect("tb.db", isolation_level=None)
c.execute("BEGIN IMMEDIATE"); open("held", "w").close()
while os.path.exists("go"): time.sleep(0.01)' &
	until [ -e held ]; do sleep 0.01; done
	rm held
	one | exits 75 trade
	came=$?
	rm go && wait
	[ $came -eq 0 ] && says err 'locked by another program' &&
	{ [ ! -e tb.db.paper ] || [ "$(orders)" -eq 0 ]; } && one | exits 0 trade
}
# reads SECONDS: another program reads, and does not finish
reads() {
	python3 -c '
import sqlite3, sys, time
c = sqlite3.connect("tb.db", isolation_level=None)
c.execute("BEGIN"); c.execute("SELECT * FROM products").fetchone()
open("held", "w").close(); time.sleep(float(sys.argv[1]))' "$1" &
	reader=$!
	until [ -e held ]; do sleep 0.01; done
	rm held
}
reader_waited_for() { # the commit is tried again until it is done
	new_db && reads 1 && one | exits 0 trade && wait "$reader" &&
	says out '"trade_executed":true' && [ "$(orders)" -eq 1 ] && sound
}
# Stopped behind its COMMIT, and woken too late.
stopped_before_sending() {
	new_db && one a | exits 0 trade && one b >in &&
	exits 69 strace -qq -o calls -e trace=ftruncate \
	    -e inject=ftruncate:delay_exit=5100000:when=1 \
	    tb-trade -d tb.db -c tb.yaml --at "$T" <in &&
	says err 'nothing was sent: late: too late to send' &&
	[ "$(sql "SELECT group_concat(state || coalesce(reason, ''), ' ')
	    FROM intents")" = 'SETTLED REJECTEDnot_sent' ] &&
	[ "$(orders)" -eq 1 ] && exits 0 trade <in &&
	says out '"replayed":false' && [ "$(orders)" -eq 2 ] && sound
}
# Nothing may be written beyond 0 bytes, or a little more: no order without
# its intent, and the run after it settles all.
small_files() { # BLOCKS
	new_db && one >in && (ulimit -f "$1" && trade <in >out 2>err)
	cat out err
	trade <in >out 2>err
	says out '"trade_executed":true' && [ "$(orders)" -eq 1 ] && sound
}
# shellcheck disable=SC3045 # dash and bash have ulimit -n and -v
few_descriptors() { # of which the shell and its test keep some
	new_db && one >in && (ulimit -n 16 && exits 0 trade <in) && sound
}
# shellcheck disable=SC3045
little_memory() {
	new_db && one >in && (ulimit -v 32768 && exits 0 trade <in) && sound
}

no_db() {
	one | exits 78 tb-trade -d nowhere.db && [ ! -e nowhere.db ] &&
	[ ! -e nowhere.db.lock ]
}
not_a_db() {
	echo hello >file && one | exits 78 tb-trade -d file
}
newer_db() {
	new_db && sql 'PRAGMA user_version = 999' && one | exits 78 trade
}
wrong_config() { # TEXT MESSAGE
	new_db && printf '%b\n' "$1" >tb.yaml && one | exits 78 trade &&
	says err "$2" && [ ! -e tb.db.paper ]
}
no_config() {
	new_db && rm tb.yaml && one | exits 78 trade &&
	one | exits 0 tb-trade -d tb.db --at "$T"
}
other_venue() {
	new_db && echo 'venue: coinbase' >tb.yaml && one | exits 78 trade
}
usage() { # ARGUMENT ...
	new_db && exits 2 tb-trade -d tb.db -c tb.yaml "$@"
}
clock_went_back() {
	new_db && candle BTC-USD 40000.00 "$(date -u -d '-6 minutes' +%FT%H:%M:00Z |
	    sed 's/\(.*:[0-9]\)[0-4]:..Z/\10:00Z/; s/\(.*:[0-9]\)[5-9]:..Z/\15:00Z/')" &&
	one | exits 0 tb-trade -d tb.db -c tb.yaml &&
	sql "UPDATE meta SET value = '2999-01-01T00:00:00.000000Z'
	    WHERE key = 'max_seen'" &&
	one b | exits 3 tb-trade -d tb.db -c tb.yaml && says out '"reason":"clock"' &&
	one a | exits 0 tb-trade -d tb.db -c tb.yaml && says out '"replayed":true'
}
clock_went_back_a_little() {
	clock_went_back && seen=$(date -u -d '+4 seconds' +%FT%T.000000Z) &&
	sql "UPDATE meta SET value = '$seen' WHERE key = 'max_seen'" &&
	one c | exits 0 tb-trade -d tb.db -c tb.yaml &&
	echo '{"product_id":"BTC-USD","side":"SELL","size_usd":40}' |
	exits 0 tb-trade -d tb.db -c tb.yaml &&
	[ "$(sql "SELECT count(*) FROM intents WHERE created_at >= '$seen'")" = 2 ] &&
	[ "$(sql 'SELECT uncovered_size FROM portfolio')" = 0 ]
}
no_dump() { # neither a core file nor a tracer of our own user
	grep -q PR_SET_DUMPABLE "$TOP"/cmd/cli*.c
}

ok 'fault 45: the lock is held: 75, every line answered' lock_held
ok 'the lock is waited for' lock_waited_for
ok 'the lock is a link: 77' lock_is_a_link
ok 'lock and venue are ours alone' lock_is_ours_alone
ok 'the memory of the paper venue is gone' paper_is_lost
ok 'fault 43: SIGTERM while waiting for the lock: 143' stopped_while_waiting
ok 'fault 43: SIGTERM while reading: 143' stopped_while_reading TERM 143
ok 'SIGINT while reading: 130' stopped_while_reading INT 130
ok 'SIGHUP while reading: 129' stopped_while_reading HUP 129
ok 'fault 39: standard output closed: 74, the order recorded' closed_stdout
ok 'fault 40: standard output full: 74, the next line is not tried' full_stdout
ok 'fault 39: a broken pipe: the same' broken_pipe
ok '... and an order may be live: 5, which says more than 74' unsure_unsaid
ok 'fault 41: standard error closed' closed_stderr
ok 'fault 93: standard input closed' closed_stdin
ok 'fault 93: standard input a directory: 74' stdin_a_directory
ok 'fault 41: output and error closed' all_closed
if command -v strace >/dev/null; then
	export ASAN_OPTIONS=detect_leaks=0 # which would trace what is traced
	ok 'fault 41: no file of ours takes their place' no_low_descriptor
	ok 'fault 44: stopped behind its COMMIT: too late to send' \
	    stopped_before_sending
	unset ASAN_OPTIONS
else
	skip 'fault 41, fault 44' 'no strace'
fi
ok 'fault 46: the database is locked: 75' db_locked
ok 'fault 47: a reader that does not finish is waited for' reader_waited_for
for blocks in 0 1 8 40 200; do
	ok "no file beyond $blocks blocks" small_files $blocks
done
ok '16 descriptors' few_descriptors
[ -z "${SAN:-}" ] && ok '32 MiB of address space' little_memory
ok 'fault 51: no database: 78, none is made' no_db
ok 'no database of ours: 78' not_a_db
ok 'a database of the future: 78' newer_db
ok 'an unknown key: did you mean' \
    wrong_config 'limits:\n  max_ordr: 5' 'tb.yaml:2:3: limits.max_ordr'
ok 'a limit that is no amount' \
    wrong_config 'limits: {max_order: lots}' 'max_order'
ok 'a limit of 0' wrong_config 'limits: {max_order: 0}' 'above 0'
ok 'a fault of paper that there is not' \
    wrong_config 'paper: {faults: fill-part=40}' 'paper.faults: paper fault "fill-part=40": expected'
ok 'a configuration that was named has to be there' no_config
ok 'the configuration means another venue: 78' other_venue
ok 'usage: an operand too many' usage status now
ok 'usage: no amount' usage buy BTC-USD
ok 'usage: no number' usage buy BTC-USD lots
ok 'usage: a negative one' usage buy BTC-USD 0
ok 'usage: no product' usage buy btc 10
ok 'usage: --wait' usage --wait x
ok 'the clock went back: 3' clock_went_back
ok 'the clock went back a little: time stands still' clock_went_back_a_little
ok 'no core file' no_dump
