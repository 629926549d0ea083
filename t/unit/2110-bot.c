/*
 * bot: YAML, canonical configuration, hash, difference, lint.
 *
 * The hashes were made with Python: json.dumps(sort_keys=True) and hashlib.
 */

#include "bot/botfile.h"
#include "bot/botjson.h"
#include "bot/difference.h"
#include "bot/field.h"
#include "bot/lint.h"
#include "tap.h"

static const char oversold[] = "bots:\n"
			       "  - name: BTC Oversold\n"
			       "    product_id: BTC-USD\n"
			       "    status: RUNNING\n"
			       "    trade_size_usd: 25.00\n"
			       "    cooldown_minutes: 240\n"
			       "    signals:\n"
			       "      rsi: {weight: 1.0}\n";

/* The same, every default written out, in another order and notation. */
static const char spelled[] =
    "bots:\n"
    "- {signals: {rsi: {oversold: 30.0, smoothing: wilder, overbought: 70,\n"
    "    period: 14, enabled: yes, weight: 1, kind: rsi}}, style: default,\n"
    "    when: null, combine: sum, sell_threshold: -0.50,\n"
    "    buy_threshold: 0.500, confirmation_minutes: 5, granularity: 300,\n"
    "    product_id: BTC-USD, name: Other, cooldown_minutes: 1,\n"
    "    trade_size_usd: 25}\n";

static const char canonical[] =
    "{\"buy_threshold\":0.5,\"combine\":\"sum\",\"confirmation_minutes\":5,"
    "\"granularity\":\"5m\",\"product_id\":\"BTC-USD\","
    "\"sell_threshold\":-0.5,\"signals\":{\"rsi\":{\"enabled\":true,"
    "\"kind\":\"rsi\",\"overbought\":70,\"oversold\":30,\"period\":14,"
    "\"smoothing\":\"wilder\",\"weight\":1}},\"style\":\"default\","
    "\"trade_size_usd\":25,\"when\":null}";

static void
parse(struct botfile *file, const char *text)
{
	struct tb_err err = { 0 };

	if (botfile_parse(file, "t.yaml", text, strlen(text), NULL, &err) !=
	    TB_OK)
		printf("# %s\n", err.msg);
}

static void
config(const struct bot *bot, char *out, size_t size, char *hash)
{
	struct buffer text;

	buffer_init(&text, BOT_JSON_MAX);
	(void)bot_config_text(bot, &text, hash, NULL);
	snprintf(out, size, "%s", buffer_string(&text));
	buffer_release(&text);
}

static void
test_canonical(void)
{
	struct botfile a, b;
	struct bot again;
	char text[4096], hash[DIGEST_HEX];

	parse(&a, oversold);
	parse(&b, spelled);
	ok(a.count == 1 && a.wrong == 0, "the sample is read");
	ok(a.bots[0].has_status && a.bots[0].line == 2, "with its line");
	ok(b.count == 1 && b.wrong == 0 && !b.bots[0].has_status,
	    "so is its long form");
	config(&a.bots[0].bot, text, sizeof(text), hash);
	is(text, canonical, "canonical configuration");
	hash[8] = '\0';
	is(hash, "6b1c728c", "its hash");
	config(&b.bots[0].bot, text, sizeof(text), hash);
	is(text, canonical, "one configuration has one text");

	bot_init(&again);
	(void)bot_set(&again, "name", "Again", NULL);
	is_int(bot_read_config(&again, canonical, NULL), TB_OK,
	    "the text is read back");
	config(&again, text, sizeof(text), hash);
	is(text, canonical, "and nothing is lost");
	botfile_release(&a);
	botfile_release(&b);
}

static void
test_jq(void)
{
	static const char yaml[] =
	    "bots:\n"
	    "  - name: BTC Trend\n"
	    "    product_id: BTC-USD\n"
	    "    trade_size_usd: 25.00\n"
	    "    confirmation_minutes: 30\n"
	    "    signals:\n"
	    "      macd: {weight: 0.6, fast: 12, slow: 26, signal: 9}\n"
	    "      ma:   {weight: 0.4, fast: 10, slow: 20}\n"
	    "      dip:  {weight: 0.0, uses: 'sma(20)', jq: 'if .close < 0.97"
	    " * .sma_20 then 1 else 0 end'}\n";
	struct botfile file;
	struct bot again;
	char text[4096], back[4096], hash[DIGEST_HEX];

	parse(&file, yaml);
	config(&file.bots[0].bot, text, sizeof(text), hash);
	hash[8] = '\0';
	is(hash, "1fa75f35", "the hash of a bot with an expression");
	bot_init(&again);
	(void)bot_set(&again, "name", "Again", NULL);
	is_int(bot_read_config(&again, text, NULL), TB_OK, "it is read back");
	config(&again, back, sizeof(back), hash);
	is(back, text, "and nothing is lost");
	botfile_release(&file);
}

static void
refuses_config(const char *text, const char *words)
{
	struct tb_err err = { 0 };
	struct bot bot;

	bot_init(&bot);
	(void)bot_set(&bot, "name", "Damaged", NULL);
	is_int(bot_read_config(&bot, text, &err), TB_EINVAL, text);
	is(err.msg, words, "  and says why");
}

static void
test_damaged(void)
{
	refuses_config("[]", "expected an object");
	refuses_config("{}", "signals: expected an object");
	refuses_config("{\"x\":1}", "x: a bot has no such key");
	refuses_config("{\"signals\":{\"rsi\":1}}",
	    "signals.rsi: expected an object");
	refuses_config("{\"signals\":{\"rsi\":{\"x\":1}}}",
	    "signals.rsi: x: a signal of kind rsi has no such key");
	refuses_config("{\"product_id\":\"A-USD\",\"signals\":{}}",
	    "signals: expected 1 to 16, got 0");
}

/* ----------------------------------------------------------- difference -- */

static enum tb_status
collect(const char *path, const char *from, const char *to, void *arg,
    struct tb_err *err)
{
	struct buffer *out = arg;

	(void)err;
	buffer_add_format(out, "%s: %s -> %s\n", path,
	    from == NULL ? "none" : from, to == NULL ? "none" : to);
	return TB_OK;
}

static void
test_difference(void)
{
	struct botfile file;
	struct bot to;
	struct bot_signal *s;
	struct buffer out;

	parse(&file, oversold);
	to = file.bots[0].bot;
	buffer_init(&out, 4096);
	(void)bot_difference(&file.bots[0].bot, &to, collect, &out, NULL);
	is(buffer_string(&out), "", "a bot does not differ from itself");
	(void)bot_set_path(&to, "when", ".price > 1", NULL);
	(void)bot_set_path(&to, "signals.rsi.weight", "0.50", NULL);
	(void)bot_set_path(&to, "trade_size_usd", "25.000", NULL);
	(void)bot_difference(&file.bots[0].bot, &to, collect, &out, NULL);
	is(buffer_string(&out),
	    "when: none -> .price > 1\nsignals.rsi.weight: 1 -> 0.5\n",
	    "values differ, notations do not");
	(void)bot_add_signal(&to, "x", "bbands", &s, NULL);
	buffer_clear(&out);
	(void)bot_difference(&to, &file.bots[0].bot, collect, &out, NULL);
	ok(strstr(buffer_string(&out), "signals.x.width: 2 -> none\n") != NULL,
	    "a signal that goes, goes key by key");
	buffer_release(&out);
	botfile_release(&file);
}

/* ------------------------------------------------------------------ lint -- */

static void
count_words(const char *words, void *arg)
{
	int *count = arg;

	(void)words;
	++*count;
}

static void
ready(struct readiness *r, const struct bot *bot, int minute)
{
	struct evaluation e = { .action = ACTION_BUY,
		.candle_at_s = INT64_C(60) * minute,
		.confirmation = { .confirmed = true } };

	readiness_add(r, bot, &e);
}

static void
test_readiness(void)
{
	struct readiness r = { 0 };
	struct bot bot;
	int warnings = 0;

	bot_init(&bot);
	bot.cooldown_minutes = 144; /* exactly ten times a day */
	for (int i = 1; i <= 1441; i++)
		ready(&r, &bot, i);
	is_int(r.ready, 11, "1, 145, ..., 1441: eleven times");
	is_int(r.candles, 1441, "in 1441 candles");
	readiness_lint(&r, count_words, &warnings);
	is_int(warnings, 1, "more than ten times a day");
	bot.cooldown_minutes = 145;
	r = (struct readiness){ 0 };
	for (int i = 1; i <= 1441; i++)
		ready(&r, &bot, i);
	warnings = 0;
	readiness_lint(&r, count_words, &warnings);
	ok(r.ready == 10 && warnings == 0, "ten times is fine");
	r.ready = 0;
	readiness_lint(&r, count_words, &warnings);
	is_int(warnings, 1, "never is not");
	r.last_at_s--;
	warnings = 0;
	readiness_lint(&r, count_words, &warnings);
	is_int(warnings, 0, "less than a day says nothing");
}

int
main(void)
{
	test_canonical();
	test_jq();
	test_damaged();
	test_difference();
	test_readiness();
	return tap_done();
}
