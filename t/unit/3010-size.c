/*
 * Sizes: what is asked becomes what is sent, rounded down, and is judged by
 * the minimums.  The figures are worked out on paper.
 */

#include "order/size.h"

#include <string.h>

#include "tap.h"

static struct product product;
static struct size_facts facts;
static struct sizing sizing;
static struct verdict no;

static struct decimal
dec(const char *s)
{
	struct decimal d = DECIMAL_ZERO;

	if (decimal_parse(s, strlen(s), &d) != TB_OK)
		abort();
	return d;
}

static const char *
text(struct decimal d)
{
	static char buf[4][DECIMAL_STRLEN];
	static int at;

	at = (at + 1) % 4;
	decimal_format(d, buf[at]);
	return buf[at];
}

/* 100.00 a coin, fee 1 %, slippage 2 %; one coin held and free. */
static void
set_up(void)
{
	product = product_assumed("BTC-USD");
	facts = (struct size_facts){ .product = &product,
		.price = dec("100"),
		.held = dec("1"),
		.free = dec("1"),
		.fee_rate = dec("0.01"),
		.slippage_rate = dec("0.02") };
}

static struct decision
asks(enum side side, const char *usd, const char *coins)
{
	struct decision d = { .side = side, .by_quote = usd != NULL };

	memcpy(d.product_id, "BTC-USD", 8);
	if (usd != NULL)
		d.size_usd = dec(usd);
	if (coins != NULL)
		d.size_crypto = dec(coins);
	return d;
}

static void
size(const struct decision *d)
{
	struct tb_err err = { 0 };

	if (size_order(d, &facts, &sizing, &no, &err) != TB_OK)
		printf("# %s\n", err.msg);
	else if (no.reason == REASON_NONE)
		size_check(&facts, &sizing, &no);
}

static void
test_buy(void)
{
	struct decision d = asks(SIDE_BUY, "25.019", NULL);

	size(&d);
	ok(sizing.by_quote, "an amount is sent as an amount");
	is(text(sizing.quote_size), "25.01", "down to the cent");
	is(text(sizing.reserve), "25.01", "which is all that it can take");
	is(sizing.reserve_currency, "USD", "in dollars");
	is_int(no.reason, REASON_NONE, "above all minimums");

	d = asks(SIDE_BUY, NULL, "0.123456789");
	size(&d);
	is(text(sizing.base_size), "0.12345678", "coins down to a step");
	/* 0.12345678 x 102 x 1.01 */
	is(text(sizing.reserve), "12.7185174756", "price, slippage and fee");
	is(text(sizing.value), "12.345678", "its value at the price");

	d = asks(SIDE_BUY, "50", NULL);
	d.type = ORDER_LIMIT;
	facts.price = dec("90");
	size(&d);
	/* 50 / 90, down */
	is(text(sizing.base_size), "0.55555555", "a limit order is in coins");
	is(text(sizing.reserve), "50.499999495", "no slippage beyond a limit");
	set_up();
}

static void
test_sell(void)
{
	struct decision d = asks(SIDE_SELL, "25", NULL);

	size(&d);
	is(text(sizing.base_size), "0.25", "an amount becomes coins");
	is(sizing.reserve_currency, "BTC", "which are reserved");
	ok(!sizing.closes, "part of what is held");
	d = asks(SIDE_SELL, "100", NULL);
	size(&d);
	ok(sizing.closes, "all of it");
	d = asks(SIDE_SELL, "100.01", NULL);
	size(&d);
	is_int(no.reason, REASON_POSITION, "more than is held");
	d.is_signal = true;
	size(&d);
	is_int(no.reason, REASON_NONE, "a signal sells what is there");
	is(text(sizing.base_size), "1", "all of it");

	facts.free = dec("0.5");
	size(&d);
	is(text(sizing.base_size), "0.5", "but no more than is free");
	d.is_signal = false;
	d.size_usd = dec("60");
	size(&d);
	is_int(no.reason, REASON_BALANCE, "which others are refused for");
	facts.free = DECIMAL_ZERO;
	d.is_signal = true;
	size(&d);
	is_int(no.reason, REASON_BALANCE, "nothing is free");
	is(no.message,
	    "of the 1 BTC held the venue has none to sell: tb-sync reconcile "
	    "compares",
	    "and where to look");
	is(text(no.need.amount), "0.00000001", "the least would do");
	facts.held = DECIMAL_ZERO;
	size(&d);
	is_int(no.reason, REASON_POSITION, "nothing is held");
	set_up();
}

static void
test_minimum(void)
{
	struct decision d = asks(SIDE_BUY, "10", NULL);

	size(&d);
	is_int(no.reason, REASON_NONE, "10 USD");
	d = asks(SIDE_BUY, "9.99", NULL);
	size(&d);
	is_int(no.reason, REASON_MINIMUM, "a cent less");
	d = asks(SIDE_SELL, NULL, "0.0999");
	size(&d);
	is_int(no.reason, REASON_MINIMUM, "coins of less than 10 USD");
	facts.held = facts.free = dec("0.0999");
	size(&d);
	is_int(no.reason, REASON_NONE, "unless they are all");
	facts.held = facts.free = dec("0.00999999");
	d = asks(SIDE_SELL, NULL, "0.00999999");
	size(&d);
	is_int(no.reason, REASON_MINIMUM, "the venue's minimum of 1 stays");
	facts.held = facts.free = dec("0.000000001");
	d.all = true;
	size(&d);
	is_int(no.reason, REASON_MINIMUM, "dust rounds to zero");
	set_up();

	product.base_min_size = dec("0.5");
	d = asks(SIDE_BUY, NULL, "0.49");
	size(&d);
	is_int(no.reason, REASON_MINIMUM, "the venue's minimum in coins");
	product.base_max_size = dec("2");
	product.quote_max_size = dec("150");
	d = asks(SIDE_BUY, NULL, "2.1");
	size(&d);
	is_int(no.reason, REASON_MAX_ORDER, "its maximum in coins");
	d = asks(SIDE_BUY, "150.01", NULL);
	size(&d);
	is_int(no.reason, REASON_MAX_ORDER, "and in money");
	d = asks(SIDE_BUY, "150", NULL);
	size(&d);
	is_int(no.reason, REASON_NONE, "and not below");
	set_up();
}

static void
test_too_large(void)
{
	struct decision d = asks(SIDE_BUY, NULL, "100000000000000000000");
	struct tb_err err = { 0 };

	is_int((int)size_order(&d, &facts, &sizing, &no, &err), TB_ERANGE,
	    "what can't be held exactly is refused");
}

static void
test_estimate(void)
{
	struct decision d = asks(SIDE_BUY, "101", NULL);
	struct estimate e;
	struct tb_err err = { 0 };

	size(&d);
	ok(size_estimate(&d, &facts, &sizing, &e, &err) == TB_OK, "estimated");
	is(text(e.price), "102", "a worse price");
	is(text(e.size_usd), "100", "101.00 is 100.00");
	is(text(e.fee), "1", "and 1.00 of fee");
	is(text(e.size_crypto), "0.98039215", "100 / 102, down");
	d = asks(SIDE_SELL, NULL, "0.5");
	size(&d);
	ok(size_estimate(&d, &facts, &sizing, &e, &err) == TB_OK, "estimated");
	is(text(e.price), "98", "a sale's price is worse downwards");
	is(text(e.size_usd), "49", "its value");
	is(text(e.fee), "0.49", "and its fee");
}

int
main(void)
{
	set_up();
	test_buy();
	test_sell();
	test_minimum();
	test_too_large();
	test_estimate();
	return tap_done();
}
