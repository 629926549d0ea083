#ifndef TB_STORE_EQUITY_H
#define TB_STORE_EQUITY_H

/*
 * equity: a row a day of what everything was worth, in dollars, and the
 * highest it ever was.  Money brought in or taken out moves the peak by as
 * much: it is neither profit nor drawdown.
 */

#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "store/db.h"

struct equity {
	int64_t day_us;	      /* midnight, UTC */
	struct decimal value; /* when the row was last written */
	struct decimal peak;  /* >= value, until then */
};

/*
 * equity_put: write the row of the instant's day; inside a transaction of the
 * caller's.
 *
 * in: value  cash and all holdings, every one of them with a price
 */
enum tb_status equity_put(struct db *db, int64_t at_us, struct decimal value,
    struct tb_err *err);

/*
 * equity_at: the newest row of the instant's day or before, with the peak
 * moved by the cash flows since.
 *
 * errors: TB_ENOENT there is none
 */
enum tb_status equity_at(struct db *db, int64_t at_us, struct equity *out,
    struct tb_err *err);

#endif /* TB_STORE_EQUITY_H */
