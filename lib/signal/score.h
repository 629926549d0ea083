#ifndef TB_SIGNAL_SCORE_H
#define TB_SIGNAL_SCORE_H

/*
 * score: what an indicator says, in [-1, +1]; positive means BUY.
 *
 * A score is a row of a table as an indicator is: name, parameters, the
 * series it needs, the names of the values it shows.  Two styles: the default
 * curves are continuous and free of the units of price and volatility; legacy
 * has the old system's own forms (lib/signal/legacy.c), for bots that come
 * from it.
 *
 * The curves are tables in tb-bots(5).
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "signal/indicator.h"

#define SCORE_SERIES_MAX 3 /* that one score needs */
#define SCORE_VALUES_MAX 5 /* that one score shows */

enum score_style { STYLE_DEFAULT, STYLE_LEGACY };

enum score_kind {
	SCORE_RSI,
	SCORE_MA,
	SCORE_MACD,
	SCORE_BBANDS,
	SCORE_STOCH,
	SCORE_JQ, /* a user's expression; its number is the caller's to get */
};
#define SCORE_KINDS 6

/* Why a score is what it is. */
enum score_reason {
	SCORE_REASON_NONE,	 /* it is a score */
	SCORE_REASON_FLAT,	 /* no close changed in the window: 0 */
	SCORE_REASON_WARMING_UP, /* fewer than W/2 candles: no score */
	SCORE_REASON_NO_NUMBER,	 /* jq gave none, or failed: 0 */
	SCORE_REASON_DISABLED,	 /* the signal is not enabled: not computed */
};

/* "flat", "warming_up", "no_number", "disabled"; NULL for SCORE_REASON_NONE. */
const char *score_reason_name(enum score_reason reason);

const char *score_style_name(enum score_style style); /* "default", "legacy" */
enum tb_status score_style_parse(const char *s, size_t len,
    enum score_style *out);

struct score {
	const char *name;	 /* "rsi"; also the kind of a signal in YAML */
	const char *description; /* one line, no full stop */
	struct parameter parameters[PARAMETERS_MAX + 1];
	const char *values[SCORE_VALUES_MAX + 1]; /* "value", "fast", ... */
	const char *formula;	    /* in words, for explain and the manual */
	const char *formula_legacy; /* NULL: the same */
};

/* The row of a kind. */
const struct score *score_row(enum score_kind kind);

/* score_find: by name; false where there is none. */
bool score_find(const char *name, size_t len, enum score_kind *out);

/* Every parameter at the default of the style. */
struct parameters score_defaults(enum score_kind kind, enum score_style style);

/*
 * score_check: ranges, and whether the values go together (oversold below
 * overbought; fast below slow, but for style legacy).
 *
 * errors: TB_EINVAL
 */
enum tb_status score_check(enum score_kind kind, enum score_style style,
    const struct parameters *p, struct tb_err *err);

/*
 * score_series: the series that it is made of, each with an anchor of its
 * own; one that only scales the score (atr) stands last.
 *
 * returns: their number; 0 for jq
 */
size_t score_series(enum score_kind kind, enum score_style style,
    const struct parameters *p, struct series out[static SCORE_SERIES_MAX]);

/*
 * score_heeds_flat: of how many of its first series a flat window makes the
 * score 0, where all of them are flat.  0: of none; the old system's forms had
 * another idea of a flat market.
 */
size_t score_heeds_flat(enum score_kind kind, enum score_style style);

/* What score_of() is given: a candle's close, and the values of each series
 * of score_series(), none NaN but legacy's first column. */
struct score_input {
	double close;
	double columns[SCORE_SERIES_MAX][INDICATOR_COLUMNS_MAX];
};

/*
 * score_of: the score, and what to show of it.
 *
 * out:	    values  in the order of the row's names; NaN where there is none
 * returns: in [-1, 1], not rounded; NaN where the old system gave no result
 */
double score_of(enum score_kind kind, enum score_style style,
    const struct parameters *p, const struct score_input *in,
    double values[static SCORE_VALUES_MAX]);

/* score_clamp: x in [-1, 1]: what becomes of a jq expression's number. */
double score_clamp(double x);

/* The curve of an oscillator between 0 and 100 (rsi, stoch). */
double score_oscillator(double value, double low, double high);

#endif /* TB_SIGNAL_SCORE_H */
