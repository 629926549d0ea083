#ifndef TB_SYNC_IMPORT_H
#define TB_SYNC_IMPORT_H

/*
 * import: candles and trades from files into the database.
 *
 * A file is one transaction: all of it is stored, or nothing.  A row that
 * cannot be read ends the import, unless keep_going asks to tell of it and
 * leave it out.  The same file again changes nothing.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "store/db.h"

/* What to import and whom to tell. */
struct import {
	int fd;		  /* borrowed */
	const char *name; /* of the file, for messages; borrowed */
	/* of all rows; trades: of those that name none; NULL: rows must */
	const char *product_id;
	bool keep_going;
	bool dry_run;	/* do it all, then roll back */
	int64_t now_us; /* the instant; what begins later is refused */

	/* Told of each row that is left out, with its place; or NULL. */
	void (*on_bad)(const struct tb_err *err, void *arg);
	/* Now and then: bytes of the file and rows so far; or NULL. */
	void (*on_progress)(uint64_t bytes, uint64_t rows, void *arg);
	void *arg;

	/* candles only */
	int granularity_s; /* of the file; 0: as its starts tell */
	int resample_s;	   /* store these larger ones instead; 0: as they are */
	bool replace;	   /* stored candles may change */
};

struct candle_counts {
	uint64_t rows; /* of the file */
	uint64_t inserted;
	uint64_t same;	    /* stood there already, with the same figures */
	uint64_t different; /* stood there with others, and still do */
	uint64_t replaced;
	uint64_t bad;		 /* left out: keep_going */
	uint64_t unfinished;	 /* left out: had not closed yet */
	uint64_t incomplete;	 /* resample: larger ones that lack a candle */
	uint64_t rounded;	 /* rows with digits beyond the 18th decimal */
	int granularity_s;	 /* what was stored */
	int64_t first_s, last_s; /* starts of what was given to the store */
};

/*
 * import_candles: columns timestamp (or start, time), open, high, low, close,
 * volume; arrays as Coinbase Exchange has them: [start, low, high, open,
 * close, volume].
 *
 * errors: TB_EINVAL a row cannot be read; TB_EPARTIAL it was done, but for
 *	   the bad rows; TB_EUSAGE the granularity is not to be found out, or
 *	   resample is no multiple; TB_EIO; TB_EBUSY
 */
enum tb_status import_candles(struct db *db, const struct import *import,
    struct candle_counts *out, struct tb_err *err);

struct trade_counts {
	uint64_t rows;
	uint64_t inserted;
	uint64_t same;
	uint64_t bad;
	uint64_t rounded;
	uint64_t products; /* made, assumed */
	int64_t first_us, last_us;
};

/*
 * import_trades: columns id (or trade_id), time, product (or product_id),
 * side, size, price, fee, fee_currency, value, kind, order_id.  A row becomes
 * a fill and its trade, triggered by "import"; rows of one order_id become one
 * trade.
 *
 * errors: as import_candles(); TB_EINVAL also an id that is in the books with
 *	   other figures
 */
enum tb_status import_trades(struct db *db, const struct import *import,
    struct trade_counts *out, struct tb_err *err);

#endif /* TB_SYNC_IMPORT_H */
