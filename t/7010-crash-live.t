#!/bin/sh
#
# tb-trade on the stand-in exchange is killed at its k-th system call, for
# every k of a sample (all of them with TB_CRASH=all), whatever the exchange
# does: never two orders of a decision, none lost, the books are the
# exchange's.  t/lib/crash-orders.py has the settings.

. "${0%/*}/lib/unroot.sh"
. "${0%/*}/lib.sh"
. "$TOP/t/lib/crash.sh"

verdicts crash-orders.py trade
