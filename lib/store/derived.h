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

#endif /* TB_STORE_DERIVED_H */
