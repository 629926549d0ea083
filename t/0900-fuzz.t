#!/bin/sh
#
# The corpora of t/fuzz through their targets, once.  "make fuzz" goes on from
# there with libFuzzer.

. "${0%/*}/lib.sh"

replays() {
	"$BUILD/fuzz/$1" "$TOP/t/fuzz/corpus/$1"/*
}

for target in "$TOP"/t/fuzz/*.c; do
	target=${target##*/}
	target=${target%.c}
	[ "$target" = replay ] || ok "$target" replays "$target"
done
