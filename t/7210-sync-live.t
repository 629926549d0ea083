#!/bin/sh
#
# tb-sync on the stand-in exchange, and the venue's program under it, are killed
# at their k-th system call: t/lib/crash-sync.py.

. "${0%/*}/lib/unroot.sh"
. "${0%/*}/lib.sh"
. "$TOP/t/lib/crash.sh"

verdicts crash-sync.py sync
