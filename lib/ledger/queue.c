#include "ledger/queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_MIN 16

static const char *const method_names[] = {
	[LOT_FIFO] = "fifo",
	[LOT_LIFO] = "lifo",
	[LOT_HIFO] = "hifo",
	[LOT_LOFO] = "lofo",
	[LOT_AVERAGE] = "average",
};

const char *
lot_method_name(enum lot_method method)
{
	return method_names[method];
}

enum tb_status
lot_method_parse(const char *s, enum lot_method *out)
{
	for (unsigned i = LOT_FIFO; i <= LOT_AVERAGE; i++)
		if (strcmp(s, method_names[i]) == 0) {
			*out = (enum lot_method)i;
			return TB_OK;
		}
	return TB_EINVAL;
}

void
lot_queue_init(struct lot_queue *q, enum lot_method method)
{
	*q = (struct lot_queue){ .method = method };
}

void
lot_queue_release(struct lot_queue *q)
{
	free(q->lot);
	lot_queue_init(q, q->method);
}

void
lot_queue_lend(struct lot_queue *q, struct lot_aside *aside)
{
	assert(q->method == LOT_FIFO || aside == NULL);
	q->aside = aside;
}

void
lot_queue_clear(struct lot_queue *q)
{
	q->last_id = 0;
	q->head = q->count = 0;
	q->sorted = false;
	q->middle = (struct lot_chain){ 0 };
}

bool
lot_queue_is_empty(const struct lot_queue *q)
{
	return q->count == 0;
}

static bool
is_heap(const struct lot_queue *q)
{
	return q->method == LOT_HIFO || q->method == LOT_LOFO;
}

/* Does a leave before b? Among equal prices the older one does. */
static bool
leaves_first(const struct lot_queue *q, const struct lot *a,
    const struct lot *b)
{
	int by_price = decimal_cmp(a->price, b->price);

	if (by_price != 0)
		return q->method == LOT_HIFO ? by_price > 0 : by_price < 0;
	return a->lot_id < b->lot_id;
}

static void
swap(struct lot *a, struct lot *b)
{
	struct lot t = *a;

	*a = *b;
	*b = t;
}

static void
sift_up(struct lot_queue *q, size_t i)
{
	while (i > 0 && leaves_first(q, &q->lot[i], &q->lot[(i - 1) / 2])) {
		swap(&q->lot[i], &q->lot[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
}

static void
sift_down(struct lot_queue *q, size_t i)
{
	size_t child;

	while ((child = 2 * i + 1) < q->count) {
		if (child + 1 < q->count &&
		    leaves_first(q, &q->lot[child + 1], &q->lot[child]))
			child++;
		if (!leaves_first(q, &q->lot[child], &q->lot[i]))
			return;
		swap(&q->lot[i], &q->lot[child]);
		i = child;
	}
}

/* Undo what lot_queue_list() did. */
static void
heap_restore(struct lot_queue *q)
{
	if (q->sorted && is_heap(q))
		for (size_t i = q->count / 2; i-- > 0;)
			sift_down(q, i);
	q->sorted = false;
}

/* The oldest lots behind the front. */
static void
put_aside(struct lot_queue *q)
{
	size_t front = q->middle.blocks == 0 ? LOT_BLOCK : q->front;
	struct lot *from = q->lot + q->head + front;
	struct tb_err err;

	if (q->aside->verbs->put(q->aside, &q->middle, from, &err) != TB_OK)
		return; /* it is tried again with the next lot */
	q->front = front;
	q->count -= LOT_BLOCK;
	memmove(from, from + LOT_BLOCK, (q->count - front) * sizeof(*from));
}

/* The front has left: what comes behind it was put aside. */
static enum tb_status
bring_back(struct lot_queue *q, struct tb_err *err)
{
	size_t need = LOT_BLOCK + q->count;
	struct lot *grown;
	enum tb_status status;

	if (q->head < LOT_BLOCK) {
		if (need > q->room) {
			grown = reallocarray(q->lot, need, sizeof(*q->lot));
			if (grown == NULL)
				return tb_nomem(err);
			q->lot = grown;
			q->room = need;
		}
		memmove(q->lot + LOT_BLOCK, q->lot + q->head,
		    q->count * sizeof(*q->lot));
		q->head = LOT_BLOCK;
	}
	status = q->aside->verbs->take(q->aside, &q->middle,
	    q->lot + q->head - LOT_BLOCK, err);
	if (status != TB_OK)
		return status;
	q->head -= LOT_BLOCK;
	q->count += LOT_BLOCK;
	q->front = LOT_BLOCK;
	return TB_OK;
}

/* Room for one more lot at the end. */
static enum tb_status
reserve(struct lot_queue *q, struct tb_err *err)
{
	struct lot *grown;
	size_t room;

	if (q->head + q->count < q->room)
		return TB_OK;
	/* A fifth at the front is free: moving costs four copies a lot at most,
	 * and no more memory is ever touched than the open lots need. */
	if (q->head > q->count / 4) {
		memmove(q->lot, q->lot + q->head, q->count * sizeof(*q->lot));
		q->head = 0;
		return TB_OK;
	}
	room = q->room == 0 ? ROOM_MIN : q->room + q->room / 2;
	grown = reallocarray(q->lot, room, sizeof(*q->lot));
	if (grown == NULL)
		return tb_nomem(err);
	q->lot = grown;
	q->room = room;
	return TB_OK;
}

enum tb_status
lot_queue_put(struct lot_queue *q, const struct lot *lot, struct tb_err *err)
{
	enum tb_status status;

	assert(lot->lot_id > q->last_id);
	heap_restore(q);
	if (q->aside != NULL && q->count >= LOT_WINDOW - LOT_BLOCK)
		put_aside(q);
	status = reserve(q, err);
	if (status != TB_OK)
		return status;
	q->lot[q->head + q->count++] = *lot;
	q->last_id = lot->lot_id;
	if (is_heap(q))
		sift_up(q, q->count - 1);
	return TB_OK;
}

struct lot *
lot_queue_next(struct lot_queue *q)
{
	assert(q->count > 0);
	heap_restore(q);
	return &q->lot[q->method == LOT_LIFO ? q->count - 1 : q->head];
}

enum tb_status
lot_queue_drop(struct lot_queue *q, struct tb_err *err)
{
	assert(q->count > 0);
	heap_restore(q);
	q->count--;
	if (is_heap(q)) {
		q->lot[0] = q->lot[q->count];
		sift_down(q, 0);
	} else if (q->method != LOT_LIFO) {
		q->head++;
	}
	if (q->middle.blocks > 0 && --q->front == 0)
		return bring_back(q, err);
	if (q->count == 0)
		q->head = 0;
	return TB_OK;
}

enum tb_status
lot_queue_find(struct lot_queue *q, int64_t fill_id, struct lot **out,
    struct tb_err *err)
{
	enum tb_status status;

	for (size_t i = q->head + q->count; i-- > q->head;)
		if (q->lot[i].fill_id == fill_id) {
			*out = &q->lot[i];
			return TB_OK;
		}
	*out = NULL;
	if (q->middle.blocks == 0)
		return TB_OK;
	status = q->aside->verbs->find(q->aside, &q->middle, fill_id, &q->found,
	    &q->found_at, err);
	if (status == TB_OK)
		*out = &q->found;
	return status == TB_END ? TB_OK : status;
}

enum tb_status
lot_queue_changed(struct lot_queue *q, const struct lot *lot,
    struct tb_err *err)
{
	if (lot != &q->found)
		return TB_OK;
	return q->aside->verbs->change(q->aside, q->found_at, lot, err);
}

static int
by_lot_id(const void *a, const void *b)
{
	const struct lot *x = a, *y = b;

	return (x->lot_id > y->lot_id) - (x->lot_id < y->lot_id);
}

const struct lot *
lot_queue_list(struct lot_queue *q, size_t *out_count)
{
	assert(q->middle.blocks == 0);
	*out_count = q->count;
	if (q->count == 0)
		return NULL;
	if (is_heap(q) && !q->sorted)
		qsort(q->lot, q->count, sizeof(*q->lot), by_lot_id);
	q->sorted = true;
	return q->lot + q->head;
}
