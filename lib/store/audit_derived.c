/*
 * The check "derived" of audit: one pass over the fills, with a cursor in the
 * stored lots and one in the stored disposals, which stand in the order in
 * which they came about.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "store/audit_parts.h"
#include "store/books.h"
#include "store/draft.h"
#include "store/lotfile.h"

#define LABEL_MAX 96
#define NUMBER_TEXT 24

/* What a lot was when it was opened, or amended since. */
struct as_acquired {
	struct decimal size, cost;
};

/* A lot whose figures a late fee or a rounding may still explain. */
struct suspect {
	int64_t fill_id;
	struct as_acquired stored, made;
};

struct derived {
	struct db *db;
	struct audit_result *r;
	struct position position; /* product_id "": none yet */
	struct lots lots;
	struct lot_file file;		    /* of lots */
	const struct ledger_entry *entry;   /* at hand */
	struct sql lot_rows, disposal_rows; /* open while in a product */
	struct suspect *suspects;	    /* owned */
	size_t suspect_count;
	bool lost; /* rows are missing or too many: comparing has no point */
};

static void
number(int64_t n, char buf[static NUMBER_TEXT])
{
	snprintf(buf, NUMBER_TEXT, "%lld", (long long)n);
}

static void
expect_decimal(struct derived *d, struct sql *q, int column,
    struct decimal expected, const char *row)
{
	char text[DECIMAL_STRLEN];

	decimal_format(expected, text);
	audit_expect(d->r, q, column, text, row);
}

static void
expect_instant(struct derived *d, struct sql *q, int column, int64_t us,
    const char *row)
{
	char text[INSTANT_STRLEN];

	instant_format(us, text);
	audit_expect(d->r, q, column, text, row);
}

/* 0 stands for NULL. */
static void
expect_id(struct derived *d, struct sql *q, int column, int64_t id,
    const char *row)
{
	char text[NUMBER_TEXT];

	number(id, text);
	audit_expect(d->r, q, column, id == 0 ? NULL : text, row);
}

/* The next stored row, if it is of this fill. */
static enum tb_status
next_row(struct derived *d, struct sql *q, const char *what, int64_t fill_id,
    struct tb_err *err)
{
	enum tb_status status = sql_step(q, err);

	d->r->rows++;
	if (status == TB_OK && sql_int(q, 0) == fill_id)
		return TB_OK;
	if (status != TB_OK && status != TB_END)
		return status;
	audit_found(d->r,
	    "%s: a %s of fill %lld is missing, or one is too "
	    "many",
	    d->position.product_id, what, (long long)fill_id);
	d->lost = true;
	return TB_OK;
}

/* ---------------------------------------------------------------- a fill -- */

static struct suspect *
suspect_of(struct derived *d, int64_t fill_id)
{
	for (size_t i = 0; i < d->suspect_count; i++)
		if (d->suspects[i].fill_id == fill_id)
			return &d->suspects[i];
	return NULL;
}

static enum tb_status
add_suspect(struct derived *d, int64_t fill_id, struct as_acquired stored,
    struct as_acquired made, struct tb_err *err)
{
	struct suspect *grown;

	grown = reallocarray(d->suspects, d->suspect_count + 1, sizeof(*grown));
	if (grown == NULL)
		return tb_nomem(err);
	d->suspects = grown;
	d->suspects[d->suspect_count++] =
	    (struct suspect){ fill_id, stored, made };
	return TB_OK;
}

static bool
is_same(const struct as_acquired *a, const struct as_acquired *b)
{
	return decimal_cmp(a->size, b->size) == 0 &&
	    decimal_cmp(a->cost, b->cost) == 0;
}

static enum tb_status
check_opened(struct derived *d, const struct lot *lot, struct tb_err *err)
{
	const struct as_acquired made = { lot->size, lot->cost };
	struct as_acquired stored;
	char row[LABEL_MAX];
	enum tb_status status;

	snprintf(row, sizeof(row), "lot of fill %lld", (long long)lot->fill_id);
	status = next_row(d, &d->lot_rows, "lot", lot->fill_id, err);
	if (status != TB_OK || d->lost)
		return status;
	expect_id(d, &d->lot_rows, 1, lot->trade_id, row);
	expect_instant(d, &d->lot_rows, 2, lot->acquired_at_us, row);
	status = sql_decimal(&d->lot_rows, 3, &stored.size, err);
	if (status == TB_OK)
		status = sql_decimal(&d->lot_rows, 4, &stored.cost, err);
	if (status == TB_OK && !is_same(&stored, &made))
		status = add_suspect(d, lot->fill_id, stored, made, err);
	return status;
}

/* What is stored was so at the opening, or it is suspected already. */
static enum tb_status
check_amended(struct derived *d, const struct ledger_entry *e,
    const struct lot *lot, struct tb_err *err)
{
	const struct as_acquired made = { lot->size, lot->cost };
	struct suspect *suspect = suspect_of(d, lot->fill_id);
	struct as_acquired before = made;
	enum tb_status status;

	if (suspect != NULL) {
		suspect->made = made;
		return TB_OK;
	}
	status = decimal_sub(lot->size, e->size, &before.size);
	if (status == TB_OK)
		status = decimal_sub(lot->cost, e->value, &before.cost);
	if (status == TB_OK)
		status = decimal_sub(before.cost, e->fee, &before.cost);
	if (status == TB_OK)
		status = add_suspect(d, lot->fill_id, before, made, err);
	return status;
}

static enum tb_status
check_part(const struct disposal_part *part, void *arg, struct tb_err *err)
{
	struct derived *d = arg;
	const struct ledger_entry *e = d->entry;
	struct sql *q = &d->disposal_rows;
	char row[LABEL_MAX];
	enum tb_status status;

	if (d->lost)
		return TB_OK;
	snprintf(row, sizeof(row), "disposal by fill %lld",
	    (long long)e->fill_id);
	status = next_row(d, q, "disposal", e->fill_id, err);
	if (status != TB_OK || d->lost)
		return status;
	expect_id(d, q, 1, e->trade_id, row);
	expect_id(d, q, 2, part->lot.lot_id == 0 ? 0 : part->lot.fill_id, row);
	expect_instant(d, q, 3, e->at_us, row);
	expect_decimal(d, q, 4, part->size, row);
	expect_decimal(d, q, 5, part->proceeds, row);
	expect_decimal(d, q, 6, part->cost, row);
	expect_decimal(d, q, 7, part->gain, row);
	return TB_OK;
}

static enum tb_status
check_outcome(struct derived *d, const struct ledger_entry *e,
    const struct lot_outcome *o, struct tb_err *err)
{
	struct disposal_part rest;

	switch (o->act) {
	case LOT_OPENED:
		return check_opened(d, &o->lot, err);
	case LOT_AMENDED:
		return check_amended(d, e, &o->lot, err);
	case LOT_DISPOSED:
		break;
	}
	if (!disposal_rest(&o->disposal, &rest))
		return TB_OK; /* its parts were told as they came */
	return check_part(&rest, d, err);
}

/* ------------------------------------------------------------- a product -- */

static enum tb_status
begin_product(struct derived *d, const char *product_id, struct tb_err *err)
{
	enum tb_status status;

	lots_clear(&d->lots);
	position_init(&d->position, product_id);
	d->suspect_count = 0;
	d->lost = false;
	status = sql_open(&d->lot_rows, d->db,
	    "SELECT fill_id, trade_id, acquired_at, size, cost FROM lots"
	    " WHERE product_id = ?1 ORDER BY id",
	    err);
	sql_bind_text(&d->lot_rows, 1, d->position.product_id);
	if (status == TB_OK)
		status = sql_open(&d->disposal_rows, d->db,
		    "SELECT fill_id, trade_id, (SELECT l.fill_id FROM lots l"
		    " WHERE l.id = lot_id) AS lot, sold_at, size, proceeds,"
		    " cost, gain FROM disposals WHERE product_id = ?1"
		    " ORDER BY id",
		    err);
	sql_bind_text(&d->disposal_rows, 1, d->position.product_id);
	return status;
}

static void
check_open_lot(struct derived *d, struct sql *q, const struct lot *lot)
{
	char row[LABEL_MAX];

	snprintf(row, sizeof(row), "open lot of fill %lld",
	    (long long)lot->fill_id);
	expect_id(d, q, 0, lot->fill_id, row);
	expect_decimal(d, q, 1, lot->size_left, row);
	expect_decimal(d, q, 2, lot->cost_left, row);
}

/* What is left of each lot, and nothing of the others; it leaves the queue. */
static enum tb_status
check_open_lots(struct derived *d, struct tb_err *err)
{
	struct lot_queue *open = &d->lots.open;
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, d->db,
	    "SELECT fill_id, size_left, cost_left FROM lots WHERE product_id ="
	    " ?1 AND (size_left <> '0' OR cost_left <> '0') ORDER BY id",
	    err);
	sql_bind_text(&q, 1, d->position.product_id);
	while (status == TB_OK && (status = sql_step(&q, err)) == TB_OK &&
	    !lot_queue_is_empty(open)) {
		check_open_lot(d, &q, lot_queue_next(open));
		status = lot_queue_drop(open, err);
	}
	if (status == TB_OK || (status == TB_END && !lot_queue_is_empty(open)))
		audit_found(d->r,
		    "%s: there are %s open lots than the fills "
		    "make",
		    d->position.product_id, status == TB_OK ? "more" : "fewer");
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

static void
check_suspect(struct derived *d, const struct suspect *s, const char *what,
    struct decimal stored, struct decimal made)
{
	char found[DECIMAL_STRLEN], expected[DECIMAL_STRLEN];

	if (decimal_cmp(stored, made) == 0)
		return;
	decimal_format(stored, found);
	decimal_format(made, expected);
	audit_found(d->r, "lot of fill %lld: %s: expected %s, found %s",
	    (long long)s->fill_id, what, expected, found);
}

static void
check_suspects(struct derived *d)
{
	for (size_t i = 0; i < d->suspect_count; i++) {
		const struct suspect *s = &d->suspects[i];

		check_suspect(d, s, "size", s->stored.size, s->made.size);
		check_suspect(d, s, "cost", s->stored.cost, s->made.cost);
	}
}

/* No stored row is left over. */
static enum tb_status
check_end(struct derived *d, struct sql *q, const char *what,
    struct tb_err *err)
{
	enum tb_status status = d->lost ? TB_END : sql_step(q, err);

	sql_close(q);
	if (status == TB_OK)
		audit_found(d->r, "%s: more %ss than the fills make",
		    d->position.product_id, what);
	return status == TB_END ? TB_OK : status;
}

static enum tb_status
check_derived_amounts(struct derived *d, struct sql *q, struct tb_err *err)
{
	const struct position *p = &d->position;
	const char *row = p->product_id;
	struct decimal x;
	enum tb_status status = TB_OK;

	if (position_is_flat(p)) {
		audit_expect(d->r, q, 9, NULL, row);
	} else {
		status = position_average_cost(p, &x, err);
		if (status == TB_OK)
			expect_decimal(d, q, 9, x, row);
	}
	if (status == TB_OK && p->priced) {
		status = position_unrealized(p, &x, err);
		if (status == TB_OK)
			expect_decimal(d, q, 10, x, row);
	} else if (status == TB_OK) {
		audit_expect(d->r, q, 10, NULL, row);
	}
	return status;
}

static enum tb_status
check_position(struct derived *d, struct tb_err *err)
{
	struct position *p = &d->position;
	const struct decimal sums[] = { p->crypto_balance, p->usd_invested,
		p->realized, p->proceeds, p->costs, p->fees, p->uncovered_size,
		p->uncovered_proceeds };
	char row[LABEL_MAX];
	struct sql q;
	enum tb_status status;

	snprintf(row, sizeof(row), "portfolio of %s", p->product_id);
	status = sql_open(&q, d->db,
	    "SELECT crypto_balance, usd_invested, realized_pnl, proceeds,"
	    " costs, fees, uncovered_size, uncovered_proceeds, updated_at,"
	    " average_cost_basis, unrealized_pnl, price, price_at"
	    " FROM portfolio WHERE product_id = ?1",
	    err);
	sql_bind_text(&q, 1, p->product_id);
	if (status == TB_OK)
		status = sql_step(&q, err);
	if (status == TB_END) {
		audit_found(d->r, "%s: the row is missing", row);
		sql_close(&q);
		return TB_OK;
	}
	for (int i = 0; i < 8 && status == TB_OK; i++)
		expect_decimal(d, &q, i, sums[i], row);
	if (status == TB_OK)
		expect_instant(d, &q, 8, p->updated_at_us, row);
	if (status == TB_OK && !sql_is_null(&q, 11)) {
		p->priced = true; /* the price is not ours to judge */
		status = sql_decimal(&q, 11, &p->price, err);
	}
	if (status == TB_OK)
		status = check_derived_amounts(d, &q, err);
	sql_close(&q);
	return status;
}

static enum tb_status
end_product(struct derived *d, struct tb_err *err)
{
	struct decimal residue;
	enum tb_status status;

	if (d->position.product_id[0] == '\0')
		return TB_OK;
	status = check_end(d, &d->lot_rows, "lot", err);
	if (status == TB_OK)
		status = check_end(d, &d->disposal_rows, "disposal", err);
	if (status == TB_OK)
		status = check_open_lots(d, err);
	check_suspects(d);
	if (status == TB_OK)
		status = check_position(d, err);
	if (status == TB_OK)
		status = position_residue(&d->position, &residue, err);
	if (status == TB_OK && decimal_sign(residue) != 0)
		audit_found(d->r, "%s: the P&L identity leaves a residue",
		    d->position.product_id);
	return status;
}

static enum tb_status
each_entry(const char *product_id, const struct ledger_entry *e, void *arg,
    struct tb_err *err)
{
	struct derived *d = arg;
	struct lot_outcome outcome;
	enum tb_status status = TB_OK;

	if (strcmp(product_id, d->position.product_id) != 0) {
		status = end_product(d, err);
		if (status == TB_OK)
			status = begin_product(d, product_id, err);
	}
	d->entry = e;
	if (status == TB_OK)
		status = lots_fill(&d->lots, &d->position, e, &outcome, err);
	if (status == TB_OK && !d->lost)
		status = check_outcome(d, e, &outcome, err);
	return status;
}

enum tb_status
audit_derived(struct db *db, struct audit_result *r, struct tb_err *err)
{
	struct derived d = { .db = db, .r = r };
	char folder[DRAFT_PATH_MAX];
	enum tb_status status;

	status = draft_folder(db_path(db), folder, sizeof(folder), err);
	if (status != TB_OK)
		return status;
	lots_init(&d.lots, LOT_FIFO, false);
	lot_file_init(&d.file, folder);
	lot_queue_lend(&d.lots.open, &d.file.aside);
	d.lots.each = check_part;
	d.lots.arg = &d;
	status =
	    books_each_entry(db, NULL, INSTANT_MAX_US, each_entry, &d, err);
	if (status == TB_OK)
		status = end_product(&d, err);
	sql_close(&d.lot_rows);
	sql_close(&d.disposal_rows);
	lots_release(&d.lots);
	lot_file_release(&d.file);
	free(d.suspects);
	return status;
}
