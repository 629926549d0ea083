#ifndef TB_STORE_ROWS_H
#define TB_STORE_ROWS_H

/*
 * rows: the rows of the tables fills and trades, for the files of this room
 * only; the others know them by books.h.  What writes does so inside a
 * transaction of the caller's.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "store/chain.h"
#include "store/db.h"
#include "wire/trade.h"

/*
 * What a fill's hash covers, in this order; a SELECT of them gives the texts
 * that chain_next() takes.
 */
#define FILL_COLUMNS                                                           \
 "id, entry_id, venue_trade_id, order_id, product_id, side, kind,"             \
 " nature, size, price, value, fee, at, venue_seq, reverses"
#define FILL_COLUMN_COUNT 15

/*
 * fills_append: one more row, chained.
 *
 * out:	   *out_id  of the row, old or new
 * errors: TB_EINVAL the entry_id stands there with other figures, or another
 *	   reversal has taken the same fill back
 */
enum tb_status fills_append(struct db *db, const struct fill *fill,
    int64_t *out_id, bool *out_repeated, struct tb_err *err);

/* fills_insert: behind the chain's end, nothing looked up; id is free. */
enum tb_status fills_insert(struct db *db, struct chain *chain, int64_t id,
    const struct fill *fill, struct tb_err *err);
enum tb_status fills_next_id(struct db *db, int64_t *out, struct tb_err *err);

/* trades_insert: with the id that it has, which is free, and sealed. */
enum tb_status trades_insert(struct db *db, const struct trade *t,
    struct tb_err *err);
enum tb_status trades_next_id(struct db *db, int64_t *out, struct tb_err *err);

#endif /* TB_STORE_ROWS_H */
