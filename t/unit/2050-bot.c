/*
 * bot: defaults, expressions, and every rule of bot_check() one past its
 * limit.
 */

#include "bars.h"

static struct bot
good(void)
{
	struct bot bot = bot_plain("good", 300, STYLE_DEFAULT);

	bot_add(&bot, "rsi", SCORE_RSI, 60);
	bot_add(&bot, "ma", SCORE_MA, 40);
	return bot;
}

static struct decimal
decimal(const char *s)
{
	struct decimal d;

	if (decimal_parse(s, strlen(s), &d) != TB_OK)
		abort();
	return d;
}

static void
accepts(const struct bot *bot, const char *what)
{
	struct tb_err err = { 0 };

	if (!ok(bot_check(bot, &err) == TB_OK, "%s", what))
		printf("# %s\n", err.msg);
}

static void
refuses(const struct bot *bot, const char *message)
{
	struct tb_err err = { 0 };

	ok(bot_check(bot, &err) == TB_EINVAL, "refused");
	is(err.msg, message, message);
}

static void
test_defaults(void)
{
	struct bot bot;
	char buf[DECIMAL_STRLEN];

	bot_init(&bot);
	is_int(bot.status, BOT_STOPPED, "a new bot is stopped");
	is_int(bot.confirmation_minutes, 5, "confirms for 5 minutes");
	is_int(bot.cooldown_minutes, 15, "cools down for 15");
	decimal_format(bot.trade_size_usd, buf);
	is(buf, "10", "trades 10");
	decimal_format(bot.buy_threshold, buf);
	is(buf, "0.5", "buys from 0.5 on");
	decimal_format(bot.sell_threshold, buf);
	is(buf, "-0.5", "sells from -0.5 on");
	refuses(&bot, "name: missing");
}

static void
test_fields(void)
{
	struct bot bot = good();

	accepts(&bot, "a good bot");
	snprintf(bot.product_id, sizeof(bot.product_id), "btc-usd");
	refuses(&bot,
	    "product_id: expected one such as BTC-USD, got \"btc-usd\"");
	bot = good();
	bot.granularity_s = 301;
	refuses(&bot,
	    "granularity: expected 1m, 5m, 15m, 30m, 1h, 2h, 4h, 6h,"
	    " 12h or 1d, got 301 seconds");
	bot = good();
	bot.confirmation_minutes = BOT_MINUTES_MAX;
	bot.cooldown_minutes = BOT_COOLDOWN_MAX;
	accepts(&bot, "a week of confirmation, a year of cooldown");
	bot.confirmation_minutes = BOT_MINUTES_MAX + 1;
	refuses(&bot, "confirmation_minutes: expected 0 to 10080, got 10081");
	bot.confirmation_minutes = -1;
	refuses(&bot, "confirmation_minutes: expected 0 to 10080, got -1");
	bot = good();
	bot.cooldown_minutes = BOT_COOLDOWN_MAX + 1;
	refuses(&bot, "cooldown_minutes: expected 0 to 525600, got 525601");
	bot = good();
	bot.buy_threshold = decimal("1");
	bot.sell_threshold = decimal("-1");
	accepts(&bot, "thresholds of 1 and -1");
	bot.buy_threshold = decimal("1.000000000000000001");
	refuses(&bot,
	    "buy_threshold: expected more than 0, at most 1, got"
	    " 1.000000000000000001");
	bot.buy_threshold = decimal("0");
	refuses(&bot, "buy_threshold: expected more than 0, at most 1, got 0");
	bot = good();
	bot.sell_threshold = decimal("0");
	refuses(&bot,
	    "sell_threshold: expected less than 0, at least -1, got 0");
	bot.sell_threshold = decimal("-1.1");
	refuses(&bot,
	    "sell_threshold: expected less than 0, at least -1, got -1.1");
	bot = good();
	bot.trade_size_usd = decimal("0");
	refuses(&bot, "trade_size_usd: expected more than 0, got 0");
}

static void
test_signals(void)
{
	struct bot bot = bot_plain("none", 300, STYLE_DEFAULT);
	char key[8];

	refuses(&bot, "signals: expected 1 to 16, got 0");
	for (int i = 0; i < BOT_SIGNALS_MAX; i++) {
		snprintf(key, sizeof(key), "s%d", i);
		bot_add(&bot, key, SCORE_RSI, 6);
	}
	accepts(&bot, "16 signals");
	bot.signal_count = BOT_SIGNALS_MAX + 1;
	refuses(&bot, "signals: expected 1 to 16, got 17");

	bot = good();
	bot.signals[1].weight = decimal("0.400000000000000001");
	refuses(&bot,
	    "signals: enabled weights sum to 1.000000000000000001,"
	    " at most 1 is allowed");
	bot.signals[1].enabled = false;
	accepts(&bot, "a signal that is off does not count");
	bot.signals[1].weight = decimal("1.1");
	refuses(&bot, "signals.ma: weight: expected 0 to 1, got 1.1");
	bot.signals[1].weight = decimal("-0.1");
	refuses(&bot, "signals.ma: weight: expected 0 to 1, got -0.1");

	bot = bot_plain("tenths", 300, STYLE_DEFAULT);
	for (int i = 0; i < 10; i++) {
		snprintf(key, sizeof(key), "s%d", i);
		bot_add(&bot, key, SCORE_RSI, 10);
	}
	accepts(&bot, "ten times 0.1 is 1");

	bot = good();
	memcpy(bot.signals[1].key, "rsi", 4);
	refuses(&bot, "signals.rsi: stands there twice");
	bot = good();
	bot.signals[0].p.value[0] = 1;
	refuses(&bot,
	    "signals.rsi: period: expected a whole number from 2 to"
	    " 1000, got 1");
	ok(bot_find_signal(&bot, "ma") == &bot.signals[1] &&
		bot_find_signal(&bot, "m") == NULL,
	    "signals are found by their whole key");
}

static void
test_jq(void)
{
	struct bot bot = good();
	struct bot_signal *jq = bot_add(&bot, "dip", SCORE_JQ, 0);
	struct tb_err err = { 0 };

	refuses(&bot, "signals.dip: jq: an expression is missing");
	if (bot_add_text(&bot, ".close", 6, &jq->jq, NULL) != TB_OK)
		abort();
	accepts(&bot, "an expression");
	is(bot_text(&bot, jq->jq), ".close", "it is kept");
	ok(bot_text(&bot, 0) == NULL, "0 is none");
	if (series_parse("obv", 3, &jq->uses[jq->uses_count++], &err) != TB_OK)
		abort();
	refuses(&bot,
	    "signals.dip: uses: obv never forgets its first candle:"
	    " no input of a bot");
	if (series_parse("sma", 3, &jq->uses[0], &err) != TB_OK)
		abort();
	accepts(&bot, "what it may read");
	jq->uses[jq->uses_count++] = jq->uses[0];
	refuses(&bot, "signals.dip: uses: sma(20) stands there twice");
}

static void
test_texts(void)
{
	static char longest[BOT_EXPRESSION_MAX + 1];
	struct bot bot, copy;
	struct tb_err err = { 0 };
	uint16_t kept[4] = { 0 };

	bot_init(&bot);
	memset(longest, '1', sizeof(longest));
	ok(bot_add_text(&bot, longest, BOT_EXPRESSION_MAX + 1, kept, &err) ==
		TB_ERANGE,
	    "one byte too many");
	is(err.msg, "expression of 4097 bytes: at most 4096 are read",
	    "is told");
	ok(bot_add_text(&bot, "a\0b", 3, kept, &err) == TB_ERANGE,
	    "a NUL inside is refused");
	ok(bot_add_text(&bot, longest, BOT_EXPRESSION_MAX, &kept[0], &err) ==
		    TB_OK &&
		bot_add_text(&bot, longest, BOT_EXPRESSION_MAX, &kept[1],
		    &err) == TB_OK,
	    "two of the longest fit");
	copy = bot;
	is_int((long long)strlen(bot_text(&copy, kept[1])), BOT_EXPRESSION_MAX,
	    "a copy of the bot has them");
	ok(bot_add_text(&bot, longest, sizeof(bot.text) - bot.text_len,
	       &kept[2], &err) == TB_ERANGE,
	    "what does not fit with the others is refused");
	ok(bot_add_text(&bot, longest, sizeof(bot.text) - bot.text_len - 1,
	       &kept[2], &err) == TB_OK,
	    "what just fits is kept");
	ok(bot_add_text(&bot, "", 0, &kept[3], &err) == TB_ERANGE,
	    "then not even an empty one");
}

static void
test_words(void)
{
	enum bot_status status = BOT_ERROR;
	enum bot_combine combine = COMBINE_SUM;

	ok(bot_status_parse("running", 7, &status) == TB_OK &&
		status == BOT_RUNNING,
	    "a status in any case");
	ok(bot_status_parse("RUN", 3, &status) == TB_EINVAL, "but whole");
	ok(bot_combine_parse("mean", 4, &combine) == TB_OK &&
		combine == COMBINE_MEAN,
	    "mean");
	ok(bot_combine_parse("MEAN", 4, &combine) == TB_EINVAL, "as written");
	is(bot_status_name(BOT_ERROR), "ERROR", "ERROR");
	is(bot_combine_name(COMBINE_SUM), "sum", "sum");
}

int
main(void)
{
	test_defaults();
	test_fields();
	test_signals();
	test_jq();
	test_texts();
	test_words();
	return tap_done();
}
