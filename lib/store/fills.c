#include "store/rows.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "store/books.h"
#include "store/chain.h"
#include "store/sql.h"

#define NUMBER_TEXT 24

/* A fill as the table and its hash see it. */
struct fill_row {
	char id[NUMBER_TEXT], venue_seq[NUMBER_TEXT];
	char size[DECIMAL_STRLEN], price[DECIMAL_STRLEN];
	char value[DECIMAL_STRLEN], fee[DECIMAL_STRLEN];
	char at[INSTANT_STRLEN];
	const char *fields[FILL_COLUMN_COUNT]; /* into this and the fill */
};

static void
fill_row_init(struct fill_row *row, int64_t id, const struct fill *f)
{
	snprintf(row->id, sizeof(row->id), "%" PRId64, id);
	snprintf(row->venue_seq, sizeof(row->venue_seq), "%" PRId64,
	    f->venue_seq);
	decimal_format(f->size, row->size);
	decimal_format(f->price, row->price);
	decimal_format(f->value, row->value);
	decimal_format(f->fee, row->fee);
	instant_format(f->at_us, row->at);

	const char *const fields[FILL_COLUMN_COUNT] = {
		row->id,
		f->entry_id,
		f->venue_trade_id,
		f->order_id,
		f->product_id,
		side_name(f->side),
		fill_kind_name(f->kind),
		fill_nature_name(f->nature),
		row->size,
		row->price,
		row->value,
		row->fee,
		row->at,
		row->venue_seq,
		f->reverses[0] == '\0' ? NULL : f->reverses,
	};
	memcpy(row->fields, fields, sizeof(fields));
}

/* Does the open row q tell the same as f? Its id may differ. */
static enum tb_status
same_figures(struct sql *q, const struct fill *f, struct tb_err *err)
{
	struct fill_row row;

	fill_row_init(&row, 0, f);
	for (int i = 1; i < FILL_COLUMN_COUNT; i++) {
		const char *stored = sql_text(q, i);
		const char *told = row.fields[i];

		if (stored == NULL && told == NULL)
			continue;
		if (stored == NULL || told == NULL || strcmp(stored, told) != 0)
			return tb_fail(err, TB_EINVAL,
			    "fill %s is in the books already, with other "
			    "figures: \"%s\", not \"%s\"",
			    f->entry_id, stored == NULL ? "" : stored,
			    told == NULL ? "" : told);
	}
	return TB_OK;
}

/* TB_OK: it stands there with the same figures; TB_ENOENT: it does not. */
static enum tb_status
find_fill(struct db *db, const struct fill *f, int64_t *out_id,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "SELECT " FILL_COLUMNS " FROM fills WHERE entry_id = ?1", err);
	sql_bind_text(&q, 1, f->entry_id);
	if (status == TB_OK)
		status = sql_step(&q, err);
	if (status == TB_OK) {
		*out_id = sql_int(&q, 0);
		status = same_figures(&q, f, err);
	} else if (status == TB_END) {
		status = TB_ENOENT;
	}
	sql_close(&q);
	return status;
}

/* A fill is taken back once. */
static enum tb_status
check_reversal(struct db *db, const struct fill *f, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	if ((f->kind == FILL_REVERSAL) != (f->reverses[0] != '\0'))
		return tb_fail(err, TB_EINVAL,
		    "fill %s: a reversal, and nothing else, names the fill "
		    "that it takes back",
		    f->entry_id);
	if (f->kind != FILL_REVERSAL)
		return TB_OK;
	status = sql_open(&q, db,
	    "SELECT entry_id FROM fills WHERE reverses = ?1", err);
	sql_bind_text(&q, 1, f->reverses);
	if (status == TB_OK)
		status = sql_step(&q, err);
	if (status == TB_OK)
		status = tb_fail(err, TB_EINVAL,
		    "fill %s: %s was taken back by %s already", f->entry_id,
		    f->reverses, sql_text(&q, 0));
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
fills_next_id(struct db *db, int64_t *out, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db, "SELECT max(id) FROM fills", err);
	if (status == TB_OK)
		status = sql_step(&q, err);
	if (status == TB_OK)
		*out = sql_int(&q, 0) + 1;
	sql_close(&q);
	return status;
}

static enum tb_status
insert_row(struct db *db, const struct fill_row *row, int64_t id,
    int64_t venue_seq, const char *hash, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "INSERT INTO fills (" FILL_COLUMNS ", hash)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
	    " ?14, ?15, ?16)",
	    err);
	if (status != TB_OK)
		return status;
	for (int i = 0; i < FILL_COLUMN_COUNT; i++)
		sql_bind_text(&q, i + 1, row->fields[i]);
	sql_bind_int(&q, 1, id);
	sql_bind_int(&q, 14, venue_seq);
	sql_bind_text(&q, 16, hash);
	return sql_run(&q, err);
}

enum tb_status
fills_insert(struct db *db, struct chain *chain, int64_t id,
    const struct fill *fill, struct tb_err *err)
{
	struct fill_row row;

	assert(fill->entry_id[0] != '\0' && fill->order_id[0] != '\0');
	fill_row_init(&row, id, fill);
	chain_next(chain, row.fields, FILL_COLUMN_COUNT);
	return insert_row(db, &row, id, fill->venue_seq, chain->head, err);
}

enum tb_status
fills_append(struct db *db, const struct fill *fill, int64_t *out_id,
    bool *out_repeated, struct tb_err *err)
{
	struct chain chain;
	enum tb_status status;

	status = find_fill(db, fill, out_id, err);
	*out_repeated = status == TB_OK;
	if (status != TB_ENOENT)
		return status;
	status = check_reversal(db, fill, err);
	if (status == TB_OK)
		status = fills_next_id(db, out_id, err);
	if (status == TB_OK)
		status = chain_load(db, META_FILLS_HEAD, META_FILLS_COUNT,
		    &chain, err);
	if (status == TB_OK)
		status = fills_insert(db, &chain, *out_id, fill, err);
	if (status == TB_OK)
		status = chain_store(db, META_FILLS_HEAD, META_FILLS_COUNT,
		    &chain, err);
	return status;
}

enum tb_status
books_has_fill(struct db *db, const char *entry_id, bool *out,
    struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, "SELECT 1 FROM fills WHERE entry_id = ?1", err);
	sql_bind_text(&q, 1, entry_id);
	status = sql_step(&q, err);
	*out = status == TB_OK;
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
books_find_reversed(struct db *db, const struct fill *reversal,
    char entry_id[static ORDER_ID_MAX], bool *sure, struct tb_err *err)
{
	char size[DECIMAL_STRLEN];
	enum tb_status status;
	struct sql q;

	decimal_format(reversal->size, size);
	(void)sql_open(&q, db,
	    "SELECT reverses, 1 FROM fills WHERE entry_id = ?3"
	    " AND reverses IS NOT NULL UNION ALL SELECT * FROM ("
	    "SELECT entry_id, size = ?4 AND kind = 'fill' FROM fills f"
	    " WHERE order_id = ?1 AND venue_trade_id = ?2"
	    " AND kind IN ('fill', 'correction')"
	    " AND NOT EXISTS (SELECT 1 FROM fills r"
	    " WHERE r.reverses = f.entry_id)"
	    " ORDER BY size <> ?4, kind <> 'fill', id LIMIT 1) LIMIT 1",
	    err);
	sql_bind_text(&q, 1, reversal->order_id);
	sql_bind_text(&q, 2, reversal->venue_trade_id);
	sql_bind_text(&q, 3, reversal->entry_id);
	sql_bind_text(&q, 4, size);
	status = sql_step(&q, err);
	if (status == TB_OK)
		status = sql_copy(&q, 0, entry_id, ORDER_ID_MAX, err);
	*sure = status == TB_OK && sql_int(&q, 1) != 0;
	sql_close(&q);
	return status == TB_END ? TB_ENOENT : status;
}

enum tb_status
books_order_sums(struct db *db, const char *order_id, struct decimal *size,
    struct decimal *value, struct decimal *fee, struct tb_err *err)
{
	struct decimal *const sums[] = { size, value, fee };
	struct decimal d;
	struct sql q;
	enum tb_status status;

	*size = *value = *fee = DECIMAL_ZERO;
	status = sql_open(&q, db,
	    "SELECT size, value, fee FROM fills f WHERE order_id = ?1"
	    " AND kind <> 'reversal' AND NOT EXISTS (SELECT 1 FROM fills r"
	    " WHERE r.reverses = f.entry_id)",
	    err);
	sql_bind_text(&q, 1, order_id);
	while (status == TB_OK && (status = sql_step(&q, err)) == TB_OK)
		for (int i = 0; i < 3 && status == TB_OK; i++) {
			status = sql_decimal(&q, i, &d, err);
			if (status == TB_OK)
				status = decimal_add(*sums[i], d, sums[i]);
		}
	sql_close(&q);
	if (status == TB_ERANGE)
		return tb_fail(err, status,
		    "order %s: the sum of its fills does not fit", order_id);
	return status == TB_END ? TB_OK : status;
}
