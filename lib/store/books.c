#include "store/books.h"

#include "store/derived.h"
#include "store/rows.h"
#include "store/sql.h"

/* ------------------------------------------------------ the newest fill -- */

/*
 * Does a fill stand behind all others of its product, not taken back before it
 * came, and do the derived rows stand where it begins?
 */
static enum tb_status
is_next(struct db *db, const struct fill *fill, int64_t fill_id, bool *out,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "SELECT (SELECT id FROM fills WHERE product_id = ?1 ORDER BY"
	    " at DESC, side DESC, venue_seq DESC, id DESC LIMIT 1) = ?2 AND"
	    " (EXISTS (SELECT 1 FROM portfolio WHERE product_id = ?1) OR NOT"
	    " EXISTS (SELECT 1 FROM fills WHERE product_id = ?1 AND id <> ?2))"
	    " AND NOT EXISTS (SELECT 1 FROM fills WHERE reverses = ?3)",
	    err);
	sql_bind_text(&q, 1, fill->product_id);
	sql_bind_int(&q, 2, fill_id);
	sql_bind_text(&q, 3, fill->entry_id);
	if (status == TB_OK)
		status = sql_step(&q, err);
	if (status == TB_OK)
		*out = sql_int(&q, 0) != 0;
	sql_close(&q);
	return status;
}

static enum tb_status
book_next(struct db *db, const char *product_id, int64_t fill_id,
    struct tb_err *err)
{
	struct ledger_entry e;
	struct lot_outcome outcome;
	struct position position;
	struct lots lots;
	enum tb_status status;

	lots_init(&lots, LOT_FIFO, false);
	status = entries_get(db, fill_id, &e, err);
	if (status == TB_OK)
		status = books_position(db, product_id, &position, err);
	if (status == TB_OK)
		status = lots_load_touched(db, &lots, product_id, &e, err);
	if (status == TB_OK)
		status = lots_last_id(db, &lots.open.last_id, err);
	if (status == TB_OK)
		status = lots_fill(&lots, &position, &e, &outcome, err);
	if (status == TB_OK)
		status = lots_put_outcome(db, product_id, &e, &outcome, err);
	if (status == TB_OK)
		status = positions_put(db, &position, err);
	lots_release(&lots);
	return status;
}

enum tb_status
books_preview(struct db *db, const char *product_id,
    const struct ledger_entry *e, struct lots *l, struct lot_outcome *out,
    struct tb_err *err)
{
	struct position position;
	enum tb_status status;

	status = books_position(db, product_id, &position, err);
	if (status == TB_OK)
		status = lots_load_touched(db, l, product_id, e, err);
	if (status == TB_OK)
		status = lots_fill(l, &position, e, out, err);
	return status;
}

/* ------------------------------------------------------------- the books -- */

enum tb_status
books_fill(struct db *db, const struct fill *fill, struct booking *out,
    struct tb_err *err)
{
	int64_t fill_id;
	bool next;
	enum tb_status status;

	*out = (struct booking){ 0 };
	status = fills_append(db, fill, &fill_id, &out->repeated, err);
	if (status != TB_OK || out->repeated)
		return status;
	status = is_next(db, fill, fill_id, &next, err);
	if (status != TB_OK)
		return status;
	if (next && fill->kind != FILL_REVERSAL)
		return book_next(db, fill->product_id, fill_id, err);
	out->rebuilt = true;
	return lots_rebuild(db, fill->product_id, &out->gains_changed, err);
}

enum tb_status
books_fill_deferred(struct db *db, const struct fill *fill, bool *out_repeated,
    struct tb_err *err)
{
	struct sql q;
	int64_t fill_id;
	enum tb_status status;

	status = fills_append(db, fill, &fill_id, out_repeated, err);
	if (status != TB_OK || *out_repeated)
		return status;
	status = sql_open(&q, db, "DELETE FROM portfolio WHERE product_id = ?1",
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_text(&q, 1, fill->product_id);
	return sql_run(&q, err);
}

/* Is there a row of portfolio? */
static enum tb_status
is_settled(struct db *db, const char *product_id, bool *out, struct tb_err *err)
{
	struct position p;
	enum tb_status status;

	status = books_position(db, product_id, &p, err);
	*out = p.updated_at_us != 0;
	return status;
}

/* Rebuild the products that have no row of portfolio, or all. */
static enum tb_status
rebuild_products(struct db *db, bool all, struct tb_err *err)
{
	char product[PRODUCT_ID_MAX] = "";
	bool settled = false;
	enum tb_status status;

	while ((status = books_next_product(db, product, err)) == TB_OK) {
		if (!all)
			status = is_settled(db, product, &settled, err);
		if (status == TB_OK && (all || !settled))
			status = lots_rebuild(db, product, NULL, err);
		if (status != TB_OK)
			return status;
	}
	return status == TB_END ? TB_OK : status;
}

enum tb_status
books_settle(struct db *db, struct tb_err *err)
{
	return rebuild_products(db, false, err);
}

enum tb_status
books_rebuild(struct db *db, struct tb_err *err)
{
	enum tb_status status;

	status = sql_exec(db,
	    "DELETE FROM disposals; DELETE FROM lots; DELETE FROM portfolio"
	    " WHERE product_id NOT IN (SELECT product_id FROM fills)",
	    err);
	return status == TB_OK ? rebuild_products(db, true, err) : status;
}
