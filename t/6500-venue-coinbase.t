#!/bin/sh
#
# tb-venue-coinbase against the stand-in exchange: keys, lists, orders, and
# everything that can go wrong with them.  What is asked stands in
# t/lib/venue-coinbase-test.py.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/asks.sh"

[ -x "$BUILD/tb-venue-coinbase" ] || skip_all 'no tb-venue-coinbase'

for kind in es256 es256-pkcs8 ed25519 ed25519-seed ed25519-pem; do
	exchange --make-key $kind $kind.json >/dev/null || exit 1
done

asks venue-coinbase-test.py

if python3 -c 'import jsonschema' 2>/dev/null; then
	ok 'both sides are as the schemas say' python3 "$TOP/t/lib/schema.py" \
	    "$TOP/share/schema" venue-request.lines venue-answer.lines
else
	skip 'both sides are as the schemas say' 'no python3-jsonschema'
fi
