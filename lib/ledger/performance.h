#ifndef TB_LEDGER_PERFORMANCE_H
#define TB_LEDGER_PERFORMANCE_H

/*
 * performance: how well the money was used, as ratios.
 *
 * Pure, and the only file of this room with doubles: a ratio may be off in its
 * fifteenth digit, and none ever becomes money.
 *
 * Returns are those of equal periods, as fractions (0.01 is one per cent),
 * PERF_NONE where there is none: such a period counts in the length and in
 * nothing else.
 * Whatever is not defined (no period, no deviation, no loss) is PERF_NONE.
 *
 * source: the definitions of empyrical (Quantopian); drawdown of a curve as
 *	   freqtrade's; money-weighted return as the internal rate of return
 */

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/decimal.h"
#include "base/err.h"

/* Undefined; ask isnan(). */
#define PERF_NONE ((double)NAN)

/* Product of 1 + r, less 1. */
double perf_total_return(const double *r, size_t n);

/* The same as a rate a year. */
double perf_annual_return(const double *r, size_t n, double periods_a_year);

/* Sample deviation, scaled to a year by the root of time. */
double perf_volatility(const double *r, size_t n, double periods_a_year);

/* Mean of r - risk_free over its sample deviation, scaled to a year. */
double perf_sharpe(const double *r, size_t n, double risk_free,
    double periods_a_year);

/* Root of the mean square of what falls short of required, to a year. */
double perf_downside_risk(const double *r, size_t n, double required,
    double periods_a_year);

/* Mean of r - required, to a year, over the downside risk. */
double perf_sortino(const double *r, size_t n, double required,
    double periods_a_year);

/* The deepest fall below an earlier high, a fraction <= 0. */
double perf_max_drawdown(const double *r, size_t n);

/* Annual return over the depth of the deepest fall. */
double perf_calmar(const double *r, size_t n, double periods_a_year);

/*
 * perf_drawdown: the deepest fall of a curve of values.
 *
 * in:	by_share  deepest as a share of the high before it, else as an amount
 * out:	*amount, *share	 >= 0
 */
void perf_drawdown(const double *value, size_t n, bool by_share, double *amount,
    double *share);

/*
 * perf_money_weighted: the rate a year at which flows, in years from the first
 * one, and what is there at the end come to nothing.
 *
 * in:	    amount  what was brought in; the last is the end: minus its value
 * returns: PERF_NONE where no rate between -99.9999 % and a millionfold does
 */
double perf_money_weighted(const double *years, const double *amount, size_t n);

/* One period of a history. */
struct perf_period {
	int64_t at_us;	      /* its end */
	bool known;	      /* value is; else the next known one is measured
				 from the last, all flows between at once */
	struct decimal value; /* at its end */
	struct decimal flow;  /* brought in during it; counts from its start */
};

#define PERF_TEXT_MAX 32

/* Texts are plain decimals, rounded to nine places; "" is undefined. */
struct performance {
	char time_weighted_return[PERF_TEXT_MAX];
	char money_weighted_return[PERF_TEXT_MAX]; /* a year */
	char annual_return[PERF_TEXT_MAX];	   /* time-weighted */
	char volatility[PERF_TEXT_MAX];		   /* a year */
	char sharpe[PERF_TEXT_MAX];
	char sortino[PERF_TEXT_MAX];
	char calmar[PERF_TEXT_MAX];
	char max_drawdown[PERF_TEXT_MAX];
	char best_period[PERF_TEXT_MAX];
	char worst_period[PERF_TEXT_MAX];
};

/*
 * performance_measure: all of it, of a history of equal periods.
 *
 * errors: TB_ENOMEM
 */
enum tb_status performance_measure(const struct perf_period *period, size_t n,
    double periods_a_year, struct performance *out, struct tb_err *err);

#endif /* TB_LEDGER_PERFORMANCE_H */
