#!/bin/sh
#
# tb-signal series and indicators: values candle by candle from a file, from
# standard input and from the database; what is refused.  The figures of the
# small file are easy to check by hand.

. "${0%/*}/lib.sh"

cat >five.csv <<'EOT'
timestamp,open,high,low,close,volume
1758060000,10,12,9,10,1
1758060300,12,14,11,12,2
1758060600,11,13,10,11,3
1758060900,13,15,12,13,4
1758061200,16,18,15,16,5
EOT

one_column() {
	cat >expect <<-'EOT' &&
	timestamp,sma
	1758060000,
	1758060300,11
	1758060600,11.5
	1758060900,12
	1758061200,14.5
	EOT
	tb-signal series 'sma(2)' five.csv -o csv >actual &&
	same expect actual
}

own_columns() {
	cat >expect <<-'EOT' &&
	timestamp,upper,middle,lower
	1758060000,,,
	1758060300,14,11.5,9
	EOT
	tb-signal series 'donchian(2)' five.csv -o csv >out &&
	head -n 3 out >actual && same expect actual
}

told_apart() {
	cat >expect <<-'EOT' &&
	timestamp,sma(2),"macd(1,2,2).macd","macd(1,2,2).signal","macd(1,2,2).histogram",tr
	1758060000,,,,,
	1758060300,11,1,,,4
	1758060600,11.5,0,0.5,-0.5,3
	EOT
	tb-signal series 'sma(2),macd(1,2,2),tr' five.csv -o csv >out &&
	head -n 4 out >actual && same expect actual
}

as_lines() {
	cat >expect <<-'EOT' &&
	{"timestamp":1758060000,"sma(2)":null,"obv(volume)":1}
	{"timestamp":1758060300,"sma(2)":11,"obv(volume)":3}
	EOT
	tb-signal series 'sma(2),obv(volume)' five.csv >out &&
	head -n 2 out >actual && same expect actual
}

as_document() {
	tb-signal series tr five.csv -o json >out &&
	[ "$(head -n 1 out)" = '[' ] && [ "$(tail -n 1 out)" = ']' ]
}

as_table() {
	cat >expect <<-'EOT' &&
	Candle                  roc
	2025-09-16 22:00:00       -
	2025-09-16 22:05:00      20
	2025-09-16 22:10:00  -8.3333333
	EOT
	tb-signal series 'roc(1)' five.csv -o table >out &&
	head -n 4 out | sed 's/  *$//' | tr -s ' ' >actual &&
	tr -s ' ' <expect >expected && same expected actual
}

same_from_stdin() {
	tb-signal series 'rsi(3,simple)' five.csv -o csv >expect &&
	tb-signal series 'rsi(3,simple)' - -o csv <five.csv >actual &&
	same expect actual && grep -q '^1758060900,80$' actual
}

same_gzipped() {
	gzip -c five.csv >five.csv.gz &&
	tb-signal series 'ema(2)' five.csv -o csv >expect &&
	tb-signal series 'ema(2)' five.csv.gz -o csv >actual &&
	same expect actual
}

same_with_dates() {
	sed 's/^1758060000/2025-09-16T22:00:00Z/
	    s/^1758060300/2025-09-16T22:05:00.000Z/' five.csv >dates.csv &&
	tb-signal series 'ema(2)' five.csv -o csv >expect &&
	tb-signal series 'ema(2)' dates.csv -o csv >actual &&
	same expect actual
}

# Blocks and pages end somewhere: 5,000 candles see some of their ends.
many() {
	awk 'BEGIN {
		print "timestamp,open,high,low,close,volume"
		for (i = 0; i < 5000; i++) {
			c = 100 + (i * 7919 % 101)
			printf "%d,%d,%d,%d,%d,1\n", 1758060000 + i * 300,
			    c, c + 2, c - 1, c
		}
	}' >many.csv
}
mean_of_two() {
	tb-signal series 'sma(2)' many.csv -o csv >actual &&
	awk -F, 'NR == 1 { print "timestamp,sma"; next }
	    { print $1 "," (NR > 2 ? ($5 + last) / 2 : ""); last = $5 }' \
	    many.csv >expect &&
	same expect actual
}

stored() {
	tb-migrate -d tb.db init --at 2025-09-11T10:30:00Z &&
	tb-sync -d tb.db import candles --product BTC-USD --granularity 5m \
	    many.csv &&
	tb-signal -d tb.db series 'rsi(14),bbands(20,2)' BTC-USD -o csv \
	    --at 2026-01-01T00:00:00Z >actual &&
	tb-signal series 'rsi(14),bbands(20,2)' many.csv -o csv >expect &&
	same expect actual
}

only_closed() { # the candle of 22:05 closes at 22:10
	tb-signal -d tb.db series tr BTC-USD -o csv \
	    --at 2025-09-16T22:10:00Z >out &&
	[ "$(tail -n 1 out | cut -d, -f1)" = 1758060300 ] &&
	tb-signal -d tb.db series tr BTC-USD -o csv \
	    --at 2025-09-16T22:09:59Z >out &&
	[ "$(tail -n 1 out | cut -d, -f1)" = 1758060000 ]
}

asks_which() {
	tb-sync -d tb.db import candles --product BTC-USD --granularity 1m \
	    five.csv &&
	exits 2 tb-signal -d tb.db series tr BTC-USD -o csv &&
	grep -q 'say which by --granularity' err &&
	tb-signal -d tb.db series tr BTC-USD -o csv --granularity 1m \
	    --at 2026-01-01T00:00:00Z >out &&
	[ "$(wc -l <out)" -eq 6 ]
}

refuses() { # CODE MESSAGE ARGUMENT ...
	code=$1
	message=$2
	shift 2
	exits "$code" tb-signal "$@" -o csv </dev/null &&
	grep -qF -e "$message" err
}

bad_row() { # EXPRESSION-OF-SED MESSAGE
	sed "$1" five.csv >bad.csv &&
	exits 65 tb-signal series tr bad.csv -o csv &&
	grep -qF "tb-signal: bad.csv:$2" err
}

no_column() {
	sed '1s/close/last/' five.csv >bad.csv &&
	exits 65 tb-signal series tr bad.csv -o csv &&
	grep -qF 'bad.csv:1: no column "close"' err
}

keeps_what_was_right() {
	sed '3000s/,1$/,x/' many.csv >bad.csv &&
	exits 65 tb-signal series 'sma(2)' bad.csv -o csv &&
	tb-signal series 'sma(2)' many.csv -o csv >expect &&
	head -n "$(wc -l <out)" expect >part && same part out
}

full_disk() {
	tb-signal series tr many.csv -o csv >/dev/full 2>err
	[ $? -eq 74 ]
}

# golden CASE EXPECTED-COLUMN SERIES COLUMN: to nine digits, row by row; an
# empty cell expects none of ours only where the case has values before it.
golden() {
	tb-signal series "$3" "$SHARED/indicators/$1.csv" -o csv >ours &&
	awk -F, -v want="exp_$2" -v have="$4" '
	    function column(name,  i) {
		for (i = 1; i <= NF; i++) if ($i == name) return i
		exit bad = 1
	    }
	    NR == FNR && FNR == 1 { w = column(want); next }
	    NR == FNR { expected[FNR] = $w; next }
	    FNR == 1 { h = column(have); next }
	    expected[FNR] != "" {
		n++
		d = $h - expected[FNR]; m = expected[FNR]
		if (d < 0) d = -d
		if (m < 0) m = -m
		if ($h == "" || d > 1e-9 * m) { print FNR, $h, expected[FNR]; bad = 1 }
	    }
	    END { exit bad || n < 100 }' "$SHARED/indicators/$1.csv" ours
}

series_list() { # N: that many sma
	seq -f 'sma(%g)' -s, 1 "$1"
}

catalogue() {
	tb-signal indicators >out &&
	[ "$(wc -l <out)" -eq 32 ] &&
	grep -q '"name":"rsi","synopsis":"rsi(period=14, wilder|simple)"' out &&
	grep -q '"name":"obv".*"warm_up":null' out &&
	tb-signal indicators -o table >out && grep -q '^macd(' out &&
	tb-signal indicators -o csv >out &&
	[ "$(head -n 1 out)" = name,synopsis,columns,warm_up,description ]
}

# Whatever the catalogue lists can be asked for as it stands.
all_of_it() {
	tb-signal indicators -o csv | sed '1d; s/,.*//' >names &&
	while read -r name; do
		tb-signal series "$name" many.csv -o csv >out || return 1
		[ "$(wc -l <out)" -eq 5001 ] || return 1
		tail -n 1 out | grep -q ',,\|,$' && return 1
	done <names
	return 0
}

ok 'one column is called by the indicator' one_column
ok 'several by their own names' own_columns
ok 'several series are told apart' told_apart
ok 'a line of JSON a candle' as_lines
ok 'one document' as_document
ok 'a table, with times and fewer digits' as_table
ok 'standard input' same_from_stdin
ok 'a compressed file' same_gzipped
ok 'times in RFC 3339' same_with_dates
many
ok 'blocks of candles leave no seam' mean_of_two
ok 'stored candles give the same bytes' stored
ok 'only what is closed at the instant' only_closed
ok 'several granularities: which?' asks_which
ok 'no such product' refuses 7 'no candles of XYZ-USD' \
    -d tb.db series tr XYZ-USD
ok 'no such file' refuses 7 nowhere.csv series tr nowhere.csv
ok 'no such indicator' refuses 2 'no indicator "rsj"' series rsj five.csv
ok 'a period too long' refuses 2 'sma: period: expected' \
    series 'sma(1001)' five.csv
ok 'a series twice' refuses 2 'rsi(14) stands there twice' \
    series 'rsi,rsi(14)' five.csv
ok '16 series' exits 0 tb-signal series "$(series_list 16)" five.csv -o csv
ok '17 are too many' refuses 2 'more than 16 series' \
    series "$(series_list 17)" five.csv
ok 'a table of 24 columns is too wide' exits 2 tb-signal -o table series \
    "macd(1,2),macd(1,3),macd(1,4),macd(1,5),macd(1,6),macd(1,7),macd(1,8),macd(1,9)" \
    five.csv
ok 'no file at all' refuses 2 expected series tr
ok 'an empty input' refuses 65 stdin series tr -
ok 'a column is missing' no_column
ok 'a number is none' bad_row '3s/14/x/' \
    '3: high: expected a number, got "x"'
ok 'a time is none' bad_row '2s/^1758060000/yesterday/' \
    '2: timestamp: expected unix seconds or RFC 3339, got "yesterday"'
ok 'a time after the year 9999' bad_row '6s/^1758061200/253402300800/' \
    '6: timestamp: expected unix seconds or RFC 3339, got "253402300800"'
ok 'a fraction of a second' bad_row '2s/^1758060000/1758060000.5/' \
    '2: timestamp: expected unix seconds or RFC 3339, got "1758060000.5"'
ok 'too few fields' bad_row '3s/,.*//' '3: 1 fields, expected 6'
ok 'a candle twice' bad_row '3s/^1758060300/1758060000/' \
    '3: timestamp: 1758060000 is not after the one before'
ok 'what stood before a bad row is written' keeps_what_was_right
ok 'a full disk is no success' full_disk
ok 'the catalogue' catalogue
ok 'all of the catalogue can be asked for' all_of_it

if [ ! -d "$SHARED/indicators" ]; then
	skip 'published values' '../shared/data/indicators is absent'
	exit
fi
f=facioquo-xlsx
ok 'published rsi' golden $f-rsi rsi 'rsi(14)' rsi
ok 'published macd' golden $f-macd macd 'macd(12,26,9)' macd
ok 'published signal line' golden $f-macd signal 'macd(12,26,9)' signal
ok 'published bands' golden $f-bbands lower 'bbands(20,2)' lower
ok 'published atr' golden $f-atr atr 'atr(14)' atr
ok 'published adx' golden $f-adx adx 'adx(14)' adx
ok 'published plus di' golden $f-adx pdi 'di(14)' pdi
ok 'published sma' golden $f-sma sma 'sma(20)' sma
ok 'published ema' golden $f-ema ema 'ema(20)' ema
