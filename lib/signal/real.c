#include "signal/real.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXACT_MAX (UINT64_C(1) << 53) /* integers up to here are doubles */
#define EXACT_POWER 22		      /* 10^22 is the last exact power */
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

enum tb_status
real_parse(const char *s, size_t len, double *out)
{
	uint64_t digits = 0;
	size_t i = 0, first, point = 0;
	bool minus, exact = true;

	if (len == 0 || len > REAL_TEXT_MAX)
		return TB_EINVAL;
	minus = s[0] == '-';
	first = i = minus;
	for (; i < len; i++) {
		if (s[i] == '.' && point == 0 && i > first) {
			point = i;
			continue;
		}
		if (!is_digit(s[i]))
			break;
		/* 18 digits fit into 64 bits; more are for strtod(). */
		digits = digits * 10 + (uint64_t)(s[i] - '0');
		exact = exact && digits <= EXACT_MAX;
	}
	if (i == first || (point != 0 && point + 1 == i))
		return TB_EINVAL;
	if (i < len && !is_exponent(s + i, len - i))
		return TB_EINVAL;
	if (!exact || i < len || (point != 0 && i - point - 1 > EXACT_POWER))
		return parse_slowly(s, len, out);
	*out = (double)digits;
	if (point != 0)
		*out /= powers[i - point - 1];
	if (minus)
		*out = -*out;
	return TB_OK;
}

/* The fewest significant digits that read back as x; returns their number. */
static size_t
shortest_digits(double x, char digits[static 18], int *exponent)
{
	char text[REAL_STRLEN];
	size_t used;
	double back;

	for (int precision = 14; precision <= 16; precision++) {
		(void)snprintf(text, sizeof(text), "%.*e", precision, x);
		used = 0;
		for (const char *p = text; *p != 'e'; p++)
			if (is_digit(*p))
				digits[used++] = *p;
		*exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
		(void)snprintf(text, sizeof(text), "%.*se%d", (int)used, digits,
		    *exponent - (int)used + 1);
		back = strtod(text, NULL);
		if (real_equal(back, x))
			break;
	}
	while (used > 1 && digits[used - 1] == '0')
		used--;
	return used;
}

size_t
real_format(double x, char buf[static REAL_STRLEN])
{
	char digits[18];
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
