#!/bin/sh
#
# tb-venue-coinbase against the stand-in exchange: keys, lists, orders, and
# everything that can go wrong with them.  What is asked stands in
# t/lib/venue-coinbase-test.py.

. "${0%/*}/lib.sh"
PATH=$BUILD/t:$PATH
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

[ -x "$BUILD/t/exchange" ] || skip_all 'the stand-in is not built'
[ -x "$BUILD/tb-venue-coinbase" ] || skip_all 'no tb-venue-coinbase'
command -v openssl >/dev/null || skip_all 'there is no openssl'

for kind in es256 es256-pkcs8 ed25519 ed25519-seed ed25519-pem; do
	exchange --make-key $kind $kind.json >/dev/null || exit 1
done

verdict() {
	[ "$1" = ok ] || { cat errors; return 1; }
}

python3 "$TOP/t/lib/venue-coinbase-test.py" >verdicts 2>errors
ok 'the questions were asked' [ -s verdicts ]
while read -r word sentence; do
	ok "$sentence" verdict "$word"
done <verdicts

if python3 -c 'import jsonschema' 2>/dev/null; then
	ok 'both sides are as the schemas say' python3 "$TOP/t/lib/schema.py" \
	    "$TOP/share/schema" venue-request.lines venue-answer.lines
else
	skip 'both sides are as the schemas say' 'no python3-jsonschema'
fi
