#include "venue/paper.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "venue/paper_book.h"
#include "venue/paper_desk.h"
#include "venue/paper_order.h"

static_assert(PAPER_KEY_MAX <= VENUE_CURSOR_MAX, "a key is a cursor");

struct paper {
	struct venue venue; /* first: what callers hold */
	struct paper_config config;
	bool credited; /* the books' cash flows, by this process */
};

static struct paper *
paper_of(struct venue *v)
{
	return (struct paper *)(void *)v;
}

/* ------------------------------------------------------- transactions -- */

/* Commit where status is TB_OK, else roll back. */
static enum tb_status
finish(struct paper *p, enum tb_status status, struct tb_err *err)
{
	const struct paper_shelf *s = &p->config.shelf;

	if (status == TB_OK && !p->config.forgets)
		status = s->commit(s->shelf, err);
	else
		s->rollback(s->shelf);
	if (status != TB_OK || p->config.forgets)
		p->credited = false; /* it may be undone */
	return status;
}

/* The books' cash flows, once a process; within a transaction. */
static enum tb_status
credit(struct paper *p, struct tb_err *err)
{
	enum tb_status status;

	if (p->credited)
		return TB_OK;
	status = paper_desk_credit(&p->config, err);
	p->credited = status == TB_OK;
	return status;
}

/* -------------------------------------------------------------- place -- */

/* Within a transaction: the order that is known already, or a new one. */
static enum tb_status
find_or_place(struct paper *p, const struct venue_request *r,
    struct venue_answer *a, struct tb_err *err)
{
	struct paper_order known;
	enum tb_status status = credit(p, err);

	if (status != TB_OK)
		return status;
	status = paper_book_order(&p->config.shelf, a->order_id, &known, err);
	if (status == TB_ENOENT)
		status = paper_desk_place(&p->config, r, a, err);
	return status;
}

/* What was not committed for sure was not sent; a refusal says so itself. */
static void
place(struct paper *p, const struct venue_request *r, struct venue_answer *a)
{
	const struct paper_shelf *s = &p->config.shelf;
	struct tb_err err = { 0 };
	enum tb_status status, placed;

	paper_order_id(r->client_order_id, a->order_id);
	status = s->begin(s->shelf, &err);
	if (status == TB_OK) {
		placed = find_or_place(p, r, a, &err);
		status = finish(p, placed, &err);
		if (placed == TB_OK && status != TB_OK)
			a->outcome = VENUE_UNKNOWN; /* it may be on the disk */
	}
	if (status == TB_OK) {
		a->outcome = VENUE_ACCEPTED;
		(void)snprintf(a->client_order_id, sizeof(a->client_order_id),
		    "%s", r->client_order_id);
		(void)snprintf(a->product_id, sizeof(a->product_id), "%s",
		    r->product_id);
		(void)snprintf(a->side, sizeof(a->side), "%s",
		    side_name(r->side));
		return;
	}
	a->order_id[0] = '\0';
	if (a->outcome != VENUE_REFUSED)
		(void)snprintf(a->words, sizeof(a->words), "%.*s",
		    VENUE_WORDS_MAX - 1, err.msg);
}

/* One of the faults that come n times. */
static bool
spend(int *times)
{
	if (*times <= 0)
		return false;
	(*times)--;
	return true;
}

static void
answer(struct venue_answer *a, enum venue_outcome outcome, const char *reason,
    const char *words)
{
	*a = (struct venue_answer){ .outcome = outcome };
	(void)snprintf(a->reason, sizeof(a->reason), "%s", reason);
	(void)snprintf(a->words, sizeof(a->words), "%s", words);
}

static void
paper_place(struct venue *v, const struct venue_request *request,
    struct venue_answer *out)
{
	struct paper *p = paper_of(v);
	struct paper_faults *faults = &p->config.faults;

	*out = (struct venue_answer){ .outcome = VENUE_NOT_SENT };
	if (instant_boot_ms() > request->send_before_ms) {
		answer(out, VENUE_NOT_SENT, "late", "too late to send");
		return;
	}
	if (spend(&faults->not_sent)) {
		answer(out, VENUE_NOT_SENT, "", "the venue was not reached");
		return;
	}
	if (spend(&faults->lose_request)) {
		answer(out, VENUE_UNKNOWN, "", "no answer");
		return;
	}
	if (spend(&faults->refuse)) {
		answer(out, VENUE_REFUSED, faults->refuse_reason,
		    "refused, as the test has asked");
		return;
	}
	place(p, request, out);
	if (out->outcome != VENUE_ACCEPTED)
		return;
	if (spend(&faults->lose_answer))
		answer(out, VENUE_UNKNOWN, "", "the answer was lost");
	else if (spend(&faults->hang)) {
		answer(out, VENUE_UNKNOWN, "", "no answer in time");
		out->hung = true;
	}
}

/* ------------------------------------------------- an order that is open -- */

static int64_t
now_us(const struct paper *p)
{
	return p->config.books.instant_us(p->config.books.arg);
}

static enum tb_status
paper_cancel(struct venue *v, const char *order_id, struct tb_err *err)
{
	struct paper *p = paper_of(v);
	const struct paper_shelf *s = &p->config.shelf;
	struct paper_order o;
	enum tb_status status;

	status = s->begin(s->shelf, err);
	if (status != TB_OK)
		return status;
	status = paper_book_order(s, order_id, &o, err);
	if (status == TB_OK && venue_order_is_final(&o.told)) {
		s->rollback(s->shelf);
		if (strcmp(o.told.status, "CANCELLED") == 0)
			return TB_OK;
		return tb_fail(err, TB_EVENUE, "order %s is %s already",
		    order_id, o.told.status);
	}
	if (status == TB_OK)
		status = paper_desk_cancel(&p->config, &o,
		    "cancelled on request", now_us(p), err);
	if (status == TB_OK)
		status = paper_book_save(s, &o, err);
	return finish(p, status, err);
}

static enum tb_status
paper_order(struct venue *v, const char *order_id, struct venue_order *out,
    struct tb_err *err)
{
	struct paper *p = paper_of(v);
	const struct paper_shelf *s = &p->config.shelf;
	struct paper_order o;
	enum tb_status status;

	status = paper_book_order(s, order_id, &o, err);
	if (status != TB_OK)
		return status;
	if (!venue_order_is_final(&o.told)) {
		status = s->begin(s->shelf, err);
		if (status != TB_OK)
			return status;
		status = paper_book_order(s, order_id, &o, err);
		if (status == TB_OK && !venue_order_is_final(&o.told))
			status = paper_desk_advance(&p->config, &o, err);
		status = finish(p, status, err);
		if (status != TB_OK && status != TB_END)
			return status;
	}
	*out = o.told;
	return TB_OK;
}

/* -------------------------------------------------------------- lists -- */

/* A page is one transaction: what it tells was true at one moment. */
static enum tb_status
begin_page(struct paper *p, const char cursor[static VENUE_CURSOR_MAX],
    char key[static PAPER_KEY_MAX], struct tb_err *err)
{
	const struct paper_shelf *s = &p->config.shelf;

	(void)snprintf(key, PAPER_KEY_MAX, "%.*s", PAPER_KEY_MAX - 1, cursor);
	return s->begin(s->shelf, err);
}

/* A list ends where its walk does (TB_END), or where the page is full. */
static enum tb_status
end_page(struct paper *p, char cursor[static VENUE_CURSOR_MAX],
    const char key[static PAPER_KEY_MAX], enum tb_status status,
    struct tb_err *err)
{
	(void)snprintf(cursor, VENUE_CURSOR_MAX, "%s",
	    status == TB_OK ? key : "");
	return finish(p, status == TB_END ? TB_OK : status, err);
}

/* A test has asked that a list leave o out some times. */
static enum tb_status
hide(struct paper *p, struct paper_order *o, struct tb_err *err)
{
	o->hidden_left--;
	return paper_book_save(&p->config.shelf, o, err);
}

static enum tb_status
paper_orders_since(struct venue *v, int64_t since_us,
    char cursor[static VENUE_CURSOR_MAX], struct venue_order *out, size_t max,
    size_t *count, struct tb_err *err)
{
	struct paper *p = paper_of(v);
	char key[PAPER_KEY_MAX];
	struct paper_order o;
	enum tb_status status = begin_page(p, cursor, key, err);

	*count = 0;
	if (status != TB_OK)
		return status;
	while (status == TB_OK && *count < max) {
		status = paper_book_next_order(&p->config.shelf, since_us, key,
		    &o, err);
		if (status == TB_OK && o.hidden_left > 0)
			status = hide(p, &o, err);
		else if (status == TB_OK)
			out[(*count)++] = o.told;
	}
	return end_page(p, cursor, key, status, err);
}

static enum tb_status
fills_of(struct paper *p, int64_t since_us, const char *order_id,
    struct fill *out, size_t *count, struct tb_err *err)
{
	struct paper_order o;
	enum tb_status status;

	status = paper_book_order(&p->config.shelf, order_id, &o, err);
	for (size_t i = 0; status == TB_OK && i < o.fill_count; i++)
		if (o.fills[i].at_us >= since_us)
			out[(*count)++] = o.fills[i];
	return status;
}

static enum tb_status
paper_fills_since(struct venue *v, int64_t since_us, const char *order_id,
    char cursor[static VENUE_CURSOR_MAX], struct fill *out, size_t max,
    size_t *count, struct tb_err *err)
{
	struct paper *p = paper_of(v);
	char key[PAPER_KEY_MAX];
	enum tb_status status;

	*count = 0;
	if (order_id != NULL && order_id[0] != '\0') {
		assert(max >= PAPER_FILLS_MAX);
		cursor[0] = '\0';
		return fills_of(p, since_us, order_id, out, count, err);
	}
	status = begin_page(p, cursor, key, err);
	if (status != TB_OK)
		return status;
	while (status == TB_OK && *count < max) {
		status = paper_book_next_fill_since(&p->config.shelf, since_us,
		    key, &out[*count], err);
		if (status == TB_OK)
			(*count)++;
	}
	return end_page(p, cursor, key, status, err);
}

static enum tb_status
paper_balances(struct venue *v, char cursor[static VENUE_CURSOR_MAX],
    struct venue_balance *out, size_t max, size_t *count, struct tb_err *err)
{
	struct paper *p = paper_of(v);
	char key[PAPER_KEY_MAX];
	struct paper_balance b;
	enum tb_status status = begin_page(p, cursor, key, err);

	*count = 0;
	if (status != TB_OK)
		return status;
	status = credit(p, err);
	while (status == TB_OK && *count < max) {
		status =
		    paper_book_next_balance(&p->config.shelf, key, &b, err);
		if (status != TB_OK)
			break;
		memcpy(out[*count].currency, b.currency, sizeof(b.currency));
		out[*count].hold = b.hold;
		status = decimal_sub(b.total, b.hold, &out[*count].available);
		(*count)++;
	}
	return end_page(p, cursor, key, status, err);
}

/* ------------------------------------------------ what it has not itself -- */

static enum tb_status
paper_hello(struct venue *v, struct venue_hello *out, struct tb_err *err)
{
	(void)v;
	(void)err;
	*out = (struct venue_hello){
		.name = "paper", .account = "paper", .can_trade = true
	};
	return TB_OK;
}

static enum tb_status
paper_products(struct venue *v, char cursor[static VENUE_CURSOR_MAX],
    struct product *out, size_t max, size_t *count, struct tb_err *err)
{
	(void)v;
	(void)out;
	(void)max;
	(void)err;
	cursor[0] = '\0';
	*count = 0;
	return TB_OK;
}

static enum tb_status
paper_candles(struct venue *v, const char *product_id, int granularity_s,
    int64_t from_s, int64_t to_s, struct candle *out, size_t max, size_t *count,
    struct tb_err *err)
{
	(void)v;
	(void)product_id;
	(void)granularity_s;
	(void)from_s;
	(void)to_s;
	(void)out;
	(void)max;
	(void)err;
	*count = 0;
	return TB_OK;
}

static enum tb_status
paper_price(struct venue *v, const char *product_id, struct decimal *out,
    struct tb_err *err)
{
	const struct paper_books *books = &paper_of(v)->config.books;

	return books->price(books->arg, product_id, out, err);
}

static void
paper_close(struct venue *v)
{
	free(paper_of(v));
}

static bool
is_rate(struct decimal d)
{
	return decimal_sign(d) >= 0 && decimal_cmp(d, DECIMAL_OF(1)) < 0;
}

enum tb_status
paper_open(struct venue **out, const struct paper_config *config,
    struct tb_err *err)
{
	static const struct venue_verbs verbs = {
		.hello = paper_hello,
		.products = paper_products,
		.candles = paper_candles,
		.price = paper_price,
		.balances = paper_balances,
		.place = paper_place,
		.cancel = paper_cancel,
		.order = paper_order,
		.orders_since = paper_orders_since,
		.fills_since = paper_fills_since,
		.close = paper_close,
	};
	struct paper *p;

	*out = NULL;
	if (!is_rate(config->fee_rate) || !is_rate(config->slippage_rate))
		return tb_fail(err, TB_ECONFIG,
		    "paper: fee and slippage: expected rates from 0 to below "
		    "1, such as 0.006");
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return tb_nomem(err);
	p->venue.verbs = &verbs;
	p->config = *config;
	*out = &p->venue;
	return TB_OK;
}
