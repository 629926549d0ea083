#ifndef TB_LEGACY_IMPORT_H
#define TB_LEGACY_IMPORT_H

/*
 * import: the old databases' rows into the books, in one transaction.
 *
 * Every row of every table ends in exactly one place, and which is recorded
 * (store/origins.h): a trade with its fill, a bot, an evaluation, merged into
 * another row, in quarantine, or archived as JSON.  Run again, only what is
 * new or was changed does anything.  What the venue itself has told since is
 * never overruled.  A row of any length is kept whole; what a trade or a
 * decision carries of it has a bound.
 *
 * Before it is committed: all rows are counted, table for table, and the sums
 * per product and side are those of the plan, to the last digit.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "legacy/bots.h"
#include "legacy/plan.h"
#include "store/db.h"

/* Which rows of bot_signal_history become evaluations; the rest is archived. */
enum legacy_history {
	LEGACY_HISTORY_NONE,
	LEGACY_HISTORY_30D, /* not older than 30 days */
	LEGACY_HISTORY_ALL,
};

#define LEGACY_META_CAP "legacy_cap_usd" /* a key of meta */

struct legacy_import {
	struct legacy_plan *plan; /* open */
	enum legacy_history history;
	const char *backup;	/* of the new database: its path */
	struct decimal cap_usd; /* the plan's */
	int64_t now_us;
	/* far: NULL, or told now and then; total 0: not known */
	void (*on_progress)(uint64_t rows, uint64_t total, void *arg);
	/* far: NULL, or told of each row of bots, and which bot it is here:
	 * several rows may be one; nothing is committed yet */
	enum tb_status (*on_bot)(const struct legacy_bot *bot, int64_t id,
	    void *arg, struct tb_err *err);
	void *arg;
};

struct legacy_imported {
	uint64_t rows;	  /* of all tables of all files */
	uint64_t same;	  /* recorded before, and not changed */
	uint64_t changed; /* recorded before, and another now */
	uint64_t keep, convert, merge, quarantine, archive; /* new ones */
	uint64_t trades, pending, fills, bots, evaluations; /* made */
	uint64_t venue_knows; /* rows whose execution the venue told before */
	bool venue_set;	      /* the database's venue is coinbase now */
	bool venue_stays;     /* it has sent orders: its venue is for life */
};

/*
 * legacy_import_run: the whole plan.  The transaction is begun and ended here.
 *
 * errors: those of the plan; TB_EDISAGREE it does not add up: nothing was
 *	   stored
 */
enum tb_status legacy_import_run(struct db *db, const struct legacy_import *in,
    struct legacy_imported *out, struct tb_err *err);

#endif /* TB_LEGACY_IMPORT_H */
