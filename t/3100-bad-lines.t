#!/bin/sh
#
# No input line crashes tb-trade, hangs it, trades twice or is dropped
# silently: each is answered once, and the lines behind it are handled.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/trade.sh"

says() {
	grep -qF -- "$2" "$1" || { echo "no $2 in:"; cat "$1"; return 1; }
}

# bad LINE TEXT: the line is invalid, with a message that has the text; the
# good line behind it is traded
bad() {
	new_db && { printf '%b\n' "$1"; line BUY BTC-USD 20 a; } >in &&
	exits 6 trade <in && [ "$(wc -l <out)" -eq 2 ] && sed -n 1p out >first &&
	says first '"reason":"invalid"' && says err "$2" &&
	says err 'tb-trade: line 1: ' && [ "$(orders)" -eq 1 ] &&
	exits 65 trade <first
}

# with KEY VALUE: an intent in which KEY is VALUE (absent with "")
with() {
	printf '{"product_id":"BTC-USD","side":"BUY","size_usd":20}\n' |
	    python3 -c '
import json, sys
line = json.load(sys.stdin)
key, value = sys.argv[1:]
out = ["\"%s\":%s" % (k, json.dumps(v)) for k, v in line.items() if k != key]
if value: out.append("\"%s\":%s" % (key, value))
print("{" + ",".join(out) + "}")' "$1" "$2"
}
bad_size() { # VALUE
	new_db && with size_usd "$1" >in && exits 65 trade <in &&
	says out '"reason":"invalid"' && says err 'size_usd' && [ "$(orders)" -eq 0 ]
}
bad_key() { # KEY VALUE
	new_db && with "$1" "$2" >in && exits 65 trade <in &&
	says out '"reason":"invalid"' && says err "$1" && [ ! -e tb.db.paper ] ||
	[ "$(orders)" -eq 0 ]
}
good() { # KEY VALUE
	new_db && with "$1" "$2" >in && exits 0 trade <in && [ "$(orders)" -eq 1 ]
}
refused() { # KEY VALUE REASON
	new_db && with "$1" "$2" >in && exits 3 trade <in &&
	says out "\"reason\":\"$3\"" && [ "$(orders)" -eq 0 ] &&
	tb-trade -d tb.db list --refused >refusals && says refusals "\"$3\""
}

nothing() {
	new_db && cp tb.db before && exits 0 trade </dev/null &&
	[ ! -s out ] && [ ! -s err ] && cmp tb.db before && [ ! -e tb.db.lock ]
}
blank_lines() {
	new_db && { printf '\n   \n'; line BUY BTC-USD 20 a; printf '\n'; } |
	    exits 0 trade && [ "$(wc -l <out)" -eq 1 ]
}
no_newline() {
	new_db && line BUY BTC-USD 20 a | tr -d '\n' | exits 0 trade &&
	[ "$(orders)" -eq 1 ]
}
cut_off() {
	new_db && line BUY BTC-USD 20 a | head -c 30 | exits 65 trade &&
	[ "$(wc -l <out)" -eq 1 ] && [ "$(orders)" -eq 0 ]
}
long_line() { # BYTES CODE
	new_db && {
		printf '{"product_id":"BTC-USD","side":"BUY","size_usd":20,"x":"'
		head -c "$(($1 - 58))" /dev/zero | tr '\0' x
		printf '"}\n'
	} >in && [ "$(wc -c <in)" -eq $(($1 + 1)) ] && exits "$2" trade <in &&
	[ "$(wc -l <out)" -eq 1 ]
}
# shellcheck disable=SC3045 # dash and bash have ulimit -v
no_newline_at_all() { # 20 MiB in one line, in bounded memory
	new_db && { head -c 20971520 /dev/zero | tr '\0' '['; echo; line BUY BTC-USD 20 a; } >in &&
	(ulimit -v 65536 && exits 6 trade <in) && [ "$(wc -l <out)" -eq 2 ] &&
	[ "$(orders)" -eq 1 ]
}
many_lines() { # all refused but the first five
	new_db && limits 'max_orders_day: 5' &&
	awk 'BEGIN { for (i = 0; i < 500; i++)
	    printf "{\"product_id\":\"BTC-USD\",\"side\":\"BUY\",\"size_usd\":11,\"id\":\"%d\"}\n", i }' >in &&
	exits 6 trade <in && [ "$(wc -l <out)" -eq 500 ] && [ "$(orders)" -eq 5 ] &&
	[ "$(grep -c max_orders_day out)" -eq 495 ]
}
# The answers, as input: none is a decision of ours, none is traded.
own_output() {
	new_db && line BUY BTC-USD 20 a | trade >in && exits 65 trade <in &&
	[ "$(orders)" -eq 1 ]
}

ok 'nothing in, nothing done: no lock, no write' nothing
ok 'blank lines are skipped' blank_lines
ok 'a last line without its newline is whole' no_newline
ok 'a line that is cut off is not traded' cut_off
ok 'two objects on a line' bad '{} {}' 'line 1: '
ok 'a string' bad '"BUY"' 'expected an object'
ok 'a number' bad '5' 'expected an object'
ok 'null' bad 'null' 'expected an object'
ok 'a key twice' bad \
    '{"product_id":"BTC-USD","side":"BUY","size_usd":20,"size_usd":21}' size_usd
ok 'a NUL in a string' bad '{"product_id":"BTC-USD\\u0000"}' 'line 1: '
ok 'bad UTF-8' bad '{"product_id":"\0377"}' 'line 1: '
ok 'no object at all' bad 'hello' 'line 1: '
ok 'depth 33' bad \
    "{\"x\":$(printf '%033d' 0 | tr 0 '[')$(printf '%033d' 0 | tr 0 ']')}" 'line 1: '
ok 'a line of 65536 bytes is read' long_line 65536 0
ok 'one of 65537 is not' long_line 65537 65
case $BUILD in
*-san) skip '20 MiB without a newline, in 64 MiB' 'sanitizers want terabytes' ;;
*) ok '20 MiB without a newline, in 64 MiB' no_newline_at_all ;;
esac
for size in '"1e-19"' 1e1000 '"1e999999999"' '"0"' 0 -0 '"-5"' -5 '""' '" 5"' \
    '"5 "' '"+5"' '".5"' '"5."' '"0x10"' '"1,000"' '"1_000"' '"NaN"' \
    '"Infinity"' '"٣"' 0.0000000000000000001 123456789012345678901234 true \
    '[]' '{}'; do
	ok "size_usd $size" bad_size "$size"
done
ok 'size_usd 2e1 is 20' good size_usd 2e1
ok 'size_usd "2E+1" is 20' good size_usd '"2E+1"'
ok 'a size with 16 decimals' good size_usd 20.2132552648459785
for product in '"btc-usd"' '"BTC/USD"' '"../accounts"' '"BTC-USD?x=1"' \
    "\"BTC';DROP\"" '"ВTC-USD"' '"BTC"' '"-"' '""' 5 \
    '"AAAAAAAAAAAAAAAAAAAAA-USD"'; do
	ok "product_id $product" bad_key product_id "$product"
done
ok 'no product' bad_key product_id ''
ok 'an unknown product' refused product_id '"DOGE-USD"' unknown_product
ok 'a product not in dollars' refused product_id '"BTC-EUR"' unknown_product
for side in '"buy"' '"Buy"'; do ok "side $side" good side "$side"; done
for side in '" BUY"' '"B"' '"long"' '"HOLD"' null 1; do
	ok "side $side" bad_key side "$side"
done
ok 'an unknown key is ignored' good color '"red"'
ok 'an unknown type' bad_key type '"stop"'
ok 'a market order with a limit' bad_key limit_price 5
ok 'a ts an hour old' refused ts '"2025-09-11T09:35:12Z"' age
ok 'a ts of 300 s ago' good ts '"2025-09-11T10:30:12Z"'
ok 'a ts of 301 s ago' refused ts '"2025-09-11T10:30:11Z"' age
ok 'a ts of five seconds from now' good ts '"2025-09-11T10:35:17Z"'
ok 'a ts of six' refused ts '"2025-09-11T10:35:18Z"' future
ok 'a ts with nine decimals' good ts '"2025-09-11T10:35:12.123456789Z"'
ok 'a ts of an impossible day' bad_key ts '"2025-02-30T10:00:00Z"'
ok 'a ts without a zone' bad_key ts '"2025-09-11T10:35:12"'
ok 'a ts in the year 10000' bad_key ts '"10000-01-01T00:00:00Z"'
ok 'under 10 USD' refused size_usd 9.99 minimum
ok '10 USD' good size_usd 10
ok '500 lines, five orders a day' many_lines
ok 'answers are no input' own_output
