#include "coinbase/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "coinbase/asked.h"
#include "coinbase/told.h"

#define CLOSED_AFTER_S 5 /* a candle may still move so long after its end */

/* A wallet of a currency that another one has too counts with it. */
static enum tb_status
add_balance(struct protocol_answer *a, const struct venue_balance *b,
    struct tb_err *err)
{
	for (size_t i = 0; i < a->count; i++) {
		struct venue_balance *have = &a->rows.balances[i];

		if (strcmp(have->currency, b->currency) != 0)
			continue;
		if (decimal_add(have->available, b->available,
			&have->available) == TB_OK &&
		    decimal_add(have->hold, b->hold, &have->hold) == TB_OK)
			return TB_OK;
		return tb_fail(err, TB_EINVAL, "%s: too much to be held",
		    b->currency);
	}
	a->rows.balances[a->count++] = *b;
	return TB_OK;
}

static enum tb_status
take_balance(const struct json *j, const struct json_token *t,
    struct protocol_answer *a, struct tb_err *err)
{
	struct venue_balance b;
	enum tb_status status = told_account(j, t, &b, err);

	return status == TB_OK ? add_balance(a, &b, err) : status;
}

static enum tb_status
take_row(const struct json *j, const struct json_token *t,
    struct protocol_answer *a, struct tb_err *err)
{
	enum tb_status status;

	switch (a->verb) {
	case VERB_PRODUCTS:
		status = told_product(j, t, &a->rows.products[a->count], err);
		break;
	case VERB_BALANCES:
		return take_balance(j, t, a, err);
	case VERB_ORDERS_SINCE:
		status = told_order(j, t, instant_now_us(),
		    &a->rows.orders[a->count], err);
		break;
	default:
		status = told_fill(j, t, &a->rows.fills[a->count], err);
		break;
	}
	if (status == TB_OK)
		a->count++;
	return status;
}

static const char *
list_name(enum venue_verb verb)
{
	switch (verb) {
	case VERB_PRODUCTS:
		return "products";
	case VERB_BALANCES:
		return "accounts";
	case VERB_ORDERS_SINCE:
		return "orders";
	default:
		return "fills";
	}
}

/* The next page: products tell it apart from the list, fills by a cursor
 * alone. */
static enum tb_status
take_cursor(const struct json *j, struct protocol_answer *a, struct tb_err *err)
{
	const struct json_token *from = j->tokens, *cursor;
	const char *key = "cursor";

	if (a->verb == VERB_PRODUCTS) {
		from = json_get(j, from, "pagination");
		key = "next_cursor";
	}
	if (from == NULL || from->kind != JSON_OBJECT)
		return TB_OK;
	if (a->verb != VERB_FILLS_SINCE && !told_flag(j, from, "has_next"))
		return TB_OK;
	cursor = json_get(j, from, key);
	if (cursor == NULL || cursor->kind == JSON_NULL ||
	    (cursor->kind == JSON_STRING && cursor->len == 0)) {
		if (a->verb == VERB_FILLS_SINCE)
			return TB_OK;
		return tb_fail(err, TB_EINVAL,
		    "there is more, but no cursor leads to it");
	}
	if (json_copy(cursor, a->cursor, sizeof(a->cursor), NULL) != TB_OK)
		return tb_fail(err, TB_EINVAL,
		    "cursor: expected a text of at most %d bytes",
		    VENUE_CURSOR_MAX - 1);
	return TB_OK;
}

enum tb_status
page_rows(const struct json *j, struct protocol_answer *a, struct tb_err *err)
{
	const char *name = list_name(a->verb);
	const struct json_token *list = json_get(j, j->tokens, name), *t;
	enum tb_status status;
	size_t number = 0;

	if (list == NULL || list->kind != JSON_ARRAY)
		return tb_fail(err, TB_EINVAL, "%s: expected a list", name);
	if (list->size > a->max)
		return tb_fail(err, TB_EINVAL,
		    "%s: asked for %d rows, found %zu", name, ASKED_ROWS,
		    list->size);
	for (t = json_first(j, list); t != NULL; t = json_after(j, list, t)) {
		number++;
		status = take_row(j, t, a, err);
		if (status != TB_OK && status != TB_END) {
			tb_err_at(err, "%s %zu", name, number);
			return status;
		}
	}
	return take_cursor(j, a, err);
}

static int
by_start(const void *a, const void *b)
{
	const struct candle *x = a, *y = b;

	return (x->start_s > y->start_s) - (x->start_s < y->start_s);
}

enum tb_status
page_candles(const struct json *j, const struct protocol_request *r,
    struct protocol_answer *a, struct tb_err *err)
{
	const struct json_token *list = json_get(j, j->tokens, "candles"), *t;
	int64_t closed_s = instant_floor_s(instant_now_us()) - CLOSED_AFTER_S;
	enum tb_status status;
	struct candle c;

	if (list == NULL || list->kind != JSON_ARRAY)
		return tb_fail(err, TB_EINVAL, "candles: expected a list");
	for (t = json_first(j, list); t != NULL; t = json_after(j, list, t)) {
		status = told_candle(j, t, &c, err);
		if (status != TB_OK) {
			tb_err_at(err, "candles");
			return status;
		}
		if (c.start_s < r->from_s || c.start_s >= r->to_s ||
		    c.start_s + r->granularity_s > closed_s)
			continue;
		if (a->count == a->max)
			return tb_fail(err, TB_EINVAL, "candles: more than %zu",
			    a->max);
		a->rows.candles[a->count++] = c;
	}
	if (a->count > 1)
		qsort(a->rows.candles, a->count, sizeof(c), by_start);
	return TB_OK;
}
