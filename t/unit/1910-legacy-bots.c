/*
 * Bots of the old system: every form of their configurations becomes a bot of
 * style legacy, and its combined score is minus the old one, to 1e-9.
 */

#include <math.h>
#include <string.h>

#include "bot/botjson.h"
#include "legacy/bots.h"
#include "signal/evaluation.h"
#include "tap.h"

#define TEXT_MAX (1U << 20)
#define TOKENS_MAX 8192

static struct legacy_bot got;

/* A row with this pair, size and configuration; NULL: NULL. */
static bool
read_bot(const char *config)
{
	static char row[65536];
	struct buffer text;
	struct json_writer w = { .out = &text };
	struct tb_err err = { 0 };

	buffer_init(&text, sizeof(row));
	json_open(&w, '{');
	json_key(&w, "id");
	json_int(&w, 7);
	json_key(&w, "name");
	json_string(&w, "A bot");
	json_key(&w, "pair");
	json_string(&w, " btc-usd");
	json_key(&w, "status");
	json_string(&w, "running");
	json_key(&w, "position_size_usd");
	json_raw(&w, "25.0", 4);
	json_key(&w, "confirmation_minutes");
	json_int(&w, 3);
	json_key(&w, "cooldown_minutes");
	json_int(&w, 20);
	json_key(&w, "signal_config");
	json_string(&w, config);
	json_close(&w, '}');
	if (legacy_bot_read(text.data, text.len, &got, &err) != TB_OK)
		printf("# %s\n", err.msg);
	buffer_release(&text);
	return err.status == TB_OK;
}

static bool
is_odd(enum legacy_bot_oddity oddity)
{
	return (got.oddities >> oddity & 1) != 0;
}

/* The whole bot as one text. */
static const char *
shown(void)
{
	static struct buffer text;
	char hash[DIGEST_HEX];

	buffer_release(&text);
	buffer_init(&text, TEXT_MAX);
	(void)bot_config_text(&got.bot, &text, hash, NULL);
	return buffer_string(&text);
}

static void
test_forms(void)
{
	ok(read_bot("{\"RSI\": {\"enabled\": true, \"weight\": 0.5, "
		    "\"period\": 14, \"oversold\": 25, \"overbought\": 75},"
		    "\"MA\": {\"enabled\": true, \"weight\": 0.5,"
		    "\"fast_period\": 10, \"slow_period\": 20}}"),
	    "upper-case keys are read");
	is(shown(),
	    "{\"buy_threshold\":0.1,\"combine\":\"mean\","
	    "\"confirmation_minutes\":3,\"granularity\":\"1h\","
	    "\"product_id\":\"BTC-USD\",\"sell_threshold\":-0.1,\"signals\":{"
	    "\"ma_unknown\":{\"enabled\":false,\"fast\":10,\"kind\":\"ma\","
	    "\"slow\":20,\"type\":\"sma\",\"weight\":0},"
	    "\"rsi\":{\"enabled\":true,\"kind\":\"rsi\",\"overbought\":75,"
	    "\"oversold\":25,\"period\":14,\"smoothing\":\"simple\","
	    "\"weight\":0.5}},\"style\":\"legacy\",\"trade_size_usd\":25,"
	    "\"when\":null}",
	    "an MA that was never recognised counts as little as before");
	ok(is_odd(LEGACY_BOT_SIGNAL_UNKNOWN) && is_odd(LEGACY_BOT_WAS_RUNNING),
	    "and is told");
	ok(got.bot.status == BOT_STOPPED && got.bot.cooldown_minutes == 20,
	    "every bot is STOPPED");
	ok(read_bot("{\"rsi\": {\"enabled\": true, \"weight\": 0.9},"
		    "\"macd\": {\"enabled\": true, \"weight\": 0.6}}") &&
		is_odd(LEGACY_BOT_WEIGHTS_SCALED) &&
		got.bot.signals[0].weight.v == DECIMAL_ONE_UNITS / 10 * 6 &&
		got.bot.signals[1].weight.v == DECIMAL_ONE_UNITS / 10 * 4,
	    "weights of 0.9 and 0.6 become 0.6 and 0.4");
	ok(read_bot("{\"rsi\": {\"enabled\": true, \"weight\": 1},"
		    "\"trading_thresholds\": {\"buy_threshold\": -0.05,"
		    "\"sell_threshold\": 0.08}}") &&
		is_odd(LEGACY_BOT_THRESHOLDS) &&
		got.bot.buy_threshold.v == DECIMAL_ONE_UNITS / 20 &&
		got.bot.sell_threshold.v == -DECIMAL_ONE_UNITS / 25 * 2,
	    "thresholds of its own are turned");
	ok(read_bot("{\"trading_thresholds\": {\"buy_threshold\": -0.05,"
		    "\"sell_threshold\": 0.05}}") &&
		is_odd(LEGACY_BOT_CONFIG_UNUSABLE) &&
		is_odd(LEGACY_BOT_THRESHOLDS) && got.bot.signal_count == 1 &&
		!got.bot.signals[0].enabled,
	    "thresholds alone: a bot that decides nothing");
	ok(read_bot("{\"rsi\": {\"enabled\": true, \"weight\": 1},"
		    "\"trading_thresholds\": {\"buy_threshold\": 0.05,"
		    "\"sell_threshold\": 0.08}}") &&
		is_odd(LEGACY_BOT_THRESHOLDS_UNUSABLE),
	    "two thresholds of one sign make no sense");
	ok(read_bot("{\"rsi\": {\"enabled\": true,"
		    "\"weight\": 0.3333333333333333}}") &&
		got.bot.signals[0].weight.v ==
		    (decimal_units)333333333333333300,
	    "a weight keeps all its decimals");
	ok(read_bot("{\"moving_average\": {\"enabled\": true, \"weight\": 1,"
		    "\"fast_period\": 50, \"slow_period\": 200}}") &&
		is_odd(LEGACY_BOT_SIGNAL_UNUSABLE) &&
		!got.bot.signals[0].enabled,
	    "averages of 200 of 100 closes never gave a score");
	ok(read_bot("{\"moving_average\": {\"enabled\": true, \"weight\": 1,"
		    "\"fast_period\": 26, \"slow_period\": 12}, \"macd\":"
		    "{\"enabled\": true, \"weight\": 1, \"fast_period\": 26,"
		    "\"slow_period\": 12}}") &&
		got.bot.signals[0].enabled && got.bot.signals[1].enabled &&
		!is_odd(LEGACY_BOT_SIGNAL_UNUSABLE),
	    "a fast average that is the slower one gave a score");
	ok(read_bot("{\"rsi\": {\"enabled\": true, \"weight\": 0.5},"
		    "\"Rsi\": {\"enabled\": true, \"weight\": 0.5}}") &&
		got.bot.signal_count == 2 &&
		strcmp(got.bot.signals[1].key, "rsi_2") == 0,
	    "the same signal in two spellings counts twice, as before");
}

static void
test_unusable(void)
{
	static const char *const configs[] = { NULL, "", "{}", "[]", "null",
		"{\"rsi\": {\"enabled\": true", "{\"rsi\": NaN}",
		"{\"rsi\": 1}", "{\"x\": {\"enabled\": true, \"weight\": 1}}" };
	char what[80];

	for (size_t i = 0; i < sizeof(configs) / sizeof(*configs); i++) {
		snprintf(what, sizeof(what), "kept, and told: %.60s",
		    configs[i] == NULL ? "NULL" : configs[i]);
		ok(read_bot(configs[i]) && is_odd(LEGACY_BOT_CONFIG_UNUSABLE),
		    "%s", what);
	}
}

static bool
read_row(const char *row)
{
	struct tb_err err = { 0 };

	return legacy_bot_read(row, strlen(row), &got, &err) == TB_OK;
}

static void
test_rows(void)
{
	ok(read_row("{\"id\":11,\"name\":null}") &&
		strcmp(got.bot.name, "legacy-bot-11") == 0 &&
		is_odd(LEGACY_BOT_UNNAMED),
	    "a bot without a name gets one");
	ok(strcmp(got.bot.product_id, LEGACY_NO_PRODUCT) == 0 &&
		is_odd(LEGACY_BOT_NO_PRODUCT),
	    "and a product that says that it had none");
	ok(got.bot.confirmation_minutes == 5 &&
		got.bot.cooldown_minutes == 15 && is_odd(LEGACY_BOT_TIMERS) &&
		is_odd(LEGACY_BOT_SIZE_UNUSABLE),
	    "minutes and size at their defaults");
	ok(read_row("{\"id\":1,\"name\":\"a/b\",\"pair\":\"BTC-USD\","
		    "\"position_size_usd\":1.5,\"cooldown_minutes\":0}") &&
		is_odd(LEGACY_BOT_RENAMED) &&
		is_odd(LEGACY_BOT_BELOW_MINIMUM) &&
		!is_odd(LEGACY_BOT_NO_PRODUCT),
	    "a name with a slash; 1.5 USD are under the minimum");
	ok(read_row("{\"id\":1,\"name\":{\"hex\":\"ff\"},\"pair\":5,"
		    "\"position_size_usd\":\"Infinity\","
		    "\"confirmation_minutes\":2.5,\"signal_config\":7}") &&
		is_odd(LEGACY_BOT_RENAMED) && is_odd(LEGACY_BOT_SIZE_UNUSABLE),
	    "values of any kind do no harm");
	ok(!read_row("[]") && !read_row("{"), "no object is refused");
}

/* --------------------------------------------------------------- vectors -- */

static char text[TEXT_MAX];
static struct json_token tokens[TOKENS_MAX];
static struct json vectors;

static bool
load_vectors(void)
{
	char path[512];
	struct tb_err err = { 0 };
	FILE *file;
	size_t len;

	if (tap_shared("legacy/signal_vectors.json", path, sizeof(path)) ==
	    NULL)
		return false;
	file = fopen(path, "r");
	len = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	return json_read(text, len, tokens, TOKENS_MAX, &vectors, &err) ==
	    TB_OK;
}

static double
number(const struct json_token *t)
{
	double x = REAL_NONE;

	if (t == NULL || real_parse(t->text, t->len, &x) != TB_OK)
		abort();
	return x;
}

/* The old system's mean over the signals that gave a result. */
static double
old_mean(const struct json_token *row, const char *const names[3])
{
	static const double weights[3] = { 0.4, 0.35, 0.25 };
	const struct json_token *all = json_get(&vectors, row, "signals");
	const struct json_token *one;
	double sum = 0, of = 0, score;

	for (size_t i = 0; i < 3; i++) {
		one = json_get(&vectors, all, names[i]);
		score = number(json_get(&vectors, one, "score_old_sign"));
		if (fabs(score) < 1e-300)
			continue;
		sum += weights[i] * score;
		of += weights[i];
	}
	return of > 0 ? sum / of : 0;
}

/* The bot's evaluation of the closes of a row; NULL: warming up. */
static const struct evaluation *
evaluate(const struct json_token *row, struct evaluator **ev)
{
	const struct json_token *closes = json_get(&vectors, row, "closes");
	const struct bot *bots[] = { &got.bot };
	const struct evaluation *e;
	struct tb_err err = { 0 };
	int64_t start = 0;

	if (evaluator_open(ev, bots, 1, NULL, NULL, &err) != TB_OK)
		abort();
	for (const struct json_token *t = json_first(&vectors, closes);
	     t != NULL; t = json_after(&vectors, closes, t)) {
		double c = number(t);
		struct bar bar = { start, c, c, c, c, 1 };

		start += 3600;
		if (evaluator_push(*ev, &bar, &err) != TB_OK)
			abort();
	}
	e = evaluator_get(*ev, 0);
	return e == NULL || e->warming_up ? NULL : e;
}

static void
compare_cases(const char *const names[3], int *compared, int *wrong)
{
	const struct json_token *cases =
	    json_get(&vectors, vectors.tokens, "cases");
	const struct evaluation *e;
	struct evaluator *ev;

	for (const struct json_token *t = json_first(&vectors, cases);
	     t != NULL; t = json_after(&vectors, cases, t)) {
		e = evaluate(t, &ev);
		if (e != NULL) {
			++*compared;
			*wrong += fabs(e->combined + old_mean(t, names)) > 1e-9;
		}
		evaluator_close(ev);
	}
}

static void
test_vectors(void)
{
	static const char *const configs[] = {
		"{\"rsi\": {\"enabled\": true, \"weight\": 0.4, \"period\": 14,"
		"\"buy_threshold\": 30.0, \"sell_threshold\": 70.0},"
		"\"moving_average\": {\"enabled\": true, \"weight\": 0.35,"
		"\"fast_period\": 12, \"slow_period\": 26},"
		"\"macd\": {\"enabled\": true, \"weight\": 0.25}}",
		"{\"RSI\": {\"enabled\": true, \"weight\": 0.8, \"period\": 7,"
		"\"oversold\": 35, \"overbought\": 65},"
		"\"MOVING_AVERAGE\": {\"enabled\": true, \"weight\": 0.7,"
		"\"fast_period\": 10, \"slow_period\": 20},"
		"\"MACD\": {\"enabled\": true, \"weight\": 0.5,"
		"\"fast_period\": 12, \"slow_period\": 26,"
		"\"signal_period\": 9}}",
	};
	static const char *const names[][3] = { { "rsi", "ma_12_26", "macd" },
		{ "rsi_7_35_65", "ma_10_20", "macd" } };
	int compared = 0, wrong = 0;

	if (!load_vectors()) {
		skip("no shared data");
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		if (!read_bot(configs[i]))
			abort();
		compare_cases(names[i], &compared, &wrong);
	}
	ok(compared >= 20, "%d evaluations are compared", compared);
	ok(wrong == 0, "each is minus the old one, to 1e-9 (%d are not)",
	    wrong);
}

int
main(void)
{
	test_forms();
	test_unusable();
	test_rows();
	test_vectors();
	return tap_done();
}
