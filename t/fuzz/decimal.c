/*
 * decimal: two numbers, a line each: the canonical text reads back as the
 * same number; what one operation does another undoes; rounding goes the way
 * that it is told.
 */

#include <assert.h>
#include <string.h>

#include "base/decimal.h"

#include "fuzz.h"

static void
check_text(struct decimal d)
{
	char text[DECIMAL_STRLEN], padded[DECIMAL_STRLEN];
	size_t len = decimal_format(d, text);
	struct decimal back;

	assert(len == strlen(text) && len < DECIMAL_STRLEN);
	assert(decimal_parse(text, len, &back) == TB_OK);
	assert(decimal_cmp(d, back) == 0);
	assert(strcmp(text, "-0") != 0);
	assert(strchr(text, '.') == NULL || text[len - 1] != '0');
	len = decimal_format_min(d, 2, padded);
	assert(decimal_parse(padded, len, &back) == TB_OK);
	assert(decimal_cmp(d, back) == 0);
}

static void
check_sums(struct decimal a, struct decimal b)
{
	struct decimal sum, back;

	if (decimal_add(a, b, &sum) != TB_OK)
		return;
	assert(decimal_sub(sum, b, &back) == TB_OK);
	assert(decimal_cmp(back, a) == 0);
	assert(decimal_add(b, a, &back) == TB_OK);
	assert(decimal_cmp(back, sum) == 0);
}

/* Down is no further from zero, up no nearer, half-even between them. */
static void
check_steps(struct decimal d, struct decimal step)
{
	struct decimal down, up, half, rest;

	if (decimal_quantize(d, step, DECIMAL_DOWN, &down) != TB_OK) {
		assert(decimal_sign(step) <= 0);
		return;
	}
	assert(decimal_cmp(decimal_abs(down), decimal_abs(d)) <= 0);
	assert(decimal_sub(d, down, &rest) == TB_OK);
	assert(decimal_cmp(decimal_abs(rest), step) < 0);
	assert(decimal_quantize(down, step, DECIMAL_UP, &rest) == TB_OK);
	assert(decimal_cmp(rest, down) == 0);
	if (decimal_quantize(d, step, DECIMAL_UP, &up) != TB_OK)
		return;
	assert(decimal_cmp(decimal_abs(up), decimal_abs(d)) >= 0);
	assert(decimal_quantize(d, step, DECIMAL_HALF_EVEN, &half) == TB_OK);
	assert(decimal_cmp(half, down) == 0 || decimal_cmp(half, up) == 0);
}

/* A product by its inverse order, a quotient between its roundings. */
static void
check_products(struct decimal a, struct decimal b)
{
	struct decimal ab, ba, low, high;

	if (decimal_mul(a, b, DECIMAL_HALF_EVEN, &ab) == TB_OK) {
		assert(decimal_mul(b, a, DECIMAL_HALF_EVEN, &ba) == TB_OK);
		assert(decimal_cmp(ab, ba) == 0);
	}
	if (decimal_div(a, b, DECIMAL_FLOOR, &low) == TB_OK &&
	    decimal_div(a, b, DECIMAL_CEILING, &high) == TB_OK)
		assert(decimal_cmp(low, high) <= 0);
	else
		return;
	if (decimal_div(a, b, DECIMAL_HALF_EVEN, &ab) == TB_OK)
		assert(decimal_cmp(low, ab) <= 0 && decimal_cmp(ab, high) <= 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *newline = size == 0 ? NULL : memchr(text, '\n', size);
	size_t len = newline == NULL ? size : (size_t)(newline - text);
	struct decimal a, b = DECIMAL_OF(1), rounded;
	bool inexact;

	if (decimal_parse_rounded(text, len, DECIMAL_HALF_EVEN, &rounded,
		&inexact) == TB_OK)
		check_text(rounded);
	if (decimal_parse_number(text, len, &a) != TB_OK)
		return 0;
	check_text(a);
	assert(decimal_parse_rounded(text, len, DECIMAL_DOWN, &rounded,
		   &inexact) == TB_OK);
	assert(!inexact && decimal_cmp(a, rounded) == 0);
	if (newline != NULL &&
	    decimal_parse_number(newline + 1, size - len - 1, &b) != TB_OK)
		b = DECIMAL_OF(7);
	check_sums(a, b);
	check_steps(a, b);
	check_products(a, b);
	return 0;
}
