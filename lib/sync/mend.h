#ifndef TB_SYNC_MEND_H
#define TB_SYNC_MEND_H

/*
 * mend: what venue and books differ by goes into the books, because a human
 * said so: money and coins that came or went without a trade.
 *
 * Coins become a correction of the product in dollars that they are the base
 * of, at its last price, as a trade of their own, triggered by "reconcile";
 * their worth, and what differs in money, becomes a cash flow with the note
 * "reconcile".  Afterwards nothing differs but coins without a price.
 */

#include <stddef.h>

#include "base/err.h"
#include "order/desk.h"
#include "order/reconcile.h"

/*
 * mend_balances: all of it in one transaction, or nothing.  Holds the send
 * lock.
 *
 * in: rows  as reconcile_balances() told
 */
enum tb_status mend_balances(struct desk *desk,
    const struct reconciled_balance *rows, size_t count, struct tb_err *err);

#endif /* TB_SYNC_MEND_H */
