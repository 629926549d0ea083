#!/bin/sh
#
# check-crash.sh TEST ...: make check-crash.  Runs these tests with every
# point of theirs and prints what they counted (t/lib/tally.sh) as one table.

set -u

# Tests that run as nobody count too.
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT || exit 1
# A kill needs no disk: memory is faster, where programs may be run in it.
fast=$(mktemp -d /dev/shm/tb.XXXXXX 2>/dev/null) && trap \
    'rm -rf "$dir" "$fast"' EXIT && chmod 1777 "$fast" &&
    cp /bin/true "$fast" && "$fast/true" 2>/dev/null && TMPDIR=$fast &&
    export TMPDIR
TB_TALLY=$dir/tally
TB_CRASH=all
export TB_TALLY TB_CRASH
: >"$TB_TALLY" && chmod 755 "$dir" && chmod 666 "$TB_TALLY" || exit 1

prove --timer -j"${JOBS:-$(nproc)}" "$@"
code=$?
echo
sort "$TB_TALLY" | awk -f "${0%/*}/tally.awk" || code=1
cp "$TB_TALLY" "${TB_BUILD:-.}/tally"
exit $code
