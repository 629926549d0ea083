/* legacy: moments, numbers and words of single cells. */

#include "base/instant.h"
#include "legacy/value.h"
#include "legacy/word.h"
#include "tap.h"

static struct foreign_value
cell(enum foreign_kind kind, const char *text)
{
	return (struct foreign_value){ kind, text, strlen(text) };
}

static void
moment(enum foreign_kind kind, const char *text, const char *expected)
{
	struct foreign_value v = cell(kind, text);
	struct legacy_quirks quirks = { 0 };
	char got[INSTANT_STRLEN] = "";
	int64_t us;

	if (legacy_moment(&v, &quirks, &us) == LEGACY_READ)
		instant_format(us, got);
	is(got, expected, *text == '\0' ? "no text" : text);
}

static void
q8(enum foreign_kind kind, const char *text, const char *expected)
{
	struct foreign_value v = cell(kind, text);
	char got[DECIMAL_STRLEN];

	(void)decimal_format(legacy_q8(&v), got);
	is(got, expected, text);
}

static void
moments(void)
{
	moment(FOREIGN_TEXT, "2025-09-06 10:00:00.000001",
	    "2025-09-06T10:00:00.000001Z");
	moment(FOREIGN_TEXT, " 2025-09-06t10:00 ",
	    "2025-09-06T10:00:00.000000Z");
	moment(FOREIGN_TEXT, "2025-09-06 10:00:00 -04",
	    "2025-09-06T14:00:00.000000Z");
	moment(FOREIGN_TEXT, "2024-02-29", "2024-02-29T00:00:00.000000Z");
	moment(FOREIGN_TEXT, "2023-02-29", "");
	moment(FOREIGN_TEXT, "2025-09-06 24:30:00", "");
	moment(FOREIGN_TEXT, "2025-09-06 10:00:00.", "");
	moment(FOREIGN_TEXT, "2025-09-06 10:00:00+4", "");
	moment(FOREIGN_TEXT, "2025-09-06X10:00:00", "");
	moment(FOREIGN_TEXT, "", "");
	moment(FOREIGN_TEXT, "1757152800", "2025-09-06T10:00:00.000000Z");
	moment(FOREIGN_INTEGER, "1757152800000000",
	    "2025-09-06T10:00:00.000000Z");
	moment(FOREIGN_INTEGER, "0", "");
	moment(FOREIGN_INTEGER, "-5", "");
	moment(FOREIGN_REAL, "1e+300", "");
	moment(FOREIGN_BLOB, "2025-09-06", "");
}

static void
numbers(void)
{
	struct foreign_value v = cell(FOREIGN_REAL, "Infinity");
	struct decimal d;
	bool nan;

	is_int(legacy_number(&v, &d), LEGACY_INFINITE, "infinity");
	v = cell(FOREIGN_TEXT, "1,5");
	is_int(legacy_number(&v, &d), LEGACY_GARBAGE, "a comma is no point");
	v = cell(FOREIGN_REAL, "1e-300");
	is_int(legacy_number(&v, &d), LEGACY_READ, "almost nothing");
	q8(FOREIGN_REAL, "0.000000005", "0");
	q8(FOREIGN_REAL, "0.000000015", "0.00000002");
	q8(FOREIGN_REAL, "0.000000005000000000001", "0.00000001");
	q8(FOREIGN_REAL, "-0.000000005000000000001", "-0.00000001");
	q8(FOREIGN_REAL, "0.000000004999999999999999999", "0");
	q8(FOREIGN_TEXT, " 2.5 ", "2.5");
	ok(legacy_near(DECIMAL_OF(101), DECIMAL_OF(100), 2),
	    "one in a hundred");
	ok(!legacy_near(DECIMAL_OF(102), DECIMAL_OF(100), 2), "two are not");
	is_int(legacy_decimals("2.34567891e-05", 14), 13, "digits of e-05");
	v = cell(FOREIGN_TEXT, "{\"a\": 1}");
	ok(legacy_scores(&v, &nan) && !nan, "strict JSON");
	v = cell(FOREIGN_TEXT, "{\"a\": NaN}");
	ok(!legacy_scores(&v, &nan) && nan, "with a NaN it is none");
}

/* No oddity without words for people, and no two with the same. */
static void
texts(void)
{
	size_t same = 0, missing = 0;

	for (int i = 0; i < LEGACY_QUIRKS; i++) {
		const char *text = legacy_quirk_text((enum legacy_quirk)i);

		missing += text == NULL || *text == '\0';
		for (int k = 0; k < i && text != NULL; k++)
			same +=
			    strcmp(text,
				legacy_quirk_text((enum legacy_quirk)k)) == 0;
	}
	is_int((long long)missing, 0, "every oddity has its words");
	is_int((long long)same, 0, "no two have the same");
}

int
main(void)
{
	moments();
	numbers();
	texts();
	return tap_done();
}
