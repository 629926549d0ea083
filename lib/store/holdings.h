#ifndef TB_STORE_HOLDINGS_H
#define TB_STORE_HOLDINGS_H

/*
 * holdings: what is held at an instant, what it is worth, and the cash beside
 * it.
 */

#include <stdint.h>

#include "base/err.h"
#include "ledger/book.h"
#include "store/db.h"

/*
 * holdings_from_fills: fill a book with every fill up to and with until_us.
 *
 * inout: book	initialised, with no product
 */
enum tb_status holdings_from_fills(struct db *db, int64_t until_us,
    struct book *book, struct tb_err *err);

/*
 * holdings_from_portfolio: the positions as they are kept, first in first
 * out, of all fills; no lots.  Costs no history.
 */
enum tb_status holdings_from_portfolio(struct db *db, struct book *book,
    struct tb_err *err);

/*
 * holdings_price: give every position that is held its price at the instant:
 * the last close of the finest candles.  One without a price is left without.
 */
enum tb_status holdings_price(struct db *db, int64_t instant_us,
    struct book *book, struct tb_err *err);

/*
 * holdings_cash: dollars at the instant.  What the venue last said, available
 * and on hold, and cash flows since; of an instant before it spoke, less what
 * orders and cash flows moved in between.  Where it never said anything: cash
 * flows and what all fills moved.
 *
 * errors: TB_ENOENT neither balances nor cash flows are known
 */
enum tb_status holdings_cash(struct db *db, int64_t instant_us,
    struct decimal *out, struct tb_err *err);

/*
 * holdings_equity: cash and all holdings that are quoted in dollars.
 *
 * errors: TB_ENOENT no cash is known, or a held product has no price
 */
enum tb_status holdings_equity(struct db *db, int64_t instant_us,
    struct decimal *out, struct tb_err *err);

#endif /* TB_STORE_HOLDINGS_H */
