#include "legacy/value.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/instant.h"
#include "io/json.h"

#define MOMENT_MAX 48 /* bytes of a moment's text */
#define SCORES_MAX (1 << 20)
#define S_PER_MINUTE 60

/* -------------------------------------------------------------- moments -- */

static bool
all_digits(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return len > 0;
}

/* "2025-09-07" */
static bool
is_date(const char *s, size_t len)
{
	return len >= 10 && all_digits(s, 4) && s[4] == '-' &&
	    all_digits(s + 5, 2) && s[7] == '-' && all_digits(s + 8, 2);
}

/* A time of day behind the date, in parts. */
struct clock {
	char hms[9];	    /* "12:00:00" */
	const char *digits; /* of the fraction */
	size_t digit_count;
	bool has_seconds;
	bool has_zone;
	int offset_minutes;
};

/* "Z", "+02", "+0200", "+02:00": true where it is one, or nothing. */
static bool
read_zone(const char *s, size_t len, struct clock *c)
{
	int sign = len > 0 && s[0] == '-' ? -1 : 1;

	while (len > 0 && *s == ' ')
		s++, len--;
	c->has_zone = len > 0;
	if (len == 0 || (len == 1 && (*s == 'Z' || *s == 'z')))
		return true;
	if (*s == '-')
		sign = -1;
	else if (*s != '+')
		return false;
	s++, len--;
	if (!all_digits(s, len < 2 ? len : 2) || len < 2)
		return false;
	c->offset_minutes = ((s[0] - '0') * 10 + s[1] - '0') * 60;
	if (len == 5 && s[2] == ':')
		s++, len--;
	if (len == 4 && all_digits(s + len - 2, 2))
		c->offset_minutes += (s[len - 2] - '0') * 10 + s[len - 1] - '0';
	else if (len != 2)
		return false;
	c->offset_minutes *= sign;
	return true;
}

static bool
read_clock(const char *s, size_t len, struct clock *c)
{
	size_t used = 5;

	*c = (struct clock){ .digits = s };
	if (len < 5 || !all_digits(s, 2) || s[2] != ':' ||
	    !all_digits(s + 3, 2))
		return false;
	c->has_seconds = len >= 8 && s[5] == ':' && all_digits(s + 6, 2);
	if (c->has_seconds)
		used = 8;
	(void)snprintf(c->hms, sizeof(c->hms), "%.5s:%.2s", s,
	    c->has_seconds ? s + 6 : "00");
	if (c->has_seconds && used < len && s[used] == '.') {
		c->digits = s + ++used;
		while (used < len && s[used] >= '0' && s[used] <= '9')
			used++, c->digit_count++;
		if (c->digit_count == 0)
			return false;
	}
	return read_zone(s + used, len - used, c);
}

/* The quirk of a text that was read. */
static void
mark_form(const char *s, const struct clock *c, struct legacy_quirks *quirks)
{
	bool iso = s[10] == 'T' || s[10] == 't';
	enum legacy_quirk quirk = LQ_TS_OTHER;

	if (c->has_zone && c->offset_minutes != 0) {
		quirk = LQ_TS_OFFSET;
		quirks->offset_minutes = (int16_t)c->offset_minutes;
	} else if (c->has_zone && strpbrk(s, "Zz") == NULL) {
		quirk = LQ_TS_OFFSET_ZERO;
	} else if (c->has_zone && iso && c->has_seconds) {
		quirk = c->digit_count > 0 ? LQ_TS_ISO_FRAC_Z : LQ_TS_ISO_Z;
	} else if (!c->has_zone && iso) {
		quirk = LQ_TS_ISO_NAIVE;
	} else if (!c->has_zone && c->digit_count == 6) {
		return;
	} else if (!c->has_zone && c->has_seconds && c->digit_count == 0) {
		quirk = LQ_TS_19_CHARS;
	}
	legacy_quirk_add(quirks, quirk);
}

static bool
read_text(const char *s, size_t len, struct legacy_quirks *quirks,
    int64_t *out_us)
{
	char given[MOMENT_MAX], whole[2 * MOMENT_MAX];
	struct clock c = { .hms = "00:00:00", .digits = "" };
	int n;

	if (len >= sizeof(given) || !is_date(s, len))
		return false;
	memcpy(given, s, len);
	given[len] = '\0';
	if (len > 10 &&
	    ((s[10] != ' ' && s[10] != 'T' && s[10] != 't') ||
		!read_clock(given + 11, len - 11, &c)))
		return false;
	n = snprintf(whole, sizeof(whole), "%.10sT%s.%.*s0Z", given, c.hms,
	    (int)c.digit_count, c.digits);
	if (instant_parse(whole, (size_t)n, out_us) != TB_OK)
		return false;
	*out_us -= (int64_t)c.offset_minutes * S_PER_MINUTE * INSTANT_US_PER_S;
	mark_form(given, &c, quirks);
	return true;
}

/* Seconds, or by their size milliseconds or microseconds, since 1970. */
static bool
read_epoch(struct decimal d, int64_t *out_us)
{
	static const struct {
		int64_t below, us;
	} units[] = {
		{ INT64_C(100000000000), INSTANT_US_PER_S },
		{ INT64_C(100000000000000), 1000 },
		{ INT64_C(100000000000000000), 1 },
	};
	struct decimal us;

	if (decimal_sign(d) <= 0)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (decimal_cmp(d, DECIMAL_OF(units[i].below)) >= 0)
			continue;
		if (decimal_mul(d, DECIMAL_OF(units[i].us), DECIMAL_HALF_EVEN,
			&us) != TB_OK ||
		    decimal_round(us, 0, DECIMAL_HALF_EVEN, &us) != TB_OK)
			return false;
		*out_us = (int64_t)(us.v / DECIMAL_ONE_UNITS);
		return true;
	}
	return false;
}

/* Garbage, and every moment that no calendar of ours holds. */
static bool
is_sane(int64_t us)
{
	return us > 0 && us <= INSTANT_MAX_US;
}

enum legacy_reading
legacy_moment(const struct foreign_value *v, struct legacy_quirks *quirks,
    int64_t *out_us)
{
	struct legacy_quirks found = *quirks;
	struct decimal d;
	size_t len;
	const char *s = legacy_trim(v, &len);
	int64_t us = 0;
	bool read;

	if (s == NULL && v->kind == FOREIGN_NULL)
		return LEGACY_NULL;
	if (s != NULL && len == 0)
		return LEGACY_NULL;
	if (legacy_number(v, &d) == LEGACY_READ) {
		read = read_epoch(d, &us);
		legacy_quirk_add(&found,
		    memchr(v->text, '.', v->len) == NULL ? LQ_TS_EPOCH_INTEGER :
							   LQ_TS_EPOCH_REAL);
	} else {
		read = s != NULL && read_text(s, len, &found, &us);
	}
	if (!read || !is_sane(us)) {
		legacy_quirk_add(quirks, LQ_TS_GARBAGE);
		return LEGACY_GARBAGE;
	}
	*quirks = found;
	*out_us = us;
	return LEGACY_READ;
}

/* -------------------------------------------------------------- numbers -- */

enum legacy_reading
legacy_number(const struct foreign_value *v, struct decimal *out)
{
	const char *s = v->text;
	size_t len = v->len;
	enum tb_status status;
	bool inexact;

	*out = DECIMAL_ZERO;
	if (v->kind == FOREIGN_NULL)
		return LEGACY_NULL;
	if (v->kind == FOREIGN_BLOB)
		return LEGACY_GARBAGE;
	if (v->kind == FOREIGN_TEXT)
		s = legacy_trim(v, &len);
	status =
	    decimal_parse_rounded(s, len, DECIMAL_HALF_EVEN, out, &inexact);
	if (status == TB_OK)
		return LEGACY_READ;
	if (v->kind == FOREIGN_TEXT)
		return status == TB_ERANGE ? LEGACY_TOO_LARGE : LEGACY_GARBAGE;
	if (memchr(s, 'y', len) != NULL)
		return LEGACY_INFINITE;
	return strstr(s, "e-") != NULL ? LEGACY_READ : LEGACY_TOO_LARGE;
}

struct decimal
legacy_q8(const struct foreign_value *v)
{
	const decimal_units unit = DECIMAL_ONE_UNITS / 100000000;
	struct decimal d = DECIMAL_ZERO;
	const char *s = v->text;
	size_t len = v->len;
	bool inexact = false;

	if (v->kind == FOREIGN_TEXT)
		s = legacy_trim(v, &len);
	if (decimal_parse_rounded(s, len, DECIMAL_DOWN, &d, &inexact) != TB_OK)
		return DECIMAL_ZERO;
	/* What lies behind the 18th decimal decides a tie. */
	if (inexact && d.v % unit == unit / 2)
		d.v++;
	else if (inexact && d.v % unit == -unit / 2)
		d.v--;
	return decimal_round(d, LEGACY_PLACES, DECIMAL_HALF_EVEN, &d) == TB_OK ?
	    d :
	    DECIMAL_ZERO;
}

bool
legacy_near(struct decimal a, struct decimal b, int places)
{
	struct decimal difference, share = decimal_abs(b);

	if (decimal_sub(a, b, &difference) != TB_OK)
		return false;
	difference = decimal_abs(difference);
	while (places-- > 0) /* the side that has the room is scaled */
		if (__builtin_mul_overflow(difference.v, (decimal_units)10,
			&difference.v))
			return false;
	return decimal_cmp(difference, share) <= 0;
}

int
legacy_decimals(const char *s, size_t len)
{
	const char *e = memchr(s, 'e', len);
	const char *point = memchr(s, '.', len);
	size_t digits = e == NULL ? len : (size_t)(e - s);
	int decimals = 0;

	if (point != NULL)
		decimals = (int)(digits - (size_t)(point - s) - 1);
	if (e != NULL)
		decimals -= (int)strtol(e + 1, NULL, 10);
	return decimals < 0 ? 0 : decimals;
}

/* ---------------------------------------------------------------- words -- */

const char *
legacy_trim(const struct foreign_value *v, size_t *out_len)
{
	const char *s = v->text;
	size_t len = v->len;

	*out_len = 0;
	if (v->kind == FOREIGN_NULL || v->kind == FOREIGN_BLOB)
		return NULL;
	while (len > 0 && isspace((unsigned char)s[len - 1]))
		len--;
	while (len > 0 && isspace((unsigned char)*s))
		s++, len--;
	*out_len = len;
	return s;
}

bool
legacy_state_of(const char *word, size_t len, enum legacy_state *out)
{
	static const struct {
		const char *word;
		enum legacy_state state;
	} words[] = {
		{ "filled", LEGACY_FILLED },
		{ "completed", LEGACY_FILLED },
		{ "done", LEGACY_FILLED },
		{ "settled", LEGACY_FILLED },
		{ "pending", LEGACY_PENDING },
		{ "open", LEGACY_PENDING },
		{ "active", LEGACY_PENDING },
		{ "queued", LEGACY_PENDING },
		{ "cancel_queued", LEGACY_PENDING },
		{ "edit_queued", LEGACY_PENDING },
		{ "unknown", LEGACY_PENDING },
		{ "failed", LEGACY_CANCELLED },
		{ "cancelled", LEGACY_CANCELLED },
		{ "canceled", LEGACY_CANCELLED },
		{ "rejected", LEGACY_CANCELLED },
		{ "expired", LEGACY_CANCELLED },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strlen(words[i].word) != len ||
		    strncasecmp(words[i].word, word, len) != 0)
			continue;
		*out = words[i].state;
		return true;
	}
	return false;
}

bool
legacy_scores(const struct foreign_value *v, bool *nan)
{
	static struct json_token tokens[JSON_TOKENS_MAX];
	struct json json;
	char *copy;
	bool strict = false;

	*nan = false;
	if (v->kind != FOREIGN_TEXT || v->len > SCORES_MAX)
		return v->kind == FOREIGN_NULL;
	copy = strndup(v->text, v->len);
	if (copy == NULL)
		return false;
	strict = json_read(copy, v->len, tokens, JSON_TOKENS_MAX, &json,
		     NULL) == TB_OK;
	free(copy);
	if (!strict)
		*nan = strstr(v->text, "NaN") != NULL ||
		    strstr(v->text, "Infinity") != NULL;
	return strict;
}
