#!/bin/sh
#
# What other projects and documents publish about P&L, cost basis and lots,
# through the command line (t/unit/4000-golden-pnl.c has all of it).

. "${0%/*}/lib.sh"

command -v python3 >/dev/null || skip_all 'no python3'
[ -r "$SHARED/pnl/index.json" ] || skip_all 'no shared data here'

trap - EXIT
tb-migrate init -q -d template.db --at 2013-01-01 >out || exit 1
python3 "$TOP/t/lib/golden-pnl.py" "$SHARED" template.db
code=$?
cd / && rm -rf "$WORK"
exit $code
