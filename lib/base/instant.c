#include "base/instant.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define YEAR_MIN 1
#define YEAR_MAX 9999
#define S_MIN INT64_C(-62135596800) /* 0001-01-01T00:00:00Z */
#define S_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z */
#define FRACTION_DIGITS 6
#define STEP_DIGITS 12 /* of -15m: more is no step but a mistake */

struct civil {
	int year, month, day; /* month and day from 1 */
};

/* A text that is eaten from the left. */
struct cursor {
	const char *at, *end;
};

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/*
 * Days since 1970-01-01 of the proleptic Gregorian calendar, and back:
 * H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".  Years begin in
 * March here, so that the leap day is the last, and eras have 400 of them.
 */
static int64_t
days_of(struct civil c)
{
	int64_t y = c.year - (c.month <= 2);
	int64_t era = floor_div(y, 400);
	int64_t year_of_era = y - era * 400;
	int64_t month = (c.month + 9) % 12; /* from March */
	int64_t day_of_year = (153 * month + 2) / 5 + c.day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 -
	    year_of_era / 100 + day_of_year - 719468;
}

static struct civil
civil_of(int64_t days)
{
	int64_t shifted = days + 719468;
	int64_t era = floor_div(shifted, 146097);
	int64_t day_of_era = shifted - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 +
				  day_of_era / 36524 - day_of_era / 146096) /
	    365;
	int64_t day_of_year = day_of_era -
	    (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153; /* from March */
	struct civil c;

	c.day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	c.month = (int)(month < 10 ? month + 3 : month - 9);
	c.year = (int)(year_of_era + era * 400 + (c.month <= 2));
	return c;
}

static bool
civil_is_valid(struct civil c)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = c.year % 4 == 0 && (c.year % 100 != 0 || c.year % 400 == 0);

	if (c.year < YEAR_MIN || c.year > YEAR_MAX || c.month < 1 ||
	    c.month > 12 || c.day < 1)
		return false;
	return c.day <= days[c.month - 1] + (leap && c.month == 2);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Exactly count digits. */
static bool
eat_number(struct cursor *c, int count, int *out)
{
	int n = 0;

	for (int i = 0; i < count; i++, c->at++) {
		if (c->at == c->end || !is_digit(*c->at))
			return false;
		n = n * 10 + (*c->at - '0');
	}
	*out = n;
	return true;
}

/* This character, or nothing. */
static bool
eat(struct cursor *c, char one)
{
	if (c->at == c->end || *c->at != one)
		return false;
	c->at++;
	return true;
}

static bool
eat_date(struct cursor *c, int64_t *out_s)
{
	struct civil date;

	if (!eat_number(c, 4, &date.year) || !eat(c, '-') ||
	    !eat_number(c, 2, &date.month) || !eat(c, '-') ||
	    !eat_number(c, 2, &date.day) || !civil_is_valid(date))
		return false;
	*out_s = days_of(date) * INSTANT_S_PER_DAY;
	return true;
}

/* After the seconds: nothing, or a point and digits, cut at the sixth. */
static bool
eat_fraction(struct cursor *c, int64_t *out_us)
{
	int64_t us = 0, unit = INSTANT_US_PER_S;

	if (eat(c, '.')) {
		if (c->at == c->end || !is_digit(*c->at))
			return false;
		for (; c->at < c->end && is_digit(*c->at); c->at++) {
			unit /= 10;
			us += unit * (*c->at - '0');
		}
	}
	*out_us = us;
	return true;
}

/* hh:mm:ss and a fraction; :60 is the next minute's first moment. */
static bool
eat_time(struct cursor *c, int64_t *out_us)
{
	int hour, minute, second;
	int64_t fraction_us, seconds;

	if (!eat_number(c, 2, &hour) || !eat(c, ':') ||
	    !eat_number(c, 2, &minute) || !eat(c, ':') ||
	    !eat_number(c, 2, &second) || !eat_fraction(c, &fraction_us))
		return false;
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	if (second == 60)
		fraction_us = 0;
	seconds = hour * INT64_C(3600) + minute * INT64_C(60) + second;
	*out_us = seconds * INSTANT_US_PER_S + fraction_us;
	return true;
}

/* Z, or how far the text's clock is ahead of UTC. */
static bool
eat_zone(struct cursor *c, int64_t *out_us)
{
	bool west = c->at < c->end && *c->at == '-';
	int hour, minute;

	*out_us = 0;
	if (eat(c, 'Z') || eat(c, 'z'))
		return true;
	if (!(west ? eat(c, '-') : eat(c, '+')) || !eat_number(c, 2, &hour) ||
	    !eat(c, ':') || !eat_number(c, 2, &minute) || hour > 23 ||
	    minute > 59)
		return false;
	*out_us = (hour * INT64_C(60) + minute) * 60 * INSTANT_US_PER_S;
	if (west)
		*out_us = -*out_us;
	return true;
}

static bool
in_range(int64_t us)
{
	int64_t s = instant_floor_s(us);

	return s >= S_MIN && s <= S_MAX;
}

/* Neither clock can fail on any Linux that runs us. */
static struct timespec
read_clock(clockid_t clock)
{
	struct timespec ts;
	int failed = clock_gettime(clock, &ts);

	assert(!failed);
	return ts;
}

int64_t
instant_now_us(void)
{
	struct timespec ts = read_clock(CLOCK_REALTIME);

	return ts.tv_sec * INSTANT_US_PER_S + ts.tv_nsec / 1000;
}

int64_t
instant_boot_ms(void)
{
	struct timespec ts = read_clock(CLOCK_BOOTTIME);

	return ts.tv_sec * INT64_C(1000) + ts.tv_nsec / 1000000;
}

/* Two digits as a number; anything else sets *bad. */
static int
two(const char *s, bool *bad)
{
	unsigned tens = (unsigned)(s[0] - '0'), ones = (unsigned)(s[1] - '0');

	*bad |= tens > 9 || ones > 9;
	return (int)(10 * tens + ones);
}

/* Nearly every text of this world: instant_format()'s own. */
static bool
parse_own(const char *s, size_t len, int64_t *out_us)
{
	bool bad = false;
	struct civil date;
	int64_t us;
	int hour, minute, second;

	if (len != INSTANT_STRLEN - 1 || s[4] != '-' || s[7] != '-' ||
	    s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[19] != '.' ||
	    s[26] != 'Z')
		return false;
	date.year = two(s, &bad) * 100 + two(s + 2, &bad);
	date.month = two(s + 5, &bad);
	date.day = two(s + 8, &bad);
	hour = two(s + 11, &bad);
	minute = two(s + 14, &bad);
	second = two(s + 17, &bad);
	us = two(s + 20, &bad) * 10000 + two(s + 22, &bad) * 100 +
	    two(s + 24, &bad);
	if (bad || hour > 23 || minute > 59 || second > 59 ||
	    !civil_is_valid(date))
		return false;
	*out_us = (days_of(date) * INSTANT_S_PER_DAY + hour * INT64_C(3600) +
		      minute * INT64_C(60) + second) *
		INSTANT_US_PER_S +
	    us;
	return true;
}

enum tb_status
instant_parse(const char *s, size_t len, int64_t *out_us)
{
	struct cursor c = { s, s + len };
	int64_t date_s, time_us, ahead_us, us;

	if (parse_own(s, len, out_us))
		return TB_OK;
	if (!eat_date(&c, &date_s) ||
	    !(eat(&c, 'T') || eat(&c, ' ') || eat(&c, 't')) ||
	    !eat_time(&c, &time_us) || !eat_zone(&c, &ahead_us) ||
	    c.at != c.end)
		return TB_EINVAL;
	us = date_s * INSTANT_US_PER_S + time_us - ahead_us;
	if (!in_range(us))
		return TB_EINVAL;
	*out_us = us;
	return TB_OK;
}

/* "2025-09-11" */
static bool
parse_day(const char *s, int64_t *out_us)
{
	struct cursor c = { s, s + strlen(s) };
	int64_t date_s;

	if (!eat_date(&c, &date_s) || c.at != c.end)
		return false;
	*out_us = date_s * INSTANT_US_PER_S;
	return true;
}

/* "1757586600" or "1757586600.25" */
static bool
parse_epoch(const char *s, int64_t *out_us)
{
	struct cursor c = { s, s + strlen(s) };
	int64_t whole_s = 0, fraction_us;

	if (!is_digit(*s))
		return false;
	for (; c.at < c.end && is_digit(*c.at); c.at++) {
		whole_s = whole_s * 10 + (*c.at - '0');
		if (whole_s > S_MAX)
			return false;
	}
	if (!eat_fraction(&c, &fraction_us) || c.at != c.end)
		return false;
	*out_us = whole_s * INSTANT_US_PER_S + fraction_us;
	return true;
}

/* "-15m": a sign, digits, a unit. */
static bool
parse_step(const char *s, int64_t now_us, int64_t *out_us)
{
	static const char units[] = "smhd";
	static const int64_t unit_s[] = { 1, 60, 3600, 86400 };
	struct cursor c = { s, s + strlen(s) };
	int64_t count = 0, step_us;
	const char *unit, *first;

	if (!eat(&c, '-') && !eat(&c, '+'))
		return false;
	for (first = c.at; c.at < c.end && is_digit(*c.at); c.at++) {
		if (c.at - first == STEP_DIGITS)
			return false;
		count = count * 10 + (*c.at - '0');
	}
	if (c.at == first || c.end - c.at != 1)
		return false;
	unit = strchr(units, *c.at);
	if (unit == NULL ||
	    __builtin_mul_overflow(count,
		unit_s[unit - units] * INSTANT_US_PER_S, &step_us) ||
	    __builtin_add_overflow(now_us, *s == '-' ? -step_us : step_us,
		out_us))
		return false;
	return in_range(*out_us);
}

enum tb_status
instant_parse_option(const char *s, int64_t now_us, int64_t *out_us,
    struct tb_err *err)
{
	int64_t us = now_us;

	if (strcmp(s, "now") != 0 && !parse_step(s, now_us, &us) &&
	    !parse_epoch(s, &us) && !parse_day(s, &us) &&
	    instant_parse(s, strlen(s), &us) != TB_OK)
		return tb_fail(err, TB_EINVAL,
		    "\"%.40s\" is no time: expected RFC 3339 such as "
		    "2025-09-11T10:30:00Z, a date, epoch seconds, now, or a "
		    "step such as -15m, -2h, -7d",
		    s);
	*out_us = us;
	return TB_OK;
}

/* A separator and then n with exactly width digits; returns what follows. */
static char *
put(char *out, char separator, int n, int width)
{
	*out++ = separator;
	for (int i = width; i-- > 0; n /= 10)
		out[i] = (char)('0' + n % 10);
	return out + width;
}

/* "2025-09-11", unterminated; *second is that of the day. */
static char *
put_day(char *out, int64_t s, int *second)
{
	int64_t days = floor_div(s, INSTANT_S_PER_DAY);
	struct civil c;

	assert(s >= S_MIN && s <= S_MAX);
	c = civil_of(days);
	*second = (int)(s - days * INSTANT_S_PER_DAY);
	out = put(out, (char)('0' + c.year / 1000), c.year % 1000, 3);
	out = put(out, '-', c.month, 2);
	return put(out, '-', c.day, 2);
}

/* "2025-09-11T10:30:00", unterminated. */
static char *
put_second(char *out, int64_t s)
{
	int second;

	out = put_day(out, s, &second);
	out = put(out, 'T', second / 3600, 2);
	out = put(out, ':', second / 60 % 60, 2);
	return put(out, ':', second % 60, 2);
}

void
instant_format(int64_t us, char buf[static INSTANT_STRLEN])
{
	int64_t s = instant_floor_s(us);
	char *end = put_second(buf, s);

	end = put(end, '.', (int)(us - s * INSTANT_US_PER_S), FRACTION_DIGITS);
	memcpy(end, "Z", 2);
}

void
instant_format_s(int64_t s, char buf[static INSTANT_STRLEN])
{
	memcpy(put_second(buf, s), "Z", 2);
}

void
instant_format_day(int64_t us, char buf[static INSTANT_STRLEN])
{
	int second;

	*put_day(buf, instant_floor_s(us), &second) = '\0';
}

void
instant_format_duration(int64_t us, char buf[static INSTANT_STRLEN])
{
	int64_t s = us / INSTANT_US_PER_S;
	int64_t whole = s < 0 ? -s : s;

	(void)snprintf(buf, INSTANT_STRLEN, "%s%02lld:%02d:%02d",
	    s < 0 ? "-" : "", (long long)(whole / 3600), (int)(whole / 60 % 60),
	    (int)(whole % 60));
}

int64_t
instant_floor_s(int64_t us)
{
	return floor_div(us, INSTANT_US_PER_S);
}
