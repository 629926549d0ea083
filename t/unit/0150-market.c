/* market: words, ids, candles, and the order of fills. */

#include "base/market.h"

#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
test_words(void)
{
	static const char *const sides[] = { "BUY", "buy", "Sell", "SELL" };
	static const char *const none[] = { "", "B", " BUY", "BUY ", "long",
		"HOLD", "BUYS" };
	enum fill_kind kind;
	enum fill_nature nature;
	enum side side;

	for (size_t i = 0; i < COUNT(sides); i++)
		ok(side_parse(sides[i], strlen(sides[i]), &side) == TB_OK &&
			side == (i < 2 ? SIDE_BUY : SIDE_SELL),
		    "side %s", sides[i]);
	for (size_t i = 0; i < COUNT(none); i++)
		ok(side_parse(none[i], strlen(none[i]), &side) == TB_EINVAL,
		    "no side: \"%s\"", none[i]);
	ok(side_parse("BUYx", 3, &side) == TB_OK, "the length counts");
	is(side_name(SIDE_BUY), "BUY", "BUY");
	is(side_name(SIDE_SELL), "SELL", "SELL");

	for (enum fill_kind k = FILL_FILL; k <= FILL_CORRECTION; k++)
		ok(fill_kind_parse(fill_kind_name(k), strlen(fill_kind_name(k)),
		       &kind) == TB_OK &&
			kind == k,
		    "kind %s", fill_kind_name(k));
	for (enum fill_nature n = NATURE_TRADE; n <= NATURE_TRANSFER_FEE; n++)
		ok(fill_nature_parse(fill_nature_name(n),
		       strlen(fill_nature_name(n)), &nature) == TB_OK &&
			nature == n,
		    "nature %s", fill_nature_name(n));
	ok(fill_kind_parse("Fill", 4, &kind) == TB_EINVAL, "no kind: Fill");
	ok(fill_nature_parse("gift", 4, &nature) == TB_EINVAL,
	    "no nature: gift");
}

static void
test_product_ids(void)
{
	static const struct {
		const char *id;
		bool valid;
	} cases[] = {
		{ "BTC-USD", true }, { "1INCH-USDC", true },
		{ "ZETA.X-USD", true },
		{ "ABCDEFGHIJKLMNOPQRST-ABCDEFGHIJKLMNOPQRST", true },
		{ "ABCDEFGHIJKLMNOPQRSTU-USD", false },
		{ "BTC-ABCDEFGHIJKLMNOPQRSTU", false }, { "", false },
		{ "-", false }, { "BTC", false }, { "BTC-", false },
		{ "-USD", false }, { "BTC-USD-X", false }, { "BTC-U.D", false },
		{ "btc-usd", false }, { "BTC/USD", false },
		{ "../accounts", false }, { "BTC-USD?x=1", false },
		{ "BTC';DROP", false }, { "BTC -USD", false },
		{ "BTC-USD\n", false },
		{ "\320\222TC-USD", false }, /* CYRILLIC VE */
	};
	char part[CURRENCY_MAX];
	struct product p;

	for (size_t i = 0; i < COUNT(cases); i++)
		ok(product_id_is_valid(cases[i].id, strlen(cases[i].id)) ==
			cases[i].valid,
		    "%s product id: \"%s\"", cases[i].valid ? "a" : "no",
		    cases[i].id);
	ok(!product_id_is_valid("BTC-U\0D", 7), "no product id: a NUL");
	product_base(cases[3].id, part);
	is(part, "ABCDEFGHIJKLMNOPQRST", "the longest base");
	product_quote(cases[3].id, part);
	is(part, "ABCDEFGHIJKLMNOPQRST", "the longest quote");
	ok(currency_is_dollar("USD") && currency_is_dollar("USDC") &&
		currency_is_dollar("USDT"),
	    "dollars");
	ok(!currency_is_dollar("EUR") && !currency_is_dollar("USDCX") &&
		!currency_is_dollar("US"),
	    "no dollars");
	ok(product_is_same("BTC-EUR", "BTC-EUR") &&
		product_is_same("BTC-USD", "BTC-USDC") &&
		product_is_same("?", "?"),
	    "one market");
	ok(!product_is_same("BTC-USD", "ETH-USD") &&
		!product_is_same("BTC-USD", "BTC-EUR") &&
		!product_is_same("BTC-EUR", "BTC-USD") &&
		!product_is_same("BTC-USD", "?") &&
		!product_is_same("", "BTC-USD"),
	    "two markets");
	p = product_assumed("BTC-USD");
	ok(p.assumed && p.base_increment.v == DECIMAL_ONE_UNITS / 100000000 &&
		p.quote_increment.v == DECIMAL_ONE_UNITS / 100 &&
		p.quote_min_size.v == DECIMAL_ONE_UNITS,
	    "what is assumed of a product");
}

static void
check(int at, const char *value, const char *message)
{
	struct candle c = { 600, DECIMAL_OF(10), DECIMAL_OF(12), DECIMAL_OF(9),
		DECIMAL_OF(11), DECIMAL_OF(5) };
	struct decimal *field[] = { &c.open, &c.high, &c.low, &c.close,
		&c.volume };
	struct tb_err err = { 0 };
	enum tb_status status;

	if (at >= 0 && decimal_parse(value, strlen(value), field[at]) != TB_OK)
		ok(false, "the test's own number");
	if (at < 0)
		c.start_s += at;
	status = candle_check(&c, 300, &err);
	ok((status == TB_OK) == (message[0] == '\0') &&
		(status == TB_OK || status == TB_EINVAL),
	    "its status");
	is(err.msg, message, message[0] == '\0' ? "a good candle" : message);
}

static void
test_candles(void)
{
	check(0, "9", "");
	check(0, "12", "");
	check(4, "0", "");
	check(0, "8.99", "open 8.99 is below low 9");
	check(0, "12.01", "open 12.01 is above high 12");
	check(3, "8", "close 8 is below low 9");
	check(3, "13", "close 13 is above high 12");
	check(2, "12.5", "low 12.5 is above high 12");
	check(2, "0", "low 0: expected a price above 0");
	check(1, "-1", "low 9 is above high -1");
	check(2, "-9", "low -9: expected a price above 0");
	check(4, "-0.1", "volume -0.1: expected 0 or more");
	check(-1, "", "start 599: expected a multiple of 300 s");
}

static void
test_granularities(void)
{
	static const struct {
		const char *name, *seconds;
		int s;
	} cases[] = {
		{ "1m", "60", 60 },
		{ "5m", "300", 300 },
		{ "15m", "900", 900 },
		{ "30m", "1800", 1800 },
		{ "1h", "3600", 3600 },
		{ "2h", "7200", 7200 },
		{ "4h", "14400", 14400 },
		{ "6h", "21600", 21600 },
		{ "12h", "43200", 43200 },
		{ "1d", "86400", 86400 },
	};
	static const char *const none[] = { "", "0", "m", "5M", "3m", "61",
		"-60", "60 ", "5m ", "1w", "086400", "99999999999999999999" };
	int s;

	for (size_t i = 0; i < COUNT(cases); i++) {
		ok(granularity_parse(cases[i].name, strlen(cases[i].name),
		       &s) == TB_OK &&
			s == cases[i].s &&
			granularity_parse(cases[i].seconds,
			    strlen(cases[i].seconds), &s) == TB_OK &&
			s == cases[i].s,
		    "%s is %s s", cases[i].name, cases[i].seconds);
		is(granularity_name(cases[i].s), cases[i].name, "its name");
	}
	for (size_t i = 0; i < COUNT(none); i++)
		ok(granularity_parse(none[i], strlen(none[i]), &s) == TB_EINVAL,
		    "no granularity: \"%s\"", none[i]);
	is(granularity_name(61), NULL, "61 s have no name");
}

static void
test_order(void)
{
	struct fill a = { .at_us = 1, .side = SIDE_BUY, .venue_seq = 2 };
	struct fill b = a;

	ok(fill_cmp(&a, &b) == 0, "equal");
	b.venue_seq = 3;
	ok(fill_cmp(&a, &b) < 0 && fill_cmp(&b, &a) > 0,
	    "then the venue's order");
	b.venue_seq = 1;
	b.side = SIDE_SELL;
	ok(fill_cmp(&a, &b) < 0 && fill_cmp(&b, &a) > 0, "BUY before SELL");
	b.at_us = 0;
	ok(fill_cmp(&a, &b) > 0 && fill_cmp(&b, &a) < 0, "time before all");
}

int
main(void)
{
	test_words();
	test_product_ids();
	test_candles();
	test_granularities();
	test_order();
	return tap_done();
}
