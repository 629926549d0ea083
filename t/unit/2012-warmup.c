/*
 * Warm-up: from W candles on, a series that starts late differs from one over
 * all history by about 1e-6 of its range or less, between W/2 and W by 1e-3
 * (rsi(2) has 1.7 of either), for every bounded row of the catalogue on real
 * candles.
 *
 * Then: the values agree with the shared derived/ tables, which another
 * program computed, to the 12 digits that those have.
 */

#include <math.h>

#include "bars.h"
#include "signal/indicator.h"

#define STARTS 6 /* late starts per series */
#define COLUMNS_MAX 24

struct track {
	double low, high;
};

static void
widen(struct track *t, double x)
{
	if (isnan(x))
		return;
	t->low = fmin(t->low, x);
	t->high = fmax(t->high, x);
}

/* The worst distance between values of a late start and of the whole. */
static double
distance(const struct series *s, size_t from, size_t begin, size_t end,
    const double (*whole)[INDICATOR_COLUMNS_MAX], const double *range)
{
	void *state = malloc(series_state_size(s));
	double worst = 0, out[INDICATOR_COLUMNS_MAX];

	series_init(s, state);
	for (size_t i = from; i < end; i++) {
		series_push(s, state, &bars[i], out);
		if (i < begin)
			continue;
		for (size_t c = 0; c < indicator_columns(s->indicator); c++) {
			double apart = fabs(out[c] - whole[i][c]) / range[c];

			if (isnan(out[c]) != isnan(whole[i][c]))
				apart = 1;
			worst = apart > worst ? apart : worst;
		}
	}
	free(state);
	return worst;
}

static void
check_series(const char *name, size_t n)
{
	static double whole[BARS_MAX][INDICATOR_COLUMNS_MAX];
	double range[INDICATOR_COLUMNS_MAX], late = 0, early = 0;
	struct track tracks[INDICATOR_COLUMNS_MAX];
	struct series s;
	void *state;
	size_t w;

	if (series_parse(name, strlen(name), &s, NULL) != TB_OK)
		abort();
	w = (size_t)series_warm_up(&s);
	state = malloc(series_state_size(&s));
	series_init(&s, state);
	for (size_t c = 0; c < INDICATOR_COLUMNS_MAX; c++)
		tracks[c] =
		    (struct track){ (double)INFINITY, -(double)INFINITY };
	for (size_t i = 0; i < n; i++) {
		series_push(&s, state, &bars[i], whole[i]);
		for (size_t c = 0; c < indicator_columns(s.indicator); c++)
			widen(&tracks[c], whole[i][c]);
	}
	free(state);
	for (size_t c = 0; c < INDICATOR_COLUMNS_MAX; c++)
		range[c] = tracks[c].high - tracks[c].low;
	for (size_t k = 0; k < STARTS; k++) {
		size_t from = 500 + k * 1201, half = from + w / 2;

		late = fmax(late,
		    distance(&s, from, from + w - 1, from + w + 200,
			(const double(*)[INDICATOR_COLUMNS_MAX])whole, range));
		early = fmax(early,
		    distance(&s, from, half, from + w,
			(const double(*)[INDICATOR_COLUMNS_MAX])whole, range));
	}
	ok(late <= 2 * 1e-6, "%s: %.1e of its range from %zu candles on", name,
	    late, w);
	ok(early <= 2 * 1e-3, "%s: %.1e from half of them on", name, early);
}

static void
test_warm_up(void)
{
	static const char *const others[] = { "vwap(20)", "rsi(2)", "rsi(50)",
		"rsi(14,simple)", "ema(2)", "ema(200)", "macd(5,35,5)",
		"atr(14,sma)", "adx(7)", "keltner(50,2,10)", "rma(1)",
		"stochrsi(50)" };
	size_t n = bars_load("SOL-USD_5m_coinbase_2025-09..10", 9000);

	if (n == 0) {
		skip("../shared/data/candles is absent");
		return;
	}
	for (size_t i = 0; i < indicators_count; i++) {
		struct series s;

		if (series_parse(indicators[i].name, strlen(indicators[i].name),
			&s, NULL) != TB_OK)
			abort();
		if (series_warm_up(&s) > 0)
			check_series(indicators[i].name, n);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		check_series(others[i], n);
}

/* Column of derived/ and the series that computes it. */
struct derived {
	const char *column, *series;
	size_t ours;
	struct series s;
	void *state;
	size_t at;
	int checked, bad;
};

static struct derived derived[] = {
	{ .column = "sma_20", .series = "sma(20)" },
	{ .column = "sma_50", .series = "sma(50)" },
	{ .column = "ema_20", .series = "ema(20)" },
	{ .column = "rsi_14", .series = "rsi(14)" },
	{ .column = "macd_12_26", .series = "macd(12,26,9)" },
	{ .column = "macd_signal_9", .series = "macd(12,26,9)", .ours = 1 },
	{ .column = "macd_hist", .series = "macd(12,26,9)", .ours = 2 },
	{ .column = "bb_upper_20_2", .series = "bbands(20,2)", .ours = 0 },
	{ .column = "bb_middle_20", .series = "bbands(20,2)", .ours = 1 },
	{ .column = "bb_lower_20_2", .series = "bbands(20,2)", .ours = 2 },
	{ .column = "atr_14", .series = "atr(14)" },
	{ .column = "stoch_k_14_3", .series = "stoch(14,3,3)", .ours = 0 },
	{ .column = "stoch_d_3", .series = "stoch(14,3,3)", .ours = 1 },
	{ .column = "plus_di_14", .series = "di(14)", .ours = 0 },
	{ .column = "minus_di_14", .series = "di(14)", .ours = 1 },
	{ .column = "adx_14", .series = "adx(14)" },
	{ .column = "obv", .series = "obv" },
};
#define DERIVED (sizeof(derived) / sizeof(*derived))

static size_t
split(char *line, char *cells[COLUMNS_MAX])
{
	size_t n = 0;

	line[strcspn(line, "\r\n")] = '\0';
	for (char *p = line; p != NULL && n < COLUMNS_MAX;) {
		char *comma = strchr(p, ',');

		cells[n++] = p;
		if (comma != NULL)
			*comma++ = '\0';
		p = comma;
	}
	return n;
}

static void
compare_row(char *const *cells, const struct bar *bar)
{
	for (size_t k = 0; k < DERIVED; k++) {
		struct derived *d = &derived[k];
		double out[INDICATOR_COLUMNS_MAX], want;
		const char *cell = cells[d->at];

		series_push(&d->s, d->state, bar, out);
		if (cell[0] == '\0' && isnan(out[d->ours]))
			continue;
		d->checked++;
		want = strtod(cell, NULL);
		/* Twelve digits; of a difference the operands' digits. */
		if (cell[0] != '\0' &&
		    fabs(out[d->ours] - want) <=
			1e-11 * fmax(fabs(want), bar->close * 1e-2))
			continue;
		if (d->bad++ < 3)
			printf("# %s: %.15g, expected %s\n", d->series,
			    out[d->ours], cell);
	}
}

static void
test_derived(const char *name)
{
	char path[512], file[128], command[600], line[1024];
	char *cells[COLUMNS_MAX];
	size_t n = bars_load(name, BARS_MAX), columns, row = 0;
	FILE *pipe;

	snprintf(file, sizeof(file), "derived/%s.indicators.csv.gz", name);
	if (n == 0 || tap_shared(file, path, sizeof(path)) == NULL) {
		skip("../shared/data/derived is absent");
		return;
	}
	snprintf(command, sizeof(command), "gzip -dc '%s'", path);
	pipe = popen(command, "r");
	if (pipe == NULL || fgets(line, sizeof(line), pipe) == NULL)
		abort();
	columns = split(line, cells);
	for (size_t k = 0; k < DERIVED; k++) {
		struct derived *d = &derived[k];

		d->at = 0;
		d->checked = d->bad = 0;
		while (d->at < columns && strcmp(cells[d->at], d->column) != 0)
			d->at++;
		if (d->at == columns ||
		    series_parse(d->series, strlen(d->series), &d->s, NULL) !=
			TB_OK)
			abort();
		d->state = malloc(series_state_size(&d->s));
		series_init(&d->s, d->state);
	}
	for (; row < n && fgets(line, sizeof(line), pipe) != NULL; row++) {
		if (split(line, cells) != columns)
			abort();
		compare_row(cells, &bars[row]);
	}
	pclose(pipe);
	for (size_t k = 0; k < DERIVED; k++) {
		ok(derived[k].bad == 0 && derived[k].checked > 1000,
		    "%s: %s (%d values)", name, derived[k].column,
		    derived[k].checked);
		free(derived[k].state);
	}
}

int
main(void)
{
	test_warm_up();
	test_derived("ETH-USD_1d_coinbase_2016-2020");
	test_derived("SOL-USD_5m_coinbase_2025-09..10");
	return tap_done();
}
