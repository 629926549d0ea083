#!/bin/sh
#
# make demo-live, shorter: the line of cron over an exchange that misbehaves
# otherwise at every tick; the books are the exchange's in the end.

. "${0%/*}/lib/unroot.sh"
. "${0%/*}/lib.sh"

[ -x "$BUILD/t/exchange" ] || skip_all 'no stand-in that we may run'
[ -e "$BUILD/t/clock.so" ] || skip_all 'the clock is not built'
case $BUILD in
*san*) skip_all 'what is preloaded stands before the sanitizer' ;;
esac
command -v openssl >/dev/null || skip_all 'there is no openssl'

# live SEED: 30 ticks
live() {
	TB_BUILD=$BUILD TB_DEMO=$WORK/demo "$TOP/share/demo/live.sh" 30 "$1" &&
	    return
	tail -n 60 "$WORK/demo/ticks.log"
	return 1
}
for seed in 1 2; do
	ok "books and exchange agree, seed $seed" live $seed
done
