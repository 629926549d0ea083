/*
 * Scores: the curves at their borders and in between, worked out on paper;
 * their continuity; what is refused; and the old system's own forms against
 * the shared legacy/signal_vectors.json, sign turned.
 */

#include <math.h>

#include "bars.h"
#include "io/json.h"
#include "signal/evaluation.h"
#include "signal/legacy.h"

#define TEXT_MAX (1 << 18)
#define TOKENS_MAX 8000
#define NEAR 1e-9

static bool
is_near(double got, double expected)
{
	return fabs(got - expected) <= NEAR;
}

static void
test_oscillator(void)
{
	static const struct {
		double value, low, high, score;
	} cases[] = {
		{ 0, 30, 70, 1 },
		{ 9, 30, 70, 0.85 },
		{ 15, 30, 70, 0.75 },
		{ 30, 30, 70, 0.5 },
		{ 40, 30, 70, 0.25 },
		{ 50, 30, 70, 0 },
		{ 60, 30, 70, -0.25 },
		{ 70, 30, 70, -0.5 },
		{ 85, 30, 70, -0.75 },
		{ 100, 30, 70, -1 },
		{ 20, 20, 80, 0.5 },
		{ 50, 20, 80, 0 },
		{ 90, 20, 80, -0.75 },
		{ 55, 10, 60, -0.4 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(is_near(score_oscillator(cases[i].value, cases[i].low,
			       cases[i].high),
		       cases[i].score),
		    "rsi %g between %g and %g is %g", cases[i].value,
		    cases[i].low, cases[i].high, cases[i].score);
}

/* The score of a kind in the default style with default parameters. */
static double
score(enum score_kind kind, const struct score_input *in)
{
	struct parameters p = score_defaults(kind, STYLE_DEFAULT);
	double values[SCORE_VALUES_MAX];

	return score_of(kind, STYLE_DEFAULT, &p, in, values);
}

static void
test_continuity(void)
{
	double worst = 0, last = 2, rises = 0;

	for (int i = 0; i <= 100000; i++) {
		struct score_input in = { .columns = { { i / 1000.0 } } };
		double now = score(SCORE_RSI, &in);

		if (i > 0)
			worst = fmax(worst, fabs(now - last));
		rises += now > last;
		last = now;
	}
	ok(worst < 3e-5, "rsi has no jump: steps of at most %.1e", worst);
	ok(rises < 1, "and only falls");
	worst = 0;
	for (int i = -5000; i <= 5000; i++) {
		struct score_input in = { .columns = { { 100 + i / 1000.0 },
					      { 100 }, { 2 } } };
		double now = score(SCORE_MA, &in);

		if (i > -5000)
			worst = fmax(worst, fabs(now - last));
		last = now;
	}
	ok(worst < 6e-4, "nor has ma: %.1e", worst);
}

static void
test_curves(void)
{
	struct score_input ma = { .columns = { { 102 }, { 100 }, { 4 } } };
	struct score_input macd = { .columns = { { 3, 2, 1 }, { 5 } } };
	struct score_input stoch = { .columns = { { 10, 99 } } };
	struct score_input bands = { .close = 95,
		.columns = { { 110, 100, 90 } } };
	struct parameters p = score_defaults(SCORE_BBANDS, STYLE_DEFAULT);
	double values[SCORE_VALUES_MAX];

	ok(is_near(score(SCORE_MA, &ma), tanh(0.5)),
	    "ma: tanh((102 - 100) / 4)");
	ma.columns[2][0] = 0;
	ok(real_equal(score(SCORE_MA, &ma), 0), "ma without a range is 0");
	ok(is_near(score(SCORE_MACD, &macd), tanh(0.5)),
	    "macd: tanh((0.5 x 3 + 1) / 5)");
	ok(is_near(score(SCORE_STOCH, &stoch), 0.75),
	    "stoch goes by %%K, with 20 and 80");
	ok(is_near(score(SCORE_BBANDS, &bands), 0.5), "bbands: %%b 0.25");
	(void)score_of(SCORE_BBANDS, STYLE_DEFAULT, &p, &bands, values);
	ok(is_near(values[3], 0.25) && is_near(values[0], 110),
	    "and shows its %%b");
	bands.close = 80;
	ok(is_near(score(SCORE_BBANDS, &bands), 1), "never above 1");
	bands.close = 130;
	ok(is_near(score(SCORE_BBANDS, &bands), -1), "nor below -1");
	bands.columns[0][0] = bands.columns[0][2] = 100;
	ok(real_equal(score(SCORE_BBANDS, &bands), 0), "no width, no score");
	ok(is_near(score_clamp(7), 1) && is_near(score_clamp(-7), -1) &&
		is_near(score_clamp(0.3), 0.3),
	    "a number of jq is clamped");
}

static void
refuses(enum score_kind kind, enum score_style style, size_t i, double value,
    const char *message)
{
	struct parameters p = score_defaults(kind, style);
	struct tb_err err = { 0 };

	p.value[i] = value;
	ok(score_check(kind, style, &p, &err) == TB_EINVAL, "%s: %g",
	    score_row(kind)->name, value);
	is(err.msg, message, "and why");
}

static void
test_check(void)
{
	enum score_kind kind;

	for (kind = SCORE_RSI; kind <= SCORE_JQ; kind++)
		for (enum score_style style = STYLE_DEFAULT;
		     style <= STYLE_LEGACY; style++) {
			struct parameters p = score_defaults(kind, style);

			ok(score_check(kind, style, &p, NULL) == TB_OK,
			    "%s: the defaults of style %s are fine",
			    score_row(kind)->name, score_style_name(style));
		}
	refuses(SCORE_RSI, STYLE_DEFAULT, 0, 1,
	    "period: expected a whole number from 2 to 1000, got 1");
	refuses(SCORE_RSI, STYLE_DEFAULT, 0, 1001,
	    "period: expected a whole number from 2 to 1000, got 1001");
	refuses(SCORE_RSI, STYLE_DEFAULT, 1, 0,
	    "oversold: expected 1 to 99, got 0");
	refuses(SCORE_RSI, STYLE_DEFAULT, 2, 100,
	    "overbought: expected 1 to 99, got 100");
	refuses(SCORE_RSI, STYLE_DEFAULT, 1, 70,
	    "oversold: expected less than overbought, got 70 and 70");
	refuses(SCORE_MA, STYLE_DEFAULT, 0, 20,
	    "fast: expected less than slow, got 20 and 20");
	refuses(SCORE_MACD, STYLE_DEFAULT, 0, 26,
	    "fast: expected less than slow, got 26 and 26");
	refuses(SCORE_MACD, STYLE_DEFAULT, 3, 1,
	    "ema: normalised and style legacy go together");
	refuses(SCORE_MACD, STYLE_LEGACY, 3, 0,
	    "ema: normalised and style legacy go together");
	refuses(SCORE_MA, STYLE_LEGACY, 2, 1,
	    "type: style legacy knows sma only");
	refuses(SCORE_RSI, STYLE_LEGACY, 0, 100,
	    "style legacy looks at 100 closes, these need 101");
	refuses(SCORE_MA, STYLE_LEGACY, 1, 100,
	    "style legacy looks at 100 closes, these need 101");
	refuses(SCORE_MACD, STYLE_LEGACY, 1, 87,
	    "style legacy looks at 100 closes, these need 101");
	refuses(SCORE_BBANDS, STYLE_DEFAULT, 1, 0,
	    "width: expected 0.01 to 100, got 0");
	ok(score_find("rsi", 3, &kind) && kind == SCORE_RSI &&
		score_find("jq", 2, &kind) && kind == SCORE_JQ &&
		!score_find("moving_average", 14, &kind),
	    "kinds are found by their names only");
}

/* ------------------------------------------------------------- legacy -- */

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
	if (json_read(text, len, tokens, TOKENS_MAX, &vectors, &err) == TB_OK)
		return true;
	printf("# %s\n", err.msg);
	exit(1);
}

static double
number(const struct json_token *t)
{
	double x = REAL_NONE;

	if (t == NULL || real_parse(t->text, t->len, &x) != TB_OK)
		abort();
	return x;
}

/* What the old system said; 0 where it gave no result. */
static double
old_score(const struct json_token *row, const char *signal)
{
	const struct json_token *all = json_get(&vectors, row, "signals");

	return number(json_get(&vectors, json_get(&vectors, all, signal),
	    "score_old_sign"));
}

static size_t
load_closes(const struct json_token *row)
{
	const struct json_token *closes = json_get(&vectors, row, "closes");
	size_t n = 0;

	for (const struct json_token *t = json_first(&vectors, closes);
	     t != NULL; t = json_after(&vectors, closes, t)) {
		double close = number(t);

		bars[n] = (struct bar){ (int64_t)n * 3600, close, close, close,
			close, 1 };
		n++;
	}
	return n;
}

/* The old signals of the file, and ours. */
static const struct {
	const char *name;
	enum score_kind kind;
	double values[3]; /* 0: the default */
} olds[] = {
	{ "rsi", SCORE_RSI, { 0 } },
	{ "rsi_7_35_65", SCORE_RSI, { 7, 35, 65 } },
	{ "ma_10_20", SCORE_MA, { 0 } },
	{ "ma_12_26", SCORE_MA, { 12, 26 } },
	{ "macd", SCORE_MACD, { 0 } },
};
#define OLDS (sizeof(olds) / sizeof(*olds))

static struct parameters
old_parameters(size_t i)
{
	struct parameters p = score_defaults(olds[i].kind, STYLE_LEGACY);

	for (size_t k = 0; k < 3; k++)
		if (olds[i].values[k] > 0)
			p.value[k] = olds[i].values[k];
	return p;
}

/* Our score of n closes, whatever the window; 0 where there is none. */
static double
our_score(size_t i, size_t n)
{
	struct parameters p = old_parameters(i);
	struct series s[SCORE_SERIES_MAX];
	struct score_input in = { 0 };
	double values[SCORE_VALUES_MAX], got;
	void *state;

	if (score_series(olds[i].kind, STYLE_LEGACY, &p, s) != 1)
		abort();
	state = malloc(series_state_size(&s[0]));
	series_init(&s[0], state);
	for (size_t k = 0; k < n; k++)
		series_push(&s[0], state, &bars[k], in.columns[0]);
	free(state);
	got = score_of(olds[i].kind, STYLE_LEGACY, &p, &in, values);
	return isnan(got) ? 0 : got;
}

/*
 * After a flat stretch of 0.1, whose means of 10 and of 20 differ in the last
 * bit, any move is a crossing.
 */
static void
test_crossing(void)
{
	for (int up = 0; up <= 1; up++) {
		for (size_t i = 0; i < 40; i++)
			bars[i].close = 0.1;
		bars[40].close = up ? 0.2 : 0.05;
		ok(is_near(our_score(2, 41), up ? 0.8 : -0.8),
		    "legacy ma: %s from a flat market is a crossing",
		    up ? "up" : "down");
		ok(!is_near(fabs(our_score(2, 40)), 0.8),
		    "and the market before it none");
	}
}

/* All five in one bot, as the old evaluator mixed them. */
static void
check_combined(const struct json_token *row, const char *name, size_t n)
{
	static const int weights[OLDS] = { 30, 10, 20, 15, 25 };
	struct bot bot = bot_plain("old", 3600, STYLE_LEGACY);
	const struct bot *pointer = &bot;
	struct evaluator *ev;
	const struct evaluation *e;
	double sum = 0, weight = 0;

	bot.combine = COMBINE_MEAN;
	for (size_t i = 0; i < OLDS; i++) {
		double old = old_score(row, olds[i].name);

		bot_add(&bot, olds[i].name, olds[i].kind, weights[i])->p =
		    old_parameters(i);
		if (real_equal(old, 0))
			continue;
		sum += old * weights[i];
		weight += weights[i];
	}
	if (bot_check(&bot, NULL) != TB_OK ||
	    evaluator_open(&ev, &pointer, 1, NULL, NULL, NULL) != TB_OK)
		abort();
	for (size_t k = 0; k < n; k++)
		if (evaluator_push(ev, &bars[k], NULL) != TB_OK)
			abort();
	e = evaluator_get(ev, 0);
	ok(!e->warming_up && is_near(e->combined, -sum / weight),
	    "%s: the combined score is minus the old one", name);
	evaluator_close(ev);
}

static void
test_legacy(void)
{
	const struct json_token *cases;
	int combined = 0;

	if (!load_vectors()) {
		skip("../shared/data/legacy is absent");
		return;
	}
	cases = json_get(&vectors, vectors.tokens, "cases");
	for (const struct json_token *row = json_first(&vectors, cases);
	     row != NULL; row = json_after(&vectors, cases, row)) {
		const struct json_token *t = json_get(&vectors, row, "name");
		char name[32];
		size_t n = load_closes(row);

		snprintf(name, sizeof(name), "%.*s", (int)t->len, t->text);
		for (size_t i = 0; i < OLDS; i++) {
			double old = old_score(row, olds[i].name);
			double got = our_score(i, n);

			if (!ok(is_near(got, -old), "%s: %s", name,
				olds[i].name))
				printf("# got %.12g, old %.12g\n", got, old);
		}
		if (n == LEGACY_WINDOW && ++combined > 0)
			check_combined(row, name, n);
	}
	ok(combined >= 10, "%d whole windows", combined);
}

int
main(void)
{
	test_oscillator();
	test_continuity();
	test_curves();
	test_check();
	test_crossing();
	test_legacy();
	return tap_done();
}
