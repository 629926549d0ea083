#ifndef PAPERDESK_H
#define PAPERDESK_H

/*
 * paperdesk: the paper venue over a shelf in memory, as its tests see it: an
 * account of 1000 USD, BTC at 40000, a fee of 0.6 %.
 */

#include "venue/paper.h"

#include "base/instant.h"

#include "memshelf.h"
#include "tap.h"

#define AT INT64_C(1757586600000000) /* 2025-09-11T10:30:00Z */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct shelf shelf;

/* What the books say. */
static struct {
	struct paper_flow flow[100];
	size_t flow_count;
	const char *price; /* NULL: none known */
	int64_t instant_us;
	struct product btc;
} books;

static struct decimal
dec(const char *s)
{
	struct decimal d = { 0 };

	if (decimal_parse(s, strlen(s), &d) != TB_OK)
		ok(false, "the test's own number %s is read", s);
	return d;
}

static int64_t
books_instant(void *arg)
{
	(void)arg;
	return books.instant_us;
}

static enum tb_status
books_product(void *arg, const char *product_id, struct product *out,
    struct tb_err *err)
{
	(void)arg;
	(void)err;
	if (strcmp(product_id, books.btc.product_id) != 0)
		return TB_ENOENT;
	*out = books.btc;
	return TB_OK;
}

static enum tb_status
books_price(void *arg, const char *product_id, struct decimal *out,
    struct tb_err *err)
{
	(void)arg;
	(void)product_id;
	(void)err;
	if (books.price == NULL)
		return TB_ENOENT;
	*out = dec(books.price);
	return TB_OK;
}

static enum tb_status
books_flows(void *arg, int64_t after_id, struct paper_flow *out, size_t max,
    size_t *count, struct tb_err *err)
{
	(void)arg;
	(void)err;
	*count = 0;
	max = max > 3 ? 3 : max; /* its pages may be smaller than asked */
	for (size_t i = 0; i < books.flow_count && *count < max; i++)
		if (books.flow[i].flow_id > after_id)
			out[(*count)++] = books.flow[i];
	return TB_OK;
}

static struct paper_config config;

/* An empty shelf, 1000 USD, a fee of 0.6 %, no slippage, no faults. */
static void
reset(void)
{
	memshelf_empty(&shelf);
	books.flow[0] = (struct paper_flow){ 1, "USD", DECIMAL_OF(1000) };
	books.flow_count = 1;
	books.price = NULL;
	books.instant_us = AT + 1;
	books.btc = product_assumed("BTC-USD");
	config = (struct paper_config){
		.shelf = memshelf(&shelf),
		.books = { NULL, books_instant, books_product, books_price,
		    books_flows },
		.fee_rate = dec("0.006"),
	};
}

/* Each call is a process of its own, as in cron jobs. */
static struct venue *
open_venue(void)
{
	struct venue *v;
	struct tb_err err = { 0 };

	if (paper_open(&v, &config, &err) != TB_OK)
		printf("Bail out! paper_open: %s\n", err.msg);
	return v;
}

__attribute__((unused)) static struct venue_request
request(const char *id, enum side side, const char *size)
{
	struct venue_request r = {
		.product_id = "BTC-USD",
		.side = side,
		.type = "market",
		.has_quote_size = side == SIDE_BUY,
		.reference_price = DECIMAL_OF(40000),
		.instant_us = AT,
		.send_before_ms = instant_boot_ms() + VENUE_SEND_WITHIN_MS,
	};

	snprintf(r.client_order_id, sizeof(r.client_order_id), "%s", id);
	if (side == SIDE_BUY)
		r.quote_size = dec(size);
	else
		r.base_size = dec(size);
	return r;
}

__attribute__((unused)) static struct venue_answer
place(const struct venue_request *r)
{
	struct venue *v = open_venue();
	struct venue_answer a;

	v->verbs->place(v, r, &a);
	v->verbs->close(v);
	return a;
}

__attribute__((unused)) static struct venue_order
order(const char *order_id)
{
	struct venue *v = open_venue();
	struct venue_order o = { .status = "" };
	struct tb_err err = { 0 };

	if (v->verbs->order(v, order_id, &o, &err) != TB_OK)
		snprintf(o.status, sizeof(o.status), "error");
	v->verbs->close(v);
	return o;
}

/* "USD 975+0 BTC 0.001+0": available and hold. */
__attribute__((unused)) static const char *
balances(void)
{
	static char text[512];
	struct venue *v = open_venue();
	struct venue_balance b[8];
	char cursor[VENUE_CURSOR_MAX] = "";
	char available[DECIMAL_STRLEN], hold[DECIMAL_STRLEN];
	struct tb_err err = { 0 };
	size_t count = 0, len = 0;
	enum tb_status status;

	status = v->verbs->balances(v, cursor, b, COUNT(b), &count, &err);
	v->verbs->close(v);
	text[0] = '\0';
	if (status != TB_OK)
		return "no balances";
	for (size_t i = 0; i < count; i++) {
		decimal_format(b[i].available, available);
		decimal_format(b[i].hold, hold);
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%s %s+%s", i > 0 ? " " : "", b[i].currency, available,
		    hold);
	}
	return text;
}

/* "FILLED 0.1 40000 24" of an order: status, size, value, fees. */
__attribute__((unused)) static const char *
told(const char *order_id)
{
	static char text[256];
	char size[DECIMAL_STRLEN], value[DECIMAL_STRLEN], fee[DECIMAL_STRLEN];
	struct venue_order o = order(order_id);

	decimal_format(o.filled_size, size);
	decimal_format(o.filled_value, value);
	decimal_format(o.total_fees, fee);
	snprintf(text, sizeof(text), "%s %s %s %s", o.status, size, value, fee);
	return text;
}

/* Of one order, or of all: how many, and the first in *f. */
__attribute__((unused)) static size_t
fills(const char *order_id, struct fill *f)
{
	struct venue *v = open_venue();
	struct fill page[VENUE_PAGE_MAX];
	char cursor[VENUE_CURSOR_MAX] = "";
	struct tb_err err = { 0 };
	size_t count = 0;

	if (v->verbs->fills_since(v, 0, order_id, cursor, page, COUNT(page),
		&count, &err) != TB_OK)
		count = 0;
	v->verbs->close(v);
	if (count > 0)
		*f = page[0];
	return count;
}

__attribute__((unused)) static struct venue_request
limit(const char *id, const char *type, enum side side, const char *size,
    const char *price)
{
	struct venue_request r = request(id, side, size);

	r.type = type;
	r.limit_price = dec(price);
	r.has_quote_size = false;
	r.base_size = dec(size);
	return r;
}

__attribute__((unused)) static void
faults(const char *text)
{
	struct tb_err err = { 0 };

	if (paper_faults_parse(text, &config.faults, &err) != TB_OK)
		ok(false, "%s", err.msg);
}

__attribute__((unused)) static void
refused(struct venue_request r, const char *reason, const char *words)
{
	struct venue_answer a = place(&r);

	is_int(a.outcome, VENUE_REFUSED, reason);
	is(a.reason, reason, "its word");
	is(a.words, words, "in words");
	is(a.order_id, "", "no order");
}

#endif /* PAPERDESK_H */
