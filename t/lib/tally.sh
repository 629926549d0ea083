# t/lib/tally.sh: what the harnesses of faults count.  Source it behind
# t/lib.sh:
#
#	. "$TOP/t/lib/tally.sh"
#
# $TB_TALLY names a file of lines, their eight members separated by tabs:
#
#	TOOL VENUE SETTING FAULTS DOUBLED LOST ROWS UNRESOLVED
#
# FAULTS	how many were injected: kills, cuts, errors, schedules
# DOUBLED	decisions that the venue has two orders of
# LOST		orders of the venue that are not in the books or the other way
#		round, accepted decisions without an order
# ROWS		rows that are gone, there twice, or broken
# UNRESOLVED	intents in SENDING or UNKNOWN after the recovery
#
# Lines of the same TOOL, VENUE and SETTING add up.  Programs in other
# languages append lines of their own, each with one write.  t/lib/tally.awk
# prints the table; without $TB_TALLY nothing is counted.
#
# shellcheck shell=sh

# tally TOOL VENUE SETTING FAULTS DOUBLED LOST ROWS UNRESOLVED
tally() {
	[ -z "${TB_TALLY:-}" ] ||
	    printf '%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\n' "$@" >>"$TB_TALLY"
}
