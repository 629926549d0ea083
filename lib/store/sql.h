#ifndef TB_STORE_SQL_H
#define TB_STORE_SQL_H

/*
 * sql: statements, for the files of this room only.
 *
 * A statement is prepared once a process and kept: most of what a short run
 * costs is preparing.  Binding and reading go by position, so the shape of a
 * query stands in one function.  A failure to open or to bind sticks until
 * sql_step() returns it:
 *
 *	struct sql q;
 *
 *	(void)sql_open(&q, db, "SELECT name FROM bots WHERE id = ?1", err);
 *	sql_bind_int(&q, 1, id);
 *	while ((status = sql_step(&q, err)) == TB_OK)
 *		...sql_text(&q, 0)...
 *	sql_close(&q);
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "base/decimal.h"
#include "base/err.h"
#include "base/market.h"
#include "store/db.h"

#define SQL_ROOM 256 /* what does not fit SQLite has to copy */

struct sql {
	struct db *db;
	const char *text;     /* the literal it was opened with */
	sqlite3_stmt *stmt;   /* owned by the cache of db; NULL: closed */
	enum tb_status bound; /* first failure of sql_open() or a bind */
	size_t used;	      /* of room: amounts and moments that are bound */
	char room[SQL_ROOM];
};

/*
 * sql_open: the statement, ready for binding.
 *
 * in:	   text	 a string literal: the cache goes by its address, so one
 *		 that is open is not opened again
 * errors: TB_EIO, TB_EBUSY, TB_ENOMEM
 */
enum tb_status sql_open(struct sql *q, struct db *db, const char *text,
    struct tb_err *err);

/* sql_close: reset it; its rows are gone.  Fine after a failed sql_open(), and
 * twice.  Binding to what failed to open is fine as well. */
void sql_close(struct sql *q);

/* Text is borrowed until sql_close(); NULL binds NULL. */
void sql_bind_text(struct sql *q, int at, const char *s);
void sql_bind_text_n(struct sql *q, int at, const char *s, size_t len);
void sql_bind_int(struct sql *q, int at, int64_t n);
void sql_bind_null(struct sql *q, int at);
void sql_bind_decimal(struct sql *q, int at, struct decimal d); /* copied */
void sql_bind_instant(struct sql *q, int at, int64_t us);	/* copied */

/*
 * sql_step: the next row.
 *
 * returns: TB_OK a row; TB_END no more
 * errors:  TB_EBUSY, TB_EIO, TB_ENOMEM, TB_EDISAGREE (damaged, or a CHECK or
 *	    trigger refused the row: a fault of ours or of a stranger's hand)
 */
enum tb_status sql_step(struct sql *q, struct tb_err *err);

/* sql_run: step once where no row is expected, and close. TB_END is TB_OK. */
enum tb_status sql_run(struct sql *q, struct tb_err *err);

/* Rows that the last INSERT, UPDATE or DELETE changed; the newest rowid. */
int sql_changes(const struct sql *q);
int64_t sql_inserted_id(const struct sql *q);

/* Columns, from 0; text is borrowed until the next step; NULL for NULL. */
const char *sql_text(struct sql *q, int column);
size_t sql_text_len(struct sql *q, int column);
int64_t sql_int(struct sql *q, int column);
bool sql_is_null(struct sql *q, int column);

/* Into a bounded array; errors: TB_EDISAGREE too long or NULL. */
enum tb_status sql_copy(struct sql *q, int column, char *buf, size_t size,
    struct tb_err *err);

/* sql_misread: TB_EDISAGREE, a column that holds something else. */
enum tb_status sql_misread(struct sql *q, int column, const char *expected,
    struct tb_err *err);

/* errors: TB_EDISAGREE no amount; no moment; no side */
enum tb_status sql_decimal(struct sql *q, int column, struct decimal *out,
    struct tb_err *err);
enum tb_status sql_instant(struct sql *q, int column, int64_t *out_us,
    struct tb_err *err);
enum tb_status sql_side(struct sql *q, int column, enum side *out,
    struct tb_err *err);

/* sql_exec: statements without parameters, not cached; for schema work. */
enum tb_status sql_exec(struct db *db, const char *text, struct tb_err *err);

/* sql_handle: for backup, limits and the like. */
sqlite3 *sql_handle(struct db *db);

/* sql_fail: the status and message of SQLite's last failure on db. */
enum tb_status sql_fail(struct db *db, const char *what, struct tb_err *err);

/*
 * sql_damage: what a finding of integrity_check comes to.
 *
 * errors: TB_EDISAGREE damage; TB_EIO, TB_ENOMEM a page could not be had
 */
enum tb_status sql_damage(const char *path, const char *finding,
    struct tb_err *err);

#endif /* TB_STORE_SQL_H */
