#include "ledger/position.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void
position_init(struct position *p, const char *product_id)
{
	size_t len = strlen(product_id);

	assert(len < sizeof(p->product_id));
	*p = (struct position){ 0 };
	memcpy(p->product_id, product_id, len + 1);
}

bool
position_is_flat(const struct position *p)
{
	return decimal_sign(p->crypto_balance) == 0;
}

bool
position_has_value(const struct position *p)
{
	return p->priced || position_is_flat(p);
}

void
position_mark(struct position *p, struct decimal price, int64_t at_us)
{
	p->priced = true;
	p->price = price;
	p->price_at_us = at_us;
}

enum tb_status
position_value(const struct position *p, struct decimal *out,
    struct tb_err *err)
{
	enum tb_status status;

	if (position_is_flat(p)) {
		*out = DECIMAL_ZERO;
		return TB_OK;
	}
	if (!position_has_value(p))
		return tb_fail(err, TB_ENOENT, "%s: no price is known",
		    p->product_id);
	status =
	    decimal_mul(p->crypto_balance, p->price, DECIMAL_HALF_EVEN, out);
	if (status != TB_OK)
		return tb_fail(err, status, "%s: balance x price does not fit",
		    p->product_id);
	return TB_OK;
}

enum tb_status
position_unrealized(const struct position *p, struct decimal *out,
    struct tb_err *err)
{
	struct decimal value;
	enum tb_status status;

	status = position_value(p, &value, err);
	if (status != TB_OK)
		return status;
	status = decimal_sub(value, p->usd_invested, out);
	if (status != TB_OK)
		return tb_fail(err, status, "%s: value - cost does not fit",
		    p->product_id);
	return TB_OK;
}

enum tb_status
position_average_cost(const struct position *p, struct decimal *out,
    struct tb_err *err)
{
	enum tb_status status;

	if (position_is_flat(p))
		return tb_fail(err, TB_ENOENT, "%s: nothing is held",
		    p->product_id);
	status = decimal_div(p->usd_invested, p->crypto_balance,
	    DECIMAL_HALF_EVEN, out);
	if (status != TB_OK)
		return tb_fail(err, status, "%s: cost / balance does not fit",
		    p->product_id);
	return TB_OK;
}

/*
 * With unrealized = value - usd_invested, the value cancels out:
 * realized - usd_invested + uncovered_proceeds - proceeds + costs.
 */
enum tb_status
position_residue(const struct position *p, struct decimal *out,
    struct tb_err *err)
{
	struct decimal sum = p->realized;
	enum tb_status status;

	status = decimal_sub(sum, p->usd_invested, &sum);
	if (status == TB_OK)
		status = decimal_add(sum, p->uncovered_proceeds, &sum);
	if (status == TB_OK)
		status = decimal_sub(sum, p->proceeds, &sum);
	if (status == TB_OK)
		status = decimal_add(sum, p->costs, &sum);
	if (status != TB_OK)
		return tb_fail(err, status, "%s: residue does not fit",
		    p->product_id);
	*out = sum;
	return TB_OK;
}

const char *
total_currency(const char *quote)
{
	return currency_is_dollar(quote) ? "USD" : quote;
}

void
total_init(struct total *t, const char *quote)
{
	*t = (struct total){ .priced = true };
	snprintf(t->currency, sizeof(t->currency), "%s", total_currency(quote));
}

/* What needs a price; once one is missing, the total has none. */
static enum tb_status
total_add_value(struct total *t, const struct position *p, struct tb_err *err)
{
	struct decimal value, unrealized;
	enum tb_status status;

	if (!position_has_value(p))
		t->priced = false;
	if (!t->priced)
		return TB_OK;
	status = position_value(p, &value, err);
	if (status == TB_OK)
		status = position_unrealized(p, &unrealized, err);
	if (status == TB_OK)
		status =
		    decimal_add(t->current_value, value, &t->current_value);
	if (status == TB_OK)
		status = decimal_add(t->unrealized, unrealized, &t->unrealized);
	return status;
}

enum tb_status
total_add(struct total *t, const struct position *p, struct tb_err *err)
{
	struct decimal residue;
	enum tb_status status;

	status = position_residue(p, &residue, err);
	if (status == TB_OK)
		status = total_add_value(t, p, err);
	if (status != TB_OK)
		return status;

	const struct {
		struct decimal *sum, add;
	} sums[] = {
		{ &t->usd_invested, p->usd_invested },
		{ &t->realized, p->realized },
		{ &t->proceeds, p->proceeds },
		{ &t->costs, p->costs },
		{ &t->fees, p->fees },
		{ &t->uncovered_proceeds, p->uncovered_proceeds },
		{ &t->residue, residue },
	};
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		status = decimal_add(*sums[i].sum, sums[i].add, sums[i].sum);
		if (status != TB_OK)
			return tb_fail(err, status,
			    "total of %s: a sum does not fit", t->currency);
	}
	return TB_OK;
}
