/* decimal_text: the text side of base/decimal.h. */

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/decimal.h"
#include "base/decimal_rest.h"

#define SHORT_TEXT 19 /* digits that a uint64_t holds whatever they are */

static const uint64_t pow10_table[DECIMAL_SCALE + 1] = {
	1U,
	10U,
	100U,
	1000U,
	10000U,
	100000U,
	1000000U,
	10000000U,
	100000000U,
	1000000000U,
	10000000000U,
	100000000000U,
	1000000000000U,
	10000000000000U,
	100000000000000U,
	1000000000000000U,
	10000000000000000U,
	100000000000000000U,
	1000000000000000000U,
};

/* A text split by the grammar, its digits still text. */
struct notation {
	const char *digits; /* the first; the point, if any, among them */
	int64_t whole;	    /* digits before the point */
	int64_t count;	    /* digits in all */
	int exponent;
	bool negative;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Past the digits that begin at p. */
static const char *
skip_digits(const char *p, const char *end)
{
	while (p < end && is_digit(*p))
		p++;
	return p;
}

/* Nearly every text of this world: at most 19 characters, plain notation. */
static bool
parse_short(const char *s, size_t len, struct decimal *out)
{
	const char *end = s + len, *p = s, *first;
	uint64_t m = 0;
	int places = 0;
	bool negative = len > 0 && s[0] == '-';

	if (len > SHORT_TEXT)
		return false;
	first = p += negative;
	for (; p < end && is_digit(*p); p++)
		m = m * 10 + (uint64_t)(*p - '0');
	if (p == first)
		return false;
	if (p < end && *p == '.') {
		first = ++p;
		for (; p < end && is_digit(*p); p++)
			m = m * 10 + (uint64_t)(*p - '0');
		if (p == first)
			return false;
		places = (int)(p - first);
	}
	if (p != end)
		return false;
	*out = decimal_signed((decimal_magnitude)m *
		pow10_table[DECIMAL_SCALE - places],
	    negative);
	return true;
}

/* [eE][+-]?digits, all of p to end. */
static enum tb_status
split_exponent(const char *p, const char *end, int *out)
{
	bool negative = false;
	int exponent = 0;

	p++;
	if (p < end && (*p == '-' || *p == '+'))
		negative = *p++ == '-';
	if (p == end || skip_digits(p, end) != end)
		return TB_EINVAL;
	for (; p < end; p++) {
		exponent = exponent * 10 + (*p - '0');
		if (exponent > DECIMAL_EXPONENT_MAX)
			return TB_ERANGE;
	}
	*out = negative ? -exponent : exponent;
	return TB_OK;
}

static enum tb_status
split(const char *s, size_t len, bool with_exponent, struct notation *out)
{
	const char *end = s + len, *p, *point;

	*out = (struct notation){ .negative = len > 0 && s[0] == '-' };
	out->digits = s + out->negative;
	p = skip_digits(out->digits, end);
	out->count = out->whole = p - out->digits;
	if (out->whole == 0)
		return TB_EINVAL;
	if (p < end && *p == '.') {
		point = p++;
		p = skip_digits(p, end);
		if (p == point + 1)
			return TB_EINVAL;
		out->count += p - point - 1;
	}
	if (p == end)
		return TB_OK;
	if (!with_exponent || (*p != 'e' && *p != 'E'))
		return TB_EINVAL;
	return split_exponent(p, end, &out->exponent);
}

/* Digit i of them all; zeros follow the last without end. */
static unsigned int
digit_at(const struct notation *n, int64_t i)
{
	if (i >= n->count)
		return 0;
	return (unsigned int)(n->digits[i < n->whole ? i : i + 1] - '0');
}

/* What the digits from i on are worth, against half a unit before them. */
static enum decimal_rest
rest_from(const struct notation *n, int64_t i)
{
	unsigned int first = i < 0 ? 0 : digit_at(n, i);
	bool more = false;

	for (i = i < 0 ? 0 : i + 1; i < n->count && !more; i++)
		more = digit_at(n, i) != 0;
	if (first == 5)
		return more ? REST_ABOVE_HALF : REST_HALF;
	if (first > 5)
		return REST_ABOVE_HALF;
	return first > 0 || more ? REST_BELOW_HALF : REST_NONE;
}

static enum tb_status
assemble(const struct notation *n, enum decimal_rounding how,
    struct decimal *out, bool *inexact)
{
	int64_t kept = n->whole + n->exponent + DECIMAL_SCALE;
	enum decimal_rest rest = rest_from(n, kept);
	decimal_magnitude m = 0;

	for (int64_t i = 0; i < kept; i++) {
		if (m > DECIMAL_UNITS_MAX / 10)
			return TB_ERANGE;
		m = m * 10 + digit_at(n, i);
	}
	if (decimal_rounds_away(how, rest, n->negative, m & 1))
		m++;
	if (m > DECIMAL_UNITS_MAX)
		return TB_ERANGE;
	*inexact = rest != REST_NONE;
	*out = decimal_signed(m, n->negative);
	return TB_OK;
}

static enum tb_status
parse(const char *s, size_t len, bool with_exponent, struct decimal *out)
{
	struct notation n;
	struct decimal d;
	bool inexact;
	enum tb_status status;

	if (parse_short(s, len, out))
		return TB_OK;
	status = split(s, len, with_exponent, &n);
	if (status == TB_OK)
		status = assemble(&n, DECIMAL_DOWN, &d, &inexact);
	if (status != TB_OK)
		return status;
	if (inexact)
		return TB_ERANGE;
	*out = d;
	return TB_OK;
}

enum tb_status
decimal_parse(const char *s, size_t len, struct decimal *out)
{
	return parse(s, len, false, out);
}

enum tb_status
decimal_parse_number(const char *s, size_t len, struct decimal *out)
{
	return parse(s, len, true, out);
}

enum tb_status
decimal_parse_rounded(const char *s, size_t len, enum decimal_rounding how,
    struct decimal *out, bool *inexact)
{
	struct notation n;
	enum tb_status status;

	if (parse_short(s, len, out)) {
		*inexact = false;
		return TB_OK;
	}
	status = split(s, len, true, &n);
	if (status != TB_OK)
		return status;
	return assemble(&n, how, out, inexact);
}

/* The last count digits of n, zeros in front. */
static void
put_digits(char *out, uint64_t n, int count)
{
	static const char pairs[] = "00010203040506070809"
				    "10111213141516171819"
				    "20212223242526272829"
				    "30313233343536373839"
				    "40414243444546474849"
				    "50515253545556575859"
				    "60616263646566676869"
				    "70717273747576777879"
				    "80818283848586878889"
				    "90919293949596979899";

	for (; count >= 2; count -= 2) {
		memcpy(out + count - 2, pairs + 2 * (n % 100), 2);
		n /= 100;
	}
	if (count == 1)
		out[0] = (char)('0' + (int)(n % 10));
}

/* Of a number below 10^18. */
static int
digit_count(uint64_t n)
{
	int count = 1;

	while (n >= pow10_table[count])
		count++;
	return count;
}

/* The digits before the point; up to 21. */
static size_t
put_whole(char *out, decimal_magnitude whole)
{
	uint64_t high = (uint64_t)(whole / pow10_table[DECIMAL_SCALE]);
	uint64_t low = (uint64_t)(whole % pow10_table[DECIMAL_SCALE]);
	int len = 0;

	if (high > 0) {
		len = digit_count(high);
		put_digits(out, high, len);
		put_digits(out + len, low, DECIMAL_SCALE);
		return (size_t)len + DECIMAL_SCALE;
	}
	len = digit_count(low);
	put_digits(out, low, len);
	return (size_t)len;
}

size_t
decimal_format_min(struct decimal d, int min_places,
    char buf[static DECIMAL_STRLEN])
{
	decimal_magnitude m = decimal_magnitude_of(d);
	decimal_magnitude whole = m / pow10_table[DECIMAL_SCALE];
	uint64_t fraction =
	    (uint64_t)m - (uint64_t)whole * pow10_table[DECIMAL_SCALE];
	int places = DECIMAL_SCALE;
	size_t len = 0;

	assert(min_places >= 0 && min_places <= DECIMAL_SCALE);
	if (d.v < 0)
		buf[len++] = '-';
	len += put_whole(buf + len, whole);
	if (fraction > 0 || min_places > 0) {
		buf[len] = '.';
		put_digits(buf + len + 1, fraction, DECIMAL_SCALE);
		while (places > min_places && buf[len + (size_t)places] == '0')
			places--;
		len += (size_t)places + 1;
	}
	assert(len < DECIMAL_STRLEN);
	buf[len] = '\0';
	return len;
}

size_t
decimal_format(struct decimal d, char buf[static DECIMAL_STRLEN])
{
	return decimal_format_min(d, 0, buf);
}
