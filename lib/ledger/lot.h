#ifndef TB_LEDGER_LOT_H
#define TB_LEDGER_LOT_H

/*
 * lot: what is left of a purchase.
 */

#include <stdint.h>

#include "base/decimal.h"

/* The average method has one, the pool. */
struct lot {
	int64_t lot_id;	  /* from 1, in the order of opening */
	int64_t fill_id;  /* the purchase; of the pool: what opened it */
	int64_t trade_id; /* 0: not known; of the pool always */
	int64_t acquired_at_us;
	struct decimal size, cost; /* as acquired; late fees included */
	struct decimal size_left, cost_left;
	struct decimal price; /* a coin's, without fee: HIFO, LOFO */
};

#endif /* TB_LEDGER_LOT_H */
