#!/bin/sh
#
# The model of t/model/: its moves are those of the books and of lib/order; it
# holds as the protocol is, and does not where the protocol is broken: spin
# tries every order of events.  (A sample of the broken ones; all with
# TB_CRASH=all.)
# fault 30, fault 42, fault 59, fault 69, fault 70

. "${0%/*}/lib.sh"

# ---------------------------------------------------------- the same moves --

in_the_books() {
	sed -n '/INSERT INTO transitions/,/;/p' "$TOP/migrate/0001-books.up.sql" |
	    grep -o "('[A-Z]*', '[A-Z]*')" | tr -d "(),'" | sed 's/^ /NONE /' |
	    sort
}
in_the_model() {
	grep -o 'MOVE([A-Z]*, [A-Z]*)' "$TOP/t/model/order.pml" |
	    sed 's/MOVE(\(.*\), \(.*\))/\1 \2/' | sort -u
}
# the table of events; a new intent is not in it
in_the_code() {
	awk '/^\t\[INTENT_/ { gsub(/[^A-Z_]/, " "); src = substr($1, 8) }
	    /^\t\t\[EVENT_/ { sub(/.*TO(_WITH)?\(/, ""); sub(/[,)].*/, "")
		print src, $0 }' "$TOP/lib/order/course.c" | sort -u
}
alike() {
	in_the_books >books && [ "$(wc -l <books)" -gt 10 ] &&
	in_the_model >model && same books model &&
	{ echo NONE SENDING && in_the_code; } | sort >code && same books code
}
ok 'books, model and code have the same moves' alike

# ------------------------------------------------------------ all of events --

# checked OPTION ...: what spin says of the model with these
checked() {
	rm -f pan* ./*.trail
	spin "$@" -a "$TOP/t/model/order.pml" >said 2>&1 &&
	cc -O1 -w -DSAFETY -o pan pan.c && ./pan -m1000000 >said || return 1
	cat said
	! grep -q 'Search not completed\|max search depth' said ||
	    grep -q 'errors: 1$' said
}
holds() {
	checked "$@" && grep -q 'errors: 0$' said
}
fails() {
	checked "$@" && grep -q 'assertion violated' said
}
if ! command -v spin >/dev/null || ! command -v cc >/dev/null; then
	skip 'every order of events' 'no spin, or no compiler, here'
	exit 0
fi
ok 'the protocol holds' holds -DASIS
ok 'the order before its row: found' fails -DNAIVE
ok 'sent again at once: found' fails -DHASTY
[ "${TB_CRASH:-}" = all ] || exit 0
ok 'it holds where the exchange keeps to one order an id' holds -DDEDUP
ok 'and where it refuses, and places all the same' holds -DLIAR
ok 'no lock: found' fails -DNOLOCK
ok 'no lock, one order an id: found' fails -DNOLOCK -DDEDUP
ok 'hidden longer than we look: found' fails -DLATE
ok 'hidden longer, one order an id: holds' holds -DLATE -DDEDUP
