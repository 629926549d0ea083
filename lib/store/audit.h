#ifndef TB_STORE_AUDIT_H
#define TB_STORE_AUDIT_H

/*
 * audit: does the database still say what was written into it?
 *
 *	file	    SQLite's own check, foreign keys, the schema
 *	fills	    their chain of hashes, its head and count in meta
 *	events	    the same of intent_events
 *	amounts	    every amount is in canonical form
 *	seals	    a row of intents, orders, trades, cash_flows or equity is
 *		    what tb wrote last
 *	trades	    a filled trade is the sum of its fills
 *	derived	    lots, disposals and portfolio, made anew from the fills,
 *		    are what is stored, to the last digit
 *	invariants  the queries of share/check.sql find nothing
 *
 * Reads only, and goes on behind a finding.  Run it inside db_begin_read(),
 * so that nobody writes meanwhile.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/db.h"

struct audit_result {
	const char *check;	  /* one of the words above */
	int64_t rows;		  /* that were looked at, where they count */
	int64_t findings;	  /* 0: all is well, or it was not made */
	bool skipped;		  /* it could not be made: nothing is proved */
	char message[TB_ERR_MAX]; /* of the first finding: which row, what was
				     expected; or why it was skipped; "" */
};

/*
 * audit_run: one check.
 *
 * in:	    index    from 0
 * returns: TB_OK whether anything was found or not; TB_END no check has this
 *	    index
 * errors:  TB_EIO, TB_ENOMEM: could not look
 */
enum tb_status audit_run(struct db *db, size_t index, struct audit_result *out,
    struct tb_err *err);

#endif /* TB_STORE_AUDIT_H */
