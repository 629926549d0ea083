#ifndef FAKEVENUE_H
#define FAKEVENUE_H

/*
 * fakevenue: a venue far away that does whatever a test wants of it, and a
 * desk over it on a database of its own.
 *
 * It fills at 100.00 a coin with a fee of 1 %, BUYs by amount as Coinbase
 * does.  Times are the test's: desk.instant_us stands still until it is moved.
 */

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "order/decision.h"
#include "order/desk.h"
#include "order/outcome.h"
#include "store/birth.h"
#include "store/candles.h"
#include "store/db.h"
#include "venue/venue.h"

#ifndef FAKE_FOLDER
# define FAKE_FOLDER "/tmp"
#endif
#define FAKE_ORDERS 64
#define FAKE_FILLS 4
#define FAKE_T0 INT64_C(1757586600000000) /* 2025-09-11T10:30:00Z */
#define SECONDS(n) ((n)*INT64_C(1000000))

/* What place does with the next requests. */
enum fake_mood {
	FAKE_FINE,
	FAKE_LOSE_ANSWER,  /* placed, UNKNOWN */
	FAKE_LOSE_REQUEST, /* not placed, UNKNOWN */
	FAKE_NOT_SENT,
	FAKE_REFUSE,
	FAKE_NO_ORDER_ID,   /* placed, accepted without an id */
	FAKE_WRONG_CLIENT,  /* accepted with another client_order_id */
	FAKE_WRONG_ECHO,    /* accepted with another product */
	FAKE_WRONG_SIDE,    /* accepted with the other side */
	FAKE_SAME_MARKET,   /* accepted with the other name of its market */
	FAKE_WRONG_PRODUCT, /* the order that is fetched is of another */
	FAKE_HANG,	    /* placed; no answer ever */
	FAKE_BAD_KEY,	    /* not sent, the key is rejected */
	FAKE_NO_ECHO,	    /* accepted, and nothing repeated */
};

struct fake_order {
	struct venue_order order;
	struct fill fill[FAKE_FILLS];
	size_t fill_count;
	int hidden; /* listings that do not show it yet */
};

struct fake {
	struct venue venue; /* first: venues are cast */
	enum fake_mood mood;
	bool forgets;	  /* the same client_order_id again is a new order */
	bool stays_open;  /* orders stay OPEN, nothing filled */
	bool late_fees;	  /* fills carry no fee, the order does */
	int hide;	  /* listings that do not show a new order */
	bool list_fails;  /* orders_since can't be had */
	bool fetch_fails; /* order can't be had */
	enum tb_status fetch_status; /* ... and why; TB_OK: not reached */
	size_t page;		     /* orders of a page */
	struct venue_hello hello;
	struct decimal price; /* where it tells one */
	/* What these verbs fail with; TB_OK: they work. */
	enum tb_status hello_fails, price_fails, balances_fail;
	bool fills_fail;     /* fills_since can't be had */
	bool all_fills;	     /* it gives fills of other orders too */
	bool lists_twice;    /* an order is in a listing twice */
	bool fetches_others; /* whatever order is asked for: ETH-USD */
	int fill_page; /* one fill a page; 1: the second can't be had; 2: all */
	void (*placed)(struct fake_order *o); /* what else comes of it */
	void (*asked)(void); /* what happens while balances are asked for */
	const struct venue_balance *told; /* instead of the two; or NULL */
	size_t told_count;		  /* in pages */
	struct decimal usd, coins;
	struct fake_order order[FAKE_ORDERS];
	size_t count;
	int places, asked_balances; /* calls */
};

static struct decimal
dec(const char *s)
{
	struct decimal d = DECIMAL_ZERO;

	if (decimal_parse(s, strlen(s), &d) != TB_OK)
		abort();
	return d;
}

static struct fake *
fake_of(struct venue *v)
{
	return (struct fake *)(void *)v;
}

static enum tb_status
fake_hello(struct venue *v, struct venue_hello *out, struct tb_err *err)
{
	const struct fake *f = fake_of(v);

	if (f->hello_fails != TB_OK)
		return tb_fail(err, f->hello_fails, "no hello");
	*out = f->hello;
	return TB_OK;
}

static enum tb_status
fake_price(struct venue *v, const char *product_id, struct decimal *out,
    struct tb_err *err)
{
	const struct fake *f = fake_of(v);

	if (f->price_fails != TB_OK)
		return tb_fail(err, f->price_fails, "no price of %s",
		    product_id);
	*out = f->price;
	return TB_OK;
}

#define FAKE_TOLD_PAGE 100

static enum tb_status
fake_told(const struct fake *f, char cursor[static VENUE_CURSOR_MAX],
    struct venue_balance *out, size_t max, size_t *count)
{
	size_t i = strtoul(cursor, NULL, 10);

	*count = 0;
	while (i < f->told_count && *count < max && *count < FAKE_TOLD_PAGE)
		out[(*count)++] = f->told[i++];
	cursor[0] = '\0';
	if (i < f->told_count)
		snprintf(cursor, VENUE_CURSOR_MAX, "%zu", i);
	return TB_OK;
}

static enum tb_status
fake_balances(struct venue *v, char cursor[static VENUE_CURSOR_MAX],
    struct venue_balance *out, size_t max, size_t *count, struct tb_err *err)
{
	struct fake *f = fake_of(v);

	f->asked_balances++;
	if (f->asked != NULL)
		f->asked();
	if (f->balances_fail != TB_OK)
		return tb_fail(err, f->balances_fail, "no balances");
	if (f->told != NULL)
		return fake_told(f, cursor, out, max, count);
	out[0] = (struct venue_balance){ "USD", f->usd, DECIMAL_ZERO };
	out[1] = (struct venue_balance){ "BTC", f->coins, DECIMAL_ZERO };
	*count = 2;
	cursor[0] = '\0';
	return TB_OK;
}

static int fake_serial; /* no order_id comes twice, in all of a test */

/* The whole order at 100.00, the fee of 1 % out of or on top of it. */
static void
fake_fill(struct fake *f, struct fake_order *o, const struct venue_request *r)
{
	struct fill *fill = &o->fill[0];
	struct decimal rate = dec("0.01"), one = dec("1.01");

	fill->size = r->base_size;
	if (r->has_quote_size &&
	    (decimal_div(r->quote_size, one, DECIMAL_HALF_EVEN, &fill->value) !=
		    TB_OK ||
		decimal_div(fill->value, DECIMAL_OF(100), DECIMAL_DOWN,
		    &fill->size) != TB_OK))
		abort();
	if (decimal_mul(fill->size, DECIMAL_OF(100), DECIMAL_HALF_EVEN,
		&fill->value) != TB_OK ||
	    decimal_mul(fill->value, rate, DECIMAL_HALF_EVEN, &fill->fee) !=
		TB_OK)
		abort();
	fill->price = DECIMAL_OF(100);
	fill->side = r->side;
	fill->kind = FILL_FILL;
	fill->at_us = r->instant_us;
	fill->venue_seq = r->instant_us; /* as Coinbase's: a moment */
	snprintf(fill->entry_id, sizeof(fill->entry_id), "f-%.200s",
	    o->order.order_id);
	memcpy(fill->venue_trade_id, fill->entry_id,
	    sizeof(fill->venue_trade_id));
	memcpy(fill->order_id, o->order.order_id, sizeof(fill->order_id));
	memcpy(fill->product_id, r->product_id, sizeof(fill->product_id));
	o->fill_count = 1;
	snprintf(o->order.status, sizeof(o->order.status), "FILLED");
	o->order.filled_size = fill->size;
	o->order.filled_value = fill->value;
	o->order.total_fees = fill->fee;
	o->order.settled = true;
	if (f->late_fees)
		fill->fee = DECIMAL_ZERO;
}

/* What a fill moves between the two balances. */
static void
fake_move(struct fake *f, const struct fill *fill)
{
	struct decimal cash = fill->value, coins = fill->size;
	bool buys = fill->side == SIDE_BUY;
	enum tb_status status;

	if (!buys)
		coins = decimal_neg(coins);
	status = buys ? decimal_add(cash, fill->fee, &cash) :
			decimal_sub(cash, fill->fee, &cash);
	if (buys)
		cash = decimal_neg(cash);
	if (status != TB_OK || decimal_add(f->usd, cash, &f->usd) != TB_OK ||
	    decimal_add(f->coins, coins, &f->coins) != TB_OK)
		abort();
}

static struct fake_order *
fake_put(struct fake *f, const struct venue_request *r)
{
	struct fake_order *o = &f->order[f->count];

	for (size_t i = 0; !f->forgets && i < f->count; i++)
		if (strcmp(f->order[i].order.client_order_id,
			r->client_order_id) == 0)
			return &f->order[i];
	if (f->count == FAKE_ORDERS)
		abort();
	*o = (struct fake_order){ .hidden = f->hide };
	f->count++;
	snprintf(o->order.order_id, sizeof(o->order.order_id), "o-%d",
	    ++fake_serial);
	memcpy(o->order.client_order_id, r->client_order_id, 37);
	memcpy(o->order.product_id, r->product_id, sizeof(o->order.product_id));
	o->order.side = r->side;
	snprintf(o->order.type, sizeof(o->order.type), "%s", r->type);
	snprintf(o->order.status, sizeof(o->order.status), "OPEN");
	o->order.created_at_us = o->order.updated_at_us = r->instant_us;
	if (!f->stays_open) {
		fake_fill(f, o, r);
		fake_move(f, &o->fill[0]);
	}
	return o;
}

/* Product and side of the order, as the answer repeats them. */
static void
fake_echo(enum fake_mood mood, const struct venue_request *r,
    struct venue_answer *out)
{
	enum side side = r->side;

	if (mood == FAKE_WRONG_SIDE)
		side = side == SIDE_BUY ? SIDE_SELL : SIDE_BUY;
	snprintf(out->side, sizeof(out->side), "%s", side_name(side));
	snprintf(out->product_id, sizeof(out->product_id), "%s",
	    mood == FAKE_WRONG_ECHO	 ? "ETH-USD" :
		mood == FAKE_SAME_MARKET ? "BTC-USDC" :
					   r->product_id);
}

static void
fake_place(struct venue *v, const struct venue_request *r,
    struct venue_answer *out)
{
	struct fake *f = fake_of(v);
	struct fake_order *o = NULL;

	f->places++;
	*out = (struct venue_answer){ .outcome = VENUE_UNKNOWN };
	switch (f->mood) {
	case FAKE_NOT_SENT:
	case FAKE_BAD_KEY:
		out->outcome = VENUE_NOT_SENT;
		out->key_rejected = f->mood == FAKE_BAD_KEY;
		return;
	case FAKE_REFUSE:
		out->outcome = VENUE_REFUSED;
		snprintf(out->reason, sizeof(out->reason), "TOO_FAT");
		snprintf(out->words, sizeof(out->words), "it eats too much");
		return;
	case FAKE_LOSE_REQUEST:
		return;
	case FAKE_HANG:
		out->hung = true;
		break;
	default:
		break;
	}
	o = fake_put(f, r);
	if (f->placed != NULL)
		f->placed(o);
	if (f->mood == FAKE_LOSE_ANSWER || f->mood == FAKE_HANG)
		return;
	out->outcome = VENUE_ACCEPTED;
	if (f->mood != FAKE_NO_ORDER_ID)
		memcpy(out->order_id, o->order.order_id, sizeof(out->order_id));
	memcpy(out->client_order_id, r->client_order_id,
	    sizeof(out->client_order_id));
	if (f->mood == FAKE_NO_ECHO) {
		out->client_order_id[0] = '\0';
		return;
	}
	if (f->mood == FAKE_WRONG_CLIENT)
		out->client_order_id[0] ^= 1;
	fake_echo(f->mood, r, out);
	if (f->mood == FAKE_WRONG_PRODUCT)
		snprintf(o->order.product_id, sizeof(o->order.product_id),
		    "ETH-USD");
}

static enum tb_status
fake_cancel(struct venue *v, const char *order_id, struct tb_err *err)
{
	struct fake *f = fake_of(v);

	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->order[i].order.order_id, order_id) == 0) {
			snprintf(f->order[i].order.status, VENUE_STATUS_MAX,
			    "CANCELLED");
			f->order[i].order.settled = true;
			return TB_OK;
		}
	return tb_fail(err, TB_ENOENT, "no order %s", order_id);
}

static enum tb_status
fake_order_get(struct venue *v, const char *order_id, struct venue_order *out,
    struct tb_err *err)
{
	struct fake *f = fake_of(v);

	if (f->fetch_fails)
		return tb_fail(err,
		    f->fetch_status == TB_OK ? TB_ENET : f->fetch_status,
		    "the line is dead");
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->order[i].order.order_id, order_id) == 0) {
			*out = f->order[i].order;
			if (f->fetches_others)
				snprintf(out->product_id,
				    sizeof(out->product_id), "ETH-USD");
			return TB_OK;
		}
	return tb_fail(err, TB_ENOENT, "no order %s", order_id);
}

static enum tb_status
fake_orders_since(struct venue *v, int64_t since_us,
    char cursor[static VENUE_CURSOR_MAX], struct venue_order *out, size_t max,
    size_t *count, struct tb_err *err)
{
	struct fake *f = fake_of(v);
	size_t i = strtoul(cursor, NULL, 10), most = f->page;

	(void)since_us;
	if (f->list_fails)
		return tb_fail(err, TB_ENET, "the line is dead");
	*count = 0;
	if (most == 0 || most > max)
		most = max;
	for (; i < f->count && *count < most; i++) {
		if (f->order[i].hidden > 0) {
			f->order[i].hidden--;
			continue;
		}
		out[(*count)++] = f->order[i].order;
		if (f->lists_twice)
			out[(*count)++] = f->order[i].order;
	}
	if (i < f->count)
		snprintf(cursor, VENUE_CURSOR_MAX, "%zu", i);
	else
		cursor[0] = '\0';
	return TB_OK;
}

/* The fills of an order, one a page; two pages at least. */
static enum tb_status
fake_fill_page(const struct fake *f, const char *order_id,
    char cursor[static VENUE_CURSOR_MAX], struct fill *out, size_t *count,
    struct tb_err *err)
{
	const size_t page = strtoul(cursor, NULL, 10);
	size_t pages = 2;

	cursor[0] = '\0';
	if (page > 0 && f->fill_page == 1)
		return tb_fail(err, TB_ENET, "the line is dead");
	for (size_t i = 0; i < f->count; i++) {
		if (strcmp(order_id, f->order[i].order.order_id) != 0)
			continue;
		out[(*count)++] = f->order[i].fill[page];
		if (f->order[i].fill_count > pages)
			pages = f->order[i].fill_count;
	}
	if (page + 1 < pages)
		snprintf(cursor, VENUE_CURSOR_MAX, "%zu", page + 1);
	return TB_OK;
}

static enum tb_status
fake_fills_since(struct venue *v, int64_t since_us, const char *order_id,
    char cursor[static VENUE_CURSOR_MAX], struct fill *out, size_t max,
    size_t *count, struct tb_err *err)
{
	struct fake *f = fake_of(v);

	(void)since_us;
	(void)max;
	(void)err;
	*count = 0;
	if (f->list_fails || f->fills_fail)
		return tb_fail(err, TB_ENET, "the line is dead");
	if (f->fill_page > 0)
		return fake_fill_page(f, order_id, cursor, out, count, err);
	cursor[0] = '\0';
	for (size_t i = 0; i < f->count; i++)
		for (size_t j = 0; j < f->order[i].fill_count; j++)
			if (f->order[i].hidden == 0 &&
			    (order_id[0] == '\0' || f->all_fills ||
				strcmp(order_id, f->order[i].order.order_id) ==
				    0))
				out[(*count)++] = f->order[i].fill[j];
	return TB_OK;
}

static void
fake_close(struct venue *v)
{
	(void)v;
}

static const struct venue_verbs fake_verbs = {
	.hello = fake_hello,
	.price = fake_price,
	.balances = fake_balances,
	.place = fake_place,
	.cancel = fake_cancel,
	.order = fake_order_get,
	.orders_since = fake_orders_since,
	.fills_since = fake_fills_since,
	.close = fake_close,
};

/* A database in a directory of its own, with BTC-USD at 100.00. */
static char fake_dir[64];
static char fake_path[80];

static struct db *
fake_books(void)
{
	const struct birth birth = { .venue = "paper",
		.cash = DECIMAL_OF(1000),
		.at_us = FAKE_T0 - SECONDS(86400) };
	struct product product = product_assumed("BTC-USD");
	struct candle candle = {
		.start_s = FAKE_T0 / 1000000 - 600,
		.open = DECIMAL_OF(100),
		.high = DECIMAL_OF(100),
		.low = DECIMAL_OF(100),
		.close = DECIMAL_OF(100),
	};
	enum candle_put put = CANDLE_INSERTED;
	struct tb_err err = { 0 };
	struct db *db = NULL;
	enum tb_status status;

	snprintf(fake_dir, sizeof(fake_dir), "%s/tb-fake-XXXXXX", FAKE_FOLDER);
	(void)mallopt(M_TRIM_THRESHOLD, 64 << 20); /* no memory is given back */
	if (mkdtemp(fake_dir) == NULL)
		abort();
	snprintf(fake_path, sizeof(fake_path), "%s/tb.db", fake_dir);
	status = birth_give(fake_path, &birth, &err);
	if (status == TB_OK)
		status = db_open(&db, fake_path, DB_WRITE, &err);
	if (status == TB_OK)
		status = db_begin(db, &err);
	if (status == TB_OK)
		status = products_put(db, &product, birth.at_us, &err);
	if (status == TB_OK)
		status =
		    candles_put(db, "BTC-USD", 300, &candle, false, &put, &err);
	if (status == TB_OK)
		status = db_commit(db, &err);
	if (status != TB_OK) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	return db;
}

static void
fake_books_close(struct db *db)
{
	char command[160];

	db_close(db);
	snprintf(command, sizeof(command), "rm -r %s", fake_dir);
	if (system(command) != 0)
		printf("# %s stays behind\n", fake_dir);
}

/* A desk over a fake; live: the window of an UNKNOWN is not paper's. */
__attribute__((unused)) static void
fake_desk(struct desk *desk, struct fake *f, struct db *db,
    struct config *config, bool live)
{
	struct tb_err err = { 0 };

	*f = (struct fake){
		.venue.verbs = &fake_verbs,
		.usd = DECIMAL_OF(1000),
		.price = DECIMAL_OF(100),
		.hello = { .name = "fake",
		    .account = "account-1",
		    .can_trade = true },
	};
	memset(desk, 0, sizeof(*desk));
	config_init(config);
	desk->db = db;
	desk->venue = &f->venue;
	desk->config = config;
	desk->is_paper = !live;
	desk->fixed = true;
	desk->instant_us = FAKE_T0;
	desk->may_send = true;
	if (lock_init(&desk->lock, fake_path, &err) != TB_OK)
		abort();
}

/* A plain BUY for an amount, named by an id. */
__attribute__((unused)) static struct decision
fake_buy(const char *id, const char *usd)
{
	struct intent_line line = { .has_size_usd = true,
		.size_usd = dec(usd),
		.product_id = "BTC-USD" };
	struct tb_err err;
	struct decision d;

	snprintf(line.id, sizeof(line.id), "%s", id);
	if (decision_of_intent(&line, &d, &err) != TB_OK)
		abort();
	return d;
}

__attribute__((unused)) static struct decision
fake_sell(const char *id, const char *coins)
{
	struct intent_line line = { .side = SIDE_SELL,
		.size_crypto = dec(coins),
		.product_id = "BTC-USD" };
	struct tb_err err;
	struct decision d;

	snprintf(line.id, sizeof(line.id), "%s", id);
	if (decision_of_intent(&line, &d, &err) != TB_OK)
		abort();
	return d;
}

#endif /* FAKEVENUE_H */
