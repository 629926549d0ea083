#!/bin/sh
#
# t/README numbers the faults that tb has to bear, and names for each the
# files in which it is tried.

. "${0%/*}/lib.sh"

# table: number and file, a line each
table() {
	awk '/^ +[0-9]+  / { n = $1 }
	    /^      / { for (i = 1; i <= NF; i++) print n, $i }' "$TOP/t/README"
}
whole() {
	awk '/^ +[0-9]+  / { print $1 }' "$TOP/t/README" >numbers &&
	    seq 1 96 >expect && same expect numbers
}
ok 'every number stands in t/README, once and in order' whole
tried() {
	table | cut -d' ' -f1 | uniq >numbers && seq 1 96 >expect &&
	    same expect numbers
}
ok 'each has a file' tried
there() {
	table >rows && while read -r number file; do
		grep -qE "fault $number([^0-9]|\$)" "$TOP/t/$file" ||
		    { echo "$number $file"; return 1; }
	done <rows
}
ok 'each file is there and has the number' there
complete() {
	"$TOP/t/lib/faults.sh" >should && same "$TOP/t/README" should ||
	    { echo 'run make t-readme'; return 1; }
}
ok 'no number of a test is missing' complete
