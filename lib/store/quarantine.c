#include "store/quarantine.h"

#include <string.h>

#include "store/sql.h"

enum tb_status
quarantine_put(struct db *db, const struct quarantine_row *row,
    struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db,
	    "INSERT INTO quarantine (source_file, source_table, source_id,"
	    " row, reason, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	    err);
	sql_bind_text(&q, 1, row->source_file);
	sql_bind_text(&q, 2, row->source_table);
	sql_bind_text(&q, 3, row->source_id);
	sql_bind_text(&q, 4, row->row);
	sql_bind_text(&q, 5, row->reason);
	sql_bind_instant(&q, 6, row->at_us);
	return sql_run(&q, err);
}

static void
bind_place(struct sql *q, const char *file, const char *table, const char *id)
{
	sql_bind_text(q, 1, file);
	sql_bind_text(q, 2, table);
	sql_bind_text(q, 3, id);
}

enum tb_status
quarantine_free(struct db *db, const char *source_file,
    const char *source_table, const char *source_id, struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db,
	    "DELETE FROM quarantine WHERE source_file = ?1"
	    " AND source_table = ?2 AND source_id = ?3",
	    err);
	bind_place(&q, source_file, source_table, source_id);
	return sql_run(&q, err);
}

enum tb_status
quarantine_text(struct db *db, const char *source_file,
    const char *source_table, const char *source_id, char **out,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	*out = NULL;
	(void)sql_open(&q, db,
	    "SELECT row FROM quarantine WHERE source_file = ?1"
	    " AND source_table = ?2 AND source_id = ?3",
	    err);
	bind_place(&q, source_file, source_table, source_id);
	status = sql_step(&q, err);
	if (status == TB_OK) {
		*out = strdup(sql_text(&q, 0));
		if (*out == NULL)
			status = tb_nomem(err);
	}
	sql_close(&q);
	if (status == TB_END)
		return tb_fail(err, TB_ENOENT, "%s: %s %s is not in quarantine",
		    source_file, source_table, source_id);
	return status;
}
