#ifndef TB_SIGNAL_REAL_H
#define TB_SIGNAL_REAL_H

/*
 * real: candles in doubles, and doubles as text.
 *
 * Indicators are computed in IEEE doubles; money never is.  Neither direction
 * depends on the locale.  "No value" is REAL_NONE and never becomes
 * text.
 */

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define REAL_TEXT_MAX 128 /* bytes of a text that real_parse() reads */
#define REAL_STRLEN 32	  /* bytes that real_format() may write */

/* No value yet, or undefined; ask isnan(). */
#define REAL_NONE ((double)NAN)

/* A candle as indicators see it. */
struct bar {
	int64_t start_s;	       /* unix seconds */
	double open, high, low, close; /* quote per coin */
	double volume;		       /* coins */
};

/*
 * real_parse: the double nearest to a decimal text: -?digits[.digits], with
 * the exponent of JSON where there is one.  Up to 2^53 and 22 decimals it is
 * one exact division; only longer texts go through strtod().
 *
 * in:	   s, len  text, not NUL-terminated
 * out:	   *out	   untouched on failure
 * errors: TB_EINVAL not in the grammar, or longer than REAL_TEXT_MAX;
 *	   TB_ERANGE beyond the largest double
 */
enum tb_status real_parse(const char *s, size_t len, double *out);

/*
 * real_format: the shortest decimal text that reads back as x: a JSON number
 * without exponent from 1e-12 to 1e21, with one beyond; never "-0".
 *
 * in:	    x	 finite (asserted)
 * returns: length without the NUL
 */
size_t real_format(double x, char buf[static REAL_STRLEN]);

/* real_round9: x at nine decimals: what is compared and shown of a score. */
double real_round9(double x);

/*
 * a == b, as a question that compilers don't suspect; never by a branch on
 * which of two neighbouring prices is higher, which nobody can predict.
 */
static inline bool
real_equal(double a, double b)
{
	return (a <= b) & (a >= b);
}

#endif /* TB_SIGNAL_REAL_H */
