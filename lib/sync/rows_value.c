/* The values of rows.h. */

#include <ctype.h>
#include <string.h>

#include "base/instant.h"
#include "sync/rows.h"

#define SHOWN_MAX 40 /* bytes of a bad value that a message shows */

enum tb_status
rows_fail(const struct rows *r, size_t column, const char *expected,
    struct tb_err *err)
{
	const char *names = r->columns[column].names;
	size_t len = r->len[column];
	bool is_long = len > SHOWN_MAX;

	tb_err_set(err, TB_EINVAL, "%.*s: expected %s, found \"%.*s%s\"",
	    (int)strcspn(names, "|"), names, expected,
	    (int)(is_long ? SHOWN_MAX : len), r->value[column],
	    is_long ? "..." : "");
	rows_at(r, err);
	return TB_EINVAL;
}

enum tb_status
rows_amount(const struct rows *r, size_t column, struct decimal *out,
    bool *rounded, struct tb_err *err)
{
	bool inexact = false;
	enum tb_status status = decimal_parse_rounded(r->value[column],
	    r->len[column], DECIMAL_HALF_EVEN, out, &inexact);

	if (status == TB_ERANGE)
		return rows_fail(r, column, "a smaller amount", err);
	if (status != TB_OK)
		return rows_fail(r, column, "an amount", err);
	*rounded |= inexact;
	return TB_OK;
}

static bool
is_digits(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isdigit((unsigned char)s[i]))
			return false;
	return len > 0;
}

/* Up to 18 digits: they fit. */
static int64_t
digits_value(const char *s, size_t len)
{
	int64_t n = 0;

	for (size_t i = 0; i < len; i++)
		n = n * 10 + (s[i] - '0');
	return n;
}

/* Seconds, and up to six digits of a fraction (more are cut). */
static bool
unix_seconds(const char *s, size_t len, int64_t *out_us)
{
	const char *point = memchr(s, '.', len);
	size_t whole = point == NULL ? len : (size_t)(point - s);
	size_t places = point == NULL ? 0 : len - whole - 1;
	int64_t us = 0;

	if (whole > 11 || !is_digits(s, whole) ||
	    (point != NULL && !is_digits(point + 1, places)))
		return false;
	for (size_t i = 0; i < 6; i++)
		us = us * 10 + (i < places ? point[1 + i] - '0' : 0);
	*out_us = digits_value(s, whole) * INSTANT_US_PER_S + us;
	return true;
}

enum tb_status
rows_instant(const struct rows *r, size_t column, int64_t *out_us,
    struct tb_err *err)
{
	const char *s = r->value[column];
	size_t len = r->len[column];

	if (unix_seconds(s, len, out_us) ||
	    instant_parse(s, len, out_us) == TB_OK)
		return TB_OK;
	return rows_fail(r, column, "unix seconds or RFC 3339", err);
}

enum tb_status
rows_copy(const struct rows *r, size_t column, char *buf, size_t size,
    struct tb_err *err)
{
	size_t len = r->len[column];

	if (len == 0)
		return rows_fail(r, column, "a text", err);
	if (len >= size)
		return rows_fail(r, column, "a shorter text", err);
	if (memchr(r->value[column], '\0', len) != NULL)
		return rows_fail(r, column, "a text without NUL", err);
	memcpy(buf, r->value[column], len);
	buf[len] = '\0';
	return TB_OK;
}
