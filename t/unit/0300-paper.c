/*
 * paper: the embedded venue, what it fills, refuses and holds.  Every amount
 * here was worked out on paper.
 */

#include "paperdesk.h"

/* --------------------------------------------------------------- money -- */

static void
test_market_orders(void)
{
	struct venue_request r;
	struct venue_answer a;
	struct fill f = { .at_us = 0 };

	reset();
	is(balances(), "USD 1000+0", "the opening cash flow");
	/* 100.60 / 1.006 = 100; 100 / 40000 = 0.0025 */
	r = request("buy-1", SIDE_BUY, "100.60");
	a = place(&r);
	is_int(a.outcome, VENUE_ACCEPTED, "a purchase for 100.60 USD");
	is(a.client_order_id, "buy-1", "our id comes back");
	is(a.product_id, "BTC-USD", "and the product");
	is(a.side, "BUY", "and the side");
	is(told(a.order_id), "FILLED 0.0025 100 0.6", "its fee is inside");
	is(balances(), "BTC 0.0025+0 USD 899.4+0", "both balances move");
	is_int((long long)fills(a.order_id, &f), 1, "one fill");
	ok(f.at_us == AT && f.side == SIDE_BUY && f.kind == FILL_FILL &&
		f.nature == NATURE_TRADE && f.venue_seq == 1 &&
		decimal_cmp(f.price, DECIMAL_OF(40000)) == 0 &&
		decimal_cmp(f.value, DECIMAL_OF(100)) == 0,
	    "at the instant and price of the request");
	is(f.order_id, a.order_id, "of this order");

	/* 0.001 x 44000 = 44; 0.6 % of it 0.264 */
	r = request("sell-1", SIDE_SELL, "0.001");
	r.reference_price = DECIMAL_OF(44000);
	a = place(&r);
	is(told(a.order_id), "FILLED 0.001 44 0.264", "a sale by size");
	is(balances(), "BTC 0.0015+0 USD 943.136+0", "net of its fee");

	/* 0.001 x 40000 = 40; the fee on top 0.24 */
	r = request("buy-2", SIDE_BUY, "1");
	r.has_quote_size = false;
	r.base_size = dec("0.001");
	a = place(&r);
	is(told(a.order_id), "FILLED 0.001 40 0.24", "a purchase by size");
	is(balances(), "BTC 0.0025+0 USD 902.896+0", "its fee on top");
	is_int((long long)fills(NULL, &f), 3, "three fills in all");
}

/*
 * 25 / 1.006 = 24.850894632206759443 (of python3's decimal, 18 places);
 * / 40000 = 0.00062127..., down to eight.
 */
static void
test_rounding(void)
{
	struct venue_request r;
	struct venue_answer a;

	reset();
	r = request("r-1", SIDE_BUY, "25.009"); /* down to 25.00 */
	a = place(&r);
	is(told(a.order_id),
	    "FILLED 0.00062127 24.850894632206759443 0.149105367793240557",
	    "value and fee are 25.00 to the last digit");
	is(balances(), "BTC 0.00062127+0 USD 975+0", "25.00 are spent");
	/* 0.000621279 down to 0.00062127: all there is */
	r = request("r-2", SIDE_SELL, "0.000621279");
	r.reference_price = dec("0.333333333333333333");
	a = place(&r);
	/* 0.00062127 x 0.333333333333333333 = 0.00020708999999999979...,
	 * of which 0.6 % = 0.00000124253999999999876 */
	is(told(a.order_id), "FILLED 0.00062127 0.00020709 0.00000124254",
	    "half-even at 18 decimals");
	is(balances(), "BTC 0+0 USD 975.00020584746+0", "to the last coin");

	reset();
	config.fee_rate = DECIMAL_ZERO;
	config.slippage_rate = dec("0.0005");
	r = request("s-1", SIDE_BUY, "400.20");
	a = place(&r);
	/* 40000 x 1.0005 = 40020; 400.20 / 40020 = 0.01 */
	is(told(a.order_id), "FILLED 0.01 400.2 0", "slippage makes dearer");
	r = request("s-2", SIDE_SELL, "0.01");
	a = place(&r);
	is(told(a.order_id), "FILLED 0.01 399.8 0", "and sells cheaper");
}

static void
test_refusals(void)
{
	struct venue_request r = request("x", SIDE_BUY, "1000.01");

	reset();
	refused(r, "INSUFFICIENT_FUND", "needs 1000.01 USD, has 1000");
	refused(request("x", SIDE_SELL, "0.1"), "INSUFFICIENT_FUND",
	    "needs 0.1 BTC, has 0");
	refused(request("x", SIDE_BUY, "0.99"), "INVALID_SIZE_TOO_SMALL",
	    "size 0.99 is under the minimum of 1");
	refused(request("x", SIDE_BUY, "0.001"), "INVALID_SIZE_PRECISION",
	    "size 0.001 rounds to zero");
	refused(request("x", SIDE_SELL, "0.000000001"),
	    "INVALID_SIZE_PRECISION", "size 0.000000001 rounds to zero");
	refused(request("x", SIDE_BUY, "-5"), "INVALID_SIZE_PRECISION",
	    "size -5 rounds to zero");
	books.btc.quote_max_size = DECIMAL_OF(100);
	refused(request("x", SIDE_BUY, "100.01"), "INVALID_SIZE_TOO_LARGE",
	    "size 100.01 is over the maximum of 100");
	strcpy(r.product_id, "ETH-USD");
	refused(r, "INVALID_PRODUCT_ID", "no product ETH-USD");
	r = request("x", SIDE_BUY, "10");
	r.side = SIDE_SELL;
	refused(r, "UNSUPPORTED_ORDER_CONFIGURATION",
	    "a sale is asked by base size");
	r = request("x", SIDE_BUY, "10");
	r.type = "stop";
	refused(r, "UNSUPPORTED_ORDER_CONFIGURATION",
	    "no such type of order: stop");
	r = request("x", SIDE_BUY, "10");
	r.type = "limit";
	refused(r, "INVALID_LIMIT_PRICE",
	    "a limit order needs a limit price above 0");
	r = request("x", SIDE_BUY, "10");
	r.reference_price = DECIMAL_ZERO;
	refused(r, "INVALID_PRICE", "no reference price above 0 for BTC-USD");
	r = request("x", SIDE_BUY, "10");
	r.reference_price = dec("170141183460469231731");
	refused(r, "INVALID_SIZE_PRECISION",
	    "the size in BTC-USD rounds to zero");
	books.btc.limit_only = true;
	refused(request("x", SIDE_BUY, "10"), "PRODUCT_NOT_TRADABLE",
	    "BTC-USD takes no market order now");
	is_int(shelf.commits, 0, "nothing of all this was kept");
	is(balances(), "USD 1000+0", "or paid");
}

static void
test_overflow(void)
{
	struct venue_request r;

	reset();
	books.flow[0].amount = dec("170141183460469231731");
	r = request("o-1", SIDE_BUY, "170141183460469231731");
	r.reference_price = dec("0.000000000000000001");
	refused(r, "INVALID_SIZE_TOO_LARGE",
	    "the amounts of this order are too large to be held exactly");
	is(balances(), "USD 170141183460469231731+0", "nothing wrapped");
}

/* --------------------------------------------------------- idempotence -- */

static void
test_same_again(void)
{
	struct venue_request r;
	struct venue_answer a, b;
	struct fill f, g;

	reset();
	r = request("same", SIDE_BUY, "100.60");
	a = place(&r);
	fills(a.order_id, &f);
	r.quote_size = DECIMAL_OF(7); /* whatever it asks now */
	b = place(&r);
	is_int(b.outcome, VENUE_ACCEPTED, "the same client_order_id again");
	is(b.order_id, a.order_id, "is the same order");
	is(balances(), "BTC 0.0025+0 USD 899.4+0", "and costs nothing more");
	is_int((long long)fills(NULL, &g), 1, "one fill still");

	reset(); /* another database, another host */
	r = request("same", SIDE_BUY, "100.60");
	b = place(&r);
	is(b.order_id, a.order_id, "ids depend on the client_order_id alone");
	fills(b.order_id, &g);
	is(g.entry_id, f.entry_id, "those of fills too");
	r = request("other", SIDE_BUY, "100.60");
	b = place(&r);
	ok(strcmp(b.order_id, a.order_id) != 0, "another one, another order");
}

/* A day's orders, with all that may happen to them. */
static void
a_day(void)
{
	struct venue_request r = request("d-1", SIDE_BUY, "100.60");
	struct venue_answer a;

	(void)place(&r);
	faults("fill-late=1");
	r = limit("d-2", "limit", SIDE_SELL, "0.001", "41000");
	a = place(&r);
	faults("lose-answer=1,fill-part=0.5");
	r = request("d-3", SIDE_BUY, "50");
	(void)place(&r);
	faults("");
	r = request("d-3", SIDE_BUY, "50");
	(void)place(&r);
	books.price = "42000";
	(void)order(a.order_id);
	r = request("d-4", SIDE_SELL, "5");
	(void)place(&r);
}

static void
test_replay(void)
{
	static struct memshelf_rows first;
	int differ = 0;

	reset();
	a_day();
	memshelf_copy(&first, &shelf.committed);
	reset();
	a_day();
	ok(first.count == shelf.committed.count && first.count > 10,
	    "the same day again: as many rows");
	for (size_t i = 0; i < first.count; i++)
		differ +=
		    strcmp(first.row[i].key, shelf.committed.row[i].key) != 0 ||
		    strcmp(first.row[i].value, shelf.committed.row[i].value) !=
			0;
	is_int(differ, 0, "and the same bytes");
	memshelf_copy(&first, &(struct memshelf_rows){ .count = 0 });
}

static void
test_flows(void)
{
	reset();
	is(balances(), "USD 1000+0", "credited");
	is(balances(), "USD 1000+0", "once");
	books.flow[1] = (struct paper_flow){ 5, "USD", dec("-0.5") };
	books.flow[2] = (struct paper_flow){ 9, "BTC", dec("2") };
	books.flow_count = 3;
	is(balances(), "BTC 2+0 USD 999.5+0", "later ones when they are seen");
	books.flow[3] = books.flow[2];
	books.flow[2] = (struct paper_flow){ 7, "USD", dec("1") };
	books.flow_count = 4;
	is(balances(), "BTC 2+0 USD 1000.5+0",
	    "one between, that was not yet due, too");

	reset();
	for (size_t i = 0; i < COUNT(books.flow); i++)
		books.flow[i] =
		    (struct paper_flow){ (int64_t)i + 1, "USD", DECIMAL_OF(1) };
	books.flow_count = COUNT(books.flow);
	is(balances(), "USD 100+0", "page by page");
	shelf.calls = 0;
	is(balances(), "USD 100+0", "once");
	ok(shelf.calls < 10, "nobody looks at the old ones again");
}

/* -------------------------------------------------------------- limits -- */

static void
test_limits_that_fill(void)
{
	struct venue_request r;
	struct venue_answer a;

	reset();
	config.slippage_rate = dec("0.01");
	r = limit("l-1", "limit", SIDE_BUY, "0.01", "40200");
	a = place(&r);
	/* 40400 would be worse than the limit */
	is(told(a.order_id), "FILLED 0.01 402 2.412", "never worse than it");
	r = limit("l-2", "limit_ioc", SIDE_SELL, "0.01", "39000");
	a = place(&r);
	is(told(a.order_id), "FILLED 0.01 396 2.376",
	    "the market's price where it is better");
	r = limit("l-3", "limit_ioc", SIDE_SELL, "0.01", "40000.01");
	a = place(&r);
	is_int(a.outcome, VENUE_REFUSED, "nothing left to sell");
	r = limit("l-4", "limit_ioc", SIDE_BUY, "0.01", "39999.99");
	a = place(&r);
	is(told(a.order_id), "CANCELLED 0 0 0", "IOC: now or not at all");
	is(order(a.order_id).reason, "the limit was not met", "and says why");
	is(balances(), "BTC 0+0 USD 989.212+0", "nothing is held for it");
	refused(limit("l-5", "post_only", SIDE_BUY, "0.01", "40000"),
	    "INVALID_LIMIT_PRICE_POST_ONLY", "the order would fill at once");
}

static void
test_limits_that_rest(void)
{
	struct venue_request r;
	struct venue_answer a;
	struct venue *v;
	struct tb_err err = { 0 };

	reset();
	r = limit("l-1", "limit", SIDE_BUY, "0.01", "39000");
	a = place(&r);
	is(told(a.order_id), "OPEN 0 0 0", "a limit that is not met rests");
	/* 390 x 1.006 */
	is(balances(), "USD 607.66+392.34", "with a hold");
	refused(request("l-2", SIDE_BUY, "607.67"), "INSUFFICIENT_FUND",
	    "needs 607.67 USD, has 607.66");
	books.price = "39000.01";
	is(told(a.order_id), "OPEN 0 0 0", "not yet");
	books.price = "38000";
	is(told(a.order_id), "FILLED 0.01 390 2.34", "it fills at its limit");
	is(balances(), "BTC 0.01+0 USD 607.66+0", "and the hold is gone");
	books.price = "1";
	is(told(a.order_id), "FILLED 0.01 390 2.34", "once");

	r = limit("l-3", "post_only", SIDE_SELL, "0.01", "50000");
	a = place(&r);
	is(balances(), "BTC 0+0.01 USD 607.66+0", "a sale holds coins");
	v = open_venue();
	is_int(v->verbs->cancel(v, a.order_id, &err), TB_OK, "cancelled");
	is_int(v->verbs->cancel(v, a.order_id, &err), TB_OK, "twice");
	is(told(a.order_id), "CANCELLED 0 0 0", "is cancelled");
	ok(order(a.order_id).settled &&
		order(a.order_id).updated_at_us == AT + 1,
	    "settled, at the moment of the cancel");
	is(balances(), "BTC 0.01+0 USD 607.66+0", "its coins are free");
	r = request("m", SIDE_SELL, "0.01");
	a = place(&r);
	is_int(v->verbs->cancel(v, a.order_id, &err), TB_EVENUE,
	    "what is filled cannot be cancelled");
	is_int(v->verbs->cancel(v, "nothing", &err), TB_ENOENT,
	    "nor what never was");
	v->verbs->close(v);
}

int
main(void)
{
	test_market_orders();
	test_rounding();
	test_refusals();
	test_overflow();
	test_same_again();
	test_replay();
	test_flows();
	test_limits_that_fill();
	test_limits_that_rest();
	memshelf_empty(&shelf);
	return tap_done();
}
