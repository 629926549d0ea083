#ifndef TB_STORE_FILLS_H
#define TB_STORE_FILLS_H

/*
 * fills: the rows of the table fills, for the files of this room only; the
 * others know them by books.h.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "store/db.h"

/*
 * What a fill's hash covers, in this order; a SELECT of them gives the texts
 * that chain_next() takes.
 */
#define FILL_COLUMNS                                                           \
 "id, entry_id, venue_trade_id, order_id, product_id, side, kind,"             \
 " nature, size, price, value, fee, at, venue_seq, reverses"
#define FILL_COLUMN_COUNT 15

/*
 * fills_append: one more row, chained; inside a transaction of the caller's.
 *
 * out:	   *out_id  of the row, old or new
 * errors: TB_EINVAL the entry_id stands there with other figures, or another
 *	   reversal has taken the same fill back
 */
enum tb_status fills_append(struct db *db, const struct fill *fill,
    int64_t *out_id, bool *out_repeated, struct tb_err *err);

#endif /* TB_STORE_FILLS_H */
