#ifndef TB_SYNC_ACCOUNT_H
#define TB_SYNC_ACCOUNT_H

/*
 * account: what a venue tells us alone: orders, fills, balances.
 *
 * Whoever caused an execution, it is in the books afterwards: ours by its
 * intent, a stranger's triggered by "sync".  How far orders and fills are
 * known is written down once a listing is complete, and the next one begins
 * ACCOUNT_OVERLAP_S before that; what is told again changes nothing.
 *
 * Everything here is done under the send lock.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "order/desk.h"
#include "order/reconcile.h"

#define ACCOUNT_OVERLAP_S 86400
#define ACCOUNT_SINCE_LAST (-1) /* since what is known */

/*
 * account_orders: orders since a moment, or ACCOUNT_SINCE_LAST.
 *
 * errors: as orders_since; of the database; TB_EBUSY the listing is not
 *	   complete: what came is booked, and begins there again
 */
enum tb_status account_orders(struct desk *desk, int64_t since_us,
    struct reconciled *out, struct tb_err *err);

struct fills_synced {
	size_t listed;		  /* that the venue told of */
	size_t booked;		  /* new to the books */
	size_t unbooked;	  /* whose order the venue does not tell */
	struct reconciled orders; /* behind those that were new */
};

/* account_fills: fills since a moment, or ACCOUNT_SINCE_LAST.  errors: as
 * account_orders() */
enum tb_status account_fills(struct desk *desk, int64_t since_us,
    struct fills_synced *out, struct tb_err *err);

/*
 * account_balances: what the venue holds for us, and what everything is worth
 * today.
 *
 * out: *out_count  currencies
 */
enum tb_status account_balances(struct desk *desk, size_t *out_count,
    struct tb_err *err);

#endif /* TB_SYNC_ACCOUNT_H */
