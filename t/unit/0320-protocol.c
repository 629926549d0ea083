/* The venue protocol: every shape there and back, and what is refused. */

#include "venue/protocol.h"

#include <string.h>

#include "base/instant.h"
#include "tap.h"

static struct json_token tokens[PROTOCOL_TOKENS_MAX];
static struct buffer line;
static struct tb_err err;

static struct decimal
dec(const char *s)
{
	struct decimal d = DECIMAL_ZERO;

	if (decimal_parse(s, strlen(s), &d) != TB_OK)
		ok(false, "%s is a decimal", s);
	return d;
}

/* ------------------------------------------------------------- requests -- */

static void
request_is(const struct protocol_request *r, const char *expected)
{
	struct protocol_request back;
	struct buffer again;
	char text[PROTOCOL_REQUEST_MAX];

	buffer_clear(&line);
	protocol_request_write(&line, r);
	is(buffer_string(&line), expected, venue_verb_name(r->verb));
	snprintf(text, sizeof(text), "%s", buffer_string(&line));
	ok(protocol_request_read(text, strlen(text), &back, &err) == TB_OK,
	    "... is read: %s", err.msg);
	buffer_init(&again, PROTOCOL_REQUEST_MAX);
	protocol_request_write(&again, &back);
	is(buffer_string(&again), expected, "... and written again the same");
	buffer_release(&again);
}

static void
test_requests(void)
{
	struct protocol_request r = { .id = 1 };
	struct venue_request order = {
		.client_order_id = "6c2f7a0e-6a53-4d53-9a3f-a1f6f1f00001",
		.product_id = "BTC-USD",
		.side = SIDE_BUY,
		.type = "limit",
		.has_quote_size = false,
		.base_size = dec("0.0132552648459785"),
		.limit_price = dec("61000"),
		.reference_price = dec("65000.01"),
		.instant_us = INT64_C(1772460309000001),
		.send_before_ms = 5123,
	};

	request_is(&r, "{\"id\":1,\"verb\":\"hello\"}");
	r.verb = VERB_PRODUCTS;
	request_is(&r, "{\"id\":1,\"verb\":\"products\"}");
	snprintf(r.cursor, sizeof(r.cursor), "a/b=");
	r.verb = VERB_BALANCES;
	request_is(&r, "{\"id\":1,\"verb\":\"balances\",\"cursor\":\"a/b=\"}");
	snprintf(r.product_id, sizeof(r.product_id), "BTC-USD");
	r.verb = VERB_PRICE;
	request_is(&r,
	    "{\"id\":1,\"verb\":\"price\",\"product_id\":\"BTC-USD\"}");
	r.granularity_s = 300;
	r.from_s = 1772445600;
	r.to_s = 1772452800;
	r.verb = VERB_CANDLES;
	request_is(&r,
	    "{\"id\":1,\"verb\":\"candles\",\"product_id\":\"BTC-USD\","
	    "\"granularity_s\":300,\"from\":\"2026-03-02T10:00:00Z\","
	    "\"to\":\"2026-03-02T12:00:00Z\"}");
	snprintf(r.order_id, sizeof(r.order_id), "e21f3a5b");
	r.verb = VERB_CANCEL;
	request_is(&r,
	    "{\"id\":1,\"verb\":\"cancel\",\"order_id\":\"e21f3a5b\"}");
	r.verb = VERB_ORDER;
	request_is(&r,
	    "{\"id\":1,\"verb\":\"order\",\"order_id\":\"e21f3a5b\"}");
	r.since_us = INT64_C(1772460309000001);
	r.verb = VERB_ORDERS_SINCE;
	request_is(&r,
	    "{\"id\":1,\"verb\":\"orders_since\","
	    "\"since\":\"2026-03-02T14:05:09.000001Z\",\"cursor\":\"a/b=\"}");
	r.verb = VERB_FILLS_SINCE;
	request_is(&r,
	    "{\"id\":1,\"verb\":\"fills_since\","
	    "\"since\":\"2026-03-02T14:05:09.000001Z\","
	    "\"order_id\":\"e21f3a5b\",\"cursor\":\"a/b=\"}");
	r.order = order;
	r.verb = VERB_PLACE;
	request_is(&r,
	    "{\"id\":1,\"verb\":\"place\",\"type\":\"limit\","
	    "\"client_order_id\":\"6c2f7a0e-6a53-4d53-9a3f-a1f6f1f00001\","
	    "\"product_id\":\"BTC-USD\",\"side\":\"BUY\","
	    "\"base_size\":\"0.0132552648459785\","
	    "\"limit_price\":\"61000\",\"reference_price\":\"65000.01\","
	    "\"instant\":\"2026-03-02T14:05:09.000001Z\","
	    "\"send_before_ms\":5123}");
	r.order.type = "market";
	r.order.limit_price = DECIMAL_ZERO;
	r.order.base_size = DECIMAL_ZERO;
	r.order.quote_size = dec("25");
	r.verb = VERB_PREVIEW;
	request_is(&r,
	    "{\"id\":1,\"verb\":\"preview\",\"type\":\"market\","
	    "\"product_id\":\"BTC-USD\",\"side\":\"BUY\","
	    "\"quote_size\":\"25\",\"reference_price\":\"65000.01\"}");
}

static void
refused_request(const char *text, int64_t id, const char *words)
{
	char copy[PROTOCOL_REQUEST_MAX];
	struct protocol_request r;

	snprintf(copy, sizeof(copy), "%s", text);
	tb_err_clear(&err);
	ok(protocol_request_read(copy, strlen(copy), &r, &err) == TB_EINVAL,
	    "refused: %.60s", text);
	ok(strstr(err.msg, words) != NULL, "... %s", err.msg);
	is_int(r.id, id, "... the id is told");
}

static void
test_refused_requests(void)
{
	refused_request("", 0, "byte 1");
	refused_request("[]", 0, "expected an object");
	refused_request("{\"verb\":\"hello\"}", 0, "id:");
	refused_request("{\"id\":0,\"verb\":\"hello\"}", 0, "id:");
	refused_request("{\"id\":\"1\",\"verb\":\"hello\"}", 0, "id:");
	refused_request("{\"id\":1.5,\"verb\":\"hello\"}", 0, "id:");
	refused_request("{\"id\":3,\"verb\":\"buy\"}", 3, "no such verb");
	refused_request("{\"id\":3}", 3, "verb: expected");
	refused_request("{\"id\":3,\"verb\":7}", 3, "verb: expected");
	refused_request("{\"id\":3,\"verb\":"
			"\"a verb of more than 32 bytes is shown cut\"}",
	    3, "\"a verb of more than 32 bytes is \"");
	refused_request("{\"id\":3,\"verb\":\"price\"}", 3, "missing");
	refused_request("{\"id\":3,\"verb\":\"price\","
			"\"product_id\":\"../accounts\"}",
	    3, "product_id: expected a product");
	refused_request("{\"id\":3,\"verb\":\"order\",\"order_id\":\"a b\"}", 3,
	    "order_id: expected a name");
	refused_request("{\"id\":3,\"verb\":\"order\",\"order_id\":\"\"}", 3,
	    "order_id");
	refused_request("{\"id\":3,\"verb\":\"orders_since\","
			"\"since\":\"yesterday\"}",
	    3, "since: expected a time");
	refused_request("{\"id\":3,\"verb\":\"candles\","
			"\"product_id\":\"BTC-USD\",\"granularity_s\":60,"
			"\"from\":\"2026-03-02T10:00:00Z\","
			"\"to\":\"2026-03-02T15:00:01Z\"}",
	    3, "300 granularities");
	refused_request("{\"id\":3,\"verb\":\"candles\","
			"\"product_id\":\"BTC-USD\",\"granularity_s\":0,"
			"\"from\":\"2026-03-02T10:00:00Z\","
			"\"to\":\"2026-03-02T15:00:00Z\"}",
	    3, "granularity_s: expected");
	refused_request("{\"id\":3,\"verb\":\"candles\","
			"\"product_id\":\"BTC-USD\",\"granularity_s\":86401,"
			"\"from\":\"2026-03-02T10:00:00Z\","
			"\"to\":\"2026-03-04T10:00:00Z\"}",
	    3, "expected 1 to 86400, found 86401");
	refused_request("{\"id\":3,\"verb\":\"candles\","
			"\"product_id\":\"BTC-USD\",\"granularity_s\":60,"
			"\"from\":\"2026-03-02T10:00:00Z\","
			"\"to\":\"2026-03-02T10:00:00Z\"}",
	    3, "from before to");
	refused_request("{\"id\":3,\"verb\":\"candles\","
			"\"product_id\":\"BTC-USD\",\"granularity_s\":60,"
			"\"from\":\"2026-03-02T10:00:00.5Z\","
			"\"to\":\"2026-03-02T15:00:00Z\"}",
	    3, "from: expected a whole second");
}

static void
test_refused_orders(void)
{
	static const char order[] = "{\"id\":4,\"verb\":\"preview\","
				    "\"product_id\":\"BTC-USD\","
				    "\"side\":\"BUY\",\"type\":\"%s\"%s}";
	char text[512];

	snprintf(text, sizeof(text), order, "stop", "");
	refused_request(text, 4, "type: expected");
	refused_request("{\"id\":4,\"verb\":\"place\",\"type\":1}", 4,
	    "type: expected");
	refused_request("{\"id\":4,\"verb\":\"place\"}", 4, "type: expected");
	snprintf(text, sizeof(text), order, "market", "");
	refused_request(text, 4, "one of quote_size and base_size");
	snprintf(text, sizeof(text), order, "market",
	    ",\"quote_size\":\"1\",\"base_size\":\"1\"");
	refused_request(text, 4, "one of quote_size and base_size");
	snprintf(text, sizeof(text), order, "market",
	    ",\"quote_size\":\"1\",\"limit_price\":\"2\"");
	refused_request(text, 4, "limit_price: expected none");
	snprintf(text, sizeof(text), order, "limit", ",\"base_size\":\"1\"");
	refused_request(text, 4, "limit_price: expected an amount");
	snprintf(text, sizeof(text), order, "market", ",\"quote_size\":\"-1\"");
	refused_request(text, 4, "quote_size: expected an amount above 0");
	snprintf(text, sizeof(text), order, "market",
	    ",\"quote_size\":\"1e-19\"");
	refused_request(text, 4, "quote_size: expected an amount");
}

/* -------------------------------------------------------------- answers -- */

/* Written, read into room for `room` rows, written again. */
static void
answer_is(struct protocol_answer *a, void *rows, size_t room,
    const char *expected)
{
	struct protocol_answer back = { .id = a->id, .verb = a->verb };
	struct buffer again;
	char *text;

	buffer_clear(&line);
	protocol_answer_write(&line, a);
	is(buffer_string(&line), expected, venue_verb_name(a->verb));
	text = strdup(buffer_string(&line));
	back.rows.fills = rows;
	back.max = room;
	tb_err_clear(&err);
	ok(protocol_answer_read(text, strlen(text), tokens, &back, &err) ==
		TB_OK,
	    "... is read: %s", err.msg);
	is_int(back.status, a->status, "... with its status");
	buffer_init(&again, PROTOCOL_ANSWER_MAX);
	protocol_answer_write(&again, &back);
	is(buffer_string(&again), expected, "... and written again the same");
	buffer_release(&again);
	free(text);
}

static void
test_single_answers(void)
{
	struct protocol_answer a = { .id = 9,
		.hello = { .name = "coinbase",
		    .account = "c7f5f6f2-1b5d-4c55-8a6e-0e7c44b0f001",
		    .lag_ms = 5000,
		    .has_time = true,
		    .time_us = INT64_C(1772460309412000),
		    .has_key = true,
		    .can_trade = true } };

	answer_is(&a, NULL, 0,
	    "{\"id\":9,\"ok\":true,\"name\":\"coinbase\","
	    "\"account\":\"c7f5f6f2-1b5d-4c55-8a6e-0e7c44b0f001\","
	    "\"lag_ms\":5000,\"time\":\"2026-03-02T14:05:09.412000Z\","
	    "\"has_key\":true,\"can_trade\":true}");
	a.verb = VERB_PRICE;
	a.price = dec("65000.01");
	answer_is(&a, NULL, 0, "{\"id\":9,\"ok\":true,\"price\":\"65000.01\"}");
	a.verb = VERB_CANCEL;
	answer_is(&a, NULL, 0, "{\"id\":9,\"ok\":true}");
	a.verb = VERB_PLACE;
	a.place = (struct venue_answer){ .outcome = VENUE_ACCEPTED,
		.order_id = "e21f",
		.client_order_id = "6c2f",
		.product_id = "BTC-USD",
		.side = "BUY" };
	answer_is(&a, NULL, 0,
	    "{\"id\":9,\"ok\":true,\"outcome\":\"accepted\","
	    "\"order_id\":\"e21f\",\"client_order_id\":\"6c2f\","
	    "\"product_id\":\"BTC-USD\",\"side\":\"BUY\"}");
	a.place = (struct venue_answer){ .outcome = VENUE_REFUSED,
		.reason = "INSUFFICIENT_FUND",
		.words = "Insufficient balance",
		.key_rejected = true,
		.retry_after_ms = 1000 };
	answer_is(&a, NULL, 0,
	    "{\"id\":9,\"ok\":true,\"outcome\":\"refused\","
	    "\"reason\":\"INSUFFICIENT_FUND\","
	    "\"message\":\"Insufficient balance\",\"key_rejected\":true,"
	    "\"retry_after_ms\":1000}");
	a.verb = VERB_ORDER;
	a.order = (struct venue_order){ .order_id = "e21f",
		.product_id = "BTC-USD",
		.side = SIDE_SELL,
		.type = "market",
		.status = "A_NEW_WORD",
		.filled_size = dec("0.0003800510403402"),
		.filled_value = dec("24.7035573122529644"),
		.total_fees = dec("-0.01"),
		.created_at_us = INT64_C(1772460309481220) };
	answer_is(&a, NULL, 0,
	    "{\"id\":9,\"ok\":true,\"order\":{\"order_id\":\"e21f\","
	    "\"product_id\":\"BTC-USD\",\"side\":\"SELL\","
	    "\"type\":\"market\",\"status\":\"A_NEW_WORD\","
	    "\"filled_size\":\"0.0003800510403402\","
	    "\"filled_value\":\"24.7035573122529644\","
	    "\"total_fees\":\"-0.01\",\"settled\":false,"
	    "\"created_at\":\"2026-03-02T14:05:09.481220Z\"}}");
	a.verb = VERB_PREVIEW;
	a.preview = (struct venue_preview){ .base_size = dec("0.00038"),
		.value = dec("24.70"),
		.fee = dec("0.3"),
		.total = dec("25"),
		.warning = "SMALL_ORDER" };
	answer_is(&a, NULL, 0,
	    "{\"id\":9,\"ok\":true,\"warning\":\"SMALL_ORDER\","
	    "\"base_size\":\"0.00038\",\"value\":\"24.7\",\"fee\":\"0.3\","
	    "\"total\":\"25\"}");
}

static void
test_failures(void)
{
	static const struct {
		enum tb_status status;
		const char *name;
	} failures[] = { { TB_ENET, "net" }, { TB_EBUSY, "busy" },
		{ TB_EVENUE, "venue" }, { TB_EPERM, "perm" },
		{ TB_ENOENT, "noent" }, { TB_EINVAL, "invalid" } };
	struct protocol_answer a = { .id = 2, .verb = VERB_PRICE };
	char expected[128];

	snprintf(a.message, sizeof(a.message), "why");
	a.retry_after_ms = 7;
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		a.status = failures[i].status;
		snprintf(expected, sizeof(expected),
		    "{\"id\":2,\"ok\":false,\"error\":\"%s\","
		    "\"message\":\"why\",\"retry_after_ms\":7}",
		    failures[i].name);
		answer_is(&a, NULL, 0, expected);
	}
	/* What no word stands for is told as the failure that asks for no
	 * repeat. */
	a.status = TB_ENOMEM;
	buffer_clear(&line);
	protocol_answer_write(&line, &a);
	ok(strstr(buffer_string(&line), "\"error\":\"invalid\"") != NULL,
	    "a failure without a word of its own is told as invalid");
}

static void
test_lists(void)
{
	struct protocol_answer a = {
		.id = 3, .verb = VERB_PRODUCTS, .count = 1, .cursor = "next"
	};
	struct product product = { .product_id = "BTC-USD",
		.base_increment = dec("0.00000001"),
		.quote_increment = dec("0.01"),
		.price_increment = dec("0.01"),
		.base_min_size = dec("0.00000001"),
		.quote_min_size = dec("1"),
		.base_max_size = dec("3400"),
		.limit_only = true };
	struct candle candle = { .start_s = 1772452800,
		.open = dec("64855.12"),
		.high = dec("65120.44"),
		.low = dec("64810"),
		.close = dec("65000.01") };
	struct venue_balance balance = { "USD", dec("812.4417530872"),
		dec("100") };
	struct fill fill = { .entry_id = "7b6f",
		.venue_trade_id = "0d1c",
		.order_id = "e21f",
		.product_id = "BTC-USD",
		.kind = FILL_REVERSAL,
		.reverses = "19c0",
		.size = dec("0.1"),
		.price = dec("65003.27"),
		.value = dec("6500.327"),
		.fee = dec("0.0564426877470356"),
		.at_us = INT64_C(1772460309563417),
		.venue_seq = 4 };
	struct fill rows[2]; /* the largest of the kinds */

	a.rows.products = &product;
	answer_is(&a, rows, 2,
	    "{\"id\":3,\"ok\":true,\"products\":[{"
	    "\"product_id\":\"BTC-USD\",\"base_increment\":\"0.00000001\","
	    "\"quote_increment\":\"0.01\",\"price_increment\":\"0.01\","
	    "\"base_min_size\":\"0.00000001\",\"quote_min_size\":\"1\","
	    "\"base_max_size\":\"3400\",\"limit_only\":true}],"
	    "\"cursor\":\"next\"}");
	a.verb = VERB_CANDLES;
	a.cursor[0] = '\0';
	a.rows.candles = &candle;
	answer_is(&a, rows, 2,
	    "{\"id\":3,\"ok\":true,\"candles\":[{"
	    "\"start\":\"2026-03-02T12:00:00Z\",\"open\":\"64855.12\","
	    "\"high\":\"65120.44\",\"low\":\"64810\","
	    "\"close\":\"65000.01\",\"volume\":\"0\"}]}");
	a.verb = VERB_BALANCES;
	a.rows.balances = &balance;
	answer_is(&a, rows, 1,
	    "{\"id\":3,\"ok\":true,\"balances\":[{\"currency\":\"USD\","
	    "\"available\":\"812.4417530872\",\"hold\":\"100\"}],"
	    "\"cursor\":\"\"}");
	a.verb = VERB_FILLS_SINCE;
	a.rows.fills = &fill;
	answer_is(&a, rows, 2,
	    "{\"id\":3,\"ok\":true,\"fills\":[{\"kind\":\"reversal\","
	    "\"entry_id\":\"7b6f\",\"trade_id\":\"0d1c\","
	    "\"order_id\":\"e21f\",\"reverses\":\"19c0\","
	    "\"product_id\":\"BTC-USD\",\"side\":\"BUY\",\"size\":\"0.1\","
	    "\"price\":\"65003.27\",\"value\":\"6500.327\","
	    "\"fee\":\"0.0564426877470356\","
	    "\"at\":\"2026-03-02T14:05:09.563417Z\",\"sequence\":4}],"
	    "\"cursor\":\"\"}");
	a.count = 0;
	a.verb = VERB_ORDERS_SINCE;
	answer_is(&a, rows, 0,
	    "{\"id\":3,\"ok\":true,\"orders\":[],\"cursor\":\"\"}");
}

static void
refused_answer(enum venue_verb verb, size_t room, const char *text,
    const char *words)
{
	struct protocol_answer a = { .id = 5, .verb = verb, .max = room };
	struct fill rows[2];
	char copy[2048];

	a.rows.fills = rows;
	snprintf(copy, sizeof(copy), "%s", text);
	tb_err_clear(&err);
	ok(protocol_answer_read(copy, strlen(copy), tokens, &a, &err) ==
		TB_EINVAL,
	    "refused: %.60s", text);
	ok(strstr(err.msg, words) != NULL, "... %s", err.msg);
}

/* Answers that are refused, and a part of the words. */
static const struct {
	enum venue_verb verb;
	size_t room; /* rows that are taken */
	const char *text, *words;
} refused_answers[] = {
	{ VERB_PRICE, 0, "", "byte 1" },
	{ VERB_PRICE, 0, "Traceback (most recent call last):", "byte 1" },
	{ VERB_PRICE, 0, "[5]", "expected an object" },
	{ VERB_PRICE, 0, "{\"ok\":true}", "id: expected a whole" },
	{ VERB_PRICE, 0, "{\"id\":\"5\",\"ok\":true}", "id: expected a whole" },
	{ VERB_PRICE, 0, "{\"id\":4,\"ok\":true,\"price\":\"1\"}",
	    "id: expected 5, found 4" },
	{ VERB_PRICE, 0, "{\"id\":5,\"price\":\"1\"}", "ok: expected" },
	{ VERB_PRICE, 0, "{\"id\":5,\"ok\":1,\"price\":\"1\"}",
	    "ok: expected" },
	{ VERB_PRICE, 0, "{\"id\":5,\"ok\":true}", "price: missing" },
	{ VERB_PRICE, 0, "{\"id\":5,\"ok\":true,\"price\":\"0\"}", "above 0" },
	{ VERB_PRICE, 0, "{\"id\":5,\"ok\":true,\"price\":true}",
	    "expected an amount with at most 18 decimals, found true" },
	{ VERB_PRICE, 0,
	    "{\"id\":5,\"ok\":false,\"error\":\"oops\",\"message\":\"\"}",
	    "error: expected" },
	{ VERB_PRICE, 0, "{\"id\":5,\"ok\":false}", "error: expected" },
	{ VERB_PRICE, 0, "{\"id\":5,\"ok\":false,\"error\":5}",
	    "error: expected" },
	{ VERB_PRICE, 0, "{\"id\":5,\"ok\":false,\"error\":\"net\"}",
	    "message: missing" },
	{ VERB_PLACE, 0, "{\"id\":5,\"ok\":true,\"outcome\":\"accepted\"}",
	    "order_id: missing" },
	{ VERB_PLACE, 0, "{\"id\":5,\"ok\":true}", "outcome: expected" },
	{ VERB_PLACE, 0, "{\"id\":5,\"ok\":true,\"outcome\":0}",
	    "outcome: expected" },
	{ VERB_PLACE, 0,
	    "{\"id\":5,\"ok\":false,\"error\":\"net\",\"message\":\"x\"}",
	    "outcome: expected" },
	{ VERB_ORDER, 0, "{\"id\":5,\"ok\":true}", "order: missing" },
	{ VERB_ORDER, 0, "{\"id\":5,\"ok\":true,\"order\":[]}",
	    "order: expected an object" },
	{ VERB_ORDER, 0, "{\"id\":5,\"ok\":true,\"order\":{\"order_id\":1}}",
	    "order: order_id: expected a text" },
	{ VERB_BALANCES, 2, "{\"id\":5,\"ok\":true}",
	    "balances: expected a list" },
	{ VERB_BALANCES, 2, "{\"id\":5,\"ok\":true,\"balances\":{}}",
	    "balances: expected a list" },
	{ VERB_BALANCES, 2, "{\"id\":5,\"ok\":true,\"balances\":[]}",
	    "cursor: missing" },
	{ VERB_BALANCES, 1,
	    "{\"id\":5,\"ok\":true,\"balances\":[{},{}],\"cursor\":\"\"}",
	    "expected at most 1 rows, found 2" },
	{ VERB_BALANCES, 1,
	    "{\"id\":5,\"ok\":true,\"balances\":[{\"currency\":\"US D\"}],"
	    "\"cursor\":\"\"}",
	    "balances 1: currency: expected a name" },
	{ VERB_HELLO, 0,
	    "{\"id\":5,\"ok\":true,\"name\":\"x\",\"account\":\"a\\u001b[2J\"}",
	    "account: expected a text of one line" },
	{ VERB_FILLS_SINCE, 1,
	    "{\"id\":5,\"ok\":true,\"fills\":[{\"kind\":\"gift\","
	    "\"entry_id\":\"7b6f\",\"order_id\":\"e21f\","
	    "\"product_id\":\"BTC-USD\",\"side\":\"BUY\",\"size\":\"1\","
	    "\"price\":\"1\",\"value\":\"1\",\"fee\":\"0\","
	    "\"at\":\"2026-03-02T14:05:09Z\"}],\"cursor\":\"\"}",
	    "fills 1: kind: expected" },
	{ VERB_FILLS_SINCE, 1,
	    "{\"id\":5,\"ok\":true,\"fills\":[{\"kind\":null,"
	    "\"entry_id\":\"7b6f\",\"order_id\":\"e21f\","
	    "\"product_id\":\"BTC-USD\",\"side\":\"BUY\",\"size\":\"1\","
	    "\"price\":\"1\",\"value\":\"1\",\"fee\":\"0\","
	    "\"at\":\"2026-03-02T14:05:09Z\"}],\"cursor\":\"\"}",
	    "fills 1: kind: expected" },
};

static void
test_refused_answers(void)
{
	char text[2048], name[300];
	size_t n = sizeof(refused_answers) / sizeof(refused_answers[0]);

	for (size_t i = 0; i < n; i++)
		refused_answer(refused_answers[i].verb, refused_answers[i].room,
		    refused_answers[i].text, refused_answers[i].words);
	memset(name, 'x', sizeof(name));
	snprintf(text, sizeof(text),
	    "{\"id\":5,\"ok\":true,\"balances\":[],\"cursor\":\"%.*s\"}",
	    VENUE_CURSOR_MAX, name);
	refused_answer(VERB_BALANCES, 1, text,
	    "cursor: expected at most 255 bytes, found 256");
	snprintf(text, sizeof(text),
	    "{\"id\":5,\"ok\":true,\"name\":\"%.32s\",\"account\":\"\"}", name);
	refused_answer(VERB_HELLO, 0, text,
	    "name: expected at most 31 bytes, found 32");
}

/* Words are cut, between two characters; a pause is at most an hour. */
static void
test_bounds(void)
{
	struct protocol_answer a = { .id = 5, .verb = VERB_PLACE };
	char text[2048], words[VENUE_WORDS_MAX + 2];

	memset(words, 'x', sizeof(words));
	memcpy(&words[VENUE_WORDS_MAX - 2], "\xe2\x82\xac", 4);
	snprintf(text, sizeof(text),
	    "{\"id\":5,\"ok\":true,\"outcome\":\"unknown\",\"message\":\"%s\","
	    "\"retry_after_ms\":99999999999}",
	    words);
	ok(protocol_answer_read(text, strlen(text), tokens, &a, &err) == TB_OK,
	    "long words are read: %s", err.msg);
	is_int((long long)strlen(a.place.words), VENUE_WORDS_MAX - 2,
	    "... and cut in front of the character that does not fit");
	is_int(a.place.retry_after_ms, PROTOCOL_RETRY_MS_MAX,
	    "a pause is at most an hour");
	a.verb = VERB_PRICE;
	snprintf(text, sizeof(text),
	    "{\"id\":5,\"ok\":false,\"error\":\"busy\",\"message\":\"\","
	    "\"retry_after_ms\":-4}");
	ok(protocol_answer_read(text, strlen(text), tokens, &a, &err) == TB_OK,
	    "a pause below 0 is read");
	is_int(a.retry_after_ms, 0, "... as none");
	is_int(a.status, TB_EBUSY, "... and the answer is busy");
}

/* As many rows as a page may have fit into a line, however long they are. */
static void
test_full_page(void)
{
	static struct fill page[VENUE_PAGE_MAX], back[VENUE_PAGE_MAX];
	struct protocol_answer a = {
		.id = 5, .verb = VERB_FILLS_SINCE, .count = VENUE_PAGE_MAX
	};
	char *text, *page_text;

	memset(page, 0, sizeof(page));
	for (size_t i = 0; i < VENUE_PAGE_MAX; i++) {
		memset(page[i].entry_id, 'e', ORDER_ID_MAX - 1);
		memset(page[i].venue_trade_id, 't', ORDER_ID_MAX - 1);
		memset(page[i].order_id, 'o', ORDER_ID_MAX - 1);
		memset(page[i].reverses, 'r', ORDER_ID_MAX - 1);
		memcpy(page[i].product_id,
		    "AAAAAAAAAAAAAAAAAAAA-BBBBBBBBBBBBBBBBBBBB", 42);
		page[i].size = page[i].price = page[i].value = page[i].fee =
		    dec("123456789012345678901.123456789012345678");
		page[i].at_us = INSTANT_MAX_US;
		page[i].venue_seq = INT64_MIN;
	}
	a.rows.fills = page;
	buffer_clear(&line);
	protocol_answer_write(&line, &a);
	ok(buffer_status(&line, &err) == TB_OK &&
		line.len <= PROTOCOL_ANSWER_MAX,
	    "a full page is %zu bytes", line.len);
	page_text = strdup(buffer_string(&line));
	text = strdup(page_text);
	a.rows.fills = back;
	a.max = VENUE_PAGE_MAX;
	ok(protocol_answer_read(text, strlen(text), tokens, &a, &err) ==
		    TB_OK &&
		a.count == VENUE_PAGE_MAX,
	    "... and is read: %s", err.msg);
	buffer_clear(&line);
	protocol_answer_write(&line, &a);
	is(buffer_string(&line), page_text, "... and written again");
	free(text);
	free(page_text);
}

int
main(void)
{
	buffer_init(&line, PROTOCOL_ANSWER_MAX);
	test_requests();
	test_refused_requests();
	test_refused_orders();
	test_single_answers();
	test_failures();
	test_lists();
	test_refused_answers();
	test_bounds();
	test_full_page();
	buffer_release(&line);
	return tap_done();
}
