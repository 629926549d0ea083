#!/bin/sh
#
# Simulations: 200 stories from as many seeds (8 to 40 steps each; make soak
# goes on for an hour), on the stand-in exchange and on paper.  Tools are
# killed, the exchange misbehaves, disks are full, the clock jumps, backups are
# restored; after one clean tb-sync all invariants hold.  A seed that fails is
# printed with its trace and what replays it.
#
# In any order, many times over: fault 29, fault 30, fault 36, fault 38,
# fault 42, fault 48, fault 49, fault 59, fault 62, fault 66, fault 67,
# fault 70, fault 71, fault 73, fault 74, fault 77 and fault 78.
#
# And what may not matter does not: the same decisions, asked for otherwise.

. "${0%/*}/lib.sh"

[ -x "$BUILD/t/exchange" ] || skip_all 'the stand-in is not built'
[ -e "$BUILD/t/clock.so" ] || skip_all 'the clock is not built'
case $BUILD in
*san*) skip_all 'what is preloaded stands before the sanitizer' ;;
esac
command -v python3 >/dev/null || skip_all 'no python3'
command -v sqlite3 >/dev/null || skip_all 'no sqlite3'
command -v openssl >/dev/null || skip_all 'no openssl'

soak() { # OPTION ...
	TB_BUILD=$BUILD "$TOP/t/lib/soak.sh" "$@"
}
same_trace() { # VENUE:SEED
	soak --replay "$1" >first && soak --replay "$1" >second &&
	    same first second
}
alike() { # VENUE FIRST COUNT
	soak metamorphic "$@" >alike 2>&1 && [ "$(grep -c '^ok' alike)" -eq "$3" ] ||
	    { cat alike; return 1; }
}

exchange=40 paper=160
[ "${TB_CRASH:-}" = all ] && exchange=200 paper=800

ok "$exchange seeds on the stand-in exchange" soak --coinbase $exchange
ok "$paper seeds on paper" soak --paper $paper
ok 'the same seed has the same trace, on paper' same_trace paper:7
ok 'the same seed has the same trace, on the exchange' same_trace coinbase:13
ok 'permuted, split, repeated, written otherwise: on paper' alike paper 1 8
ok 'permuted, split, repeated, written otherwise: on the exchange' \
    alike coinbase 1 2
