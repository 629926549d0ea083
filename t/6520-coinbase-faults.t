#!/bin/sh
#
# Faults of keys, connections and answers, from tb-trade and tb-sync through
# tb-venue-coinbase to the stand-in exchange: t/README numbers them.

. "${0%/*}/lib/unroot.sh"
. "${0%/*}/lib.sh"
. "$TOP/t/lib/coinbase.sh"

[ -x "$BUILD/t/exchange" ] || skip_all 'the stand-in is not built'
[ -x "$BUILD/tb-venue-coinbase" ] || skip_all 'no tb-venue-coinbase'
command -v jq >/dev/null || skip_all 'no jq'
command -v python3 >/dev/null || skip_all 'no python3'
command -v sqlite3 >/dev/null || skip_all 'no sqlite3'
command -v openssl >/dev/null || skip_all 'no openssl'

TB_DB=$WORK/tb.db
TB_CONFIG=$WORK/tb.yaml
export TB_DB TB_CONFIG

told() { # TEXT: standard error has it
	grep -qF -- "$1" err || { cat err; return 1; }
}
orders() {
	in_truth '.orders | length'
}
on_post() { # FAULT: of the next order's request
	control "{\"fault\":\"$1,method=POST,path=/orders,times=1\"}" >out
}

# --------------------------------------------------------------------- keys --

# key_is WHAT: ./bad.json
key_is() {
	rm -rf bad.json
	case $1 in
	missing) return ;;
	readable) cp key.json bad.json && chmod 644 bad.json && return ;;
	linked) ln -s key.json bad.json && return ;;
	folder) mkdir bad.json && return ;;
	pipe) mkfifo bad.json ;;
	empty) : >bad.json ;;
	large) { cat key.json; head -c 1048576 /dev/zero | tr '\0' ' '; } \
	    >bad.json ;;
	garbled) sed 's/KEY-----\\n....../KEY-----\\ncanary/' key.json \
	    >bad.json ;;
	rsa) openssl genrsa 2048 >key.pem 2>log && wrapped ;;
	p384) openssl ecparam -name secp384r1 -genkey -noout >key.pem 2>log &&
	    wrapped ;;
	esac && chmod 600 bad.json
}
wrapped() {
	jq -n --rawfile key key.pem \
	    '{name: "organizations/a/apiKeys/b", privateKey: $key}' >bad.json
}
# bad_key WHAT WORDS: nothing is asked with it, and nobody reads it here
bad_key() {
	key_is "$1" && sed -i "s#^key_file: .*#key_file: $WORK/bad.json#" \
	    tb.yaml && : >requests && tb-trade buy BTC-USD 50 >out 2>err
	t_got=$?
	cat out err
	[ $t_got -eq 77 ] || [ $t_got -eq 78 ] || return 1
	told bad.json && told "$2" && [ ! -s requests ] &&
	    [ "$(sql 'SELECT count(*) FROM intents')" = 0 ] &&
	    ! cat out err | grep -qF -e BEGIN -e canary || return 1
	[ -f bad.json ] || return 0
	for part in $(jq -r .privateKey bad.json 2>/dev/null | grep -v -e ---)
	do
		! cat out err | grep -qF "$(echo "$part" | cut -c1-16)" ||
		    return 1
	done
}
new_coinbase >out 2>&1
ok 'fault 56: the file of the key is missing' bad_key missing 'No such file'
ok 'fault 56: others may read it' bad_key readable 0644
ok 'fault 56: it is a link' bad_key linked link
ok 'fault 56: it is a folder' bad_key folder 'regular file'
ok 'fault 56: it is a FIFO' bad_key pipe 'regular file'
ok 'fault 56: it is empty' bad_key empty ''
ok 'fault 56: it is larger than a key' bad_key large 16384
ok 'fault 56: its PEM is wrong' bad_key garbled ''
ok 'fault 56: an RSA key' bad_key rsa ''
ok 'fault 56: a key on P-384' bad_key p384 ''

# --------------------------------------------------------------- connections --

unreached() { # WORDS: not sent, and nothing is kept for the next run
	buy 69 && told 'nothing was sent' && told "$1" && [ "$(sql 'SELECT count(*)
	    FROM intents WHERE state <> "REJECTED"')" = 0 ]
}
untrusted() { # OPTION FLAW WORDS
	new_coinbase && exchange_on "$1" "$2" && coinbase_config &&
	    unreached "$3" && [ ! -s requests ]
}
ok 'fault 58: a certificate that has expired' \
    untrusted --flaw expired certificate
ok 'fault 58: one of another host' untrusted --flaw wrong-host certificate
ok 'fault 58: one that nobody signed' untrusted --flaw self-signed certificate
ok 'fault 58: TLS 1.1' untrusted --tls 1.1 ''
nobody() { # URL WORDS
	new_coinbase && sed -i "s#$URL#$1#" tb.yaml && unreached "$2"
}
ok 'fault 58: nobody listens' nobody https://127.0.0.1:1 onnect
ok 'fault 58: no such name' nobody https://nowhere.invalid resolve

# A connection of the run is in use already when the order is sent.
new_coinbase >out 2>&1
cut() { # FAULT: before it is served; the request is sent once
	: >requests && on_post "$1" && exits 5 tb-trade buy ETH-USD 20 --id "$1" &&
	    told 'may be live' && [ "$(posts)" = 1 ] && [ "$(orders)" = 0 ] &&
	    grep -q '"method":"GET"' requests &&
	    exits 5 tb-sync reconcile && [ "$(posts)" = 1 ]
}
cut_twice() {
	cut cut_before && new_coinbase && cut reset_before
}
ok 'fault 60: cut off behind other requests: sent once' cut_twice

# ------------------------------------------------------------------- answers --

# found FAULT ...: an order is there, and nobody said so: found, each one
found() {
	new_coinbase && n=0 && for fault; do
		n=$((n + 1))
		on_post "$fault" && exits 5 tb-trade buy BTC-USD 20 \
		    --id "$fault" && says '"reason":"unknown"' &&
		    told 'an order may be live: run tb-sync reconcile' &&
		    exits 0 tb-sync reconcile && exits 0 tb-trade show "$fault" &&
		    says '"status":"filled"' && [ "$(posts)" = $n ] &&
		    [ "$(orders)" = $n ] || { echo "$fault"; return 1; }
	done && equal
}
ok 'fault 59: cut or reset behind the request' found lose_answer reset
ok 'fault 61: lengths and chunks that are wrong, no HTTP, no end' found \
    long_length short_length chunk_garbage garbage truncate endless
ok 'fault 62: HTML, nothing, {}' found html empty braces
ok 'fault 67: served, and answered 5xx' found served_status=500 \
    served_status=502 served_status=503 served_status=504
# unserved FAULT: no order is there, and who knows
unserved() {
	new_coinbase && on_post "$1" && buy 5 && state UNKNOWN &&
	    exits 5 tb-sync reconcile && state UNKNOWN &&
	    exits 5 tb-trade buy BTC-USD 60 && says '"reason":"unresolved"' &&
	    [ "$(posts)" = 1 ] && [ "$(orders)" = 0 ]
}
for status in 500 502,body=html 503 504,body=text; do
	ok "fault 67: $status, unserved" unserved status=$status
done
no_order_id() {
	new_coinbase && control '{"set":{"no_order_id":true}}' >out && buy 5 &&
	    state UNKNOWN && control '{"set":{"no_order_id":false}}' >out &&
	    exits 0 tb-sync reconcile && state SETTLED && [ "$(posts)" = 1 ] &&
	    equal
}
ok 'fault 62: success, and no order_id' no_order_id
# other WHAT: the answer is of another; both are told
other() {
	new_coinbase && control "{\"set\":{\"wrong_$1\":true}}" >out && buy 8 &&
	    told 'the venue answered intent 1 with another order, ' &&
	    state UNKNOWN && exits 9 tb-trade buy ETH-USD 50 &&
	    [ "$(posts)" = 1 ]
}
ok 'fault 63: the client_order_id is another' other client_order_id
no() { # REASON: with its word; nothing is kept aside
	new_coinbase && control "{\"set\":{\"refuse\":\"$1\"}}" >out && buy 4 &&
	    told "$1" && state REJECTED && control '{"set":{"refuse":""}}' >out &&
	    exits 0 tb-trade buy BTC-USD 500 && exits 0 tb-trade buy ETH-USD 400
}
ok 'fault 64: INSUFFICIENT_FUND, and its reserve is free' no INSUFFICIENT_FUND
ok 'fault 64: a reason that is new' no A_NEW_REASON
skewed() {
	new_coinbase && exchange_on --set skew_s=181 && coinbase_config && {
		exits 3 tb-trade buy BTC-USD 50 ||
		    exits 77 tb-trade buy BTC-USD 50
	} && told 'clock differs by' && told '18' && [ "$(orders)" = 0 ]
}
ok 'fault 65: the clock is off by 181 s' skewed
# slower RETRY_AFTER SECONDS: everybody waits so long, within two seconds
slower() {
	new_coinbase && on_post "status=429${1:+,retry_after=$1}" && buy 5 &&
	    state UNKNOWN && [ "$(sql 'SELECT setbacks FROM pace')" = 1 ] &&
	    pause=$(sql 'SELECT unixepoch(resume_at) - unixepoch() FROM pace') &&
	    echo "$pause s" && [ "$pause" -le $(($2 + 2)) ] &&
	    [ "$pause" -ge $(($2 - 20)) ] && [ "$(orders)" = 0 ] || return 1
	[ "$2" -lt 60 ] || {
		exits 75 tb-sync balances && told 'rate limited by coinbase until'
	}
}
ok 'fault 66: 429' slower '' 10
ok 'fault 66: 429, Retry-After: 60' slower 60 60
ok 'fault 66: 429, Retry-After: 99999999: an hour' slower 99999999 3600
ok 'fault 66: 429, Retry-After: -1' slower -1 10
ok 'fault 66: 429, Retry-After: soon' slower soon 10
elsewhere() { # nobody is asked there, with a token or without
	new_coinbase || return 1
	python3 -c '
import socket, sys
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(); s.settimeout(60)
print(s.getsockname()[1], flush=True)
try: s.accept(); print("came", flush=True)
except OSError: pass' >there &
	listener=$!
	until [ -s there ]; do sleep 0.02; done
	on_post "redirect=https://127.0.0.1:$(cat there)/" && buy 5 &&
	    state UNKNOWN && exits 0 tb-sync reconcile && state SETTLED
	t_got=$?
	kill $listener
	[ $t_got -eq 0 ] && ! grep -q came there && [ "$(posts)" = 1 ] && equal
}
ok 'fault 68: sent elsewhere: not followed' elsewhere

# -------------------------------------------------------------------- tb-sync --

# traded: two orders, each filled in three parts
traded() {
	new_coinbase --set fill_parts=3 && for n in 20 21; do
		exits 0 tb-trade buy BTC-USD $n --wait 5 || return 1
	done
}
# learned SETTING: a database that knows nothing learns it all from answers
# of that kind, twice, and its books are the exchange's
learned() {
	control "{\"set\":{\"$1\":true}}" >out && rm -f tb.db* &&
	    tb-migrate init --venue coinbase >out && tb-portfolio flow add \
	    --currency USD --amount 1000 --at -1h >out &&
	    exits 0 tb-sync orders && exits 0 tb-sync fills && equal &&
	    rows=$(sql 'SELECT count(*) FROM fills') &&
	    exits 0 tb-sync fills --since -1d &&
	    [ "$(sql 'SELECT count(*) FROM fills')" = "$rows" ] && equal
	t_got=$?
	control "{\"set\":{\"$1\":false}}" >out && return $t_got
}
traded >out 2>&1
for setting in extra_members nulls numbers empty_amounts; do
	ok "fault 72, fault 76: $setting, and sizes in quote currency" \
	    learned $setting
done
for setting in reverse_fills repeat_fills same_trade_id page_overlap; do
	ok "fault 73: $setting" learned $setting
done
new_word() { # an order stays open whose status nobody knows
	new_coinbase --set status_word=ON_THE_MOON && buy 0 &&
	    says '"status":"pending"' && state OPEN &&
	    control '{"set":{"status_word":"ON_MARS"}}' >out &&
	    exits 6 tb-sync orders &&
	    told 'unknown status "ON_MARS", kept OPEN' && state OPEN &&
	    [ "$(sql 'SELECT status FROM orders')" = ON_MARS ] &&
	    exits 6 tb-sync orders && control '{"set":{"status_word":""}}' >out && exits 0 tb-sync orders &&
	    state SETTLED && equal
}
ok 'fault 72: a status that is new' new_word
still_new() { # told by whoever looks, as long as it lasts
	new_coinbase --set status_word=ON_THE_MOON && buy 0 --limit 90 &&
	    says '"status":"pending"' && exits 6 tb-sync orders &&
	    told 'unknown status "ON_THE_MOON"' && exits 6 tb-sync reconcile &&
	    told 'unknown status "ON_THE_MOON"' && exits 6 tb-sync reconcile &&
	    told '1 order of ours has a status that nobody here knows' &&
	    exits 6 tb-sync && exits 6 tb-trade refresh && state OPEN &&
	    control '{"set":{"status_word":""}}' >out && exits 0 tb-sync reconcile
}
ok 'fault 72: told each time while it lasts' still_new
partly() {
	new_coinbase --set fill_part=0.5 && buy 0 --limit 110 && says pending &&
	    exits 0 tb-trade cancel 1 && says '"status":"filled"' &&
	    exits 0 tb-sync orders && equal
}
ok 'fault 73: filled in part, then cancelled' partly
# The exchange calls only FILLED orders settled: quiet for ten seconds is.
partly_settled() {
	state DONE && echo 11000000000 >ahead && cat >later <<-END &&
	#!/bin/sh
	LD_PRELOAD=$BUILD/t/clock.so TB_CLOCK=$WORK/ahead
	ASAN_OPTIONS=verify_asan_link_order=0
	export LD_PRELOAD TB_CLOCK ASAN_OPTIONS
	exec $BUILD/tb-venue-coinbase "\$@"
	END
	    chmod +x later && sed "s,program: {,&path: $WORK/later\, ," \
	    tb.yaml >later.yaml && exits 0 tb-sync -c later.yaml &&
	    state SETTLED && equal
}
ok 'fault 73: and is settled once nothing more comes of it' partly_settled
no_fee_yet() {
	new_coinbase --set fee_lag_ms=700 --set settle_lag_ms=700 \
	    --set empty_amounts && buy 0 && sleep 0.8 &&
	    exits 0 tb-sync orders && state SETTLED && equal
}
ok 'fault 74: a fee of "" that comes late' no_fee_yet
rebate() {
	new_coinbase --set maker_rate=-0.001 && exits 0 tb-trade buy BTC-USD 50 \
	    --limit 90 --post-only && control '{"price":{"BTC-USD":"89"}}' >out &&
	    exits 0 tb-sync orders && says '"changed":1' && equal &&
	    [ "$(sql 'SELECT commission < 0 FROM trades')" = 1 ]
}
ok 'fault 74: a rebate is a fee below 0' rebate
off_by_little() {
	new_coinbase --set sum_off=0.0000000000000001 && buy 0 &&
	    state SETTLED && equal
}
ok 'fault 75: a total that is off by 1e-16 is nobody'"'"'s figure' off_by_little

exchange_off
