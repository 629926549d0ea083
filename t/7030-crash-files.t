#!/bin/sh
#
# What needs no venue is killed at its k-th system call: imports, tb-migrate up,
# down, backup and restore, tb-trade on paper: t/lib/crash-files.py.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/crash.sh"

verdicts crash-files.py files
