#!/bin/sh
#
# The stand-in exchange: its contract, as a client of the standard library of
# python3 and openssl(1) sees it.  What is asked stands in
# t/lib/exchange-contract.py.

. "${0%/*}/lib.sh"
PATH=$BUILD/t:$PATH
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

[ -x "$BUILD/t/exchange" ] || skip_all 'the stand-in is not built'
command -v openssl >/dev/null || skip_all 'there is no openssl'
[ -d "$SHARED/coinbase" ] || skip_all 'the documented samples are not here'

ok 'it tells its options' exits 0 exchange --help
ok 'a wrong option is wrong usage' exits 2 exchange --nonsense
for kind in es256 es256-pkcs8 ed25519 ed25519-seed ed25519-pem; do
	ok "a key is made: $kind" exits 0 exchange --make-key $kind $kind.json
done
ok 'a key is never overwritten' exits 1 exchange --make-key es256 es256.json

verdict() {
	[ "$1" = ok ] || { cat errors; return 1; }
}

python3 "$TOP/t/lib/exchange-contract.py" "$SHARED" >verdicts 2>errors
ok 'the questions were asked' [ -s verdicts ]
while read -r word sentence; do
	ok "$sentence" verdict "$word"
done <verdicts
