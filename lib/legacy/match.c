#include "legacy/match.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "legacy/value.h"

#define SAME_PLACES 6 /* sizes agree to a millionth */
#define KEY_BYTES (PRODUCT_ID_MAX + 1 + 8 + 1)
#define GROUP_BYTES (PRODUCT_ID_MAX + 1) /* of a key: product and side */

/* A row that is held back. */
struct held {
	struct held *next;
	struct held *before; /* of an order: the one that came before it */
	int64_t at_us;
	struct decimal size, price;
	int64_t bot_id;
	bool has_bot;
	bool raced; /* of an order */
	bool used;  /* of the first of a group of fills */
	char packed[];
};

struct queue {
	struct held *first, **end;
};

struct sweep {
	struct queue orders, fills; /* by time */
	struct held *newest;	    /* of the orders */
	size_t count;		    /* held in both */
	char group[GROUP_BYTES];
	legacy_sink *sink;
	void *arg;
};

/* -------------------------------------------------------------- sorting -- */

enum tb_status
legacy_sort_to_match(struct sorter *s, const struct legacy_item *item,
    struct tb_err *err)
{
	uint64_t at = (uint64_t)item->created_us;
	char key[KEY_BYTES] = { 0 };
	bool order = item->origin == LEGACY_BOT;

	if (!legacy_item_is_open(item) || item->state == LEGACY_CANCELLED ||
	    item->has_signal || (!order && item->state != LEGACY_FILLED))
		return TB_END;
	memcpy(key, item->product_id, strlen(item->product_id));
	key[PRODUCT_ID_MAX] = (char)item->side;
	for (int i = 0; i < 8; i++)
		key[GROUP_BYTES + i] = (char)(at >> (56 - 8 * i));
	key[KEY_BYTES - 1] = order ? 0 : 1;
	return legacy_sort_item(s, key, sizeof(key), item, err);
}

/* --------------------------------------------------------------- queues -- */

static void
queue_init(struct queue *q)
{
	q->first = NULL;
	q->end = &q->first;
}

static struct held *
queue_put(struct queue *q, const struct legacy_item *item, struct tb_err *err)
{
	struct held *h = malloc(sizeof(*h) + legacy_item_pack(item, NULL));

	if (h == NULL) {
		(void)tb_nomem(err);
		return NULL;
	}
	h->next = h->before = NULL;
	h->at_us = item->created_us;
	h->size = item->size_crypto;
	h->price = item->price;
	h->bot_id = item->bot_id;
	h->has_bot = item->has_bot;
	h->raced = h->used = false;
	(void)legacy_item_pack(item, h->packed);
	*q->end = h;
	q->end = &h->next;
	return h;
}

static struct held *
queue_take(struct queue *q)
{
	struct held *h = q->first;

	q->first = h->next;
	if (q->end == &h->next)
		q->end = &q->first;
	return h;
}

static void
queue_release(struct queue *q)
{
	while (q->first != NULL)
		free(queue_take(q));
}

/* Give a row that is held to the sink, and forget it. */
static enum tb_status
give(struct sweep *w, struct queue *q, struct tb_err *err)
{
	struct held *h = queue_take(q);
	struct legacy_item item;
	enum tb_status status;

	legacy_item_unpack(h->packed, &item);
	free(h);
	w->count--;
	status = w->sink(&item, w->arg, err);
	return status;
}

/* ------------------------------------------------------------ one order -- */

static bool
is_same_group(const struct held *a, const struct held *b)
{
	return a->at_us == b->at_us && decimal_cmp(a->price, b->price) == 0;
}

/* The first fill behind the group that begins with h; *sum is its coins. */
static struct held *
group_sum(struct held *h, struct decimal *sum)
{
	struct held *next = h;

	*sum = DECIMAL_ZERO;
	for (; next != NULL && is_same_group(h, next); next = next->next)
		if (decimal_add(*sum, next->size, sum) != TB_OK)
			*sum = DECIMAL_ZERO;
	return next;
}

/* Both ids are known, and they differ. */
static bool
is_of_other_order(const struct legacy_item *order, const struct held *h)
{
	struct legacy_item fill;

	legacy_item_unpack(h->packed, &fill);
	return !order->id_made && fill.venue_order_id[0] != '\0' &&
	    strcasecmp(order->order_id, fill.venue_order_id) != 0;
}

/* The nearest fills that nobody took and that have the order's coins. */
static struct held *
find_fills(const struct sweep *w, const struct legacy_item *order)
{
	struct held *best = NULL, *next;
	struct decimal sum;

	for (struct held *h = w->fills.first; h != NULL; h = next) {
		int64_t after = h->at_us - order->created_us;

		if (after > LEGACY_AFTER_US)
			break;
		next = group_sum(h, &sum);
		if (h->used || after < -LEGACY_BEFORE_US ||
		    !legacy_near(sum, order->size_crypto, SAME_PLACES) ||
		    (best != NULL &&
			llabs(after) >=
			    llabs(best->at_us - order->created_us)) ||
		    is_of_other_order(order, h))
			continue;
		best = h;
	}
	return best;
}

/* The fill as the order's. */
static enum tb_status
credit(struct held **place, struct queue *q, const struct legacy_item *order,
    struct legacy_ref *out, struct tb_err *err)
{
	struct legacy_item fill;
	struct held *old = *place, *grown;

	legacy_item_unpack(old->packed, &fill);
	legacy_item_credit(&fill, order);
	*out = fill.ref;
	grown = realloc(old, sizeof(*old) + legacy_item_pack(&fill, NULL));
	if (grown == NULL)
		return tb_nomem(err);
	(void)legacy_item_pack(&fill, grown->packed);
	*place = grown;
	if (grown->next == NULL)
		q->end = &grown->next;
	return TB_OK;
}

/* Where in the queue h hangs. */
static struct held **
place_of(struct queue *q, const struct held *h)
{
	struct held **place = &q->first;

	while (*place != h)
		place = &(*place)->next;
	return place;
}

static enum tb_status
take_fills(struct sweep *w, struct held *first, struct legacy_item *order,
    struct legacy_ref into[static LEGACY_INTO_MAX], struct tb_err *err)
{
	struct held **place = place_of(&w->fills, first);
	struct held head = *first;
	enum tb_status status = TB_OK;
	size_t count = 0;

	while (status == TB_OK && *place != NULL &&
	    is_same_group(&head, *place) && count < LEGACY_INTO_MAX) {
		(*place)->used = true;
		status = credit(place, &w->fills, order, &into[count++], err);
		place = &(*place)->next;
	}
	legacy_item_filled(order, into, count);
	return status;
}

/* The oldest order, out of the queue. */
static void
take_order(struct sweep *w, struct legacy_item *out)
{
	struct held *h = queue_take(&w->orders);

	if (h->next == NULL)
		w->newest = NULL;
	else
		h->next->before = NULL;
	legacy_item_unpack(h->packed, out);
	if (h->raced)
		legacy_quirk_add(&out->quirks, LQ_RACE_DOUBLE);
	free(h);
	w->count--;
}

/* The oldest order chooses, and goes. */
static enum tb_status
settle_order(struct sweep *w, struct tb_err *err)
{
	static struct legacy_ref into[LEGACY_INTO_MAX];
	struct legacy_item order;
	struct held *fills;
	enum tb_status status = TB_OK;

	take_order(w, &order);
	fills = find_fills(w, &order);
	if (fills != NULL)
		status = take_fills(w, fills, &order, into, err);
	return status == TB_OK ? w->sink(&order, w->arg, err) : status;
}

/* ---------------------------------------------------------------- sweep -- */

/* What no order can ask for any more, at this moment or later. */
static enum tb_status
give_old_fills(struct sweep *w, int64_t now_us, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	if (w->orders.first != NULL && w->orders.first->at_us < now_us)
		now_us = w->orders.first->at_us;
	while (status == TB_OK && w->fills.first != NULL &&
	    w->fills.first->at_us < now_us - LEGACY_BEFORE_US)
		status = give(w, &w->fills, err);
	return status;
}

static enum tb_status
move_on(struct sweep *w, int64_t now_us, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	while (status == TB_OK && w->orders.first != NULL &&
	    (w->orders.first->at_us < now_us - LEGACY_AFTER_US ||
		w->count >= LEGACY_WINDOW))
		status = settle_order(w, err);
	if (status == TB_OK)
		status = give_old_fills(w, now_us, err);
	while (status == TB_OK && w->count >= LEGACY_WINDOW)
		status = give(w, &w->fills, err);
	return status;
}

/* The group is over: all orders choose, all rows go. */
static enum tb_status
finish(struct sweep *w, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	while (status == TB_OK && w->orders.first != NULL)
		status = settle_order(w, err);
	while (status == TB_OK && w->fills.first != NULL)
		status = give(w, &w->fills, err);
	return status;
}

static bool
is_race(const struct held *a, const struct held *b)
{
	return a->has_bot == b->has_bot && a->bot_id == b->bot_id &&
	    decimal_cmp(a->size, b->size) == 0;
}

/*
 * Two orders of one bot and size within a moment: both are real.  The nearest
 * before it is enough: what raced with that was marked when that came.
 */
static void
put_order(struct sweep *w, struct held *h)
{
	struct held *o = h->before = w->newest;

	w->newest = h;
	while (o != NULL && h->at_us - o->at_us <= LEGACY_RACE_US &&
	    !is_race(o, h))
		o = o->before;
	if (o != NULL && h->at_us - o->at_us <= LEGACY_RACE_US)
		o->raced = h->raced = true;
}

static enum tb_status
sweep_item(struct sweep *w, const struct sorter_record *r, struct tb_err *err)
{
	struct legacy_item item;
	struct held *h;
	enum tb_status status;

	legacy_item_unpack(r->value, &item);
	if (memcmp(w->group, r->key, GROUP_BYTES) != 0) {
		status = finish(w, err);
		memcpy(w->group, r->key, GROUP_BYTES);
	} else {
		status = move_on(w, item.created_us, err);
	}
	if (status != TB_OK)
		return status;
	w->count++;
	h = queue_put(item.origin == LEGACY_BOT ? &w->orders : &w->fills, &item,
	    err);
	if (h != NULL && item.origin == LEGACY_BOT)
		put_order(w, h);
	return h == NULL ? TB_ENOMEM : TB_OK;
}

enum tb_status
legacy_match(struct sorter *s, legacy_sink *sink, void *arg, struct tb_err *err)
{
	struct sweep w = { .sink = sink, .arg = arg };
	struct sorter_record r;
	enum tb_status status;

	queue_init(&w.orders);
	queue_init(&w.fills);
	while ((status = sorter_next(s, &r, err)) == TB_OK) {
		status = sweep_item(&w, &r, err);
		if (status != TB_OK)
			break;
	}
	if (status == TB_END)
		status = finish(&w, err);
	queue_release(&w.orders);
	queue_release(&w.fills);
	return status;
}
