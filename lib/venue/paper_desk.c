#include "venue/paper_desk.h"

#include <stdio.h>
#include <string.h>

#include "venue/paper_book.h"
#include "venue/paper_request.h"

#define FLOWS_AT_ONCE 32

enum tb_status
paper_desk_credit(const struct paper_config *c, struct tb_err *err)
{
	const struct paper_books *books = &c->books;
	struct paper_flow flows[FLOWS_AT_ONCE];
	int64_t known, until, after_id;
	size_t count = 1;
	enum tb_status status;

	status = paper_book_flows_until(&c->shelf, &known, err);
	until = after_id = known;
	while (status == TB_OK && count > 0) {
		status = books->flows(books->arg, after_id, flows,
		    FLOWS_AT_ONCE, &count, err);
		for (size_t i = 0; status == TB_OK && i < count; i++) {
			status = paper_book_credit(&c->shelf, &flows[i], err);
			after_id = flows[i].flow_id;
			if (after_id == until + 1)
				until = after_id;
		}
	}
	if (status == TB_OK && until > known)
		status = paper_book_set_flows_until(&c->shelf, until, err);
	return status;
}

/* Change what is held for o; both moves of the caller's transaction. */
static enum tb_status
hold(const struct paper_config *c, struct paper_order *o, struct decimal amount,
    struct tb_err *err)
{
	char currency[CURRENCY_MAX];
	struct decimal more;

	if (decimal_sub(amount, o->hold, &more) != TB_OK)
		return tb_fail(err, TB_ERANGE, "a hold is too large");
	paper_order_pays_with(o, currency);
	o->hold = amount;
	return paper_book_move(&c->shelf, currency, DECIMAL_ZERO, more, err);
}

/* Hold all that a new order may cost, or refuse it. */
static enum tb_status
hold_all(const struct paper_config *c, struct paper_order *o,
    struct decimal price, struct venue_answer *a, struct tb_err *err)
{
	char needs[DECIMAL_STRLEN], has[DECIMAL_STRLEN];
	char currency[CURRENCY_MAX];
	struct paper_balance b;
	struct decimal need, available;
	enum tb_status status;

	paper_order_pays_with(o, currency);
	status = paper_book_balance(&c->shelf, currency, &b, err);
	if (status != TB_OK)
		return status;
	if (paper_order_need(o, price, &need) != TB_OK ||
	    decimal_sub(b.total, b.hold, &available) != TB_OK)
		return paper_refuse_overflow(a);
	if (decimal_cmp(need, available) > 0) {
		decimal_format(need, needs);
		decimal_format(available, has);
		return paper_refuse(a, "INSUFFICIENT_FUND",
		    "needs %s %s, has %s", needs, currency, has);
	}
	return hold(c, o, need, err);
}

/* Both balances move by the newest fill, and the hold shrinks. */
static enum tb_status
book_fill(const struct paper_config *c, struct paper_order *o,
    struct tb_err *err)
{
	const struct paper_shelf *s = &c->shelf;
	const struct fill *f = &o->fills[o->fill_count - 1];
	char base[CURRENCY_MAX], quote[CURRENCY_MAX];
	bool buys = o->told.side == SIDE_BUY;
	struct decimal coins, money, rest = DECIMAL_ZERO;
	enum tb_status status;

	product_base(o->told.product_id, base);
	product_quote(o->told.product_id, quote);
	coins = buys ? f->size : decimal_neg(f->size);
	status = decimal_sub(buys ? decimal_neg(f->value) : f->value, f->fee,
	    &money);
	if (status == TB_OK && !venue_order_is_final(&o->told))
		status = paper_order_need(o, o->limit_price, &rest);
	if (status != TB_OK)
		return tb_fail(err, TB_ERANGE, "a fill is too large");
	status = hold(c, o, rest, err);
	if (status == TB_OK)
		status = paper_book_move(s, base, coins, DECIMAL_ZERO, err);
	if (status == TB_OK)
		status = paper_book_move(s, quote, money, DECIMAL_ZERO, err);
	if (status == TB_OK)
		status = paper_book_fill(s, o, err);
	return status;
}

/*
 * Fill o at price, all of it or the part that a test has asked for.
 *
 * errors: TB_END it rounds to zero; TB_ERANGE; the shelf's
 */
static enum tb_status
fill(const struct paper_config *c, struct paper_order *o, struct decimal price,
    int64_t at_us, struct tb_err *err)
{
	enum tb_status status;
	int64_t seq;

	status = paper_book_next_fill(&c->shelf, &seq, err);
	if (status == TB_OK)
		status = paper_order_fill(o, price, at_us, seq);
	if (status == TB_ERANGE)
		return tb_fail(err, TB_ERANGE, "a fill is too large");
	if (status == TB_OK)
		status = book_fill(c, o, err);
	return status;
}

enum tb_status
paper_desk_cancel(const struct paper_config *c, struct paper_order *o,
    const char *why, int64_t at_us, struct tb_err *err)
{
	(void)snprintf(o->told.status, sizeof(o->told.status), "CANCELLED");
	(void)snprintf(o->told.reason, sizeof(o->told.reason), "%s", why);
	o->told.updated_at_us = at_us;
	o->told.settled = true;
	return hold(c, o, DECIMAL_ZERO, err);
}

/* What the market does with an order that was accepted and is held for. */
static enum tb_status
match_new(const struct paper_config *c, struct paper_order *o, bool meets,
    struct decimal price, struct venue_answer *a, struct tb_err *err)
{
	int64_t at_us = o->told.created_at_us;
	enum tb_status status;

	if (!meets && strcmp(o->told.type, "limit_ioc") == 0)
		return paper_desk_cancel(c, o, "the limit was not met", at_us,
		    err);
	if (!meets || o->asked_left > 0)
		return TB_OK;
	status = fill(c, o, price, at_us, err);
	if (status == TB_END)
		return paper_refuse(a, "INVALID_SIZE_PRECISION",
		    "the size in %s rounds to zero", o->told.product_id);
	return status == TB_ERANGE ? paper_refuse_overflow(a) : status;
}

enum tb_status
paper_desk_place(const struct paper_config *c, const struct venue_request *r,
    struct venue_answer *a, struct tb_err *err)
{
	const struct paper_books *books = &c->books;
	struct decimal price;
	struct product product;
	struct paper_order o;
	enum tb_status status;
	bool meets;

	status = books->product(books->arg, r->product_id, &product, err);
	if (status == TB_ENOENT)
		return paper_refuse(a, "INVALID_PRODUCT_ID", "no product %s",
		    r->product_id);
	if (status == TB_OK)
		status = paper_request_accept(c, r, &product, &o, a);
	if (status != TB_OK)
		return status;
	status = paper_order_price(&o, r->reference_price, &price);
	if (status == TB_ERANGE)
		return paper_refuse_overflow(a);
	meets = status == TB_OK;
	if (meets && strcmp(r->type, "post_only") == 0)
		return paper_refuse(a, "INVALID_LIMIT_PRICE_POST_ONLY",
		    "the order would fill at once");
	status = hold_all(c, &o, meets ? price : o.limit_price, a, err);
	if (status == TB_OK)
		status = match_new(c, &o, meets, price, a, err);
	if (status == TB_OK)
		status = paper_book_place(&c->shelf, &o, err);
	return status;
}

/*
 * What the market would do with an open order now.
 *
 * out:	    *price  to fill it at
 * returns: TB_OK it fills; TB_END not yet
 */
static enum tb_status
match_open(const struct paper_config *c, const struct paper_order *o,
    bool was_late, struct decimal *price, struct tb_err *err)
{
	const struct paper_books *books = &c->books;
	struct decimal market;
	enum tb_status status;

	if (was_late) /* it should have filled when it was placed */
		status = paper_order_price(o, o->reference_price, price);
	else
		status = TB_END;
	if (status != TB_END || !paper_order_rests(o))
		return status;
	status = books->price(books->arg, o->told.product_id, &market, err);
	if (status == TB_ENOENT)
		return TB_END;
	if (status == TB_OK)
		status = paper_order_price(o, market, price);
	if (status == TB_OK)
		*price = o->limit_price; /* the market came to the order */
	return status;
}

/* No fill is older than its order, where the clock went back. */
static int64_t
fill_at_us(const struct paper_config *c, const struct paper_order *o)
{
	int64_t now_us = c->books.instant_us(c->books.arg);

	return now_us > o->told.created_at_us ? now_us : o->told.created_at_us;
}

enum tb_status
paper_desk_advance(const struct paper_config *c, struct paper_order *o,
    struct tb_err *err)
{
	bool was_late = o->asked_left > 0;
	struct decimal price;
	enum tb_status status;

	if (was_late && --o->asked_left > 0)
		return paper_book_save(&c->shelf, o, err);
	status = match_open(c, o, was_late, &price, err);
	if (status == TB_OK)
		status = fill(c, o, price, fill_at_us(c, o), err);
	if (status == TB_END && !was_late)
		return TB_END; /* nothing has changed */
	if (status != TB_OK && status != TB_END)
		return status;
	return paper_book_save(&c->shelf, o, err);
}
