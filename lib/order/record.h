#ifndef TB_ORDER_RECORD_H
#define TB_ORDER_RECORD_H

/*
 * record: what a venue answered to an order goes into the database, before
 * anybody hears of it.
 *
 *	accepted   fetched, compared and settled: OPEN, DONE or SETTLED
 *	refused	   REJECTED (venue), and a refusal
 *	not sent   REJECTED (not_sent), and a refusal: may be sent again
 *	no answer, or an acceptance that names no order: UNKNOWN
 *	an answer for another order: UNKNOWN, and an alarm
 */

#include "base/err.h"
#include "order/decision.h"
#include "order/desk.h"
#include "order/outcome.h"
#include "store/intents.h"
#include "venue/venue.h"

/*
 * record_answer: inout: *intent  SENDING; moved
 *		  out:	 *o	  what came of it
 *
 * errors: of the database: the intent stands as SENDING, which is the truth
 */
enum tb_status record_answer(struct desk *desk, struct intent *intent,
    const struct decision *d, const struct venue_answer *answer,
    struct outcome *o, struct tb_err *err);

/*
 * record_refusal: keep what was refused; the reason is a refusal.  Inside a
 * transaction of the caller's.
 */
enum tb_status record_refusal(struct desk *desk, const struct decision *d,
    enum answer_reason reason, const char *message, struct tb_err *err);

#endif /* TB_ORDER_RECORD_H */
