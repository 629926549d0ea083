/*
 * risk_measures: what the limits look at.
 */

#include <string.h>

#include "base/instant.h"
#include "order/risk.h"
#include "store/books.h"
#include "store/equity.h"
#include "store/holdings.h"
#include "store/intents.h"
#include "store/orders.h"

/* What a BUY takes in all: at most, or, where it is over, as its order says. */
static enum tb_status
whole_value(struct desk *desk, const struct intent *intent, struct decimal *out,
    struct tb_err *err)
{
	struct order order;
	enum tb_status status;

	*out = intent->reserve;
	if (intent->state != INTENT_DONE)
		return TB_OK;
	status = orders_get(desk->db, intent->order_id, &order, err);
	if (status == TB_OK &&
	    decimal_add(order.filled_value, order.total_fees, out) != TB_OK)
		status = tb_fail(err, TB_ERANGE, "order %s: sums do not fit",
		    intent->order_id);
	return status;
}

/* Quote value of one BUY that no fill in the books has taken yet. */
static enum tb_status
open_value(struct desk *desk, const struct intent *intent, struct decimal *out,
    struct tb_err *err)
{
	struct decimal size, value = DECIMAL_ZERO, fee = DECIMAL_ZERO;
	struct decimal asked;
	enum tb_status status = whole_value(desk, intent, &asked, err);

	if (status == TB_OK && intent->order_id[0] != '\0')
		status = books_order_sums(desk->db, intent->order_id, &size,
		    &value, &fee, err);
	if (status != TB_OK)
		return status;
	if (decimal_sub(asked, value, &asked) != TB_OK ||
	    decimal_sub(asked, fee, &asked) != TB_OK)
		return tb_fail(err, TB_ERANGE, "intent %lld: sums do not fit",
		    (long long)intent->id);
	*out = decimal_max(asked, DECIMAL_ZERO);
	return TB_OK;
}

/*
 * What SENDING, UNKNOWN and OPEN BUYs of a product may still take, and DONE
 * ones have taken without a fill that was told.
 */
static enum tb_status
open_buys(struct desk *desk, const char *product_id, int64_t except,
    struct decimal *out, struct tb_err *err)
{
	const unsigned states = INTENT_UNRESOLVED | INTENT_BIT(INTENT_OPEN) |
	    INTENT_BIT(INTENT_DONE);
	struct decimal one;
	struct intent intent;
	enum tb_status status;
	int64_t after = 0;

	*out = DECIMAL_ZERO;
	while ((status = intents_next(desk->db, after, states, &intent, err)) ==
	    TB_OK) {
		after = intent.id;
		if (intent.id != except && intent.side == SIDE_BUY &&
		    strcmp(intent.product_id, product_id) == 0) {
			status = open_value(desk, &intent, &one, err);
			if (status == TB_OK &&
			    decimal_add(*out, one, out) != TB_OK)
				status = tb_fail(err, TB_ERANGE,
				    "open orders of %s do not fit", product_id);
		}
		intent_release(&intent);
		if (status != TB_OK)
			return status;
	}
	return status == TB_ENOENT ? TB_OK : status;
}

enum tb_status
risk_exposure(struct desk *desk, const char *product_id, int64_t except,
    struct decimal price, struct decimal *out, struct tb_err *err)
{
	struct position position;
	struct decimal open, value;
	enum tb_status status;

	status = books_position(desk->db, product_id, &position, err);
	if (status == TB_OK)
		status = open_buys(desk, product_id, except, &open, err);
	if (status != TB_OK)
		return status;
	if (decimal_mul(position.crypto_balance, price, DECIMAL_HALF_EVEN,
		&value) != TB_OK ||
	    decimal_add(value, open, out) != TB_OK)
		return tb_fail(err, TB_ERANGE,
		    "the position of %s does not fit", product_id);
	return TB_OK;
}

/* Midnight (UTC) of the instant's day. */
static int64_t
day_us(const struct desk *desk)
{
	int64_t s = instant_floor_s(desk->instant_us);
	int64_t in_day = s % INSTANT_S_PER_DAY;

	if (in_day < 0)
		in_day += INSTANT_S_PER_DAY;
	return (s - in_day) * INSTANT_US_PER_S;
}

enum tb_status
risk_orders_today(struct desk *desk, int64_t except, int64_t *out,
    struct tb_err *err)
{
	int64_t from_us = day_us(desk);

	return intents_count_between(desk->db, from_us,
	    from_us + INSTANT_S_PER_DAY * INSTANT_US_PER_S, except, out, err);
}

/* What SELLs of one product brought that no fill in the books tells of. */
struct untold {
	char product_id[PRODUCT_ID_MAX];
	struct decimal size, value, fee;
};

/* What the venue told of an order today, less its fills. */
static enum tb_status
untold_order(struct desk *desk, const struct intent *intent, struct untold *out,
    struct tb_err *err)
{
	struct decimal size, value, fee;
	struct order order;
	enum tb_status status;

	status = orders_get(desk->db, intent->order_id, &order, err);
	if (status != TB_OK || order.updated_at_us < day_us(desk))
		return status;
	memcpy(out->product_id, order.product_id, sizeof(out->product_id));
	status = books_order_sums(desk->db, intent->order_id, &size, &value,
	    &fee, err);
	if (status == TB_OK &&
	    (decimal_sub(order.filled_size, size, &out->size) != TB_OK ||
		decimal_sub(order.filled_value, value, &out->value) != TB_OK ||
		decimal_sub(order.total_fees, fee, &out->fee) != TB_OK))
		status = tb_fail(err, TB_ERANGE, "order %s: sums do not fit",
		    intent->order_id);
	return status;
}

/*
 * What one SELL brought; all of it, at the price that it was judged at, where
 * it may have executed.
 *
 * out: product_id "" where there is nothing
 */
static enum tb_status
untold_of(struct desk *desk, const struct intent *intent, struct untold *out,
    struct tb_err *err)
{
	const struct decimal price = intent->has_limit_price ?
	    intent->limit_price :
	    intent->reference_price;

	*out = (struct untold){ .size = intent->base_size };
	if (intent->side != SIDE_SELL)
		return TB_OK;
	if ((INTENT_BIT(intent->state) & INTENT_UNRESOLVED) == 0)
		return untold_order(desk, intent, out, err);
	memcpy(out->product_id, intent->product_id, sizeof(out->product_id));
	if (decimal_mul(out->size, price, DECIMAL_HALF_EVEN, &out->value) ==
	    TB_OK)
		return TB_OK;
	return tb_fail(err, TB_ERANGE, "intent %lld: sums do not fit",
	    (long long)intent->id);
}

/*
 * All SELLs of sum->product_id, added up: together they took its oldest lots.
 *
 * out: *first_id  of the intents with any of it
 */
static enum tb_status
add_untold(struct desk *desk, struct untold *sum, int64_t *first_id,
    struct tb_err *err)
{
	struct intent intent;
	struct untold one;
	enum tb_status status;
	int64_t after = 0;

	while ((status = intents_next(desk->db, after, INTENT_UNSETTLED,
		    &intent, err)) == TB_OK) {
		after = intent.id;
		status = untold_of(desk, &intent, &one, err);
		intent_release(&intent);
		if (status != TB_OK)
			return status;
		if (strcmp(one.product_id, sum->product_id) != 0)
			continue;
		if (*first_id == 0)
			*first_id = after;
		if (decimal_add(sum->size, one.size, &sum->size) != TB_OK ||
		    decimal_add(sum->value, one.value, &sum->value) != TB_OK ||
		    decimal_add(sum->fee, one.fee, &sum->fee) != TB_OK)
			return tb_fail(err, TB_ERANGE,
			    "the sales of %s do not fit", sum->product_id);
	}
	return status == TB_ENOENT ? TB_OK : status;
}

/* What such sales gain, first in first out; 0 where they gain anything. */
static enum tb_status
untold_gain(struct desk *desk, const struct untold *sum, struct decimal *out,
    struct tb_err *err)
{
	const struct ledger_entry sale = {
		.at_us = desk->instant_us,
		.side = SIDE_SELL,
		.size = sum->size,
		.value = sum->value,
		.fee = sum->fee,
	};
	struct lot_outcome outcome;
	struct lots lots;
	enum tb_status status;

	*out = DECIMAL_ZERO;
	if (decimal_sign(sum->size) <= 0)
		return TB_OK;
	lots_init(&lots, LOT_FIFO, false);
	status = books_preview(desk->db, sum->product_id, &sale, &lots,
	    &outcome, err);
	if (status == TB_OK)
		*out = decimal_min(outcome.disposal.gain, DECIMAL_ZERO);
	lots_release(&lots);
	return status;
}

/* Add what SELLs lost whose fills are not told yet, or may have lost. */
static enum tb_status
add_untold_losses(struct desk *desk, struct decimal *realized,
    struct tb_err *err)
{
	struct intent intent;
	struct decimal gain;
	enum tb_status status;
	int64_t after = 0;

	while ((status = intents_next(desk->db, after, INTENT_UNSETTLED,
		    &intent, err)) == TB_OK) {
		struct untold one, sum = { 0 };
		int64_t first_id = 0;

		after = intent.id;
		status = untold_of(desk, &intent, &one, err);
		intent_release(&intent);
		memcpy(sum.product_id, one.product_id, sizeof(sum.product_id));
		if (status == TB_OK && sum.product_id[0] != '\0')
			status = add_untold(desk, &sum, &first_id, err);
		if (status == TB_OK && first_id == after)
			status = untold_gain(desk, &sum, &gain, err);
		if (status == TB_OK && first_id == after &&
		    decimal_add(*realized, gain, realized) != TB_OK)
			status = tb_fail(err, TB_ERANGE,
			    "the sum of losses does not fit");
		if (status != TB_OK)
			return status;
	}
	return status == TB_ENOENT ? TB_OK : status;
}

enum tb_status
risk_loss_today(struct desk *desk, struct decimal *out, struct tb_err *err)
{
	struct decimal realized;
	enum tb_status status;

	status = books_realized_since(desk->db, day_us(desk), &realized, err);
	if (status == TB_OK)
		status = add_untold_losses(desk, &realized, err);
	if (status == TB_OK)
		*out = decimal_neg(realized);
	return status;
}

/* Percent that value lies below peak. */
static enum tb_status
percent_below(struct decimal value, struct decimal peak, struct decimal *out)
{
	struct decimal lost;
	enum tb_status status;

	*out = DECIMAL_ZERO;
	if (decimal_sign(peak) <= 0 || decimal_cmp(value, peak) >= 0)
		return TB_OK;
	status = decimal_sub(peak, value, &lost);
	if (status != TB_OK)
		return status;
	return decimal_mul_div(lost, DECIMAL_OF(100), peak, DECIMAL_HALF_EVEN,
	    out);
}

enum tb_status
risk_drawdown(struct desk *desk, struct decimal *out, struct tb_err *err)
{
	struct equity equity;
	struct decimal value;
	enum tb_status status;

	status = holdings_equity(desk->db, desk->instant_us, &value, err);
	if (status != TB_OK)
		return status;
	status = equity_at(desk->db, desk->instant_us, &equity, err);
	*out = DECIMAL_ZERO;
	if (status == TB_ENOENT)
		return TB_OK; /* no peak yet */
	if (status == TB_OK && percent_below(value, equity.peak, out) != TB_OK)
		status = tb_fail(err, TB_ERANGE, "the drawdown does not fit");
	return status;
}
