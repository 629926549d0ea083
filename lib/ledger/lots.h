#ifndef TB_LEDGER_LOTS_H
#define TB_LEDGER_LOTS_H

/*
 * lots: which purchases a sale consumed, by one of five methods.
 *
 * Pure.  A struct lots holds the open lots of one product.  Fed with the
 * product's fills in book order (fill_cmp), it says of each what it did to
 * the lots and keeps the running sums in the caller's struct position.
 * Memory goes with the lots that are open (queue.h tells of a window for FIFO)
 * and with the shares of a sale, time per fill with the lots that it consumes
 * (and the logarithm of the open ones for HIFO and LOFO).
 *
 * A purchase costs its value and its fee; a sale brings its value less its
 * fee.  With fees_apart neither contains the fee.  By nature, a fee in coins
 * leaves for nothing; income, disposals and transfer fees count at the value
 * that they carry.  By size:
 *
 *	BUY  > 0  opens a lot
 *	BUY  = 0  a late fee: amends the order's lot, or what is left of it;
 *		  is a loss where nothing is
 *	BUY  < 0  an order's rounding: amends its lot as well; without one, or
 *		  where it has not enough left, gives coins back for their
 *		  negative cost: a disposal
 *	SELL > 0  consumes lots
 *	SELL = 0  a late fee: a disposal of no coins
 *	SELL < 0  takes coins back for their negative proceeds: a lot
 *
 * Where a sale meets several lots, or part of one, shares of proceeds and cost
 * are rounded half-even to LOTS_PLACES decimals and the last share is the
 * remainder, so that shares add up exactly.  What is sold beyond the open lots
 * is the last share: it realizes nothing and is told apart.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "ledger/position.h"
#include "ledger/queue.h"

#define LOTS_PLACES 12 /* decimals of a share */

/* A fill as the ledger needs it. */
struct ledger_entry {
	int64_t fill_id;
	int64_t trade_id;	/* 0: not known or not asked for */
	int64_t amends_fill_id; /* the fill that it completes; 0: none */
	int64_t at_us;
	int64_t venue_seq; /* the venue's own order among equal times */
	enum side side;
	enum fill_nature nature;
	struct decimal size;  /* coins */
	struct decimal price; /* quote per coin, as told: HIFO, LOFO */
	struct decimal value; /* quote, gross: what counts */
	struct decimal fee;   /* quote */
};

/* A share of a disposal: what it took out of one lot. */
struct disposal_part {
	struct lot lot; /* after it: size_left is 0 where it is used up */
	struct decimal size, proceeds, cost, gain;
};

/* What a sale did. */
struct disposal {
	struct decimal size;
	struct decimal proceeds; /* of all of it */
	struct decimal cost;	 /* of the covered coins */
	struct decimal gain;	 /* proceeds - uncovered_proceeds - cost */
	struct decimal uncovered_size, uncovered_proceeds;
	const struct disposal_part *parts; /* borrowed until the next fill */
	size_t part_count;
};

/*
 * disposal_rest: the share that comes out of no lot (lot_id 0): of coins that
 * were never bought, it has proceeds and no gain; of a late fee, no coins.
 *
 * returns: false where there is none
 */
bool disposal_rest(const struct disposal *d, struct disposal_part *out);

enum lot_act { LOT_OPENED, LOT_AMENDED, LOT_DISPOSED };

/* What a fill did to the lots: one of three things. */
struct lot_outcome {
	enum lot_act act;
	struct lot lot;		  /* LOT_OPENED, LOT_AMENDED: as it is now */
	struct disposal disposal; /* LOT_DISPOSED */
};

/* What is told of each share; another status than TB_OK ends the fill. */
typedef enum tb_status lots_part_reader(const struct disposal_part *, void *arg,
    struct tb_err *);

struct lots {
	struct lot_queue open;
	bool fees_apart;
	bool fine; /* shares keep all decimals, not LOTS_PLACES of them */
	/* NULL, or told of every share as it is taken: then
	 * disposal.parts has none, and no memory goes with their number */
	lots_part_reader *each;
	void *arg;
	bool untold;		      /* private: nobody asks for the parts */
	struct disposal_part *parts;  /* private; owned: of the last disposal */
	size_t part_count, part_room; /* private */
};

/* lots_init: nothing open; allocates nothing. */
void lots_init(struct lots *l, enum lot_method method, bool fees_apart);
void lots_release(struct lots *l);

/* lots_clear: nothing open; what was allocated, lent or set stays. */
void lots_clear(struct lots *l);

/*
 * lots_fill: what one fill does.
 *
 * in:	   e	e->size, value and fee of a purchase or sale are not negative,
 *		but for adjustments
 * inout:  *p	the sums so far, as are the lots: undefined after a failure
 * out:	   out	may be NULL
 * errors: TB_ERANGE a sum or a share does not fit; TB_ENOMEM; TB_EIO of lots
 *	   that were put aside; those of each()
 */
enum tb_status lots_fill(struct lots *l, struct position *p,
    const struct ledger_entry *e, struct lot_outcome *out, struct tb_err *err);

#endif /* TB_LEDGER_LOTS_H */
