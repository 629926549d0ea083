#ifndef TB_SYNC_MARKET_H
#define TB_SYNC_MARKET_H

/*
 * market: what a venue tells everybody: products and candles.
 *
 * A page is one transaction: a kill at any time loses nothing that was
 * stored, and the next run goes on from there.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "store/db.h"
#include "venue/venue.h"

/* Candles that are asked for again at the end of what is known: a venue may
 * tell of the last one late. */
#define MARKET_OVERLAP 10

struct products_synced {
	size_t listed;	/* that the venue told of */
	size_t changed; /* new, or with other rules than were stored */
};

/*
 * market_products: every product that the venue knows, and when they were
 * listed last (META_PRODUCTS_SYNCED).
 *
 * errors: as products; TB_EBUSY the listing is not complete: the pages that
 *	   came are stored
 */
enum tb_status market_products(struct db *db, struct venue *venue,
    int64_t now_us, struct products_synced *out, struct tb_err *err);

struct candles_wanted {
	const char *product_id; /* known to the books */
	int granularity_s;
	int64_t from_s; /* starts from here on, rounded down to the grid */
	int64_t now_us; /* what has not closed by then is not stored */
	bool refill;	/* ask again for all that is missing since from_s; else
			   only the first time that somebody asks that far
			   back, and from then on where the last run ended */
	/* Now and then: candles done of all there may be; or NULL. */
	void (*on_progress)(uint64_t done, uint64_t total, void *arg);
	void *arg;
};

struct candles_synced {
	size_t requests;
	size_t inserted, same, different; /* different: stored ones stay */
	int64_t from_s, to_s; /* starts in [from_s, to_s) are known now */
	size_t missing;	      /* of these there is no candle: nobody traded */
	int64_t gap_from_s, gap_to_s; /* the longest stretch of such; equal:
					 none */
};

/*
 * market_candles: bring the candles of a product up to now, oldest first, at
 * most VENUE_CANDLES_MAX a request.  Pages that are stored whole already cost
 * no request.
 *
 * errors: as candles; TB_EINVAL the venue tells of candles that make no sense
 *	   or were not asked for: nothing of that page is stored
 */
enum tb_status market_candles(struct db *db, struct venue *venue,
    const struct candles_wanted *wanted, struct candles_synced *out,
    struct tb_err *err);

#endif /* TB_SYNC_MARKET_H */
