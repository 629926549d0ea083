#!/bin/sh
#
# The stand-in exchange: money and orders.  What is asked stands in
# t/lib/exchange-orders.py.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/asks.sh"

exchange --make-key es256 es256.json || exit 1
asks exchange-orders.py
