#include "signal/real.h"

#include <assert.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXACT_MAX (UINT64_C(1) << 53) /* integers up to here are doubles */
#define EXACT_POWER 22		      /* 10^22 is the last exact power */
#define DIGITS_MAX 19		      /* that 64 bits hold */
#define EXPONENT_MAX 9999	      /* far beyond any double */
#define FIVES_MAX 27		      /* 5^27 is the last in 64 bits */
#define SHIFT_MAX 120		      /* four times what is shifted out fits */
#define DIGITS_15 UINT64_C(1000000000000000)

static const double powers[EXACT_POWER + 1] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5,
	1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
	1e18, 1e19, 1e20, 1e21, 1e22 };

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * Digits and exponent without a point: strtod() then meets nothing that a
 * locale could change.  The text is known to be in the grammar.
 */
static enum tb_status
parse_slowly(const char *s, size_t len, double *out)
{
	char text[REAL_TEXT_MAX + 32];
	size_t used = 0, i = 0;
	long decimals = 0, exponent = 0;
	double x;

	for (; i < len && s[i] != 'e' && s[i] != 'E'; i++) {
		if (s[i] == '.')
			decimals = (long)(len - i - 1);
		else
			text[used++] = s[i];
	}
	if (decimals != 0)
		decimals -= (long)(len - i);
	for (size_t k = i + 1; k < len; k++)
		if (is_digit(s[k]) && exponent < EXPONENT_MAX)
			exponent = exponent * 10 + (s[k] - '0');
	if (i + 1 < len && s[i + 1] == '-')
		exponent = -exponent;
	(void)snprintf(text + used, sizeof(text) - used, "e%ld",
	    exponent - decimals);
	x = strtod(text, NULL);
	if (!isfinite(x))
		return TB_ERANGE;
	*out = x;
	return TB_OK;
}

static bool
is_exponent(const char *s, size_t len)
{
	size_t i = 1;

	if (len < 2 || (s[0] != 'e' && s[0] != 'E'))
		return false;
	if (s[i] == '-' || s[i] == '+')
		i++;
	if (i == len)
		return false;
	while (i < len)
		if (!is_digit(s[i++]))
			return false;
	return true;
}

/* Takes digits into *number; the caller counts that they fit. */
static size_t
take_digits(const char *s, size_t len, size_t i, uint64_t *number)
{
	for (; i < len && is_digit(s[i]); i++)
		*number = *number * 10 + (uint64_t)(s[i] - '0');
	return i;
}

enum tb_status
real_parse(const char *s, size_t len, double *out)
{
	uint64_t number = 0;
	size_t first, i, digits, decimals = 0;

	if (len == 0 || len > REAL_TEXT_MAX)
		return TB_EINVAL;
	first = s[0] == '-';
	i = take_digits(s, len, first, &number);
	digits = i - first;
	if (digits > 0 && i < len && s[i] == '.') {
		first = i + 1;
		i = take_digits(s, len, first, &number);
		decimals = i - first;
		digits = decimals == 0 ? 0 : digits + decimals;
	}
	if (digits == 0 || (i < len && !is_exponent(s + i, len - i)))
		return TB_EINVAL;
	if (i < len || digits > DIGITS_MAX || number > EXACT_MAX ||
	    decimals > EXACT_POWER)
		return parse_slowly(s, len, out);
	*out = (double)number;
	if (decimals > 0)
		*out /= powers[decimals];
	if (s[0] == '-')
		*out = -*out;
	return TB_OK;
}

__extension__ typedef unsigned __int128 wide;

/* x times ten to a power, exactly: number / 2^shift, an ulp of x is five. */
struct scaled {
	wide number;
	uint64_t five; /* to the same power */
	int shift;
	bool skewed; /* doubles below x are closer than those above */
};

/* returns: false where 128 bits or whole numbers are left */
static bool
scale(double x, int power, struct scaled *out)
{
	int exponent;
	uint64_t mantissa = (uint64_t)ldexp(frexp(x, &exponent), DBL_MANT_DIG);

	if (power < 0 || power > FIVES_MAX || x < DBL_MIN)
		return false;
	out->five = 1;
	for (int i = 0; i < power; i++)
		out->five *= 5;
	out->number = (wide)mantissa * out->five;
	out->shift = DBL_MANT_DIG - exponent - power;
	out->skewed = mantissa == UINT64_C(1) << (DBL_MANT_DIG - 1);
	return out->shift > 0 && out->shift <= SHIFT_MAX;
}

/* The nearest integer that reads back as x; 0: there is none. */
static uint64_t
nearest(const struct scaled *x)
{
	wide one = (wide)1 << x->shift;
	wide below = x->number & (one - 1), above = one - below;
	uint64_t digits = (uint64_t)(x->number >> x->shift);
	bool even = digits % 2 == 0;

	if (below < above || (below == above && even))
		if ((x->skewed ? 4 : 2) * below < x->five)
			return digits;
	return 2 * above < x->five ? digits + 1 : 0;
}

/*
 * The shortest digits of x, as an integer over a power of ten: 15 digits are
 * always told apart, 17 always tell apart.  0: beyond 128 bits.
 */
static uint64_t
exact_digits(double x, int *exponent)
{
	struct scaled scaled;
	uint64_t number = 0;
	int power = 14 - (int)floor(log10(x));

	/* log10() may say one too many or too few beside a power of ten. */
	if (!scale(x, power, &scaled))
		return 0;
	if (scaled.number >> scaled.shift >= DIGITS_15)
		power--;
	else if (scaled.number >> scaled.shift < DIGITS_15 / 10)
		power++;
	for (int last = power + 2; number == 0 && power <= last; power++) {
		if (!scale(x, power, &scaled))
			return 0;
		number = nearest(&scaled);
	}
	*exponent = 1 - power;
	return number;
}

/* The fewest significant digits that read back as x; returns their number. */
static size_t
searched_digits(double x, int least, char digits[static DIGITS_MAX],
    int *exponent)
{
	char text[REAL_STRLEN];
	size_t used;
	double back;

	for (int precision = least - 1;; precision++) {
		(void)snprintf(text, sizeof(text), "%.*e", precision, x);
		used = 0;
		for (const char *p = text; *p != 'e'; p++)
			if (is_digit(*p))
				digits[used++] = *p;
		*exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
		if (used == 17)
			return used;
		(void)snprintf(text, sizeof(text), "%.*se%d", (int)used, digits,
		    *exponent - (int)used + 1);
		back = strtod(text, NULL);
		if (real_equal(back, x))
			return used;
	}
}

static size_t
write_digits(uint64_t number, char digits[static DIGITS_MAX])
{
	size_t used = 0;

	for (uint64_t rest = number; rest > 0; rest /= 10)
		used++;
	for (size_t i = used; i > 0; number /= 10)
		digits[--i] = (char)('0' + number % 10);
	return used;
}

/* The digits and the exponent of the first of them. */
static size_t
shortest_digits(double x, char digits[static DIGITS_MAX], int *exponent)
{
	uint64_t number = exact_digits(x, exponent);
	size_t used;

	if (number > 0) {
		used = write_digits(number, digits);
		*exponent += (int)used - 1;
	} else {
		used =
		    searched_digits(x, x < DBL_MIN ? 1 : 15, digits, exponent);
	}
	while (used > 1 && digits[used - 1] == '0')
		used--;
	return used;
}

size_t
real_format(double x, char buf[static REAL_STRLEN])
{
	char digits[DIGITS_MAX];
	size_t used, len = 0;
	int exponent, place;

	assert(isfinite(x));
	if (real_equal(x, 0)) {
		memcpy(buf, "0", 2);
		return 1;
	}
	if (x < 0)
		buf[len++] = '-';
	used = shortest_digits(fabs(x), digits, &exponent);
	if (exponent < -12 || exponent >= 21) {
		buf[len++] = digits[0];
		if (used > 1)
			buf[len++] = '.';
		memcpy(buf + len, digits + 1, used - 1);
		len += used - 1;
		return len +
		    (size_t)snprintf(buf + len, REAL_STRLEN - len, "e%d",
			exponent);
	}
	for (place = exponent < 0 ? 0 : exponent;
	     place >= 0 || exponent - place < (int)used; place--) {
		int i = exponent - place;

		if (place == -1)
			buf[len++] = '.';
		buf[len++] = '0';
		if (i >= 0 && i < (int)used)
			buf[len - 1] = digits[i];
	}
	buf[len] = '\0';
	return len;
}

double
real_round9(double x)
{
	return round(x * 1e9) / 1e9;
}
