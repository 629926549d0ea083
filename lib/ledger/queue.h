#ifndef TB_LEDGER_QUEUE_H
#define TB_LEDGER_QUEUE_H

/*
 * queue: the open lots of one product, in the order in which a method sells
 * them: first in first out, last in first out, dearest or cheapest first.
 *
 * An array: for FIFO a queue, for LIFO a stack, for HIFO and LOFO a binary
 * heap, for the average one element.  Memory goes with the lots that are open;
 * a FIFO that was lent a place for it keeps LOT_WINDOW of them, and puts the
 * middle aside there: what leaves next and what came last is in memory.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ledger/aside.h"
#include "ledger/lot.h"

#define LOT_WINDOW ((size_t)4 * LOT_BLOCK) /* lots in memory, at most */

enum lot_method { LOT_FIFO, LOT_LIFO, LOT_HIFO, LOT_LOFO, LOT_AVERAGE };

/* "fifo", "lifo", "hifo", "lofo", "average". */
const char *lot_method_name(enum lot_method method);

/* lot_method_parse: errors: TB_EINVAL */
enum tb_status lot_method_parse(const char *s, enum lot_method *out);

struct lot_queue {
	enum lot_method method;
	int64_t last_id;	  /* lot_id of the newest lot ever */
	struct lot *lot;	  /* private; owned */
	size_t head, count, room; /* private: [head, head + count) are open */
	bool sorted;		  /* private: a heap put in order of ids */
	struct lot_aside *aside;  /* private; borrowed; NULL: none */
	struct lot_chain middle;  /* private: there, behind the front */
	size_t front;		  /* private: so many in front of them */
	struct lot found;	  /* private: there, by lot_queue_find() */
	int64_t found_at;
};

/* lot_queue_init: nothing open; allocates nothing. */
void lot_queue_init(struct lot_queue *q, enum lot_method method);
void lot_queue_release(struct lot_queue *q);

/*
 * lot_queue_lend: lots may be put aside from now on; FIFO only.  What cannot
 * be put there stays in memory.
 *
 * in: aside  outlives the queue; NULL: none
 */
void lot_queue_lend(struct lot_queue *q, struct lot_aside *aside);

/* lot_queue_clear: as after lot_queue_init(); keeps the allocation. */
void lot_queue_clear(struct lot_queue *q);

bool lot_queue_is_empty(const struct lot_queue *q);

/*
 * lot_queue_put: one more open lot, newer than all before it.
 *
 * inout:  q->last_id  becomes lot->lot_id
 * errors: TB_ENOMEM
 */
enum tb_status lot_queue_put(struct lot_queue *q, const struct lot *lot,
    struct tb_err *err);

/*
 * lot_queue_next: the lot that leaves first; there must be one.  Its size_left
 * and cost_left may be changed; the pointer is good until the next call.
 */
struct lot *lot_queue_next(struct lot_queue *q);

/*
 * lot_queue_drop: take the lot out that lot_queue_next() tells.
 *
 * errors: TB_EIO, TB_ENOMEM: of lots that were put aside
 */
enum tb_status lot_queue_drop(struct lot_queue *q, struct tb_err *err);

/*
 * lot_queue_find: the open lot of a fill.  Its figures may be changed, if
 * lot_queue_changed() is told so before the next call.
 *
 * out:	   *out	 NULL: it has none
 * errors: TB_EIO
 */
enum tb_status lot_queue_find(struct lot_queue *q, int64_t fill_id,
    struct lot **out, struct tb_err *err);
enum tb_status lot_queue_changed(struct lot_queue *q, const struct lot *lot,
    struct tb_err *err);

/*
 * lot_queue_list: the open lots in the order of their ids; none may be aside.
 *
 * returns: borrowed until the next call; NULL where *out_count is 0
 */
const struct lot *lot_queue_list(struct lot_queue *q, size_t *out_count);

#endif /* TB_LEDGER_QUEUE_H */
