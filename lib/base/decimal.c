#include "base/decimal.h"

#include <assert.h>
#include <stdint.h>

#include "base/decimal_rest.h"

#define LOW_64(m) ((uint64_t)(m))
#define HIGH_64(m) ((uint64_t)((m) >> 64))
#define JOIN_64(high, low) ((decimal_magnitude)(high) << 64 | (low))

/* 256 bits: what a product needs before it is divided. */
struct wide {
	decimal_magnitude high, low;
};

static struct wide
multiply(decimal_magnitude a, decimal_magnitude b)
{
	decimal_magnitude low, middle, cross_a, cross_b, high;

	low = (decimal_magnitude)LOW_64(a) * LOW_64(b);
	cross_a = (decimal_magnitude)HIGH_64(a) * LOW_64(b);
	cross_b = (decimal_magnitude)LOW_64(a) * HIGH_64(b);
	high = (decimal_magnitude)HIGH_64(a) * HIGH_64(b);
	middle =
	    (decimal_magnitude)HIGH_64(low) + LOW_64(cross_a) + LOW_64(cross_b);
	return (struct wide){
		.high = high + HIGH_64(cross_a) + HIGH_64(cross_b) +
		    HIGH_64(middle),
		.low = JOIN_64(LOW_64(middle), LOW_64(low)),
	};
}

/*
 * One digit of base 2^64 of a schoolbook division (Knuth, TAOCP 2, 4.3.1,
 * algorithm D): *rest and the digit next, by a divisor with its top bit set;
 * *rest is below the divisor before and after.
 */
static uint64_t
divide_digit(decimal_magnitude *rest, uint64_t next, decimal_magnitude divisor)
{
	uint64_t top = HIGH_64(divisor), bottom = LOW_64(divisor);
	decimal_magnitude digit = *rest / top;
	decimal_magnitude over = *rest % top;

	while (HIGH_64(digit) != 0 || digit * bottom > JOIN_64(over, next)) {
		digit--;
		over += top;
		if (HIGH_64(over) != 0)
			break;
	}
	*rest = JOIN_64(LOW_64(*rest), next) - digit * divisor;
	return LOW_64(digit);
}

/* The quotient and rest of n by a divisor that is greater than n.high. */
static decimal_magnitude
divide(struct wide n, decimal_magnitude divisor, decimal_magnitude *rest)
{
	decimal_magnitude high, quotient;
	uint64_t first, second;
	int shift;

	assert(n.high < divisor);
	if (n.high == 0) {
		quotient = n.low / divisor;
		*rest = n.low - quotient * divisor;
		return quotient;
	}
	shift = HIGH_64(divisor) != 0 ? __builtin_clzll(HIGH_64(divisor)) :
					64 + __builtin_clzll(LOW_64(divisor));
	divisor <<= shift;
	/* No magnitude has the top bit set: the shift is never 0. */
	high = n.high << shift | n.low >> (128 - shift);
	n.low <<= shift;

	first = divide_digit(&high, HIGH_64(n.low), divisor);
	second = divide_digit(&high, LOW_64(n.low), divisor);
	*rest = high >> shift;
	return JOIN_64(first, second);
}

static enum decimal_rest
rest_of(decimal_magnitude rest, decimal_magnitude divisor)
{
	decimal_magnitude other = divisor - rest;

	if (rest == 0)
		return REST_NONE;
	if (rest == other)
		return REST_HALF;
	return rest < other ? REST_BELOW_HALF : REST_ABOVE_HALF;
}

bool
decimal_rounds_away(enum decimal_rounding how, enum decimal_rest rest,
    bool negative, bool odd)
{
	switch (how) {
	case DECIMAL_DOWN:
		return false;
	case DECIMAL_UP:
		return rest != REST_NONE;
	case DECIMAL_HALF_EVEN:
		return rest == REST_ABOVE_HALF || (rest == REST_HALF && odd);
	case DECIMAL_HALF_UP:
		return rest >= REST_HALF;
	case DECIMAL_FLOOR:
		return rest != REST_NONE && negative;
	case DECIMAL_CEILING:
	default:
		return rest != REST_NONE && !negative;
	}
}

/* a x b / c of units, rounded once. */
static enum tb_status
scale_units(struct decimal a, struct decimal b, struct decimal c,
    enum decimal_rounding how, struct decimal *out)
{
	bool negative = (a.v < 0) ^ (b.v < 0) ^ (c.v < 0);
	decimal_magnitude divisor = decimal_magnitude_of(c), quotient, rest;
	struct wide product;

	if (divisor == 0)
		return TB_ERANGE;
	product = multiply(decimal_magnitude_of(a), decimal_magnitude_of(b));
	if (product.high >= divisor)
		return TB_ERANGE;
	quotient = divide(product, divisor, &rest);
	if (quotient > DECIMAL_UNITS_MAX)
		return TB_ERANGE;
	if (decimal_rounds_away(how, rest_of(rest, divisor), negative,
		quotient & 1))
		quotient++;
	if (quotient > DECIMAL_UNITS_MAX)
		return TB_ERANGE;
	*out = decimal_signed(quotient, negative);
	return TB_OK;
}

/* The one value that has no opposite is none of ours. */
static enum tb_status
accept(decimal_units v, bool overflow, struct decimal *out)
{
	if (overflow ||
	    decimal_magnitude_of((struct decimal){ v }) > DECIMAL_UNITS_MAX)
		return TB_ERANGE;
	out->v = v;
	return TB_OK;
}

enum tb_status
decimal_add(struct decimal a, struct decimal b, struct decimal *out)
{
	decimal_units sum;
	bool overflow = __builtin_add_overflow(a.v, b.v, &sum);

	return accept(sum, overflow, out);
}

enum tb_status
decimal_sub(struct decimal a, struct decimal b, struct decimal *out)
{
	decimal_units difference;
	bool overflow = __builtin_sub_overflow(a.v, b.v, &difference);

	return accept(difference, overflow, out);
}

enum tb_status
decimal_mul(struct decimal a, struct decimal b, enum decimal_rounding how,
    struct decimal *out)
{
	return scale_units(a, b, DECIMAL_OF(1), how, out);
}

enum tb_status
decimal_div(struct decimal a, struct decimal b, enum decimal_rounding how,
    struct decimal *out)
{
	return scale_units(a, DECIMAL_OF(1), b, how, out);
}

enum tb_status
decimal_mul_div(struct decimal a, struct decimal b, struct decimal c,
    enum decimal_rounding how, struct decimal *out)
{
	return scale_units(a, b, c, how, out);
}

enum tb_status
decimal_quantize(struct decimal d, struct decimal increment,
    enum decimal_rounding how, struct decimal *out)
{
	decimal_magnitude step = decimal_magnitude_of(increment);
	decimal_magnitude m = decimal_magnitude_of(d), count, rest;

	if (increment.v <= 0)
		return TB_ERANGE;
	count = m / step;
	rest = m - count * step;
	m -= rest;
	if (decimal_rounds_away(how, rest_of(rest, step), d.v < 0, count & 1))
		m += step; /* both below 2^127 */
	if (m > DECIMAL_UNITS_MAX)
		return TB_ERANGE;
	*out = decimal_signed(m, d.v < 0);
	return TB_OK;
}

enum tb_status
decimal_round(struct decimal d, int places, enum decimal_rounding how,
    struct decimal *out)
{
	struct decimal increment = { 1 };

	assert(places >= 0 && places <= DECIMAL_SCALE);
	for (int i = places; i < DECIMAL_SCALE; i++)
		increment.v *= 10;
	return decimal_quantize(d, increment, how, out);
}

int
decimal_cmp(struct decimal a, struct decimal b)
{
	return (a.v > b.v) - (a.v < b.v);
}

int
decimal_sign(struct decimal d)
{
	return (d.v > 0) - (d.v < 0);
}

struct decimal
decimal_neg(struct decimal d)
{
	return (struct decimal){ -d.v };
}

struct decimal
decimal_abs(struct decimal d)
{
	return (struct decimal){ d.v < 0 ? -d.v : d.v };
}

struct decimal
decimal_min(struct decimal a, struct decimal b)
{
	return a.v < b.v ? a : b;
}

struct decimal
decimal_max(struct decimal a, struct decimal b)
{
	return a.v > b.v ? a : b;
}
