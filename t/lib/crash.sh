# t/lib/crash.sh: harnesses of kills that are written in Python.  Source it
# behind t/lib.sh:
#
#	. "$TOP/t/lib/crash.sh"
#
# shellcheck shell=sh

[ -x "$BUILD/t/killat" ] || skip_all 'no killat'
[ -x "$BUILD/t/exchange" ] || skip_all 'no stand-in that we may run'
[ -e "$BUILD/t/clock.so" ] || skip_all 'the clock is not built'
case $BUILD in
*san*) skip_all 'what is preloaded stands before the sanitizer' ;;
esac
command -v sqlite3 >/dev/null || skip_all 'no sqlite3'
command -v openssl >/dev/null || skip_all 'no openssl'
command -v python3 >/dev/null || skip_all 'no python3'
TB_BUILD=$BUILD
PYTHONDONTWRITEBYTECODE=1
export TB_BUILD PYTHONDONTWRITEBYTECODE

verdict() {
	[ "$1" = ok ] || { cat "$WORK/errors"; return 1; }
}

# verdicts PROGRAM ARG ...: each line "ok SENTENCE" or "not SENTENCE" a test
verdicts() {
	program=$TOP/t/lib/$1
	shift
	python3 "$program" "$@" >told 2>errors
	ok 'the harness ran to its end' test $? -eq 0 -a -s told
	while read -r word sentence; do
		ok "$sentence" verdict "$word"
	done <told
}
