#ifndef TB_BASE_INSTANT_H
#define TB_BASE_INSTANT_H

/*
 * instant: moments in UTC, as microseconds since 1970 in an int64_t whose
 * name ends in _us.  The only room that reads a clock or knows a calendar.
 * No local time: TZ is never read.
 *
 * text:  2025-09-11T10:30:00.000000Z, always six fractional digits, so that
 *	  texts sort as moments do
 * range: years 0001 to 9999
 */

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define INSTANT_STRLEN 28 /* with the NUL */
#define INSTANT_US_PER_S INT64_C(1000000)
#define INSTANT_S_PER_DAY INT64_C(86400)
#define INSTANT_MAX_US INT64_C(253402300799999999) /* the end of 9999 */

/* The wall clock, now. */
int64_t instant_now_us(void);

/* CLOCK_BOOTTIME: for durations; counts through suspend, never jumps. */
int64_t instant_boot_ms(void);

/*
 * instant_parse: read RFC 3339 with any number of fractional digits (cut at
 * six) and any zone offset; the T may be a blank or lower case.  A leap
 * second :60 is the first moment of the next minute.  A date alone, or a time
 * without a zone, is refused.
 *
 * errors: TB_EINVAL
 */
enum tb_status instant_parse(const char *s, size_t len, int64_t *out_us);

/*
 * instant_parse_option: what people write on a command line: RFC 3339, a date
 * (midnight UTC), epoch seconds (digits, optionally with a fraction), "now",
 * or a step from now such as -15m, -2h, -7d, -30s, +1h.
 *
 * in:	   now_us  what "now" is
 * errors: TB_EINVAL, with a message that says what is read
 */
enum tb_status instant_parse_option(const char *s, int64_t now_us,
    int64_t *out_us, struct tb_err *err);

/* instant_format: canonical text.  Asserts the range. */
void instant_format(int64_t us, char buf[static INSTANT_STRLEN]);

/* instant_format_s: "2025-09-11T10:30:00Z", of whole seconds. */
void instant_format_s(int64_t s, char buf[static INSTANT_STRLEN]);

/* instant_format_day: "2025-09-11". */
void instant_format_day(int64_t us, char buf[static INSTANT_STRLEN]);

/*
 * instant_format_duration: "HH:MM:SS", hours without bound, a minus in front
 * of a negative one; fractions are cut.
 */
void instant_format_duration(int64_t us, char buf[static INSTANT_STRLEN]);

/* Floor of us to whole seconds: right for times before 1970 too. */
int64_t instant_floor_s(int64_t us);

#endif /* TB_BASE_INSTANT_H */
