#!/bin/sh
#
# The stand-in exchange: its contract, as a client of the standard library of
# python3 and openssl(1) sees it.  What is asked stands in
# t/lib/exchange-contract.py.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/asks.sh"

[ -d "$SHARED/coinbase" ] || skip_all 'the documented samples are not here'

ok 'it tells its options' exits 0 exchange --help
ok 'a wrong option is wrong usage' exits 2 exchange --nonsense
for kind in es256 es256-pkcs8 ed25519 ed25519-seed ed25519-pem; do
	ok "a key is made: $kind" exits 0 exchange --make-key $kind $kind.json
done
ok 'a key is never overwritten' exits 1 exchange --make-key es256 es256.json

asks exchange-contract.py "$SHARED"
