#!/bin/sh
#
# replay.sh FROM TO STEP: the pipe as cron would have run it, at every STEP
# seconds from FROM on and before TO, all in seconds since 1970.  Reads and
# writes $TB_DB; prints the answers, a line each.
#
# Refused and failed lines are answers too: only what ends a run ends this.

set -u

at=$1
while [ "$at" -lt "$2" ]; do
	tb-signal --at "$at" | tb-trade --at "$at"
	code=$?
	case $code in
	0 | 3 | 4 | 6) ;;
	*)
		echo "replay: tb-trade at $at: exit status $code" >&2
		exit "$code"
		;;
	esac
	at=$((at + $3))
done
