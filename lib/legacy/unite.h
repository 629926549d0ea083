#ifndef TB_LEGACY_UNITE_H
#define TB_LEGACY_UNITE_H

/*
 * unite: rows that tell the same, found by their ids: exact repeats, the two
 * tables, several files; and the orders of fills that raw_trades names.
 *
 * Both functions read a sorter of items to its end and give each item to a
 * sink, once.  Memory goes with one item, not with the length of a run of
 * equal ids.
 */

#include "base/err.h"
#include "io/sorter.h"
#include "legacy/item.h"

typedef enum tb_status legacy_sink(struct legacy_item *, void *arg,
    struct tb_err *);

/* legacy_sort_by_id: for legacy_unite(): by order_id in any case; the row that
 * is to stand comes first. */
enum tb_status legacy_sort_by_id(struct sorter *s,
    const struct legacy_item *item, struct tb_err *err);

/*
 * legacy_unite: of equal ids one row stands.  A row of trades stands before
 * one of raw_trades, whose amounts and fee it takes; a repeat is merged into
 * what stands, or put in quarantine where it tells other figures.  Rows without
 * an id are told apart by their place, and by what they tell where two files
 * have the same place; a copy of a filled one stays as unproved as that.
 */
enum tb_status legacy_unite(struct sorter *s, legacy_sink *sink, void *arg,
    struct tb_err *err);

/*
 * legacy_sort_by_order: for legacy_assign(): a bot's row by its own id, a fill
 * by the order that raw_trades tells.
 *
 * returns: TB_OK; TB_END it has neither, nothing is done
 */
enum tb_status legacy_sort_by_order(struct sorter *s,
    const struct legacy_item *item, struct tb_err *err);

/* legacy_assign: a bot's row is merged into the fills of its order. */
enum tb_status legacy_assign(struct sorter *s, legacy_sink *sink, void *arg,
    struct tb_err *err);

/* legacy_sort_item: by any key. */
enum tb_status legacy_sort_item(struct sorter *s, const void *key,
    size_t key_len, const struct legacy_item *item, struct tb_err *err);

#endif /* TB_LEGACY_UNITE_H */
