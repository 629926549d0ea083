#include "exchange/place.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "exchange/draft.h"
#include "exchange/match.h"

#define WRONG_ID "00000000-0000-4000-8000-00000000dead"

/* Accept it: an order that time will bring to the market. */
static struct order *
book(struct exchange *x, const struct draft *d)
{
	struct order *o = orders_append(&x->orders);

	if (o == NULL)
		return NULL;
	o->asked = *d;
	exchange_id(x, o->order_id);
	o->created_us = o->updated_us = exchange_now_us(x);
	o->execute_us = o->created_us + x->set.fill_delay_ms * 1000;
	if (!match_hold(x, o))
		o->status = ORDER_FAILED;
	return o;
}

/* The answer echoes the new request, whatever order it names: 2.8. */
static void
answer_success(const struct exchange *x, struct request *r,
    const struct order *o, const struct draft *echo)
{
	struct json_writer *w = reply_begin(r);
	enum side side = echo->side;

	if (x->set.wrong_side)
		side = side == SIDE_BUY ? SIDE_SELL : SIDE_BUY;
	json_open(w, '{');
	put_bool(w, "success", true);
	put_open(w, "success_response", '{');
	if (!x->set.no_order_id)
		put_text(w, "order_id", o->order_id);
	put_text(w, "product_id",
	    x->set.wrong_product ? "XYZ-USD" : echo->listing->rules.product_id);
	put_text(w, "side", side_name(side));
	put_text(w, "client_order_id",
	    x->set.wrong_client_order_id ? WRONG_ID : echo->client_order_id);
	if (x->set.extra_members)
		put_text(w, "brand_new_member", "1");
	json_close(w, '}');
	json_key(w, "order_configuration");
	draft_write(echo, w);
	json_close(w, '}');
}

static void
answer_refusal(struct request *r, const struct draft *d,
    const struct refusal *why)
{
	struct json_writer *w = reply_begin(r);

	json_open(w, '{');
	put_bool(w, "success", false);
	put_open(w, "error_response", '{');
	put_text(w, "error", why->reason);
	put_text(w, "message", why->message);
	put_text(w, "error_details", "");
	put_text(w, "preview_failure_reason", why->preview);
	put_text(w, "new_order_failure_reason", why->reason);
	json_close(w, '}');
	json_key(w, "order_configuration");
	draft_write(d, w);
	json_close(w, '}');
}

/* The id is the client's, 1 to 128 bytes. */
static bool
read_client_id(struct request *r, struct draft *d)
{
	const struct json_token *t =
	    body_get(r, r->json.tokens, "client_order_id");

	if (t == NULL || t->kind != JSON_STRING || t->len == 0)
		reply_error(r, 400, "INVALID_ARGUMENT",
		    "client_order_id is required");
	else if (json_copy(t, d->client_order_id, sizeof(d->client_order_id),
		     NULL) != TB_OK)
		reply_error(r, 400, "INVALID_ARGUMENT",
		    "client_order_id is longer than 128 characters");
	else
		return true;
	return false;
}

void
place_create(struct exchange *x, struct request *r)
{
	struct draft d;
	struct refusal why;
	struct order *o;

	r->outcome = "bad request";
	if (!draft_read(x, r, &d) || !read_client_id(r, &d))
		return;
	(void)snprintf(r->client_order_id, sizeof(r->client_order_id), "%s",
	    d.client_order_id);
	o = x->set.deduplicate ?
	    order_find_client(&x->orders, d.client_order_id) :
	    NULL;
	r->outcome = o != NULL ? "repeated" : "refused";
	if (o == NULL && draft_refused(x, &d, &why)) {
		answer_refusal(r, &d, &why);
		return;
	}
	if (o != NULL && d.listing == NULL)
		d.listing = o->asked.listing;
	if (o == NULL) {
		r->outcome = "accepted";
		o = book(x, &d);
		if (o != NULL && x->set.double_orders)
			(void)book(x, &d);
	}
	if (o == NULL) {
		reply_error(r, 500, "INTERNAL", "out of memory");
		return;
	}
	(void)snprintf(r->order_id, sizeof(r->order_id), "%s", o->order_id);
	match_advance(x);
	answer_success(x, r, o, &d);
}

/* What it would come to. */
struct estimate {
	struct decimal base, quote, fee, total, price;
};

static void
estimate(struct exchange *x, const struct draft *d, struct estimate *e)
{
	struct levels levels;
	struct decimal rate = x->set.taker_rate;

	*e = (struct estimate){ 0 };
	market_levels(market_source(&x->market, d->listing), d->side,
	    instant_floor_s(exchange_now_us(x)), &levels);
	e->price = levels.count > 0 ? levels.rows[0].price : DECIMAL_ZERO;
	if (d->has_limit && !match_crosses(x, d))
		e->price = d->limit;
	if (decimal_sign(e->price) == 0)
		return;
	if (d->in_quote) {
		e->quote = order_over(d->size, order_plus(DECIMAL_OF(1), rate));
		e->fee = order_minus(d->size, e->quote);
		e->base = order_over(e->quote, e->price);
	} else {
		e->base = d->size;
		e->quote = order_times(d->size, e->price);
		e->fee = order_times(e->quote, rate);
	}
	e->total = d->side == SIDE_BUY ? order_plus(e->quote, e->fee) :
					 order_minus(e->quote, e->fee);
}

static void
put_best(struct exchange *x, const struct draft *d, enum side taker,
    const char *name, struct json_writer *w)
{
	struct levels levels;

	market_levels(market_source(&x->market, d->listing), taker,
	    instant_floor_s(exchange_now_us(x)), &levels);
	put_amount(w, name,
	    levels.count > 0 ? levels.rows[0].price : DECIMAL_ZERO);
}

static void
answer_preview(struct exchange *x, struct request *r, const struct draft *d,
    const char *failure)
{
	struct estimate e = { 0 };
	struct json_writer *w = reply_begin(r);
	char id[DIGEST_UUID];

	exchange_id(x, id);
	json_open(w, '{');
	if (d->listing != NULL) {
		estimate(x, d, &e);
		put_best(x, d, SIDE_SELL, "best_bid", w);
		put_best(x, d, SIDE_BUY, "best_ask", w);
	}
	put_amount(w, "order_total", e.total);
	put_amount(w, "commission_total", e.fee);
	put_open(w, "errs", '[');
	if (failure != NULL)
		json_string(w, failure);
	json_close(w, ']');
	put_open(w, "warning", '[');
	json_close(w, ']');
	put_amount(w, "quote_size", e.quote);
	put_amount(w, "base_size", e.base);
	put_bool(w, "is_max", false);
	put_text(w, "order_margin_total", "0");
	put_text(w, "leverage", "");
	put_text(w, "long_leverage", "0");
	put_text(w, "short_leverage", "0");
	put_text(w, "slippage", "0");
	put_text(w, "preview_id", id);
	put_amount(w, "est_average_filled_price", e.price);
	json_close(w, '}');
}

void
place_preview(struct exchange *x, struct request *r)
{
	struct draft d;
	struct refusal why;

	if (!draft_read(x, r, &d))
		return;
	answer_preview(x, r, &d,
	    draft_refused(x, &d, &why) ? why.preview : NULL);
}

/* Why an order may not become this; NULL: it may. */
static const char *
edit_failure(struct exchange *x, const struct order *o, const struct draft *d)
{
	struct refusal why;

	if (o == NULL)
		return "ORDER_NOT_FOUND";
	if (o->status != ORDER_OPEN)
		return "ONLY_OPEN_ORDERS_CAN_BE_EDITED";
	if (o->asked.kind != KIND_GTC)
		return "ONLY_LIMIT_ORDER_EDITS_SUPPORTED";
	if (decimal_cmp(d->size, o->filled_base) <= 0)
		return "CANNOT_EDIT_TO_BELOW_FILLED_SIZE";
	if (decimal_cmp(d->size, o->asked.size) == 0 &&
	    decimal_cmp(d->limit, o->asked.limit) == 0)
		return "EDIT_REQUEST_EQUAL_TO_ORIGINAL_REQUEST";
	if (draft_refused(x, d, &why) &&
	    strcmp(why.reason, "INSUFFICIENT_FUND") != 0)
		return decimal_cmp(d->size, o->asked.size) != 0 ?
		    "INVALID_EDITED_SIZE" :
		    "INVALID_EDITED_PRICE";
	return NULL;
}

static void
answer_edit(struct request *r, const struct order *o, const char *failure)
{
	struct json_writer *w = reply_begin(r);

	json_open(w, '{');
	put_bool(w, "success", failure == NULL);
	if (failure == NULL) {
		put_open(w, "success_response", '{');
		put_text(w, "order_id", o->order_id);
		json_close(w, '}');
	}
	put_open(w, "errors", '[');
	if (failure != NULL) {
		json_open(w, '{');
		put_text(w, "edit_failure_reason", failure);
		put_text(w, "preview_failure_reason",
		    "UNKNOWN_PREVIEW_FAILURE_REASON");
		json_close(w, '}');
	}
	json_close(w, ']');
	json_close(w, '}');
}

/* What the order would be like: both price and size are told. */
static bool
read_edit(struct exchange *x, struct request *r, struct order **o,
    struct draft *d)
{
	char id[DIGEST_UUID] = "", price[DECIMAL_STRLEN], size[DECIMAL_STRLEN];

	*d = (struct draft){ 0 };
	if (!body_read(r))
		return false;
	(void)body_text(r, r->json.tokens, "order_id", id, sizeof(id));
	*o = order_find(&x->orders, id);
	if (*o != NULL)
		*d = (*o)->asked;
	if (body_text(r, r->json.tokens, "price", price, sizeof(price)) &&
	    body_text(r, r->json.tokens, "size", size, sizeof(size)) &&
	    decimal_parse(price, strlen(price), &d->limit) == TB_OK &&
	    decimal_parse(size, strlen(size), &d->size) == TB_OK)
		return true;
	reply_error(r, 400, "INVALID_ARGUMENT", "price and size are required");
	return false;
}

void
place_edit(struct exchange *x, struct request *r)
{
	struct order *o;
	struct draft d;
	const char *failure;

	if (!read_edit(x, r, &o, &d))
		return;
	failure = edit_failure(x, o, &d);
	if (failure == NULL && !match_replace(x, o, &d))
		failure = "COMMANDER_REJECTED_EDIT_ORDER";
	answer_edit(r, o, failure);
}

void
place_edit_preview(struct exchange *x, struct request *r)
{
	struct order *o;
	struct draft d;
	const char *failure;

	if (!read_edit(x, r, &o, &d))
		return;
	failure = edit_failure(x, o, &d);
	if (failure != NULL)
		answer_edit(r, o, failure);
	else
		answer_preview(x, r, &d, NULL);
}

/* Why it can't be cancelled; NULL: it can. */
static const char *
cancel_failure(const struct order *o)
{
	if (o == NULL)
		return "UNKNOWN_CANCEL_ORDER";
	if (o->status == ORDER_FILLED)
		return "ORDER_IS_FULLY_FILLED";
	if (order_is_final(o) || o->status == ORDER_CANCEL_QUEUED)
		return "DUPLICATE_CANCEL_REQUEST";
	return NULL;
}

void
place_cancel(struct exchange *x, struct request *r)
{
	const struct json_token *ids, *t;
	struct json_writer *w;

	if (!body_read(r))
		return;
	ids = body_get(r, r->json.tokens, "order_ids");
	if (ids == NULL || ids->kind != JSON_ARRAY || ids->size > 100) {
		reply_error(r, 400, "INVALID_ARGUMENT",
		    "order_ids: 1 to 100 are required");
		return;
	}
	w = reply_begin(r);
	json_open(w, '{');
	put_open(w, "results", '[');
	for (t = json_first(&r->json, ids); t != NULL;
	     t = json_after(&r->json, ids, t)) {
		char id[ORDER_ID_MAX] = "";
		struct order *o;
		const char *failure;

		(void)json_copy(t, id, sizeof(id), NULL);
		o = order_find(&x->orders, id);
		failure = cancel_failure(o);
		if (failure == NULL)
			match_cancel(x, o);
		json_open(w, '{');
		put_bool(w, "success", failure == NULL);
		put_text(w, "failure_reason",
		    failure == NULL ? "UNKNOWN_CANCEL_FAILURE_REASON" :
				      failure);
		put_text(w, "order_id", id);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_close(w, '}');
}
