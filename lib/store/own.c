#include "store/own.h"

#include <stdio.h>

#include "store/history.h"
#include "store/sql.h"

#define OWN_NAME_MAX 128 /* of a name in a message */

void
own_init(struct own *own)
{
	*own = (struct own){ 0 };
}

void
own_release(struct own *own)
{
	(void)sqlite3_close(own->reference);
	own_init(own);
}

/* Up it goes on from where it is; down it begins again. */
static enum tb_status
bring_reference(struct own *own, int version, struct tb_err *err)
{
	enum tb_status status;

	if (version < own->version)
		own_release(own);
	status = history_reference(&own->reference, own->version, version, err);
	own->version = version;
	return status;
}

/* What the reference has too is ours. */
static enum tb_status
strike_ours(struct own *own, struct db *db, struct tb_err *err)
{
	static const char text[] =
	    "SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL";
	enum tb_status status = TB_OK;
	sqlite3_stmt *ours = NULL;
	struct sql q;
	int code = SQLITE_OK;

	if (sqlite3_prepare_v2(own->reference, text, -1, &ours, NULL) !=
	    SQLITE_OK)
		return tb_nomem(err);
	while (status == TB_OK && (code = sqlite3_step(ours)) == SQLITE_ROW) {
		(void)sql_open(&q, db,
		    "DELETE FROM own WHERE type = ?1 AND name = ?2", err);
		sql_bind_text(&q, 1,
		    (const char *)sqlite3_column_text(ours, 0));
		sql_bind_text(&q, 2,
		    (const char *)sqlite3_column_text(ours, 1));
		status = sql_run(&q, err);
	}
	if (status == TB_OK && code != SQLITE_DONE)
		status = tb_nomem(err);
	(void)sqlite3_finalize(ours);
	return status;
}

/* Run one statement that is not ours; its code. */
static int
run_text(struct db *db, const char *text)
{
	sqlite3_stmt *q = NULL;
	int code = sqlite3_prepare_v2(sql_handle(db), text, -1, &q, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(q);
	(void)sqlite3_finalize(q);
	return code == SQLITE_DONE ? SQLITE_OK : code & 0xff;
}

/* TB_END: there is no n-th. */
static enum tb_status
drop(struct db *db, int64_t n, struct tb_err *err)
{
	enum tb_status status;
	char *text = NULL;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT type, name FROM own ORDER BY rowid LIMIT 1 OFFSET ?1", err);
	sql_bind_int(&q, 1, n);
	status = sql_step(&q, err);
	if (status == TB_OK) /* a view took its triggers along */
		text = sqlite3_mprintf("DROP %s IF EXISTS main.\"%w\"",
		    sql_text(&q, 0), sql_text(&q, 1));
	sql_close(&q); /* nothing is dropped while a statement is open */
	if (status == TB_OK && text == NULL)
		status = tb_nomem(err);
	if (status == TB_OK && run_text(db, text) != SQLITE_OK)
		status = sql_fail(db, "what you added", err);
	sqlite3_free(text);
	return status;
}

enum tb_status
own_set_aside(struct own *own, struct db *db, int version, struct tb_err *err)
{
	enum tb_status status = bring_reference(own, version, err);

	if (status == TB_OK)
		status = sql_exec(db,
		    "CREATE TEMP TABLE own AS"
		    " SELECT type, name, tbl_name, sql FROM main.sqlite_schema"
		    " WHERE type IN ('index', 'view', 'trigger')"
		    " AND sql IS NOT NULL ORDER BY rowid",
		    err);
	if (status == TB_OK)
		status = strike_ours(own, db, err);
	for (int64_t n = 0; status == TB_OK; n++)
		status = drop(db, n, err);
	return status == TB_END ? TB_OK : status;
}

/* The row that q stands on. */
static enum tb_status
make_again(struct db *db, struct sql *q, struct tb_err *err)
{
	char what[OWN_NAME_MAX];
	int code;

	(void)snprintf(what, sizeof(what), "%s %s", sql_text(q, 0),
	    sql_text(q, 1));
	if (sql_int(q, 3) != 0)
		return tb_fail(err, TB_EREFUSED,
		    "%s has the name of one of ours: drop it first", what);
	code = run_text(db, sql_text(q, 2));
	if (code == SQLITE_ERROR)
		return tb_fail(err, TB_EREFUSED,
		    "%s could not be made again: %s: drop it first", what,
		    sqlite3_errmsg(sql_handle(db)));
	return code == SQLITE_OK ? TB_OK : sql_fail(db, what, err);
}

/* TB_END: there is no n-th. */
static enum tb_status
put_back(struct db *db, int64_t n, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT type, name, sql,"
	    " EXISTS (SELECT 1 FROM main.sqlite_schema"
	    " WHERE name = o.name COLLATE NOCASE),"
	    " type = 'view' OR EXISTS (SELECT 1 FROM main.sqlite_schema"
	    " WHERE type IN ('table', 'view')"
	    " AND name = o.tbl_name COLLATE NOCASE)"
	    " FROM own o ORDER BY o.rowid LIMIT 1 OFFSET ?1",
	    err);
	sql_bind_int(&q, 1, n);
	status = sql_step(&q, err);
	if (status == TB_OK && sql_int(&q, 4) != 0)
		status = make_again(db, &q, err);
	sql_close(&q);
	return status;
}

enum tb_status
own_put_back(struct db *db, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	for (int64_t n = 0; status == TB_OK; n++)
		status = put_back(db, n, err);
	return status == TB_END ? sql_exec(db, "DROP TABLE own", err) : status;
}
