#ifndef TB_STORE_DERIVED_H
#define TB_STORE_DERIVED_H

/*
 * derived: the rows of lots, disposals and portfolio, for the files of this
 * room only.  All of them follow from the fills, first in, first out; a lot's
 * lot_id is its row's id.  What writes does so inside a transaction of the
 * caller's.
 */

#include <stdint.h>

#include "base/err.h"
#include "ledger/lots.h"
#include "ledger/position.h"
#include "store/db.h"

/* entries_get: the entry of a fill, as books_each_entry() gives it. */
enum tb_status entries_get(struct db *db, int64_t fill_id,
    struct ledger_entry *out, struct tb_err *err);

/* positions_put: insert or replace the row of a product. */
enum tb_status positions_put(struct db *db, const struct position *p,
    struct tb_err *err);

/* lots_last_id: of all products; 0 where there is none. */
enum tb_status lots_last_id(struct db *db, int64_t *out, struct tb_err *err);

/*
 * lots_load_touched: put those open lots into l that the entry may touch: as
 * many as it sells, or the one that it amends.
 */
enum tb_status lots_load_touched(struct db *db, struct lots *l,
    const char *product_id, const struct ledger_entry *e, struct tb_err *err);

/* lots_put_outcome: what lots_fill() did with the entry, into the rows. */
enum tb_status lots_put_outcome(struct db *db, const char *product_id,
    const struct ledger_entry *e, const struct lot_outcome *o,
    struct tb_err *err);

/* lots_insert: one row; lots_update: its figures are others now. */
enum tb_status lots_insert(struct db *db, const char *product_id,
    const struct lot *lot, struct tb_err *err);
enum tb_status lots_update(struct db *db, const struct lot *lot,
    struct tb_err *err);

/* disposals_insert: a share of e; part->lot.lot_id 0: of no lot. */
enum tb_status disposals_insert(struct db *db, const char *product_id,
    const struct ledger_entry *e, const struct disposal_part *part,
    struct tb_err *err);

/*
 * lots_rebuild: a product's lots, disposals and row of portfolio made anew
 * from its fills; the price stays.
 *
 * out: *out_changed  sales that were there and whose gain is another now;
 *		      NULL: nobody asks
 */
enum tb_status lots_rebuild(struct db *db, const char *product_id,
    size_t *out_changed, struct tb_err *err);

/* lots_build: those of a product that has none of these rows yet. */
enum tb_status lots_build(struct db *db, const char *product_id,
    struct tb_err *err);

#endif /* TB_STORE_DERIVED_H */
