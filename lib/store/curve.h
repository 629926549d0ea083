#ifndef TB_STORE_CURVE_H
#define TB_STORE_CURVE_H

/*
 * curve: what everything was worth at the end of each day, in dollars, made
 * from fills, cash flows and candles.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "store/db.h"

#define CURVE_DAYS_MAX 36525 /* a hundred years */

struct curve_day {
	int64_t day_us; /* midnight at which it begins, UTC */
	int64_t at_us;	/* of the value: the next midnight, or the instant */
	bool priced;	/* everything that was held had a price */
	struct decimal holdings;
	struct decimal cash;
	struct decimal flow;  /* brought in on this day */
	struct decimal value; /* holdings + cash */
	struct decimal peak;  /* the highest value so far, moved by flows */
};

struct curve {
	struct curve_day *day; /* owned */
	size_t count;
};

void curve_release(struct curve *c); /* also of { 0 } */

/*
 * curve_load: from the day of the first fill or cash flow to the instant.
 *
 * out:	   *out	 the caller releases it
 * errors: TB_ENOENT no cash is known; TB_ERANGE more than CURVE_DAYS_MAX
 */
enum tb_status curve_load(struct db *db, int64_t instant_us, struct curve *out,
    struct tb_err *err);

#endif /* TB_STORE_CURVE_H */
