#ifndef TB_ORDER_SEND_H
#define TB_ORDER_SEND_H

/*
 * send: from a decision that passed its rules to an order at the venue.
 *
 * The only place that asks a venue for an order, in one function.  Before it
 * asks, the intent stands in the database, committed; whatever comes back, or
 * does not, is recorded before anybody hears of it.  The caller holds the send
 * lock.
 */

#include "base/err.h"
#include "order/decision.h"
#include "order/desk.h"
#include "order/outcome.h"
#include "order/risk.h"
#include "store/intents.h"

/*
 * send_new: judge a new decision, write its intent, send it.
 *
 * inout:   *o	filled whatever happens
 */
void send_new(struct desk *desk, const struct decision *d, struct outcome *o);

/*
 * send_again: judge an UNKNOWN or a REJECTED (not_sent) once more and send the
 * same request again.
 *
 * out:	    *no	 why it is not sent; then nothing has changed
 *	    *o	 filled where it was sent
 * errors:  of the venue and the database; nothing was sent
 */
enum tb_status send_again(struct desk *desk, struct intent *intent,
    struct verdict *no, struct outcome *o, struct tb_err *err);

#endif /* TB_ORDER_SEND_H */
