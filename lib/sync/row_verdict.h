#ifndef TB_SYNC_ROW_VERDICT_H
#define TB_SYNC_ROW_VERDICT_H

/*
 * row_verdict: what both imports do with a bad row, and call the future.
 */

#include <stdint.h>

#include "base/err.h"
#include "sync/import.h"

/*
 * row_verdict: a row that is TB_EINVAL ends the import, or with keep_going is
 * told of, counted and left out.
 *
 * inout:  *bad	 counted
 * returns: TB_OK go on; else status
 */
enum tb_status row_verdict(const struct import *import, enum tb_status status,
    uint64_t *bad, struct tb_err *err);

/* row_present_us: the instant or the clock, whichever is later: nothing that
 * was recorded is of a later time. */
int64_t row_present_us(const struct import *import);

#endif /* TB_SYNC_ROW_VERDICT_H */
