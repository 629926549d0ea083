#ifndef TB_VENUE_PAPER_REQUEST_H
#define TB_VENUE_PAPER_REQUEST_H

/*
 * paper_request: which requests the paper venue takes, and the words of those
 * that it does not.  For the files of paper only.
 */

#include "base/err.h"
#include "base/market.h"
#include "venue/paper.h"
#include "venue/paper_order.h"

/* paper_refuse: the value is TB_EVENUE: nothing of this order stays. */
enum tb_status paper_refuse(struct venue_answer *a, const char *reason,
    const char *fmt, ...) TB_PRINTF(3, 4);
enum tb_status paper_refuse_overflow(struct venue_answer *a);

/*
 * paper_request_accept: the order that r becomes, its sizes rounded down to
 * the product's increments, nothing of it filled or held yet.
 *
 * errors: TB_EVENUE refused: *a says why
 */
enum tb_status paper_request_accept(const struct paper_config *c,
    const struct venue_request *r, const struct product *product,
    struct paper_order *o, struct venue_answer *a);

#endif /* TB_VENUE_PAPER_REQUEST_H */
