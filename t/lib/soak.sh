#!/bin/sh
#
# soak.sh [OPTION ...]		simulations from seeds; soak/main.py has the
#				options
# soak.sh metamorphic VENUE FIRST COUNT
# soak.sh crowd [OPTION ...]	many processes; soak/crowd.py has the options
#
# Real orders are not sent as root: there nobody runs it, from a copy of what
# it needs, because the tree may be closed to others.

set -eu

TB_SOAK_TOP=$(cd "${0%/*}/../.." && pwd)
build=${TB_BUILD:-$TB_SOAK_TOP/build}
PYTHONDONTWRITEBYTECODE=1
export TB_SOAK_TOP PYTHONDONTWRITEBYTECODE

program=main
case ${1-} in
metamorphic | crowd) program=$1 && shift ;;
esac

if [ "$(id -u)" -ne 0 ]; then
	exec python3 -u "$TB_SOAK_TOP/t/lib/soak/$program.py" "$TB_SOAK_TOP" \
	    "$build" "$@"
fi

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/build/t"
cp -R "$TB_SOAK_TOP/share" "$TB_SOAK_TOP/t" "$tree"
cp "$build"/tb-* "$tree/build"
cp "$build/t/exchange" "$build/t/clock.so" "$build/t/killat" "$tree/build/t"
chmod -R go+rX "$tree"
code=0
PATH=/usr/bin:/bin:$PATH setpriv --reuid=65534 --regid=65534 --clear-groups \
    python3 -u "$tree/t/lib/soak/$program.py" "$tree" "$tree/build" "$@" ||
    code=$?
exit $code
