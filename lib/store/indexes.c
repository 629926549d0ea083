#include "store/indexes.h"

#include "store/sql.h"

#define SCRIPT_MAX                                                             \
 65536 /* what SQLite takes at once: SQLITE_LIMIT_SQL_LENGTH */

/*
 * What makes the indexes of a table, and what drops them.  SQLite heeds the
 * first statement of a text in its schema only; where there may be more, by
 * another's hand, none of it is run, and the index stays.
 */
static enum tb_status
write_scripts(struct db *db, const char *table, struct buffer *make,
    struct buffer *drop, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT sql, printf('DROP INDEX \"%w\";', name) FROM sqlite_schema"
	    " WHERE type = 'index' AND tbl_name = ?1 AND instr(sql, ';') = 0",
	    err);
	sql_bind_text(&q, 1, table);
	while ((status = sql_step(&q, err)) == TB_OK) {
		const char *makes = sql_text(&q, 0), *drops = sql_text(&q, 1);

		if (makes == NULL || drops == NULL) {
			status = tb_nomem(err);
			break;
		}
		buffer_add_format(make, "%s;", makes);
		buffer_add_string(drop, drops);
	}
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
indexes_drop(struct db *db, const char *const *tables, struct indexes *out,
    struct tb_err *err)
{
	enum tb_status status = TB_OK;
	struct buffer drop;

	buffer_init(&out->script, SCRIPT_MAX);
	buffer_init(&drop, SCRIPT_MAX);
	while (*tables != NULL && status == TB_OK)
		status = write_scripts(db, *tables++, &out->script, &drop, err);
	if (status == TB_OK)
		status = buffer_status(&out->script, err);
	if (status == TB_OK)
		status = buffer_status(&drop, err);
	if (status == TB_OK)
		status = sql_exec(db, buffer_string(&drop), err);
	buffer_release(&drop);
	return status;
}

enum tb_status
indexes_make(struct db *db, struct indexes *in, struct tb_err *err)
{
	enum tb_status status = sql_exec(db, buffer_string(&in->script), err);

	indexes_release(in);
	return status;
}

void
indexes_release(struct indexes *in)
{
	buffer_release(&in->script);
}
