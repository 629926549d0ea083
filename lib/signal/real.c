#include "signal/real.h"

#include <assert.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXACT_MAX (UINT64_C(1) << 53) /* integers up to here are doubles */
#define UNIQUE_MAX 4503599627370496.0 /* 2^52 */
#define EXACT_POWER 22		      /* 10^22 is the last exact power */
#define DIGITS_MAX 19		      /* that 64 bits hold */
#define EXPONENT_MAX 9999	      /* far beyond any double */

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

/*
 * The digits of x where an integer of at most 2^52 over a power of ten is x.
 * Such integers are further apart than doubles, so there is no second one,
 * and none with fewer digits.  0: there is none.
 *
 * out: *places  digits that are worth trying else
 */
static uint64_t
exact_digits(double x, int *exponent, int *places)
{
	int power = 15 - (int)floor(log10(x));
	double scaled;
	uint64_t number;

	/* Small doubles don't tell all 15-digit numbers apart. */
	*places = x < DBL_MIN ? 1 : 15;
	if (power < 1 || power > EXACT_POWER)
		return 0;
	*places = 17;
	scaled = x * powers[power];
	if (scaled >= UNIQUE_MAX) {
		*places = 16;
		scaled = x * powers[--power];
	}
	/* Neither rounding moves it by more than one. */
	number = (uint64_t)scaled - 1;
	for (int i = 0; i < 4; i++, number++)
		if (real_equal((double)number / powers[power], x)) {
			*exponent = -power;
			return number;
		}
	return 0;
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

/* The digits and the exponent of the first of them. */
static size_t
shortest_digits(double x, char digits[static DIGITS_MAX], int *exponent)
{
	int places;
	uint64_t number = exact_digits(x, exponent, &places);
	size_t used;

	if (number > 0) {
		used = (size_t)snprintf(digits, DIGITS_MAX, "%" PRIu64, number);
		*exponent += (int)used - 1;
	} else {
		used = searched_digits(x, places, digits, exponent);
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
