# unroot.sh: run a test again as nobody where root runs it, because real orders
# are not sent as root.  Source it before lib.sh.  Nobody gets a copy of what
# tests read: the tree may be closed to others.
#
# shellcheck shell=sh

if [ "$(id -u)" = 0 ] && [ -z "${TB_AS_USER:-}" ]; then
	top=$(cd "${0%/*}/.." && pwd)
	build=${TB_BUILD:-$top/build}
	tree=$(mktemp -d) && made=$tree/${build##*/} && mkdir -p "$made/t" &&
	    cp -R "$top/t" "$top/share" "$top/cmd" "$tree" &&
	    cp "$build"/tb-* "$made" || exit 1
	for file in exchange clock.so killat; do
		[ ! -e "$build/t/$file" ] || cp "$build/t/$file" "$made/t"
	done
	chmod -R go+rX "$tree"
	TB_AS_USER=1 TB_BUILD=$made setpriv --reuid=65534 --regid=65534 \
	    --clear-groups "$tree/t/${0##*/}"
	code=$?
	rm -rf "$tree"
	exit $code
fi
