#include "exchange/draft.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "exchange/match.h"

#define PRICE_MAX DECIMAL_OF(100000000) /* amounts beyond it do not fit */

/* A member that must be a text of plain digits; absent is fine. */
static bool
read_amount(struct request *r, const struct json_token *object,
    const char *name, struct decimal *out, bool *is_there)
{
	const struct json_token *t = body_get(r, object, name);

	if (t == NULL || (t->kind == JSON_STRING && t->len == 0))
		return true;
	if (is_there != NULL)
		*is_there = true;
	if (t->kind == JSON_STRING &&
	    decimal_parse(t->text, t->len, out) == TB_OK)
		return true;
	reply_error(r, 400, "INVALID_ARGUMENT",
	    t->kind == JSON_STRING ? "an amount is not a decimal" :
				     "an amount is not a string");
	return false;
}

static bool
read_sizes(struct request *r, const struct json_token *object, struct draft *d)
{
	struct decimal quote = DECIMAL_ZERO;
	bool has_quote = false;

	if (!read_amount(r, object, "quote_size", &quote, &has_quote) ||
	    !read_amount(r, object, "base_size", &d->size, &d->has_size))
		return false;
	if (has_quote && !d->has_size) {
		d->in_quote = d->has_size = true;
		d->size = quote;
	}
	return true;
}

static bool
read_end(struct request *r, const struct json_token *object, struct draft *d)
{
	if (!body_text(r, object, "end_time", d->end_text, sizeof(d->end_text)))
		return true;
	if (instant_parse(d->end_text, strlen(d->end_text), &d->end_us) ==
	    TB_OK)
		return true;
	reply_error(r, 400, "INVALID_ARGUMENT", "end_time is no time");
	return false;
}

static bool
read_configuration(struct request *r, const struct json_token *object,
    struct draft *d)
{
	const struct json_token *t, *post_only;
	char direction[40] = "";

	t = body_get(r, object, order_kind_name(d->kind));
	post_only = body_get(r, t, "post_only");
	d->post_only = post_only != NULL && post_only->kind == JSON_TRUE;
	(void)body_text(r, t, "stop_direction", direction, sizeof(direction));
	d->stop_up = strcmp(direction, "STOP_DIRECTION_STOP_UP") == 0;
	return read_sizes(r, t, d) &&
	    read_amount(r, t, "limit_price", &d->limit, &d->has_limit) &&
	    read_amount(r, t, "stop_price", &d->stop, NULL) &&
	    read_amount(r, t, "stop_trigger_price", &d->stop, NULL) &&
	    read_end(r, t, d);
}

/* Which of the members is there; exactly one has to be. */
static bool
read_kind(struct request *r, const struct json_token *object, struct draft *d)
{
	int found = 0;

	for (int i = 0; i < ORDER_KINDS; i++)
		if (body_get(r, object, order_kind_name((enum order_kind)i)) !=
		    NULL) {
			d->kind = (enum order_kind)i;
			found++;
		}
	if (found == 1)
		return true;
	reply_error(r, 400, "INVALID_ARGUMENT",
	    found == 0 ? "order_configuration is missing or not known" :
			 "order_configuration has more than one member");
	return false;
}

bool
draft_read(struct exchange *x, struct request *r, struct draft *d)
{
	const struct json_token *object;
	char product_id[PRODUCT_ID_MAX] = "", side[16] = "";

	*d = (struct draft){ 0 };
	if (!body_read(r))
		return false;
	object = r->json.tokens;
	(void)body_text(r, object, "product_id", product_id,
	    sizeof(product_id));
	(void)body_text(r, object, "side", side, sizeof(side));
	d->listing = market_find(&x->market, product_id);
	if (strcmp(side, "BUY") != 0 && strcmp(side, "SELL") != 0) {
		reply_error(r, 400, "unknown",
		    "parsing field \"side\": is not a valid OrderSide");
		return false;
	}
	d->side = side[0] == 'B' ? SIDE_BUY : SIDE_SELL;
	object = body_get(r, object, "order_configuration");
	return read_kind(r, object, d) && read_configuration(r, object, d);
}

static bool
refuse(struct refusal *why, const char *reason, const char *preview,
    const char *message)
{
	*why = (struct refusal){ reason, preview, message };
	return true;
}

static bool
refuse_preview(struct refusal *why, const char *preview)
{
	return refuse(why, "UNKNOWN_FAILURE_REASON", preview, "");
}

/* Has it more decimals than the increment, or is it no multiple of it? */
static bool
is_off(struct decimal d, struct decimal increment)
{
	return decimal_sign(increment) > 0 && d.v % increment.v != 0;
}

static bool
quote_size_refused(const struct draft *d, struct refusal *why)
{
	const struct product *rules = &d->listing->rules;

	if (is_off(d->size, rules->quote_increment))
		return refuse_preview(why,
		    "PREVIEW_INVALID_QUOTE_SIZE_PRECISION");
	if (decimal_cmp(d->size, rules->quote_min_size) < 0)
		return refuse_preview(why,
		    "PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL");
	if (decimal_cmp(d->size, rules->quote_max_size) > 0)
		return refuse_preview(why,
		    "PREVIEW_INVALID_QUOTE_SIZE_TOO_LARGE");
	return false;
}

static bool
base_size_refused(const struct draft *d, struct refusal *why)
{
	const struct product *rules = &d->listing->rules;

	if (is_off(d->size, rules->base_increment))
		return refuse(why, "INVALID_SIZE_PRECISION",
		    "PREVIEW_INVALID_SIZE_PRECISION",
		    "Too many decimals in order amount");
	if (decimal_cmp(d->size, rules->base_min_size) < 0)
		return refuse_preview(why,
		    "PREVIEW_INVALID_BASE_SIZE_TOO_SMALL");
	if (decimal_cmp(d->size, rules->base_max_size) > 0)
		return refuse_preview(why,
		    "PREVIEW_INVALID_BASE_SIZE_TOO_LARGE");
	return false;
}

static bool
price_refused(struct exchange *x, const struct draft *d, struct refusal *why)
{
	struct decimal step = d->listing->rules.price_increment;

	if (order_kind_is_market(d->kind))
		return false;
	if (!d->has_limit || decimal_sign(d->limit) <= 0)
		return refuse(why, "INVALID_LIMIT_PRICE",
		    "PREVIEW_INVALID_LIMIT_PRICE", "");
	if (is_off(d->limit, step))
		return refuse(why, "INVALID_PRICE_PRECISION",
		    "PREVIEW_INVALID_PRICE_PRECISION",
		    "Too many decimals in order price");
	if (decimal_cmp(d->limit, PRICE_MAX) > 0)
		return refuse_preview(why, "PREVIEW_INVALID_PRICE_TOO_LARGE");
	if (order_kind_is_stop(d->kind) &&
	    (decimal_sign(d->stop) <= 0 || is_off(d->stop, step)))
		return refuse_preview(why, "PREVIEW_INVALID_STOP_PRICE");
	if (d->post_only && match_crosses(x, d))
		return refuse(why, "INVALID_LIMIT_PRICE_POST_ONLY",
		    "PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY", "");
	return false;
}

static bool
product_refused(const struct draft *d, struct refusal *why)
{
	const struct listing *l = d->listing;
	bool is_market = order_kind_is_market(d->kind);

	if (l == NULL)
		return refuse(why, "INVALID_PRODUCT_ID",
		    "PREVIEW_INVALID_PRODUCT_ID", "invalid product_id");
	if (l->is_disabled || l->rules.trading_disabled)
		return refuse(why, "TRADING_DISABLED",
		    "PREVIEW_TRADING_DISABLED", "Trading is disabled");
	if (l->rules.cancel_only || l->view_only || l->rules.auction_mode ||
	    (l->rules.limit_only && is_market) ||
	    (l->rules.post_only && !d->post_only) ||
	    strcmp(l->status, "online") != 0)
		return refuse(why, "ORDER_ENTRY_DISABLED",
		    "PREVIEW_NOT_ALLOWED_BY_MARKET_STATE",
		    "Orders are not accepted now");
	return false;
}

static bool
form_refused(struct exchange *x, const struct draft *d, struct refusal *why)
{
	int64_t now_us = exchange_now_us(x);
	bool has_end = d->kind == KIND_GTD || d->kind == KIND_STOP_GTD ||
	    d->kind == KIND_BRACKET_GTD;

	if (d->kind == KIND_MARKET_FOK)
		return refuse(why, "FOK_ONLY_ALLOWED_ON_LIMIT_ORDERS",
		    "PREVIEW_INVALID_ORDER_CONFIG", "");
	if (!d->has_size)
		return refuse(why, "UNSUPPORTED_ORDER_CONFIGURATION",
		    "PREVIEW_INVALID_ORDER_CONFIG",
		    "Market orders cannot be placed with empty order sizes");
	if (d->in_quote &&
	    (d->side == SIDE_SELL || !order_kind_is_market(d->kind)))
		return refuse(why, "UNSUPPORTED_ORDER_CONFIGURATION",
		    "PREVIEW_INVALID_ORDER_CONFIG",
		    "quote_size is for market buys");
	if (has_end && d->end_us == 0)
		return refuse(why, "GTD_ORDERS_MUST_HAVE_END_TIME",
		    "PREVIEW_INVALID_END_TIME", "");
	if (has_end && d->end_us <= now_us)
		return refuse(why, "END_TIME_IS_IN_THE_PAST",
		    "PREVIEW_INVALID_END_TIME", "");
	return false;
}

/* A currency that was never held, or less than it takes. */
static bool
funds_refused(struct exchange *x, const struct draft *d, struct refusal *why)
{
	char currency[CURRENCY_MAX];
	const struct account *account;

	if (d->side == SIDE_BUY)
		product_quote(d->listing->rules.product_id, currency);
	else
		product_base(d->listing->rules.product_id, currency);
	account = account_find(&x->accounts, currency);
	if (account != NULL &&
	    decimal_cmp(account_available(account), match_needs(x, d)) >= 0)
		return false;
	return refuse(why, "INSUFFICIENT_FUND", "PREVIEW_INSUFFICIENT_FUND",
	    "Insufficient balance in source account");
}

/* Nobody to trade with, and it will not wait. */
static bool
liquidity_refused(struct exchange *x, const struct draft *d,
    struct refusal *why)
{
	struct levels levels;

	market_levels(market_source(&x->market, d->listing), d->side,
	    instant_floor_s(exchange_now_us(x)), &levels);
	if (levels.count > 0 || !order_kind_is_market(d->kind))
		return false;
	return refuse(why, "INVALID_NO_LIQUIDITY",
	    "PREVIEW_MISSING_PRODUCT_PRICE_BOOK", "");
}

bool
draft_refused(struct exchange *x, const struct draft *d, struct refusal *why)
{
	if (x->set.refuse[0] != '\0')
		return refuse(why, x->set.refuse,
		    "UNKNOWN_PREVIEW_FAILURE_REASON", x->set.refuse);
	return product_refused(d, why) || form_refused(x, d, why) ||
	    (d->in_quote ? quote_size_refused(d, why) :
			   base_size_refused(d, why)) ||
	    price_refused(x, d, why) || liquidity_refused(x, d, why) ||
	    funds_refused(x, d, why);
}

void
draft_write(const struct draft *d, struct json_writer *w)
{
	json_open(w, '{');
	put_open(w, order_kind_name(d->kind), '{');
	if (d->has_size)
		put_amount(w, d->in_quote ? "quote_size" : "base_size",
		    d->size);
	if (d->has_limit)
		put_amount(w, "limit_price", d->limit);
	if (order_kind_is_stop(d->kind)) {
		put_amount(w, "stop_price", d->stop);
		put_text(w, "stop_direction",
		    d->stop_up ? "STOP_DIRECTION_STOP_UP" :
				 "STOP_DIRECTION_STOP_DOWN");
	} else if (decimal_sign(d->stop) > 0) {
		put_amount(w, "stop_trigger_price", d->stop);
	}
	if (d->end_us != 0)
		put_text(w, "end_time", d->end_text);
	if (d->kind == KIND_GTC || d->kind == KIND_GTD)
		put_bool(w, "post_only", d->post_only);
	json_close(w, '}');
	json_close(w, '}');
}
