#!/bin/sh
#
# Who parses what strangers wrote, or holds the key, cannot reach the rest of
# the machine: t/lib/escape.c, preloaded, tries.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/candles.sh"
. "$TOP/t/lib/coinbase.sh"

command -v python3 >/dev/null || skip_all 'no python3'
[ -e "$BUILD/t/escape.so" ] || skip_all 'no escape.so'
case ${BUILD##*/} in *san*) skip_all 'ASan wants to be preloaded first' ;; esac
abi=$(python3 -c 'import ctypes
print(ctypes.CDLL(None).syscall(444, None, 0, 1))')
[ "$abi" -ge 1 ] || skip_all 'this kernel has no Landlock'
trap 'exchange_off; t_end' EXIT

mkdir data elsewhere
echo secret >elsewhere/key.json
cat >elsewhere/bots.yaml <<'EOF'
bots:
  - name: Falls
    product_id: T-USD
    status: RUNNING
    trade_size_usd: 25.00
    signals: {rsi: {period: 2, smoothing: simple}}
    when: '.individual_signals.rsi.value < 70'
EOF
new_db
candles T-USD 1735689600 100 101 100 101 100 101 100 101 100 101 \
    100 101 100 101 100 101 100 101 100 101 100 99 98 97 96 95
mv db* data && TB_DB=$WORK/data/db && export TB_DB
AT=2025-01-01T01:55:10Z

# told WORDS COMMAND ...: the command as it tries the words; ./err has how
told() {
	words=$1
	shift
	TB_ESCAPE=$words LD_PRELOAD=$BUILD/t/escape.so "$@" >out 2>err
	cat out err
}
# denied WORD ...: in ./err: not one of them was done
denied() {
	for word in "$@"; do
		grep -E "^$word (EACCES|EPERM)$" err || return 1
	done
}
# done_ WORD ...: all were
done_() {
	for word in "$@"; do
		grep "^$word done$" err || return 1
	done
}

files() { # COMMAND ...
	told "read:/etc/passwd read:elsewhere/key.json write:elsewhere/new
	    remove:elsewhere/bots.yaml exec:/bin/true write:data/mine
	    read:data/mine remove:data/mine" "$@"
	denied read:/etc/passwd read:elsewhere/key.json write:elsewhere/new \
	    remove:elsewhere/bots.yaml exec:/bin/true &&
	    done_ write:data/mine read:data/mine remove:data/mine
}
ok 'tb-signal reaches the folder of its database only' \
    files tb-signal --at $AT
ok 'tb-portfolio too' files tb-portfolio
ok 'it is tb-trade that they were not told of' eval '
    told "read:elsewhere/key.json exec:/bin/true" tb-trade list
    done_ read:elsewhere/key.json exec:/bin/true'

network() { # COMMAND ...
	told "connect:443 listen:8080" "$@"
	denied connect:443 listen:8080
}
if [ "$abi" -ge 4 ]; then
	ok 'tb-signal connects to nobody and listens to nobody' \
	    network tb-signal --at $AT
	ok 'tb-portfolio neither' network tb-portfolio
else
	skip 'no network' "Landlock of version $abi"
fi
stops() {
	told "signal:$$" "$@"
	denied "signal:$$"
}
if [ "$abi" -ge 6 ]; then
	ok 'tb-signal signals nobody' stops tb-signal --at $AT
else
	skip 'no signals' "Landlock of version $abi"
fi

# What a person names is read, wherever it is.
named() {
	tb-signal load --at 2025-01-01 elsewhere/bots.yaml &&
	    tb-signal check elsewhere/bots.yaml
}
ok 'a file that the command line names is read' named
ok 'from standard input too' eval 'tb-signal load -n /dev/stdin \
    --at 2025-01-01 <elsewhere/bots.yaml'
ok 'and by a pipe' eval 'cat elsewhere/bots.yaml |
    tb-signal load -n /dev/stdin --at 2025-01-01'
packed() {
	{
		echo timestamp,open,high,low,close,volume
		for i in 1 2 3 4 5 6 7 8; do
			echo $((1735689600 + 300 * i)),1,2,1,2,1
		done
	} | gzip >elsewhere/candles.csv.gz
	tb-signal series 'sma(2)' elsewhere/candles.csv.gz >out && [ -s out ]
}
ok 'candles out of a packed file' packed
ok 'bots with expressions are evaluated' eval '
    tb-signal --at $AT >out && jq -e .individual_signals.rsi out'
mkdir empty
ok 'no database: exit 78, as ever' exits 78 tb-portfolio -d empty/db
ok 'no folder either' exits 78 tb-portfolio -d nowhere/db
ok 'a database in the working folder' eval '
    cp data/db here.db && tb-portfolio -d here.db verify -q'
# SQLite spills into files of its own, which are made where it may.
spill() {
	sqlite3 data/db "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL
	    SELECT i + 1 FROM n WHERE i < 60000) INSERT INTO candles SELECT
	    'BIG-USD', 300, 1735689600 + 300 * i, '1', '1', '1', '1', '1'
	    FROM n" && tb-signal --at $AT >out && tb-portfolio verify -q
}
ok 'a large database' spill

# Nor do they run in somebody else's name (fault 96).
setuid() {
	mkdir -m 755 bin && chmod 755 . && for tool in tb-portfolio tb-trade; do
		cp "$BUILD/$tool" bin && chmod 4755 "bin/$tool" &&
		    exits 77 setpriv --reuid=65534 --regid=65534 \
			--clear-groups "bin/$tool" --version &&
		    grep 'not made to run setuid' err || return 1
	done
}
can_setuid() {
	[ "$(id -u)" = 0 ] && command -v setpriv >/dev/null &&
	    ! findmnt -no OPTIONS -T "$WORK" 2>/dev/null | grep nosuid
}
if can_setuid; then
	ok 'fault 96: setuid they do nothing' setuid
else
	skip 'fault 96: setuid they do nothing' 'not root, or nosuid'
fi

# The program that holds the key.
if [ -x "$BUILD/t/exchange" ] && exchange_on; then
	chmod 700 .
	venue() { # WORDS
		told "$1" tb-venue-coinbase --key-file key.json \
		    --base-url "$URL" --ca-file ca.pem <<-'END'
		{"id":1,"verb":"hello"}
		END
		grep '"id":1.*"name":"coinbase"' out
	}
	port=${URL##*:}
	key_kept() {
		venue "read:key.json read:data/db write:data/mine exec:/bin/true
		    write:key.json read:/etc/passwd" &&
		    denied read:key.json read:data/db write:data/mine \
			exec:/bin/true write:key.json &&
		    done_ read:/etc/passwd
	}
	ok 'tb-venue-coinbase reads neither its key again nor books' key_kept
	one_port() {
		venue "connect:$port connect:22 listen:8080" &&
		    done_ "connect:$port" && denied connect:22 listen:8080
	}
	if [ "$abi" -ge 4 ]; then
		ok 'it connects to the port of its exchange only' one_port
	else
		skip 'one port' "Landlock of version $abi"
	fi
else
	skip 'tb-venue-coinbase' 'the stand-in is not built'
fi
