/*
 * Indicators on paper: short series whose values were worked out by hand from
 * the definitions, for what no golden file covers; what happens where nothing
 * moves; and that blocks of any size give the bits of single candles.
 */

#include <math.h>

#include "bars.h"
#include "signal/indicator.h"

#define ROWS_MAX 12
#define NONE REAL_NONE
#define UNTOLD 1e9 /* not worked out, from here on */

/* Candles: close; high is close + 2, low close - 1. */
static const double closes[] = { 10, 12, 11, 13, 16, 15 };
static const double volumes[] = { 1, 2, 3, 4, 5, 0 };

struct paper {
	const char *series;
	const char *column;
	double values[ROWS_MAX]; /* of the rows in turn */
};

static const struct paper papers[] = {
	{ "sma(2)", "sma", { NONE, 11, 11.5, 12, 14.5, 15.5 } },
	{ "sma(1)", "sma", { 10, 12, 11, 13, 16, 15 } },
	{ "ema(2)", "ema", { NONE, 11, 11, 37.0 / 3, 133.0 / 9, 403.0 / 27 } },
	{ "rma(2)", "rma", { NONE, 11, 11, 12, 14, 14.5 } },
	{ "wma(2)", "wma",
	    { NONE, 34.0 / 3, 34.0 / 3, 37.0 / 3, 15, 46.0 / 3 } },
	{ "dema(2)", "dema",
	    { NONE, NONE, 11, 115.0 / 9, 425.0 / 27, 413.0 / 27 } },
	{ "tema(2)", "tema",
	    { NONE, NONE, NONE, 115.0 / 9, 15.91358024691358,
		15.156378600823045 } },
	{ "macd(1,2,1)", "macd", { NONE, 1, 0, 2.0 / 3, 11.0 / 9, 2.0 / 27 } },
	{ "macd(1,2,2)", "signal", { NONE, NONE, 0.5, 11.0 / 18, UNTOLD } },
	{ "macd(1,2,2)", "histogram", { NONE, NONE, -0.5, 1.0 / 18, UNTOLD } },
	{ "rsi(3,simple)", "rsi",
	    { NONE, NONE, NONE, 80, 250.0 / 3, 250.0 / 3 } },
	{ "rsi(2)", "rsi",
	    { NONE, NONE, 200.0 / 3, 600.0 / 7, 1800.0 / 19, 200.0 / 3 } },
	{ "mom(2)", "mom", { NONE, NONE, 1, 1, 5, 2 } },
	{ "roc(2)", "roc",
	    { NONE, NONE, 10, 100.0 / 12, 500.0 / 11, 200.0 / 13 } },
	{ "tr", "tr", { NONE, 4, 3, 4, 5, 3 } },
	{ "tr(hl)", "tr", { 3, 4, 3, 4, 5, 3 } },
	{ "atr(2)", "atr", { NONE, NONE, 3.5, 3.75, 4.375, 3.6875 } },
	{ "atr(2,hl)", "atr", { NONE, 3.5, 3.25, 3.625, 4.3125, 3.65625 } },
	{ "atr(2,sma)", "atr", { NONE, NONE, 3.5, 3.5, 4.5, 4 } },
	{ "natr(2,sma)", "natr",
	    { NONE, NONE, 350.0 / 11, 350.0 / 13, 450.0 / 16, 400.0 / 15 } },
	{ "keltner(2,1.5,2)", "upper",
	    { NONE, NONE, 16.25, 17.958333333333332, 21.34027777777778,
		UNTOLD } },
	{ "keltner(2,1.5,2)", "middle", { NONE, NONE, 11, 37.0 / 3, UNTOLD } },
	{ "keltner(2,1.5,2)", "lower",
	    { NONE, NONE, 5.75, 6.708333333333333, 8.215277777777779,
		UNTOLD } },
	{ "donchian(2)", "upper", { NONE, 14, 14, 15, 18, 18 } },
	{ "donchian(2)", "middle", { NONE, 11.5, 12, 12.5, 15, 16 } },
	{ "donchian(2)", "lower", { NONE, 9, 10, 10, 12, 14 } },
	{ "stddev(2)", "stddev", { NONE, 1, 0.5, 1, 1.5, 0.5 } },
	{ "bbands(2,2)", "upper", { NONE, 13, 12.5, 14, 17.5, 16.5 } },
	{ "bbands(2,0.5)", "lower",
	    { NONE, 10.5, 11.25, 11.5, 13.75, UNTOLD } },
	{ "stoch(2,1,2)", "k", { NONE, 60, 25, 60, 200.0 / 3, 25 } },
	{ "stoch(2,1,2)", "d", { NONE, NONE, 42.5, 42.5, 190.0 / 3, UNTOLD } },
	{ "willr(2)", "willr", { NONE, -40, -75, -40, -100.0 / 3, -75 } },
	{ "aroon(2)", "up", { NONE, NONE, 50, 100, 100, 50 } },
	{ "aroon(2)", "down", { NONE, NONE, 0, 50, 0, 0 } },
	{ "obv", "obv", { 0, 2, -1, 3, 8, 8 } },
	{ "obv(volume)", "obv", { 1, 3, 0, 4, 9, 9 } },
	{ "ad", "ad", { -1.0 / 3, -1, -2, -10.0 / 3, -5, -5 } },
	{ "vwap", "vwap",
	    { 31.0 / 3, 35.0 / 3, 11.5, 12.233333333333333, 13.6, 13.6 } },
	{ "vwap(2)", "vwap",
	    { NONE, 35.0 / 3, 176.0 / 15, 262.0 / 21, 15, 49.0 / 3 } },
	{ "vwma(2)", "vwma",
	    { NONE, 34.0 / 3, 57.0 / 5, 85.0 / 7, 44.0 / 3, 16 } },
	{ "mfi(2)", "mfi", { NONE, NONE, 925.0 / 22, 8000.0 / 131, 100, 100 } },
	{ "di(2)", "pdi",
	    { NONE, NONE, 200.0 / 7, 40, 360.0 / 7, 1800.0 / 59 } },
	{ "di(2)", "mdi",
	    { NONE, NONE, 100.0 / 7, 20.0 / 3, 20.0 / 7, 900.0 / 59 } },
	{ "dx(2)", "dx",
	    { NONE, NONE, 100.0 / 3, 500.0 / 7, 1700.0 / 19, 100.0 / 3 } },
	{ "adx(2)", "adx",
	    { NONE, NONE, NONE, 1100.0 / 21, 28300.0 / 399, 20800.0 / 399 } },
};

static struct bar
candle(double close, double volume)
{
	return (struct bar){ .open = close,
		.high = close + 2,
		.low = close - 1,
		.close = close,
		.volume = volume };
}

static bool
is_near(double got, double expected)
{
	if (isnan(expected))
		return isnan(got);
	return fabs(got - expected) <= 1e-12 * (1 + fabs(expected));
}

struct run {
	struct series series;
	void *state;
	double out[INDICATOR_COLUMNS_MAX];
};

static void
run_begin(struct run *r, const char *expression)
{
	struct tb_err err = { 0 };

	if (series_parse(expression, strlen(expression), &r->series, &err) !=
	    TB_OK) {
		printf("# %s\n", err.msg);
		exit(1);
	}
	r->state = malloc(series_state_size(&r->series));
	series_init(&r->series, r->state);
}

static double
run_push(struct run *r, struct bar bar)
{
	series_push(&r->series, r->state, &bar, r->out);
	return r->out[0];
}

static void
run_end(struct run *r)
{
	free(r->state);
}

static void
check_paper(const struct paper *p)
{
	struct run r;
	size_t column = 0;
	int bad = 0;

	run_begin(&r, p->series);
	while (strcmp(r.series.indicator->columns[column], p->column) != 0)
		column++;
	for (int i = 0; i < 6 && !real_equal(p->values[i], UNTOLD); i++) {
		(void)run_push(&r, candle(closes[i], volumes[i]));
		if (is_near(r.out[column], p->values[i]))
			continue;
		printf("# row %d: got %.12g, expected %.12g\n", i,
		    r.out[column], p->values[i]);
		bad++;
	}
	run_end(&r);
	ok(bad == 0, "%s: %s, by hand", p->series, p->column);
}

/* Wilder's rules step by step: up for three candles, then a fall. */
static void
test_psar(void)
{
	static const double highs[] = { 10, 11, 12, 13, 9, 8, 8 };
	static const double lows[] = { 9, 10, 11, 12, 8, 7, 7 };
	static const double stops[] = { NONE, 9, 9.04, 9.1584, 13, 13, 12.76 };
	struct run r, mirrored;
	int bad = 0;

	run_begin(&r, "psar(0.02,0.2)");
	run_begin(&mirrored, "psar");
	for (int i = 0; i < 7; i++) {
		struct bar up = {
			.high = highs[i], .low = lows[i], .close = lows[i]
		};
		struct bar down = { .high = 20 - lows[i],
			.low = 20 - highs[i],
			.close = 20 - lows[i] };

		bad += !is_near(run_push(&r, up), stops[i]);
		bad += !is_near(20 - run_push(&mirrored, down), stops[i]);
	}
	ok(bad == 0, "psar: a rise, a reversal, and the same upside down");
	run_end(&r);
	run_begin(&r, "psar(0.02,0.04)");
	for (int i = 0; i < 4; i++)
		run_push(&r, (struct bar){ .high = highs[i], .low = lows[i] });
	ok(is_near(run_push(&r, (struct bar){ .high = 14, .low = 13 }),
	       9.312064),
	    "psar: the share grows to its maximum and no further");
	run_end(&r);
	run_end(&mirrored);
}

/* Of equal highs and lows the newest counts. */
static void
test_ties(void)
{
	static const double prices[] = { 10, 10, 9, 9 };
	struct run r;

	run_begin(&r, "aroon(3)");
	for (int i = 0; i < 4; i++)
		run_push(&r, candle(prices[i], 1));
	ok(is_near(r.out[0], 100.0 / 3) && is_near(r.out[1], 100),
	    "aroon: of equal highs and lows the newest");
	run_end(&r);
}

/* The last value after n equal candles without a range or volume. */
static double
after_flat(const char *expression, int n)
{
	struct bar still = {
		.open = 0.1, .high = 0.1, .low = 0.1, .close = 0.1
	};
	struct run r;
	double last = 0;

	run_begin(&r, expression);
	for (int i = 0; i < n; i++)
		last = run_push(&r, still);
	run_end(&r);
	return last;
}

static void
test_still(void)
{
	struct run r;
	double last = 0;
	bool rising = true;

	ok(isnan(after_flat("rsi(14)", 50)), "rsi of nothing is undefined");
	ok(isnan(after_flat("rsi(14,simple)", 50)), "so is the simple one");
	ok(isnan(after_flat("mfi(14)", 50)), "and mfi without volume");
	ok(isnan(after_flat("vwma(5)", 50)), "and vwma without volume");
	ok(real_equal(after_flat("stoch(14,3,3)", 50), 50),
	    "stoch without a range is in the middle");
	ok(real_equal(after_flat("willr(14)", 50), -50), "willr too");
	ok(real_equal(after_flat("stochrsi(14)", 50), 0.5), "stochrsi too");
	ok(real_equal(after_flat("cci(20)", 50), 0), "cci is 0");
	ok(real_equal(after_flat("stddev(20)", 5000), 0),
	    "a deviation of equals is exactly 0");
	ok(real_equal(after_flat("dx(14)", 50), 0), "no movement, no dx");
	ok(real_equal(after_flat("ad", 50), 0), "no range, no ad");

	run_begin(&r, "stddev(20)");
	for (int i = 0; i < 3000; i++)
		last = run_push(&r,
		    candle(i < 2000 ? 1e5 + i * 37 % 1001 : 99999.99, 1));
	ok(real_equal(last, 0), "also after the price has moved");
	run_end(&r);

	run_begin(&r, "rsi(14)");
	for (int i = 0; i < 500; i++) {
		last = run_push(&r, candle(1e5 + 0.01 * i * i, 1));
		rising = rising && (i < 14 || real_equal(last, 100));
	}
	ok(rising, "rsi without a loss is exactly 100");
	run_end(&r);
}

/* A walk leaves its last bits in the sums; by count there is no loss, or gain,
 * in what follows it. */
static void
test_one_way(void)
{
	for (int up = 0; up <= 1; up++) {
		struct run r;
		bool exact = true;

		run_begin(&r, "rsi(14,simple)");
		for (int i = 0; i < 3000; i++) {
			double walk = i * 37 % 1001 / 7.0;
			double last, close = 1 + (up ? 1e-9 : -1e-9) * i;

			if (i < 2000)
				close = i % 3 == 0 ? walk : 1e-7 * walk;
			last = run_push(&r, candle(close, 1));

			if (i >= 2014)
				exact = exact && real_equal(last, up ? 100 : 0);
		}
		ok(exact, "simple rsi without a %s is exactly %s",
		    up ? "loss" : "gain", up ? "100" : "0");
		run_end(&r);
	}
}

/* Long after a huge value has left, nothing of it is left in the sums. */
static void
test_drift(void)
{
	static const char *const names[] = { "sma(10)", "wma(10)",
		"bbands(10,2)", "stddev(10)", "rsi(10,simple)" };

	for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++) {
		struct run spiked, clean;
		int bad = 0;

		run_begin(&spiked, names[k]);
		run_begin(&clean, names[k]);
		for (int i = 0; i < 4000; i++) {
			double close = 1 + (i * 7919 % 100) / 1000.0;

			run_push(&clean, candle(close, 1));
			run_push(&spiked, candle(i == 1500 ? 1e12 : close, 1));
			if (i > 3600)
				bad += !is_near(spiked.out[0], clean.out[0]);
		}
		ok(bad == 0, "%s forgets a spike", names[k]);
		run_end(&spiked);
		run_end(&clean);
	}
}

/* A mean over a long walk against one summed anew at each candle. */
static void
test_long_walk(void)
{
	size_t n = bars_load("BTC-USD_5m_coinbase_2025-09..10", BARS_MAX);
	struct run sma, deviation;
	double worst_mean = 0, worst_deviation = 0;

	if (n == 0) {
		skip("../shared/data/candles is absent");
		return;
	}
	run_begin(&sma, "sma(20)");
	run_begin(&deviation, "stddev(20)");
	for (size_t i = 0; i < n; i++) {
		double sum = 0, squares = 0;

		run_push(&sma, bars[i]);
		run_push(&deviation, bars[i]);
		if (i < 19)
			continue;
		for (size_t k = i - 19; k <= i; k++)
			sum += bars[k].close;
		for (size_t k = i - 19; k <= i; k++)
			squares += (bars[k].close - sum / 20) *
			    (bars[k].close - sum / 20);
		worst_mean = fmax(worst_mean, fabs(sum / 20 / sma.out[0] - 1));
		worst_deviation = fmax(worst_deviation,
		    fabs(sqrt(squares / 20) / deviation.out[0] - 1));
	}
	ok(worst_mean < 1e-14, "sma over %zu candles: %.1e off", n, worst_mean);
	ok(worst_deviation < 1e-9, "stddev: %.1e off", worst_deviation);
	run_end(&sma);
	run_end(&deviation);
}

/* One series over all candles in blocks; as they come, and one by one. */
static bool
blocks_agree(const struct series *s, size_t n)
{
	enum { BLOCK = 97 };
	static double in[5][BARS_MAX], out[INDICATOR_COLUMNS_MAX][BLOCK];
	void *single = malloc(series_state_size(s));
	void *blocked = malloc(series_state_size(s));
	bool agree = true;

	for (size_t i = 0; i < n; i++) {
		in[0][i] = bars[i].open;
		in[1][i] = bars[i].high;
		in[2][i] = bars[i].low;
		in[3][i] = bars[i].close;
		in[4][i] = bars[i].volume;
	}
	series_init(s, single);
	series_init(s, blocked);
	for (size_t i = 0, size = 1; i < n && agree; i += size) {
		double *const to[] = { out[0], out[1], out[2], out[3] };
		double values[INDICATOR_COLUMNS_MAX];
		struct columns c = { in[0] + i, in[1] + i, in[2] + i, in[3] + i,
			in[4] + i };

		size = 1 + (i * 31 + 7) % BLOCK;
		size = size < n - i ? size : n - i;
		series_update(s, blocked, &c, size, to);
		for (size_t k = 0; k < size && agree; k++) {
			series_push(s, single, &bars[i + k], values);
			for (size_t v = 0; v < indicator_columns(s->indicator);
			     v++)
				agree =
				    agree && same_bits(out[v][k], values[v]);
		}
	}
	free(single);
	free(blocked);
	return agree;
}

static void
test_blocks(void)
{
	static const char *const variants[] = { "rsi(14,simple)", "tr(hl)",
		"atr(14,sma)", "atr(14,hl)", "natr(14,sma,hl)", "obv(volume)",
		"vwap(20)", "macd(12,26,9,talib)", "sma(1)", "sma(1000)" };
	size_t n = bars_load("SOL-USD_5m_coinbase_2025-09..10", 5000);
	struct series s;

	if (n == 0) {
		skip("../shared/data/candles is absent");
		return;
	}
	for (size_t i = 0; i < indicators_count; i++) {
		const char *name = indicators[i].name;

		ok(series_parse(name, strlen(name), &s, NULL) == TB_OK &&
			blocks_agree(&s, n),
		    "%s: blocks give the bits of single candles", name);
	}
	for (size_t i = 0; i < sizeof(variants) / sizeof(*variants); i++)
		ok(series_parse(variants[i], strlen(variants[i]), &s, NULL) ==
			    TB_OK &&
			blocks_agree(&s, n),
		    "%s: so do they", variants[i]);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(papers) / sizeof(*papers); i++)
		check_paper(&papers[i]);
	test_psar();
	test_ties();
	test_still();
	test_one_way();
	test_drift();
	test_long_walk();
	test_blocks();
	return tap_done();
}
