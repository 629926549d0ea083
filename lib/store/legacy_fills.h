#ifndef TB_STORE_LEGACY_FILLS_H
#define TB_STORE_LEGACY_FILLS_H

/*
 * legacy_fills: executions that came with the old system's database, and how
 * the venue's own account of them is met.
 *
 * The old system kept fills by the venue's fill id, and orders of its bots
 * without their fills.  The first are in the books under the entry_id
 * "legacy:fill:ID": when the venue tells the same fill, it is known.  Of the
 * second a synthetic fill stands there, "legacy:order:ID": the first fill that
 * the venue tells of that order takes it back.  Neither ever changes a
 * position twice.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"
#include "store/db.h"

/* The entry_ids: of a fill by the venue's fill id; of an order. */
void legacy_fill_entry(const char *venue_trade_id,
    char out[static ORDER_ID_MAX]);
void legacy_order_entry(const char *order_id, char out[static ORDER_ID_MAX]);

/*
 * legacy_fill_meet: before a fill that the venue told is booked.  Inside the
 * transaction that books it.
 *
 * out:	   *out_known	 it is in the books since the migration: do not book it
 *	   out_order_id	 then: the order_id of its trade
 * errors: TB_EDISAGREE what is in the books under its id is another product or
 *	   side
 */
enum tb_status legacy_fill_meet(struct db *db, const struct fill *fill,
    bool *out_known, char out_order_id[static ORDER_ID_MAX],
    struct tb_err *err);

/*
 * legacy_fill_take_back: what a later run of the migration reads otherwise:
 * the fill of an order that came from the old system counts no more.  In a
 * transaction that books_settle() ends.
 */
enum tb_status legacy_fill_take_back(struct db *db, const char *order_id,
    bool *out_any, struct tb_err *err);

/* legacy_fill_version: inout: entry  the next free one of an id: ":2" is put
 * behind where it was booked, and taken back, before. */
enum tb_status legacy_fill_version(struct db *db,
    char entry[static ORDER_ID_MAX], struct tb_err *err);

/* What the books have of an order that the old system tells of. */
struct legacy_trade {
	bool exists;
	bool is_native; /* the venue itself told a fill of it */
	char product_id[PRODUCT_ID_MAX];
	enum side side;
	struct decimal size_usd, size_crypto, price, commission;
	char status[16];
	int64_t created_at_us;
};

enum tb_status legacy_trade_find(struct db *db, const char *order_id,
    struct legacy_trade *out, struct tb_err *err);

/* legacy_trade_remove: a trade that a later run of the migration knows to be
 * none; its fill is taken back already.  In a transaction that books_settle()
 * ends. */
enum tb_status legacy_trade_remove(struct db *db, const char *order_id,
    struct tb_err *err);

/*
 * legacy_natives_find: make the fills that the venue told findable by its fill
 * id, for legacy_native_of(); once a run.
 *
 * out: *out_any  there are some
 */
enum tb_status legacy_natives_find(struct db *db, bool *out_any,
    struct tb_err *err);

/* returns: TB_OK the fill is in the books, out_order_id its order; TB_END */
enum tb_status legacy_native_of(struct db *db, const char *venue_trade_id,
    char out_order_id[static ORDER_ID_MAX], struct tb_err *err);

#endif /* TB_STORE_LEGACY_FILLS_H */
