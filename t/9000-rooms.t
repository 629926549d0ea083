#!/bin/sh
#
# Which room may include, call or name what.  The tables are the rule; the
# reasons stand at the top of each header.

. "${0%/*}/lib.sh"

# The code without its comments, once for all rules.  A line marker says how
# far to skip, so that a finding has its line.
strip() {
	cd "$TOP" || return 1
	for f in cmd/*.[ch] lib/*/*.[ch]; do
		mkdir -p "$WORK/${f%/*}" || return 1
		cc -fpreprocessed -dD -E "$f" 2>/dev/null | awk '
			/^# [0-9]+ "/ { while (n < $2 - 1) { print ""; n++ }
				next }
			{ print; n++ }' >"$WORK/$f"
	done
}
ok 'the code is read' strip
cd "$WORK" || exit 1

# includes ROOM OTHER ...: besides its own headers a room includes the others'
includes() {
	room=$1
	shift
	allowed="$room $*"
	set -- "lib/$room"/*.[ch]
	[ -e "$1" ] || return 0
	grep -Ho '#include "[a-z]*/' "$@" | while IFS=: read -r file what; do
		other=${what#*\"}
		other=${other%/}
		case " $allowed " in
		*" $other "*) ;;
		*) echo "$file: $other" ;;
		esac
	done >found
	cat found
	[ ! -s found ]
}

while read -r room others; do
	# shellcheck disable=SC2086 # words are meant
	ok "$room includes only ${others:-itself}" includes "$room" $others
done <<'END'
base
io base
signal base
ledger base
bot base io signal
wire base io signal ledger
store base signal ledger wire
venue base io
coinbase base io venue
order base io signal ledger bot wire store venue
sync base io store venue order
report base io ledger wire
legacy base io signal store ledger bot
END

# What they may include to compute with; nothing that opens or asks.
pure() {
	grep -n '#include' lib/signal/*.[ch] lib/ledger/*.[ch] | grep -vE \
	    -e '"(signal|ledger)/' -e '"base/(decimal|err|market)\.h"' \
	    -e '<(assert|float|inttypes|math|std[a-z]+|strings?)\.h>' >found
	cat found
	[ ! -s found ]
}
ok 'signal and ledger are pure' pure

known_rooms() {
	for room in lib/*/; do
		case $room in
		lib/base/ | lib/io/ | lib/signal/ | lib/ledger/ | lib/bot/) ;;
		lib/wire/ | lib/store/ | lib/venue/ | lib/coinbase/) ;;
		lib/order/ | lib/sync/ | lib/report/ | lib/legacy/) ;;
		*)
			echo "$room"
			return 1
			;;
		esac
	done
}
ok 'there are no other rooms' known_rooms

# only_in PATTERN FILE ...: no other file of cmd and lib has it in its code.
only_in() {
	pattern=$1
	shift
	grep -nE "$pattern" cmd/*.[ch] lib/*/*.[ch] >found
	for allowed; do
		grep -v "^$allowed" found >rest
		mv rest found
	done
	cat found
	[ ! -s found ]
}
# Text in quotes does not count.
code_only_in() {
	sed -i.whole 's/"\([^"\\]\|\\.\)*"/""/g' cmd/*.[ch] lib/*/*.[ch] &&
	    only_in "$@"
}

ok 'sqlite3 is in store' only_in '#include <sqlite3' 'lib/store/'
ok 'libjq is in jqexpr' only_in '#include <j[qv]\.h' 'lib/io/jqexpr'
ok 'libyaml is in yaml' only_in '#include <yaml' 'lib/io/yaml'
ok 'nettle is in digest' only_in '#include <nettle/' \
    'lib/base/digest\.c'
ok 'zlib is in csv' only_in '#include <zlib' 'lib/io/csv'
ok 'libcurl and openssl are in coinbase' \
    only_in '#include <(curl|openssl)/' 'lib/coinbase/'
ok 'cli is for commands' only_in '#include "cli' 'cmd/'
ok 'only store speaks SQL' only_in \
    '"(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE) ' 'lib/store/'

ok 'lib does not print' code_only_in \
    '(^|[^_a-z0-9])(v?f?printf|f?puts|f?putc|putchar|perror) ?\(' \
    'cmd/'
ok 'lib does not use err(3)' only_in '#include <err\.h>' 'cmd/'
ok 'lib does not name the standard streams' only_in \
    '(^|[^_a-z0-9])std(in|out|err)($|[^_a-z0-9])' 'cmd/'
# the child that runs a user's expression ends itself
ok 'lib does not exit' only_in '(^|[^a-z0-9])_?(exit|abort) ?\(' 'cmd/' \
    'lib/io/jqexpr'
ok 'lib does not read the environment' only_in \
    '(^|[^_a-z0-9])(secure_)?getenv ?\(' 'cmd/' 'lib/store/db\.c'
ok 'the clock is read in instant' only_in \
    '(^|[^_a-z0-9])(clock_gettime|gettimeofday|time) ?\(' \
    'lib/base/instant\.c'
ok 'nobody asks for the local time or language' only_in \
    '(^|[^_a-z0-9])(localtime|mktime|strftime|setlocale|tzset)(_r)? ?\('
ok 'nobody calls what C regrets' only_in \
    '(^|[^_a-z0-9])(strcpy|strcat|v?sprintf|strtok|ato[ilf]|gets|alloca) ?\('
ok 'nobody starts a shell or rolls dice' only_in \
    '(^|[^_a-z0-9])(system|popen|s?rand|random|drand48|mktemp) ?\('

# Money is never a double.  What may hold one: the indicators and the scores
# they make, the bars they read, who shows them, how often a bot acts,
# and the performance ratios.
ok 'no binary floating point elsewhere' only_in \
    '(^|[^_a-z0-9])(double|float|strto[df])($|[^_a-z0-9])' \
    'lib/signal/' 'lib/store/bars\.' 'lib/store/foreign_rows' \
    'lib/wire/signalline' \
    'lib/bot/lint' 'lib/ledger/performance' 'cmd/tb-signal'

# About 500; nothing past 600.
file_lengths() {
	wc -l "$TOP"/cmd/*.[ch] "$TOP"/lib/*/*.[ch] |
	    awk '$2 != "total" && $1 > 600 { print; bad = 1 } END { exit bad }'
}
ok 'files have at most 600 lines' file_lengths

# A function begins and ends with a brace at the left margin.
function_lengths() {
	awk -v max=70 '
		FNR == 1 { begun = 0 }
		/^[a-z_]+\(/ { name = $0 }
		/^\{/ { begun = FNR }
		/^\}$/ && begun && FNR - begun - 1 > max {
			print FILENAME ": " FNR - begun - 1 ": " name
			bad = 1
		}
		/^\}/ { begun = 0 }
		END { exit bad }' "$TOP"/cmd/*.c "$TOP"/lib/*/*.c
}
ok 'functions have at most 70 lines' function_lengths

columns() {
	for f in "$TOP"/cmd/*.[ch] "$TOP"/lib/*/*.[ch] "$TOP"/t/unit/*.[ch]; do
		expand "$f" | awk -v f="${f#"$TOP"/}" \
		    'length > 80 { print f ":" NR ": " length }'
	done >found
	cat found
	[ ! -s found ]
}
ok 'lines have at most 80 columns' columns

# guards: lib/base/err.h is guarded by TB_BASE_ERR_H
guards() {
	for f in "$TOP"/lib/*/*.h; do
		name=${f#"$TOP"/lib/}
		name=TB_$(echo "${name%.h}" | tr 'a-z/-' 'A-Z__')_H
		grep -q "^#ifndef $name\$" "$f" && continue
		echo "$f: expected $name"
		return 1
	done
}
ok 'headers are guarded by their own name' guards
