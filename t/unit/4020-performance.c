/*
 * performance: what empyrical and freqtrade publish of their own measures
 * (shared data, metrics/), and a few on paper.
 */

#include "io/json.h"
#include "ledger/performance.h"
#include "tap.h"

#define FILE_BYTES_MAX (1 << 20)
#define TOKENS_MAX (1 << 16)
#define RETURNS_MAX 512

static double
number(const struct json_token *t)
{
	char text[64];

	if (t == NULL || t->kind == JSON_NULL)
		return PERF_NONE;
	snprintf(text, sizeof(text), "%.*s", (int)t->len, t->text);
	return strtod(text, NULL); /* "nan" and "inf" too */
}

static bool
near(double got, double expected, double tolerance)
{
	if (isnan(expected))
		return isnan(got);
	return fabs(got - expected) <= tolerance;
}

static double
periods(const struct json *j, const struct json_token *params)
{
	const struct json_token *t = json_get(j, params, "period");

	if (t == NULL || json_is(t, "DAILY"))
		return 252;
	return json_is(t, "WEEKLY") ? 52 : 12;
}

static double
measure(const char *metric, const double *r, size_t n, double year)
{
	if (strcmp(metric, "sharpe") == 0)
		return perf_sharpe(r, n, 0, year);
	if (strcmp(metric, "sortino") == 0)
		return perf_sortino(r, n, 0, year);
	if (strcmp(metric, "downside_risk") == 0)
		return perf_downside_risk(r, n, 0, year);
	if (strcmp(metric, "max_drawdown") == 0)
		return perf_max_drawdown(r, n);
	if (strcmp(metric, "annual_return") == 0 || strcmp(metric, "cagr") == 0)
		return perf_annual_return(r, n, year);
	if (strcmp(metric, "annual_volatility") == 0)
		return perf_volatility(r, n, year);
	if (strcmp(metric, "calmar") == 0)
		return perf_calmar(r, n, year);
	if (strcmp(metric, "cum_return_final") == 0)
		return perf_total_return(r, n);
	return -12345;
}

static size_t
read_list(const struct json *j, const struct json_token *list, double *out)
{
	size_t n = 0;

	if (list == NULL || list->kind != JSON_ARRAY)
		return 0;
	for (const struct json_token *t = json_first(j, list);
	     t != NULL && n < RETURNS_MAX; t = json_after(j, list, t))
		out[n++] = number(t);
	return n;
}

/* freqtrade: profits upon a starting balance. */
static void
check_curve(const struct json *j, const struct json_token *e, const char *id,
    bool by_share)
{
	double curve[RETURNS_MAX + 1], amount, share;
	size_t n;

	curve[0] =
	    number(json_get(j, json_get(j, e, "params"), "starting_balance"));
	n = read_list(j, json_get(j, e, "profits"), curve + 1);
	for (size_t i = 1; i <= n; i++)
		curve[i] += curve[i - 1];
	perf_drawdown(curve, n + 1, by_share, &amount, &share);
	ok(near(amount, number(json_get(j, e, "expected")), 1e-8) &&
		near(share, number(json_get(j, e, "expected_relative")), 1e-8),
	    "%s: %.9g, %.9g", id, amount, share);
}

static void
check(const struct json *j, const struct json_token *e)
{
	char id[64], metric[64], text[32];
	double r[RETURNS_MAX], got, expected;
	size_t n;

	(void)json_copy(json_get(j, e, "id"), id, sizeof(id), NULL);
	(void)json_copy(json_get(j, e, "metric"), metric, sizeof(metric), NULL);
	(void)json_copy(json_get(j, e, "tolerance"), text, sizeof(text), NULL);
	if (strncmp(metric, "max_drawdown_", 13) == 0) {
		check_curve(j, e, id, strcmp(metric + 13, "relative") == 0);
		return;
	}
	n = read_list(j, json_get(j, e, "returns"), r);
	got = measure(metric, r, n, periods(j, json_get(j, e, "params")));
	expected = number(json_get(j, e, "expected"));
	ok(near(got, expected, text[0] == '4' ? 5e-5 : 1e-8),
	    "%s: %.12g is %.12g", id, got, expected);
}

static void
test_golden(void)
{
	static struct json_token tokens[TOKENS_MAX];
	static char text[FILE_BYTES_MAX];
	char path[4096];
	struct tb_err err = { 0 };
	struct json j;
	FILE *file;
	size_t len;

	if (tap_shared("metrics/returns_metrics.json", path, sizeof(path)) ==
	    NULL) {
		skip("no shared data here");
		return;
	}
	file = fopen(path, "r");
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	if (json_read(text, len, tokens, TOKENS_MAX, &j, &err) != TB_OK) {
		ok(false, "%s", err.msg);
		return;
	}
	for (const struct json_token *e = json_first(&j, tokens); e != NULL;
	     e = json_after(&j, tokens, e))
		check(&j, e);
}

static void
test_money_weighted(void)
{
	/* 100 becomes 121 in two years: 10 % a year */
	const double years[] = { 0, 2 }, amounts[] = { 100, -121 };
	/* 100, a year later 100 more, a year later 231: 10 % again */
	const double years3[] = { 0, 1, 2 }, amounts3[] = { 100, 100, -231 };
	const double lost[] = { 100, 0 };

	ok(near(perf_money_weighted(years, amounts, 2), 0.1, 1e-9),
	    "a rate of two flows");
	ok(near(perf_money_weighted(years3, amounts3, 3), 0.1, 1e-9),
	    "a rate of three flows");
	ok(isnan(perf_money_weighted(years, lost, 2)),
	    "no rate makes nothing of 100");
	ok(isnan(perf_money_weighted(years, amounts, 1)),
	    "one flow has no rate");
}

static void
test_measure(void)
{
#define DAY_US INT64_C(86400000000)
	/* 1000 in; +10 %; 1000 more in, then flat; -50 % */
	const struct perf_period p[] = {
		{ 0, true, DECIMAL_OF(1000), DECIMAL_OF(1000) },
		{ 1 * DAY_US, true, DECIMAL_OF(1100), DECIMAL_ZERO },
		{ 2 * DAY_US, true, DECIMAL_OF(2100), DECIMAL_OF(1000) },
		{ 3 * DAY_US, true, DECIMAL_OF(1050), DECIMAL_ZERO },
	};
	struct perf_period hidden[4];
	struct performance out = { 0 };
	struct tb_err err = { 0 };

	ok(performance_measure(p, 4, 365, &out, &err) == TB_OK, "measured");
	is(out.time_weighted_return, "-0.45",
	    "1.1 x 1 x 0.5: a deposit is no profit");
	is(out.max_drawdown, "-0.5", "the deepest fall");
	is(out.best_period, "0.1", "the best day");
	is(out.worst_period, "-0.5", "the worst day");
	memcpy(hidden, p, sizeof(p));
	hidden[1].known = false;
	ok(performance_measure(hidden, 4, 365, &out, &err) == TB_OK,
	    "measured without the value of a day");
	is(out.time_weighted_return, "-0.475",
	    "2100 / (1000 + 1000) x 0.5: the day behind it counts for both");
	is(out.best_period, "0.05", "as one");
	ok(performance_measure(p, 0, 365, &out, &err) == TB_OK, "of nothing");
	is(out.sharpe, "", "nothing is told");
}

int
main(void)
{
	test_golden();
	test_money_weighted();
	test_measure();
	return tap_done();
}
