#include "order/settle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "order/course.h"
#include "order/settling.h"
#include "store/books.h"
#include "store/candles.h"
#include "store/equity.h"
#include "store/holdings.h"
#include "store/orders.h"
#include "venue/listing.h"

#define LOOK_BACK_US (300 * INT64_C(1000000)) /* clocks may differ */

void
settlement_release(struct settlement *s)
{
	trade_release(&s->trade);
}

/* ----------------------------------------------------------------- trade -- */

/*
 * While an order is pending its trade shows what was asked for, at the limit
 * where there is one.
 */
static enum tb_status
size_as_asked(const struct intent *intent, struct trade *t)
{
	t->price = intent->has_limit_price ? intent->limit_price :
					     intent->reference_price;
	if (intent->sent_by_quote) {
		t->size_usd = intent->quote_size;
		return decimal_div(intent->quote_size, t->price,
		    DECIMAL_HALF_EVEN, &t->size_crypto);
	}
	t->size_crypto = intent->base_size;
	return decimal_mul(intent->base_size, t->price, DECIMAL_HALF_EVEN,
	    &t->size_usd);
}

/* A stranger's that stands there already keeps what it says. */
static enum tb_status
trade_begin_strange(struct settling *s, struct tb_err *err)
{
	struct trade *t = &s->out->trade, strange = *t;
	enum tb_status status;

	status = books_trade_by_order(s->desk->db, strange.order_id, t, err);
	if (status != TB_ENOENT)
		return status;
	tb_err_clear(err);
	*t = strange;
	return books_trade_put(s->desk->db, t, err);
}

static enum tb_status
trade_begin(struct settling *s, struct tb_err *err)
{
	const struct venue_order *order = s->order;
	const struct intent *intent = s->intent;
	struct trade *t = &s->out->trade;

	*t = (struct trade){
		.side = order->side,
		.status = TRADE_PENDING,
		.created_at_us = intent == NULL ? order->created_at_us :
						  intent->created_at_us,
	};
	s->begun = true;
	memcpy(t->product_id, order->product_id, sizeof(t->product_id));
	memcpy(t->order_id, order->order_id, sizeof(t->order_id));
	snprintf(t->triggered_by, sizeof(t->triggered_by), "%s",
	    intent == NULL ? "sync" : intent->triggered_by);
	if (intent == NULL)
		return trade_begin_strange(s, err);
	if (size_as_asked(intent, t) != TB_OK)
		return tb_fail(err, TB_ERANGE, "order %s: sizes do not fit",
		    order->order_id);
	if (intent->signal_context != NULL) {
		t->signal_context = strdup(intent->signal_context);
		if (t->signal_context == NULL)
			return tb_nomem(err);
	}
	return books_trade_put(s->desk->db, t, err);
}

/* The trade when its order is final: what was executed, as the books say. */
static enum tb_status
trade_end(struct settling *s, struct decimal size, struct decimal value,
    struct decimal fee, struct tb_err *err)
{
	struct trade *t = &s->out->trade;

	if (decimal_sign(size) > 0) {
		t->status = TRADE_FILLED;
		t->size_crypto = size;
		t->size_usd = value;
		t->commission = fee;
		t->filled_at_us = s->filled_at_us;
		if (decimal_div(value, size, DECIMAL_HALF_EVEN, &t->price) !=
		    TB_OK)
			return tb_fail(err, TB_ERANGE,
			    "order %s: its price does not fit", t->order_id);
	} else if (decimal_sign(s->order->filled_size) == 0)
		t->status = TRADE_CANCELLED;
	else
		return TB_OK; /* executed, but no fill was told yet */
	return books_trade_put(s->desk->db, t, err);
}

/* ------------------------------------------------------------- the books -- */

static void
order_of_venue(const struct venue_order *v, struct order *out)
{
	*out = (struct order){
		.side = v->side,
		.filled_size = v->filled_size,
		.filled_value = v->filled_value,
		.total_fees = v->total_fees,
		.settled = v->settled,
		.created_at_us = v->created_at_us,
		.updated_at_us = v->updated_at_us,
	};
	memcpy(out->order_id, v->order_id, sizeof(out->order_id));
	memcpy(out->client_order_id, v->client_order_id,
	    sizeof(out->client_order_id));
	memcpy(out->product_id, v->product_id, sizeof(out->product_id));
	memcpy(out->type, v->type, sizeof(out->type));
	memcpy(out->status, v->status, sizeof(out->status));
}

/* The order is there: the venue's view of it, its intent's move, a trade. */
static enum tb_status
books_open(struct settling *s, struct tb_err *err)
{
	const struct course_note note = {
		.order_id = s->order->order_id,
		.at_us = s->desk->instant_us,
	};
	struct order order;
	enum tb_status status;

	order_of_venue(s->order, &order);
	status = products_assume(s->desk->db, order.product_id,
	    s->desk->instant_us, err);
	if (status == TB_OK && s->intent == NULL)
		status = orders_put_strange(s->desk->db, &order, err);
	else if (status == TB_OK)
		status = orders_put(s->desk->db, &order, err);
	if (status == TB_OK && s->intent != NULL)
		status = course_apply(s->desk->db, s->intent,
		    s->final ? EVENT_FINISHED : EVENT_ACCEPTED, &note, err);
	return status;
}

/* What everything is worth now; a product without a price: no row. */
static enum tb_status
put_equity(struct settling *s, struct tb_err *err)
{
	struct desk *desk = s->desk;
	struct decimal price, worth;
	enum tb_status status;
	int64_t at_us;

	if (s->has_cash)
		status = desk_save_balances(desk, &s->cash, err);
	else
		status = TB_OK;
	if (status != TB_OK)
		return status;
	status =
	    desk_last_price(desk, s->order->product_id, &price, &at_us, err);
	if (status == TB_OK)
		status = books_mark(desk->db, s->order->product_id, price,
		    at_us, err);
	if (status == TB_OK)
		status =
		    holdings_equity(desk->db, desk->instant_us, &worth, err);
	if (status == TB_OK)
		status = equity_put(desk->db, desk->instant_us, worth, err);
	return status == TB_ENOENT ? TB_OK : status;
}

/* All fills that were told are booked: what do they come to? */
static enum tb_status
books_close(struct settling *s, struct tb_err *err)
{
	const struct course_note note = { .at_us = s->desk->instant_us };
	struct decimal sums[3];
	enum tb_status status;
	bool equal = false;

	if (!s->begun) /* all of it is in the books under other orders */
		return books_trade_by_order(s->desk->db, s->known_order_id,
		    &s->out->trade, err);
	status = books_order_sums(s->desk->db, s->order->order_id, &sums[0],
	    &sums[1], &sums[2], err);
	if (status == TB_OK && s->final && s->known == 0)
		status = settling_add_up(s, sums, &equal, err);
	if (status == TB_OK && s->final)
		status = trade_end(s, sums[0], sums[1], sums[2], err);
	if (status == TB_OK && equal && s->order->settled && s->intent != NULL)
		status = course_apply(s->desk->db, s->intent, EVENT_ADDED_UP,
		    &note, err);
	if (status == TB_OK && s->booked && !s->desk->in_bulk)
		status = put_equity(s, err);
	return status;
}

/* A page of fills goes into the books, in one transaction. */
static enum tb_status
settle_page(struct settling *s, struct fill *page, size_t count, bool first,
    bool last, struct tb_err *err)
{
	struct intent before = { 0 };
	enum tb_status status;

	if (s->intent != NULL)
		before = *s->intent;
	status = db_begin(s->desk->db, err);
	if (status != TB_OK)
		return status;
	if (count > 0)
		status = settling_leave_out(s, page, &count, err);
	if (status == TB_OK && first)
		status = books_open(s, err);
	if (status == TB_OK && !s->begun && (count > 0 || s->known == 0))
		status = trade_begin(s, err);
	if (status == TB_OK)
		status = settling_book(s, page, count, last, err);
	if (status == TB_OK && last)
		status = books_close(s, err);
	status = db_finish(s->desk->db, status, err);
	if (status != TB_OK && s->intent != NULL)
		*s->intent = before;
	return status;
}

/* What the venue holds after this order; without it the books keep what was
 * told before. */
static void
ask_cash(struct settling *s)
{
	struct tb_err unheard;

	if (s->desk->in_bulk)
		return;
	s->has_cash = desk_ask_balances(s->desk, &s->cash, &unheard) == TB_OK;
}

static enum tb_status
settle_fills(struct settling *s, struct tb_err *err)
{
	static struct fill page[VENUE_PAGE_MAX]; /* too large for the stack */
	const struct venue_verbs *verbs = s->desk->venue->verbs;
	int64_t since_us = s->order->created_at_us - LOOK_BACK_US;
	struct listing listing;
	enum tb_status status;
	size_t count;

	listing_begin(&listing);
	do {
		count = 0;
		status = verbs->fills_since(s->desk->venue, since_us,
		    s->order->order_id, listing.cursor, page, VENUE_PAGE_MAX,
		    &count, err);
		status = listing_turn(&listing, status, err);
		if (status == TB_OK && listing.complete)
			ask_cash(s);
		if (status == TB_OK)
			status = settle_page(s, page, count, listing.pages == 1,
			    listing.complete, err);
	} while (status == TB_OK && !listing.complete);
	return status;
}

enum tb_status
settle_order(struct desk *desk, struct intent *intent,
    const struct venue_order *order, struct settlement *out, struct tb_err *err)
{
	static struct settling s; /* it holds all balances */

	*out = (struct settlement){ .odd = venue_order_is_odd(order) };
	s = (struct settling){
		.desk = desk,
		.intent = intent,
		.order = order,
		.final = venue_order_is_final(order),
		.out = out,
	};
	if (decimal_sign(order->filled_size) == 0)
		return settle_page(&s, NULL, 0, true, true, err);
	return settle_fills(&s, err);
}

enum tb_status
settle_blind(struct desk *desk, struct intent *intent, const char *order_id,
    struct settlement *out, struct tb_err *err)
{
	struct venue_order order = {
		.side = intent->side,
		.status = "PENDING",
		.created_at_us = intent->created_at_us,
		.updated_at_us = desk->instant_us,
	};

	snprintf(order.order_id, sizeof(order.order_id), "%s", order_id);
	memcpy(order.client_order_id, intent->client_order_id,
	    sizeof(intent->client_order_id));
	memcpy(order.product_id, intent->product_id, sizeof(order.product_id));
	snprintf(order.type, sizeof(order.type), "%s", intent->type);
	return settle_order(desk, intent, &order, out, err);
}

/* Inside a transaction. */
static enum tb_status
put_note(struct desk *desk, const struct venue_order *told, struct tb_err *err)
{
	struct order order;
	enum tb_status status;

	order_of_venue(told, &order);
	status =
	    products_assume(desk->db, order.product_id, desk->instant_us, err);
	return status == TB_OK ? orders_put_strange(desk->db, &order, err) :
				 status;
}

enum tb_status
settle_note(struct desk *desk, const struct venue_order *order,
    struct tb_err *err)
{
	enum tb_status status = db_begin(desk->db, err);

	if (status != TB_OK)
		return status;
	return db_finish(desk->db, put_note(desk, order, err), err);
}

bool
settle_is_of(const struct intent *intent, const struct venue_order *order)
{
	return strcmp(order->client_order_id, intent->client_order_id) == 0 &&
	    order->side == intent->side &&
	    product_is_same(order->product_id, intent->product_id);
}
