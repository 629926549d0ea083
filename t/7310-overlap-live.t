#!/bin/sh
#
# Two runs at once on the stand-in exchange, every schedule with one
# pre-emption: t/lib/crash-overlap.py.

. "${0%/*}/lib/unroot.sh"
. "${0%/*}/lib.sh"
. "$TOP/t/lib/crash.sh"

verdicts crash-overlap.py live
