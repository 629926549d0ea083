#include "venue/paper_order.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"

#define ONE DECIMAL_OF(1)

void
paper_order_id(const char *client_order_id, char out[static ORDER_ID_MAX])
{
	digest_uuid("paper order", client_order_id, out);
}

/* The n-th fill of an order has always the same id. */
static void
fill_id(const struct paper_order *o, size_t n, char out[static ORDER_ID_MAX])
{
	char name[ORDER_ID_MAX + 24];

	(void)snprintf(name, sizeof(name), "%s/%zu", o->told.order_id, n);
	digest_uuid("paper fill", name, out);
}

void
paper_order_pays_with(const struct paper_order *o,
    char out[static CURRENCY_MAX])
{
	if (o->told.side == SIDE_BUY)
		product_quote(o->told.product_id, out);
	else
		product_base(o->told.product_id, out);
}

bool
paper_order_rests(const struct paper_order *o)
{
	return strcmp(o->told.type, "limit") == 0 ||
	    strcmp(o->told.type, "post_only") == 0;
}

enum tb_status
paper_order_price(const struct paper_order *o, struct decimal market,
    struct decimal *out)
{
	bool buys = o->told.side == SIDE_BUY;
	struct decimal factor;
	enum tb_status status;

	status = buys ? decimal_add(ONE, o->slippage_rate, &factor) :
			decimal_sub(ONE, o->slippage_rate, &factor);
	if (status == TB_OK)
		status = decimal_mul(market, factor, DECIMAL_HALF_EVEN, out);
	if (status != TB_OK || decimal_sign(o->limit_price) == 0)
		return status;
	if (buys ? decimal_cmp(market, o->limit_price) > 0 :
		   decimal_cmp(market, o->limit_price) < 0)
		return TB_END;
	*out = buys ? decimal_min(*out, o->limit_price) :
		      decimal_max(*out, o->limit_price);
	return TB_OK;
}

/* Of the quote, fees included, of the coins: what was not filled. */
static enum tb_status
left_of(const struct paper_order *o, struct decimal *out)
{
	enum tb_status status;

	if (!o->has_quote_size)
		return decimal_sub(o->base_size, o->told.filled_size, out);
	status = decimal_sub(o->quote_size, o->told.filled_value, out);
	if (status == TB_OK)
		status = decimal_sub(*out, o->told.total_fees, out);
	return status;
}

enum tb_status
paper_order_need(const struct paper_order *o, struct decimal price,
    struct decimal *out)
{
	struct decimal left, with_fee;
	enum tb_status status;

	status = left_of(o, &left);
	if (status != TB_OK)
		return status;
	if (o->has_quote_size || o->told.side == SIDE_SELL) {
		*out = left;
		return TB_OK;
	}
	status = decimal_add(ONE, o->fee_rate, &with_fee);
	if (status == TB_OK)
		status = decimal_mul(price, with_fee, DECIMAL_UP, &with_fee);
	if (status == TB_OK)
		status = decimal_mul(left, with_fee, DECIMAL_UP, out);
	return status;
}

/* The fee comes out of what is spent: value = spend / (1 + fee rate). */
static enum tb_status
fill_by_quote(const struct paper_order *o, struct decimal spend, struct fill *f)
{
	struct decimal with_fee;
	enum tb_status status;

	status = decimal_add(ONE, o->fee_rate, &with_fee);
	if (status == TB_OK)
		status =
		    decimal_div(spend, with_fee, DECIMAL_HALF_EVEN, &f->value);
	if (status == TB_OK)
		status = decimal_sub(spend, f->value, &f->fee);
	if (status == TB_OK)
		status =
		    decimal_div(f->value, f->price, DECIMAL_DOWN, &f->size);
	if (status == TB_OK)
		status = decimal_quantize(f->size, o->base_increment,
		    DECIMAL_DOWN, &f->size);
	return status;
}

/* The fee goes on top of a purchase and out of a sale. */
static enum tb_status
fill_by_base(const struct paper_order *o, struct decimal coins, struct fill *f)
{
	enum tb_status status;

	status =
	    decimal_quantize(coins, o->base_increment, DECIMAL_DOWN, &f->size);
	if (status == TB_OK)
		status = decimal_mul(f->size, f->price, DECIMAL_HALF_EVEN,
		    &f->value);
	if (status == TB_OK)
		status = decimal_mul(f->value, o->fee_rate, DECIMAL_HALF_EVEN,
		    &f->fee);
	return status;
}

/* Add the fill to the order's sums. */
static enum tb_status
add_up(struct venue_order *told, const struct fill *f)
{
	enum tb_status status;

	status = decimal_add(told->filled_size, f->size, &told->filled_size);
	if (status == TB_OK)
		status = decimal_add(told->filled_value, f->value,
		    &told->filled_value);
	if (status == TB_OK)
		status =
		    decimal_add(told->total_fees, f->fee, &told->total_fees);
	return status;
}

/* A part of a market or IOC order is all that it gets. */
static void
conclude(struct paper_order *o, bool whole)
{
	const char *status = whole ? "FILLED" :
	    paper_order_rests(o)   ? "OPEN" :
				     "CANCELLED";

	(void)snprintf(o->told.status, sizeof(o->told.status), "%s", status);
	if (!whole && !paper_order_rests(o))
		(void)snprintf(o->told.reason, sizeof(o->told.reason),
		    "partly filled");
	o->told.settled = venue_order_is_final(&o->told);
	o->part = ONE;
}

enum tb_status
paper_order_fill(struct paper_order *o, struct decimal price, int64_t at_us,
    int64_t seq)
{
	bool whole = decimal_cmp(o->part, ONE) == 0;
	struct venue_order told = o->told;
	struct fill f = { .side = told.side,
		.price = price,
		.at_us = at_us,
		.venue_seq = seq };
	struct decimal left;
	enum tb_status status;

	assert(o->fill_count < PAPER_FILLS_MAX);
	status = left_of(o, &left);
	if (status == TB_OK)
		status = decimal_mul(left, o->part, DECIMAL_HALF_EVEN, &left);
	if (status == TB_OK)
		status = o->has_quote_size ? fill_by_quote(o, left, &f) :
					     fill_by_base(o, left, &f);
	if (status == TB_OK && decimal_sign(f.size) == 0)
		status = TB_END;
	if (status == TB_OK)
		status = add_up(&told, &f);
	if (status != TB_OK)
		return status;
	memcpy(f.order_id, told.order_id, sizeof(f.order_id));
	memcpy(f.product_id, told.product_id, sizeof(f.product_id));
	fill_id(o, o->fill_count, f.entry_id);
	memcpy(f.venue_trade_id, f.entry_id, sizeof(f.venue_trade_id));
	told.updated_at_us = at_us;
	o->told = told;
	o->fills[o->fill_count++] = f;
	conclude(o, whole);
	return TB_OK;
}
