# t/lib.sh: TAP for shell tests.  Source it first:  . "${0%/*}/lib.sh"
#
# It makes an empty directory, enters it, puts the fresh binaries first in
# PATH, clears what the caller's environment could leak in, and prints the
# plan at the end.  A test is a sentence and a function or command.
#
# shellcheck shell=sh disable=SC2034

set -u
unset TB_DB TB_CONFIG TB_KEY_FILE NO_COLOR COLUMNS
LC_ALL=C
TZ=UTC
export LC_ALL TZ

TOP=$(cd "${0%/*}/.." && pwd)
BUILD=${TB_BUILD:-$TOP/build}
SHARED=${TB_SHARED:-$TOP/../shared/data}
PATH=$BUILD:$PATH
WORK=$(mktemp -d) || exit 1
cd "$WORK" || exit 1
HOME=$WORK/home
XDG_DATA_HOME=$WORK/home/data
XDG_CONFIG_HOME=$WORK/home/config
export HOME XDG_DATA_HOME XDG_CONFIG_HOME
mkdir -p "$HOME"

t_count=0
t_failed=0

# ok SENTENCE COMMAND [ARG ...]: passes when COMMAND exits 0.
ok() {
	t_say=$1
	shift
	t_count=$((t_count + 1))
	if "$@" >"$WORK/.log" 2>&1; then
		echo "ok $t_count - $t_say"
	else
		echo "not ok $t_count - $t_say"
		t_failed=$((t_failed + 1))
		tail -n 40 "$WORK/.log" | sed 's/^/#   /'
	fi
}

# skip SENTENCE REASON: a test that cannot be run here.
skip() {
	t_count=$((t_count + 1))
	echo "ok $t_count # skip $1: $2"
}

# exits CODE COMMAND [ARG ...]: COMMAND exits with exactly CODE; its output is
# left in out and err.
exits() {
	t_want=$1
	shift
	"$@" >out 2>err
	t_got=$?
	cat out err
	echo "exit $t_got, expected $t_want"
	[ "$t_got" -eq "$t_want" ]
}

# same FILE FILE: equal, byte for byte.
same() {
	diff -u "$1" "$2"
}

# skip_all REASON: nothing in this file can be tested here.
skip_all() {
	echo "1..0 # skip $1"
	trap - EXIT
	cd / && rm -rf "$WORK"
	exit 0
}

t_end() {
	t_code=$?
	[ "$t_code" -eq 0 ] || t_failed=$((t_failed + 1))
	echo "1..$t_count"
	cd / && rm -rf "$WORK"
	[ "$t_failed" -eq 0 ] || exit 1
}
trap t_end EXIT
