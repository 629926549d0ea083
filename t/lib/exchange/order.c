#include "exchange/order.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *type, *force;
	bool rests, is_stop;
} kinds[ORDER_KINDS] = {
	[KIND_MARKET] = { "market_market_ioc", "MARKET",
	    "IMMEDIATE_OR_CANCEL" },
	[KIND_MARKET_FOK] = { "market_market_fok", "MARKET", "FILL_OR_KILL" },
	[KIND_IOC] = { "sor_limit_ioc", "LIMIT", "IMMEDIATE_OR_CANCEL" },
	[KIND_GTC] = { "limit_limit_gtc", "LIMIT", "GOOD_UNTIL_CANCELLED",
	    true },
	[KIND_GTD] = { "limit_limit_gtd", "LIMIT", "GOOD_UNTIL_DATE_TIME",
	    true },
	[KIND_FOK] = { "limit_limit_fok", "LIMIT", "FILL_OR_KILL" },
	[KIND_STOP_GTC] = { "stop_limit_stop_limit_gtc", "STOP_LIMIT",
	    "GOOD_UNTIL_CANCELLED", true, true },
	[KIND_STOP_GTD] = { "stop_limit_stop_limit_gtd", "STOP_LIMIT",
	    "GOOD_UNTIL_DATE_TIME", true, true },
	[KIND_BRACKET_GTC] = { "trigger_bracket_gtc", "BRACKET",
	    "GOOD_UNTIL_CANCELLED", true },
	[KIND_BRACKET_GTD] = { "trigger_bracket_gtd", "BRACKET",
	    "GOOD_UNTIL_DATE_TIME", true },
};

const char *
order_kind_name(enum order_kind kind)
{
	return kinds[kind].name;
}

const char *
order_kind_type(enum order_kind kind)
{
	return kinds[kind].type;
}

const char *
order_kind_force(enum order_kind kind)
{
	return kinds[kind].force;
}

bool
order_kind_rests(enum order_kind kind)
{
	return kinds[kind].rests;
}

bool
order_kind_is_stop(enum order_kind kind)
{
	return kinds[kind].is_stop;
}

bool
order_kind_is_market(enum order_kind kind)
{
	return kind == KIND_MARKET || kind == KIND_MARKET_FOK;
}

const char *
order_status_name(enum order_status status)
{
	static const char *const names[] = { "PENDING", "OPEN", "FILLED",
		"CANCELLED", "EXPIRED", "FAILED", "CANCEL_QUEUED" };

	return names[status];
}

bool
order_is_final(const struct order *o)
{
	return o->status >= ORDER_FILLED && o->status <= ORDER_FAILED;
}

void
orders_release(struct orders *orders)
{
	for (size_t i = 0; i < orders->count; i++)
		free(orders->rows[i]);
	free(orders->rows);
	*orders = (struct orders){ 0 };
}

struct order *
orders_append(struct orders *orders)
{
	struct order *o = calloc(1, sizeof(*o));

	if (o != NULL && orders->count == orders->capacity) {
		size_t capacity =
		    orders->capacity == 0 ? 64 : 2 * orders->capacity;
		struct order **rows = reallocarray(orders->rows, capacity,
		    sizeof(struct order *));

		if (rows == NULL) {
			free(o);
			return NULL;
		}
		orders->rows = rows;
		orders->capacity = capacity;
	}
	if (o != NULL)
		orders->rows[orders->count++] = o;
	return o;
}

struct order *
order_find(struct orders *orders, const char *order_id)
{
	for (size_t i = 0; i < orders->count; i++)
		if (strcmp(orders->rows[i]->order_id, order_id) == 0)
			return orders->rows[i];
	return NULL;
}

struct order *
order_find_client(struct orders *orders, const char *id)
{
	for (size_t i = 0; i < orders->count; i++)
		if (strcmp(orders->rows[i]->asked.client_order_id, id) == 0)
			return orders->rows[i];
	return NULL;
}

/* Amounts are bounded when an order is accepted: these cannot overflow. */
static struct decimal
sure(enum tb_status status, struct decimal d)
{
	assert(status == TB_OK);
	(void)status;
	return d;
}

struct decimal
order_round(struct decimal d)
{
	struct decimal out = DECIMAL_ZERO;

	enum tb_status status =
	    decimal_round(d, AMOUNT_PLACES, DECIMAL_HALF_EVEN, &out);

	return sure(status, out);
}

struct decimal
order_times(struct decimal a, struct decimal b)
{
	struct decimal out = DECIMAL_ZERO;
	enum tb_status status = decimal_mul(a, b, DECIMAL_HALF_EVEN, &out);

	return order_round(sure(status, out));
}

struct decimal
order_over(struct decimal a, struct decimal b)
{
	struct decimal out = DECIMAL_ZERO;
	enum tb_status status = decimal_div(a, b, DECIMAL_HALF_EVEN, &out);

	return order_round(sure(status, out));
}

struct decimal
order_plus(struct decimal a, struct decimal b)
{
	struct decimal out = DECIMAL_ZERO;
	enum tb_status status = decimal_add(a, b, &out);

	return sure(status, out);
}

struct decimal
order_minus(struct decimal a, struct decimal b)
{
	return order_plus(a, decimal_neg(b));
}

struct decimal
order_left(const struct order *o, struct decimal taker_rate)
{
	if (!o->asked.in_quote)
		return order_minus(o->asked.size, o->filled_base);
	return order_minus(order_over(o->asked.size,
			       order_plus(DECIMAL_OF(1), taker_rate)),
	    o->filled_value);
}
