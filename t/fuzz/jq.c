/*
 * jq: any text as an expression of a user's: it is answered within its limits,
 * by a value or with words on one line, and costs nobody but itself: the next
 * expression is answered as if nothing had been.  Joined with another it gives
 * what it gives alone.
 *
 * An input: the JSON that it runs over, a line; the rest is the expression.
 * The work is done by a child that libFuzzer does not look into: few runs a
 * second, blind, and without ASan, under which memory has no bound.
 */

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "io/jqexpr.h"

#include "fuzz.h"

#define INPUT_MAX 8192
#define WITHIN_MS (JQEXPR_LIMIT_MS + 3000) /* on a machine with other work */

static void
check(enum tb_status status, const struct jqexpr_value *value,
    const struct tb_err *err)
{
	char *end;

	if (status != TB_OK) {
		assert(status == TB_EINVAL || status == TB_ECONFIG ||
		    status == TB_EIO);
		assert(err->msg[0] != '\0' && strchr(err->msg, '\n') == NULL);
		return;
	}
	assert((value->kind == JQEXPR_NUMBER) == (value->number[0] != '\0'));
	if (value->kind == JQEXPR_NUMBER) {
		assert(isfinite(strtod(value->number, &end)));
		assert(*end == '\0');
	}
}

/* Whatever was before. */
static void
answers(struct jqexpr *jq)
{
	struct jqexpr_value value = { 0 };
	struct tb_err err = { 0 };

	assert(jqexpr_eval(jq, ".a + 1", "{\"a\":1}", 7, &value, &err) ==
	    TB_OK);
	assert(strcmp(value.number, "2") == 0);
}

/* In a fresh child; joined with another, or alone. */
static enum tb_status
fresh(bool joined, const char *expression, const char *input,
    struct jqexpr_value *value, struct tb_err *err)
{
	struct jqexpr *jq;
	enum tb_status status;

	assert(jqexpr_open(&jq, err) == TB_OK);
	if (joined) {
		jqexpr_expect(jq, ".a + 1");
		jqexpr_expect(jq, expression);
	}
	status = jqexpr_eval(jq, expression, input, strlen(input), value, err);
	answers(jq);
	jqexpr_close(jq);
	return status;
}

static void
check_joined(const char *expression, const char *input)
{
	struct jqexpr_value alone = { 0 }, joined = { 0 };
	struct tb_err err = { 0 }, joined_err = { 0 };
	enum tb_status status = fresh(false, expression, input, &alone, &err);

	assert(fresh(true, expression, input, &joined, &joined_err) == status);
	assert(joined.kind == alone.kind);
	assert(strcmp(joined.number, alone.number) == 0);
	assert(strcmp(joined_err.msg, err.msg) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct jqexpr *jq; /* kept: a child a run would be slow */
	char text[INPUT_MAX + 1], *expression;
	struct jqexpr_value value = { 0 };
	struct tb_err err = { 0 };
	enum tb_status status;
	int64_t began_ms;
	static int runs;

	if (size > INPUT_MAX)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	expression = text + strcspn(text, "\n");
	if (*expression != '\0')
		*expression++ = '\0';
	if (runs++ % JQEXPR_RESTARTS_MAX == 0) {
		jqexpr_close(jq);
		assert(jqexpr_open(&jq, &err) == TB_OK);
	}
	began_ms = instant_boot_ms();
	status = jqexpr_check(jq, expression, &err);
	if (status == TB_OK)
		status = jqexpr_eval(jq, expression, text, strlen(text), &value,
		    &err);
	assert(instant_boot_ms() - began_ms < WITHIN_MS);
	check(status, &value, &err);
	answers(jq);
	check_joined(expression, text);
	return 0;
}
