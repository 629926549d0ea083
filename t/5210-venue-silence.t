#!/bin/sh
#
# An exchange that does not answer: tb-venue-coinbase gives up in time.  This
# takes nearly 20 seconds of waiting.  Fault 61 of t/README.

. "${0%/*}/lib.sh"
PATH=$BUILD/t:$PATH
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

[ -x "$BUILD/t/exchange" ] || skip_all 'the stand-in is not built'
command -v openssl >/dev/null || skip_all 'there is no openssl'

ok 'a key is made' exits 0 exchange --make-key es256 es256.json

silence() {
	python3 "$TOP/t/lib/venue-test.py" long_silence >verdict || return 1
	grep '^ok ' verdict
}
ok 'fault 61: silence and a trickle are unknown, in bounded time' silence
