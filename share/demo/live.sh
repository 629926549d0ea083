#!/bin/sh
#
# live.sh [TICKS [SEED]]: make demo-live, in build/demo-live; live.py says what
# happens.  Real orders are not sent as root: there it runs as nobody.

set -eu

top=$(cd "${0%/*}/../.." && pwd)
build=${TB_BUILD:-$top/build}
demo=${TB_DEMO:-$build/demo-live}
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

rm -rf "$demo"
mkdir -p "$demo"
cd "$demo"
set -- python3 -u "$top/share/demo/live.py" "$top" "$build" "$@"
if [ "$(id -u)" -eq 0 ]; then
	chown 65534:65534 .
	set -- setpriv --reuid=65534 --regid=65534 --clear-groups env "$@"
fi
exec "$@"
