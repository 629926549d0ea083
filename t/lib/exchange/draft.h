#ifndef TB_EXCHANGE_DRAFT_H
#define TB_EXCHANGE_DRAFT_H

/*
 * draft: what a request to place or to preview an order says, and whether it
 * is allowed.
 */

#include "exchange/request.h"

/* Why an order is refused: coinbase-api.md 2.8. */
struct refusal {
	const char *reason;  /* new_order_failure_reason, and error */
	const char *preview; /* preview_failure_reason */
	const char *message;
};

/*
 * draft_read: from the body of the request.
 *
 * returns: false: 400 was answered
 */
bool draft_read(struct exchange *x, struct request *r, struct draft *d);

/*
 * draft_refused: would it be refused?
 *
 * out: *why  set where the answer is true
 */
bool draft_refused(struct exchange *x, const struct draft *d,
    struct refusal *why);

/* draft_write: its order_configuration. */
void draft_write(const struct draft *d, struct json_writer *w);

#endif /* TB_EXCHANGE_DRAFT_H */
