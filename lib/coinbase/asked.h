#ifndef TB_COINBASE_ASKED_H
#define TB_COINBASE_ASKED_H

/*
 * asked: what the exchange is asked: bodies and paths, from what a venue is
 * asked.  Pure functions.
 */

#include "base/buffer.h"
#include "venue/protocol.h"

#define ASKED_PATH "/api/v3/brokerage" /* in front of every path */
#define ASKED_ROWS 250		       /* of a page of a list */

/*
 * asked_order: append the body of POST /orders, or with preview set that of
 * POST /orders/preview.  A pure function of the request: the same order asked
 * again is the same bytes.
 */
void asked_order(struct buffer *out, const struct venue_request *r,
    bool preview);

/* asked_cancel: append the body of POST /orders/batch_cancel. */
void asked_cancel(struct buffer *out, const char *order_id);

/*
 * asked_path: append path and query of what a verb asks, from /api on.
 *
 * in: is_public  the twin that needs no key, where there is one
 */
void asked_path(struct buffer *out, const struct protocol_request *r,
    bool is_public);

/*
 * asked_granularity: "FIVE_MINUTE" of 300; NULL where the exchange has no
 * such candles.
 */
const char *asked_granularity(int64_t granularity_s);

#endif /* TB_COINBASE_ASKED_H */
