/*
 * real: texts and doubles.  The oracle is the C library's correctly rounded
 * strtod(), on random texts of every shape; a text is shortest when one digit
 * less reads as another double.
 */

#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>

#include "signal/real.h"
#include "tap.h"

#define RANDOM_CASES 200000

static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

static uint64_t
next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static bool
same_bits(double a, double b)
{
	uint64_t x, y;

	memcpy(&x, &a, sizeof(x));
	memcpy(&y, &b, sizeof(y));
	return x == y;
}

static bool
reads_as_strtod(const char *text)
{
	double got = 0;

	if (real_parse(text, strlen(text), &got) != TB_OK ||
	    !same_bits(got, strtod(text, NULL))) {
		printf("# %s: got %.17g\n", text, got);
		return false;
	}
	return true;
}

/* A random number text: up to 25 digits before and 30 behind the point. */
static void
random_text(char buf[static 96])
{
	size_t whole = 1 + next_random() % (next_random() % 4 ? 7 : 25);
	size_t decimals = next_random() % (next_random() % 4 ? 10 : 31);
	size_t len = 0;

	if (next_random() % 4 == 0)
		buf[len++] = '-';
	for (size_t i = 0; i < whole; i++)
		buf[len++] = (char)('0' + next_random() % 10);
	if (decimals > 0)
		buf[len++] = '.';
	for (size_t i = 0; i < decimals; i++)
		buf[len++] = (char)('0' + next_random() % 10);
	buf[len] = '\0';
	if (next_random() % 8 == 0)
		snprintf(buf + len, 96 - len, "%c%s%d",
		    next_random() % 2 ? 'e' : 'E',
		    (const char *[]){ "", "-", "+" }[next_random() % 3],
		    (int)(next_random() % 280));
}

static void
test_parse(void)
{
	static const char *const edges[] = { "0", "-0", "1", "007", "0.1",
		"9007199254740992", "9007199254740993", "9007199254740994.5",
		"0.0000000000000000000001", "0.00000000000000000000001",
		"123456789.123456789012345678", "1e22", "1e23", "1e-5",
		"2.2250738585072014e-308", "4.9e-324", "2e-324",
		"1.7976931348623157e308", "0.30000000000000004",
		"9007199254740992.0000000000000000000000", "72057594037927945",
		"1E+3", "1e-400" };
	char text[96];
	int bad = 0;

	for (size_t i = 0; i < sizeof(edges) / sizeof(*edges); i++)
		ok(reads_as_strtod(edges[i]), "%s is the nearest double",
		    edges[i]);
	for (int i = 0; i < RANDOM_CASES && bad < 5; i++) {
		random_text(text);
		bad += !reads_as_strtod(text);
	}
	ok(bad == 0, "%d random texts read as strtod() reads them",
	    RANDOM_CASES);
}

static void
test_refused(void)
{
	static const char *const not_numbers[] = { "", "-", ".5", "5.", "+1",
		" 1", "1 ", "1,5", "0x10", "nan", "inf", "-inf", "1e", "1e+",
		"1e1.5", "--1", "1.2.3", "1_000", "e5", "1e5x" };
	char longest[REAL_TEXT_MAX + 2];
	double x = 42;
	int accepted = 0;

	for (size_t i = 0; i < sizeof(not_numbers) / sizeof(*not_numbers); i++)
		if (real_parse(not_numbers[i], strlen(not_numbers[i]), &x) !=
		    TB_EINVAL) {
			printf("# accepted: \"%s\"\n", not_numbers[i]);
			accepted++;
		}
	is_int(accepted, 0, "what is not in the grammar is refused");
	ok(real_parse("1e400", 5, &x) == TB_ERANGE, "1e400 is out of range");
	ok(real_parse("-1e400", 6, &x) == TB_ERANGE, "so is -1e400");
	ok(real_parse("1e99999999999999999999", 22, &x) == TB_ERANGE,
	    "so is an exponent that no integer holds");
	ok(same_bits(x, 42), "a refusal leaves the number alone");
	memset(longest, '1', sizeof(longest));
	ok(real_parse(longest, REAL_TEXT_MAX, &x) == TB_OK, "%d bytes are read",
	    REAL_TEXT_MAX);
	ok(real_parse(longest, REAL_TEXT_MAX + 1, &x) == TB_EINVAL,
	    "one more is refused");
	ok(real_parse("12", 1, &x) == TB_OK && same_bits(x, 1),
	    "it reads no byte behind the text");
}

static void
format_is(double x, const char *expected)
{
	char buf[REAL_STRLEN];
	size_t len = real_format(x, buf);

	is(buf, expected, expected);
	if (len != strlen(buf))
		ok(false, "%s: length %zu", expected, len);
}

static bool
reads_back(double x)
{
	char buf[REAL_STRLEN];
	double back = 0;

	(void)real_format(x, buf);
	if (real_parse(buf, strlen(buf), &back) == TB_OK && same_bits(back, x))
		return true;
	printf("# %.17g was written as %s\n", x, buf);
	return false;
}

static void
test_format(void)
{
	int bad = 0;

	format_is(0.0, "0");
	format_is(-0.0, "0");
	format_is(1, "1");
	format_is(-1.5, "-1.5");
	format_is(0.1, "0.1");
	format_is(0.1 + 0.2, "0.30000000000000004");
	format_is(100, "100");
	format_is(123456.789, "123456.789");
	format_is(1e20, "100000000000000000000");
	format_is(1e21, "1e21");
	format_is(1.5e300, "1.5e300");
	format_is(1e-12, "0.000000000001");
	format_is(-1.2345678901234567e-12, "-0.0000000000012345678901234567");
	format_is(9e-13, "9e-13");
	format_is(5e-324, "5e-324");
	format_is(DBL_MAX, "1.7976931348623157e308");
	for (int i = 0; i < RANDOM_CASES && bad < 5; i++) {
		uint64_t bits = next_random();
		double x;

		memcpy(&x, &bits, sizeof(x));
		bad += isfinite(x) && !reads_back(x);
		x = (double)(int64_t)next_random() / 1e14;
		bad += !reads_back(x);
	}
	ok(bad == 0, "%d random doubles read back", 2 * RANDOM_CASES);
}

static void
test_shortest(void)
{
	char buf[REAL_STRLEN], text[REAL_STRLEN];
	int bad = 0;

	for (int i = 0; i < RANDOM_CASES && bad < 5; i++) {
		double x = (double)(next_random() % 1000000000) / 1e6;

		(void)real_format(x, buf);
		snprintf(text, sizeof(text), "%.15g", x);
		if (strcmp(buf, text) == 0)
			continue;
		printf("# got %s, expected %s\n", buf, text);
		bad++;
	}
	ok(bad == 0, "amounts of up to nine digits come back as written");
}

static void
test_round9(void)
{
	ok(same_bits(real_round9(0.1234567894), 0.123456789), "down");
	ok(same_bits(real_round9(0.1234567896), 0.12345679), "up");
	ok(same_bits(real_round9(-0.1234567896), -0.12345679), "away from 0");
	ok(same_bits(real_round9(1.0 / 3 + 1.0 / 6), 0.5), "0.5 is 0.5");
	ok(same_bits(real_round9(0.7 + 0.1), 0.8), "0.8 is 0.8");
}

static void
test_locale(void)
{
	double x = 0;
	char buf[REAL_STRLEN];

	if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL &&
	    setlocale(LC_ALL, "fr_FR.UTF-8") == NULL) {
		skip("no locale with a decimal comma is installed");
		return;
	}
	ok(real_parse("0.123456789012345678901", 23, &x) == TB_OK &&
		same_bits(x, 0.123456789012345678901),
	    "a decimal comma elsewhere changes no reading");
	(void)real_format(0.1 + 0.2, buf);
	is(buf, "0.30000000000000004", "nor any writing");
	setlocale(LC_ALL, "C");
}

int
main(void)
{
	test_parse();
	test_refused();
	test_format();
	test_shortest();
	test_round9();
	test_locale();
	return tap_done();
}
