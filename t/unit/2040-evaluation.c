/*
 * Evaluations by hand: a jq signal whose numbers the test writes down gives
 * any sequence of scores, so that thresholds, temperature, runs, gaps and
 * confirmation can be worked out on paper.
 */

#include <math.h>

#include "bars.h"
#include "signal/evaluation.h"

#define G INT64_C(300) /* seconds: 5m */
#define SCRIPT_MAX 64

/* What the scripted jq says at the candle that starts at i x G. */
static double script[SCRIPT_MAX];
static int asked;
static enum tb_status answer;

static enum tb_status
scripted(const struct jq_input *in, void *arg, double *out, struct tb_err *err)
{
	(void)arg;
	asked++;
	if (answer != TB_OK)
		return tb_fail(err, answer, "null has no number");
	*out = script[in->bar->start_s / G];
	return TB_OK;
}

static struct bot
scripted_bot(int weight, int confirmation_minutes)
{
	struct bot bot = bot_plain("scripted", G, STYLE_DEFAULT);
	struct bot_signal *signal = bot_add(&bot, "jq", SCORE_JQ, weight);

	if (bot_add_text(&bot, "1", 1, &signal->jq, NULL) != TB_OK)
		abort();
	bot.confirmation_minutes = confirmation_minutes;
	return bot;
}

static struct evaluator *
open_one(const struct bot *bot)
{
	struct evaluator *ev;
	struct tb_err err = { 0 };
	static const struct bot *pointer;

	pointer = bot;
	if (bot_check(bot, &err) != TB_OK ||
	    evaluator_open(&ev, &pointer, 1, scripted, NULL, &err) != TB_OK) {
		printf("# %s\n", err.msg);
		exit(1);
	}
	asked = 0;
	answer = TB_OK;
	return ev;
}

/* The candle that starts at i x G. */
static const struct evaluation *
push(struct evaluator *ev, int64_t i, double close)
{
	struct bar bar = { i * G, close, close + 1, close - 1, close, 1 };
	struct tb_err err = { 0 };

	if (evaluator_push(ev, &bar, &err) != TB_OK)
		printf("# %s\n", err.msg);
	return evaluator_get(ev, 0);
}

static struct decimal
decimal(const char *s)
{
	struct decimal d;

	if (decimal_parse(s, strlen(s), &d) != TB_OK)
		abort();
	return d;
}

/* Thresholds are compared as decimals of nine places. */
static void
test_thresholds(void)
{
	static const struct {
		double score;
		const char *buy, *sell;
		enum action action;
		enum temperature temperature;
	} cases[] = {
		{ 0.5, "0.5", "-0.5", ACTION_BUY, TEMPERATURE_HOT },
		{ 0.4999999996, "0.5", "-0.5", ACTION_BUY, TEMPERATURE_HOT },
		{ 0.4999999994, "0.5", "-0.5", ACTION_HOLD, TEMPERATURE_WARM },
		{ 0.25, "0.5", "-0.5", ACTION_HOLD, TEMPERATURE_WARM },
		{ 0.249999999, "0.5", "-0.5", ACTION_HOLD, TEMPERATURE_COOL },
		{ 0.0833333336, "0.5", "-0.5", ACTION_HOLD, TEMPERATURE_COOL },
		{ 0.083333333, "0.5", "-0.5", ACTION_HOLD, TEMPERATURE_FROZEN },
		{ 0, "0.5", "-0.5", ACTION_HOLD, TEMPERATURE_FROZEN },
		{ -0.5, "0.5", "-0.5", ACTION_SELL, TEMPERATURE_HOT },
		{ -0.5, "0.5", "-0.8", ACTION_HOLD, TEMPERATURE_WARM },
		{ -0.4, "0.5", "-0.8", ACTION_HOLD, TEMPERATURE_WARM },
		{ 0.15, "0.9", "-0.5", ACTION_HOLD, TEMPERATURE_COOL },
		{ 0.1 + 0.2, "0.3", "-0.5", ACTION_BUY, TEMPERATURE_HOT },
		{ 0.3, "0.300000001", "-0.5", ACTION_HOLD, TEMPERATURE_WARM },
		{ 7, "1", "-1", ACTION_BUY, TEMPERATURE_HOT },
		{ -7, "1", "-1", ACTION_SELL, TEMPERATURE_HOT },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct bot bot = scripted_bot(100, 0);
		struct evaluator *ev;
		const struct evaluation *e;

		bot.buy_threshold = decimal(cases[i].buy);
		bot.sell_threshold = decimal(cases[i].sell);
		ev = open_one(&bot);
		script[0] = cases[i].score;
		e = push(ev, 0, 100);
		ok(e->action == cases[i].action &&
			e->temperature == cases[i].temperature,
		    "%.10g, buy %s, sell %s: %s, %s", cases[i].score,
		    cases[i].buy, cases[i].sell, action_name(cases[i].action),
		    temperature_name(cases[i].temperature));
		evaluator_close(ev);
	}
}

static void
test_combine(void)
{
	struct bot bot = scripted_bot(60, 0);
	struct bot_signal *other = bot_add(&bot, "other", SCORE_JQ, 30);
	struct bot_signal *off = bot_add(&bot, "off", SCORE_JQ, 90);
	struct evaluator *ev;
	const struct evaluation *e;

	other->jq = off->jq = bot.signals[0].jq;
	off->enabled = false;
	script[0] = 0.4;
	script[1] = 0;
	ev = open_one(&bot);
	e = push(ev, 0, 100);
	ok(real_equal(e->combined, 0.36), "a sum: 0.6 x 0.4 + 0.3 x 0.4");
	ok(e->signals[2].reason == SCORE_REASON_DISABLED &&
		real_equal(e->signals[2].score, 0),
	    "a signal that is off says nothing");
	evaluator_close(ev);
	bot.combine = COMBINE_MEAN;
	ev = open_one(&bot);
	e = push(ev, 0, 100);
	ok(real_equal(e->combined, 0.4), "a mean: that over 0.9");
	e = push(ev, 1, 100);
	ok(real_equal(e->combined, 0), "a mean of nothing is 0");
	evaluator_close(ev);
}

static void
is_run(const struct evaluation *e, int64_t since, bool bound, bool confirmed,
    const char *what)
{
	const struct confirmation *c = &e->confirmation;
	int64_t since_s = since < 0 ? 0 : since * G;

	if (!ok(c->since_s == since_s && c->since_is_bound == bound &&
		    c->confirmed == confirmed &&
		    c->elapsed_s == (since < 0 ? 0 : e->candle_at_s - since_s),
		"%s", what))
		printf("# since %lld, bound %d, confirmed %d, elapsed %lld\n",
		    (long long)c->since_s, c->since_is_bound, c->confirmed,
		    (long long)c->elapsed_s);
}

/* Ten minutes of five: three candles are looked at. */
static void
test_runs(void)
{
	static const double scores[] = { 1, 1, 1, 1, 0, 1, -1, -1, 1, 1, 1, 1,
		1, 1, 1 };
	struct bot bot = scripted_bot(100, 10);
	struct evaluator *ev = open_one(&bot);

	memcpy(script, scores, sizeof(scores));
	is_run(push(ev, 0, 100), 1, false, false, "a run begins");
	is_run(push(ev, 1, 100), 1, false, false, "goes on");
	is_run(push(ev, 2, 100), 1, true, true, "and is confirmed");
	is_run(push(ev, 3, 100), 2, true, true, "no older candle is looked at");
	is_run(push(ev, 4, 100), -1, false, false, "a HOLD ends it");
	is_run(push(ev, 5, 100), 6, false, false, "another begins");
	is_run(push(ev, 6, 100), 7, false, false, "the other side is another");
	is_run(push(ev, 7, 100), 7, false, false, "and goes on");
	is_run(push(ev, 8, 100), 9, false, false, "and back");
	is_run(push(ev, 10, 100), 9, false, true,
	    "a candle that is missing ends nothing, and time counts");
	is_run(push(ev, 13, 100), 14, false, false,
	    "two that are missing end a run");
	evaluator_close(ev);

	bot.confirmation_minutes = 0;
	ev = open_one(&bot);
	is_run(push(ev, 0, 100), 1, true, true, "none required: at once");
	is_run(push(ev, 1, 100), 2, true, true, "and always");
	evaluator_close(ev);

	bot.confirmation_minutes = 7;
	ev = open_one(&bot);
	(void)push(ev, 0, 100);
	is_run(push(ev, 1, 100), 1, false, false, "5 minutes are not 7");
	is_run(push(ev, 2, 100), 1, true, true, "10 are");
	evaluator_close(ev);
}

static void
test_jq(void)
{
	struct bot bot = scripted_bot(100, 0);
	struct evaluator *ev = open_one(&bot);
	struct bar bar = { 5 * G, 1, 1, 1, 1, 1 };
	struct tb_err err = { 0 };
	const struct evaluation *e;

	answer = TB_EINVAL;
	e = push(ev, 0, 100);
	ok(e->signals[0].reason == SCORE_REASON_NO_NUMBER &&
		real_equal(e->combined, 0) && !e->warming_up &&
		isnan(e->signals[0].values[0]),
	    "no number counts 0");
	is(e->signals[0].message, "null has no number", "and says why");
	answer = TB_OK;
	script[1] = REAL_NONE;
	e = push(ev, 1, 100);
	ok(e->signals[0].reason == SCORE_REASON_NO_NUMBER,
	    "NaN is no number either");
	script[2] = 3;
	e = push(ev, 2, 100);
	ok(real_equal(e->signals[0].score, 1) &&
		real_equal(e->signals[0].values[0], 3) &&
		e->signals[0].reason == SCORE_REASON_NONE,
	    "a large number is clamped, and shown as it is");
	answer = TB_EIO;
	ok(evaluator_push(ev, &bar, &err) == TB_EIO, "no child ends the push");
	is(err.msg, "null has no number", "with its words");
	evaluator_close(ev);
}

/* A weightless expression is asked once, not once a candle looked at. */
static void
test_weightless(void)
{
	struct bot bot = scripted_bot(0, 50);
	struct evaluator *ev = open_one(&bot);

	is_int(evaluator_aim(ev, INT64_C(20) * G, 0), 0, "all that there is");
	for (int i = 0; i <= 20; i++)
		(void)push(ev, i, 100);
	is_int(asked, 1, "without weight: asked once");
	evaluator_close(ev);
	bot = scripted_bot(10, 50);
	ev = open_one(&bot);
	(void)evaluator_aim(ev, INT64_C(30) * G, 0);
	for (int i = 0; i <= 30; i++)
		(void)push(ev, i, 100);
	is_int(asked, 21, "with weight: for the candles of a run");
	evaluator_close(ev);
}

/* rsi(14) has W = 201: 101 candles are half of it. */
static void
test_warming_up(void)
{
	struct bot bot = scripted_bot(50, 0);
	struct evaluator *ev;
	const struct evaluation *e = NULL;

	for (size_t i = 0; i < SCRIPT_MAX; i++)
		script[i] = 1;
	bot_add(&bot, "rsi", SCORE_RSI, 10);
	ev = open_one(&bot);
	for (int i = 0; i < 50; i++)
		e = push(ev, i, 100 + i % 7);
	ok(e->warming_up && e->action == ACTION_HOLD &&
		real_equal(e->combined, 0) &&
		e->signals[1].reason == SCORE_REASON_WARMING_UP,
	    "a signal with weight that warms up holds the bot");
	evaluator_close(ev);

	bot.signals[1].weight = DECIMAL_ZERO;
	ev = open_one(&bot);
	for (int i = 0; i < 50; i++)
		e = push(ev, i, 100 + i % 7);
	ok(!e->warming_up && e->action == ACTION_BUY &&
		e->signals[1].reason == SCORE_REASON_WARMING_UP,
	    "one without does not");
	evaluator_close(ev);

	bot = bot_plain("rsi", G, STYLE_DEFAULT);
	bot_add(&bot, "rsi", SCORE_RSI, 100);
	ev = open_one(&bot);
	for (int i = 0; i < 100; i++)
		e = push(ev, i, 100 + i % 7);
	ok(e->warming_up, "100 of 201 candles are less than half");
	e = push(ev, 100, 100);
	ok(!e->warming_up && e->signals[0].reason == SCORE_REASON_NONE,
	    "101 are not");
	evaluator_close(ev);
}

static void
test_flat(void)
{
	struct bot bot = bot_plain("flat", G, STYLE_DEFAULT);
	struct evaluator *ev;
	const struct evaluation *e = NULL;
	bool all = true;

	for (enum score_kind kind = SCORE_RSI; kind < SCORE_JQ; kind++)
		bot_add(&bot, score_row(kind)->name, kind, 20);
	ev = open_one(&bot);
	for (int i = 0; i < 700; i++)
		e = push(ev, i, 0.1);
	for (size_t j = 0; j < bot.signal_count; j++)
		all = all && e->signals[j].reason == SCORE_REASON_FLAT &&
		    real_equal(e->signals[j].score, 0);
	ok(all && real_equal(e->combined, 0),
	    "where no close changed every score is 0, and flat");
	e = push(ev, 700, 0.2);
	for (size_t j = 0; j < bot.signal_count; j++)
		all = all && e->signals[j].reason == SCORE_REASON_NONE;
	ok(all, "one change, and none is");
	for (int i = 701; i < 719; i++)
		e = push(ev, i, 0.2);
	ok(e->signals[4].reason == SCORE_REASON_FLAT &&
		e->signals[3].reason == SCORE_REASON_NONE &&
		e->signals[1].reason == SCORE_REASON_NONE &&
		e->signals[0].reason == SCORE_REASON_NONE,
	    "19 equal closes: stoch(14,3,3) is flat; bbands(20), ma(10,20),"
	    " rsi are not");
	e = push(ev, 719, 0.2);
	ok(e->signals[3].reason == SCORE_REASON_FLAT &&
		e->signals[1].reason == SCORE_REASON_FLAT,
	    "20: bbands and ma are flat too");
	evaluator_close(ev);
}

/* G x W of rsi(14) at 5m is 60300 s. */
static void
test_aim(void)
{
	struct bot bot = bot_plain("rsi", G, STYLE_DEFAULT);
	struct evaluator *ev;
	const struct evaluation *e = NULL;

	bot_add(&bot, "rsi", SCORE_RSI, 100);
	bot.confirmation_minutes = 0;
	ev = open_one(&bot);
	is_int(evaluator_aim(ev, 603000, 0), 542700,
	    "from the epoch before on");
	is_int(evaluator_aim(ev, 602700, 0), 482400,
	    "and one epoch more just before");
	is_int(evaluator_aim(ev, 603000, 550200), 550200,
	    "or from the first candle");
	is_int(evaluator_aim(ev, -300, -100000000), -120600, "before 1970 too");
	evaluator_close(ev);
	bot.confirmation_minutes = 10;
	ev = open_one(&bot);
	is_int(evaluator_aim(ev, 603000 + 4 * G, 0), 542700,
	    "a run of three candles reaches four granularities back");
	is_int(evaluator_aim(ev, 603000 + 3 * G, 0), 482400, "at the most");
	evaluator_close(ev);

	bot.confirmation_minutes = 0;
	ev = open_one(&bot);
	(void)evaluator_aim(ev, 603000, 0);
	for (int64_t i = 542700 / G; i <= 603000 / G; i++)
		if (i % 10 != 5 && i != 2000)
			e = push(ev, i, 100 + (double)(i % 7));
	/* 1809 to 2010: starts 1815, 1825, ... 2005 and 2000. */
	is_int(e->missing, 21, "what is missing is counted");
	ok(!e->short_history, "the history is long enough");
	evaluator_close(ev);
	ev = open_one(&bot);
	is_int(evaluator_aim(ev, 603000, 543000), 543000,
	    "one candle short of the anchor");
	for (int64_t i = 543000 / G; i <= 603000 / G; i++)
		e = push(ev, i, 100 + (double)(i % 7));
	ok(e->short_history && e->missing == 0,
	    "a short history is told, and is no gap");
	evaluator_close(ev);
	is_int(evaluator_until_s(INT64_C(600999999), 300), 301,
	    "at 600.999999 s the candle of 300 is closed");
	is_int(evaluator_until_s(INT64_C(599999999), 300), 300,
	    "a microsecond before 600 it is not");
	is_int(evaluator_until_s(INT64_C(-1), 300), -300,
	    "nor a microsecond before 1970 the one of -300");
}

static void
refuses(struct evaluator *ev, int64_t start_s, const char *message)
{
	struct bar bar = { start_s, 1, 1, 1, 1, 1 };
	struct tb_err err = { 0 };

	ok(evaluator_push(ev, &bar, &err) == TB_EDISAGREE, "%lld is refused",
	    (long long)start_s);
	is(err.msg, message, "and why");
}

static void
test_order(void)
{
	struct bot bot = scripted_bot(100, 0);
	struct evaluator *ev = open_one(&bot);

	ok(evaluator_get(ev, 0) == NULL, "nothing pushed, nothing said");
	(void)push(ev, 2, 100);
	refuses(ev, 2 * G, "candle at 600: expected one after 600");
	refuses(ev, 1 * G, "candle at 300: expected one after 600");
	refuses(ev, 3 * G + 1,
	    "candle at 901: expected a multiple of 300 seconds");
	ok(push(ev, 3, 100)->bar.start_s == 3 * G, "and it goes on");
	evaluator_close(ev);
}

/* Bots that need the same series share one window. */
static void
test_shared(void)
{
	struct bot a = bot_plain("a", G, STYLE_DEFAULT), b;
	const struct bot *pointers[] = { &a, &b };
	struct evaluator *ev;
	double columns[INDICATOR_COLUMNS_MAX], again[INDICATOR_COLUMNS_MAX];

	bot_add(&a, "rsi", SCORE_RSI, 100);
	b = a;
	bot_add(&b, "ma", SCORE_MA, 0);
	if (evaluator_open(&ev, pointers, 2, NULL, NULL, NULL) != TB_OK)
		abort();
	for (int i = 0; i < 150; i++)
		(void)push(ev, i, 100 + i % 7);
	ok(real_equal(evaluator_get(ev, 0)->combined,
	       evaluator_get(ev, 1)->combined),
	    "two bots, one series, one score");
	is_int(evaluator_series(ev, 0, 0, 0, columns), 150,
	    "candles since the anchor");
	is_int(evaluator_series(ev, 1, 0, 0, again), 150, "of both");
	ok(real_equal(columns[0], again[0]) &&
		real_equal(columns[0],
		    evaluator_get(ev, 0)->signals[0].values[0]),
	    "and its value");
	evaluator_close(ev);
	evaluator_close(NULL);
}

int
main(void)
{
	test_thresholds();
	test_combine();
	test_runs();
	test_jq();
	test_weightless();
	test_warming_up();
	test_flat();
	test_aim();
	test_order();
	test_shared();
	return tap_done();
}
