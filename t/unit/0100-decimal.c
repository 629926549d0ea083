/*
 * decimal: its grammar, its roundings and its limits, by tables made on paper
 * and by the General Decimal Arithmetic cases of the shared data.
 */

#include "base/decimal.h"

#include "tap.h"

#define MOST "170141183460469231731.687303715884105727"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const how_name[] = { "down", "up", "half_even", "half_up",
	"floor", "ceiling" };

static struct decimal
dec(const char *s)
{
	struct decimal d = { 0 };

	if (decimal_parse(s, strlen(s), &d) != TB_OK)
		ok(false, "the test's own number %s is read", s);
	return d;
}

/* What is left of d in canonical text, or the word for the failure. */
static const char *
text(enum tb_status status, struct decimal d)
{
	static char buf[DECIMAL_STRLEN];

	if (status == TB_EINVAL)
		return "EINVAL";
	if (status == TB_ERANGE)
		return "ERANGE";
	decimal_format(d, buf);
	return buf;
}

/* --------------------------------------------------------------- text -- */

static const struct {
	const char *s, *plain, *number; /* NULL: as plain */
} texts[] = {
	{ "0", "0", NULL },
	{ "-0", "0", NULL },
	{ "-0.000", "0", NULL },
	{ "1", "1", NULL },
	{ "007", "7", NULL },
	{ "00000000000000000000000000000000000000000000000000000.50", "0.5",
	    NULL },
	{ "-5", "-5", NULL },
	{ "1.50", "1.5", NULL },
	{ "0.2132552648459785", "0.2132552648459785", NULL },
	{ "0.000000000000000001", "0.000000000000000001", NULL },
	{ "-0.000000000000000001", "-0.000000000000000001", NULL },
	{ "0.0000000000000000001", "ERANGE", NULL },
	{ "0.0000000000000000010000000000", "0.000000000000000001", NULL },
	{ "1.0000000000000000005", "ERANGE", NULL },
	{ "123456789012345678901", "123456789012345678901", NULL },
	{ "999999999999999999999", "ERANGE", NULL },
	{ "1234567890123456789012", "ERANGE", NULL },
	{ "9999999999999999999", "9999999999999999999", NULL },
	{ "18446744073709551616", "18446744073709551616", NULL },
	{ MOST, MOST, NULL },
	{ "-" MOST, "-" MOST, NULL },
	{ "170141183460469231731.687303715884105728", "ERANGE", NULL },
	{ "-170141183460469231731.687303715884105728", "ERANGE", NULL },
	{ "170141183460469231732", "ERANGE", NULL },
	{ "", "EINVAL", NULL },
	{ "-", "EINVAL", NULL },
	{ "--1", "EINVAL", NULL },
	{ " 5", "EINVAL", NULL },
	{ "5 ", "EINVAL", NULL },
	{ "+5", "EINVAL", NULL },
	{ ".5", "EINVAL", NULL },
	{ "-.5", "EINVAL", NULL },
	{ "5.", "EINVAL", NULL },
	{ ".", "EINVAL", NULL },
	{ "1.2.3", "EINVAL", NULL },
	{ "1.-2", "EINVAL", NULL },
	{ "0x10", "EINVAL", NULL },
	{ "1,000", "EINVAL", NULL },
	{ "1_000", "EINVAL", NULL },
	{ "NaN", "EINVAL", NULL },
	{ "Infinity", "EINVAL", NULL },
	{ "\331\243", "EINVAL", NULL }, /* ARABIC-INDIC DIGIT THREE */
	{ "1\n", "EINVAL", NULL },
	{ "1e3", "EINVAL", "1000" },
	{ "1E+2", "EINVAL", "100" },
	{ "2.5E-7", "EINVAL", "0.00000025" },
	{ "1e-08", "EINVAL", "0.00000001" },
	{ "-1.25e1", "EINVAL", "-12.5" },
	{ "1e-18", "EINVAL", "0.000000000000000001" },
	{ "1e-19", "EINVAL", "ERANGE" },
	{ "10e-19", "EINVAL", "0.000000000000000001" },
	{ "1e20", "EINVAL", "100000000000000000000" },
	{ "1e21", "EINVAL", "ERANGE" },
	{ "0.00000000000000000001e20", "EINVAL", "1" },
	{ "0e40", "EINVAL", "0" },
	{ "0e41", "EINVAL", "ERANGE" },
	{ "0e-40", "EINVAL", "0" },
	{ "0e-41", "EINVAL", "ERANGE" },
	{ "1e0000000000000000000002", "EINVAL", "100" },
	{ "1e999999999", "EINVAL", "ERANGE" },
	{ "1e1000", "EINVAL", "ERANGE" },
	{ "1e99999999999999999999", "EINVAL", "ERANGE" },
	{ "1e", "EINVAL", "EINVAL" },
	{ "1e+", "EINVAL", "EINVAL" },
	{ "e5", "EINVAL", "EINVAL" },
	{ "1.e5", "EINVAL", "EINVAL" },
	{ "1e5.0", "EINVAL", "EINVAL" },
	{ "1e5e5", "EINVAL", "EINVAL" },
	{ "1 e5", "EINVAL", "EINVAL" },
};

static void
test_parse(void)
{
	struct decimal d;
	char what[128];

	for (size_t i = 0; i < COUNT(texts); i++) {
		const char *s = texts[i].s, *number = texts[i].number;
		enum tb_status status = decimal_parse(s, strlen(s), &d);

		snprintf(what, sizeof(what), "plain: \"%s\"", s);
		is(text(status, d), texts[i].plain, what);
		status = decimal_parse_number(s, strlen(s), &d);
		snprintf(what, sizeof(what), "number: \"%s\"", s);
		is(text(status, d), number == NULL ? texts[i].plain : number,
		    what);
	}
}

static void
test_parse_edges(void)
{
	struct decimal d = DECIMAL_OF(7);
	char zeros[4096];
	bool inexact = true;

	ok(decimal_parse("1\0002", 3, &d) == TB_EINVAL, "a NUL is no digit");
	ok(decimal_parse("12x", 2, &d) == TB_OK &&
		decimal_cmp(d, DECIMAL_OF(12)) == 0,
	    "the length counts, not what follows");
	ok(decimal_parse("1.5.", 4, &d) == TB_EINVAL &&
		decimal_parse("999999999999999999999", 21, &d) == TB_ERANGE &&
		decimal_cmp(d, DECIMAL_OF(12)) == 0,
	    "untouched on failure");

	memset(zeros, '0', sizeof(zeros));
	zeros[sizeof(zeros) - 1] = '7';
	ok(decimal_parse(zeros, sizeof(zeros), &d) == TB_OK &&
		decimal_cmp(d, DECIMAL_OF(7)) == 0,
	    "thousands of zeros in front");
	zeros[1] = '.';
	ok(decimal_parse(zeros, sizeof(zeros), &d) == TB_ERANGE,
	    "a digit thousands of places behind the point");
	ok(decimal_parse_rounded(zeros, sizeof(zeros), DECIMAL_HALF_EVEN, &d,
	       &inexact) == TB_OK &&
		inexact && decimal_sign(d) == 0,
	    "... which rounds to nothing, and says so");
	ok(decimal_parse_rounded(zeros, sizeof(zeros), DECIMAL_UP, &d,
	       &inexact) == TB_OK &&
		d.v == 1,
	    "... or up to the smallest there is");
}

static void
test_parse_rounded(void)
{
	static const struct {
		const char *s;
		const char *want[6]; /* down up even half_up floor ceiling */
		bool inexact;
	} cases[] = {
		{ "1.5", { "1.5", "1.5", "1.5", "1.5", "1.5", "1.5" }, false },
		{ "0.00000000000000000250",
		    { "0.000000000000000002", "0.000000000000000003",
			"0.000000000000000002", "0.000000000000000003",
			"0.000000000000000002", "0.000000000000000003" },
		    true },
		{ "-0.0000000000000000035",
		    { "-0.000000000000000003", "-0.000000000000000004",
			"-0.000000000000000004", "-0.000000000000000004",
			"-0.000000000000000004", "-0.000000000000000003" },
		    true },
		{ "25000000000000000001e-38",
		    { "0", "0.000000000000000001", "0", "0", "0",
			"0.000000000000000001" },
		    true },
		{ "-4e-19",
		    { "0", "-0.000000000000000001", "0", "0",
			"-0.000000000000000001", "0" },
		    true },
		{ "5e-40",
		    { "0", "0.000000000000000001", "0", "0", "0",
			"0.000000000000000001" },
		    true },
		{ "0.00000000000000000050000000000000000001",
		    { "0", "0.000000000000000001", "0.000000000000000001",
			"0.000000000000000001", "0", "0.000000000000000001" },
		    true },
		{ MOST "5",
		    { MOST, "ERANGE", "ERANGE", "ERANGE", MOST, "ERANGE" },
		    true },
		{ "-" MOST "4",
		    { "-" MOST, "ERANGE", "-" MOST, "-" MOST, "ERANGE",
			"-" MOST },
		    true },
	};
	char what[128];

	for (size_t i = 0; i < COUNT(cases); i++)
		for (unsigned int how = 0; how < 6; how++) {
			struct decimal d = DECIMAL_ZERO;
			bool inexact = !cases[i].inexact;
			enum tb_status status =
			    decimal_parse_rounded(cases[i].s,
				strlen(cases[i].s), how, &d, &inexact);

			snprintf(what, sizeof(what), "\"%s\" %s", cases[i].s,
			    how_name[how]);
			is(text(status, d), cases[i].want[how], what);
			if (status == TB_OK && inexact != cases[i].inexact)
				ok(false, "%s: inexact is told", what);
		}
}

static void
test_format(void)
{
	char buf[DECIMAL_STRLEN];

	is_int((long long)decimal_format_min(dec("100"), 2, buf), 6, "length");
	is(buf, "100.00", "two places at least");
	decimal_format_min(dec("0"), 2, buf);
	is(buf, "0.00", "zero with two places");
	decimal_format_min(dec("-0.125"), 2, buf);
	is(buf, "-0.125", "what there is stays");
	decimal_format_min(dec("-0.5"), 18, buf);
	is(buf, "-0.500000000000000000", "all 18 places");
	is_int((long long)decimal_format_min(dec("-" MOST), 18, buf),
	    DECIMAL_STRLEN - 1, "the longest text fits exactly");
	decimal_format(dec("10000000000000000000"), buf);
	is(buf, "10000000000000000000", "zeros before the point stay");
	decimal_format(dec("100000000000000000001.1"), buf);
	is(buf, "100000000000000000001.1", "21 digits before the point");
}

/* --------------------------------------------------------- arithmetic -- */

static void
test_limits(void)
{
	const struct decimal most = dec(MOST), least = dec("-" MOST);
	const struct decimal unit = { 1 }, two = DECIMAL_OF(2);
	struct decimal d = DECIMAL_OF(7);

	is(text(decimal_add(most, unit, &d), d), "ERANGE", "most + 1 unit");
	is(text(decimal_sub(least, unit, &d), d), "ERANGE", "least - 1 unit");
	is(text(decimal_add(least, decimal_neg(unit), &d), d), "ERANGE",
	    "the value without an opposite is refused");
	is(text(decimal_sub(most, least, &d), d), "ERANGE", "most - least");
	ok(decimal_cmp(d, DECIMAL_OF(7)) == 0, "untouched on failure");
	is(text(decimal_add(most, least, &d), d), "0", "most + least");
	is(text(decimal_mul(most, two, DECIMAL_DOWN, &d), d), "ERANGE",
	    "most x 2");
	is(text(decimal_mul(most, most, DECIMAL_DOWN, &d), d), "ERANGE",
	    "most x most");
	is(text(decimal_mul(most, DECIMAL_OF(1), DECIMAL_UP, &d), d), MOST,
	    "most x 1");
	is(text(decimal_div(most, least, DECIMAL_UP, &d), d), "-1",
	    "most / least");
	is(text(decimal_div(most, unit, DECIMAL_DOWN, &d), d), "ERANGE",
	    "most / 1 unit");
	is(text(decimal_div(most, DECIMAL_ZERO, DECIMAL_DOWN, &d), d), "ERANGE",
	    "division by zero");
	is(text(decimal_div(DECIMAL_ZERO, DECIMAL_ZERO, DECIMAL_DOWN, &d), d),
	    "ERANGE", "zero by zero");
	is(text(decimal_mul_div(most, most, most, DECIMAL_UP, &d), d), MOST,
	    "most x most / most: only the result must fit");
	is(text(decimal_mul_div(dec("148340198415443484277.913256109574369111"),
		    dec("141620716623160295532.251027791111434072"),
		    dec("61737096146677277778.307613386043624117"), DECIMAL_UP,
		    &d),
	       d),
	    "ERANGE", "2^128 - 1 units and a rest do not become 0");
	/* (2^64 - 1)(2^64 + 1) / 2 is half a unit above the most. */
	is(text(decimal_mul_div(dec("18.446744073709551615"),
		    dec("18.446744073709551617"), dec("0.000000000000000002"),
		    DECIMAL_HALF_EVEN, &d),
	       d),
	    "ERANGE", "2^127 - 1 units and a half are rounded over the edge");
	is(text(decimal_mul_div(dec("18.446744073709551615"),
		    dec("18.446744073709551617"), dec("0.000000000000000002"),
		    DECIMAL_DOWN, &d),
	       d),
	    MOST, "or cut to the most");
	is(text(decimal_mul_div(most, two, DECIMAL_ZERO, DECIMAL_UP, &d), d),
	    "ERANGE", "mul_div by zero");
	is(text(decimal_quantize(most, two, DECIMAL_UP, &d), d), "ERANGE",
	    "quantize up over the edge");
	is(text(decimal_quantize(most, DECIMAL_ZERO, DECIMAL_UP, &d), d),
	    "ERANGE", "an increment of zero");
	is(text(decimal_quantize(most, DECIMAL_OF(-1), DECIMAL_UP, &d), d),
	    "ERANGE", "an increment below zero");
	is(text(decimal_round(most, 17, DECIMAL_UP, &d), d), "ERANGE",
	    "round up over the edge");
	is(text(decimal_round(most, 18, DECIMAL_UP, &d), d), MOST,
	    "round to all places");
	is(text(decimal_quantize(unit, most, DECIMAL_CEILING, &d), d), MOST,
	    "the largest increment");
}

static void
test_roundings(void)
{
	static const struct {
		const char *d;
		const char *want[6]; /* down up even half_up floor ceiling */
	} cases[] = {
		{ "2.5", { "2", "3", "2", "3", "2", "3" } },
		{ "3.5", { "3", "4", "4", "4", "3", "4" } },
		{ "-2.5", { "-2", "-3", "-2", "-3", "-3", "-2" } },
		{ "-3.5", { "-3", "-4", "-4", "-4", "-4", "-3" } },
		{ "0.5", { "0", "1", "0", "1", "0", "1" } },
		{ "-0.5", { "0", "-1", "0", "-1", "-1", "0" } },
		{ "2.499999999999999999", { "2", "3", "2", "2", "2", "3" } },
		{ "2.500000000000000001", { "2", "3", "3", "3", "2", "3" } },
		{ "-0.000000000000000001", { "0", "-1", "0", "0", "-1", "0" } },
		{ "7", { "7", "7", "7", "7", "7", "7" } },
		{ "-7", { "-7", "-7", "-7", "-7", "-7", "-7" } },
		{ "0", { "0", "0", "0", "0", "0", "0" } },
	};
	struct decimal d = DECIMAL_ZERO;
	char what[64];

	for (size_t i = 0; i < COUNT(cases); i++)
		for (unsigned int how = 0; how < 6; how++) {
			snprintf(what, sizeof(what), "%s %s", cases[i].d,
			    how_name[how]);
			is(text(decimal_round(dec(cases[i].d), 0, how, &d), d),
			    cases[i].want[how], what);
		}
	is(text(decimal_quantize(dec("10.37"), dec("0.25"), DECIMAL_DOWN, &d),
	       d),
	    "10.25", "down to an increment that is no power of ten");
	is(text(decimal_quantize(dec("-10.37"), dec("0.25"), DECIMAL_DOWN, &d),
	       d),
	    "-10.25", "... toward zero");
	is(text(decimal_quantize(dec("0.375"), dec("0.25"), DECIMAL_HALF_EVEN,
		    &d),
	       d),
	    "0.5", "... to the even multiple");
	is(text(decimal_quantize(dec("1"), dec("3"), DECIMAL_HALF_EVEN, &d), d),
	    "0", "an odd increment has no ties");
	is(text(decimal_div(DECIMAL_OF(10), DECIMAL_OF(3), DECIMAL_HALF_EVEN,
		    &d),
	       d),
	    "3.333333333333333333", "10 / 3");
	is(text(decimal_div(DECIMAL_OF(20), DECIMAL_OF(3), DECIMAL_HALF_EVEN,
		    &d),
	       d),
	    "6.666666666666666667", "20 / 3");
	is(text(decimal_mul(dec("0.2132552648459785"), dec("23.26"),
		    DECIMAL_HALF_EVEN, &d),
	       d),
	    "4.96031746031745991", "a real fill: size x price");
	is(text(decimal_mul_div(dec("100"), dec("1"), dec("3"),
		    DECIMAL_HALF_EVEN, &d),
	       d),
	    "33.333333333333333333", "a third of a cost");
}

static void
test_small(void)
{
	const struct decimal a = dec("-1.5"), b = dec("0.25");

	ok(decimal_cmp(a, b) < 0 && decimal_cmp(b, a) > 0 &&
		decimal_cmp(dec("0.10"), dec("0.1")) == 0,
	    "cmp");
	ok(decimal_sign(a) == -1 && decimal_sign(b) == 1 &&
		decimal_sign(DECIMAL_ZERO) == 0,
	    "sign");
	ok(decimal_cmp(decimal_neg(a), dec("1.5")) == 0 &&
		decimal_cmp(decimal_abs(a), dec("1.5")) == 0 &&
		decimal_cmp(decimal_abs(b), b) == 0,
	    "neg and abs");
	ok(decimal_cmp(decimal_min(a, b), a) == 0 &&
		decimal_cmp(decimal_min(b, a), a) == 0 &&
		decimal_cmp(decimal_max(a, b), b) == 0 &&
		decimal_cmp(decimal_max(b, a), b) == 0,
	    "min and max");
}

/* ------------------------------------------- General Decimal Arithmetic -- */

/* A row of plain_subset.csv, its numbers read. */
struct row {
	char id[32], op[32];
	struct decimal a, b, expected;
	int places; /* that expected is written with */
	bool exact;
	bool has_how; /* it is one of our six */
	enum decimal_rounding how;
};

/* As written, but "5." is none of our texts. */
static bool
read_number(char *s, struct decimal *out)
{
	size_t len = strlen(s);

	if (len > 0 && s[len - 1] == '.')
		s[--len] = '\0';
	*out = DECIMAL_ZERO;
	return len == 0 || decimal_parse(s, len, out) == TB_OK;
}

static bool
read_row(char *line, struct row *r)
{
	char *field[8], *point, *rest = line;

	line[strcspn(line, "\r\n")] = '\0';
	for (size_t i = 0; i < COUNT(field); i++)
		if ((field[i] = strsep(&rest, ",")) == NULL)
			return false;
	snprintf(r->id, sizeof(r->id), "%s", field[0]);
	snprintf(r->op, sizeof(r->op), "%s", field[1]);
	point = strchr(field[4], '.');
	r->places = point == NULL ? 0 : (int)strlen(point + 1);
	r->exact = strcmp(field[5], "exact") == 0;
	r->has_how = r->exact; /* then any will do */
	r->how = DECIMAL_DOWN;
	for (unsigned int how = 0; how < 6; how++)
		if (strcmp(field[7], how_name[how]) == 0) {
			r->has_how = true;
			r->how = how;
		}
	return read_number(field[2], &r->a) && read_number(field[3], &r->b) &&
	    read_number(field[4], &r->expected) && r->places <= DECIMAL_SCALE;
}

static struct decimal
power(int exponent)
{
	struct decimal d = { 1 };

	while (exponent-- > 0)
		d.v *= 10;
	return d;
}

/* The row's operation, rounded once, to the places of what is expected. */
static enum tb_status
compute(const struct row *r, struct decimal *out)
{
	struct decimal d = DECIMAL_ZERO;
	enum tb_status status;

	if (strcmp(r->op, "multiply") == 0 || strcmp(r->op, "divide") == 0) {
		status = r->op[0] == 'm' ?
		    decimal_mul_div(r->a, r->b, power(36 - r->places), r->how,
			&d) :
		    decimal_mul_div(r->a, power(r->places), r->b, r->how, &d);
		out->v = d.v * power(DECIMAL_SCALE - r->places).v;
		return status;
	}
	if (strcmp(r->op, "divideint") == 0) {
		status =
		    decimal_mul_div(r->a, power(0), r->b, DECIMAL_DOWN, &d);
		out->v = d.v * DECIMAL_ONE_UNITS;
		return status;
	}
	if (strcmp(r->op, "compare") == 0) {
		*out = DECIMAL_OF(decimal_cmp(r->a, r->b));
		return TB_OK;
	}
	if (strcmp(r->op, "quantize") == 0)
		return decimal_quantize(r->a, r->b, r->how, out);
	if (strcmp(r->op, "add") == 0)
		status = decimal_add(r->a, r->b, &d);
	else if (strcmp(r->op, "subtract") == 0)
		status = decimal_sub(r->a, r->b, &d);
	else if (strcmp(r->op, "remainder") == 0) {
		status =
		    decimal_quantize(r->a, decimal_abs(r->b), DECIMAL_DOWN, &d);
		if (status == TB_OK)
			status = decimal_sub(r->a, d, &d);
	} else {
		status = TB_OK;
		d = r->op[0] == 'a' ? decimal_abs(r->a) :
		    r->op[0] == 'm' ? decimal_neg(r->a) :
				      r->a; /* tointegral */
	}
	if (status != TB_OK)
		return status;
	return decimal_round(d, r->places, r->how, out);
}

static void
test_general_decimal_arithmetic(void)
{
	char path[4096], line[1024];
	int same = 0, differ = 0, unfit = 0;
	struct decimal d = DECIMAL_ZERO;
	struct row r;
	FILE *file;

	if (tap_shared("decimal/plain_subset.csv", path, sizeof(path)) ==
	    NULL) {
		skip("no shared data here");
		return;
	}
	file = fopen(path, "r");
	while (fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, "id,", 3) == 0)
			continue;
		if (!read_row(line, &r) || !r.has_how ||
		    compute(&r, &d) != TB_OK) {
			unfit++;
			continue;
		}
		if (decimal_cmp(d, r.expected) == 0) {
			same++;
			continue;
		}
		differ++;
		printf("# %s %s: got %s\n", r.id, r.op, text(TB_OK, d));
	}
	fclose(file);
	ok(differ == 0 && same > 2000,
	    "%d cases of General Decimal Arithmetic; %d do not fit", same,
	    unfit);
}

int
main(void)
{
	test_parse();
	test_parse_edges();
	test_parse_rounded();
	test_format();
	test_limits();
	test_roundings();
	test_small();
	test_general_decimal_arithmetic();
	return tap_done();
}
