# market.awk: candles of a market that never was, for measuring.
#
#	awk -f market.awk -v count=500000 -v step=60 -v end=1759968000
#
# count candles of step seconds, the last of which closes at end.  Whole
# numbers only (Park and Miller's minimal standard), so that every awk computes
# the same.

function next_random()
{
	state = (state * 16807) % 2147483647
	return state
}

function money(n)
{
	return sprintf("%d.%02d", int(n / 100), n % 100)
}

BEGIN {
	state = seed > 0 ? seed : 1
	price = 4000000
	print "timestamp,open,high,low,close,volume"
	for (i = count; i > 0; i--) {
		open = price
		price += next_random() % 4001 - 2000
		if (price < 1000000)
			price = 1000000
		high = (open > price ? open : price) + next_random() % 500
		low = (open < price ? open : price) - next_random() % 500
		printf "%d,%s,%s,%s,%s,%d.%08d\n", end - i * step,
		    money(open), money(high), money(low), money(price),
		    next_random() % 40, next_random() % 100000000
	}
}
