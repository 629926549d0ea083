#ifndef TB_BASE_DECIMAL_REST_H
#define TB_BASE_DECIMAL_REST_H

/*
 * decimal_rest: what the two halves of decimal share: its arithmetic
 * (decimal.c) and its text (decimal_text.c).  For nobody else.
 */

#include <stdbool.h>

#include "base/decimal.h"

__extension__ typedef unsigned __int128 decimal_magnitude;

#define DECIMAL_UNITS_MAX ((decimal_magnitude)-1 >> 1) /* 2^127 - 1 */

/* What a rounding is about to drop, against half a unit of the last place. */
enum decimal_rest { REST_NONE, REST_BELOW_HALF, REST_HALF, REST_ABOVE_HALF };

/*
 * decimal_rounds_away: does the magnitude grow by one?
 *
 * in: negative, odd  of the number whose rest is dropped
 */
bool decimal_rounds_away(enum decimal_rounding how, enum decimal_rest rest,
    bool negative, bool odd);

/* The number of this sign and magnitude, which is within the range. */
static inline struct decimal
decimal_signed(decimal_magnitude m, bool negative)
{
	decimal_units v = (decimal_units)m;

	return (struct decimal){ negative ? -v : v };
}

static inline decimal_magnitude
decimal_magnitude_of(struct decimal d)
{
	decimal_magnitude m = (decimal_magnitude)d.v;

	return d.v < 0 ? 0 - m : m;
}

#endif /* TB_BASE_DECIMAL_REST_H */
