#!/bin/sh
#
# The units of systemd: what they start works, and they let it do little else.

. "${0%/*}/lib.sh"

command -v systemd-analyze >/dev/null || skip_all 'no systemd-analyze'
command -v python3 >/dev/null || skip_all 'no python3'
[ -x "$BUILD/tb-trade" ] || skip_all 'no tools'
UNITS=$TOP/share/systemd

# below 2 of 10, whatever a version of systemd adds to its list
exposed_little() {
	systemd-analyze security --offline=yes "$1" >said 2>&1 ||
	    { cat said; return 1; }
	tail -n 1 said
	awk 'END { for (i = 1; i <= NF; i++) if ($i ~ /^[0-9]+\.[0-9]$/)
		exit !($i < 2)
	    exit 1 }' said
}
if systemd-analyze security --help 2>&1 | grep -q -- --offline; then
	for unit in "$UNITS"/*.service; do
		ok "$(basename "$unit") is exposed to less than 2 of 10" \
		    exposed_little "$unit"
	done
else
	skip 'exposure' 'systemd-analyze is too old'
fi
verified() {
	mkdir -p units && cp "$UNITS"/*.service "$UNITS"/*.timer units &&
	    SYSTEMD_UNIT_PATH=$WORK/units: systemd-analyze verify --man=no \
		units/* >said 2>&1
	cat said
	! grep -E 'units/|tb' said
}
ok 'systemd understands every line' verified
timers() {
	for timer in "$UNITS"/*.timer; do
		[ -e "${timer%.timer}.service" ] || return 1
		when=$(sed -n 's/^OnCalendar=//p' "$timer")
		systemd-analyze calendar "$when" || return 1
	done
}
ok 'each timer has its service and a time' timers

# ------------------------------------------------------------ what they start --

# lines SERVICE: its commands, as systemd reads them
commands() {
	sed -n "s/^ExecStart=//p" "$UNITS/$1.service" |
	    sed 's/\$\$/$/g; s/%%/%/g'
}
# started SERVICE: all of them, in order
started() {
	commands "$1" >lines
	while read -r line; do
		sh -c "$line" </dev/null || return
	done <lines
}
XDG_DATA_HOME=$WORK/var XDG_CONFIG_HOME=$WORK/etc
STATE_DIRECTORY=$WORK/var/tb
export XDG_DATA_HOME XDG_CONFIG_HOME STATE_DIRECTORY
mkdir -m 700 var var/tb etc
tb-migrate -q -d var/tb/tb.db init --at 2025-01-01 >/dev/null || exit 1
ok 'the pipe' started tb
synced() { # on paper there is nobody to ask: not this unit's fault
	started tb-sync
	case $? in 0 | 69 | 75) ;; *) return 1 ;; esac
}
ok 'tb-sync' synced
copied() {
	started tb-daily && sleep 1 && started tb-daily &&
	    [ "$(find var/tb/backup -name 'tb-*.db' | wc -l)" = 2 ]
}
ok 'the daily proof and copy, and once more' copied
broken() {
	sqlite3 var/tb/tb.db "UPDATE cash_flows SET amount = '10001'"
	started tb-daily
	[ $? -eq 8 ]
}
ok 'a proof that fails is a failure, before anything is copied' broken

# ------------------------------------------------------------ what they allow --

# Each system call of a run is in the filter of the unit.
cat >allowed.py <<'END'
import os, re, subprocess, sys
sets, name = {}, None
for line in subprocess.run(["systemd-analyze", "syscall-filter"], text=True,
                           capture_output=True).stdout.splitlines():
    if line.startswith("@"):
        name = line.strip()
        sets[name] = []
    elif name and line.startswith("    ") and not line.strip().startswith("#"):
        sets[name].append(line.strip())
def expand(words):
    out = set()
    for w in words:
        out |= expand(sets[w]) if w.startswith("@") else {w}
    return out
allowed = set()
for line in open(sys.argv[1]):
    m = re.match(r"SystemCallFilter=(~?)(.*)", line)
    if m:
        words = expand(m[2].split())
        allowed = allowed - words if m[1] else allowed | words
used = set(re.findall(r"^(?:\d+ +)?([a-z_0-9]+)\(", open(sys.argv[2]).read(),
                      re.M))
if os.getuid() == 0:
    used -= {"fchown"}  # SQLite, as root; the services are not
print(len(used), "used, not allowed:", used - allowed)
sys.exit(len(used) < 20 or bool(used - allowed))
END
within() { # SERVICE COMMAND ...
	unit=$UNITS/$1.service
	shift
	strace -f -o calls "$@" </dev/null >out 2>&1
	python3 allowed.py "$unit" calls
}
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null &&
    [ "$BUILD" = "${BUILD%-san}" ]; then
	for unit in tb tb-sync tb-daily; do
		commands $unit >$unit.sh
		ok "$unit makes no system call that its unit forbids" within \
		    $unit sh $unit.sh
	done
	trades() {
		echo timestamp,open,high,low,close,volume >c.csv
		echo 2025-09-11T10:30:00Z,1,1,1,1,1 >>c.csv
		tb-sync -q import candles --product BTC-USD \
		    --granularity 5m c.csv >out && within tb tb-trade \
		    buy BTC-USD 50 --at 2025-09-11T10:35:01Z &&
		    grep '"trade_executed":true' out
	}
	ok 'an order on paper neither' trades
	asks() {
		echo '{"id":1,"verb":"hello"}' >hello && within tb sh -c '
		    exec "$0" --base-url https://127.0.0.1:1 <hello' \
		    "$BUILD/tb-venue-coinbase"
	}
	ok 'the program of the venue neither' asks
else
	skip 'system calls' 'no strace'
fi
