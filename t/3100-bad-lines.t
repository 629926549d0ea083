#!/bin/sh
#
# No input line crashes tb-trade, hangs it, trades twice or is dropped
# silently: each is answered once, and the lines behind it are handled.
# These are faults 1 to 28 of t/README.

. "${0%/*}/lib.sh"
. "$TOP/t/lib/trade.sh"

says() {
	grep -qF -- "$2" "$1" || { echo "no $2 in:"; cat "$1"; return 1; }
}
no_order() {
	[ ! -e tb.db.paper ] || [ "$(orders)" -eq 0 ]
}
# untouched: nothing was asked of the venue, and nothing was written down
untouched() {
	[ "$(sql 'SELECT count(*) FROM intents')" -eq 0 ] &&
	[ "$(sql 'SELECT count(*) FROM refusals')" -eq 0 ] && no_order
}

# bad LINE TEXT: the line is invalid, with a message that has the text; the
# good line behind it is traded
bad() {
	new_db && { printf '%b\n' "$1"; line BUY BTC-USD 20 a; } >in &&
	exits 6 trade <in && [ "$(wc -l <out)" -eq 2 ] && sed -n 1p out >first &&
	says first '"reason":"invalid"' && says err "$2" &&
	says err 'tb-trade: line 1' && [ "$(orders)" -eq 1 ] &&
	exits 65 trade <first && [ "$(orders)" -eq 1 ]
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
# sized KEY VALUE: an intent of that size
sized() {
	printf '{"product_id":"BTC-USD","side":"BUY","%s":%s}\n' "$1" "$2"
}
# bad_key KEY VALUE [TEXT]: not traded, and the words begin with the key
bad_key() {
	new_db && with "$1" "$2" >in && exits 65 trade <in &&
	says out '"reason":"invalid"' && says err "tb-trade: line 1: $1: " &&
	says err "${3:-}" && untouched
}
good() { # KEY VALUE
	new_db && with "$1" "$2" >in && exits 0 trade <in && [ "$(orders)" -eq 1 ]
}
# refuses REASON TEXT: what stands in the file in, by a rule of ours
refuses() {
	exits 3 trade <in && says out "\"reason\":\"$1\"" && says err "$2" &&
	[ "$(sql 'SELECT count(*) FROM intents')" -eq 0 ] && no_order &&
	tb-trade -d tb.db list --refused >refusals && says refusals "\"$1\""
}
refused() { # KEY VALUE REASON [TEXT]
	new_db && with "$1" "$2" >in && refuses "$3" "${4:-}"
}

# ----------------------------------------------------------------- framing --

nothing() {
	new_db && cp tb.db before && exits 0 trade </dev/null &&
	[ ! -s out ] && [ ! -s err ] && cmp tb.db before &&
	[ ! -e tb.db.lock ] && exits 0 trade -v </dev/null && says err 'no line came in'
}
blank_lines() {
	new_db && { printf '\n   \n\t\r\n'; line BUY BTC-USD 20 a; printf '\n'
	line BUY BTC-USD 20 b; } | exits 0 trade && [ "$(wc -l <out)" -eq 2 ] &&
	[ "$(orders)" -eq 2 ]
}
cut_off() { # anywhere: never a decision
	new_db && line BUY BTC-USD 20 a >whole &&
	n=$(($(wc -c <whole) - 2)) && while [ "$n" -gt 0 ]; do
		head -c "$n" whole | exits 65 trade && [ "$(wc -l <out)" -eq 1 ] &&
		untouched || return 1
		n=$((n - 7))
	done && printf '{"product_id":"BTC-USD"' | exits 65 trade &&
	says err 'line 1: byte 24: unterminated object'
}
no_newline() {
	new_db && line BUY BTC-USD 20 a | tr -d '\n' | exits 0 trade &&
	[ "$(wc -l <out)" -eq 1 ] && [ "$(orders)" -eq 1 ]
}
two="$(line BUY BTC-USD 20 x)$(line BUY BTC-USD 20 y)"

ok 'fault 1: nothing in, nothing done: no lock, no write' nothing
ok 'fault 2: blank lines are skipped, what follows is not' blank_lines
ok 'fault 3: a line that is cut off is not traded' cut_off
ok 'fault 4: a last line without its newline is whole' no_newline
ok 'fault 5: of two objects on a line neither is traded' bad "$two" \
    'line 1: byte 61: expected nothing behind the value'
for value in '"BUY"' 5 null true '[5]' '["BUY"]' '[null]' '[[]]'; do
	ok "fault 6: $value" bad "$value" 'expected an object'
done
ok 'no object at all' bad 'hello' 'line 1: '
ok 'fault 7: a key twice' bad \
    '{"product_id":"BTC-USD","side":"BUY","size_usd":20,"size_usd":21}' \
    'repeated key "size_usd"'
ok 'fault 8: a NUL in a line' bad \
    '{"product_id":"BTC-USD","side":"BUY","size_usd":20}\0' 'NUL'
ok 'fault 8: a NUL in the middle of one' bad \
    '{"product_id":"BTC-USD",\0"side":"BUY","size_usd":20}' 'line 1: '
ok 'fault 8: a NUL in a string' bad \
    '{"product_id":"BTC-USD","side":"BUY","size_usd":20,"id":"a\\u0000b"}' 'NUL'
for bytes in '\0377' '\0300\0257' '\0340\0200\0257' '\0355\0240\0200' \
    '\0364\0220\0200\0200' '\0342\0202'; do
	ok "fault 9: bad UTF-8: $bytes" bad \
	    "{\"product_id\":\"BTC-USD\",\"side\":\"BUY\",\"size_usd\":20,\"x\":\"$bytes\"}" \
	    'invalid UTF-8'
done
ok 'fault 9: a lone surrogate' bad \
    '{"product_id":"BTC-USD","side":"BUY","size_usd":20,"x":"\\ud800"}' \
    'lone surrogate'
byte_order_mark() {
	new_db && { printf '\357\273\277'; line BUY BTC-USD 20 a
	printf '\357\273\277'; line BUY BTC-USD 20 b; line BUY BTC-USD 20 c; } |
	    exits 6 trade && says err 'line 2: byte 1: a byte order mark' &&
	[ "$(orders)" -eq 2 ]
}
ok 'fault 9: a byte order mark is skipped on the first line' byte_order_mark

long_line() { # BYTES CODE
	new_db && {
		printf '{"product_id":"BTC-USD","side":"BUY","size_usd":20,"x":"'
		head -c "$(($1 - 58))" /dev/zero | tr '\0' x
		printf '"}\n'
	} >in && [ "$(wc -c <in)" -eq $(($1 + 1)) ] && exits "$2" trade <in &&
	[ "$(wc -l <out)" -eq 1 ]
}
# flood BYTES: in one line, in bounded memory
# shellcheck disable=SC3045 # dash and bash have ulimit -v
flood() {
	new_db && { head -c "$1" /dev/zero | tr '\0' '['; echo
	line BUY BTC-USD 20 a; } | (ulimit -v 65536 && exits 6 trade) &&
	[ "$(wc -l <out)" -eq 2 ] && says err 'line 1: longer than 65536 bytes' &&
	[ "$(orders)" -eq 1 ]
}
ok 'a line of 65536 bytes is read' long_line 65536 0
ok 'one of 65537 is not' long_line 65537 65
case $BUILD in
*-san) skip 'fault 10: 200 MiB without a newline, in 64 MiB' \
    'sanitizers want terabytes' ;;
*)
	ok 'fault 10: 2 MiB' flood 2097152
	ok 'fault 10: 200 MiB without a newline, in 64 MiB' flood 209715200
	;;
esac
# brackets NUMBER: "[" so often
brackets() {
	head -c "$1" /dev/zero | tr '\0' '['
}
ok 'fault 11: depth 33' bad "{\"x\":$(brackets 33)$(brackets 33 | tr '[' ']')}" \
    'nested deeper than 32 levels'
ok 'fault 11: 60,000 brackets' bad "$(brackets 60000)" \
    'nested deeper than 32 levels'
ok 'fault 11: 100,000 brackets' bad "$(brackets 100000)" \
    'longer than 65536 bytes'

# ------------------------------------------------------------------- sizes --

thousand() { # SIZE: what is kept and what is sent is 1000
	new_db && sized size_usd "$1" | exits 0 trade &&
	[ "$(sql 'SELECT size_usd, quote_size FROM intents')" = '1000|1000' ] &&
	says out '"size_usd":1000.00'
}
for size in '"1e3"' 1E+3 '"1.000E3"' 10000e-1; do
	ok "fault 12: size_usd $size is 1000" thousand "$size"
done
# bad_sizes KEY TEXT SIZE ...: a line each, and each says so
bad_sizes() {
	key=$1 text=$2
	shift 2
	new_db && for size; do sized "$key" "$size"; done >in &&
	exits 65 trade <in && [ "$(wc -l <out)" -eq $# ] &&
	[ "$(grep -c '"reason":"invalid"' out)" -eq $# ] &&
	[ "$(grep -c "^tb-trade: line [0-9]*: $key: .*$text" err)" -eq $# ] &&
	untouched
}
for key in size_usd size_crypto; do
	ok "fault 13, fault 15: $key that no amount can hold" bad_sizes $key \
	    'is too large or has more than 18 decimals' '"1e-19"' 1e-19 \
	    '"1e999999999"' 1e999999999 1e1000 -1e1000 '"1e-999999999"' \
	    0.0000000000000000001 1.1234567890123456789 \
	    '"1.1234567890123456789"' 170141183460469231731.687303715884105728 \
	    1000000000000000000000 '"1000000000000000000000"'
	ok "fault 14: $key that is no positive decimal" bad_sizes $key expected \
	    '"0"' '"-0"' '"-5"' '""' '" 5"' '"5 "' '"+5"' '".5"' '"5."' \
	    '"0x10"' '"1,000"' '"1_000"' '"NaN"' '"Infinity"' '"٣"' \
	    0 -0 0.000 0e5 -5 true false '[]' '{}' '[5]' '{"a":5}'
done
largest() { # what the type holds is an amount, if not one that we have
	new_db && sized size_usd 170141183460469231731.687303715884105727 >in &&
	refuses balance 'not enough USD'
}
ok 'fault 15: the largest amount is one' largest
ok 'two sizes' bad_key size_crypto 5 'expected one of'
ok 'no size' bad_key size_usd '' 'missing'
all_digits() {
	new_db && sql "UPDATE products SET base_increment = '0.0000000000000001'
	    WHERE product_id = 'ETH-USD'" &&
	sized size_crypto 0.2132552648459785 | sed s/BTC/ETH/ | exits 0 trade &&
	says out '"size_crypto":0.2132552648459785,' &&
	[ "$(sql 'SELECT size_crypto, base_size FROM intents')" = \
	    '0.2132552648459785|0.2132552648459785' ] &&
	sql 'SELECT body FROM intents' >body &&
	says body '"base_size":"0.2132552648459785"'
}
ok 'fault 16: a size with 16 decimals, all of them' all_digits

# below KEY VALUE WHAT: under the minimum once it is rounded down
below() {
	new_db && sql "UPDATE products SET quote_min_size = '20',
	    base_min_size = '0.0006'" && sized "$1" "$2" >in &&
	refuses minimum "$3"
}
ok 'fault 17: under what the product wants, in money' below size_usd 19.999 \
    "size_usd 19.99 is under the product's minimum of 20.00"
ok 'fault 17: in coins' below size_crypto 0.000599999999 \
    "size_crypto 0.00059999 is under the product's minimum of 0.0006"
rounded() { # in the answer, in the record, in words where they are wanted
	new_db && sized size_usd 33.111 | exits 0 trade -v &&
	says out '"size_usd":33.11,' && says err 'line 1: size_usd: rounded 33.111 -> 33.11' &&
	[ "$(sql 'SELECT size_usd, quote_size FROM intents')" = '33.111|33.11' ] &&
	sized size_crypto 0.001234567 | exits 0 trade &&
	says out '"size_crypto":0.00123456,' && [ ! -s err ]
}
ok 'fault 18: three decimals where there are two' rounded
to_zero() { # KEY VALUE [MORE]
	new_db && sql "UPDATE products SET base_increment = '1',
	    base_min_size = '0'" && sized "$1" "$2${3:-}" >in &&
	refuses minimum 'rounds to zero'
}
ok 'fault 19: coins that round to zero' to_zero size_crypto 0.5
ok 'fault 19: money for coins that round to zero' to_zero size_usd 20 \
    ',"type":"limit","limit_price":30000'
ok 'under 10 USD' refused size_usd 9.99 minimum
ok '10 USD' good size_usd 10

# --------------------------------------------------------- what and whither --

for product in '"btc-usd"' '"BTC/USD"' '"../accounts"' '"BTC-USD?x=1"' \
    "\"BTC';DROP\"" "\"BTC'; DROP TABLE intents;--\"" '"ВTC-USD"' '"BTC"' \
    '"-"' '""' 5 '"AAAAAAAAAAAAAAAAAAAAA-USD"' '" BTC-USD"' '"BTC-USD "' \
    "\"$(printf '%0200d' 0 | tr 0 A)-USD\""; do
	ok "fault 20: product_id $(printf %s "$product" | cut -c1-40)" \
	    bad_key product_id "$product" 'expected a product such as BTC-USD'
done
ok 'no product' bad_key product_id '' 'missing'
ok 'fault 21: an unknown product' refused product_id '"DOGE-USD"' \
    unknown_product 'not known: run tb-sync products'
ok 'a product not in dollars' refused product_id '"BTC-EUR"' unknown_product
# state FLAG [TYPE]: nothing is sent but an order of that type
state() {
	new_db && sql "UPDATE products SET $1 = 1" &&
	sized size_usd 20 >in && refuses product_state "BTC-USD is $1 at" &&
	sized size_usd "20,\"type\":\"${2:-limit}\",\"limit_price\":30000" >in &&
	if [ $# -eq 1 ]; then
		refuses product_state "BTC-USD is $1 at"
	else
		exits 0 trade <in && [ "$(orders)" -eq 1 ]
	fi
}
ok 'fault 22: a product that is trading_disabled' state trading_disabled
ok 'fault 22: one that is cancel_only' state cancel_only
ok 'fault 22: one that is in auction' state auction_mode
ok 'fault 22: one that is post_only' state post_only post_only
ok 'fault 22: one that is limit_only' state limit_only limit
for side in '"buy"' '"Buy"'; do ok "fault 23: side $side" good side "$side"; done
for side in '" BUY"' '"B"' '"long"' '"HOLD"' '"BUY "' '""' 1; do
	ok "fault 23: side $side" bad_key side "$side" 'expected BUY or SELL'
done
ok 'side null' bad_key side null 'missing'
unknown_key() {
	good color '"red"' && [ ! -s err ] && with color '"red"' |
	    exits 0 trade -v && says err 'line 1: color: not a key of an intent, it is not read'
}
ok 'fault 24: an unknown key is ignored' unknown_key
ok 'fault 24: an unknown type' bad_key type '"stop"' 'expected market, limit'
ok 'a market order with a limit' bad_key limit_price 5

# ------------------------------------------------------------ who and when --

# a signal without what makes it one decision
for key in evaluation_id combined_score recommended_action; do
	ok "fault 25: a signal of which there is only $key" bad \
	    "{\"product_id\":\"BTC-USD\",\"side\":\"BUY\",\"size_usd\":20,\"$key\":\"BUY\"}" \
	    'line 1: '
done
without_id() {
	new_db && line BUY BTC-USD 20 >in && exits 0 trade <in &&
	exits 0 trade <in && says out '"replayed":false' && [ "$(orders)" -eq 2 ]
}
ok 'fault 25: an intent without id is a new decision each time' without_id
ok 'fault 26: a ts an hour old' refused ts '"2025-09-11T09:35:12Z"' age \
    'is 3600 s old (limit 300)'
ok 'a ts of 300 s ago' good ts '"2025-09-11T10:30:12Z"'
ok 'a ts of 301 s ago' refused ts '"2025-09-11T10:30:11Z"' age
ok 'fault 27: a ts a minute from now' refused ts '"2025-09-11T10:36:12Z"' \
    future 'from the future'
ok 'a ts of five seconds from now' good ts '"2025-09-11T10:35:17Z"'
ok 'a ts of six' refused ts '"2025-09-11T10:35:18Z"' future
ok 'fault 28: a ts with nine decimals' good ts \
    '"2025-09-11T10:35:12.123456789Z"'
ok 'fault 28: a ts in a leap second' good ts '"2025-09-11T10:34:60Z"'
for ts in 2025-02-30T10:00:00Z 2025-09-11T10:35:12 10000-01-01T00:00:00Z \
    2025-09-11T10:34:61Z yesterday ''; do
	ok "fault 28: ts $ts" bad_key ts "\"$ts\"" 'expected a time such as'
done
ok 'a ts of null' bad_key ts null

# The answers, as input: none is a decision of ours, none is traded.
own_output() {
	new_db && line BUY BTC-USD 20 a | trade >in && exits 65 trade <in &&
	[ "$(orders)" -eq 1 ]
}
ok 'answers are no input' own_output
