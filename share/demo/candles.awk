# candles.awk: a year of five-minute candles of a market that never was.
#
#	awk -f candles.awk -v seed=1 -v cents=9500000 -v swing=14
#
# seed   1..2147483646: the same seed gives the same candles everywhere
# cents  the price that it starts from and is drawn back to
# swing  how wild a candle is, in 1/10000 of the price
#
# Whole numbers only, so that every awk computes the same.  The price drifts
# for some hours up or down and then thinks better of it.

# Park and Miller's minimal standard: 1..m-1
function next_random()
{
	state = (state * 16807) % 2147483647
	return state
}

# about a bell over -3000..3000: the sum of three dice
function bell()
{
	return next_random() % 2001 + next_random() % 2001 + \
	    next_random() % 2001 - 3000
}

function money(n)
{
	return sprintf("%d.%02d", int(n / 100), n % 100)
}

function min(a, b)
{
	return a < b ? a : b
}

BEGIN {
	start = 1735689600 # 2025-01-01
	state = seed
	price = cents
	print "timestamp,open,high,low,close,volume"
	for (i = 0; i < 365 * 288; i++) {
		if (i % 48 == 0)
			drift = bell() / 12
		pull = int((cents - price) * 40 / cents)
		open = price
		price += int(price * swing * (bell() + drift + pull) / 1e7)
		price = price < 100 ? 100 : price
		wick = int(open * swing / 20000)
		high = (open > price ? open : price) + next_random() % (wick + 1)
		low = min(open, price) - next_random() % (wick + 1)
		printf "%d,%s,%s,%s,%s,%d.%04d\n", start + 300 * i,
		    money(open), money(high), money(low), money(price),
		    next_random() % 40, next_random() % 10000
	}
}
