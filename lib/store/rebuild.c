/*
 * lots_rebuild: of derived.h, a product's lots made anew.
 *
 * A lot is written once, as it is in the end: when it is used up, or when all
 * fills are through; until then it is in the queue.  What sales took out of
 * the lot that is being used up waits for it, so that the rows stand in the
 * order in which they came about and refer to what is there.
 */

#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "store/books.h"
#include "store/derived.h"
#include "store/draft.h"
#include "store/lotfile.h"
#include "store/sql.h"

#define WAITING_MAX 64 /* shares of one lot; with more it is written twice */

/* What a sale had gained before its product was rebuilt. */
struct old_gain {
	int64_t fill_id;
	struct decimal gain;
};

/* A row of disposals that is still to be written. */
struct waiting {
	struct ledger_entry entry;
	struct disposal_part part;
};

struct rebuild {
	struct db *db;
	struct lots lots;
	struct lot_file file;	     /* of lots */
	char folder[DRAFT_PATH_MAX]; /* of file */
	struct position position;
	const struct ledger_entry *entry; /* at hand */
	struct lot lot;			  /* being used up; lot_id 0: none */
	bool written;			  /* it has its row */
	struct waiting *waiting;	  /* owned; its shares, and what came
					     between them */
	size_t waiting_count;
	struct old_gain *old; /* owned; by fill_id */
	size_t old_count, old_room;
	size_t changed;
};

/* ----------------------------------------------------------- old gains -- */

static enum tb_status
reserve_old_gain(struct rebuild *r, struct tb_err *err)
{
	struct old_gain *grown;
	size_t room = r->old_room == 0 ? DB_PAGE_ROWS : 2 * r->old_room;

	if (r->old_count < r->old_room)
		return TB_OK;
	grown = reallocarray(r->old, room, sizeof(*grown));
	if (grown == NULL)
		return tb_nomem(err);
	r->old = grown;
	r->old_room = room;
	return TB_OK;
}

static enum tb_status
add_old_gain(struct rebuild *r, int64_t fill_id, struct decimal gain,
    struct tb_err *err)
{
	struct old_gain *last;
	enum tb_status status;

	if (r->old_count > 0) {
		last = &r->old[r->old_count - 1];
		if (last->fill_id == fill_id)
			return decimal_add(last->gain, gain, &last->gain);
	}
	status = reserve_old_gain(r, err);
	if (status == TB_OK)
		r->old[r->old_count++] = (struct old_gain){ fill_id, gain };
	return status;
}

static enum tb_status
load_old_gains(struct rebuild *r, struct tb_err *err)
{
	struct decimal gain;
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, r->db,
	    "SELECT fill_id, gain FROM disposals WHERE product_id = ?1"
	    " ORDER BY fill_id",
	    err);
	sql_bind_text(&q, 1, r->position.product_id);
	while (status == TB_OK && (status = sql_step(&q, err)) == TB_OK) {
		status = sql_decimal(&q, 1, &gain, err);
		if (status == TB_OK)
			status = add_old_gain(r, sql_int(&q, 0), gain, err);
	}
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

static int
by_fill_id(const void *a, const void *b)
{
	const struct old_gain *x = a, *y = b;

	return (x->fill_id > y->fill_id) - (x->fill_id < y->fill_id);
}

static bool
gain_changed(const struct rebuild *r, int64_t fill_id, struct decimal gain)
{
	struct old_gain key = { .fill_id = fill_id }, *old;

	if (r->old_count == 0)
		return false;
	old = bsearch(&key, r->old, r->old_count, sizeof(key), by_fill_id);
	return old != NULL && decimal_cmp(old->gain, gain) != 0;
}

static enum tb_status
delete_derived(struct db *db, const char *product_id, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db, "DELETE FROM disposals WHERE product_id = ?1",
	    err);
	sql_bind_text(&q, 1, product_id);
	if (status == TB_OK)
		status = sql_run(&q, err);
	if (status == TB_OK)
		status = sql_open(&q, db,
		    "DELETE FROM lots WHERE product_id = ?1", err);
	sql_bind_text(&q, 1, product_id);
	return status == TB_OK ? sql_run(&q, err) : status;
}

/* ---------------------------------------------------------------- rows -- */

/* The lot as it is now, and what has waited for it. */
static enum tb_status
write_lot(struct rebuild *r, struct tb_err *err)
{
	const char *product_id = r->position.product_id;
	enum tb_status status = TB_OK;

	if (r->lot.lot_id != 0 && r->written)
		status = lots_update(r->db, &r->lot, err);
	else if (r->lot.lot_id != 0)
		status = lots_insert(r->db, product_id, &r->lot, err);
	r->written = true;
	for (size_t i = 0; i < r->waiting_count && status == TB_OK; i++)
		status = disposals_insert(r->db, product_id,
		    &r->waiting[i].entry, &r->waiting[i].part, err);
	r->waiting_count = 0;
	return status;
}

static enum tb_status
wait_for_lot(struct rebuild *r, const struct disposal_part *part,
    struct tb_err *err)
{
	enum tb_status status = TB_OK;

	if (r->waiting_count == WAITING_MAX)
		status = write_lot(r, err);
	r->waiting[r->waiting_count++] = (struct waiting){ *r->entry, *part };
	return status;
}

/* A share of the sale at hand. */
static enum tb_status
take_part(const struct disposal_part *part, void *arg, struct tb_err *err)
{
	struct rebuild *r = arg;
	enum tb_status status;

	if (r->lot.lot_id != part->lot.lot_id)
		r->written = false;
	r->lot = part->lot;
	status = wait_for_lot(r, part, err);
	if (status != TB_OK || decimal_sign(part->lot.size_left) != 0)
		return status;
	status = write_lot(r, err);
	r->lot.lot_id = 0;
	return status;
}

static enum tb_status
take_outcome(struct rebuild *r, const struct lot_outcome *o, struct tb_err *err)
{
	struct disposal_part rest;

	if (o->act == LOT_AMENDED && o->lot.lot_id == r->lot.lot_id)
		r->lot = o->lot;
	if (o->act != LOT_DISPOSED)
		return TB_OK;
	r->changed += gain_changed(r, r->entry->fill_id, o->disposal.gain);
	if (!disposal_rest(&o->disposal, &rest))
		return TB_OK;
	if (r->waiting_count > 0) /* the rows stand in their order */
		return wait_for_lot(r, &rest, err);
	return disposals_insert(r->db, r->position.product_id, r->entry, &rest,
	    err);
}

static enum tb_status
take_entry(const char *product_id, const struct ledger_entry *e, void *arg,
    struct tb_err *err)
{
	struct rebuild *r = arg;
	struct lot_outcome outcome;
	enum tb_status status;

	(void)product_id;
	r->entry = e;
	status = lots_fill(&r->lots, &r->position, e, &outcome, err);
	return status == TB_OK ? take_outcome(r, &outcome, err) : status;
}

/* What is still open. */
static enum tb_status
write_open_lots(struct rebuild *r, struct tb_err *err)
{
	struct lot_queue *open = &r->lots.open;
	enum tb_status status = write_lot(r, err);
	const struct lot *lot;

	while (status == TB_OK && !lot_queue_is_empty(open)) {
		lot = lot_queue_next(open);
		if (lot->lot_id != r->lot.lot_id)
			status = lots_insert(r->db, r->position.product_id, lot,
			    err);
		if (status == TB_OK)
			status = lot_queue_drop(open, err);
	}
	return status;
}

/* -------------------------------------------------------------- product -- */

/* The price that a position had stays with it. */
static enum tb_status
keep_price(struct rebuild *r, struct tb_err *err)
{
	struct position old;
	enum tb_status status;

	status = books_position(r->db, r->position.product_id, &old, err);
	if (status == TB_OK && old.priced)
		position_mark(&r->position, old.price, old.price_at_us);
	return status;
}

/* From nothing to all rows. */
static enum tb_status
build(struct rebuild *r, struct tb_err *err)
{
	enum tb_status status;

	status = lots_last_id(r->db, &r->lots.open.last_id, err);
	if (status == TB_OK)
		status = books_each_entry(r->db, r->position.product_id,
		    INSTANT_MAX_US, take_entry, r, err);
	if (status == TB_OK)
		status = write_open_lots(r, err);
	return status == TB_OK ? positions_put(r->db, &r->position, err) :
				 status;
}

static enum tb_status
begin(struct rebuild *r, struct db *db, const char *product_id,
    struct tb_err *err)
{
	enum tb_status status;

	*r = (struct rebuild){ .db = db };
	lots_init(&r->lots, LOT_FIFO, false);
	position_init(&r->position, product_id);
	status = draft_folder(db_path(db), r->folder, sizeof(r->folder), err);
	lot_file_init(&r->file, r->folder);
	lot_queue_lend(&r->lots.open, &r->file.aside);
	r->lots.each = take_part;
	r->lots.arg = r;
	r->waiting = calloc(WAITING_MAX, sizeof(*r->waiting));
	if (status == TB_OK && r->waiting == NULL)
		status = tb_nomem(err);
	return status;
}

static void
end(struct rebuild *r)
{
	lots_release(&r->lots);
	lot_file_release(&r->file);
	free(r->waiting);
	free(r->old);
}

enum tb_status
lots_build(struct db *db, const char *product_id, struct tb_err *err)
{
	struct rebuild r;
	enum tb_status status = begin(&r, db, product_id, err);

	if (status == TB_OK)
		status = build(&r, err);
	end(&r);
	return status;
}

enum tb_status
lots_rebuild(struct db *db, const char *product_id, size_t *out_changed,
    struct tb_err *err)
{
	struct rebuild r;
	enum tb_status status = begin(&r, db, product_id, err);

	if (status == TB_OK)
		status = keep_price(&r, err);
	if (status == TB_OK && out_changed != NULL)
		status = load_old_gains(&r, err);
	if (status == TB_OK)
		status = delete_derived(db, product_id, err);
	if (status == TB_OK)
		status = build(&r, err);
	if (out_changed != NULL)
		*out_changed = r.changed;
	end(&r);
	return status;
}
