#!/bin/sh
#
# A system call fails while an order goes over https: in tb-trade or in the
# program of the venue, as strace makes it.  (A sample; all with TB_CRASH=all.)
# The command ends with a status that has a meaning and a word about why; no
# decision is sent twice; once the books were compared with the exchange they
# are its own, fill by fill.
# fault 50, fault 58, fault 59, fault 61

. "${0%/*}/lib/unroot.sh"
. "${0%/*}/lib.sh"
. "$TOP/t/lib/coinbase.sh"
. "$TOP/t/lib/tally.sh"

[ -x "$BUILD/t/exchange" ] || skip_all 'the stand-in is not built'
[ -x "$BUILD/tb-venue-coinbase" ] || skip_all 'no tb-venue-coinbase'
for tool in jq python3 sqlite3 strace; do
	command -v $tool >/dev/null || skip_all "no $tool"
done
strace -f -qq -o /dev/null --seccomp-bpf -e trace=fsync true 2>/dev/null ||
    skip_all 'strace may not trace here'
TB_DB=$WORK/tb.db
TB_CONFIG=$WORK/tb.yaml
export TB_DB TB_CONFIG ASAN_OPTIONS=detect_leaks=0
trap 'exchange_off; t_end' EXIT

SAMPLE=1 # calls of a kind and an error
[ "${TB_CRASH:-}" = all ] && SAMPLE=100000
ERRORS='socket:EMFILE connect:ECONNREFUSED connect:ETIMEDOUT sendto:EPIPE
    sendto:ECONNRESET sendto:EINTR recvfrom:ECONNRESET recvfrom:EIO
    recvfrom:EINTR poll:EINTR poll:ENOMEM pipe2:EMFILE socketpair:EMFILE
    write:EIO write:EINTR fdatasync:EIO pwrite64:ENOSPC flock:ENOLCK
    getsockopt:EIO setsockopt:EIO fcntl:EINTR'
# shellcheck disable=SC2086 # words are meant
CALLS=$(printf ',?%s' $ERRORS | sed 's/:[A-Z]*//g; s/^,//')

buys() { # ID PREFIX ...
	id=$1
	shift
	"$@" tb-trade buy BTC-USD 10 --id "$id" >out 2>err
}
polite() {
	case $1 in
	[034569] | 69 | 74 | 75 | 77 | 78 | 8) ;;
	*) return 1 ;;
	esac
	[ "$1" -eq 0 ] || grep -q '^tb-trade: ' err
}
# settled: nothing is left open; what the exchange never had, a person says
settled() {
	tb-sync >out2 2>err2
	tb-sync reconcile >out2 2>err2
	for n in $(sql "SELECT id FROM intents WHERE state IN
	    ('SENDING', 'UNKNOWN')"); do
		tb-sync resolve "$n" --as-not-placed >out2 2>err2 || return 1
	done
}
# fails CALL ERROR N: what is true where the n-th call of a process fails
fails() {
	injected=$((injected + 1))
	before=$(posts)
	buys "e$injected" strace -f -qq -o trace --seccomp-bpf -e signal=none \
	    -e trace="$1" -e inject="$1:error=$2:when=$3"
	status=$?
	polite $status && settled && [ $(($(posts) - before)) -le 1 ] && return
	harmed=$((harmed + 1))
	echo "$1 $2, call $3: exit $status"
	cat out err out2 err2
}

every_call() {
	injected=0 harmed=0
	new_coinbase --for 3600 --account USD=100000 &&
	    sed -i 's/max_orders_day: .*/max_orders_day: 100000/
		s/max_position: .*/max_position: 100000/' tb.yaml &&
	    tb-portfolio flow add --currency USD --amount 100000 --at -1h >out &&
	    buys first strace -f -qq -o trace -e signal=none \
		-e trace="$CALLS" || { cat out err; return 1; }
	# of the process that makes most of them
	awk '$2 ~ /^[a-z]/ { sub(/\(.*/, "", $2); n = ++c[$1, $2]
	    if (n > most[$2]) most[$2] = n }
	    END { for (name in most) print name, most[name] }' trace >made
	for error in $ERRORS; do
		last=$(sed -n "s/^${error%%:*} //p" made)
		step=$((${last:-0} / SAMPLE + 1))
		n=$((step / 2 + 1))
		while [ $n -le "${last:-0}" ]; do
			fails "${error%%:*}" "${error#*:}" $n
			n=$((n + step))
		done
	done
	echo "$injected errors, $harmed did harm"
	[ $injected -gt 10 ] && [ $harmed -eq 0 ]
}
ok 'tb-trade and the program of the venue, each call' every_call
ok 'the books are those of the exchange' equal
ok 'no decision has two orders' [ "$(in_truth '[.orders[].order.client_order_id]
    | length - (unique | length)')" = 0 ]
tally tb-trade coinbase 'errors of the system' "$injected" 0 0 "$harmed" 0
