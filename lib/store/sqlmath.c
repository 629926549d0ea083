#include "store/sqlmath.h"

#include <stdbool.h>
#include <string.h>

#include "base/decimal.h"

/* The code says whose fault it is: that of the data, not of the SQL. */
static void
fail(sqlite3_context *ctx, const char *what, int code)
{
	sqlite3_result_error(ctx, what, -1);
	sqlite3_result_error_code(ctx, code);
}

/* NULL is no amount; tell it before. */
static bool
amount_of(sqlite3_context *ctx, sqlite3_value *value, struct decimal *out)
{
	const char *s = (const char *)sqlite3_value_text(value);
	size_t len = (size_t)sqlite3_value_bytes(value);

	if (s != NULL && decimal_parse(s, len, out) == TB_OK)
		return true;
	fail(ctx, "not an amount", SQLITE_MISMATCH);
	return false;
}

static void
result_amount(sqlite3_context *ctx, struct decimal d)
{
	char text[DECIMAL_STRLEN];
	size_t len = decimal_format(d, text);

	sqlite3_result_text(ctx, text, (int)len, SQLITE_TRANSIENT);
}

static void
sum_step(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	void *state = sqlite3_aggregate_context(ctx, sizeof(struct decimal));
	struct decimal sum, d;

	(void)argc;
	if (state == NULL) {
		sqlite3_result_error_nomem(ctx);
		return;
	}
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL ||
	    !amount_of(ctx, argv[0], &d))
		return;
	memcpy(&sum, state, sizeof(sum)); /* SQLite aligns to 8 only */
	if (decimal_add(sum, d, &sum) != TB_OK)
		fail(ctx, "the sum does not fit", SQLITE_TOOBIG);
	memcpy(state, &sum, sizeof(sum));
}

static void
sum_final(sqlite3_context *ctx)
{
	const void *state = sqlite3_aggregate_context(ctx, 0);
	struct decimal sum;

	if (state == NULL)
		return; /* of no rows: NULL */
	memcpy(&sum, state, sizeof(sum));
	result_amount(ctx, sum);
}

static void
compare(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct decimal a, b;

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL ||
	    sqlite3_value_type(argv[1]) == SQLITE_NULL)
		return;
	if (amount_of(ctx, argv[0], &a) && amount_of(ctx, argv[1], &b)) {
		int order = decimal_cmp(a, b);

		sqlite3_result_int(ctx, (order > 0) - (order < 0));
	}
}

static int
collate(void *arg, int a_len, const void *a_text, int b_len, const void *b_text)
{
	struct decimal a, b;
	bool a_is = decimal_parse(a_text, (size_t)a_len, &a) == TB_OK;
	bool b_is = decimal_parse(b_text, (size_t)b_len, &b) == TB_OK;
	int order;

	(void)arg;
	if (a_is && b_is)
		return decimal_cmp(a, b);
	if (a_is != b_is)
		return a_is ? -1 : 1;
	order = memcmp(a_text, b_text, (size_t)(a_len < b_len ? a_len : b_len));
	return order != 0 ? order : a_len - b_len;
}

enum tb_status
sqlmath_register(sqlite3 *handle, struct tb_err *err)
{
	int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

	if (sqlite3_create_function(handle, "decimal_sum", 1, flags, NULL, NULL,
		sum_step, sum_final) != SQLITE_OK ||
	    sqlite3_create_function(handle, "decimal_cmp", 2, flags, NULL,
		compare, NULL, NULL) != SQLITE_OK ||
	    sqlite3_create_collation(handle, "decimal", SQLITE_UTF8, NULL,
		collate) != SQLITE_OK)
		return tb_nomem(err);
	return TB_OK;
}
