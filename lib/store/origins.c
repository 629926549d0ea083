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

enum tb_status
origins_put(struct db *db, const struct origin_row *row, struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db,
	    "INSERT INTO legacy_rows (source_id, source_table, row_id,"
	    " disposition, reason, became, row, hash)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
	    " ON CONFLICT (source_id, source_table, row_id) DO UPDATE"
	    " SET disposition = ?4, reason = ?5, became = ?6, row = ?7,"
	    " hash = ?8",
	    err);
	sql_bind_int(&q, 1, row->source_id);
	sql_bind_text(&q, 2, row->table);
	sql_bind_int(&q, 3, row->row_id);
	sql_bind_text(&q, 4, row->disposition);
	sql_bind_text(&q, 5, row->reason);
	sql_bind_text(&q, 6, row->became);
	sql_bind_text(&q, 7, row->row);
	sql_bind_text(&q, 8, row->hash);
	return sql_run(&q, err);
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

/* -------------------------------------------------------------- figures -- */

enum tb_status
origins_counts(struct db *db, int64_t source_id, struct origin_count *out,
    size_t max, size_t *out_count, struct tb_err *err)
{
	struct origin_count *n;
	enum tb_status status;
	struct sql q;

	*out_count = 0;
	(void)sql_open(&q, db,
	    "SELECT source_table, disposition, reason, count(*)"
	    " FROM legacy_rows WHERE source_id = ?1 GROUP BY 1, 2, 3"
	    " ORDER BY 1, 2, 3",
	    err);
	sql_bind_int(&q, 1, source_id);
	while ((status = sql_step(&q, err)) == TB_OK) {
		if (*out_count == max) {
			status = tb_fail(err, TB_ERANGE,
			    "more than %zu tables and reasons", max);
			break;
		}
		n = &out[*out_count];
		status = sql_copy(&q, 0, n->table, sizeof(n->table), err);
		if (status == TB_OK)
			status = sql_copy(&q, 1, n->disposition,
			    sizeof(n->disposition), err);
		if (status == TB_OK)
			status = copy_or_empty(&q, 2, n->reason,
			    sizeof(n->reason), err);
		if (status != TB_OK)
			break;
		n->rows = sql_int(&q, 3);
		++*out_count;
	}
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
origins_dangling(struct db *db, int64_t *out, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT count(*) FROM legacy_rows r JOIN legacy_sources s"
	    " ON s.id = r.source_id WHERE CASE"
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
