#!/bin/sh
#
# live.sh [TICKS [SEED]]: make demo-live, in build/demo-live; live.py says what
# happens.  Real orders are not sent as root: there nobody runs it, from a copy
# of what it needs, because the tree may be closed to others.

set -eu

top=$(cd "${0%/*}/../.." && pwd)
build=${TB_BUILD:-$top/build}
demo=${TB_DEMO:-$build/demo-live}
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

rm -rf "$demo"
if [ "$(id -u)" -ne 0 ]; then
	mkdir -p "$demo"
	cd "$demo"
	exec python3 -u "$top/share/demo/live.py" "$top" "$build" "$@"
fi

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/build/t" "$tree/demo"
cp -R "$top/share" "$top/t" "$tree"
cp "$build"/tb-* "$tree/build"
cp "$build/t/exchange" "$build/t/clock.so" "$tree/build/t"
chmod -R go+rX "$tree"
chown 65534:65534 "$tree/demo"
cd "$tree/demo"
code=0
setpriv --reuid=65534 --regid=65534 --clear-groups env \
    python3 -u "$tree/share/demo/live.py" "$tree" "$tree/build" "$@" || code=$?
cd /
mv "$tree/demo" "$demo"
exit $code
