#ifndef TB_VENUE_PAPER_DESK_H
#define TB_VENUE_PAPER_DESK_H

/*
 * paper_desk: where orders meet the market: holds, fills, cancels.  All of it
 * within a transaction of the caller.  For the files of paper only.
 *
 * errors of all: the shelf's, the books', TB_ERANGE
 */

#include <stdint.h>

#include "base/err.h"
#include "venue/paper.h"
#include "venue/paper_order.h"

/* paper_desk_credit: what the books say was paid in, each flow once. */
enum tb_status paper_desk_credit(const struct paper_config *c,
    struct tb_err *err);

/*
 * paper_desk_place: judge a new order, hold what it needs, fill it or let it
 * rest.
 *
 * errors: TB_EVENUE refused: *a says why
 */
enum tb_status paper_desk_place(const struct paper_config *c,
    const struct venue_request *r, struct venue_answer *a, struct tb_err *err);

/*
 * paper_desk_cancel: end o with what it has; what was held is free again.
 * o is the caller's to save.
 */
enum tb_status paper_desk_cancel(const struct paper_config *c,
    struct paper_order *o, const char *why, int64_t at_us, struct tb_err *err);

/*
 * paper_desk_advance: let time do its work on an open order, and save it.
 *
 * returns: TB_OK; TB_END nothing has changed
 */
enum tb_status paper_desk_advance(const struct paper_config *c,
    struct paper_order *o, struct tb_err *err);

#endif /* TB_VENUE_PAPER_DESK_H */
