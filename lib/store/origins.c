#include "store/origins.h"

#include "store/sql.h"

/* ------------------------------------------------------------- sources -- */

enum tb_status
origins_source_put(struct db *db, struct origin_source *source,
    struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "INSERT INTO legacy_sources (file, sha256, variant, read_at,"
	    " backup) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (file) DO UPDATE"
	    " SET sha256 = ?2, variant = ?3, read_at = ?4",
	    err);
	sql_bind_text(&q, 1, source->file);
	sql_bind_text(&q, 2, source->sha256);
	sql_bind_text(&q, 3, source->variant);
	sql_bind_instant(&q, 4, source->read_at_us);
	sql_bind_text(&q, 5, source->backup);
	status = sql_run(&q, err);
	if (status != TB_OK)
		return status;
	(void)sql_open(&q, db, "SELECT id FROM legacy_sources WHERE file = ?1",
	    err);
	sql_bind_text(&q, 1, source->file);
	status = sql_step(&q, err);
	if (status == TB_OK)
		source->id = sql_int(&q, 0);
	sql_close(&q);
	return status;
}

enum tb_status
origins_source_next(struct db *db, int64_t after_id, struct origin_source *out,
    struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT id, file, sha256, variant, read_at, backup"
	    " FROM legacy_sources WHERE id > ?1 ORDER BY id LIMIT 1",
	    err);
	sql_bind_int(&q, 1, after_id);
	status = sql_step(&q, err);
	if (status == TB_OK) {
		out->id = sql_int(&q, 0);
		status = sql_copy(&q, 1, out->file, sizeof(out->file), err);
	}
	if (status == TB_OK)
		status = sql_copy(&q, 2, out->sha256, sizeof(out->sha256), err);
	if (status == TB_OK)
		status =
		    sql_copy(&q, 3, out->variant, sizeof(out->variant), err);
	if (status == TB_OK)
		status = sql_instant(&q, 4, &out->read_at_us, err);
	if (status == TB_OK)
		status = sql_copy(&q, 5, out->backup, sizeof(out->backup), err);
	sql_close(&q);
	return status;
}

/* ---------------------------------------------------------------- rows -- */

static enum tb_status
copy_or_empty(struct sql *q, int column, char *buf, size_t size,
    struct tb_err *err)
{
	buf[0] = '\0';
	if (sql_is_null(q, column))
		return TB_OK;
	return sql_copy(q, column, buf, size, err);
}

enum tb_status
origins_find(struct db *db, int64_t source_id, const char *table,
    int64_t row_id, struct origin_known *out, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	out->known = false;
	(void)sql_open(&q, db,
	    "SELECT disposition, reason, became, hash FROM legacy_rows"
	    " WHERE source_id = ?1 AND source_table = ?2 AND row_id = ?3",
	    err);
	sql_bind_int(&q, 1, source_id);
	sql_bind_text(&q, 2, table);
	sql_bind_int(&q, 3, row_id);
	status = sql_step(&q, err);
	out->known = status == TB_OK;
	if (status == TB_OK)
		status = sql_copy(&q, 0, out->disposition,
		    sizeof(out->disposition), err);
	if (status == TB_OK)
		status =
		    copy_or_empty(&q, 1, out->reason, sizeof(out->reason), err);
	if (status == TB_OK)
		status =
		    copy_or_empty(&q, 2, out->became, sizeof(out->became), err);
	if (status == TB_OK)
		status = sql_copy(&q, 3, out->hash, sizeof(out->hash), err);
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

#define ADD_ROW                                                                \
 "INSERT INTO legacy_rows (source_id, source_table, row_id, disposition,"      \
 " reason, became, row, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"

static enum tb_status
run_row(struct sql *q, const struct origin_row *row, struct tb_err *err)
{
	sql_bind_int(q, 1, row->source_id);
	sql_bind_text(q, 2, row->table);
	sql_bind_int(q, 3, row->row_id);
	sql_bind_text(q, 4, row->disposition);
	sql_bind_text(q, 5, row->reason);
	sql_bind_text(q, 6, row->became);
	sql_bind_text(q, 7, row->row);
	sql_bind_text(q, 8, row->hash);
	return sql_run(q, err);
}

enum tb_status
origins_add(struct db *db, const struct origin_row *row, struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db, ADD_ROW, err);
	return run_row(&q, row, err);
}

enum tb_status
origins_put(struct db *db, const struct origin_row *row, struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db,
	    ADD_ROW " ON CONFLICT (source_id, source_table, row_id) DO UPDATE"
		    " SET disposition = ?4, reason = ?5, became = ?6, row = ?7,"
		    " hash = ?8",
	    err);
	return run_row(&q, row, err);
}

enum tb_status
origins_each(struct db *db, int64_t source_id, const char *table,
    origins_reader *each, void *arg, struct tb_err *err)
{
	struct origin_row row = { .source_id = source_id };
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT source_table, row_id, disposition, reason, became, row,"
	    " hash FROM legacy_rows WHERE source_id = ?1"
	    " AND (?2 IS NULL OR source_table = ?2)"
	    " ORDER BY source_table, row_id",
	    err);
	sql_bind_int(&q, 1, source_id);
	sql_bind_text(&q, 2, table);
	while ((status = sql_step(&q, err)) == TB_OK) {
		row.table = sql_text(&q, 0);
		row.row_id = sql_int(&q, 1);
		row.disposition = sql_text(&q, 2);
		row.reason = sql_text(&q, 3);
		row.became = sql_text(&q, 4);
		row.row = sql_text(&q, 5);
		row.hash = sql_text(&q, 6);
		status = each(&row, arg, err);
		if (status != TB_OK)
			break;
	}
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

/* --------------------------------------------------------------- merges -- */

#define MERGES_DEEP 16 /* rows merged into rows merged into ... */
#define MERGES_TABLE                                                           \
 "CREATE TEMP TABLE IF NOT EXISTS merges (source_id, source_table, row_id,"    \
 " into_source, into_table, into_row)"

enum tb_status
origins_merge(struct db *db, const struct origin_row *row,
    const struct origin_row *into, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	status = sql_exec(db, MERGES_TABLE, err);
	if (status != TB_OK)
		return status;
	(void)sql_open(&q, db,
	    "INSERT INTO merges VALUES (?1, ?2, ?3, ?4, ?5, ?6)", err);
	sql_bind_int(&q, 1, row->source_id);
	sql_bind_text(&q, 2, row->table);
	sql_bind_int(&q, 3, row->row_id);
	sql_bind_int(&q, 4, into->source_id);
	sql_bind_text(&q, 5, into->table);
	sql_bind_int(&q, 6, into->row_id);
	return sql_run(&q, err);
}

/* Once; what was merged into a merged row needs another time. */
static enum tb_status
follow_merges(struct db *db, int *changes, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "UPDATE legacy_rows AS r SET became = w.became FROM merges m"
	    " JOIN legacy_rows w ON w.source_id = m.into_source"
	    " AND w.source_table = m.into_table AND w.row_id = m.into_row"
	    " WHERE r.source_id = m.source_id"
	    " AND r.source_table = m.source_table AND r.row_id = m.row_id"
	    " AND r.became IS NOT w.became",
	    err);
	status = sql_run(&q, err);
	*changes = status == TB_OK ? sql_changes(&q) : 0;
	return status;
}

enum tb_status
origins_merges_end(struct db *db, struct tb_err *err)
{
	enum tb_status status;
	int changes = 1;

	status = sql_exec(db, MERGES_TABLE, err);
	for (int i = 0; i < MERGES_DEEP && changes > 0; i++)
		if (status == TB_OK)
			status = follow_merges(db, &changes, err);
	return status == TB_OK ? sql_exec(db, "DELETE FROM merges", err) :
				 status;
}

/* -------------------------------------------------------------- figures -- */

/*
 * What is looked up in another table comes sorted by that table's key: it finds
 * the pages one after the other, and in the cache.  GROUP BY, because SQLite
 * leaves out the ORDER BY of a subquery; by a row's own key as well, so that a
 * group is a row; and with a +, so that no other order will do.
 */

static enum tb_status
read_sums(struct sql *q, struct origin_sums *out, struct tb_err *err)
{
	struct decimal *const sums[] = { &out->buy_qty, &out->sell_qty,
		&out->buy_usd, &out->sell_usd, &out->commission };
	enum tb_status status;

	*out = (struct origin_sums){ .buys = sql_int(q, 1),
		.sells = sql_int(q, 2) };
	status = sql_copy(q, 0, out->product_id, PRODUCT_ID_MAX, err);
	for (int i = 0; i < 5 && status == TB_OK; i++)
		if (!sql_is_null(q, 3 + i))
			status = sql_decimal(q, 3 + i, sums[i], err);
	return status;
}

enum tb_status
origins_sums(struct db *db, int64_t source_id, origins_summer *each, void *arg,
    struct tb_err *err)
{
	struct origin_sums sums;
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT t.product_id, sum(side = 'BUY'), sum(side = 'SELL'),"
	    " decimal_sum(CASE side WHEN 'BUY' THEN size_crypto END),"
	    " decimal_sum(CASE side WHEN 'SELL' THEN size_crypto END),"
	    " decimal_sum(CASE side WHEN 'BUY' THEN size_usd END),"
	    " decimal_sum(CASE side WHEN 'SELL' THEN size_usd END),"
	    " decimal_sum(commission) FROM (SELECT i.id FROM (SELECT became,"
	    " source_table, row_id FROM legacy_rows WHERE source_id = ?1"
	    " AND source_table IN ('trades', 'raw_trades')"
	    " AND disposition IN ('keep', 'convert')"
	    " GROUP BY +became, +source_table, +row_id) r"
	    " CROSS JOIN trades i ON i.order_id = r.became"
	    " GROUP BY i.id, r.source_table, r.row_id) r"
	    " CROSS JOIN trades t ON t.id = r.id"
	    " WHERE t.status = 'filled' GROUP BY 1 ORDER BY 1",
	    err);
	sql_bind_int(&q, 1, source_id);
	while ((status = sql_step(&q, err)) == TB_OK) {
		status = read_sums(&q, &sums, err);
		if (status == TB_OK)
			status = each(&sums, arg, err);
		if (status != TB_OK)
			break;
	}
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

/* One trade: sides, and all else 0. */
static enum tb_status
read_trade_sums(struct sql *q, struct origin_sums *out, struct tb_err *err)
{
	struct decimal size, value;
	enum tb_status status;
	enum side side;

	*out = (struct origin_sums){ 0 };
	status = sql_copy(q, 0, out->product_id, PRODUCT_ID_MAX, err);
	if (status == TB_OK)
		status = sql_side(q, 1, &side, err);
	if (status == TB_OK)
		status = sql_decimal(q, 2, &size, err);
	if (status == TB_OK)
		status = sql_decimal(q, 3, &value, err);
	if (status == TB_OK)
		status = sql_decimal(q, 4, &out->commission, err);
	if (status != TB_OK)
		return status;
	if (side == SIDE_BUY) {
		out->buys = 1;
		out->buy_qty = size;
		out->buy_usd = value;
	} else {
		out->sells = 1;
		out->sell_qty = size;
		out->sell_usd = value;
	}
	return TB_OK;
}

enum tb_status
origins_trade_sums(struct db *db, origins_summer *each, void *arg,
    struct tb_err *err)
{
	struct origin_sums sums;
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT product_id, side, size_crypto, size_usd, commission"
	    " FROM trades WHERE status = 'filled' ORDER BY id",
	    err);
	while ((status = sql_step(&q, err)) == TB_OK) {
		status = read_trade_sums(&q, &sums, err);
		if (status == TB_OK)
			status = each(&sums, arg, err);
		if (status != TB_OK)
			break;
	}
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
origins_tables(struct db *db, int64_t source_id, origins_teller *each,
    void *arg, struct tb_err *err)
{
	struct origin_table t;
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT source_table, count(*), sum((disposition = 'keep' OR"
	    " disposition = 'convert') AND source_table IN ('trades',"
	    " 'raw_trades')) FROM legacy_rows WHERE source_id = ?1 GROUP BY 1",
	    err);
	sql_bind_int(&q, 1, source_id);
	while ((status = sql_step(&q, err)) == TB_OK) {
		t = (struct origin_table){ .table = sql_text(&q, 0),
			.rows = sql_int(&q, 1),
			.trades = sql_int(&q, 2) };
		status = each(&t, arg, err);
		if (status != TB_OK)
			break;
	}
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
origins_counts(struct db *db, int64_t source_id, origins_counter *each,
    void *arg, struct tb_err *err)
{
	struct origin_count n;
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT source_table, disposition, reason, count(*)"
	    " FROM legacy_rows WHERE source_id = ?1 GROUP BY 1, 2, 3"
	    " ORDER BY 1, 2, 3",
	    err);
	sql_bind_int(&q, 1, source_id);
	while ((status = sql_step(&q, err)) == TB_OK) {
		n = (struct origin_count){ .table = sql_text(&q, 0),
			.disposition = sql_text(&q, 1),
			.reason = sql_text(&q, 2),
			.rows = sql_int(&q, 3) };
		status = each(&n, arg, err);
		if (status != TB_OK)
			break;
	}
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
origins_dangling(struct db *db, int64_t *out,
    char first[static ORIGIN_LABEL_MAX], struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT count(*), coalesce(min(substr(source_table, 1, 64) || ' '"
	    " || row_id), '') FROM (SELECT became, source_id, source_table,"
	    " row_id, disposition FROM legacy_rows"
	    " GROUP BY +became, +source_id, +source_table, +row_id) r"
	    " CROSS JOIN legacy_sources s ON s.id = r.source_id WHERE CASE"
	    " WHEN disposition = 'quarantine' THEN (SELECT count(*)"
	    " FROM quarantine q WHERE q.source_file = s.file"
	    " AND q.source_table = r.source_table"
	    " AND q.source_id = CAST(r.row_id AS TEXT)) <> 1"
	    " WHEN disposition = 'archive' THEN 0"
	    " WHEN source_table IN ('trades', 'raw_trades') THEN NOT EXISTS"
	    " (SELECT 1 FROM trades t WHERE t.order_id = r.became)"
	    " WHEN source_table = 'bot_signal_history' THEN NOT EXISTS"
	    " (SELECT 1 FROM evaluations e WHERE e.evaluation_id = r.became)"
	    " ELSE 0 END",
	    err);
	status = sql_step(&q, err);
	if (status == TB_OK)
		*out = sql_int(&q, 0);
	if (status == TB_OK)
		status = sql_copy(&q, 1, first, ORIGIN_LABEL_MAX, err);
	sql_close(&q);
	return status;
}

enum tb_status
origins_is_fresh(struct db *db, bool *out, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT NOT EXISTS (SELECT 1 FROM legacy_sources)"
	    " AND NOT EXISTS (SELECT 1 FROM trades)"
	    " AND NOT EXISTS (SELECT 1 FROM fills)",
	    err);
	status = sql_step(&q, err);
	if (status == TB_OK)
		*out = sql_int(&q, 0) != 0;
	sql_close(&q);
	return status;
}

enum tb_status
origins_total(struct db *db, int64_t *out, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, "SELECT count(*) FROM legacy_rows", err);
	status = sql_step(&q, err);
	if (status == TB_OK)
		*out = sql_int(&q, 0);
	sql_close(&q);
	return status;
}

enum tb_status
origins_forget(struct db *db, int64_t *out_rows, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "UPDATE legacy_rows SET row = NULL WHERE row IS NOT NULL", err);
	status = sql_run(&q, err);
	if (status == TB_OK)
		*out_rows = sql_changes(&q);
	return status;
}
