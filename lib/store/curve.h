#ifndef TB_STORE_CURVE_H
#define TB_STORE_CURVE_H

/*
 * curve: what everything was worth at the end of each day, or hour, in dollars,
 * made from fills, cash flows and candles.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "store/db.h"

#define CURVE_POINTS_MAX 36525 /* a hundred years of days */
#define CURVE_DAY_S 86400
#define CURVE_HOUR_S 3600

struct curve_point {
	int64_t from_us; /* where its day begins: midnight, UTC */
	int64_t at_us;	 /* of the value: the next midnight, or the instant */
	bool priced;	 /* everything that was held had a price */
	struct decimal holdings;
	struct decimal cash;
	struct decimal flow;  /* brought in on this day */
	struct decimal value; /* holdings + cash */
	struct decimal peak;  /* the highest value so far, moved by flows */
};

struct curve {
	struct curve_point *point; /* owned */
	size_t count;
	int64_t step_us;
};

void curve_release(struct curve *c); /* also of { 0 } */

/*
 * curve_load: from the day (or the hour) of the first fill or cash flow to the
 * instant.
 *
 * in:	   step_s  CURVE_DAY_S, or a part of it
 * out:	   *out	   the caller releases it; empty where nothing ever happened
 * errors: TB_ENOENT no cash is known; TB_ERANGE more than CURVE_POINTS_MAX
 */
enum tb_status curve_load(struct db *db, int64_t instant_us, int step_s,
    struct curve *out, struct tb_err *err);

#endif /* TB_STORE_CURVE_H */
