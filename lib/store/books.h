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
#include "store/chain.h"
#include "store/db.h"
#include "store/indexes.h"
#include "wire/trade.h"

/*
 * books_trade_put: insert the trade of an order or bring it up to date (by
 * order_id; product, side, created_at and triggered_by stay).  Inside a
 * transaction of the caller's, and before the first fill of the order is
 * booked: lots and disposals are linked with it then.
 *
 * out: t->id
 */
enum tb_status books_trade_put(struct db *db, struct trade *t,
    struct tb_err *err);

/* out: the caller's to release; errors: TB_ENOENT */
enum tb_status books_trade_by_id(struct db *db, int64_t id, struct trade *out,
    struct tb_err *err);
enum tb_status books_trade_by_order(struct db *db, const char *order_id,
    struct trade *out, struct tb_err *err);

/*
 * books_trades: a page of trades, newest first: those with id < before_id (0:
 * from the newest); product NULL: all.  The caller releases each.
 */
enum tb_status books_trades(struct db *db, const char *product_id,
    int64_t before_id, struct trade *out, size_t max, size_t *out_count,
    struct tb_err *err);

/* What booking did, for the answer. */
struct booking {
	bool repeated; /* the entry_id stood there already: nothing done */
	bool rebuilt;  /* it was not the newest: lots were made anew */
	size_t gains_changed; /* older sales whose gain is another now */
};

/*
 * books_fill: append a fill and bring lots, disposals and portfolio up to it.
 * Inside a transaction of the caller's.  A newest fill costs what it touches,
 * any other a pass over its product's fills.
 *
 * errors: TB_EINVAL the same entry_id with other figures, or a fill taken back
 *	   twice; TB_ERANGE sums do not fit
 */
enum tb_status books_fill(struct db *db, const struct fill *fill,
    struct booking *out, struct tb_err *err);

/*
 * books_fill_deferred, books_settle: for many fills at once: append and drop
 * the product's row of portfolio, then rebuild every product that has fills
 * and no such row.  Both in one transaction of the caller's.
 */
enum tb_status books_fill_deferred(struct db *db, const struct fill *fill,
    bool *out_repeated, struct tb_err *err);
enum tb_status books_settle(struct db *db, struct tb_err *err);

/*
 * books_bulk: very many trades and fills, into books that have no fill yet.
 * Nothing is looked up, and nothing can be: the indexes of the tables are taken
 * away at the beginning, and made at the end, where all is settled too.  All in
 * one transaction of the caller's; one that fails before the end calls
 * books_bulk_release().
 */
struct books_bulk {
	struct chain chain; /* private, as all */
	struct indexes indexes, derived;
	int64_t next_fill_id, next_trade_id;
};

enum tb_status books_bulk_begin(struct db *db, struct books_bulk *bulk,
    struct tb_err *err);
enum tb_status books_bulk_trade(struct db *db, struct books_bulk *bulk,
    struct trade *t, struct tb_err *err); /* out: t->id */
enum tb_status books_bulk_fill(struct db *db, struct books_bulk *bulk,
    const struct fill *fill, struct tb_err *err);
enum tb_status books_bulk_end(struct db *db, struct books_bulk *bulk,
    struct tb_err *err);
void books_bulk_release(struct books_bulk *bulk); /* fine after the end */

/* books_rebuild: all derived rows made anew from the fills; prices stay. */
enum tb_status books_rebuild(struct db *db, struct tb_err *err);

/* What is called for each fill; another status than TB_OK ends the reading. */
typedef enum tb_status books_reader(const char *product_id,
    const struct ledger_entry *, void *arg, struct tb_err *);

/*
 * books_each_entry: every fill that counts, in book order (by product, then
 * fill_cmp), up to and with until_us; product NULL: all.  A reversed fill and
 * its reversal are left out, whenever the reversal was written.  Read in
 * pages: each() may write to standard output.  Fills that are appended
 * meanwhile are not seen.
 */
enum tb_status books_each_entry(struct db *db, const char *product_id,
    int64_t until_us, books_reader *each, void *arg, struct tb_err *err);

/*
 * books_scan: the same fills as fast as they can be read: all products, in the
 * order in which they were written, without trade_id and price (all that FIFO,
 * LIFO and the average need).  The statement is open meanwhile: each() writes
 * nowhere.
 */
enum tb_status books_scan(struct db *db, int64_t until_us, books_reader *each,
    void *arg, struct tb_err *err);

/*
 * books_next_product: the products that have fills, one by one.
 *
 * inout:  product_id  the one behind it, in the order of their ids; "" to begin
 * errors: TB_END it was the last
 */
enum tb_status books_next_product(struct db *db,
    char product_id[static PRODUCT_ID_MAX], struct tb_err *err);

/* books_has_fill: does a fill with this entry_id stand in the books? */
enum tb_status books_has_fill(struct db *db, const char *entry_id, bool *out,
    struct tb_err *err);

/*
 * books_find_reversed: the fill that a reversal takes back, where the venue
 * does not name it: of the same order and trade, not taken back by another,
 * rather of the same size, rather a fill than its correction, the oldest.
 * Asked again when the reversal stands in the books, it is the same one.
 *
 * out:	   entry_id
 *	   *sure  it is one of the same size, and no correction, or stands so
 *		  in the books: no other fill, should one come, is better
 * errors: TB_ENOENT there is none
 */
enum tb_status books_find_reversed(struct db *db, const struct fill *reversal,
    char entry_id[static ORDER_ID_MAX], bool *sure, struct tb_err *err);

/* books_order_sums: what the books hold of an order: sums over its fills. */
enum tb_status books_order_sums(struct db *db, const char *order_id,
    struct decimal *size, struct decimal *value, struct decimal *fee,
    struct tb_err *err);

/*
 * books_preview: what a sale would do to the lots, were it booked now; writes
 * nothing.
 *
 * inout: l	initialised for LOT_FIFO; *out points into it
 */
enum tb_status books_preview(struct db *db, const char *product_id,
    const struct ledger_entry *e, struct lots *l, struct lot_outcome *out,
    struct tb_err *err);

/* books_position: the row of portfolio; as position_init() where none is. */
enum tb_status books_position(struct db *db, const char *product_id,
    struct position *out, struct tb_err *err);

/*
 * books_mark: the price of a product, and unrealized_pnl by it, kept in
 * portfolio; nothing where the product has no row.  Inside a transaction of
 * the caller's.
 */
enum tb_status books_mark(struct db *db, const char *product_id,
    struct decimal price, int64_t price_at_us, struct tb_err *err);

/*
 * books_realized_since: FIFO gains of sales at or after since_us, of products
 * that are quoted in dollars.
 */
enum tb_status books_realized_since(struct db *db, int64_t since_us,
    struct decimal *out, struct tb_err *err);

#endif /* TB_STORE_BOOKS_H */
