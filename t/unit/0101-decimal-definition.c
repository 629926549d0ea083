/*
 * decimal: 200,000 random cases, checked by the definition of each rounding
 * with integers of 384 bits that are written here: r = round(p / c) says that
 * p lies in a certain interval around r x c, so the check never divides.
 */

#include "base/decimal.h"

#include <stdint.h>

#include "tap.h"

#define CASES 200000
#define LIMBS 12 /* of 32 bits, the least first: 384 bits */

__extension__ typedef unsigned __int128 magnitude;

static const struct decimal most = { (decimal_units)((magnitude)-1 >> 1) };

struct big {
	uint32_t limb[LIMBS];
};

static struct big
big_of(struct decimal d)
{
	magnitude m = (magnitude)(d.v < 0 ? -d.v : d.v);
	struct big b = { { 0 } };

	for (int i = 0; i < 4; i++, m >>= 32)
		b.limb[i] = (uint32_t)m;
	return b;
}

static struct big
big_mul(const struct big *a, const struct big *b)
{
	struct big product = { { 0 } };

	for (int i = 0; i < LIMBS; i++) {
		uint64_t carry = 0;

		for (int j = 0; i + j < LIMBS; j++) {
			carry += product.limb[i + j] +
			    (uint64_t)a->limb[i] * b->limb[j];
			product.limb[i + j] = (uint32_t)carry;
			carry >>= 32;
		}
	}
	return product;
}

static struct big
big_add(const struct big *a, const struct big *b)
{
	struct big sum;
	uint64_t carry = 0;

	for (int i = 0; i < LIMBS; i++) {
		carry += (uint64_t)a->limb[i] + b->limb[i];
		sum.limb[i] = (uint32_t)carry;
		carry >>= 32;
	}
	return sum;
}

static int
big_cmp(const struct big *a, const struct big *b)
{
	for (int i = LIMBS; i-- > 0;)
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i] ? -1 : 1;
	return 0;
}

/*
 * Is r, a magnitude, what p / c rounds to?  By the definition of each mode: p
 * lies in an interval around r x c; half modes compare doubles.
 */
static bool
is_rounded(const struct big *p, const struct big *c, const struct big *r,
    enum decimal_rounding how, bool negative)
{
	struct big one = { { 1 } }, above = big_add(r, &one);
	struct big low = big_mul(r, c), high = big_mul(&above, c);
	struct big twice, low_2, at_least, at_most;
	int cmp_low, cmp_high;

	if (how == DECIMAL_FLOOR)
		how = negative ? DECIMAL_UP : DECIMAL_DOWN;
	if (how == DECIMAL_CEILING)
		how = negative ? DECIMAL_DOWN : DECIMAL_UP;
	if (how == DECIMAL_DOWN) /* r c <= p < (r + 1) c */
		return big_cmp(&low, p) <= 0 && big_cmp(p, &high) < 0;
	if (how == DECIMAL_UP) { /* (r - 1) c < p <= r c */
		struct big shifted = big_add(p, c);

		return big_cmp(p, &low) <= 0 && big_cmp(&low, &shifted) < 0;
	}
	/* (2 r - 1) c (<=) 2 p (<=) (2 r + 1) c */
	twice = big_add(p, p);
	low_2 = big_add(&low, &low);
	at_most = big_add(&low_2, c);
	at_least = big_add(&twice, c); /* both sides plus c */
	cmp_low = big_cmp(&low_2, &at_least);
	cmp_high = big_cmp(&twice, &at_most);
	if (how == DECIMAL_HALF_UP)
		return cmp_low <= 0 && cmp_high < 0;
	return (r->limb[0] & 1) == 0 ? cmp_low <= 0 && cmp_high <= 0 :
				       cmp_low < 0 && cmp_high < 0;
}

/* Would p / c, so rounded, exceed the largest magnitude? */
static bool
is_too_large(const struct big *p, const struct big *c,
    enum decimal_rounding how, bool negative)
{
	struct big largest = big_of(most), one = { { 1 } };
	struct big next = big_add(&largest, &one), edge, twice;

	if (how == DECIMAL_FLOOR)
		how = negative ? DECIMAL_UP : DECIMAL_DOWN;
	if (how == DECIMAL_CEILING)
		how = negative ? DECIMAL_DOWN : DECIMAL_UP;
	if (how == DECIMAL_DOWN) {
		edge = big_mul(&next, c);
		return big_cmp(p, &edge) >= 0;
	}
	if (how == DECIMAL_UP) {
		edge = big_mul(&largest, c);
		return big_cmp(p, &edge) > 0;
	}
	largest = big_add(&largest, &next); /* 2 most + 1; most is odd */
	edge = big_mul(&largest, c);
	twice = big_add(p, p);
	return big_cmp(&twice, &edge) >= 0;
}

/* splitmix64 (Steele, Lea, Flood). */
static uint64_t random_state;

static uint64_t
random_64(void)
{
	uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Of every length, and every fourth with many zeros or ones at its end. */
static struct decimal
random_decimal(void)
{
	magnitude m = ((magnitude)random_64() << 64 | random_64()) >> 1;
	decimal_units v = (decimal_units)m;
	uint64_t r = random_64();

	v >>= r % 127;
	if (r >> 62 == 0)
		v = v >> (r >> 8) % 64 << (r >> 8) % 64;
	if (r >> 62 == 1)
		v |= (int64_t)(UINT64_MAX >> (r >> 8) % 63 >> 1);
	return (struct decimal){ (r >> 7 & 1) != 0 ? -v : v };
}

static bool
scales_right(enum tb_status status, struct decimal got, struct decimal a,
    struct decimal b, struct decimal c, enum decimal_rounding how)
{
	bool negative = (a.v < 0) ^ (b.v < 0) ^ (c.v < 0);
	struct big ba = big_of(a), bb = big_of(b), bc = big_of(c);
	struct big p = big_mul(&ba, &bb), r = big_of(got);

	if (status != TB_OK)
		return c.v == 0 || is_too_large(&p, &bc, how, negative);
	if (c.v == 0 || (got.v != 0 && (got.v < 0) != negative))
		return false;
	return is_rounded(&p, &bc, &r, how, negative);
}

/* One case; false where any function breaks its promise. */
static bool
check_case(void)
{
	struct decimal a = random_decimal(), b = random_decimal();
	struct decimal c = random_decimal(), d = DECIMAL_ZERO, e;
	const struct decimal one = DECIMAL_OF(1), unit = { 1 };
	enum decimal_rounding how = random_64() % 6;
	char buf[DECIMAL_STRLEN];
	enum tb_status status;
	size_t len;
	bool good;

	status = decimal_mul(a, b, how, &d);
	good = scales_right(status, d, a, b, one, how);
	status = decimal_div(a, b, how, &d);
	good &= scales_right(status, d, a, one, b, how);
	status = decimal_mul_div(a, b, c, how, &d);
	good &= scales_right(status, d, a, b, c, how);
	if (b.v > 0 && decimal_quantize(a, b, how, &d) == TB_OK) {
		e.v = d.v / b.v;
		good &=
		    d.v % b.v == 0 && scales_right(TB_OK, e, a, unit, b, how);
	}
	if (decimal_add(a, b, &d) == TB_OK)
		good &= decimal_sub(d, b, &e) == TB_OK && e.v == a.v &&
		    decimal_add(b, a, &e) == TB_OK && e.v == d.v;
	else
		good &= (a.v < 0) == (b.v < 0) &&
		    decimal_sub(most, decimal_abs(a), &e) == TB_OK &&
		    decimal_cmp(decimal_abs(b), e) > 0;
	len = decimal_format(a, buf);
	good &= len == strlen(buf) && decimal_parse(buf, len, &d) == TB_OK &&
	    d.v == a.v;
	len = decimal_format_min(a, (int)(random_64() % 19), buf);
	good &= len == strlen(buf) &&
	    decimal_parse_number(buf, len, &d) == TB_OK && d.v == a.v;
	return good;
}

int
main(void)
{
	const char *seed = getenv("TB_SEED");
	uint64_t before = 0;
	int bad = 0;

	random_state = seed == NULL ? 18 : strtoull(seed, NULL, 0);
	printf("# TB_SEED=%llu\n", (unsigned long long)random_state);
	for (int i = 0; i < CASES && bad < 5; i++) {
		before = random_state;
		if (!check_case()) {
			bad++;
			printf("# bad: TB_SEED=%llu\n",
			    (unsigned long long)before);
		}
	}
	ok(bad == 0, "%d random cases hold by definition", CASES);
	return tap_done();
}
