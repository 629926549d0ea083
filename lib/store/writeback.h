#ifndef TB_STORE_WRITEBACK_H
#define TB_STORE_WRITEBACK_H

/*
 * writeback: the way back: a copy of an old database, with what was traded
 * since in the shape that the old program reads.
 *
 * The old file itself is only read.  The copy gets its name when it is
 * complete.  No trigger of it fires.
 */

#include <stdint.h>

#include "base/err.h"
#include "store/db.h"

struct writeback_counts {
	int64_t added;	 /* trades that were made since */
	int64_t updated; /* old pending ones that are settled now */
};

/*
 * writeback_make: copy old to file, and write into the copy.
 *
 * in:	   source_id  of the old database, in store/origins.h
 * errors: those of foreign_open(); TB_ECONFIG file is taken; TB_EINVAL the old
 *	   one has neither trades nor raw_trades
 */
enum tb_status writeback_make(struct db *db, int64_t source_id, const char *old,
    const char *file, struct writeback_counts *out, struct tb_err *err);

#endif /* TB_STORE_WRITEBACK_H */
