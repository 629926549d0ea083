#!/bin/sh
#
# tb-sync import candles, and the gaps between them.

. "${0%/*}/lib.sh"

command -v sqlite3 >/dev/null || skip_all 'no sqlite3'

TB_DB=$WORK/home/tb.db
TB_BUSY_MS=50
export TB_DB TB_BUSY_MS
tb-migrate -d template.db init --at 2025-09-11T10:30:00Z >out || exit 1

ask() {
	sqlite3 "$TB_DB" "$1"
}
answers() {
	ask "$1" >answer && printf '%s\n' "$2" | diff -u - answer
}
# fresh: a database without candles
fresh() {
	rm -f "$TB_DB" "$TB_DB"-* && cp -p template.db "$TB_DB"
}
# import FILE OPTION ...
import() {
	tb-sync import candles --product BTC-USD "$@" >out 2>err || {
		t_got=$?
		cat err
		return $t_got
	}
}
# counts WORD N ...: the answer has these counts
counts() {
	while [ $# -gt 0 ]; do
		grep -q "\"$1\":$2[,}]" out || {
			echo "$1 is not $2"
			cat out
			return 1
		}
		shift 2
	done
}
candles='SELECT * FROM candles ORDER BY product_id, granularity, start'

# three candles of 5m, as every format has them
cat >three.csv <<'END'
timestamp,open,high,low,close,volume
1757586000,100,110.5,99,105,1.25
1757586300,105,105,104.000,104.5,0
1757586600,104.5,200,104.5,150,3
END
stored='BTC-USD|300|1757586000|100|110.5|99|105|1.25
BTC-USD|300|1757586300|105|105|104|104.5|0
BTC-USD|300|1757586600|104.5|200|104.5|150|3'

# traced OPTION ... COMMAND: under strace, which LeakSanitizer cannot share
traced() {
	ASAN_OPTIONS=detect_leaks=0 strace -qq -o trace "$@"
}

# ---------------------------------------------------------------- formats --

csv_plain() {
	fresh && import three.csv && counts rows 3 inserted 3 same 0 bad 0 &&
	    grep -q '"granularity":"5m"' out && answers "$candles" "$stored"
}
ok 'CSV' csv_plain
covered() {
	answers 'SELECT * FROM candle_coverage' \
	    'BTC-USD|300|2025-09-11T10:35:00.000000Z' &&
	    answers 'SELECT product_id, assumed FROM products' 'BTC-USD|1'
}
ok 'covers to the end of the file, and makes the product' covered

# reads FILE: the three candles come out of it
reads() {
	fresh && import "$@" && answers "$candles" "$stored"
}
gzip -c three.csv >three.csv.gz
ok 'CSV in gzip' reads three.csv.gz
{
	head -n 2 three.csv | gzip
	tail -n 2 three.csv | gzip
} >members.gz
ok 'gzip of several members' reads members.gz
{
	printf '\357\273\277'
	sed 's/$/\r/; 3s/$/\n\r/' three.csv
} >dos.csv
ok 'byte order mark, CRLF, blank lines' reads dos.csv
awk -F, -v OFS=, 'NR == 1 { $1 = "Start" } { print "\"a,\"\"b" NR "\"", $5,
    $6, "\"" $1 "\"", $3, $4, $2 }' three.csv |
    sed '1s/[^,]*,[^,]*,/note,/' >order.csv
ok 'columns in any order, quotes, others ignored' reads order.csv
printf '%s' "$(cat three.csv)" >open.csv
ok 'no newline at the end' reads open.csv
awk -F, -v OFS=, 'NR > 1 { $1 = strftime("%Y-%m-%dT%H:%M:%S.000+02:00",
    $1 + 7200, 1) } { print }' three.csv >iso.csv 2>/dev/null ||
    sed 's/1757586000/2025-09-11T12:20:00.000+02:00/
	s/1757586300/2025-09-11t10:25:00z/
	s/1757586600/2025-09-11 10:30:00Z/' three.csv >iso.csv
ok 'RFC 3339' reads iso.csv
sed 's/,100,/,1e2,/; s/99/9.9E+1/' three.csv >exponent.csv
ok 'exponents' reads exponent.csv

cat >three.ndjson <<'END'
{"start":"1757586000","low":"99","high":"110.5","open":"100","close":"105","volume":"1.25"}

{"timestamp":1757586300,"open":105,"high":105,"low":104.000,"close":104.5,"volume":0,"x":[1]}
{"time":"2025-09-11T10:30:00Z","open":104.5,"high":2e2,"low":104.5,"close":150,"volume":3}
END
ok 'NDJSON' reads three.ndjson
cat >answer.json <<'END'
{
  "candles": [
    {"start": "1757586600", "low": "104.5", "high": "200", "open": "104.5",
     "close": "150", "volume": "3"},
    {"start": "1757586300", "low": "104", "high": "105", "open": "105",
     "close": "104.5", "volume": "0"},
    {"start": "1757586000", "low": "99", "high": "110.5", "open": "100",
     "close": "105", "volume": "1.25"}
  ]
}
END
ok "Coinbase's answer, newest first" reads answer.json
{
	tr -d '\n' <answer.json
	echo
} >line.json
ok 'the same in one line' reads line.json
cat line.json line.json >lines.json
ok 'two documents, one a line' reads lines.json
echo '[[1757586600,104.5,200,104.5,150,3],[1757586300,104,105,105,104.5,0],
[1757586000,99,110.5,100,105,1.25]]' >arrays.json
ok 'arrays, as Coinbase Exchange answers' reads arrays.json
sed 's/^\[\[/[/; s/\],\[/]\n[/g; s/\],$/]/; s/\]\]$/]/' arrays.json >rows.json
ok 'an array a line' reads rows.json
piped() {
	fresh && cat "$1" | tb-sync import candles --product BTC-USD - >out &&
	    answers "$candles" "$stored"
}
for f in three.csv three.csv.gz three.ndjson answer.json; do
	ok "from a pipe: $f" piped $f
done
slow_pipe() {
	fresh && {
		printf 'times'
		sleep 0.1
		sed '1s/times//' three.csv
	} | tb-sync import candles --product BTC-USD - >out &&
	    answers "$candles" "$stored"
}
ok 'from a pipe that gives its bytes one by one' slow_pipe

# ------------------------------------------------------------ once again --

again() {
	fresh && import three.csv && sqlite3 "$TB_DB" .dump >before &&
	    import three.csv && counts inserted 0 same 3 &&
	    sqlite3 "$TB_DB" .dump >after && same before after
}
ok 'a re-import changes nothing and says so' again
sed 's/,150,/,151,/' three.csv >other.csv
differs() {
	reads three.csv && import other.csv && counts same 2 different 1 &&
	    grep -q -e --replace err && answers "$candles" "$stored"
}
ok 'other figures stay out' differs
replaces() {
	reads three.csv && import other.csv --replace &&
	    counts same 2 different 0 replaced 1 &&
	    answers 'SELECT close FROM candles WHERE start = 1757586600' 151
}
ok '--replace takes them in' replaces
dry() {
	fresh && import three.csv -n && counts inserted 3 &&
	    answers 'SELECT count(*) FROM candles' 0 &&
	    answers 'SELECT count(*) FROM products' 0
}
ok '-n counts and stores nothing' dry
backwards() {
	reads three.csv && head -n 2 three.csv >first.csv &&
	    import first.csv --granularity 5m &&
	    answers 'SELECT synced_until FROM candle_coverage' \
		'2025-09-11T10:35:00.000000Z'
}
ok 'coverage never moves back' backwards

# -------------------------------------------------------------- bad rows --

# bad ROW WORDS: the row ends the import, with its line and column; nothing is
# stored; with --keep-going the others are
bad() {
	{
		cat three.csv
		printf '%b\n' "$1"
	} >bad.csv
	fresh && exits 65 tb-sync import candles --product BTC-USD bad.csv &&
	    grep -q "bad.csv:5: $2" err &&
	    answers 'SELECT count(*) FROM candles' 0 &&
	    exits 6 tb-sync import candles --product BTC-USD --keep-going \
		bad.csv && grep -q "bad.csv:5: $2" err &&
	    counts inserted 3 bad 1 && answers "$candles" "$stored"
}
while IFS='|' read -r row words; do
	ok "fault 80: bad row: $row" bad "$row" "$words"
done <<'END'
1757586900,100,90,80,100,1|.*high
1757586900,100,110,105,107,1|.*low
1757586900,100,110,90,0,1|.*
1757586900,-1,110,-2,5,1|.*
1757586900,100,110,90,105,-1|.*volume
1757586900,100,110,90,105,|volume: expected an amount, found ""
1757586900,100,110,90,NaN,1|close: expected an amount, found "NaN"
1757586900,100,110,90,Infinity,1|close
1757586900,100,0x6e,90,105,1|high: expected an amount
1757586900,1,000,110,90,105,1|7 fields, expected 6
1757586900,100,110,90,105|5 fields, expected 6
1757586901,100,110,90,105,1|.*
,100,110,90,105,1|timestamp: expected unix seconds or RFC 3339, found ""
2025-02-30T00:00:00Z,100,110,90,105,1|timestamp
2025-09-11T10:35:00,100,110,90,105,1|timestamp
1757586900.5,100,110,90,105,1|timestamp: expected a whole second
-300,100,110,90,105,1|timestamp
1757586900000,100,110,90,105,1|timestamp
9999999900,100,110,90,105,1|timestamp: .*future
1757586900,1e30,1e30,1e30,1e30,1|open: expected a smaller amount
1757586900,"100"x,110,90,105,1|field 2: expected a comma behind the quote
"1757586900,100,110,90,105,1|a quote that is not closed
1757586900,100,110,90,105,1\0002|volume
END
long_field() {
	head -c 70000 /dev/zero | tr '\0' 9 >long &&
	    {
		cat three.csv
		printf '1757586900,100,110,90,105,%s\n' "$(cat long)"
		echo 1757586900,100,110,90,105,1
	    } >bad.csv && fresh &&
	    exits 6 tb-sync import candles --product BTC-USD bad.csv \
		--keep-going && grep -q 'bad.csv:5: a row of more than' err &&
	    counts inserted 4 bad 1
}
ok 'a row too long is dropped to its end' long_field
no_end() {
	fresh && {
		head -n 1 three.csv
		head -c 3000000 /dev/zero | tr '\0' 9
	} >bad.csv &&
	    exits 65 tb-sync import candles --product BTC-USD bad.csv
}
ok 'a row of three megabytes' no_end

bad_json() {
	fresh && sed '3s/104.000/"x"/' three.ndjson >bad.ndjson &&
	    exits 65 tb-sync import candles --product BTC-USD bad.ndjson &&
	    grep -q 'bad.ndjson:3: low: expected an amount' err &&
	    exits 6 tb-sync import candles --product BTC-USD bad.ndjson \
		--keep-going && counts rows 3 inserted 2 bad 1
}
ok 'a bad value in NDJSON' bad_json
broken_json() {
	fresh && sed '3s/,"x.*//' three.ndjson >bad.ndjson &&
	    exits 65 tb-sync import candles --product BTC-USD bad.ndjson &&
	    grep -q 'bad.ndjson:3:' err &&
	    exits 6 tb-sync import candles --product BTC-USD bad.ndjson \
		--keep-going && counts inserted 2 bad 1
}
ok 'a broken line in NDJSON' broken_json
bad_element() {
	fresh && sed 's/"105",$/"x",/' answer.json >bad.json &&
	    exits 65 tb-sync import candles --product BTC-USD bad.json &&
	    grep -q 'bad.json:1: element 2: ' err
}
ok 'a bad element in a document' bad_element
big_document() {
	fresh && {
		echo '{"candles": ['
		head -c 1100000 /dev/zero | tr '\0' ' '
		echo ']}'
	} >big.json &&
	    exits 65 tb-sync import candles --product BTC-USD big.json
}
ok 'a document of more than a megabyte' big_document

many_values() {
	fresh && awk 'BEGIN { printf "["
	    for (i = 0; i < 70000; i++) print "0,"
	    print "0]" }' >values.json &&
	    exits 65 tb-sync import candles --product BTC-USD values.json
}
ok 'a document of too many values' many_values

# refuses CODE WORDS FILE: nothing is stored
refuses() {
	fresh && exits "$1" tb-sync import candles --product BTC-USD "$3" &&
	    grep -q "$2" err && answers 'SELECT count(*) FROM candles' 0
}
: >empty.csv
ok 'an empty file' refuses 65 'empty' empty.csv
sed 's/volume/Volumen/' three.csv >noname.csv
ok 'a missing column' refuses 65 'no column volume' noname.csv
sed '1s/low/open/' three.csv >twice.csv
ok 'a column twice' refuses 65 'twice' twice.csv
head -c 60 three.csv.gz >cut.gz
ok 'gzip cut short' refuses 65 'truncated gzip' cut.gz
head -c 40 three.csv.gz >broken.gz
head -c 60 /dev/urandom >>broken.gz
ok 'gzip damaged' refuses 65 'damaged gzip' broken.gz
cut_late() {
	awk 'BEGIN { print "timestamp,open,high,low,close,volume"; srand(1)
	    for (i = 0; i < 9000; i++)
		print 1600000200 + 300 * i ",100,101,99,100," rand() }' |
	    gzip | head -c 30000 >late.gz && refuses 74 'gzip' late.gz &&
	    exits 74 tb-sync import candles --product BTC-USD --keep-going \
		late.gz && answers 'SELECT count(*) FROM candles' 0
}
ok 'gzip cut short behind thousands of rows' cut_late
ok 'no such file' refuses 7 'No such file' none.csv
ok 'a folder' refuses 74 'directory' .
head -n 1 three.csv >header.csv
header_only() {
	fresh && import header.csv --granularity 5m && counts rows 0 inserted 0
}
ok 'a header alone is no error' header_only

# -------------------------------------------------- present and granularity --

unfinished() {
	fresh && now=$(date +%s) && start=$((now - now % 86400)) && {
		head -n 1 three.csv
		echo $((start - 86400)),1,1,1,1,1
		echo $start,1,1,1,1,1
	} >today.csv && import today.csv &&
	    counts rows 2 inserted 1 unfinished 1 &&
	    answers 'SELECT start FROM candles' $((start - 86400))
}
ok 'fault 80: a candle that has not closed is left out' unfinished
later() {
	fresh && now=$(date +%s) && start=$((now - now % 86400 + 864000)) && {
		head -n 1 three.csv
		echo $start,1,1,1,1,1
	} >later.csv && exits 65 tb-sync import candles --product BTC-USD \
	    --granularity 1d later.csv && import later.csv --granularity 1d \
	    --at $((start + 86400)) && counts inserted 1
}
ok 'the present is the instant where that is later' later
one_candle() {
	fresh && head -n 2 three.csv >one.csv &&
	    exits 65 tb-sync import candles --product BTC-USD one.csv &&
	    grep -q -e '--granularity' err && import one.csv \
	    --granularity 300 && counts inserted 1
}
ok 'one candle does not tell its granularity' one_candle
sparse() {
	fresh && sed '3d' three.csv >sparse.csv && {
		cat sparse.csv
		echo 1757587500,1,1,1,1,1
	} >sparser.csv && import sparser.csv && grep -q '"5m"' out
}
ok 'distances of 10 and 15 minutes are candles of 5' sparse
wrong_granularity() {
	fresh && exits 65 tb-sync import candles --product BTC-USD three.csv \
	    --granularity 15m && grep -q 'three.csv:2: ' err
}
ok 'starts that are off the grid' wrong_granularity
ok 'a granularity that is none' exits 2 tb-sync import candles \
    --product BTC-USD three.csv --granularity 7m
ok 'no product' exits 2 tb-sync import candles three.csv
ok 'a product that is none' exits 2 tb-sync import candles \
    --product btc-usd three.csv
rounded() {
	fresh && sed 's/1.25$/1.0000000000000000015/' three.csv >long.csv &&
	    import long.csv && grep -q 'rounded' err &&
	    answers 'SELECT volume FROM candles LIMIT 1' 1.000000000000000002
}
ok 'digits beyond the 18th are rounded half-even, and told' rounded
real_at() {
	rm -f other.db && tb-migrate -d other.db init --venue coinbase >out &&
	    exits 2 tb-sync -d other.db import candles --product BTC-USD \
		three.csv --at 2025-10-01
}
ok '--at is for paper databases' real_at

# ------------------------------------------------------------- resampling --

fifteen() {
	fresh && import three.csv --resample 15m && counts inserted 0 \
	    incomplete 2 && awk -F, -v OFS=, 'NR == 1 { print; next }
	    { $1 += 600; print }' three.csv >whole.csv &&
	    import whole.csv --resample 15m && counts inserted 1 incomplete 0 &&
	    answers "$candles" 'BTC-USD|900|1757586600|100|200|99|150|4.25'
}
ok 'a larger candle is made of all its smaller ones' fifteen
reversed() {
	fresh && {
		head -n 1 whole.csv
		tail -n 3 whole.csv | tac
	} >tac.csv && import tac.csv --resample 15m &&
	    answers "$candles" 'BTC-USD|900|1757586600|100|200|99|150|4.25'
}
ok 'newest first as well' reversed
unsorted() {
	fresh && {
		cat three.csv
		tail -n 3 three.csv | sed 's/^1757586/1757589/'
		echo 1757585700,1,1,1,1,1
	} >unsorted.csv && exits 65 tb-sync import candles \
	    --product BTC-USD unsorted.csv --granularity 5m --resample 15m &&
	    grep -q 'order of time' err
}
ok 'rows out of order are refused' unsorted
no_multiple() {
	fresh && exits 2 tb-sync import candles --product BTC-USD three.csv \
	    --resample 1m
}
ok 'smaller candles cannot be made' no_multiple

golden() {
	fresh && import "$SHARED/candles/$2" --resample "$3" &&
	    python3 - "$TB_DB" "$SHARED/resample/$1" <<-'END'
	import csv, sqlite3, sys
	from decimal import Decimal as D
	rows = sqlite3.connect(sys.argv[1]).execute(
	    'SELECT start, open, high, low, close, volume FROM candles')
	got = {row[0]: row[1:] for row in rows}
	expected = list(csv.DictReader(open(sys.argv[2])))
	assert expected
	for e in expected:
	    row = got[int(e['timestamp'])]
	    for i, name in enumerate(('open', 'high', 'low', 'close')):
	        assert D(row[i]) == D(e[name]), (e, row)
	    assert abs(D(row[4]) - D(e['volume'])) <= D('1e-5'), (e, row)
	END
}
if [ -d "$SHARED/resample" ]; then
	ok 'golden: 5m to 4h' golden 5m-4h-btc.csv \
	    BTC-USD_5m_coinbase_2025-09..10.csv.gz 4h
	ok 'golden: 1m to 4h' golden 1m-4h-btc-2017-09.csv \
	    BTC-USD_1m_coinbase_2017-09-03..04.csv.gz 4h
	ok 'golden: 4h to 1d' golden 4h-1d-eth-a.csv \
	    ETH-USD_4h_coinbase_2016-2020.csv.gz 1d
else
	skip 'golden larger candles' 'no shared data'
fi

# ------------------------------------------------------------------- gaps --

gaps() {
	fresh && import three.csv && {
		head -n 1 three.csv
		echo 1757587500,1,1,1,1,1
		echo 1757588100,1,1,1,1,1
	} >more.csv && import more.csv --granularity 5m &&
	    tb-sync gaps >out && cat >expect <<-'END' && same expect out
	{"product_id":"BTC-USD","granularity":"5m","from":"2025-09-11T10:35:00.000000Z","to":"2025-09-11T10:45:00.000000Z","missing":2}
	{"product_id":"BTC-USD","granularity":"5m","from":"2025-09-11T10:50:00.000000Z","to":"2025-09-11T10:55:00.000000Z","missing":1}
	END
}
ok 'gaps are named and counted' gaps
asks() {
	exits 1 tb-sync gaps -e && exits 0 tb-sync gaps &&
	    fresh && import three.csv && exits 0 tb-sync gaps -e
}
ok '-e: exit 1 where there are gaps' asks
chooses() {
	gaps && exits 7 tb-sync gaps ETH-USD &&
	    exits 7 tb-sync gaps BTC-USD --granularity 1h &&
	    exits 0 tb-sync gaps BTC-USD --granularity 5m &&
	    [ "$(wc -l <out)" -eq 2 ]
}
ok 'a product, a granularity' chooses
ok 'candles of nothing is wrong usage' exits 2 tb-sync candles
lists() {
	fresh && import three.csv && tb-sync coverage >out && cat >expect <<-'END' && same expect out
	{"product_id":"BTC-USD","granularity":"5m","from":"2025-09-11T10:20:00.000000Z","to":"2025-09-11T10:35:00.000000Z","synced_until":"2025-09-11T10:35:00.000000Z"}
	END
}
ok 'coverage lists what is stored' lists

# Each file of index.json: its rows, gaps and missing candles.
real() {
	fresh && tb-sync import candles --product "$2" "$SHARED/candles/$1" \
	    >out && counts rows "$3" inserted "$3" && tb-sync gaps \
	    >out && [ "$(wc -l <out)" -eq "$4" ] && [ "$(sed \
	    's/.*"missing":\([0-9]*\).*/\1/' out | paste -sd+ - | sed \
	    's/^$/0/' | bc)" -eq "$5" ]
}
if [ -f "$SHARED/candles/index.json" ] && command -v jq >/dev/null &&
    command -v bc >/dev/null; then
	jq -r '.[] | "\(.file) \(.product) \(.rows) \(.gaps)
	    \(.missing_candles)"' "$SHARED/candles/index.json" |
	    tr '\n\t' '  ' | tr -s ' ' >index
	# shellcheck disable=SC2046 # words are meant
	set -- $(cat index)
	while [ $# -ge 5 ]; do
		ok "real: $1" real "$@"
		shift 5
	done
else
	skip 'real candles' 'no shared data, jq or bc'
fi

# ----------------------------------------------------- a world that fails --

many() {
	awk 'BEGIN { print "timestamp,open,high,low,close,volume"
	    for (i = 0; i < 20000; i++)
		print 1600000200 + 300 * i ",100.5,101,99.25,100,1.5" }'
}
many >many.csv
full() {
	fresh && size=$(stat -c %s "$TB_DB") && {
		(
			ulimit -f $((size / 512 + 100))
			exec tb-sync import candles --product BTC-USD many.csv
		) >out 2>err
		[ $? -eq 74 ]
	} && [ ! -s out ] && tb-migrate check >out &&
	    answers 'SELECT count(*) FROM candles' 0 && import many.csv &&
	    counts inserted 20000
}
ok 'a full disk: nothing is stored, and later all is' full
no_room_to_tell() {
	fresh && exits 74 sh -c 'tb-sync import candles --product BTC-USD \
	    three.csv >/dev/full' && answers "$candles" "$stored"
}
ok 'an answer that cannot be written: exit 74, the candles are there' \
    no_room_to_tell
at_once() {
	fresh && TB_BUSY_MS=10000 && {
		import many.csv & tb-sync import candles --product BTC-USD \
		    many.csv >two 2>&1
		codes=$?
		wait $!
		codes=$codes$?
		TB_BUSY_MS=50
	} && [ $codes = 00 ] && [ "$(cat out two | grep -c \
	    '"inserted":20000,"same":0\|"inserted":0,"same":20000')" -eq 2 ]
}
ok 'two imports of the same file at once' at_once
killed() {
	for n in 1 2 5 20 60 61 62 63; do
		fresh && traced -e trace=pwrite64 \
		    -e inject=pwrite64:signal=KILL:when=$n \
		    tb-sync import candles --product BTC-USD many.csv \
		    >out 2>err
		tb-migrate check >check && case $(ask \
		    'SELECT count(*) FROM candles') in
		0 | 20000) ;;
		*) return 1 ;;
		esac || return 1
	done
	import many.csv && answers 'SELECT count(*) FROM candles' 20000
}
if command -v strace >/dev/null && traced true 2>/dev/null; then
	ok 'killed at a write: all or nothing' killed
else
	skip 'killed at a write: all or nothing' 'no strace'
fi
# Every second read of the file is interrupted by a signal.
interrupted() {
	fresh && traced -P "$1" -e trace=read \
	    -e inject=read:error=EINTR:when=1+2 \
	    tb-sync import candles --product BTC-USD "$1" >out 2>err &&
	    grep -q EINTR trace && answers "$candles" "$stored"
}
if command -v strace >/dev/null && traced true 2>/dev/null; then
	for f in three.csv three.csv.gz three.ndjson answer.json; do
		ok "interrupted reads: $f" interrupted $f
	done
else
	skip 'interrupted reads' 'no strace'
fi
failing() {
	fresh && exits 74 traced -e trace=fdatasync,fsync \
	    -e inject="$1":error="$2":when="$3" \
	    tb-sync import candles --product BTC-USD three.csv &&
	    answers 'SELECT count(*) FROM candles' 0 && tb-migrate check >out
}
if command -v strace >/dev/null && traced true 2>/dev/null; then
	ok 'a sync that fails: nothing is stored' failing fdatasync EIO 1
else
	skip 'a sync that fails' 'no strace'
fi
small() {
	fresh && awk 'BEGIN { for (i = 0; i < 60000; i++)
	    print "{\"start\":" 1600000200 + 300 * i ",\"open\":1,\"high\":1," \
	    "\"low\":1,\"close\":1,\"volume\":1}" }' >many.ndjson && (
		# shellcheck disable=SC3045 # as far as the shell knows it
		ulimit -v 65536
		exec tb-sync import candles --product BTC-USD many.ndjson
	) >out 2>err && counts inserted 60000
}
case $BUILD in
*-san*) skip 'in 64 megabytes' 'the sanitizers need more' ;;
*) ok 'in 64 megabytes' small ;;
esac
closed() {
	fresh && tb-sync import candles --product BTC-USD three.csv >out <&- &&
	    answers "$candles" "$stored" &&
	    exits 74 sh -c 'tb-sync import candles --product BTC-USD - <&-'
}
ok 'a closed input' closed
quiet() {
	fresh && import many.csv && [ ! -s err ]
}
ok 'no progress where standard error is no terminal' quiet
progress() {
	fresh && script -qec "tb-sync import candles --product BTC-USD \
	    many.csv 2>&1 >/dev/null" /dev/null >seen && grep -q import seen
}
if script -qec true /dev/null >/dev/null 2>&1; then
	ok 'a line of progress on a terminal' progress
else
	skip 'a line of progress on a terminal' 'no terminal to be had'
fi
