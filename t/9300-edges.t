#!/bin/sh
#
# Every tool in hostile surroundings: closed descriptors, a full disk, few
# files, little memory, another country, another century.  A tool may fail
# there, with a status of tb(7) and words; it may not die or print half a line.

. "${0%/*}/lib.sh"

[ -x "$BUILD/tb-migrate" ] || skip_all 'no tools'
TB_DB=$WORK/tb.db
export TB_DB
tb-migrate init --at 2025-10-01 >/dev/null || exit 1

# Each does its main job in an instant; tb-trade reads an empty input.
set --
for name in tb-migrate tb-signal tb-trade tb-portfolio tb-sync; do
	[ -x "$BUILD/$name" ] && set -- "$@" "$name"
done

# sane STATUS: one of those that tb(7) tells, and whole lines were printed
sane() {
	case $1 in
	0 | 2 | 3 | 7 | 65 | 69 | 74 | 75 | 77 | 78) ;;
	*)
		echo "exit $1"
		cat err
		return 1
		;;
	esac
	[ ! -s out ] || [ -z "$(tail -c 1 out | tr -d '\n')" ] || return 1
	[ "$1" -eq 0 ] || [ -s err ]
}

# limited LIMIT VALUE COMMAND ...
limited() {
	(
		# shellcheck disable=SC3045 # as far as the shell knows it
		ulimit "$1" "$2" || exit 99
		shift 2
		exec "$@" </dev/null
	) >out 2>err
	sane $?
}

# Its words go through a pipe: they could not grow in a file either.
no_growth() {
	{
		(
			ulimit -f 0
			exec "$1" </dev/null 2>&1
		)
		echo $? >code
	} | cat >out
	cp out err
	sane "$(cat code)"
}
closed_input() {
	"$1" <&- >out 2>err
	sane $?
}
folder_input() {
	"$1" <. >out 2>err
	sane $?
}
full_disk() {
	"$1" -o json </dev/null >/dev/full 2>err
	t_got=$?
	"$1" -o json </dev/null >out
	[ ! -s out ] && return 0 # nothing to print, nothing to lose
	[ "$t_got" -eq 74 ] && grep -q 'No space left' err
}
closed_output() {
	"$1" -o json </dev/null >&- 2>err
	t_got=$?
	"$1" -o json </dev/null >out
	[ ! -s out ] || [ "$t_got" -eq 74 ]
}
abroad() {
	"$1" --at 2025-10-02 </dev/null >here 2>err
	t_here=$?
	env LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8 TZ=Pacific/Apia COLUMNS=0 \
	    TERM=dumb "$1" --at 2025-10-02 </dev/null >there 2>err
	[ $? -eq "$t_here" ] && same here there
}
centuries() {
	for t in 1970-01-01T00:00:00Z 2016-12-31T23:59:60Z \
	    2038-01-19T03:14:07Z 2038-01-19T03:14:08Z 2100-01-01 \
	    2100-02-28T23:59:60Z 0001-01-01 9999-12-31; do
		"$1" --at "$t" </dev/null >out 2>err
		sane $? || return 1
	done
}
keeps_no_keys() {
	SSLKEYLOGFILE=$WORK/keys OPENSSL_CONF=/nonexistent \
	    http_proxy=http://127.0.0.1:1 "$1" </dev/null >out 2>err
	sane $? && [ ! -e keys ]
}
no_database() {
	"$1" -d nowhere/tb.db </dev/null >out 2>err
	sane $?
}
junk_database() {
	head -c 100000 /dev/zero | tr '\0' x >junk.db
	"$1" -d junk.db </dev/null >out 2>err
	t_got=$?
	[ "$t_got" -ne 0 ] && sane "$t_got" && [ "$(wc -c <junk.db)" -eq 100000 ]
}

case $BUILD in
*-san) roomy=yes ;;
*) roomy= ;;
esac

# A file that is somebody else's (its folder is not asked here: fault 53).
strangers_file() {
	tb-migrate -d theirs.db init --at 2025-10-01 >/dev/null 2>&1
	chown 12345 theirs.db && "$1" -d theirs.db </dev/null >out 2>err
	[ $? -eq 77 ] && grep -q 'belongs to user 12345' err
}
# wrong OPTION WORDS ...: wrong usage, one line that says what and where to look
wrong() {
	words=$1
	shift
	"$@" </dev/null >out 2>err
	[ $? -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] &&
	    grep -q -- "$words" err && grep -q "; try $1 --help" err ||
	    { cat err; return 1; }
}
usage() {
	long=$(head -c 131000 /dev/zero | tr '\0' x)
	wrong 'nosuch: unknown option' "$1" --nosuch &&
	    wrong 'db: needs a value' "$1" --db && wrong 'db: expected' "$1" --db= &&
	    wrong 'unknown' "$1" "--$long" "$long" "$long" &&
	    wrong 'given twice' "$1" --db a --db b
}

for name; do
	ok "fault 92: $name: wrong usage" usage "$name"
	ok "fault 93: $name: a closed input" closed_input "$name"
	ok "fault 93: $name: a folder as input" folder_input "$name"
	if [ "$(id -u)" -eq 0 ]; then
		ok "fault 53: $name: another owner's file" strangers_file "$name"
	else
		skip "fault 53: $name: another owner's file" 'needs root'
	fi
	ok "$name: a full disk" full_disk "$name"
	ok "$name: a closed output" closed_output "$name"
	ok "fault 94: $name: eight descriptors" limited -n 8 "$name"
	if [ -n "$roomy" ]; then
		skip "fault 94: $name: 64 MB of memory" 'sanitizers want terabytes'
	else
		ok "fault 94: $name: 64 MB of memory" limited -v 65536 "$name"
	fi
	ok "fault 94: $name: no file may grow" no_growth "$name"
	ok "fault 87: $name: another country prints the same" abroad "$name"
	ok "fault 95: $name: other centuries" centuries "$name"
	ok "fault 96: $name: no key log, no proxy" keeps_no_keys "$name"
	ok "$name: no database" no_database "$name"
	ok "fault 51: $name: no database but junk" junk_database "$name"
done
