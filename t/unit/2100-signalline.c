/*
 * The signal line: byte for byte the one of tb-json(5), and back.
 */

#include "base/instant.h"
#include "tap.h"
#include "wire/signalline.h"

/* As design and manual show it. */
static const char sample[] =
    "{\"bot_id\":1,\"product_id\":\"BTC-USD\",\"temperature\":\"HOT\","
    "\"combined_score\":0.85,\"recommended_action\":\"BUY\","
    "\"last_evaluation\":\"2025-09-11T10:35:12.000000Z\","
    "\"ready_to_trade\":true,\"name\":\"BTC Oversold\","
    "\"evaluation_id\":"
    "\"BTC Oversold/BTC-USD/5m/2025-09-11T10:35:00Z/9f2c41d0\","
    "\"candle_at\":\"2025-09-11T10:35:00.000000Z\",\"not_ready\":[],"
    "\"price\":40000.00,\"trade_size_usd\":25.00,"
    "\"confirmation\":{\"since\":\"2025-09-11T10:30:00.000000Z\","
    "\"since_is_bound\":true,\"required_minutes\":5,"
    "\"elapsed_minutes\":5,\"confirmed\":true},"
    "\"cooldown\":{\"until\":null,\"active\":false},"
    "\"individual_signals\":{\"rsi\":{\"enabled\":true,\"weight\":1.0,"
    "\"score\":0.85,\"value\":9}}}";

static struct json_token tokens[JSON_TOKENS_MAX];

static enum tb_status
read_line(const char *text, struct signalline *out, struct tb_err *err)
{
	static char copy[65536];
	struct json j;
	enum tb_status status;

	snprintf(copy, sizeof(copy), "%s", text);
	status =
	    json_read(copy, strlen(copy), tokens, JSON_TOKENS_MAX, &j, err);
	if (status != TB_OK)
		return status;
	return signalline_read(&j, &j.tokens[0], out, err);
}

static void
write_line(const struct signalline *line, enum json_numbers numbers, char *out,
    size_t size)
{
	struct buffer b;
	struct json_writer w = { .out = &b, .numbers = numbers };

	buffer_init(&b, 65536);
	signalline_write(&w, line);
	snprintf(out, size, "%s", buffer_string(&b));
	buffer_release(&b);
}

static void
test_sample(void)
{
	struct signalline line = { 0 };
	struct tb_err err = { 0 };
	char again[4096];

	is_int(read_line(sample, &line, &err), TB_OK, "the sample is read");
	is(err.msg, "", "without a word");
	is_int(line.bot_id, 1, "bot_id");
	is_int(line.action, ACTION_BUY, "recommended_action");
	is_int(line.temperature, TEMPERATURE_HOT, "temperature");
	ok(line.ready && line.not_ready == 0, "it is ready");
	ok(line.has_price && decimal_cmp(line.price, DECIMAL_OF(40000)) == 0,
	    "the price is exact");
	is_int(line.candle_at_us, INT64_C(1757586900000000), "candle_at");
	is_int(line.since_us, INT64_C(1757586600000000), "since");
	is_int((long long)line.part_count, 1, "one signal");
	is(line.parts[0].values[0].key, "value", "with a value");
	write_line(&line, JSON_NUMBERS_NUMBER, again, sizeof(again));
	is(again, sample, "and written back byte for byte");
}

static void
test_everything(void)
{
	struct signalline line = { 0 };
	struct tb_err err = { 0 };
	char first[8192], second[8192];

	(void)read_line(sample, &line, &err);
	line.action = ACTION_HOLD;
	line.ready = false;
	line.not_ready = (1U << NOT_READY_COUNT) - 1;
	line.has_price = false;
	line.has_score = false;
	line.candle_at_us = line.since_us = 0;
	line.evaluation_id[0] = '\0';
	line.cooldown_until_us = line.instant_us + 1;
	line.cooling_down = line.forced = line.short_history = true;
	line.missing = 7;
	line.parts[0].has_score = false;
	snprintf(line.parts[0].reason, sizeof(line.parts[0].reason),
	    "warming_up");
	snprintf(line.parts[0].message, sizeof(line.parts[0].message),
	    "not enough candles");
	line.parts[0].values[0].known = false;
	snprintf(line.error, sizeof(line.error), "jq: \"x\"");
	write_line(&line, JSON_NUMBERS_NUMBER, first, sizeof(first));
	ok(strstr(first,
	       "\"not_ready\":[\"hold\",\"confirming\",\"cooldown\","
	       "\"stale_data\",\"warming_up\",\"halted\",\"vetoed\","
	       "\"bot_error\"]") != NULL,
	    "reasons stand in their order");
	ok(strstr(first,
	       "\"forced\":true,\"short_history\":true,\"missing\":7,"
	       "\"error\":\"jq: \\\"x\\\"\"}") != NULL,
	    "what is not always there stands at the end");
	is_int(read_line(first, &line, &err), TB_OK, "it is read back");
	write_line(&line, JSON_NUMBERS_NUMBER, second, sizeof(second));
	is(second, first, "and nothing is lost");
	write_line(&line, JSON_NUMBERS_STRING, second, sizeof(second));
	ok(strstr(second, "\"trade_size_usd\":\"25.00\"") != NULL &&
		strstr(second, "\"weight\":1.0") != NULL,
	    "--numbers=string quotes amounts and nothing else");
}

/* The sample with one text replaced is refused, with these words. */
static void
refuses(const char *old, const char *new, const char *words)
{
	static char text[8192];
	struct signalline line = { 0 };
	struct tb_err err = { 0 };
	const char *at = strstr(sample, old);

	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - sample), sample,
	    new, at + strlen(old));
	is_int(read_line(text, &line, &err), TB_EINVAL, new);
	is(err.msg, words, "  and says why");
}

static void
test_refusals(void)
{
	refuses("\"bot_id\":1,", "", "bot_id: missing");
	refuses("\"bot_id\":1", "\"bot_id\":0",
	    "bot_id: expected a whole number from 1 to 9223372036854775807");
	refuses("\"bot_id\":1", "\"bot_id\":1.5",
	    "bot_id: expected a whole number from 1 to 9223372036854775807");
	refuses("\"BUY\"", "\"buy\"",
	    "recommended_action: expected BUY, SELL or HOLD");
	refuses("\"HOT\"", "\"hot\"",
	    "temperature: expected HOT, WARM, COOL or FROZEN");
	refuses("10:35:12.000000Z", "10:35:12",
	    "last_evaluation: expected a time like 2025-09-11T10:30:00Z");
	refuses("true,\"name\"", "1,\"name\"",
	    "ready_to_trade: expected true or false");
	refuses("\"not_ready\":[]", "\"not_ready\":[\"cooldown\"]",
	    "ready_to_trade: not_ready says otherwise");
	refuses("\"name\":\"BTC Oversold\"", "\"name\":\"Other\"",
	    "evaluation_id: expected that of Other on BTC-USD at candle_at");
	refuses("\"candle_at\":\"2025-09-11T10:35:00",
	    "\"candle_at\":\"2025-09-11T10:30:00",
	    "evaluation_id: expected that of BTC Oversold on BTC-USD at "
	    "candle_at");
	refuses("/9f2c41d0", "/9F2C41D0",
	    "evaluation_id: expected NAME/PRODUCT/GRANULARITY/TIME/HASH");
	refuses("25.00", "0", "trade_size_usd: expected an amount above 0");
	refuses("\"trade_size_usd\":25.00,", "", "trade_size_usd: missing");
	refuses("0.85,\"recom", "\"0.85\",\"recom",
	    "combined_score: expected a number");
	refuses("\"active\":false", "\"active\":0",
	    "cooldown: active: expected true or false");
}

static void
refuses_id(const char *s)
{
	struct evaluation_id id;

	is_int(evaluation_id_parse(s, &id, NULL), TB_EINVAL, s);
}

static void
test_ids(void)
{
	static const char good[] =
	    "BTC Oversold/BTC-USD/5m/2025-09-11T10:35:00Z/9f2c41d0";
	struct evaluation_id id;
	char again[EVALUATION_ID_MAX], longest[EVALUATION_ID_MAX];

	is_int(evaluation_id_parse(good, &id, NULL), TB_OK, good);
	is(id.name, "BTC Oversold", "name");
	is(id.product_id, "BTC-USD", "product");
	is_int(id.granularity_s, 300, "granularity");
	is_int(id.candle_at_us, INT64_C(1757586900000000), "candle");
	is(id.hash, "9f2c41d0", "hash");
	evaluation_id_format(&id, again);
	is(again, good, "formatted again");
	snprintf(longest, sizeof(longest),
	    "%064d/AAAAAAAAAAAAAAAAAAAA-BBBBBBBBBBBBBBBBBBBB/15m/"
	    "2025-09-11T10:35:00Z/9f2c41d0",
	    1);
	is_int(evaluation_id_parse(longest, &id, NULL), TB_OK,
	    "the longest name and product");
	refuses_id("");
	refuses_id("BTC/BTC-USD/5m/2025-09-11T10:35:00Z");
	refuses_id("BTC/BTC-USD/5m/2025-09-11T10:35:00Z/9f2c41d");
	refuses_id("BTC/BTC-USD/5m/2025-09-11T10:35:00Z/9f2c41d00");
	refuses_id("BTC/BTC-USD/5m/2025-09-11T10:35:00Z/9f2c41d0/");
	refuses_id("BTC/BTC-USD/300/2025-09-11T10:35:00Z/9f2c41d0");
	refuses_id("BTC/BTC-USD/5m/2025-09-11T10:35:00.5Z/9f2c41d0");
	refuses_id("BTC/BTC-USD/5m/2025-09-11 10:35:00Z/9f2c41d0");
	refuses_id("BTC/btc-usd/5m/2025-09-11T10:35:00Z/9f2c41d0");
	refuses_id("/BTC-USD/5m/2025-09-11T10:35:00Z/9f2c41d0");
	refuses_id("..//BTC-USD/5m/2025-09-11T10:35:00Z/9f2c41d0");
}

int
main(void)
{
	test_sample();
	test_everything();
	test_refusals();
	test_ids();
	return tap_done();
}
