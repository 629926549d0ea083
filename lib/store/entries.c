#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "store/books.h"
#include "store/derived.h"
#include "store/sql.h"

#define ENTRY_COLUMNS                                                          \
 "f.id, f.at, f.venue_seq, f.side, f.nature, f.size, f.value, f.fee"

/* ?3: how far the id of the trade may be from that of the fill: mostly an order
 * has one fill, and its trade is beside the one before. */
#define ENTRY_MORE                                                             \
 ", f.price, coalesce("                                                        \
 "(SELECT t.id FROM trades t WHERE t.id = f.id + ?3"                           \
 " AND t.order_id = f.order_id),"                                              \
 " (SELECT t.id FROM trades t WHERE t.order_id = f.order_id))"

/*
 * ?1: until when, or '' for ever; ?2: there are reversals at all.  No row pays
 * for what is not asked.
 */
#define ENTRY_COUNTS                                                           \
 "(?1 = '' OR f.at <= ?1) AND (?2 = 0 OR (f.kind <> 'reversal' AND NOT EXISTS" \
 " (SELECT 1 FROM fills r WHERE r.reverses = f.entry_id)))"

/* strcmp() of the shortest words, inline: it is asked a million times. */
static bool
is_word(const char *s, const char *word)
{
	while (*s == *word && *word != '\0') {
		s++;
		word++;
	}
	return *s == *word;
}

/* errors: TB_EDISAGREE a word that is none of ours */
static enum tb_status
read_words(struct sql *q, struct ledger_entry *e, struct tb_err *err)
{
	const char *side = sql_text(q, 3), *nature = sql_text(q, 4);
	enum tb_status status = TB_OK;

	if (is_word(side, "BUY"))
		e->side = SIDE_BUY;
	else if (is_word(side, "SELL"))
		e->side = SIDE_SELL;
	else
		status = TB_EINVAL;
	if (is_word(nature, "trade"))
		e->nature = NATURE_TRADE;
	else if (status == TB_OK)
		status = fill_nature_parse(nature, strlen(nature), &e->nature);
	if (status != TB_OK)
		return tb_fail(err, TB_EDISAGREE, "side %s, nature %s", side,
		    nature);
	return TB_OK;
}

/*
 * Of a late fee or a rounding: the last fill of its order that moved coins, or
 * 0.
 */
static enum tb_status
find_amended(struct db *db, struct ledger_entry *e, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "SELECT max(b.id) FROM fills f JOIN fills b USING (order_id)"
	    " WHERE f.id = ?1 AND b.kind = 'fill' AND b.size <> '0'"
	    " AND (f.size = '0' OR f.kind = 'adjustment')",
	    err);
	sql_bind_int(&q, 1, e->fill_id);
	if (status == TB_OK)
		status = sql_step(&q, err);
	if (status == TB_OK)
		e->amends_fill_id = sql_int(&q, 0);
	sql_close(&q);
	return status;
}

/* The entry of the row that q stands on: ENTRY_COLUMNS. */
static enum tb_status
read_entry(struct sql *q, struct ledger_entry *e, struct tb_err *err)
{
	enum tb_status status;

	e->fill_id = sql_int(q, 0);
	e->trade_id = e->amends_fill_id = 0;
	e->price = DECIMAL_ZERO;
	e->venue_seq = sql_int(q, 2);
	status = sql_instant(q, 1, &e->at_us, err);
	if (status == TB_OK)
		status = read_words(q, e, err);
	if (status == TB_OK)
		status = sql_decimal(q, 5, &e->size, err);
	if (status == TB_OK)
		status = sql_decimal(q, 6, &e->value, err);
	if (status == TB_OK)
		status = sql_decimal(q, 7, &e->fee, err);
	if (status == TB_OK && decimal_sign(e->size) <= 0)
		status = find_amended(q->db, e, err);
	if (status != TB_OK)
		tb_err_at(err, "fill %lld", (long long)e->fill_id);
	return status;
}

/* Behind it: ENTRY_MORE. */
static enum tb_status
read_whole_entry(struct sql *q, struct ledger_entry *e, struct tb_err *err)
{
	enum tb_status status = read_entry(q, e, err);

	if (status == TB_OK)
		status = sql_decimal(q, 8, &e->price, err);
	e->trade_id = sql_int(q, 9);
	return status;
}

/* What is read of the table, said once so that all pages agree. */
struct view {
	int64_t until_us;
	int64_t last_id; /* fills are only ever appended */
	bool reversals;
};

static enum tb_status
view_init(struct view *view, struct db *db, int64_t until_us,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	*view = (struct view){ .until_us = until_us };
	status = sql_open(&q, db,
	    "SELECT (SELECT max(id) FROM fills), EXISTS (SELECT 1 FROM fills"
	    " WHERE reverses IS NOT NULL)",
	    err);
	if (status == TB_OK)
		status = sql_step(&q, err);
	if (status == TB_OK) {
		view->last_id = sql_int(&q, 0);
		view->reversals = sql_int(&q, 1) != 0;
	}
	sql_close(&q);
	return status;
}

/* ?1 and ?2 of ENTRY_COUNTS. */
static void
bind_view(struct sql *q, const struct view *view)
{
	sql_bind_text(q, 1, "");
	if (view->until_us < INSTANT_MAX_US)
		sql_bind_instant(q, 1, view->until_us);
	sql_bind_int(q, 2, view->reversals);
}

/* Mostly all of it is asked for, and no row has to be looked at twice. */
static const char *
scan_query(const struct view *view)
{
	if (view->until_us == INSTANT_MAX_US && !view->reversals)
		return "SELECT " ENTRY_COLUMNS ", f.product_id FROM fills f"
		       " WHERE ?1 = '' AND ?2 = 0 ORDER BY f.id";
	return "SELECT " ENTRY_COLUMNS ", f.product_id FROM fills f"
	       " WHERE " ENTRY_COUNTS " ORDER BY f.id";
}

enum tb_status
books_scan(struct db *db, int64_t until_us, books_reader *each, void *arg,
    struct tb_err *err)
{
	struct ledger_entry e;
	struct view view;
	struct sql q;
	enum tb_status status, told = TB_OK; /* by each(); TB_END is its own */

	status = view_init(&view, db, until_us, err);
	if (status != TB_OK)
		return status;
	status = sql_open(&q, db, scan_query(&view), err);
	bind_view(&q, &view);
	while (status == TB_OK) {
		status = sql_step(&q, err);
		if (status != TB_OK)
			break;
		status = read_entry(&q, &e, err);
		if (status == TB_OK)
			told = status = each(sql_text(&q, 8), &e, arg, err);
	}
	sql_close(&q);
	return status == TB_END ? told : status;
}

/* Up to max entries of a product behind `last`; NULL: from the first. */
static enum tb_status
read_page(struct db *db, const struct view *view, const char *product_id,
    const struct ledger_entry *last, struct ledger_entry *page, size_t *count,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	*count = 0;
	status = sql_open(&q, db,
	    "SELECT " ENTRY_COLUMNS ENTRY_MORE " FROM fills f"
	    " WHERE f.product_id = ?4 AND (f.at, f.side, f.venue_seq, f.id) >"
	    " (?5, ?6, ?7, ?8) AND f.id <= ?9 AND " ENTRY_COUNTS
	    " ORDER BY f.at, f.side, f.venue_seq, f.id LIMIT ?10",
	    err);
	bind_view(&q, view);
	sql_bind_int(&q, 3, last == NULL ? 0 : last->trade_id - last->fill_id);
	sql_bind_text(&q, 4, product_id);
	sql_bind_text(&q, 5, "");
	if (last != NULL)
		sql_bind_instant(&q, 5, last->at_us);
	sql_bind_text(&q, 6, last == NULL ? "" : side_name(last->side));
	sql_bind_int(&q, 7, last == NULL ? 0 : last->venue_seq);
	sql_bind_int(&q, 8, last == NULL ? 0 : last->fill_id);
	sql_bind_int(&q, 9, view->last_id);
	sql_bind_int(&q, 10, DB_PAGE_ROWS);
	while (status == TB_OK && (status = sql_step(&q, err)) == TB_OK)
		status = read_whole_entry(&q, &page[(*count)++], err);
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
entries_get(struct db *db, int64_t fill_id, struct ledger_entry *out,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "SELECT " ENTRY_COLUMNS ENTRY_MORE " FROM fills f"
	    " WHERE f.id = ?1",
	    err);
	sql_bind_int(&q, 1, fill_id);
	sql_bind_int(&q, 3, 0);
	if (status == TB_OK)
		status = sql_step(&q, err);
	if (status == TB_OK)
		status = read_whole_entry(&q, out, err);
	sql_close(&q);
	return status;
}

static enum tb_status
each_of_product(struct db *db, const struct view *view, const char *product_id,
    books_reader *each, void *arg, struct tb_err *err)
{
	struct ledger_entry *page, last;
	enum tb_status status;
	size_t count;

	page = calloc(DB_PAGE_ROWS, sizeof(*page));
	if (page == NULL)
		return tb_nomem(err);
	status = read_page(db, view, product_id, NULL, page, &count, err);
	while (status == TB_OK && count > 0) {
		for (size_t i = 0; i < count && status == TB_OK; i++)
			status = each(product_id, &page[i], arg, err);
		last = page[count - 1];
		if (status == TB_OK && count == DB_PAGE_ROWS)
			status = read_page(db, view, product_id, &last, page,
			    &count, err);
		else
			count = 0;
	}
	free(page);
	return status;
}

enum tb_status
books_next_product(struct db *db, char product_id[static PRODUCT_ID_MAX],
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "SELECT min(product_id) FROM fills WHERE product_id > ?1", err);
	sql_bind_text(&q, 1, product_id);
	if (status == TB_OK)
		status = sql_step(&q, err);
	if (status == TB_OK && sql_is_null(&q, 0))
		status = TB_END;
	if (status == TB_OK)
		status = sql_copy(&q, 0, product_id, PRODUCT_ID_MAX, err);
	sql_close(&q);
	return status;
}

enum tb_status
books_each_entry(struct db *db, const char *product_id, int64_t until_us,
    books_reader *each, void *arg, struct tb_err *err)
{
	char product[PRODUCT_ID_MAX] = "";
	struct view view;
	enum tb_status status;

	status = view_init(&view, db, until_us, err);
	if (status != TB_OK)
		return status;
	if (product_id != NULL)
		return each_of_product(db, &view, product_id, each, arg, err);
	while ((status = books_next_product(db, product, err)) == TB_OK) {
		status = each_of_product(db, &view, product, each, arg, err);
		if (status != TB_OK)
			return status;
	}
	return status == TB_END ? TB_OK : status;
}
