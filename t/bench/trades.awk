# trades.awk: trades of three products, as "tb-sync import trades" reads them.
#
#	awk -f trades.awk -v count=200000
#
# Two purchases, then a sale of as much on average: some hundred lots stay
# open, and a sale takes one or a few of them.

function next_random()
{
	state = (state * 16807) % 2147483647
	return state
}

BEGIN {
	state = 1
	split("BTC-USD ETH-USD SOL-USD", product, " ")
	print "id,time,product,side,size,price,fee"
	for (i = 0; i < count; i++) {
		p = 1 + i % 3
		side = held[p] > 100000000 && next_random() % 2 ? "SELL" : "BUY"
		size = 1 + next_random() % 2000000
		held[p] += side == "BUY" ? size : -size
		price = 10000 + next_random() % 9000000
		printf "t%d,%d,%s,%s,%d.%08d,%d.%02d,0.%04d\n", i,
		    1600000000 + i * 60, product[p], side, size / 100000000,
		    size % 100000000, price / 100, price % 100,
		    next_random() % 10000
	}
}
