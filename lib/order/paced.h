#ifndef TB_ORDER_PACED_H
#define TB_ORDER_PACED_H

/*
 * paced: a venue that is asked no faster than it wants to be, however many
 * processes ask it: around another venue, with the row of limiter.h in the
 * database.  One verb, one token.
 *
 * A reading verb waits for its token, at most PACED_WAIT_MS; when the venue
 * says "slower" (TB_EBUSY) it is asked again within that time, else the moment
 * until which nobody asks is kept for all.  place and cancel wait
 * PACED_ORDER_WAIT_MS; an order without a token is NOT_SENT.
 *
 * Verbs take tokens in a transaction of their own: never call one inside
 * another.
 */

#include <stdint.h>

#include "base/err.h"
#include "order/limiter.h"
#include "store/db.h"
#include "venue/venue.h"

#define PACED_WAIT_MS 5000
#define PACED_ORDER_WAIT_MS 1000
#define PACED_TRIES 3 /* of a reading verb that hears "slower" */

/* Time and chance, for tests to play; NULL functions: the real ones. */
struct paced_clock {
	int64_t (*now_us)(void *arg);
	void (*nap)(int64_t ms, void *arg);
	uint32_t (*dice)(void *arg);
	void *arg;
};

struct paced_config {
	struct db *db;	     /* borrowed */
	const char *name;    /* of the row: "coinbase" */
	struct venue *venue; /* closed with this one */
	struct limiter_rate rate;
	struct paced_clock clock;
};

/*
 * paced_open: *out is to be given to its close verb.  On failure the venue
 * inside stays the caller's.
 *
 * errors: TB_ENOMEM
 */
enum tb_status paced_open(struct venue **out, const struct paced_config *config,
    struct tb_err *err);

#endif /* TB_ORDER_PACED_H */
