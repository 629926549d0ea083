#ifndef TB_STORE_EVENTS_H
#define TB_STORE_EVENTS_H

/*
 * events: every move of every intent, chained by hashes.
 *
 * An event's hash (SHA-256) covers its columns and the hash before it; meta
 * keeps the newest hash and the count.  One flipped bit, a changed row or a
 * lost tail is found by events_verify().  intents.c alone appends.
 */

#include <stdint.h>

#include "base/err.h"
#include "store/db.h"

struct event {
	int64_t intent_id;
	int64_t seq;	       /* within the intent, from 1: events_append() */
	const char *src, *dst; /* states; src "" of the first; borrowed */
	const char *reason;    /* NULL: none; borrowed */
	int64_t at_us;
};

/*
 * events_append: put the next event of an intent at the end of the chain.
 * Inside the transaction of the move.
 *
 * out: event->seq
 */
enum tb_status events_append(struct db *db, struct event *event,
    struct tb_err *err);

/*
 * events_verify: the chain from its first event to its last, its head and
 * count against meta, and every intent's state against its last event.
 *
 * out:	   *out_count  events
 * errors: TB_EDISAGREE the message names the row
 */
enum tb_status events_verify(struct db *db, int64_t *out_count,
    struct tb_err *err);

#endif /* TB_STORE_EVENTS_H */
