#!/bin/sh
#
# What is in the key's file is told to nobody: not by an answer, a message, a
# row, a child or a core file, whatever goes wrong (fault 57); and nothing in
# the surroundings changes whom the key is shown to (fault 96).

. "${0%/*}/lib/unroot.sh"
. "${0%/*}/lib.sh"
. "$TOP/t/lib/coinbase.sh"

[ -x "$BUILD/t/exchange" ] || skip_all 'the stand-in is not built'
[ -x "$BUILD/tb-venue-coinbase" ] || skip_all 'no tb-venue-coinbase'
command -v jq >/dev/null || skip_all 'no jq'
command -v python3 >/dev/null || skip_all 'no python3'
command -v sqlite3 >/dev/null || skip_all 'no sqlite3'
trap 'exchange_off; t_end' EXIT

TB_DB=$WORK/tb.db
TB_CONFIG=$WORK/tb.yaml
export TB_DB TB_CONFIG
mkdir mine theirs && chmod 700 mine

# What is seen of the program from outside is written down as it starts.
cat >venue <<END
#!/bin/sh
{
	printf '%s\n' "\$0" "\$@"
	tr '\0' '\n' </proc/\$\$/environ
	ls -l /proc/\$\$/fd
} >>$WORK/children 2>&1
exec $BUILD/tb-venue-coinbase "\$@"
END
chmod +x venue

# The exchange's own files are its own.
cd theirs && exchange_on --account USD=100000 || exit 1
cp -p key.json ../mine/key.json
cd "$WORK" || exit 1
name=$(jq -r '.name // .id' mine/key.json)
jq -r .privateKey mine/key.json | grep -v -- -----  >secrets.lines
ask() { # JSON
	(cd theirs && control "$1") >/dev/null
}

# config [KEY [ARGUMENT ...]]: ./tb.yaml of a key, for that exchange
config() {
	c_key=${1:-$WORK/mine/key.json}
	[ $# -eq 0 ] || shift
	[ $# -gt 0 ] || set -- "\"$URL\"" --ca-file "$WORK/theirs/ca.pem"
	cat >tb.yaml <<-END
	live: true
	key_file: $c_key
	program:
	  path: $WORK/venue
	  arguments: [--base-url, $(printf '%s,' "$@")]
	rate: {per_second: 1000, per_hour: 100000}
	limits: {max_order: 500, max_position: 900, max_orders_day: 50,
	    max_daily_loss: 100}
	END
}
# run COMMAND ...: whatever it says is kept, and how it ended
run() {
	"$@" >>said 2>&1
	echo "exit $?: $*" >>said
}
# fresh: books without an order
fresh() {
	rm -f tb.db* halt
	cp -p books.db tb.db
}
keep() {
	for rest in tb.db*; do
		cp -p "$rest" "kept.$((kept += 1))"
	done
}
# all_tools: what has to do with the exchange, all of it
all_tools() {
	fresh
	run tb-trade -v buy BTC-USD 50 --id "a$((n += 1))"
	run tb-sync -v
	run tb-sync doctor
	run tb-sync reconcile
	run tb-trade -v buy ETH-USD 50 --id "b$n"
	run tb-portfolio verify
	keep
}
kept=0 n=0

config
run tb-migrate init --venue coinbase
run tb-sync -v products
mv tb.db books.db
good() {
	all_tools
	tail -n 40 said
	[ "$(grep -c '^exit 0: tb-trade -v buy' said)" = 2 ]
}
ok 'with a good key orders go out' good

# ------------------------------------------------- what goes wrong far away --

while read -r fault; do
	ask "{\"fault\":\"$fault\"}"
	all_tools
done <<'END'
unauthorized,times=3
cut_before,method=POST,path=/orders,times=1
lose_answer,method=POST,path=/orders,times=1
status=401,method=POST,path=/orders,times=1
status=403,times=2
status=500,method=POST,path=/orders,times=1
status=429,times=2,retry_after=1
html,times=4
empty,times=4
braces,times=4
truncate,method=POST,path=/orders,times=1
garbage,method=POST,path=/orders,times=1
redirect=https://127.0.0.1:1/,times=3
END
ok 'faults of the exchange were met' eval '
    [ "$(grep -c "^exit [1-9][0-9]*: tb-trade -v buy" said)" -ge 10 ]'

# An exchange that sends back what it was sent.
token=$(printf eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJvcmdhbml6YXRpb25zLyJ9.c2lnbmF0dXJl)
echoes() {
	for words in "no key $name here" "Bearer $token" \
	    "-----BEGIN EC PRIVATE KEY-----$(head -n 1 secrets.lines)"; do
		before=$(grep -c '\*\*\*\*\*\*\*\*' said)
		ask "$(jq -cn --arg w "$words" '{set: {refuse: $w}}')"
		all_tools
		[ "$(grep -c '\*\*\*\*\*\*\*\*' said)" -gt "$before" ] ||
		    { tail -n 30 said; return 1; }
	done
	ask '{"set":{"refuse":""}}'
}
ok 'what an exchange sends back of it is hidden' echoes

# --------------------------------------------------------- whom it is shown --

config "$WORK/mine/key.json" "\"$URL\"" && all_tools # nobody knows its CA
config "$WORK/mine/key.json" https://127.0.0.1:1 && all_tools
config "$WORK/mine/key.json" https://nowhere.invalid && all_tools
config "$WORK/mine/key.json" https://nowhere.invalid/@ --ca-file none &&
    all_tools

# ------------------------------------------------------- the file of the key --

# bad NAME: the key in mine/NAME, which is no good
bad() {
	config "$WORK/mine/$1"
	fresh
	run tb-trade -v buy BTC-USD 50 --id "a$((n += 1))"
	run tb-sync -v balances
	run tb-sync doctor
	keep
	run "$BUILD/tb-venue-coinbase" --key-file "mine/$1" --base-url "$URL" \
	    --ca-file theirs/ca.pem <<-'END'
	{"id":1,"verb":"hello"}
	{"id":2,"verb":"balances"}
	{"id":3,"verb":"nonsense"}
	END
}
secret=$(head -n 1 secrets.lines)
cd mine || exit 1
cp key.json open.json && chmod 644 open.json
ln -s key.json link.json
cp key.json two.json && ln two.json names.json
: >empty.json
mkdir folder.json
mkfifo fifo.json
head -c 100000 /dev/zero | tr '\0' C >large.json
jq '.privateKey |= .[0:60]' key.json >cut.json
jq '.privateKey |= sub("A"; "*")' key.json >changed.json
jq 'del(.name, .id)' key.json >nameless.json
jq --arg n "$name $name" '.name = $n' key.json >blank.json
jq -r .privateKey key.json >pem.json
head -c 200 key.json >half.json
printf '%s\n' "$secret" >bare.json
sed 's/:/;/' key.json >nojson.json
chmod 600 cut.json changed.json nameless.json blank.json pem.json half.json \
    bare.json nojson.json empty.json large.json
cd "$WORK" || exit 1
for file in mine/*.json; do
	[ "$file" = mine/key.json ] || bad "${file#mine/}"
done
bad missing.json
ok 'fault 56: a key that is no good is met by exit 77, sixteen times' eval '
    [ "$(grep -c "^exit 77: tb-trade -v buy BTC" said)" -ge 16 ]'
nothing_asked() { # bad keys show up at no exchange
	: >theirs/requests && bad half.json && [ ! -s theirs/requests ]
}
ok '  nothing is asked of the exchange' nothing_asked
# A file that is wrong by hand, where its text is the canary.
run tb-trade -c "$WORK/mine/key.json" list
run tb-signal check "$WORK/mine/key.json"
run tb-trade buy BTC-USD 50 <mine/key.json
run tb-trade <mine/key.json
run tb-sync import trades mine/key.json

# ---------------------------------------------------------- while it is held --

hold() {
	mkfifo in
	"$BUILD/tb-venue-coinbase" --key-file mine/key.json --base-url "$URL" \
	    --ca-file theirs/ca.pem <in >held 2>&1 &
	holder=$!
	exec 9>in
	echo '{"id":1,"verb":"hello"}' >&9
	tries=0
	until [ -s held ] || [ $tries -ge 200 ]; do
		tries=$((tries + 1))
		sleep 0.05
	done
	grep '"has_key":true' held
}
# shellcheck disable=SC3045 # every sh that there is has it
ulimit -c unlimited 2>/dev/null
ok 'a program that holds the key' hold
limits() {
	cat "/proc/$holder/limits" && grep -E \
	    '^Max core file size +0 +0 +' "/proc/$holder/limits"
}
ok 'it writes no core file' limits
ok 'nor gains privileges' grep 'NoNewPrivs:.1' "/proc/$holder/status"
unseen() { # by others of the same user
	tr '\0' '\n' <"/proc/$holder/cmdline" >>children
	for what in environ mem maps fd/0; do
		! cat "/proc/$holder/$what" >/dev/null 2>&1 || return 1
	done
}
if [ "$BUILD" = "${BUILD%-san}" ]; then
	ok 'nobody looks into it' unseen
else
	skip 'nobody looks into it' 'LeakSanitizer does'
fi
dies() {
	kill -SEGV "$holder"
	wait "$holder" 2>/dev/null
	exec 9>&-
	[ -z "$(find "$WORK" -name '*core*')" ]
}
ok 'killed, it leaves no core' dies

# guarded before the first byte of the key is read
in_order() {
	strace -o trace -e trace=prctl,setrlimit,prlimit64,openat \
	    "$BUILD/tb-venue-coinbase" --key-file mine/key.json </dev/null &&
	    awk '/RLIMIT_CORE.*rlim_cur=0, rlim_max=0/ { core = NR }
		/PR_SET_DUMPABLE, SUID_DUMP_DISABLE/ { dump = NR }
		/openat\([0-9].*O_NOFOLLOW/ { key = NR }
		END { exit !(core && dump && core < key && dump < key) }' \
		trace
}
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null &&
    [ "$BUILD" = "${BUILD%-san}" ]; then
	ok 'both are so before the key is opened' in_order
else
	skip 'both are so before the key is opened' 'no strace'
fi

# ------------------------------------------------------------- surroundings --

mkdir -p "$HOME"
echo 'proxy = "http://127.0.0.1:1"' >"$HOME/.curlrc"
echo 'machine 127.0.0.1 login canary password canary' >"$HOME/.netrc"
surrounded() { # COMMAND ...
	env SSLKEYLOGFILE="$WORK/keylog" http_proxy=http://127.0.0.1:1 \
	    https_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1 \
	    HTTPS_PROXY=http://127.0.0.1:1 OPENSSL_CONF="$WORK/none.cnf" \
	    OPENSSL_MODULES="$WORK/mine" OPENSSL_ENGINES="$WORK/mine" \
	    CURL_CA_BUNDLE=/dev/null SSL_CERT_FILE=/dev/null \
	    SSL_CERT_DIR=/nowhere CURL_HOME="$HOME" "$@" >out 2>err
	code=$?
	cat out err
	[ ! -e keylog ] && return $code
}
config
all_tools
ok 'fault 96: proxies, key logs and settings of libraries are not heard' \
    surrounded tb-sync balances
ok '  by tb-trade' surrounded tb-trade buy BTC-USD 50 --id c
alone() {
	echo '{"id":1,"verb":"hello"}' >hello &&
	    surrounded "$BUILD/tb-venue-coinbase" --key-file mine/key.json \
		--base-url "$URL" --ca-file theirs/ca.pem <hello &&
	    grep '"has_key":true' out
}
ok '  by the program alone' alone

# ------------------------------------------------------------- the canaries --

sqlite3 tb.db .dump >dump.sql
# silent TEXT: it stands nowhere but in the key's files and the exchange's
silent() {
	! grep -rlF -- "$1" . --exclude-dir=mine --exclude-dir=theirs \
	    --exclude=secrets.lines --exclude=refusals.json
}
ok 'much was said' eval '[ "$(wc -c <said)" -gt 60000 ] &&
    [ "$(wc -l <children)" -gt 500 ] && [ "$kept" -gt 60 ]'
ok 'fault 57: the name of the key is nowhere' silent "$name"
secret_silent() {
	while read -r line; do
		silent "$(echo "$line" | cut -c1-24)" || return 1
	done <secrets.lines
}
ok 'fault 57: its secret is nowhere' secret_silent
ok 'fault 57: a token is nowhere' silent eyJ
