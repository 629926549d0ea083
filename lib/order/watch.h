#ifndef TB_ORDER_WATCH_H
#define TB_ORDER_WATCH_H

/*
 * watch: what became of orders that the venue has.
 */

#include <stdint.h>

#include "base/err.h"
#include "order/desk.h"
#include "order/outcome.h"
#include "order/settle.h"
#include "store/intents.h"

#define WATCH_POLL_MS 200

/*
 * watch_order: ask the venue about the order of an intent that is OPEN, DONE
 * or SETTLED, and book what is new.  Holds the send lock.
 *
 * out: *out  to be released, also after a failure
 */
enum tb_status watch_order(struct desk *desk, struct intent *intent,
    struct settlement *out, struct tb_err *err);

/*
 * watch_fills: look again and again until the order of an answer is final,
 * wait_ms are over, or a signal came.  The lock is taken for each look only.
 *
 * inout: *o  its trade is brought up to date; a failure leaves it as it was
 */
void watch_fills(struct desk *desk, int64_t wait_ms, struct outcome *o);

#endif /* TB_ORDER_WATCH_H */
