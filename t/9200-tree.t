#!/bin/sh
#
# The tree itself: headers, paths, marks of unfinished work, layout, and the
# table of exit statuses.

. "${0%/*}/lib.sh"

# tracked: every file of the project
tracked() {
	if [ -e "$TOP/.git" ] && command -v git >/dev/null; then
		git -C "$TOP" ls-files
	else
		(cd "$TOP" && find . -type f ! -path './build*' |
		    sed 's,^\./,,')
	fi
}
tracked | grep -vE '^t/(9200-tree\.t|fuzz/corpus/.*)$' >files
cd "$TOP" || exit 1

# nowhere PATTERN: no tracked file has it
nowhere() {
	tr '\n' '\0' <"$WORK/files" |
	    xargs -0 grep -nIE -e "$1" -- >"$WORK/found"
	cat "$WORK/found"
	[ ! -s "$WORK/found" ]
}

headers_alone() {
	for h in lib/*/*.h cmd/*.h; do
		cc -std=c17 -Ilib -Icmd -D_GNU_SOURCE -fsyntax-only -x c "$h" ||
		    return 1
	done
}
ok 'every header compiles alone' headers_alone

first_include() {
	for c in lib/*/*.c; do
		h=${c#lib/}
		h=${h%.c}.h
		[ -e "lib/$h" ] || continue
		[ "$(grep -m1 -o '^#include ["<].*[">]' "$c")" = \
		    "#include \"$h\"" ] && continue
		echo "$c: includes something before $h"
		return 1
	done
}
ok 'a file includes its own header first' first_include

ok 'no path of one machine' nowhere \
    '(^|[^A-Za-z0-9_.$}])/(work|root|home/[a-z]+)/'
ok 'no mark of unfinished work' nowhere '(^|[^A-Z])(TODO|FIXME|XXX|HACK)([^A-Z]|$)'
ok 'no conflict left behind' nowhere '^(<<<<<<<|>>>>>>>) '
ok 'no blank at the end of a line' nowhere '[[:blank:]]+$'

ends_in_newline() {
	while read -r f; do
		[ -s "$f" ] && [ -n "$(tail -c 1 "$f" | tr -d '\n')" ] &&
		    grep -qI . "$f" && echo "$f"
	done <"$WORK/files" >"$WORK/found"
	cat "$WORK/found"
	[ ! -s "$WORK/found" ]
}
ok 'every text ends in a newline' ends_in_newline

scripts() {
	for f in t/*.t share/setup; do
		[ -x "$f" ] && sh -n "$f" && continue
		echo "$f"
		return 1
	done
}
ok 'scripts can be run' scripts

formatted() {
	clang-format --dry-run --Werror cmd/*.[ch] lib/*/*.[ch] t/unit/*.[ch] \
	    t/lib/*.[ch]
}
if command -v clang-format >/dev/null; then
	ok 'the layout is that of .clang-format' formatted
else
	skip 'the layout is that of .clang-format' 'no clang-format here'
fi

# tb(7) has one entry a status: ".It 65"
status_table() {
	sed -n '/^\.Sh EXIT STATUS/,/^\.Sh /s/^\.It \([0-9][0-9]*\)$/\1/p' \
	    man/tb.7 | sort -n >"$WORK/told"
	for n in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18; do
		"$BUILD/t/tb-sample" tally "$n" >/dev/null 2>&1
		echo $?
	done | sort -nu >"$WORK/real"
	# 1 is the answer no, which a command gives as TB_END
	sort -nu "$WORK/real" - >"$WORK/both" <<END
1
END
	same "$WORK/told" "$WORK/both"
}
ok 'tb(7) tells the exit statuses' status_table
