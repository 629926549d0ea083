#ifndef TB_STORE_BOOKS_H
#define TB_STORE_BOOKS_H

/*
 * books: fills and what follows from them: trades, lots, disposals, portfolio.
 *
 * Fills are append-only and chained by their hashes; everything else is
 * derived first in, first out, and kept in the transaction of the fill that
 * changes it.  A fill that is not its product's newest rebuilds the product's
 * lots in the same transaction.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "ledger/lots.h"
#include "ledger/position.h"
#include "store/db.h"
#include "wire/trade.h"

/*
 * books_trade_put: insert the trade of an order or bring it up to date (by
 * order_id).  For writers inside a transaction.
 *
 * out: t->id
 */
enum tb_status books_trade_put(struct db *db, struct trade *t,
    struct tb_err *err);

/* errors: TB_ENOENT */
enum tb_status books_trade_by_id(struct db *db, int64_t id, struct trade *out,
    struct tb_err *err);
enum tb_status books_trade_by_order(struct db *db, const char *order_id,
    struct trade *out, struct tb_err *err);

/* A page of trades, newest first: those with id < before_id (0: from the
 * newest); product NULL: all. */
enum tb_status books_trades(struct db *db, const char *product_id,
    int64_t before_id, struct trade *out, size_t max, size_t *out_count,
    struct tb_err *err);

/* What booking did, for the answer. */
struct booking {
	bool repeated; /* the entry_id stood there already: nothing done */
	bool rebuilt;  /* it was not the newest: lots were made anew */
	size_t gains_changed; /* disposals of older sales that now differ */
};

/*
 * books_fill: append a fill and bring lots, disposals and portfolio up to it.
 * Inside a transaction of the caller's.  The trade of fill->order_id, if there
 * is one, is linked by its order_id.
 *
 * errors: TB_EINVAL the same entry_id with other figures; TB_ERANGE sums do
 *	   not fit
 */
enum tb_status books_fill(struct db *db, const struct fill *fill,
    struct booking *out, struct tb_err *err);

/*
 * books_fill_deferred, books_settle: for many fills at once: append without
 * touching lots, then rebuild each product once.
 */
enum tb_status books_fill_deferred(struct db *db, const struct fill *fill,
    bool *out_repeated, struct tb_err *err);
enum tb_status books_settle(struct db *db, struct tb_err *err);

/* books_rebuild: all derived rows made anew from the fills. */
enum tb_status books_rebuild(struct db *db, struct tb_err *err);

/*
 * books_each_entry: every fill that counts, in book order (by product, then
 * fill_cmp), up to and with until_us; product NULL: all.  A reversed fill and
 * its reversal are left out, whenever the reversal was written.  Read in
 * pages; each() may write to standard output.
 *
 * in: with_trades	entry.trade_id is wanted (a look-up a row)
 */
enum tb_status books_each_entry(struct db *db, const char *product_id,
    int64_t until_us, bool with_trades,
    enum tb_status (*each)(const char *product_id, const struct ledger_entry *,
	void *arg, struct tb_err *),
    void *arg, struct tb_err *err);

/* books_order_sums: what the books hold of an order: sums over its fills. */
enum tb_status books_order_sums(struct db *db, const char *order_id,
    struct decimal *size, struct decimal *value, struct decimal *fee,
    struct tb_err *err);

/* books_position: the row of portfolio; position_init() where none is. */
enum tb_status books_position(struct db *db, const char *product_id,
    struct position *out, struct tb_err *err);

/*
 * books_mark: unrealized_pnl of a product at a price, kept in portfolio.
 */
enum tb_status books_mark(struct db *db, const char *product_id,
    struct decimal price, int64_t price_at_us, struct tb_err *err);

/* books_realized_since: FIFO gains of sales at or after since_us, dollars. */
enum tb_status books_realized_since(struct db *db, int64_t since_us,
    struct decimal *out, struct tb_err *err);

#endif /* TB_STORE_BOOKS_H */
