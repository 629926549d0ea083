#!/bin/sh
#
# tb-venue-coinbase before the stand-in exchange: every verb, and what becomes
# of an order, of a list and of a key when things go wrong.  What is asked
# stands in t/lib/venue-test.py.

. "${0%/*}/lib.sh"
PATH=$BUILD/t:$PATH
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

[ -x "$BUILD/t/exchange" ] || skip_all 'the stand-in is not built'
command -v openssl >/dev/null || skip_all 'there is no openssl'

for kind in es256 es256-pkcs8 ed25519 ed25519-seed ed25519-pem; do
	ok "a key is made: $kind" exits 0 exchange --make-key $kind $kind.json
done

verdict() {
	[ "$1" = ok ] || { cat errors; return 1; }
}

python3 "$TOP/t/lib/venue-test.py" >verdicts 2>errors
ok 'the questions were asked' [ -s verdicts ]
while read -r word sentence; do
	ok "$sentence" verdict "$word"
done <verdicts
