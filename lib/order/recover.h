#ifndef TB_ORDER_RECOVER_H
#define TB_ORDER_RECOVER_H

/*
 * recover: what became of orders that nobody knows the fate of.
 *
 * Whoever holds the send lock finds no live SENDING: each is an orphan of a
 * run that died, and becomes UNKNOWN.  For every UNKNOWN the venue's orders
 * are listed, all statuses, all products, and its fills too: one complete
 * reading.  Found: fetched, compared, booked.  Found twice: both are booked,
 * and an alarm.  Not there in RECOVER_READINGS readings, the last of them
 * RECOVER_WINDOW_S (or the venue's lag, where longer) after it can have been
 * sent: sent again where the rules still say yes and it was not sent
 * RECOVER_ATTEMPTS times, else given up.  On paper one reading decides.  No
 * reading is waited for: they are counted in the intent, run by run.
 */

#include <stddef.h>

#include "base/err.h"
#include "order/desk.h"
#include "order/outcome.h"
#include "store/intents.h"

#define RECOVER_READINGS 3
#define RECOVER_WINDOW_S 60
#define RECOVER_SENT_WITHIN_S 25 /* send_before, and the answer's time */
#define RECOVER_ATTEMPTS 3
#define RECOVER_LOOK_BACK_S 300 /* clocks may differ */

/* What a recovery came to. */
struct recovery {
	size_t found;		  /* their orders are known now */
	size_t sent;		  /* again */
	size_t abandoned;	  /* given up */
	size_t left;		  /* still UNKNOWN */
	char warning[TB_ERR_MAX]; /* the last thing odd; "" where nothing */
};

/*
 * recover: settle every orphan and every UNKNOWN.  Holds the send lock.  Sends
 * only where desk->may_send; otherwise what would be sent stays UNKNOWN.
 *
 * errors: of the database; TB_EDISAGREE two orders of one intent (both are
 *	   booked, the alarm is set).  A venue that can't be asked is no error:
 *	   the intents stay UNKNOWN, or are found and the rest of their fills
 *	   comes later; out->warning says which
 */
enum tb_status recover(struct desk *desk, struct recovery *out,
    struct tb_err *err);

#endif /* TB_ORDER_RECOVER_H */
