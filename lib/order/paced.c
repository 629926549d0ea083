#include "order/paced.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/digest.h"
#include "base/instant.h"

#define NAME_MAX_BYTES 33

struct paced {
	struct venue venue; /* first: venues are cast */
	struct paced_config config;
	char name[NAME_MAX_BYTES];
};

static struct paced *
paced_of(struct venue *v)
{
	return (struct paced *)(void *)v;
}

/* ---------------------------------------------------- time and chance -- */

static int64_t
real_now_us(void *arg)
{
	(void)arg;
	return instant_now_us();
}

static void
real_nap(int64_t ms, void *arg)
{
	const struct timespec t = { .tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000 };

	(void)arg;
	(void)nanosleep(&t, NULL);
}

static uint32_t
real_dice(void *arg)
{
	char uuid[DIGEST_UUID];
	struct tb_err unheard;

	(void)arg;
	if (digest_random_uuid(uuid, &unheard) != TB_OK)
		return 0; /* no jitter then */
	uuid[8] = '\0';
	return (uint32_t)strtoul(uuid, NULL, 16);
}

/* ------------------------------------------------------------- tokens -- */

/* out: *wait_ms 0: taken */
static enum tb_status
try_token(struct paced *p, enum limiter_use use, int64_t *wait_ms,
    struct tb_err *err)
{
	const struct paced_clock *clock = &p->config.clock;
	struct db *db = p->config.db;
	struct pace pace;
	enum tb_status status = db_begin(db, err);

	if (status != TB_OK)
		return status;
	status = pace_get(db, p->name, &pace, err);
	if (status == TB_OK)
		*wait_ms = limiter_take(&pace, &p->config.rate, use,
		    clock->now_us(clock->arg));
	if (status == TB_OK && *wait_ms > 0) {
		db_rollback(db);
		return TB_OK;
	}
	if (status == TB_OK)
		status = pace_put(db, p->name, &pace, err);
	return db_finish(db, status, err);
}

/* errors: TB_EBUSY no token within most_ms; of the database */
static enum tb_status
take_token(struct paced *p, enum limiter_use use, int64_t most_ms,
    struct tb_err *err)
{
	const struct paced_clock *clock = &p->config.clock;
	char until[INSTANT_STRLEN];
	int64_t waited_ms = 0, wait_ms = 0;
	enum tb_status status;

	for (;;) {
		status = try_token(p, use, &wait_ms, err);
		if (status != TB_OK || wait_ms == 0)
			return status;
		if (waited_ms + wait_ms > most_ms)
			break;
		clock->nap(wait_ms, clock->arg);
		waited_ms += wait_ms;
	}
	p->venue.retry_after_ms = wait_ms;
	instant_format_s(instant_floor_s(clock->now_us(clock->arg)) +
		(wait_ms + 999) / 1000,
	    until);
	return tb_fail(err, TB_EBUSY, "rate limited by %s until %s", p->name,
	    until);
}

/* The venue said "slower", or that all is well again; kept for everybody. */
static void
keep_mood(struct paced *p, bool slower, int64_t retry_after_ms)
{
	const struct paced_clock *clock = &p->config.clock;
	struct db *db = p->config.db;
	struct tb_err unheard;
	struct pace pace;
	enum tb_status status = db_begin(db, &unheard);

	if (status == TB_OK)
		status = pace_get(db, p->name, &pace, &unheard);
	if (status == TB_OK && slower)
		limiter_set_back(&pace, retry_after_ms, clock->dice(clock->arg),
		    clock->now_us(clock->arg));
	else if (status == TB_OK)
		pace.setbacks = 0;
	if (status == TB_OK)
		status = pace_put(db, p->name, &pace, &unheard);
	(void)db_finish(db, status, &unheard); /* at worst it says so again */
}

/* -------------------------------------------------------------- verbs -- */

/* One verb with its arguments, so that it can be asked again. */
struct call {
	enum tb_status (*ask)(struct venue *inner, struct call *c,
	    struct tb_err *err);
	const char *id; /* product or order */
	int granularity_s;
	int64_t from, to; /* seconds of candles; since_us */
	char *cursor;
	const struct venue_request *request;
	void *out;
	size_t max, *count;
};

static enum tb_status
read_paced(struct venue *v, struct call *c, struct tb_err *err)
{
	struct paced *p = paced_of(v);
	struct venue *inner = p->config.venue;
	enum tb_status status;

	for (int i = 0; i < PACED_TRIES; i++) {
		status = take_token(p, LIMITER_READ, PACED_WAIT_MS, err);
		if (status != TB_OK)
			return status;
		status = c->ask(inner, c, err);
		v->retry_after_ms = inner->retry_after_ms;
		v->tells_price = inner->tells_price;
		if (status != TB_EBUSY) {
			if (i > 0)
				keep_mood(p, false, 0);
			return status;
		}
		keep_mood(p, true, inner->retry_after_ms);
	}
	return status;
}

static enum tb_status
ask_hello(struct venue *v, struct call *c, struct tb_err *err)
{
	return v->verbs->hello(v, c->out, err);
}

static enum tb_status
paced_hello(struct venue *v, struct venue_hello *out, struct tb_err *err)
{
	struct call c = { .ask = ask_hello, .out = out };

	return read_paced(v, &c, err);
}

static enum tb_status
ask_products(struct venue *v, struct call *c, struct tb_err *err)
{
	return v->verbs->products(v, c->cursor, c->out, c->max, c->count, err);
}

static enum tb_status
paced_products(struct venue *v, char cursor[static VENUE_CURSOR_MAX],
    struct product *out, size_t max, size_t *count, struct tb_err *err)
{
	struct call c = { .ask = ask_products,
		.cursor = cursor,
		.out = out,
		.max = max,
		.count = count };

	return read_paced(v, &c, err);
}

static enum tb_status
ask_candles(struct venue *v, struct call *c, struct tb_err *err)
{
	return v->verbs->candles(v, c->id, c->granularity_s, c->from, c->to,
	    c->out, c->max, c->count, err);
}

static enum tb_status
paced_candles(struct venue *v, const char *product_id, int granularity_s,
    int64_t from_s, int64_t to_s, struct candle *out, size_t max, size_t *count,
    struct tb_err *err)
{
	struct call c = { .ask = ask_candles,
		.id = product_id,
		.granularity_s = granularity_s,
		.from = from_s,
		.to = to_s,
		.out = out,
		.max = max,
		.count = count };

	return read_paced(v, &c, err);
}

static enum tb_status
ask_price(struct venue *v, struct call *c, struct tb_err *err)
{
	return v->verbs->price(v, c->id, c->out, err);
}

static enum tb_status
paced_price(struct venue *v, const char *product_id, struct decimal *out,
    struct tb_err *err)
{
	struct call c = { .ask = ask_price, .id = product_id, .out = out };

	return read_paced(v, &c, err);
}

static enum tb_status
ask_balances(struct venue *v, struct call *c, struct tb_err *err)
{
	return v->verbs->balances(v, c->cursor, c->out, c->max, c->count, err);
}

static enum tb_status
paced_balances(struct venue *v, char cursor[static VENUE_CURSOR_MAX],
    struct venue_balance *out, size_t max, size_t *count, struct tb_err *err)
{
	struct call c = { .ask = ask_balances,
		.cursor = cursor,
		.out = out,
		.max = max,
		.count = count };

	return read_paced(v, &c, err);
}

static enum tb_status
ask_order(struct venue *v, struct call *c, struct tb_err *err)
{
	return v->verbs->order(v, c->id, c->out, err);
}

static enum tb_status
paced_order(struct venue *v, const char *order_id, struct venue_order *out,
    struct tb_err *err)
{
	struct call c = { .ask = ask_order, .id = order_id, .out = out };

	return read_paced(v, &c, err);
}

static enum tb_status
ask_orders_since(struct venue *v, struct call *c, struct tb_err *err)
{
	return v->verbs->orders_since(v, c->from, c->cursor, c->out, c->max,
	    c->count, err);
}

static enum tb_status
paced_orders_since(struct venue *v, int64_t since_us,
    char cursor[static VENUE_CURSOR_MAX], struct venue_order *out, size_t max,
    size_t *count, struct tb_err *err)
{
	struct call c = { .ask = ask_orders_since,
		.from = since_us,
		.cursor = cursor,
		.out = out,
		.max = max,
		.count = count };

	return read_paced(v, &c, err);
}

static enum tb_status
ask_fills_since(struct venue *v, struct call *c, struct tb_err *err)
{
	return v->verbs->fills_since(v, c->from, c->id, c->cursor, c->out,
	    c->max, c->count, err);
}

static enum tb_status
paced_fills_since(struct venue *v, int64_t since_us, const char *order_id,
    char cursor[static VENUE_CURSOR_MAX], struct fill *out, size_t max,
    size_t *count, struct tb_err *err)
{
	struct call c = { .ask = ask_fills_since,
		.id = order_id,
		.from = since_us,
		.cursor = cursor,
		.out = out,
		.max = max,
		.count = count };

	return read_paced(v, &c, err);
}

static enum tb_status
ask_preview(struct venue *v, struct call *c, struct tb_err *err)
{
	return v->verbs->preview(v, c->request, c->out, err);
}

static enum tb_status
paced_preview(struct venue *v, const struct venue_request *request,
    struct venue_preview *out, struct tb_err *err)
{
	struct call c = { .ask = ask_preview, .request = request, .out = out };

	return read_paced(v, &c, err);
}

static void
paced_place(struct venue *v, const struct venue_request *request,
    struct venue_answer *out)
{
	struct paced *p = paced_of(v);
	struct tb_err err = { 0 };

	if (take_token(p, LIMITER_ORDER, PACED_ORDER_WAIT_MS, &err) != TB_OK) {
		*out = (struct venue_answer){ .outcome = VENUE_NOT_SENT,
			.retry_after_ms = v->retry_after_ms };
		snprintf(out->words, sizeof(out->words), "%.250s", err.msg);
		return;
	}
	p->config.venue->verbs->place(p->config.venue, request, out);
	if (out->retry_after_ms > 0)
		keep_mood(p, true, out->retry_after_ms);
}

static enum tb_status
paced_cancel(struct venue *v, const char *order_id, struct tb_err *err)
{
	struct paced *p = paced_of(v);
	struct venue *inner = p->config.venue;
	enum tb_status status;

	status = take_token(p, LIMITER_ORDER, PACED_ORDER_WAIT_MS, err);
	if (status != TB_OK)
		return status;
	status = inner->verbs->cancel(inner, order_id, err);
	if (status == TB_EBUSY)
		keep_mood(p, true, inner->retry_after_ms);
	return status;
}

static void
paced_close(struct venue *v)
{
	struct paced *p = paced_of(v);

	p->config.venue->verbs->close(p->config.venue);
	free(p);
}

#define PACED_VERBS                                                            \
 .hello = paced_hello, .products = paced_products, .candles = paced_candles,   \
 .price = paced_price, .balances = paced_balances, .place = paced_place,       \
 .cancel = paced_cancel, .order = paced_order,                                 \
 .orders_since = paced_orders_since, .fills_since = paced_fills_since,         \
 .close = paced_close

static const struct venue_verbs verbs = { PACED_VERBS };
static const struct venue_verbs verbs_with_preview = { PACED_VERBS,
	.preview = paced_preview };

enum tb_status
paced_open(struct venue **out, const struct paced_config *config,
    struct tb_err *err)
{
	struct paced *p = calloc(1, sizeof(*p));

	*out = NULL;
	if (p == NULL)
		return tb_nomem(err);
	p->config = *config;
	snprintf(p->name, sizeof(p->name), "%s", config->name);
	if (p->config.clock.now_us == NULL)
		p->config.clock = (struct paced_clock){ .now_us = real_now_us,
			.nap = real_nap,
			.dice = real_dice };
	p->venue.verbs = config->venue->verbs->preview == NULL ?
	    &verbs :
	    &verbs_with_preview;
	p->venue.tells_price = config->venue->tells_price;
	*out = &p->venue;
	return TB_OK;
}
