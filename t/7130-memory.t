#!/bin/sh
#
# Memory runs out: any one allocation of a command fails, or it and all behind
# it (a sample; more with TB_CRASH=all, all with TB_POINTS=100000 as well).  And
# so does what a process may use: descriptors, addresses, the length of files.
# fault 94

. "${0%/*}/lib.sh"
. "$TOP/t/lib/commands.sh"

command -v sqlite3 >/dev/null || skip_all 'no sqlite3'
[ -e "$BUILD/t/nomem.so" ] || skip_all 'nomem is not built'
case $BUILD in
*san*) skip_all 'what is preloaded stands before the sanitizer' ;;
esac
SAMPLE=8 # allocations of a command
[ "${TB_CRASH:-}" = all ] && SAMPLE=${TB_POINTS:-300}

without() {
	attempt "allocation $1 of $last" env TB_NOMEM="$1" \
	    LD_PRELOAD="$BUILD/t/nomem.so"
}
every_fault() {
	again && go env TB_NOMEM_COUNT=count LD_PRELOAD="$BUILD/t/nomem.so"
	last=$(cat count)
	step=$((last / SAMPLE + 1))
	n=$((step / 2 + 1))
	while [ $n -le "$last" ]; do
		without $n
		without $n+
		n=$((n + step))
	done
}
every_command 'memory that runs out'

# limited OPTION N COMMAND ...: behind ulimit; what it says goes through pipes
limited() {
	option=$1 n=$2
	shift 2
	{
		{
			(ulimit "$option" "$n" && exec "$@")
			echo $? >code
		} 2>&1 >&3 | cat >&2
	} 3>&1 | cat
	return "$(cat code)"
}
# Below 5 descriptors the loader finds no library.
every_fault() {
	for n in 5 6 7 8 9; do
		attempt "$n descriptors" limited -n $n
	done
	for n in 0 1 8 64 200; do
		attempt "files of $n blocks" limited -f $n
	done
	for n in 20000 65536; do
		attempt "$n kB of addresses" limited -v $n
	done
}
every_command 'limits of a process'
