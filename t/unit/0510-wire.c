/*
 * wire: what tb-trade reads and answers, line by line: rows 1-16, 20, 23-25
 * and 28 of the list of bad inputs, at the level of bytes and keys.
 */

#include <sys/mman.h>
#include <unistd.h>

#include "base/instant.h"
#include "tap.h"
#include "wire/answer.h"
#include "wire/intent.h"
#include "wire/stream.h"
#include "wire/trade.h"

static struct tb_err err;
static struct buffer out;

static int
file_of(const char *s, size_t len)
{
	int fd = memfd_create("wire", MFD_CLOEXEC);

	if (fd < 0 || write(fd, s, len) != (ssize_t)len ||
	    lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

/* What a stream says of s: "1:{...}|", "2.1:{...}|" of an element, "!..|". */
static const char *
stream_of(const char *s, size_t len)
{
	int fd = file_of(s, len);
	struct stream_item item;
	struct stream *stream;
	enum tb_status status;

	buffer_clear(&out);
	if (stream_open(&stream, fd, &err) != TB_OK)
		abort();
	while ((status = stream_next(stream, &item, &err)) == TB_OK ||
	    status == TB_EINVAL) {
		if (status == TB_EINVAL)
			buffer_add_format(&out, "!%s|", err.msg);
		else if (item.element > 0)
			buffer_add_format(&out, "%lu.%lu:%s|", item.line,
			    item.element, item.text);
		else
			buffer_add_format(&out, "%lu:%s|", item.line,
			    item.text);
	}
	buffer_add_string(&out, status == TB_END ? "." : "?");
	stream_close(stream);
	close(fd);
	return buffer_string(&out);
}

static void
test_stream(void)
{
	static const struct {
		const char *text, *want, *what;
	} cases[] = {
		{ "", ".", "1: empty input" },
		{ "\n  \n{\"a\":1}\n\n", "3:{\"a\":1}|.", "2: blank lines" },
		{ "{\"product_id\":\"BTC-USD\"",
		    "!line 1: byte 24: unterminated object, expected , or }|.",
		    "3: half an object" },
		{ "{\"a\":1}", "1:{\"a\":1}|.", "4: no newline at the end" },
		{ "{\"a\":1} {\"a\":2}\n{}\n",
		    "!line 1: byte 9: expected nothing behind the value, "
		    "found {|2:{}|.",
		    "5: two objects on a line" },
		{ "\"x\"\n1\nnull\ntrue\n",
		    "!line 1: expected an object, found a text|"
		    "!line 2: expected an object, found a number|"
		    "!line 3: expected an object, found null|"
		    "!line 4: expected an object, found true|.",
		    "6: no objects" },
		{ "{\"size_usd\":1,\"size_usd\":2}\n{}\n",
		    "!line 1: byte 15: repeated key \"size_usd\"|2:{}|.",
		    "7: a repeated key" },
		{ "{\"a\":\"\\u0000\"}\n{}\n",
		    "!line 1: byte 13: a NUL (\\u0000) in a text|2:{}|.",
		    "8: an escaped NUL" },
		{ "{\"a\":\"\xff\"}\n{\"a\":\"\xc0\xaf\"}\n"
		  "{\"a\":\"\\ud800\"}\n{}\n",
		    "!line 1: byte 7: invalid UTF-8|"
		    "!line 2: byte 7: invalid UTF-8|"
		    "!line 3: byte 13: lone surrogate|4:{}|.",
		    "9: bad UTF-8, lone surrogates" },
		{ "\xef\xbb\xbf{}\n\xef\xbb\xbf{}\n",
		    "1:{}|!line 2: byte 1: a byte order mark|.",
		    "9: a byte order mark on the first line alone" },
		{ "[{\"a\":1}, 2, { \"b\" : 1.50 }]\n[]\n[[{}]]\n{}\n",
		    "1.1:{\"a\":1}|"
		    "!line 1, element 2: expected an object, found a number|"
		    "1.3:{\"b\":1.50}|"
		    "!line 3, element 1: expected an object, found an array|"
		    "4:{}|.",
		    "an array is taken element by element" },
		{ "[{\"a\":1},{]\n{}\n",
		    "!line 1: byte 11: expected a key in quotes, found ]|"
		    "2:{}|.",
		    "nothing of a broken array is delivered" },
		{ "\n{\n  \"a\": {\n    \"b\": \"x y\"\n  }\n}\n",
		    "2:{\"a\":{\"b\":\"x y\"}}|.", "a pretty-printed object" },
		{ " [ \r\n  {\n    \"a\": 1\n  },\n  {\n    \"b\": 2\n  }\n]\n",
		    "2.1:{\"a\":1}|5.2:{\"b\":2}|.", "a pretty-printed array" },
		{ "{\n  \"a\": 1\n}\n{\n}\n",
		    "!line 1: byte 14: expected nothing behind the value, "
		    "found {|.",
		    "one document, and no more" },
		{ "{}\n{\n}\n",
		    "1:{}|!line 2: byte 2: unterminated object, expected a "
		    "key in quotes|!line 3: byte 1: expected a value, found "
		    "}|.",
		    "a document begins the input" },
		{ "{\"a\":\"\xe2\x80\xae\"}\n", "1:{\"a\":\"\\u202e\"}|.",
		    "what drives a terminal is escaped" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is(stream_of(cases[i].text, strlen(cases[i].text)),
		    cases[i].want, cases[i].what);
	is(stream_of("{\"a\":\0}\n{}\n", 11),
	    "!line 1: byte 6: expected a value, found a NUL|2:{}|.",
	    "8: a NUL");
}

static void
test_stream_limits(void)
{
	static char big[STREAM_DOCUMENT_MAX + 64];
	size_t len;

	memset(big, ' ', sizeof(big));
	memcpy(big, "{}", 2);
	big[LINE_MAX_BYTES] = '\n';
	is(stream_of(big, LINE_MAX_BYTES + 1), "1:{}|.", "10: 65536 bytes");
	big[LINE_MAX_BYTES] = ' ';
	big[LINE_MAX_BYTES + 1] = '\n';
	memcpy(&big[LINE_MAX_BYTES + 2], "{}\n", 3);
	is(stream_of(big, LINE_MAX_BYTES + 5),
	    "!line 1: longer than 65536 bytes|2:{}|.", "10: and one more");

	memset(big, '[', LINE_MAX_BYTES);
	big[LINE_MAX_BYTES] = '\n';
	is(stream_of(big, LINE_MAX_BYTES + 1),
	    "!line 1: byte 33: nested deeper than 32 levels|.", "11: too deep");

	memset(big, ' ', sizeof(big));
	memcpy(big, "{\n", 2);
	len = STREAM_DOCUMENT_MAX;
	big[len - 1] = '}';
	is(stream_of(big, len), "1:{}|.", "a document of a MiB");
	big[len - 1] = ' ';
	big[len] = '}';
	is(stream_of(big, len + 1),
	    "!the document that begins on line 1 is longer than 1048576 "
	    "bytes|.",
	    "and one byte more");

	memset(big, 0x7f, sizeof(big));
	memcpy(big, "{\n\"a\":\"", 7);
	memcpy(&big[STREAM_DOCUMENT_MAX - 2], "\"}", 2);
	ok(strstr(stream_of(big, STREAM_DOCUMENT_MAX), "\\u007f\"}|.") != NULL,
	    "a document of what must be escaped");
}

/* ------------------------------------------------------------- intents -- */

/* The intent as it is written again, or the error. */
static const char *
intent_of(const char *text)
{
	static struct json_token tokens[JSON_TOKENS_MAX];
	static char copy[4096];
	struct json_writer w = { .out = &out };
	struct intent_line intent;
	struct json j;

	snprintf(copy, sizeof(copy), "%s", text);
	buffer_clear(&out);
	err = (struct tb_err){ 0 };
	if (json_read(copy, strlen(copy), tokens, JSON_TOKENS_MAX, &j, &err) !=
	    TB_OK)
		return err.msg;
	if (intent_line_read(&j, j.tokens, &intent, &err) != TB_OK)
		return err.msg;
	intent_line_write(&w, &intent);
	return buffer_string(&out);
}

#define B "\"product_id\":\"BTC-USD\",\"side\":\"BUY\","

static const struct {
	const char *text, *want;
} intents[] = {
	{ "{" B "\"size_usd\":50.00}", "{" B "\"size_usd\":50.00}" },
	/* 12, 16 */
	{ "{" B "\"size_usd\":\"1e3\"}", "{" B "\"size_usd\":1000.00}" },
	{ "{" B "\"size_usd\":1E+2}", "{" B "\"size_usd\":100.00}" },
	{ "{" B "\"size_crypto\":0.2132552648459785}",
	    "{" B "\"size_crypto\":0.2132552648459785}" },
	/* 13, 15 */
	{ "{" B "\"size_usd\":\"1e-19\"}",
	    "size_usd: 1e-19 is too large or has more than 18 "
	    "decimals" },
	{ "{" B "\"size_usd\":1e1000}",
	    "size_usd: 1e1000 is too large or has more than 18 "
	    "decimals" },
	{ "{" B "\"size_usd\":0.1234567890123456789}",
	    "size_usd: 0.1234567890123456789 is too large or has more "
	    "than 18 decimals" },
	/* 14 */
	{ "{" B "\"size_usd\":\"0\"}",
	    "size_usd: expected an amount above 0, found 0" },
	{ "{" B "\"size_usd\":-0}",
	    "size_usd: expected an amount above 0, found -0" },
	{ "{" B "\"size_usd\":-5}",
	    "size_usd: expected an amount above 0, found -5" },
	{ "{" B "\"size_usd\":\"5 \"}",
	    "size_usd: expected a number like 64000.10, found "
	    "\"5 \"" },
	{ "{" B "\"size_usd\":\"\xd9\xa3\"}",
	    "size_usd: expected a number like 64000.10, found "
	    "\"\xd9\xa3\"" },
	{ "{" B "\"size_usd\":true}",
	    "size_usd: expected a number, found true" },
	/* sizes */
	{ "{" B "\"x\":1}", "size_usd: missing, and so is size_crypto" },
	{ "{" B "\"size_usd\":1,\"size_crypto\":1}",
	    "size_crypto: expected one of size_usd and size_crypto, "
	    "found both" },
	{ "{" B "\"size_usd\":null,\"size_crypto\":1}",
	    "{" B "\"size_crypto\":1}" },
	/* 20 */
	{ "{\"side\":\"BUY\",\"size_usd\":1}", "product_id: missing" },
	{ "{\"product_id\":\"btc-usd\",\"side\":\"BUY\"}",
	    "product_id: expected a product such as BTC-USD, found "
	    "\"btc-usd\"" },
	{ "{\"product_id\":\"BTC/USD\",\"side\":\"BUY\"}",
	    "product_id: expected a product such as BTC-USD, found "
	    "\"BTC/USD\"" },
	{ "{\"product_id\":\"../accounts\",\"side\":\"BUY\"}",
	    "product_id: expected a product such as BTC-USD, found "
	    "\"../accounts\"" },
	{ "{\"product_id\":\"BTC-USD?x=1\",\"side\":\"BUY\"}",
	    "product_id: expected a product such as BTC-USD, found "
	    "\"BTC-USD?x=1\"" },
	{ "{\"product_id\":\"BTC';DROP\",\"side\":\"BUY\"}",
	    "product_id: expected a product such as BTC-USD, found "
	    "\"BTC';DROP\"" },
	{ "{\"product_id\":\"\xd0\x92TC-USD\",\"side\":\"BUY\"}",
	    "product_id: expected a product such as BTC-USD, found "
	    "\"\xd0\x92TC-USD\"" },
	{ "{\"product_id\":7,\"side\":\"BUY\"}",
	    "product_id: expected a product such as BTC-USD, found "
	    "\"7\"" },
	/* 23 */
	{ "{\"product_id\":\"BTC-USD\",\"side\":\"sell\","
	  "\"size_usd\":1}",
	    "{\"product_id\":\"BTC-USD\",\"side\":\"SELL\","
	    "\"size_usd\":1.00}" },
	{ "{\"product_id\":\"BTC-USD\",\"side\":\" BUY\"}",
	    "side: expected BUY or SELL, found \" BUY\"" },
	{ "{\"product_id\":\"BTC-USD\",\"side\":\"B\"}",
	    "side: expected BUY or SELL, found \"B\"" },
	{ "{\"product_id\":\"BTC-USD\",\"side\":\"HOLD\"}",
	    "side: expected BUY or SELL, found \"HOLD\"" },
	{ "{\"product_id\":\"BTC-USD\"}", "side: missing" },
	/* 24 */
	{ "{" B "\"size_usd\":1,\"type\":\"stop\"}",
	    "type: expected market, limit, limit_ioc or post_only, "
	    "found \"stop\"" },
	{ "{" B "\"size_usd\":1,\"type\":\"limit\"}",
	    "limit_price: missing, type limit needs it" },
	{ "{" B "\"size_usd\":1,\"limit_price\":2}",
	    "limit_price: expected only with type limit, limit_ioc or "
	    "post_only" },
	{ "{" B "\"size_usd\":1,\"type\":\"post_only\","
	  "\"limit_price\":40000.5}",
	    "{" B "\"size_usd\":1.00,\"type\":\"post_only\","
	    "\"limit_price\":40000.50}" },
	{ "{" B "\"size_usd\":1,\"type\":\"limit_ioc\","
	  "\"limit_price\":0}",
	    "limit_price: expected an amount above 0, found 0" },
	/* 25 */
	{ "{" B "\"size_usd\":1,\"id\":\"a b\"}",
	    "{" B "\"size_usd\":1.00,\"id\":\"a b\"}" },
	{ "{" B "\"size_usd\":1,\"id\":17}",
	    "{" B "\"size_usd\":1.00,\"id\":\"17\"}" },
	{ "{" B "\"size_usd\":1,\"id\":1.5}",
	    "id: expected a text, found a number" },
	{ "{" B "\"size_usd\":1,\"id\":null}",
	    "id: expected a text, found null" },
	{ "{" B "\"size_usd\":1,\"id\":\"\"}",
	    "id: expected a text, found none" },
	{ "{" B "\"size_usd\":1,\"id\":\"a\\nb\"}",
	    "id: a control character (U+000A)" },
	{ "{" B "\"size_usd\":1,\"triggered_by\":\"\xe2\x80\xae\"}",
	    "triggered_by: a control character (U+202E)" },
	{ "{" B "\"size_usd\":1,\"triggered_by\":\"me\"}",
	    "{" B "\"size_usd\":1.00,\"triggered_by\":\"me\"}" },
	/* 28 */
	{ "{" B "\"size_usd\":1,\"ts\":\"2025-09-11T10:35:60Z\"}",
	    "{" B "\"size_usd\":1.00,"
	    "\"ts\":\"2025-09-11T10:36:00.000000Z\"}" },
	{ "{" B "\"size_usd\":1,"
	  "\"ts\":\"2025-09-11T12:35:00.123456789+02:00\"}",
	    "{" B "\"size_usd\":1.00,"
	    "\"ts\":\"2025-09-11T10:35:00.123456Z\"}" },
	{ "{" B "\"size_usd\":1,\"ts\":\"2025-02-30T00:00:00Z\"}",
	    "ts: expected a time such as 2025-09-11T10:35:00Z, found "
	    "\"2025-02-30T00:00:00Z\"" },
	{ "{" B "\"size_usd\":1,\"ts\":\"2025-09-11T10:35:00\"}",
	    "ts: expected a time such as 2025-09-11T10:35:00Z, found "
	    "\"2025-09-11T10:35:00\"" },
	{ "{" B "\"size_usd\":1,\"ts\":\"10000-01-01T00:00:00Z\"}",
	    "ts: expected a time such as 2025-09-11T10:35:00Z, found "
	    "\"10000-01-01T00:00:00Z\"" },
	{ "{" B "\"size_usd\":1,\"ts\":1757586900}",
	    "ts: expected a time such as 2025-09-11T10:35:00Z, found "
	    "\"1757586900\"" },
};

static void
test_intents(void)
{
	for (size_t i = 0; i < sizeof(intents) / sizeof(intents[0]); i++)
		is(intent_of(intents[i].text), intents[i].want,
		    intents[i].text);
}

static void
test_intent_limits(void)
{
	char text[1024], long_id[256];

	memset(long_id, 'x', sizeof(long_id));
	snprintf(text, sizeof(text), "{" B "\"size_usd\":1,\"id\":\"%.*s\"}",
	    INTENT_ID_MAX - 1, long_id);
	ok(intent_of(text)[0] == '{', "an id of 128 bytes");
	snprintf(text, sizeof(text), "{" B "\"size_usd\":1,\"id\":\"%.*s\"}",
	    INTENT_ID_MAX, long_id);
	is(intent_of(text), "id: 129 bytes are too long, at most 128",
	    "and one more");
	snprintf(text, sizeof(text),
	    "{" B "\"size_usd\":1,\"triggered_by\":\"%.*s\"}", TRIGGER_MAX,
	    long_id);
	is(intent_of(text), "triggered_by: 81 bytes are too long, at most 80",
	    "a word for people of 81");
	snprintf(text, sizeof(text),
	    "{\"side\":\"BUY\",\"product_id\":\"%.200s\"}", long_id);
	ok(strncmp(intent_of(text), "product_id: expected", 20) == 0,
	    "20: a product of 200 letters");
}

static void
test_kinds(void)
{
	static const struct {
		const char *text;
		enum line_kind kind;
	} cases[] = {
		{ "{\"product_id\":\"BTC-USD\"}", LINE_INTENT },
		{ "{\"evaluation_id\":\"x\"}", LINE_SIGNAL },
		{ "{\"combined_score\":0.5}", LINE_SIGNAL },
		{ "{\"recommended_action\":\"BUY\"}", LINE_SIGNAL },
		{ "{\"side\":\"BUY\",\"combined_score\":null}", LINE_SIGNAL },
		{ "{\"x\":{\"combined_score\":1}}", LINE_INTENT },
		{ "{}", LINE_INTENT },
	};
	struct json_token tokens[16];
	struct json j;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char copy[128];

		snprintf(copy, sizeof(copy), "%s", cases[i].text);
		ok(json_read(copy, strlen(copy), tokens, 16, &j, &err) ==
			    TB_OK &&
			line_kind(&j, j.tokens) == cases[i].kind,
		    "25: kind of %s", cases[i].text);
	}
}

/* ------------------------------------------------------------- answers -- */

static struct decimal
amount(const char *s)
{
	struct decimal d = DECIMAL_ZERO;

	if (decimal_parse(s, strlen(s), &d) != TB_OK)
		abort();
	return d;
}

static struct trade
sample_trade(void)
{
	struct trade t = {
		.id = 123,
		.product_id = "BTC-USD",
		.side = SIDE_BUY,
		.size_usd = amount("50"),
		.size_crypto = amount("0.00125"),
		.price = amount("40000"),
		.order_id = "o-1",
		.status = TRADE_FILLED,
		.commission = amount("0.3"),
		.triggered_by = "bot:1",
	};

	ok(instant_parse("2025-09-11T10:35:12Z", 20, &t.created_at_us) == TB_OK,
	    "a moment");
	t.filled_at_us = t.created_at_us + 1500000;
	return t;
}

#define TRADE                                                                  \
 "{\"id\":123,\"product_id\":\"BTC-USD\",\"side\":\"BUY\","                    \
 "\"size_usd\":50.00,\"size_crypto\":0.00125,\"price\":40000.00,"              \
 "\"order_id\":\"o-1\",\"status\":\"filled\",\"commission\":0.30,"             \
 "\"created_at\":\"2025-09-11T10:35:12.000000Z\","                             \
 "\"filled_at\":\"2025-09-11T10:35:13.500000Z\","                              \
 "\"triggered_by\":\"bot:1\",\"signal_context\":null}"

static const char *
written_answer(const struct answer *a)
{
	struct json_writer w = { .out = &out };

	buffer_clear(&out);
	answer_write(&w, a);
	return buffer_string(&out);
}

static void
test_trade(void)
{
	struct json_writer w = { .out = &out };
	struct trade t = sample_trade();
	enum trade_status status;

	buffer_clear(&out);
	trade_write(&w, &t);
	is(buffer_string(&out), TRADE, "the redesign's trade object");

	t.status = TRADE_PENDING;
	t.filled_at_us = 0;
	t.signal_context = strdup("{\"bot_id\":1}");
	buffer_clear(&out);
	w = (struct json_writer){ .out = &out, .numbers = JSON_NUMBERS_STRING };
	trade_write(&w, &t);
	is(buffer_string(&out),
	    "{\"id\":123,\"product_id\":\"BTC-USD\",\"side\":\"BUY\","
	    "\"size_usd\":\"50.00\",\"size_crypto\":\"0.00125\","
	    "\"price\":\"40000.00\",\"order_id\":\"o-1\","
	    "\"status\":\"pending\",\"commission\":\"0.30\","
	    "\"created_at\":\"2025-09-11T10:35:12.000000Z\","
	    "\"filled_at\":null,\"triggered_by\":\"bot:1\","
	    "\"signal_context\":{\"bot_id\":1}}",
	    "pending, amounts as texts");
	trade_release(&t);
	ok(t.signal_context == NULL, "released");
	ok(trade_status_parse("cancelled", 9, &status) == TB_OK &&
		status == TRADE_CANCELLED,
	    "a status is read");
	ok(trade_status_parse("Filled", 6, &status) == TB_EINVAL,
	    "exactly as written");
}

static void
test_answers(void)
{
	struct trade t = sample_trade();
	struct answer a = {
		.outcome = ANSWER_TRADED,
		.has_bot = true,
		.bot_id = 1,
		.temperature = "HOT",
		.product_id = "BTC-USD",
		.trade = &t,
	};

	is(written_answer(&a),
	    "{\"trade_executed\":true,\"trade_id\":123,"
	    "\"temperature\":\"HOT\",\"bot_id\":1,\"replayed\":false,"
	    "\"trade\":" TRADE "}",
	    "traded");
	a = (struct answer){ .outcome = ANSWER_TRADED,
		.trade = &t,
		.replayed = true,
		.intent_id = "9",
		.id = "mine" };
	is(written_answer(&a),
	    "{\"trade_executed\":true,\"trade_id\":123,\"replayed\":true,"
	    "\"trade\":" TRADE ",\"intent_id\":\"9\",\"id\":\"mine\"}",
	    "an intent, again");
}

static void
test_refusals(void)
{
	struct answer a;

	a = (struct answer){ .outcome = ANSWER_NOT_TRADED,
		.reason = REASON_COOLDOWN,
		.message = "m",
		.have = { .kind = FIGURE_DURATION, .us = 190000000 },
		.need = { .kind = FIGURE_DURATION, .us = 900000000 },
		.has_bot = true,
		.bot_id = 1,
		.product_id = "BTC-USD" };
	is(written_answer(&a),
	    "{\"trade_executed\":false,\"reason\":\"cooldown\","
	    "\"message\":\"m\",\"have\":\"00:03:10\",\"need\":\"00:15:00\","
	    "\"bot_id\":1,\"product_id\":\"BTC-USD\"}",
	    "not traded");
	a = (struct answer){ .outcome = ANSWER_NOT_TRADED,
		.reason = REASON_MINIMUM,
		.message = "m",
		.have = { .kind = FIGURE_QUOTE, .amount = amount("5") },
		.need = { .kind = FIGURE_QUOTE, .amount = amount("10") },
		.product_id = "BTC-USD",
		.dry_run = true };
	is(written_answer(&a),
	    "{\"trade_executed\":false,\"reason\":\"minimum\","
	    "\"message\":\"m\",\"have\":5.00,\"need\":10.00,"
	    "\"product_id\":\"BTC-USD\",\"dry_run\":true}",
	    "amounts");
	a = (struct answer){ .outcome = ANSWER_NOT_TRADED,
		.reason = REASON_INVALID,
		.message = "m",
		.line = 3,
		.element = 2,
		.have = { .kind = FIGURE_COUNT, .count = 6 },
		.need = { .kind = FIGURE_TEXT, .text = "x" } };
	is(written_answer(&a),
	    "{\"trade_executed\":false,\"reason\":\"invalid\","
	    "\"message\":\"m\",\"have\":6,\"need\":\"x\",\"line\":3,"
	    "\"element\":2}",
	    "a bad line");
	a = (struct answer){ .outcome = ANSWER_UNSURE,
		.reason = REASON_UNKNOWN,
		.message = "an order may be live: run tb-sync reconcile",
		.intent_id = "9",
		.product_id = "BTC-USD",
		.replayed = true };
	is(written_answer(&a),
	    "{\"trade_executed\":null,\"reason\":\"unknown\","
	    "\"intent_id\":\"9\",\"message\":\"an order may be live: run "
	    "tb-sync reconcile\",\"product_id\":\"BTC-USD\","
	    "\"replayed\":true}",
	    "nobody knows");
}

static void
test_reasons(void)
{
	int refusals = 0;

	for (int r = REASON_NONE + 1; r < ANSWER_REASONS; r++) {
		const char *name = answer_reason_name((enum answer_reason)r);
		enum answer_reason back = REASON_NONE;

		if (answer_reason_parse(name, strlen(name), &back) != TB_OK ||
		    back != (enum answer_reason)r)
			ok(false, "%s is not read back", name);
		refusals += answer_reason_is_refusal((enum answer_reason)r);
	}
	is_int(refusals, 20, "20 reasons are refusals, as design.md lists");
	ok(answer_reason_status(REASON_HOLD) == TB_OK &&
		answer_reason_status(REASON_MINIMUM) == TB_EREFUSED &&
		answer_reason_status(REASON_VENUE) == TB_EVENUE &&
		answer_reason_status(REASON_UNRESOLVED) == TB_EUNKNOWN &&
		answer_reason_status(REASON_HALTED) == TB_EHALTED &&
		answer_reason_status(REASON_NOT_SENT) == TB_ENET &&
		answer_reason_status(REASON_INVALID) == TB_EINVAL,
	    "and each has its class");
}

int
main(void)
{
	buffer_init(&out, 1 << 24);
	test_stream();
	test_stream_limits();
	test_intents();
	test_intent_limits();
	test_kinds();
	test_trade();
	test_answers();
	test_refusals();
	test_reasons();
	buffer_release(&out);
	return tap_done();
}
