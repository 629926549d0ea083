#!/bin/sh
#
# The edge of a process, tried from outside with the sample tool of t/lib:
# the parser and its complaints, exit statuses, formats, descriptors.

. "${0%/*}/lib.sh"
PATH=$BUILD/t:$PATH

# says STATUS TEXT COMMAND ...: exits so, with TEXT within one line of stderr
says() {
	t_status=$1
	t_text=$2
	shift 2
	exits "$t_status" "$@" && [ "$(wc -l <err)" -eq 1 ] &&
	    grep -qF -- "$t_text" err
}

# prints TEXT COMMAND ...: done, with TEXT somewhere in what is printed
prints() {
	t_text=$1
	shift
	exits 0 "$@" && grep -qF -- "$t_text" out
}

# Wrong usage: one line, and where help is.

# fault 92
ok 'an unknown option' says 2 \
    'tb-sample: --no-such: unknown option; try tb-sample --help' \
    tb-sample --no-such
ok 'an unknown letter' says 2 '-?: unknown option' tb-sample '-?'
ok 'a value is missing' says 2 '--at: needs a value' tb-sample --at
ok 'a letter wants a value' says 2 '-d: needs a value' tb-sample -d
ok 'an empty value' says 2 '--db: expected FILE, found nothing' \
    tb-sample --db=
ok 'a flag takes no value' says 2 '--force=1: takes no value' \
    tb-sample --force=1
ok 'a value is given twice' says 2 '--at: given twice' \
    tb-sample --at now --at now
ok 'not among the choices' says 2 'expected one of fifo lifo' \
    tb-sample rows --method hifo
ok 'an option of another command' says 2 \
    '--method: tb-sample takes no such option' tb-sample --method fifo
ok 'a dry run where there is none' says 2 \
    '--dry-run: tb-sample rows takes no such option' tb-sample rows -n
ok 'an option of books where there are none' says 2 \
    '--db: tb-venue-coinbase takes no such option' tb-venue-coinbase -d x.db
ok 'a group alone' says 2 'group: expected one of one, two; found nothing' \
    tb-sample group
ok 'a group with a stranger' says 2 "found 'three'" tb-sample group three
ok 'an operand too few' says 2 'tb-sample fail: expected WHY' tb-sample fail
ok 'an operand too many' says 2 "unexpected 'b'" tb-sample fail a b
ok 'no such instant' says 2 '--at:' tb-sample --at yesterday
ok 'no whole number' says 2 'from 0 to 100000' tb-sample rows --count 1x
ok 'one past the largest' says 2 'from 0 to 100000' \
    tb-sample rows --count 100001
ok 'arguments of 200 KB' says 2 'unknown option' tb-sample \
    "--$(head -c 100000 /dev/zero | tr '\0' a)" \
    "$(head -c 100000 /dev/zero | tr '\0' b)"
ok 'control characters of a stranger are escaped' says 2 '\u{1b}[1m' \
    tb-sample rows --count "$(printf '\033[1m')"

# Help and completion name what the parser takes, and nothing else.

# tells_no OPTION COMMAND ...
tells_no() {
	t_option=$1
	shift
	exits 0 "$@" --help && ! grep -q -e "--$t_option" out
}
ok 'help of what has a dry run' prints '--dry-run' tb-sample --help
ok 'help of what has none' tells_no dry-run tb-sample rows
ok 'help of what writes no fixed shape' tells_no schema tb-sample fail
ok 'help of a tool without books' tells_no db tb-venue-coinbase
no_completion() {
	exits 0 tb-sample --complete rows --d && ! grep -q dry-run out
}
ok 'completion of what has no dry run' no_completion

# What is understood.

ok 'options before the command' prints '"method":"fifo"' \
    tb-sample --method fifo group one
ok 'options behind the command' prints '"method":"lifo"' \
    tb-sample group one --method=lifo
ok 'even where POSIXLY_CORRECT is set' prints '"force":true' \
    env POSIXLY_CORRECT=1 tb-sample a --force
ok 'nothing is an option behind --' prints '"operands":["--force"]' \
    tb-sample -- --force
ok 'a lone dash is an operand' prints '"operands":["-"]' tb-sample -
ok 'letters may be joined' prints '"dry_run":true,"force":true' tb-sample -nf
ok 'an instant' prints '"now_us":1757586600000000' \
    tb-sample --at 2025-09-11T10:30:00Z
ok 'the database by option' prints '"db":"x.db"' env TB_DB=y tb-sample -d x.db
ok 'the database by environment' prints '"db":"y"' env TB_DB=y tb-sample
ok 'the database by XDG' prints "\"db\":\"$XDG_DATA_HOME/tb/tb.db\"" tb-sample
ok 'the database by HOME' prints "\"db\":\"$HOME/.local/share/tb/tb.db\"" \
    env -u XDG_DATA_HOME tb-sample
ok 'a relative XDG folder does not count' \
    prints "\"db\":\"$HOME/.local/share/tb/tb.db\"" \
    env XDG_DATA_HOME=data tb-sample
ok 'the configuration was named' prints '"config_given":true' \
    env TB_CONFIG=c tb-sample
ok 'the configuration was not named' prints '"config_given":false' tb-sample

longest=$(head -c 4095 /dev/zero | tr '\0' p)
ok 'the longest path' prints '"db":"ppp' tb-sample -d "$longest"
ok 'one past the longest path' says 2 'path longer than 4095 bytes' \
    tb-sample -d "${longest}p"

# Exit statuses.

ok 'no is 0 without -e' exits 0 tb-sample question
ok 'no is 1 with -e' exits 1 tb-sample question -e
ok 'no is 1 where the command asks' exits 1 tb-sample ask
ok 'a failure has its words' says 3 'tb-sample: line 3: why' tb-sample fail why
ok 'a failure without words is not silent' says 69 'exit status 69' \
    tb-sample --status 1 tally 12

tally() {
	t_code=$1
	shift
	tb-sample tally "$@" >/dev/null 2>&1
	t_got=$?
	echo "statuses $*: exit $t_got, expected $t_code"
	[ "$t_got" -eq "$t_code" ]
}

# The numbers are the places in enum tb_status.
classes() {
	n=0
	for code in 0 0 2 3 4 5 6 7 8 9 65 65 69 70 74 74 75 77 78; do
		tally "$code" "$n" || return 1
		n=$((n + 1))
	done
}
ok 'every class has its exit status' classes

# 8, 5, 9, 70, 74, 77, 78, 69, 75 by their classes; each beats all behind it
precedence() {
	set -- 8:8 5:5 9:9 13:70 14:74 17:77 18:78 12:69 16:75
	while [ $# -gt 0 ]; do
		first=$1
		statuses=
		for pair; do
			statuses="${pair%:*} $statuses"
		done
		# shellcheck disable=SC2086 # words are meant
		tally "${first#*:}" $statuses 0 3 10 || return 1
		shift
	done
}
ok 'the worst of a run wins' precedence
ok 'all lines alike' tally 3 3 3 3
ok 'two kinds of bad data are one' tally 65 10 11
ok 'some failed' tally 6 0 3
ok 'refused by us and by the venue' tally 6 3 4

# Formats.

cat >expect <<'END'
{"name":"a,\"b\"","gain":{"usd":1234},"at":"2025-09-11T10:30:00.000000Z","note":null}
{"name":"c\u001b[1m","gain":{"usd":-5},"at":"2025-09-11T10:30:00.000000Z","note":null}
END
formats() {
	exits 0 tb-sample rows "$@" && same expect out
}
ok 'lines where it is no terminal' formats
sed 's/1234/"1234"/; s/-5/"-5"/' expect >quoted &&
    mv quoted expect
ok 'amounts as strings' formats --numbers string
printf 'name,gain.usd,at,note\r\n' | tr -d '\r' >expect
printf '%s\n' '"a,""b""",1234,2025-09-11T10:30:00.000000Z,' >>expect
printf 'c\033[1m,-5,2025-09-11T10:30:00.000000Z,\n' >>expect
ok 'csv' formats -o csv
head -n 1 expect >header && mv header expect
ok 'csv without rows has its header' formats -o csv --count 0
json_parses() {
	exits 0 tb-sample rows -o json --count "$1" &&
	    python3 -c 'import json, sys
rows = json.load(open("out"))
assert len(rows) == int(sys.argv[1]), rows' "$1"
}
ok 'one document' json_parses 2
ok 'one document without rows' json_parses 0
table() {
	exits 0 tb-sample rows -o table && grep -q '^Name .* Gain  *At' out &&
	    grep -q ' 1,234\.00  2025-09-11 10:30:00$' out &&
	    grep -qF 'c\u{1b}[1m' out
}
ok 'a table' table
# Once standard output is closed, its number is free for another file, such as
# the counts of a build for coverage: the path tells them apart.
one_write() {
	ASAN_OPTIONS=detect_leaks=0 strace -y -e trace=write -o trace \
	    tb-sample rows --count 3 >out &&
	    [ "$(grep -c '^write(1<[^>]*/out>,' trace)" -eq 3 ]
}
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	ok 'a line is one write' one_write
else
	skip 'a line is one write' 'no strace here'
fi

# Descriptors.

closed_out() {
	tb-sample rows >&- 2>err
	t_got=$?
	cat err
	[ "$t_got" -eq 74 ]
}
full() {
	tb-sample "$@" >/dev/full 2>err
	t_got=$?
	cat err
	[ "$t_got" -eq 74 ]
}
closed_err() {
	tb-sample fail why >out 2>&-
	[ $? -eq 3 ] && [ ! -s out ]
}
closed_all() {
	tb-sample question <&- >&- 2>&-
}
closed_pipe() {
	{
		tb-sample rows --count 100000
		echo $? >code
	} | head -n 1 >out
	[ "$(cat code)" -eq 141 ] && [ "$(wc -l <out)" -eq 1 ]
}
quota() {
	(
		ulimit -f 0
		exec tb-sample rows >quota.out
	) 2>err
	t_got=$?
	[ "$t_got" -eq 74 ]
}
ok 'standard output is closed' closed_out
ok 'the disk is full: rows' full rows
ok 'the disk is full: a table' full rows -o table
ok 'the disk is full: help' full --help
ok 'standard error is closed' closed_err
ok 'all three are closed' closed_all
ok 'fault 86: the reader of a pipe goes away' closed_pipe
ok 'no file may grow' quota
ok 'a folder is no input' says 74 'Is a directory' tb-sample input .
ok 'standard input is a folder' says 74 'Is a directory' \
    sh -c 'exec tb-sample input - <.'
ok 'no such input' says 7 'No such file' tb-sample input nowhere
ok 'a closed input' says 74 'standard input' sh -c 'exec tb-sample input - <&-'

# The words that shells complete.

completes() {
	printf '%s\n' "$1" | tr ' ' '\n' >expect
	shift
	tb-sample --complete "$@" | cut -f1 >actual
	same expect actual
}
ok 'completes commands' completes 'rows tally question ask fail input group' ''
ok 'completes part of a word' completes 'rows' ro
ok 'completes a group' completes 'one two' group ''
ok 'completes an option' completes '--method' group one --m
ok 'knows who takes an option' completes '--force' --f
ok 'completes a choice' completes 'fifo lifo' rows --method ''
ok 'skips the value of an option' completes 'one two' --at now group ''
ok 'leaves files to the shell' test -z "$(tb-sample --complete input '')"

shells() {
	printf 'compgen_test() { COMP_WORDS=(tb-sample group t); COMP_CWORD=2
	_tb_complete tb-sample; echo "${COMPREPLY[@]}"; }\n' >try
	sed 's/TOOL/tb-sample/g' "$TOP/share/completions/tb.bash" >tb.bash
	# shellcheck disable=SC2016 # for bash to expand
	[ "$(bash -c '. ./tb.bash && . ./try && compgen_test')" = two ]
}
ok 'bash completes' shells

fish_completes() {
	sed 's/TOOL/tb-sample/g' "$TOP/share/completions/tb.fish" >tb.fish &&
	    fish -c 'source ./tb.fish; complete -C "tb-sample rows --method "' \
		>actual
	printf 'fifo\nlifo\n' >expect
	same expect actual
}
if command -v fish >/dev/null; then
	ok 'fish completes' fish_completes
else
	skip 'fish completes' 'no fish here'
fi
