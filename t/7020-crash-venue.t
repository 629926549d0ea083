#!/bin/sh
#
# The venue's program, alone or together with tb-trade, is killed at its k-th
# system call, or tb-trade is asked to end: t/lib/crash-orders.py.

. "${0%/*}/lib/unroot.sh"
. "${0%/*}/lib.sh"
. "$TOP/t/lib/crash.sh"

verdicts crash-orders.py venue
verdicts crash-orders.py https
verdicts crash-orders.py both
verdicts crash-orders.py term
