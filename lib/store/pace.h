#ifndef TB_STORE_PACE_H
#define TB_STORE_PACE_H

/*
 * pace: how fast a venue was asked lately, by all processes together: a row a
 * venue.  What follows from it is lib/order/limiter's to know.
 */

#include <stdint.h>

#include "base/err.h"
#include "store/db.h"

struct pace {
	int64_t second_full_us; /* when the bucket of a second is full again */
	int64_t hour_full_us;	/* the same of an hour */
	int64_t resume_us;	/* nobody asks before */
	int setbacks;		/* times in a row that the venue said: slower */
};

/* pace_get: all zero where the venue was never asked. */
enum tb_status pace_get(struct db *db, const char *venue, struct pace *out,
    struct tb_err *err);

/* Insert or replace; inside a transaction of the caller's. */
enum tb_status pace_put(struct db *db, const char *venue,
    const struct pace *pace, struct tb_err *err);

#endif /* TB_STORE_PACE_H */
