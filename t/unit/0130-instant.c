/*
 * instant: RFC 3339, the calendar, and what people write on a command line.
 * Seconds were computed with date(1) -u -d TEXT +%s.
 */

#include "base/instant.h"

#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NOW INT64_C(1757586600000000) /* 2025-09-11T10:30:00Z */

static void
test_reads(void)
{
	static const struct {
		const char *s;
		int64_t us;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01T00:00:00.000001Z", 1 },
		{ "1969-12-31T23:59:59.999999Z", -1 },
		{ "2025-09-11T10:30:00Z", NOW },
		{ "2025-09-11t10:30:00z", NOW },
		{ "2025-09-11 10:30:00Z", NOW },
		{ "2025-09-11T10:30:00.5Z", NOW + 500000 },
		{ "2025-09-11T10:30:00.123456789Z", NOW + 123456 },
		{ "2025-09-11T10:30:00.9999999999999999999999Z", NOW + 999999 },
		{ "2025-09-11T12:30:00+02:00", NOW },
		{ "2025-09-11T05:00:00-05:30", NOW },
		{ "2025-09-11T10:30:00-00:00", NOW },
		{ "2025-09-12T00:30:00+14:00", NOW },
		{ "2000-02-29T00:00:00Z", INT64_C(951782400000000) },
		{ "2024-02-29T23:59:59Z", INT64_C(1709251199000000) },
		{ "2038-01-19T03:14:08Z", INT64_C(2147483648000000) },
		{ "2100-03-01T00:00:00Z", INT64_C(4107542400000000) },
		{ "1900-03-01T00:00:00Z", INT64_C(-2203891200000000) },
		{ "2016-12-31T23:59:60Z", INT64_C(1483228800000000) },
		{ "2016-12-31T23:59:60.5Z", INT64_C(1483228800000000) },
		{ "2016-12-31T18:59:60-05:00", INT64_C(1483228800000000) },
		{ "0001-01-01T00:00:00Z", INT64_C(-62135596800000000) },
		{ "9999-12-31T23:59:59.999999Z", INT64_C(253402300799999999) },
	};
	int64_t us;

	for (size_t i = 0; i < COUNT(cases); i++) {
		us = 42;
		if (instant_parse(cases[i].s, strlen(cases[i].s), &us) != TB_OK)
			us = INT64_MIN;
		is_int(us, cases[i].us, cases[i].s);
	}
}

static void
test_refuses(void)
{
	static const char *const cases[] = {
		"",
		"now",
		"2025-09-11",
		"2025-09-11T10:30:00",
		"2025-09-11T10:30Z",
		"2025-09-11T10:30:00.Z",
		"2025-09-11T10:30:00,5Z",
		"2025-09-11T10:30:00Z ",
		" 2025-09-11T10:30:00Z",
		"2025-09-11X10:30:00Z",
		"2025-09-11T10:30:00+0200",
		"2025-09-11T10:30:00+02",
		"2025-09-11T10:30:00+24:00",
		"2025-09-11T10:30:00+02:60",
		"2025-09-11T24:00:00Z",
		"2025-09-11T10:60:00Z",
		"2025-09-11T10:30:61Z",
		"2025-13-01T00:00:00Z",
		"2025-00-01T00:00:00Z",
		"2025-01-00T00:00:00Z",
		"2025-02-29T00:00:00Z",
		"2025-02-30T00:00:00Z",
		"2024-02-30T00:00:00Z",
		"1900-02-29T00:00:00Z",
		"2025-04-31T00:00:00Z",
		"2025-9-11T10:30:00Z",
		"25-09-11T10:30:00Z",
		"10000-01-01T00:00:00Z",
		"0000-12-31T23:59:59Z",
		"-001-01-01T00:00:00Z",
		"0001-01-01T00:00:00+00:01", /* of the year before */
		"9999-12-31T23:59:59-00:01",
		"9999-12-31T23:59:60Z",
		"2025-09-11T10:30:00Z\n",
		"2025-09-\330\261\330\241T10:30:00Z",
	};
	int64_t us = 42;

	for (size_t i = 0; i < COUNT(cases); i++)
		ok(instant_parse(cases[i], strlen(cases[i]), &us) == TB_EINVAL,
		    "refused: \"%s\"", cases[i]);
	ok(instant_parse("2025-09-11\0T10:30:00Z", 21, &us) == TB_EINVAL,
	    "refused: a NUL");
	is_int(us, 42, "untouched on failure");
}

/* Every day of 9999 years, against a calendar that only counts. */
static void
test_every_day(void)
{
	static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	char want[INSTANT_STRLEN + 24], got[INSTANT_STRLEN];
	int64_t us = INT64_C(-62135596800000000), back;
	int bad = 0;

	for (int year = 1; year <= 9999; year++)
		for (int month = 1; month <= 12; month++) {
			bool leap = year % 4 == 0 &&
			    (year % 100 != 0 || year % 400 == 0);
			int days = length[month - 1] + (month == 2 && leap);

			for (int day = 1; day <= days; day += days - 1) {
				snprintf(want, sizeof(want), "%04d-%02d-%02d",
				    year, month, day);
				instant_format_day(us, got);
				bad += strcmp(want, got) != 0;
				snprintf(want, sizeof(want),
				    "%sT00:00:00.000000Z", got);
				bad += instant_parse(want, strlen(want),
					   &back) != TB_OK ||
				    back != us;
				us += (day == 1 ? days - 1 : 1) *
				    INSTANT_S_PER_DAY * INSTANT_US_PER_S;
			}
		}
	is_int(bad, 0, "first and last day of every month of 9999 years");
	is_int(us, INT64_C(253402300800000000), "which ends with 9999");
}

static void
test_formats(void)
{
	char buf[INSTANT_STRLEN];

	instant_format(NOW + 7, buf);
	is(buf, "2025-09-11T10:30:00.000007Z", "six digits, always");
	instant_format(-1, buf);
	is(buf, "1969-12-31T23:59:59.999999Z", "before 1970");
	instant_format(INT64_C(-62135596800000000), buf);
	is(buf, "0001-01-01T00:00:00.000000Z", "the first");
	instant_format(INT64_C(253402300799999999), buf);
	is(buf, "9999-12-31T23:59:59.999999Z", "the last");
	instant_format_s(NOW / INSTANT_US_PER_S, buf);
	is(buf, "2025-09-11T10:30:00Z", "seconds");
	instant_format_day(NOW, buf);
	is(buf, "2025-09-11", "a day");
	instant_format_duration(190 * INSTANT_US_PER_S + 999999, buf);
	is(buf, "00:03:10", "a duration, cut");
	instant_format_duration(-61 * INSTANT_US_PER_S, buf);
	is(buf, "-00:01:01", "a negative one");
	instant_format_duration(-999999, buf);
	is(buf, "00:00:00", "no negative nothing");
	instant_format_duration(INT64_C(360000) * INSTANT_US_PER_S, buf);
	is(buf, "100:00:00", "hours without bound");
	instant_format_duration(INT64_MIN, buf);
	is(buf, "-2562047788:00:54", "the longest there is");
	is_int(instant_floor_s(1999999), 1, "floor");
	is_int(instant_floor_s(-1), -1, "floor before 1970");
	is_int(instant_floor_s(-1000000), -1, "of a whole second");
}

static void
test_options(void)
{
	static const struct {
		const char *s;
		int64_t us; /* INT64_MIN: refused */
	} cases[] = {
		{ "now", NOW },
		{ "-15m", NOW - INT64_C(900000000) },
		{ "-30s", NOW - INT64_C(30000000) },
		{ "+1h", NOW + INT64_C(3600000000) },
		{ "-2h", NOW - INT64_C(7200000000) },
		{ "-7d", NOW - INT64_C(604800000000) },
		{ "-0m", NOW },
		{ "2025-09-11", INT64_C(1757548800000000) },
		{ "1757586600", NOW },
		{ "1757586600.25", NOW + 250000 },
		{ "0", 0 },
		{ "253402300799", INT64_C(253402300799000000) },
		{ "2025-09-11T10:30:00Z", NOW },
		{ "2025-09-11T12:30:00+02:00", NOW },
		{ "", INT64_MIN },
		{ "-", INT64_MIN },
		{ "-m", INT64_MIN },
		{ "-15", INT64_MIN },
		{ "15m", INT64_MIN },
		{ "-15min", INT64_MIN },
		{ "-15w", INT64_MIN },
		{ "-1.5h", INT64_MIN },
		{ "- 5m", INT64_MIN },
		{ "Now", INT64_MIN },
		{ "253402300800", INT64_MIN },
		{ "99999999999999999999", INT64_MIN },
		{ "1757586600.", INT64_MIN },
		{ "2025-02-30", INT64_MIN },
		{ "2025-09-11T10:30:00", INT64_MIN },
		{ "yesterday", INT64_MIN },
		{ "-999999999999d", INT64_MIN },
		{ "-9999999999999s", INT64_MIN },
		{ "+300000000000s", INT64_MIN },
		{ "-100000000000s", INT64_MIN },
	};
	struct tb_err err = { 0 };
	int64_t us;

	for (size_t i = 0; i < COUNT(cases); i++) {
		us = INT64_MIN;
		(void)!instant_parse_option(cases[i].s, NOW, &us, &err);
		is_int(us, cases[i].us, cases[i].s);
	}
	is_int(instant_parse_option("soon", NOW, &us, &err), TB_EINVAL, "soon");
	is(err.msg,
	    "\"soon\" is no time: expected RFC 3339 such as "
	    "2025-09-11T10:30:00Z, a date, epoch seconds, now, or a step such "
	    "as -15m, -2h, -7d",
	    "says what is read");
}

static void
test_clocks(void)
{
	int64_t boot_ms = instant_boot_ms();

	ok(instant_now_us() > NOW, "the wall clock runs");
	ok(boot_ms > 0 && instant_boot_ms() >= boot_ms,
	    "the other one never runs back");
}

int
main(void)
{
	test_reads();
	test_refuses();
	test_every_day();
	test_formats();
	test_options();
	test_clocks();
	return tap_done();
}
