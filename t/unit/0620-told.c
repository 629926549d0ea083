/*
 * What the exchange tells and is asked, as shapes: documented examples,
 * recorded answers where ../shared/data has them, and what hostile ones do.
 */

#include "coinbase/told.h"

#include <string.h>

#include "base/instant.h"
#include "coinbase/asked.h"
#include "tap.h"

#define NOW_US INT64_C(1772460400000000) /* 2026-03-02 14:06:40 */

static struct json_token tokens[65536];
static struct tb_err err;
static struct json j;

/* The text is decoded in place: a copy that stays until the next call. */
static const struct json_token *
read_text(const char *text)
{
	static char copy[1U << 20];

	snprintf(copy, sizeof(copy), "%s", text);
	tb_err_clear(&err);
	if (json_read(copy, strlen(copy), tokens, 65536, &j, &err) != TB_OK)
		ok(false, "JSON: %s", err.msg);
	return &tokens[0];
}

static const char *
text_of(struct decimal d)
{
	static char text[4][DECIMAL_STRLEN];
	static int turn;

	turn = (turn + 1) % 4;
	decimal_format(d, text[turn]);
	return text[turn];
}

/* -------------------------------------------------------------- products -- */

#define PRODUCT(more)                                                          \
 "{\"product_id\":\"BTC-USD\",\"price\":\"65000.01\","                         \
 "\"base_increment\":\"0.00000001\",\"quote_increment\":\"0.01\","             \
 "\"quote_min_size\":\"1\",\"quote_max_size\":\"150000000\","                  \
 "\"base_min_size\":\"0.00000001\",\"base_max_size\":\"3400\"," more           \
 "\"alias_to\":[\"BTC-USDC\"],\"fcm_trading_session_details\":null}"

static void
test_product(void)
{
	struct product p;
	struct decimal price;

	ok(told_product(&j,
	       read_text(PRODUCT("\"status\":\"online\","
				 "\"price_increment\":\"0.001\",")),
	       &p, &err) == TB_OK,
	    "a product %s", err.msg);
	is(p.product_id, "BTC-USD", "... its id");
	is(text_of(p.price_increment), "0.001", "... the step of its price");
	is(text_of(p.base_max_size), "3400", "... its largest size");
	ok(!p.trading_disabled && !p.limit_only, "... it is traded");
	ok(told_price(&j, tokens, &price, &err) == TB_OK, "... its price");
	is(text_of(price), "65000.01", "... is exact");
	ok(told_product(&j, read_text(PRODUCT("")), &p, &err) == TB_OK,
	    "without a price_increment");
	is(text_of(p.price_increment), "0.01", "... that of the quote counts");
	for (const char *const *flag =
		 (const char *const[]){ "\"status\":\"offline\",",
		     "\"is_disabled\":true,", "\"trading_disabled\":true,",
		     "\"view_only\":true,", NULL };
	     *flag != NULL; flag++) {
		char text[1024];

		snprintf(text, sizeof(text), "%s%s", "{", &PRODUCT("")[1]);
		snprintf(text, sizeof(text), "{%s%s", *flag, &PRODUCT("")[1]);
		ok(told_product(&j, read_text(text), &p, &err) == TB_OK &&
			p.trading_disabled,
		    "%s it is not traded", *flag);
	}
	ok(told_product(&j,
	       read_text(PRODUCT("\"cancel_only\":true,\"post_only\":true,"
				 "\"auction_mode\":true,\"limit_only\":true,")),
	       &p, &err) == TB_OK &&
		p.cancel_only && p.post_only && p.auction_mode && p.limit_only,
	    "its other flags");
}

static void
test_odd_products(void)
{
	struct decimal price;
	struct product p;

	ok(told_product(&j, read_text("{\"product_id\":\"BIT-28JUL23-CDE\"}"),
	       &p, &err) == TB_END,
	    "a future is none of ours");
	ok(told_product(&j,
	       read_text("{\"product_id\":\"BTC-PERP\","
			 "\"product_type\":\"FUTURE\"}"),
	       &p, &err) == TB_END,
	    "... nor is one that says so");
	ok(told_product(&j, read_text("{}"), &p, &err) == TB_EINVAL,
	    "no id: %s", err.msg);
	ok(told_product(&j, read_text("{\"product_id\":\"BTC-USD\"}"), &p,
	       &err) == TB_EINVAL,
	    "no increments: %s", err.msg);
	ok(told_product(&j,
	       read_text("{\"product_id\":\"BTC-USD\","
			 "\"base_increment\":\"x\"}"),
	       &p, &err) == TB_EINVAL,
	    "no amount: %s", err.msg);
	ok(told_price(&j, read_text("{\"price\":\"\"}"), &price, &err) ==
		TB_ENOENT,
	    "no price: %s", err.msg);
	ok(told_price(&j, read_text("{\"price\":true}"), &price, &err) ==
		TB_EINVAL,
	    "a price that is none: %s", err.msg);
}

static void
candle_refused(const char *start)
{
	struct candle c;
	char text[128];

	snprintf(text, sizeof(text), "{\"start\":%s,\"open\":\"1\"}", start);
	ok(told_candle(&j, read_text(text), &c, &err) == TB_EINVAL,
	    "start %s: %s", start, err.msg);
}

static void
test_candle(void)
{
	struct candle c;

	ok(told_candle(&j,
	       read_text("{\"start\":\"1772452800\",\"low\":\"64810.00\","
			 "\"high\":\"65120.44\",\"open\":\"64855.12\","
			 "\"close\":\"65000.01\",\"volume\":\"311.2\"}"),
	       &c, &err) == TB_OK,
	    "a candle %s", err.msg);
	is_int(c.start_s, 1772452800, "... its start");
	is(text_of(c.low), "64810", "... its low");
	candle_refused("\"\"");
	candle_refused("\"soon\"");
	candle_refused("1.5");
	candle_refused("-1");
	candle_refused("\"999999999999999999\"");
}

/* -------------------------------------------------------------- accounts -- */

static void
test_account(void)
{
	struct venue_balance b;

	ok(told_account(&j,
	       read_text("{\"uuid\":\"8e0a\",\"currency\":\"BTC\","
			 "\"available_balance\":{\"value\":"
			 "\"0.0132500510403402\",\"currency\":\"BTC\"},"
			 "\"type\":\"ACCOUNT_TYPE_CRYPTO\","
			 "\"hold\":{\"value\":\"0.5\",\"currency\":\"BTC\"},"
			 "\"platform\":\"ACCOUNT_PLATFORM_CONSUMER\"}"),
	       &b, &err) == TB_OK,
	    "a wallet %s", err.msg);
	is(b.currency, "BTC", "... its currency");
	is(text_of(b.available), "0.0132500510403402", "... all its digits");
	is(text_of(b.hold), "0.5", "... what is held");
	ok(told_account(&j,
	       read_text("{\"currency\":\"USD\",\"available_balance\":null}"),
	       &b, &err) == TB_OK &&
		decimal_sign(b.available) == 0,
	    "nothing said is nothing");
	ok(told_account(&j,
	       read_text("{\"currency\":\"BTC\","
			 "\"type\":\"ACCOUNT_TYPE_VAULT\"}"),
	       &b, &err) == TB_END,
	    "a vault does not count");
	ok(told_account(&j,
	       read_text("{\"currency\":\"BTC\",\"platform\":"
			 "\"ACCOUNT_PLATFORM_INTX\"}"),
	       &b, &err) == TB_END,
	    "... nor does another platform");
	ok(told_account(&j, read_text("{\"currency\":\"B TC\"}"), &b, &err) ==
		TB_EINVAL,
	    "a currency that is none: %s", err.msg);
}

/* ---------------------------------------------------------------- orders -- */

/* Members that an order has to have, the others given. */
#define ORDER(more)                                                            \
 "{\"order_id\":\"o1\",\"product_id\":\"BTC-USD\",\"side\":\"BUY\","           \
 "\"created_time\":\"2026-03-02T14:05:09.481220Z\"," more "}"

static void
test_order(void)
{
	struct venue_order o;

	ok(told_order(&j,
	       read_text(ORDER(
		   "\"client_order_id\":\"c1\",\"status\":\"FILLED\","
		   "\"order_configuration\":{\"market_market_ioc\":{"
		   "\"quote_size\":\"25.00\"}},\"order_type\":\"MARKET\","
		   "\"filled_size\":\"0.0003800510403402\",\"fee\":\"\","
		   "\"average_filled_price\":\"65000.6306788155344689\","
		   "\"filled_value\":\"24.7035573122529644\","
		   "\"total_fees\":\"0.2964426877470356\",\"settled\":true,"
		   "\"reject_reason\":\"REJECT_REASON_UNSPECIFIED\","
		   "\"cancel_message\":\"Internal error\","
		   "\"last_fill_time\":\"2026-03-02T14:05:09.563417102Z\"")),
	       NOW_US, &o, &err) == TB_OK,
	    "an order %s", err.msg);
	is(o.type, "market", "... its type");
	is(o.status, "FILLED", "... its status");
	is(text_of(o.filled_size), "0.0003800510403402", "... its size");
	is(text_of(o.total_fees), "0.2964426877470356", "... its fees");
	ok(o.settled, "... settled");
	is_int(o.updated_at_us, INT64_C(1772460309563417),
	    "... nanoseconds are cut");
	is(o.reason, "Internal error", "... words about it");
}

static void
order_settled(const char *members, bool expected)
{
	char text[512];
	struct venue_order o = { 0 };

	snprintf(text, sizeof(text), "{%s,%s", members, &ORDER("\"x\":0")[1]);
	ok(told_order(&j, read_text(text), NOW_US, &o, &err) == TB_OK &&
		o.settled == expected,
	    "%s: %s", members, expected ? "settled" : "not settled");
}

static void
order_type(const char *configuration, const char *type)
{
	char text[512];
	struct venue_order o = { 0 };

	snprintf(text, sizeof(text),
	    "{\"status\":\"OPEN\",\"order_type\":\"STOP_LIMIT\","
	    "\"order_configuration\":%s,%s",
	    configuration, &ORDER("\"x\":0")[1]);
	ok(told_order(&j, read_text(text), NOW_US, &o, &err) == TB_OK, "%s %s",
	    configuration, err.msg);
	is(o.type, type, "... its type");
}

static void
order_refused(const char *text)
{
	struct venue_order o;

	ok(told_order(&j, read_text(text), NOW_US, &o, &err) == TB_EINVAL,
	    "refused: %s", err.msg);
}

static void
test_odd_orders(void)
{
	struct venue_order o;
	char text[1024], id[200];

	order_settled("\"status\":\"FILLED\"", false);
	order_settled("\"status\":\"FILLED\",\"settled\":true", true);
	order_settled("\"status\":\"OPEN\",\"filled_size\":\"1\"", false);
	order_settled("\"status\":\"A_NEW_WORD\"", false);
	order_settled("\"status\":\"CANCELLED\"", true);
	order_settled("\"status\":\"CANCELLED\",\"filled_size\":\"1\"", true);
	order_settled("\"status\":\"CANCELLED\",\"filled_size\":\"1\","
		      "\"last_update_time\":\"2026-03-02T14:06:39Z\"",
	    false);
	order_type("{\"limit_limit_gtc\":{\"post_only\":true}}", "post_only");
	order_type("{\"limit_limit_gtc\":{\"post_only\":false}}", "limit");
	order_type("{\"sor_limit_ioc\":{}}", "limit_ioc");
	order_type("{\"stop_limit_stop_limit_gtc\":{}}", "STOP_LIMIT");
	order_type("null", "STOP_LIMIT");
	ok(told_order(&j,
	       read_text(ORDER("\"status\":\"OPEN\",\"filled_size\":\"\","
			       "\"filled_value\":null,\"total_fees\":0.5")),
	       NOW_US, &o, &err) == TB_OK &&
		decimal_sign(o.filled_size) == 0,
	    "\"\", null and numbers %s", err.msg);
	is(text_of(o.total_fees), "0.5", "... are what they say");
	ok(told_order(&j,
	       read_text(ORDER("\"status\":\"OPEN\",\"filled_value\":"
			       "\"0.1234567890123456785\"")),
	       NOW_US, &o, &err) == TB_OK,
	    "digits beyond the 18th");
	is(text_of(o.filled_value), "0.123456789012345678",
	    "... are rounded half-even");
	memset(id, 'c', sizeof(id));
	snprintf(text, sizeof(text),
	    ORDER("\"status\":\"OPEN\",\"client_order_id\":\"%.100s\""), id);
	ok(told_order(&j, read_text(text), NOW_US, &o, &err) == TB_OK &&
		o.client_order_id[0] == '\0',
	    "a stranger's long client_order_id is left out");
	order_refused("{}");
	order_refused(ORDER("\"status\":\"\""));
	order_refused(ORDER("\"status\":\"OPEN\",\"filled_size\":\"NaN\""));
	order_refused(ORDER("\"status\":\"OPEN\",\"filled_size\":\"1e400\""));
	order_refused(ORDER("\"status\":\"OPEN\",\"filled_size\":{}"));
	order_refused("{\"order_id\":\"o1\",\"product_id\":\"BTC-USD\","
		      "\"side\":\"HOLD\",\"status\":\"OPEN\"}");
	order_refused("{\"order_id\":\"o1\",\"product_id\":\"BTC-USD\","
		      "\"side\":\"BUY\",\"status\":\"OPEN\"}");
	order_refused("{\"order_id\":\"o1\",\"product_id\":\"BTC-USD\","
		      "\"side\":\"BUY\",\"status\":\"OPEN\","
		      "\"created_time\":\"yesterday\"}");
	snprintf(text, sizeof(text),
	    "{\"order_id\":\"%.129s\",\"product_id\":\"BTC-USD\"}", id);
	order_refused(text);
}

/* ----------------------------------------------------------------- fills -- */

#define FILL(more)                                                             \
 "{\"entry_id\":\"e1\",\"trade_id\":\"t1\",\"order_id\":\"o1\","               \
 "\"trade_time\":\"2026-03-02T14:05:09.563417102Z\","                          \
 "\"product_id\":\"BTC-USD\",\"side\":\"BUY\"," more "}"

static void
test_fill(void)
{
	struct fill f;

	ok(told_fill(&j,
	       read_text(FILL("\"trade_type\":\"FILL\","
			      "\"price\":\"65003.27\","
			      "\"size\":\"4.7035573122529644\","
			      "\"commission\":\"0.0564426877470356\","
			      "\"sequence_timestamp\":"
			      "\"2026-03-02T14:05:09.565120Z\","
			      "\"size_in_quote\":true")),
	       &f, &err) == TB_OK,
	    "a fill in quote currency %s", err.msg);
	is(text_of(f.value), "4.7035573122529644", "... its value");
	/* python3: Decimal('4.7035573122529644') / Decimal('65003.27') */
	is(text_of(f.size), "0.000072358779985268", "... in coins");
	is(text_of(f.fee), "0.0564426877470356", "... its fee");
	is_int(f.venue_seq, INT64_C(1772460309565120), "... its place");
	ok(told_fill(&j,
	       read_text(FILL("\"price\":\"64990.55\",\"size\":\"0.001\","
			      "\"commission\":\"-0.5\"")),
	       &f, &err) == TB_OK,
	    "a fill in coins, with a rebate %s", err.msg);
	is(text_of(f.size), "0.001", "... its size");
	is(text_of(f.value), "64.99055", "... in quote currency");
	is(text_of(f.fee), "-0.5", "... its rebate");
	is_int(f.kind, FILL_FILL, "... its kind");
	ok(told_fill(&j,
	       read_text(FILL("\"price\":\"1\",\"size\":\"1\","
			      "\"trade_type\":\"REVERSAL\"")),
	       &f, &err) == TB_OK &&
		f.kind == FILL_REVERSAL,
	    "a reversal");
	ok(told_fill(&j,
	       read_text(FILL("\"price\":\"1\",\"size\":\"1\","
			      "\"trade_type\":\"CORRECTION\"")),
	       &f, &err) == TB_OK &&
		f.kind == FILL_CORRECTION,
	    "a correction");
}

static void
fill_refused(const char *text)
{
	struct fill f;

	ok(told_fill(&j, read_text(text), &f, &err) == TB_EINVAL, "refused: %s",
	    err.msg);
}

static void
test_odd_fills(void)
{
	fill_refused("{}");
	fill_refused(FILL("\"price\":\"0\",\"size\":\"1\""));
	fill_refused(FILL("\"price\":\"-1\",\"size\":\"1\""));
	fill_refused(FILL("\"price\":\"1\",\"size\":\"-1\""));
	fill_refused(FILL("\"price\":\"1e19\",\"size\":\"1e19\""));
	fill_refused(FILL("\"price\":\"1\",\"size\":\"1\","
			  "\"trade_type\":\"GIFT\""));
	fill_refused("{\"entry_id\":\"e1\",\"order_id\":\"o1\","
		     "\"product_id\":\"BTC-USD\",\"side\":\"BUY\","
		     "\"price\":\"1\",\"size\":\"1\"}");
}

/* --------------------------------------------------------- recorded data -- */

static const struct json_token *
read_shared(const char *name)
{
	char path[512];
	static char text[4U << 20];
	size_t len;
	FILE *f;

	if (tap_shared(name, path, sizeof(path)) == NULL)
		return NULL;
	f = fopen(path, "r");
	len = fread(text, 1, sizeof(text), f);
	fclose(f);
	tb_err_clear(&err);
	if (json_read(text, len, tokens, 65536, &j, &err) != TB_OK) {
		ok(false, "%s: %s", name, err.msg);
		return NULL;
	}
	return json_get(&j, tokens, "response") != NULL ?
	    json_get(&j, tokens, "response") :
	    &tokens[0];
}

static void
test_recorded(void)
{
	const struct json_token *t = read_shared("coinbase/advanced/"
						 "ccxt_fills_ADA-USDT.json");
	struct venue_balance b;
	struct venue_order o;
	struct product p;
	struct fill f;

	if (t == NULL) {
		skip("no ../shared/data");
		return;
	}
	t = json_first(&j, json_get(&j, t, "fills"));
	ok(told_fill(&j, t, &f, &err) == TB_OK, "a recorded fill %s", err.msg);
	is(text_of(f.value), "3.92", "... its value");
	is(text_of(f.fee), "0.03136", "... its fee");
	t = read_shared("coinbase/advanced/ccxt_closed_order_ADA-USDT.json");
	t = json_first(&j, json_get(&j, t, "orders"));
	ok(told_order(&j, t, NOW_US, &o, &err) == TB_OK, "its order %s",
	    err.msg);
	is(text_of(o.filled_value), "3.92", "... its value");
	is(text_of(o.total_fees), "0.03136", "... its fee");
	ok(o.settled && strcmp(o.order_id, f.order_id) == 0, "... is settled");
	t = read_shared("coinbase/advanced/nautilus_http_order.json");
	ok(told_order(&j, json_get(&j, t, "order"), NOW_US, &o, &err) == TB_OK,
	    "an order %s", err.msg);
	is(o.type, "limit", "... its type");
	t = read_shared("coinbase/advanced/docs_Trading_GetOrder.json");
	ok(told_order(&j, json_get(&j, t, "order"), NOW_US, &o, &err) == TB_OK,
	    "a documented order %s", err.msg);
	t = read_shared("coinbase/advanced/nautilus_http_accounts.json");
	t = json_first(&j, json_get(&j, t, "accounts"));
	ok(told_account(&j, t, &b, &err) == TB_OK, "an account %s", err.msg);
	is(text_of(b.available), "1.23456789", "... what is free");
	is(text_of(b.hold), "0.005", "... what is held");
	t = read_shared("coinbase/advanced/nautilus_http_product.json");
	ok(told_product(&j, t, &p, &err) == TB_OK, "a product %s", err.msg);
}

/* Every product, every candle of what was recorded. */
static void
test_recorded_lists(void)
{
	const struct json_token *t,
	    *list =
		read_shared("coinbase/advanced/nautilus_http_products.json");
	struct product p;
	struct candle c;
	size_t n = 0, bad = 0;

	if (list == NULL) {
		skip("no ../shared/data");
		return;
	}
	list = json_get(&j, list, "products");
	for (t = json_first(&j, list); t != NULL; t = json_after(&j, list, t)) {
		n++;
		bad += told_product(&j, t, &p, &err) != TB_OK;
	}
	ok(n > 1 && bad == 0, "%zu products, %zu not read", n, bad);
	list = read_shared("coinbase/advanced/docs_ExchangeData_GetKlines."
			   "json");
	list = json_get(&j, list, "candles");
	ok(told_candle(&j, json_first(&j, list), &c, &err) == TB_OK,
	    "a documented candle %s", err.msg);
}

/* ----------------------------------------------------------------- words -- */

static void
test_preview(void)
{
	struct venue_preview p;

	ok(told_preview(&j,
	       read_text("{\"order_total\":\"25\","
			 "\"commission_total\":\"0.2964426877470356\","
			 "\"errs\":[],\"warning\":[\"SMALL_ORDER\"],"
			 "\"quote_size\":\"24.7035573122529644\","
			 "\"base_size\":\"0.0003800510403402\","
			 "\"best_bid\":\"64999.99\",\"leverage\":\"\"}"),
	       &p, &err) == TB_OK,
	    "a preview %s", err.msg);
	ok(!p.refused, "... would be taken");
	is(p.warning, "SMALL_ORDER", "... with a warning");
	is(text_of(p.value), "24.7035573122529644", "... its value");
	ok(told_preview(&j,
	       read_text("{\"errs\":[\"PREVIEW_INSUFFICIENT_FUND\",\"X\"]}"),
	       &p, &err) == TB_OK &&
		p.refused,
	    "a preview that would not");
	is(p.reason, "PREVIEW_INSUFFICIENT_FUND", "... and why");
}

static void
words_are(const char *text, const char *expected)
{
	char words[64];

	told_words(&j, read_text(text), words, sizeof(words));
	is(words, expected, text);
}

static void
test_words(void)
{
	words_are("{\"error\":\"E\",\"error_details\":\"d\",\"message\":\"m\"}",
	    "m");
	words_are("{\"error\":\"E\",\"error_details\":\"d\",\"message\":\"\"}",
	    "d");
	words_are("{\"error\":\"E\"}", "E");
	words_are("{\"errors\":[{\"id\":\"x\",\"message\":\"m\"}]}", "m");
	words_are("{\"errors\":[]}", "");
	words_are("{\"message\":\"a\\u001b[2Jb\"}", "");
	words_are("[]", "");
}

/* ----------------------------------------------------------------- asked -- */

static void
body_is(struct venue_request *r, bool preview, const char *expected)
{
	struct buffer b;

	buffer_init(&b, 4096);
	asked_order(&b, r, preview);
	is(buffer_string(&b), expected, r->type);
	buffer_release(&b);
}

static void
test_bodies(void)
{
	struct venue_request r = {
		.client_order_id = "6c2f7a0e-6a53-4d53-9a3f-a1f6f1f00001",
		.product_id = "BTC-USD",
		.side = SIDE_BUY,
		.type = "market",
		.has_quote_size = true,
		.quote_size = DECIMAL_OF(25),
	};

	body_is(&r, false,
	    "{\"client_order_id\":\"6c2f7a0e-6a53-4d53-9a3f-a1f6f1f00001\","
	    "\"product_id\":\"BTC-USD\",\"side\":\"BUY\","
	    "\"order_configuration\":{\"market_market_ioc\":{"
	    "\"quote_size\":\"25\"}}}");
	body_is(&r, true,
	    "{\"product_id\":\"BTC-USD\",\"side\":\"BUY\","
	    "\"order_configuration\":{\"market_market_ioc\":{"
	    "\"quote_size\":\"25\"}}}");
	r.has_quote_size = false;
	r.base_size = (struct decimal){ DECIMAL_ONE_UNITS / 1000 };
	r.limit_price = DECIMAL_OF(61000);
	r.side = SIDE_SELL;
	r.type = "limit";
	body_is(&r, true,
	    "{\"product_id\":\"BTC-USD\",\"side\":\"SELL\","
	    "\"order_configuration\":{\"limit_limit_gtc\":{"
	    "\"base_size\":\"0.001\",\"limit_price\":\"61000\","
	    "\"post_only\":false}}}");
	r.type = "post_only";
	body_is(&r, true,
	    "{\"product_id\":\"BTC-USD\",\"side\":\"SELL\","
	    "\"order_configuration\":{\"limit_limit_gtc\":{"
	    "\"base_size\":\"0.001\",\"limit_price\":\"61000\","
	    "\"post_only\":true}}}");
	r.type = "limit_ioc";
	body_is(&r, true,
	    "{\"product_id\":\"BTC-USD\",\"side\":\"SELL\","
	    "\"order_configuration\":{\"sor_limit_ioc\":{"
	    "\"base_size\":\"0.001\",\"limit_price\":\"61000\"}}}");
}

static void
path_is(const struct protocol_request *r, bool is_public, const char *expected)
{
	struct buffer b;

	buffer_init(&b, 2048);
	asked_path(&b, r, is_public);
	is(buffer_string(&b), expected, venue_verb_name(r->verb));
	buffer_release(&b);
}

static void
test_paths(void)
{
	struct protocol_request r = { .verb = VERB_CANDLES,
		.product_id = "BTC-USD",
		.granularity_s = 300,
		.from_s = 1772445600,
		.to_s = 1772452800,
		.order_id = "a/b c",
		.since_us = INT64_C(1772460309000001),
		.cursor = "x=&y" };

	path_is(&r, true,
	    ASKED_PATH "/market/products/BTC-USD/candles?start=1772445600"
		       "&end=1772452799&granularity=FIVE_MINUTE&limit=300");
	r.verb = VERB_PRICE;
	path_is(&r, false, ASKED_PATH "/products/BTC-USD");
	r.verb = VERB_ORDER;
	path_is(&r, false, ASKED_PATH "/orders/historical/a%2Fb%20c");
	r.verb = VERB_ORDERS_SINCE;
	path_is(&r, false,
	    ASKED_PATH "/orders/historical/batch?limit=250"
		       "&start_date=2026-03-02T14%3A05%3A09.000001Z"
		       "&cursor=x%3D%26y");
	r.verb = VERB_FILLS_SINCE;
	path_is(&r, false,
	    ASKED_PATH "/orders/historical/fills?limit=250"
		       "&order_ids=a%2Fb%20c"
		       "&start_sequence_timestamp="
		       "2026-03-02T14%3A05%3A09.000001Z&cursor=x%3D%26y");
	r.cursor[0] = '\0';
	r.verb = VERB_BALANCES;
	path_is(&r, false, ASKED_PATH "/accounts?limit=250");
	r.verb = VERB_PRODUCTS;
	path_is(&r, true,
	    ASKED_PATH "/market/products?product_type=SPOT"
		       "&get_tradability_status=true&limit=250");
	is(asked_granularity(86400), "ONE_DAY", "candles of a day");
	ok(asked_granularity(43200) == NULL, "but none of half a day");
}

int
main(void)
{
	test_product();
	test_odd_products();
	test_candle();
	test_account();
	test_order();
	test_odd_orders();
	test_fill();
	test_odd_fills();
	test_recorded();
	test_recorded_lists();
	test_preview();
	test_words();
	test_bodies();
	test_paths();
	return tap_done();
}
