#ifndef TB_LEGACY_VERIFY_H
#define TB_LEGACY_VERIFY_H

/*
 * verify: does the new database still say what the old ones say?
 *
 * Beside store/audit.h, which looks at the books alone:
 *
 *	sources	 the old files are there and can be read
 *	places	 every recorded row is in one place, and there once
 *	rows	 every row of the old files is recorded, as it is now, and its
 *		 trade has its figures
 *	sums	 per product and side they are those of the old files
 *	fifo	 gains, balances and costs of the trades, first in first out,
 *	average	 and by the average, are those of the old files
 *
 * The plan is made anew from the old files.  Where one is gone, or has rows
 * that no run has seen, all but places is skipped: what such a row comes to
 * may change what its neighbours are.  An execution that the venue itself, or
 * another file, told of counts as it is told there.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "legacy/plan.h"
#include "store/audit.h"
#include "store/db.h"

#define LEGACY_CHECKS 6

struct legacy_verified {
	struct audit_result checks[LEGACY_CHECKS];
	int64_t newer;	 /* rows of the old files that no run has seen */
	int64_t changed; /* and rows that are not what they were */
};

/*
 * legacy_sources_load: the files that were imported, in their order.
 *
 * out:	   sources  room for LEGACY_FILES_MAX
 * errors: TB_ENOENT nothing was imported
 */
struct origin_source;
enum tb_status legacy_sources_load(struct db *db, struct origin_source *sources,
    size_t *out_count, struct tb_err *err);

/*
 * legacy_verify: all six.
 *
 * in: plan  of the files that were imported, in their order, with gains,
 *	     open, nothing told yet; NULL: one of them is gone or cannot be read
 *     why   then: the words of that
 */
enum tb_status legacy_verify(struct db *db, struct legacy_plan *plan,
    const char *why, struct legacy_verified *out, struct tb_err *err);

#endif /* TB_LEGACY_VERIFY_H */
