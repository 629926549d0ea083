#!/bin/sh
#
# The stand-in exchange: money and orders.  What is
# asked stands in t/lib/exchange-orders.py.

. "${0%/*}/lib.sh"
PATH=$BUILD/t:$PATH
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

[ -x "$BUILD/t/exchange" ] || skip_all 'the stand-in is not built'
command -v openssl >/dev/null || skip_all 'there is no openssl'

exchange --make-key es256 es256.json || exit 1

verdict() {
	[ "$1" = ok ] || { cat errors; return 1; }
}

python3 "$TOP/t/lib/exchange-orders.py" >verdicts 2>errors
ok 'the questions were asked' [ -s verdicts ]
while read -r word sentence; do
	ok "$sentence" verdict "$word"
done <verdicts
