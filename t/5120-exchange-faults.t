#!/bin/sh
#
# The stand-in exchange: every fault that it can be told to have.  What is
# asked stands in t/lib/exchange-faults.py.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/asks.sh"

exchange --make-key es256 es256.json || exit 1
asks exchange-faults.py
