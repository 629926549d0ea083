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
lot_queue_clear(struct lot_queue *q)
{
	q->last_id = 0;
	q->head = q->count = 0;
	q->sorted = false;
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

void
lot_queue_drop(struct lot_queue *q)
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
	if (q->count == 0)
		q->head = 0;
}

struct lot *
lot_queue_find(struct lot_queue *q, int64_t fill_id)
{
	for (size_t i = q->head + q->count; i-- > q->head;)
		if (q->lot[i].fill_id == fill_id)
			return &q->lot[i];
	return NULL;
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
	*out_count = q->count;
	if (q->count == 0)
		return NULL;
	if (is_heap(q) && !q->sorted)
		qsort(q->lot, q->count, sizeof(*q->lot), by_lot_id);
	q->sorted = true;
	return q->lot + q->head;
}
