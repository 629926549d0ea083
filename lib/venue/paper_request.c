#include "venue/paper_request.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum tb_status
paper_refuse(struct venue_answer *a, const char *reason, const char *fmt, ...)
{
	va_list ap;

	a->outcome = VENUE_REFUSED;
	(void)snprintf(a->reason, sizeof(a->reason), "%s", reason);
	va_start(ap, fmt);
	(void)vsnprintf(a->words, sizeof(a->words), fmt, ap);
	va_end(ap);
	return TB_EVENUE;
}

enum tb_status
paper_refuse_overflow(struct venue_answer *a)
{
	return paper_refuse(a, "INVALID_SIZE_TOO_LARGE",
	    "the amounts of this order are too large to be held exactly");
}

static bool
is_one_of(const char *word, const char *const words[])
{
	for (; *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

/* Does the product take an order of this form now? */
static enum tb_status
check_form(const struct venue_request *r, const struct product *product,
    struct venue_answer *a)
{
	static const char *const types[] = { "market", "limit", "limit_ioc",
		"post_only", NULL };
	bool is_market = strcmp(r->type, "market") == 0;

	if (!is_one_of(r->type, types))
		return paper_refuse(a, "UNSUPPORTED_ORDER_CONFIGURATION",
		    "no such type of order: %s", r->type);
	if (r->has_quote_size && r->side == SIDE_SELL)
		return paper_refuse(a, "UNSUPPORTED_ORDER_CONFIGURATION",
		    "a sale is asked by base size");
	if (product->trading_disabled || product->cancel_only ||
	    product->auction_mode || (product->limit_only && is_market) ||
	    (product->post_only && strcmp(r->type, "post_only") != 0))
		return paper_refuse(a, "PRODUCT_NOT_TRADABLE",
		    "%s takes no %s order now", r->product_id, r->type);
	if (!is_market && decimal_sign(r->limit_price) <= 0)
		return paper_refuse(a, "INVALID_LIMIT_PRICE",
		    "a %s order needs a limit price above 0", r->type);
	if (decimal_sign(r->reference_price) <= 0)
		return paper_refuse(a, "INVALID_PRICE",
		    "no reference price above 0 for %s", r->product_id);
	return TB_OK;
}

/* What is accepted of a size: down to its increment, within its bounds. */
static enum tb_status
accept_size(struct decimal asked, struct decimal increment, struct decimal min,
    struct decimal max, struct decimal *out, struct venue_answer *a)
{
	char size[DECIMAL_STRLEN], bound[DECIMAL_STRLEN];

	decimal_format(asked, size);
	if (decimal_quantize(asked, increment, DECIMAL_DOWN, out) != TB_OK)
		return paper_refuse_overflow(a);
	if (decimal_sign(*out) <= 0)
		return paper_refuse(a, "INVALID_SIZE_PRECISION",
		    "size %s rounds to zero", size);
	decimal_format(min, bound);
	if (decimal_cmp(*out, min) < 0)
		return paper_refuse(a, "INVALID_SIZE_TOO_SMALL",
		    "size %s is under the minimum of %s", size, bound);
	decimal_format(max, bound);
	if (decimal_sign(max) > 0 && decimal_cmp(*out, max) > 0)
		return paper_refuse(a, "INVALID_SIZE_TOO_LARGE",
		    "size %s is over the maximum of %s", size, bound);
	return TB_OK;
}

enum tb_status
paper_request_accept(const struct paper_config *c,
    const struct venue_request *r, const struct product *product,
    struct paper_order *o, struct venue_answer *a)
{
	const struct paper_faults *faults = &c->faults;
	enum tb_status status;

	*o = (struct paper_order){
		.told.side = r->side,
		.told.created_at_us = r->instant_us,
		.told.updated_at_us = r->instant_us,
		.has_quote_size = r->has_quote_size,
		.reference_price = r->reference_price,
		.fee_rate = c->fee_rate,
		.slippage_rate = c->slippage_rate,
		.base_increment = product->base_increment,
		.part = faults->fills_part ? faults->fill_part : DECIMAL_OF(1),
		.asked_left = faults->fill_late,
		.hidden_left = faults->hide,
	};
	paper_order_id(r->client_order_id, o->told.order_id);
	(void)snprintf(o->told.client_order_id, sizeof(o->told.client_order_id),
	    "%s", r->client_order_id);
	(void)snprintf(o->told.product_id, sizeof(o->told.product_id), "%s",
	    r->product_id);
	(void)snprintf(o->told.status, sizeof(o->told.status), "OPEN");
	status = check_form(r, product, a);
	if (status != TB_OK)
		return status;
	(void)snprintf(o->told.type, sizeof(o->told.type), "%s", r->type);
	if (strcmp(r->type, "market") != 0)
		o->limit_price = r->limit_price;
	return r->has_quote_size ?
	    accept_size(r->quote_size, product->quote_increment,
		product->quote_min_size, product->quote_max_size,
		&o->quote_size, a) :
	    accept_size(r->base_size, product->base_increment,
		product->base_min_size, product->base_max_size, &o->base_size,
		a);
}
