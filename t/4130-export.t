#!/bin/sh
#
# tb-portfolio export: other programs read it and show the same holdings and
# the same cost.

. "${0%/*}/lib.sh"

command -v python3 >/dev/null || skip_all 'no python3'

TB_DB=$WORK/tb.db
export TB_DB
tb-migrate init -q --at 2025-01-01 >out || exit 1

# Purchases and sales of three products, one of them with a name that other
# programs want in quotes; income, a gift, fees in coins; more sold than held.
awk 'BEGIN {
	print "id,time,product,side,size,price,fee,fee_currency,value,kind"
	for (i = 1; i <= 90; i++) {
		p = i % 5 == 0 ? "1INCH-USD" : i % 3 == 0 ? "ETH-EUR" : "BTC-USD"
		buy = i % 4 < 2 || i < 9
		k = buy ? (i % 13 == 0 ? "income" : "trade") : \
		    i % 11 == 0 ? "disposal" : i % 17 == 0 ? "transfer-fee" : \
		    i % 19 == 0 ? "fee-in-base" : "trade"
		printf "%d,2025-02-%02dT%02d:00:00Z,%s,%s,%d.%d7,%d.3,%s,,,%s\n",
		    i, 1 + int(i / 24), i % 24, p, buy ? "buy" : "sell",
		    i % 3, i % 10, 90 + i, k ~ /fee/ ? 0 : "0." i, k
	}
	print "91,2025-03-01T00:00:00Z,BTC-USD,sell,30,200,1,,,trade"
	print "92,2025-03-02T00:00:00Z,BTC-USD,buy,0.123456789012345678,201,0.1,,,trade"
}' >trades.csv
ok 'trades come in' tb-sync -q import trades trades.csv
ok 'and a cash flow with words' tb-portfolio flow add --amount 12.5 \
    --note 'a "quote"; and | more' --at 2025-01-05

# expect METHOD: "COMMODITY size cost" of what is held, as tb says it
expect() {
	tb-portfolio lots --method "$1" >lots || return 1
	python3 - >expected <<-'END'
	import json
	from collections import defaultdict
	from decimal import Decimal as D
	size, cost = defaultdict(D), defaultdict(D)
	for line in open("lots"):
	    lot = json.loads(line, parse_float=D, parse_int=D)
	    base, quote = lot["product_id"].split("-")
	    size[base] += lot["size"]
	    cost[base, quote] += lot["cost"]
	for base, quote in sorted(cost):
	    print(base, f"{size[base]:.12f}", quote, f"{cost[base, quote]:.9f}")
	END
	[ "$(wc -l <expected)" = 3 ]
}

# compare SIZES COSTS: lines "NUMBER COMMODITY ACCOUNT" of another program
compare() {
	python3 - "$1" "$2" >got <<-'END'
	import re, sys
	from decimal import Decimal as D
	def read(path):
	    found = {}
	    for line in open(path):
	        m = re.match(r'\s*"?(-?[\d.]+)"?[,\s]+"?([\w.]+)"?[,\s]+"?([\w:.-]*)',
	            line.replace('"', ""))
	        if m:
	            base = m[3].split(":")[-1]
	            found[base] = (m[2], D(m[1]))
	    return found
	size, cost = read(sys.argv[1]), read(sys.argv[2])
	for base in sorted(cost):
	    print(base, f"{size[base][1]:.12f}", cost[base][0],
	        f"{cost[base][1]:.9f}")
	END
	same expected got
}

ledger_agrees() {
	expect "$1" && tb-portfolio export ledger --method "$1" >j || return 1
	ledger -f j bal Assets:Crypto --flat --no-total --args-only \
	    --format '%(quantity(scrub(display_total))) %(commodity(scrub(display_total))) %(account)\n' \
	    >sizes || return 1
	ledger -f j bal -B Assets:Crypto --flat --no-total --args-only \
	    --format '%(quantity(scrub(display_total))) %(commodity(scrub(display_total))) %(account)\n' \
	    >costs && compare sizes costs
}
hledger_agrees() {
	expect "$1" && tb-portfolio export hledger --method "$1" >j &&
	    hledger -f j bal assets:crypto --flat -N >sizes &&
	    hledger -f j bal -B assets:crypto --flat -N >costs &&
	    compare sizes costs
}
beancount_agrees() {
	python=$(sed -n '1s/^#! *//p' "$(command -v bean-check)")
	expect "$1" && tb-portfolio export beancount --method "$1" >j &&
	    bean-check j && "$python" - >both <<-'END' || return 1
	from decimal import Decimal as D
	from collections import defaultdict
	from beancount import loader
	from beancount.core import inventory, data
	entries, errors, options = loader.load_file("j")
	assert not errors, errors
	size, cost, quote = defaultdict(D), defaultdict(D), {}
	for e in entries:
	    if isinstance(e, data.Transaction):
	        for p in e.postings:
	            if p.account.startswith("Assets:Crypto"):
	                base = p.account.split(":")[-1]
	                size[base] += p.units.number
	                cost[base] += p.units.number * p.cost.number
	                quote[base] = p.cost.currency
	for base in sorted(cost):
	    print(base, f"{size[base]:.12f}", quote[base], f"{cost[base]:.9f}")
	END
	same expected both
}

for program in ledger hledger beancount; do
	check=$program
	[ "$program" = beancount ] && check=bean-check
	for method in fifo hifo; do
		if command -v "$check" >/dev/null; then
			ok "$program, $method: the same holdings and cost" \
			    "${program}_agrees" "$method"
		else
			skip "$program, $method" "$program is not installed"
		fi
	done
done

round_trip() {
	tb-portfolio export csv >fills.csv &&
	    tb-migrate init -q -d again.db --at 2025-01-01 >out &&
	    tb-sync -q -d again.db import trades fills.csv &&
	    tb-portfolio pnl >a && tb-portfolio -d again.db pnl >b && same a b
}
ok 'csv goes in again and gives the same figures' round_trip
goes_away() { # whoever reads has seen enough
	for what in '-o ndjson pnl' 'export csv' 'lots' '-o table'; do
		# shellcheck disable=SC2086
		{ tb-portfolio $what 2>err; echo $? >code; } | head -1 >first
		case $(cat code) in
		0 | 141) ;;
		*) cat err; return 1 ;;
		esac
		[ ! -s err ] || return 1
	done
}
ok 'fault 86: a reader that goes away is no error' goes_away
ok '--at: only what had happened' eval '
	tb-portfolio export csv --at 2025-02-02 >out && [ "$(wc -l <out)" = 25 ]'
ok 'an unknown format is wrong usage' exits 2 tb-portfolio export xml
ok 'beancount has no average' exits 2 tb-portfolio export beancount \
    --method average
