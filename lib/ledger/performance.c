#include "ledger/performance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define US_A_YEAR (365.25 * 86400 * 1e6)

/* ---------------------------------------------------------- of returns -- */

double
perf_total_return(const double *r, size_t n)
{
	double grown = 1;

	if (n == 0)
		return PERF_NONE;
	for (size_t i = 0; i < n; i++)
		if (!isnan(r[i]))
			grown *= 1 + r[i];
	return grown - 1;
}

double
perf_annual_return(const double *r, size_t n, double periods_a_year)
{
	double grown = 1 + perf_total_return(r, n);

	if (n == 0 || grown < 0)
		return PERF_NONE;
	return pow(grown, periods_a_year / (double)n) - 1;
}

/* Mean and sample deviation of what is a number, less an offset. */
static void
moments(const double *r, size_t n, double offset, double *mean,
    double *deviation)
{
	double sum = 0, squares = 0;
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(r[i])) {
			sum += r[i] - offset;
			count++;
		}
	*mean = count == 0 ? PERF_NONE : sum / (double)count;
	for (size_t i = 0; i < n; i++)
		if (!isnan(r[i])) {
			double d = r[i] - offset - *mean;

			squares += d * d;
		}
	*deviation =
	    count < 2 ? PERF_NONE : sqrt(squares / (double)(count - 1));
}

double
perf_volatility(const double *r, size_t n, double periods_a_year)
{
	double mean, deviation;

	moments(r, n, 0, &mean, &deviation);
	return deviation * sqrt(periods_a_year);
}

double
perf_sharpe(const double *r, size_t n, double risk_free, double periods_a_year)
{
	double mean, deviation;

	moments(r, n, risk_free, &mean, &deviation);
	return deviation > 0 ? mean / deviation * sqrt(periods_a_year) :
			       PERF_NONE;
}

double
perf_downside_risk(const double *r, size_t n, double required,
    double periods_a_year)
{
	double squares = 0;
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(r[i])) {
			double below = fmin(r[i] - required, 0);

			squares += below * below;
			count++;
		}
	return count == 0 ?
	    PERF_NONE :
	    sqrt(squares / (double)count) * sqrt(periods_a_year);
}

double
perf_sortino(const double *r, size_t n, double required, double periods_a_year)
{
	double mean, deviation;
	double risk = perf_downside_risk(r, n, required, periods_a_year);

	moments(r, n, required, &mean, &deviation);
	return risk > 0 ? mean * periods_a_year / risk : PERF_NONE;
}

double
perf_max_drawdown(const double *r, size_t n)
{
	double grown = 1, high = 1, deepest = 0;

	if (n == 0)
		return PERF_NONE;
	for (size_t i = 0; i < n; i++)
		if (!isnan(r[i])) {
			grown *= 1 + r[i];
			high = fmax(high, grown);
			deepest = fmin(deepest, grown / high - 1);
		}
	return deepest;
}

double
perf_calmar(const double *r, size_t n, double periods_a_year)
{
	double deepest = perf_max_drawdown(r, n);

	return deepest < 0 ?
	    perf_annual_return(r, n, periods_a_year) / -deepest :
	    PERF_NONE;
}

void
perf_drawdown(const double *value, size_t n, bool by_share, double *amount,
    double *share)
{
	double high = -(double)INFINITY;

	*amount = *share = 0;
	for (size_t i = 0; i < n; i++) {
		double fall, part;

		high = fmax(high, value[i]);
		fall = high - value[i];
		part = high > 0 ? fall / high : 0;
		if (by_share ? part > *share : fall > *amount) {
			*amount = fall;
			*share = part;
		}
	}
}

/* ------------------------------------------------------ internal rate -- */

static double
present_value(const double *years, const double *amount, size_t n, double rate)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += amount[i] * pow(1 + rate, -years[i]);
	return sum;
}

double
perf_money_weighted(const double *years, const double *amount, size_t n)
{
	double low = -0.999999, high = 1e6;
	double at_low = present_value(years, amount, n, low);
	double at_high = present_value(years, amount, n, high);

	if (n < 2 || isnan(at_low) || isinf(at_low) || at_low * at_high > 0)
		return PERF_NONE;
	for (int i = 0; i < 200; i++) {
		double mid = low + (high - low) / 2;
		double at_mid = present_value(years, amount, n, mid);

		if (at_mid * at_low > 0)
			low = mid;
		else
			high = mid;
	}
	return low + (high - low) / 2;
}

/* -------------------------------------------------------- of a history -- */

static double
real(struct decimal d)
{
	char text[DECIMAL_STRLEN];

	decimal_format(d, text);
	return strtod(text, NULL);
}

/* Nine places, no zeros at the end, no "-0"; "" for what is no number. */
static void
put_text(char out[static PERF_TEXT_MAX], double x)
{
	size_t len;

	out[0] = '\0';
	if (isnan(x) || isinf(x) || fabs(x) >= 1e15)
		return;
	len = (size_t)snprintf(out, PERF_TEXT_MAX, "%.9f", x);
	while (out[len - 1] == '0')
		out[--len] = '\0';
	if (out[len - 1] == '.')
		out[--len] = '\0';
	if (strcmp(out, "-0") == 0)
		memcpy(out, "0", 2);
}

/*
 * What each period made of what it began with and what was added to it; behind
 * periods whose value is not known, of what they began with.
 */
static void
returns_of(const struct perf_period *period, size_t n, double *r)
{
	double base = 0;

	for (size_t i = 0; i < n; i++) {
		double value = real(period[i].value);

		base += real(period[i].flow);
		r[i] =
		    period[i].known && base > 0 ? value / base - 1 : PERF_NONE;
		if (period[i].known)
			base = value;
	}
}

static double
money_weighted(const struct perf_period *period, size_t n, double *years,
    double *amount)
{
	size_t count = 0;

	if (n == 0 || !period[n - 1].known)
		return PERF_NONE;
	for (size_t i = 0; i < n; i++)
		if (decimal_sign(period[i].flow) != 0) {
			/* at the start of its period */
			years[count] =
			    (double)(period[i == 0 ? 0 : i - 1].at_us -
				period[0].at_us) /
			    US_A_YEAR;
			amount[count++] = real(period[i].flow);
		}
	years[count] =
	    (double)(period[n - 1].at_us - period[0].at_us) / US_A_YEAR;
	amount[count++] = -real(period[n - 1].value);
	return perf_money_weighted(years, amount, count);
}

static void
put_extremes(struct performance *out, const double *r, size_t n)
{
	double best = PERF_NONE, worst = PERF_NONE;

	for (size_t i = 0; i < n; i++) {
		best = fmax(best, r[i]); /* a number wins */
		worst = fmin(worst, r[i]);
	}
	put_text(out->best_period, best);
	put_text(out->worst_period, worst);
}

enum tb_status
performance_measure(const struct perf_period *period, size_t n,
    double periods_a_year, struct performance *out, struct tb_err *err)
{
	const double year = periods_a_year;
	double *r = calloc(3 * n + 3, sizeof(*r));

	if (r == NULL)
		return tb_nomem(err);
	returns_of(period, n, r);
	put_text(out->time_weighted_return, perf_total_return(r, n));
	put_text(out->annual_return, perf_annual_return(r, n, year));
	put_text(out->volatility, perf_volatility(r, n, year));
	put_text(out->sharpe, perf_sharpe(r, n, 0, year));
	put_text(out->sortino, perf_sortino(r, n, 0, year));
	put_text(out->calmar, perf_calmar(r, n, year));
	put_text(out->max_drawdown, perf_max_drawdown(r, n));
	put_text(out->money_weighted_return,
	    money_weighted(period, n, r + n + 1, r + 2 * n + 2));
	put_extremes(out, r, n);
	free(r);
	return TB_OK;
}
