#!/bin/sh
#
# A crowd: 24 processes of every tool on one database at once, some killed,
# some making backups, 500 runs in all (make check-crowd: 64 processes for ten
# minutes).  Nobody is shown a lock but the send lock, no update is lost, no
# limit is overshot, every backup is whole.

. "${0%/*}/lib.sh"

command -v python3 >/dev/null || skip_all 'no python3'
command -v sqlite3 >/dev/null || skip_all 'no sqlite3'

crowd() {
	TB_BUILD=$BUILD "$TOP/t/lib/soak.sh" crowd "$@"
}
if [ "${TB_CRASH:-}" = all ]; then
	ok '64 processes for a minute' crowd --processes 64 --for 60
else
	ok '24 processes, 500 runs' crowd --processes 24 --runs 500
fi
