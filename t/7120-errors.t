#!/bin/sh
#
# A system call fails, any one of them, as strace makes it: each call that a
# command makes to the disk, its input and output, locks and memory, with each
# error that it may have (a sample; all with TB_CRASH=all).
# fault 39, fault 40, fault 48, fault 49, fault 50, fault 93

. "${0%/*}/lib.sh"
. "$TOP/t/lib/commands.sh"

command -v sqlite3 >/dev/null || skip_all 'no sqlite3'
command -v strace >/dev/null || skip_all 'no strace'
strace -f -qq -o /dev/null --seccomp-bpf -e trace=fsync true 2>/dev/null ||
    skip_all 'strace may not trace here'

export ASAN_OPTIONS=detect_leaks=0 # which would trace what is traced
SAMPLE=1                           # calls of a kind and an error
[ "${TB_CRASH:-}" = all ] && SAMPLE=100000

# What each call may say; with a + it goes on saying so.
ERRORS='fdatasync:EIO fdatasync:EIO+ fsync:EIO pwrite64:EIO pwrite64:ENOSPC+
    pwrite64:EINTR pread64:EIO pread64:EINTR ftruncate:EIO openat:EMFILE
    openat:ENOSPC openat:EINTR openat:EACCES unlink:EIO flock:ENOLCK
    flock:EINTR fcntl:ENOLCK fcntl:EINTR fcntl:EDEADLK getrandom:ENOSYS
    getrandom:EINTR newfstatat:EIO read:EIO read:EINTR write:EIO write:ENOSPC
    write:EINTR write:EPIPE fchmod:EIO rename:EIO renameat2:EIO mmap:ENOMEM
    getcwd:ENOENT statfs:EIO lseek:EIO linkat:EIO mkdir:ENOSPC'
case $BUILD in
*san*) ERRORS=${ERRORS%mmap:*}${ERRORS#*mmap:ENOMEM} ;; # it ends itself then
esac
# shellcheck disable=SC2086 # words are meant
CALLS=$(printf ',?%s' $ERRORS | sed 's/:[A-Z+]*//g; s/^,//')

# calls COMMAND ...: how often it makes each call: NAME COUNT
calls() {
	strace -f -qq -o trace -e trace="$CALLS" -e signal=none "$@" \
	    <"$INPUT" >out 2>err
	awk '$2 ~ /^[a-z]/ { sub(/\(.*/, "", $2); n[$2]++ }
	    END { for (name in n) print name, n[name] }' trace
}

# fails CALL ERROR WHEN.  To SQLite a page that cannot be read is damage, of
# ours or of the old system's; a folder that is gone has no file of any name.
fails() {
	case $1 in
	pread64) ALSO='8 65' ;;
	getcwd) ALSO=7 ;;
	*) ALSO= ;;
	esac
	attempt "$1 $2, call $3" strace -f -qq -o trace --seccomp-bpf \
	    -e signal=none -e trace="$1" -e inject="$1:error=$2:when=$3"
}

every_fault() {
	calls "${COMMAND%% *}" --version >before # the loader's
	# shellcheck disable=SC2086 # words are meant
	again && calls $COMMAND >made
	for error in $ERRORS; do
		call=${error%%:*} error=${error#*:}
		n=$(sed -n "s/^$call //p" before)
		last=$(sed -n "s/^$call //p" made)
		[ "$call" = write ] && n=0
		n=$((${n:-0} + 1))
		step=$(((${last:-0} - n + 1) / SAMPLE + 1))
		n=$((n + step / 2))
		while [ $n -le "${last:-0}" ]; do
			case $error in
			*+) fails "$call" "${error%+}" "$n+" ;;
			*) fails "$call" "$error" "$n" ;;
			esac
			n=$((n + step))
		done
	done
}

every_command 'errors of the system'
