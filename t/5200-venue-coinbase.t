#!/bin/sh
#
# tb-venue-coinbase before the stand-in exchange: every verb, and what becomes
# of an order, of a list and of a key when things go wrong.  What is asked
# stands in t/lib/venue-test.py.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/asks.sh"

for kind in es256 es256-pkcs8 ed25519 ed25519-seed ed25519-pem; do
	ok "a key is made: $kind" exits 0 exchange --make-key $kind $kind.json
done

asks venue-test.py
