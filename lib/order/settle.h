#ifndef TB_ORDER_SETTLE_H
#define TB_ORDER_SETTLE_H

/*
 * settle: what the venue tells of an order goes into the books.
 *
 * In one transaction a page of fills: the order, the move of its intent, the
 * fills with lots and portfolio, the trade, the balances and the day's
 * equity.  Told again, nothing changes.
 *
 * When an order is final and the venue calls it settled, an adjustment fill
 * makes the sums of its fills equal to what the order says, where size and
 * value differ by no more than SETTLE_TOLERANCE of it; a fee may come late and
 * is always adjusted.  More is a difference: the intent stays DONE and *out
 * says so; where fills are missing only SETTLE_LATE_US after the order ended.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "order/desk.h"
#include "store/intents.h"
#include "venue/venue.h"
#include "wire/trade.h"

#define SETTLE_TOLERANCE_PARTS 100000000 /* 1e-8 of the order's figure */
#define SETTLE_LATE_US (24 * INT64_C(3600000000)) /* fills may come so late */

struct settlement {
	struct trade trade;	/* as it stands in the books; owned */
	bool differs;		/* final, but its fills do not add up: */
	char words[TB_ERR_MAX]; /* what differs; "" where nothing does */
	bool odd; /* of a status that nobody here knows: kept OPEN */
	size_t gains_changed; /* of older sales */
};

void settlement_release(struct settlement *s);

/*
 * settle_order: fetch the fills of an order and book them.
 *
 * in:	    order   as the venue told it
 * inout:   intent  that it came of; NULL: a stranger's order
 * out:	    *out    to be released, also after a failure
 * errors:  as fills_since: nothing, or whole pages of fills, are booked;
 *	    of the database
 */
enum tb_status settle_order(struct desk *desk, struct intent *intent,
    const struct venue_order *order, struct settlement *out,
    struct tb_err *err);

/*
 * settle_blind: the venue accepted an order, but can't be asked about it now:
 * the intent is OPEN and its trade pending.
 */
enum tb_status settle_blind(struct desk *desk, struct intent *intent,
    const char *order_id, struct settlement *out, struct tb_err *err);

/*
 * settle_note: the venue's view of a stranger's order that has executed
 * nothing, and no more: its decision, should it be asked for here, is not sent
 * again.
 */
enum tb_status settle_note(struct desk *desk, const struct venue_order *order,
    struct tb_err *err);

/*
 * settle_is_of: is this the order of this intent?  Its client_order_id, side
 * and product say so; a venue may tell BTC-USD where BTC-USDC was asked.
 */
bool settle_is_of(const struct intent *intent, const struct venue_order *order);

#endif /* TB_ORDER_SETTLE_H */
