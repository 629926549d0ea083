#ifndef TB_ORDER_LIMITER_H
#define TB_ORDER_LIMITER_H

/*
 * limiter: how fast a venue may be asked: two token buckets, of a second and
 * of an hour, and a pause after the venue said "slower".  Pure arithmetic; the
 * row that all processes share is store/pace.h's, the venue that keeps to it
 * paced.h's.
 *
 * A fifth of each bucket is left for orders: reading never keeps one waiting.
 */

#include <stdint.h>

#include "store/pace.h"

#define LIMITER_PER_SECOND 5
#define LIMITER_PER_HOUR 2000
#define LIMITER_RESERVE_PERCENT 20	   /* of each bucket, for orders */
#define LIMITER_BACK_OFF_MS 1000	   /* the first; doubled each time */
#define LIMITER_BACK_OFF_MS_MAX 60000	   /* where the venue names no time */
#define LIMITER_RETRY_AFTER_MS_MAX 3600000 /* where it does: an hour */

enum limiter_use { LIMITER_READ, LIMITER_ORDER };

struct limiter_rate {
	int per_second, per_hour; /* above 0 */
};

/*
 * limiter_take: take a token of each bucket.
 *
 * returns: 0, and *pace has changed; else the milliseconds until it is worth
 *	    trying again, and nothing was taken.  After a clock that was
 *	    ahead nobody waits longer than an hour
 */
int64_t limiter_take(struct pace *pace, const struct limiter_rate *rate,
    enum limiter_use use, int64_t now_us);

/*
 * limiter_set_back: the venue said "slower".
 *
 * in:	retry_after_ms	as it said; 0 or less: it named no time
 *	dice		any number: spreads those who come back
 */
void limiter_set_back(struct pace *pace, int64_t retry_after_ms, uint32_t dice,
    int64_t now_us);

#endif /* TB_ORDER_LIMITER_H */
