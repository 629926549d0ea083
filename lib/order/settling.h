#ifndef TB_ORDER_SETTLING_H
#define TB_ORDER_SETTLING_H

/*
 * settling: what the parts of settle share: settle.c has the order, its trade
 * and the transactions, settle_fills.c the fills.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "order/settle.h"

#define SETTLING_HELD_MAX VENUE_PAGE_MAX

/* One order on its way into the books. */
struct settling {
	struct desk *desk;
	struct intent *intent; /* NULL: a stranger's */
	const struct venue_order *order;
	bool final;
	int64_t filled_at_us; /* of its newest fill */
	struct decimal last_price;
	bool booked;  /* a fill is new to the books */
	bool begun;   /* its trade stands in the books */
	size_t known; /* of its fills, in the books under other orders */
	char known_order_id[ORDER_ID_MAX];
	size_t held_count; /* reversals of what was not told yet: */
	struct fill held[SETTLING_HELD_MAX];
	bool has_cash; /* cash below is what the venue holds now */
	struct desk_balances cash;
	struct settlement *out;
};

/* All of it inside the transaction of a page. */

/*
 * settling_leave_out: what was not asked for, and what came with the old
 * system's database.
 *
 * inout: page, *count
 */
enum tb_status settling_leave_out(struct settling *s, struct fill *page,
    size_t *count, struct tb_err *err);

/*
 * settling_book: a page of fills.  The pages come in any order: what is taken
 * back may stand behind what takes it back, which is booked in the transaction
 * of the fill that it waits for.
 *
 * in:	   last	 no page comes behind this one
 * errors: TB_EINVAL a reversal of what nobody told
 */
enum tb_status settling_book(struct settling *s, struct fill *page,
    size_t count, bool last, struct tb_err *err);

/*
 * settling_add_up: do the fills of a final order come to what the order says?
 *
 * inout: sums  size, value and fee in the books; made equal where they nearly
 *		are
 */
enum tb_status settling_add_up(struct settling *s, struct decimal sums[3],
    bool *equal, struct tb_err *err);

#endif /* TB_ORDER_SETTLING_H */
