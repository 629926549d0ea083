#!/bin/sh
#
# Two runs at once on paper, every schedule with one pre-emption, and the death
# of the first behind the second: t/lib/crash-overlap.py.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/crash.sh"

verdicts crash-overlap.py paper
