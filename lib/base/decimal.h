#ifndef TB_BASE_DECIMAL_H
#define TB_BASE_DECIMAL_H

/*
 * decimal: exact numbers for prices, sizes, fees and balances.
 *
 * A struct decimal is worth v / 10^18.  Every function is exact or refuses
 * with TB_ERANGE, but for the three that take a rounding and say so by it.
 * No binary floating point enters or leaves this room.
 *
 * The number does not know its unit: the field that holds it does, by its
 * name (price_usd, size_crypto) or comment.
 *
 * range:  |x| <= 170141183460469231731.687303715884105727
 * text:   -?digits[.digits]; see the two parsers
 * source: General Decimal Arithmetic (Cowlishaw) for the roundings; scale 18
 *	   because real fills carry 16 fractional digits and tokens 18.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#ifndef __SIZEOF_INT128__
# error "decimal needs __int128: a 64-bit gcc or clang"
#endif

__extension__ typedef __int128 decimal_units;

#define DECIMAL_SCALE 18	/* digits behind the point */
#define DECIMAL_STRLEN 42	/* sign, 21 digits, point, 18 digits, NUL */
#define DECIMAL_EXPONENT_MAX 40 /* of an exponent form that is still read */

struct decimal {
	decimal_units v; /* never the most negative: -v always exists */
};

#define DECIMAL_ZERO ((struct decimal){ 0 })

/* decimal_of: the whole number n; cannot fail. */
#define DECIMAL_ONE_UNITS ((decimal_units)1000000000000000000)
#define DECIMAL_OF(n) ((struct decimal){ (decimal_units)(n)*DECIMAL_ONE_UNITS })

enum decimal_rounding {
	DECIMAL_DOWN,	   /* toward zero: what an increment allows */
	DECIMAL_UP,	   /* away from zero: what a reserve may need */
	DECIMAL_HALF_EVEN, /* nearest, ties to the even digit: all the rest */
	DECIMAL_HALF_UP,   /* nearest, ties away from zero */
	DECIMAL_FLOOR,	   /* toward minus infinity */
	DECIMAL_CEILING,   /* toward plus infinity */
};

/*
 * decimal_parse: read plain notation: an optional minus, digits, optionally a
 * point and digits.  Leading zeros are read ("007" is 7), "-0" is 0.  No plus
 * sign, blank, exponent, separator, or bare point.
 *
 * in:	   s, len  text, not NUL-terminated
 * out:	   *out	   untouched on failure
 * errors: TB_EINVAL not in the grammar; TB_ERANGE more than 18 decimals that
 *	   are not zero, or too large
 */
enum tb_status decimal_parse(const char *s, size_t len, struct decimal *out);

/*
 * decimal_parse_number: as decimal_parse(), and the exponent form of JSON
 * (1e3, 2.5E-7) where the value is exact and |exponent| is at most
 * DECIMAL_EXPONENT_MAX.
 */
enum tb_status decimal_parse_number(const char *s, size_t len,
    struct decimal *out);

/*
 * decimal_parse_rounded: as decimal_parse_number(), but digits beyond the
 * 18th decimal are rounded away.
 *
 * out: *inexact  set to true where something was lost, else to false
 */
enum tb_status decimal_parse_rounded(const char *s, size_t len,
    enum decimal_rounding how, struct decimal *out, bool *inexact);

/*
 * decimal_format: canonical text: no exponent, no plus, no "-0", no zeros at
 * the end, no needless zeros in front.  Equal values give equal texts.
 *
 * out:	    buf	   NUL-terminated
 * returns: length without the NUL; cannot fail
 */
size_t decimal_format(struct decimal d, char buf[static DECIMAL_STRLEN]);

/*
 * decimal_format_min: as decimal_format() with at least min_places digits
 * behind the point ("100.00"); nothing is rounded.
 *
 * in: min_places  0..DECIMAL_SCALE
 */
size_t decimal_format_min(struct decimal d, int min_places,
    char buf[static DECIMAL_STRLEN]);

/*
 * decimal_add, decimal_sub: exact.
 * decimal_mul, decimal_div: rounded as named to 18 decimals; the full 256-bit
 * intermediate is used, so only the result must fit.
 *
 * out:	   *out	  untouched on failure
 * errors: TB_ERANGE the result does not fit, or b is zero in decimal_div()
 */
enum tb_status decimal_add(struct decimal a, struct decimal b,
    struct decimal *out);
enum tb_status decimal_sub(struct decimal a, struct decimal b,
    struct decimal *out);
enum tb_status decimal_mul(struct decimal a, struct decimal b,
    enum decimal_rounding how, struct decimal *out);
enum tb_status decimal_div(struct decimal a, struct decimal b,
    enum decimal_rounding how, struct decimal *out);

/*
 * decimal_mul_div: a x b / c with one rounding at the end: the share of a
 * cost a that a part b of a whole c carries.
 */
enum tb_status decimal_mul_div(struct decimal a, struct decimal b,
    struct decimal c, enum decimal_rounding how, struct decimal *out);

/*
 * decimal_quantize: the multiple of increment next to d.
 *
 * in:	   increment  greater than zero (else TB_ERANGE)
 * errors: TB_ERANGE the result does not fit
 */
enum tb_status decimal_quantize(struct decimal d, struct decimal increment,
    enum decimal_rounding how, struct decimal *out);

/*
 * decimal_round: d with at most places digits behind the point.
 *
 * in:	   places  0..DECIMAL_SCALE
 * errors: TB_ERANGE rounding up at the very edge of the range
 */
enum tb_status decimal_round(struct decimal d, int places,
    enum decimal_rounding how, struct decimal *out);

/* Less than, equal to, or greater than 0; cannot fail. */
int decimal_cmp(struct decimal a, struct decimal b);

/* -1, 0 or 1. */
int decimal_sign(struct decimal d);

struct decimal decimal_neg(struct decimal d);
struct decimal decimal_abs(struct decimal d);
struct decimal decimal_min(struct decimal a, struct decimal b);
struct decimal decimal_max(struct decimal a, struct decimal b);

#endif /* TB_BASE_DECIMAL_H */
