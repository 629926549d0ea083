# t/lib/asks.sh: questions to the stand-in exchange that a python3 program asks;
# each of its lines is "ok" or "not", and a sentence.  Source it behind
# t/lib.sh:
#
#	. "$TOP/t/lib/asks.sh"
#
# shellcheck shell=sh

PATH=$BUILD/t:$PATH
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

[ -x "$BUILD/t/exchange" ] || skip_all 'the stand-in is not built'
command -v openssl >/dev/null || skip_all 'there is no openssl'
command -v python3 >/dev/null || skip_all 'there is no python3'

verdict() {
	[ "$1" = ok ] || { cat errors; return 1; }
}

# The program says so: one that dies has asked less, and nobody would miss it.
to_the_end() {
	[ -s verdicts ] && [ "$asked" -eq 0 ] || { cat errors; return 1; }
}

# asks PROGRAM [ARGUMENT ...]: of t/lib; every sentence is a test
asks() {
	program=$1
	shift
	python3 "$TOP/t/lib/$program" "$@" >verdicts 2>errors
	asked=$?
	while read -r word sentence; do
		ok "$sentence" verdict "$word"
	done <verdicts
	ok 'all questions were asked' to_the_end
}
