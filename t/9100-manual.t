#!/bin/sh
#
# The manual, --help, the completions and the behaviour of a tool agree.

. "${0%/*}/lib.sh"

# usage TOOL: its usage lines, a command each, without the heading
usage() {
	"$1" --help | sed '/^$/,$d; s/^usage: //; s/^ *//'
}

# commands TOOL: the subcommands, one a line; "(none)" is the main job
commands() {
	"$1" --help | sed -n '/^commands:$/,/^$/{/^  [^ ]/s/^  //p;}' |
	    sed 's/  .*//'
}

# options TOOL: the long options it knows, the common ones included
options() {
	"$1" --help | sed -n 's/^  .*\(--[a-z-]*\).*/\1/p' | sort
}

# manual TOOL SECTION: the text of a section, a line a paragraph
manual() {
	mandoc -Tascii -Owidth=500 "$TOP/man/$1.1" | col -bx |
	    sed -n "/^$2\$/,/^[A-Z]/{/^ /p;}" | tr -s ' ' | sed 's/^ //'
}

synopsis() {
	manual "$1" SYNOPSIS >expect && usage "$1" >actual && same expect actual
}

# Options of the tool's own stand in its page; tb(7) has the common ones.
options_told() {
	"$1" --help | sed -n '/^options:$/,/^$/p' |
	    sed -n 's/^  .*\(--[a-z-]*\).*/\1/p' | sort >own
	while read -r option; do
		grep -q "^\.It .*Fl -${option#--}\( \|\$\)" \
		    "$TOP/man/$1.1" && continue
		echo "$1.1 does not tell of $option"
		return 1
	done <own
}
options_known() {
	options "$1" >known
	sed -n 's/^\.It .*Fl -\([a-z-]*\).*/--\1/p' "$TOP/man/$1.1" |
	    sort -u >told
	comm -23 told known >strangers
	cat strangers
	[ ! -s strangers ]
}

common_told() {
	tb-sample --help | sed -n '/^common options:$/,$p' |
	    sed -n 's/^  .*\(--[a-z-]*\).*/\1/p' >common
	[ -s common ] || return 1
	while read -r option; do
		grep -q "^\.It .*Fl -${option#--}\( \|\$\)" "$TOP/man/tb.7" &&
		    continue
		echo "tb.7 does not tell of $option"
		return 1
	done <common
}

# Every subcommand answers --help and says how it is used.
all_help() {
	commands "$1" >list
	[ -s list ] || return 1
	while read -r words; do
		[ "$words" = '(none)' ] && words=
		# shellcheck disable=SC2086 # words are meant
		exits 0 "$1" $words --help </dev/null || return 1
		grep -q "^usage: $1${words:+ }$words" out || return 1
	done <list
}

# What the shells complete is what the parser takes.
completes() {
	commands "$1" | sed '/^(none)$/d; s/ .*//' | awk '!seen[$0]++' >expect
	"$1" --complete '' | cut -f1 >actual
	same expect actual || return 1
	"$1" --help | sed -n '/^common options:$/,$!d; s/.*\(--[a-z-]*\).*/\1/p' |
	    while read -r option; do
		"$1" --complete "$option" | cut -f1 | grep -qx -e "$option" ||
		    return 1
	done
}

for c in "$TOP"/cmd/tb-*.c; do
	name=$(basename "$c" .c)
	[ -x "$BUILD/$name" ] || continue # a part of a tool
	ok "$name: -V" exits 0 "$name" -V
	ok "$name: an unknown letter, exit 2" exits 2 "$name" '-?'
	ok "$name: an unknown option, exit 2" exits 2 "$name" --no-such
	ok "$name: every command answers --help" all_help "$name"
	ok "$name: completion knows the commands and options" completes "$name"
	ok "$name: has a manual" test -f "$TOP/man/$name.1"
	if ! command -v mandoc >/dev/null || ! command -v col >/dev/null; then
		skip "$name: the manual" 'no mandoc or col here'
		continue
	fi
	ok "$name: usage is SYNOPSIS" synopsis "$name"
	ok "$name: the manual tells all options" options_told "$name"
	ok "$name: the manual tells no others" options_known "$name"
done

PATH=$BUILD/t:$PATH
ok 'tb(7) tells the common options' common_told

# A page that another names is there.
references() {
	grep -ho '^\.Xr tb[a-z-]* [1-8]' "$TOP"/man/*.[1-8] | sort -u |
	    while read -r _ name section; do
		[ -f "$TOP/man/$name.$section" ] && continue
		echo "no $name($section)"
	done >missing
	cat missing
	[ ! -s missing ]
}
ok 'a page that another names is there' references
if command -v mandoc >/dev/null; then
	ok 'mandoc finds nothing' mandoc -Tlint -Wwarning "$TOP"/man/*.[1-8]
else
	skip 'mandoc finds nothing' 'no mandoc here'
fi
