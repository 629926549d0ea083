#ifndef TB_LEGACY_VALUE_H
#define TB_LEGACY_VALUE_H

/*
 * value: a cell of the old database as a moment, an amount, a word.
 *
 * Pure.  Cells come as texts with their storage class; no binary floating
 * point is computed with.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/decimal.h"
#include "base/market.h"
#include "legacy/item.h"
#include "legacy/word.h"
#include "store/foreign.h"

#define LEGACY_PLACES 8 /* decimals that the old system meant */

enum legacy_reading {
	LEGACY_NULL,	  /* nothing there */
	LEGACY_READ,	  /* understood */
	LEGACY_GARBAGE,	  /* of a number: a text */
	LEGACY_INFINITE,  /* of a number */
	LEGACY_TOO_LARGE, /* of a number: no decimal holds it */
};

/*
 * legacy_moment: what the old system, SQLite and people write: 26 or 19
 * characters, a T, a Z, an offset (applied), a date alone, seconds,
 * milliseconds or microseconds since 1970.  Without an offset it is UTC.
 *
 * inout: quirks  the LQ_TS_* of any form but the first
 */
enum legacy_reading legacy_moment(const struct foreign_value *v,
    struct legacy_quirks *quirks, int64_t *out_us);

/*
 * legacy_number: out: *out  half-even to 18 decimals; what SQLite cannot hold
 * apart from zero is zero
 */
enum legacy_reading legacy_number(const struct foreign_value *v,
    struct decimal *out);

/*
 * legacy_q8: the digits of a number half-even to LEGACY_PLACES decimals, in
 * one rounding.
 *
 * in: v  legacy_number() has read it
 */
struct decimal legacy_q8(const struct foreign_value *v);

/* legacy_near: |a - b| <= |b| / 10^places. */
bool legacy_near(struct decimal a, struct decimal b, int places);

/* legacy_decimals: digits behind the point of a number's text; exponent forms
 * count as they would be written out. */
int legacy_decimals(const char *s, size_t len);

/* legacy_trim: without blanks at both ends; NULL for what is no text. */
const char *legacy_trim(const struct foreign_value *v, size_t *out_len);

/* legacy_state_of: a word of the old system or of the venue, in any case. */
bool legacy_state_of(const char *word, size_t len, enum legacy_state *out);

/*
 * legacy_scores: is the text strict JSON?
 *
 * out: *nan  it is not, for a NaN or an Infinity in it
 */
bool legacy_scores(const struct foreign_value *v, bool *nan);

#endif /* TB_LEGACY_VALUE_H */
