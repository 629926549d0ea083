#include "store/sql.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "store/handle.h"

/* The place of a literal in the cache: its own, or a free one. */
static struct db_statement *
statement_of(struct db *db, const char *text)
{
	size_t mask = DB_STATEMENTS_MAX - 1;
	size_t at = ((uintptr_t)text >> 3) * 0x9e3779b1u & mask;

	while (db->statements[at].text != NULL &&
	    db->statements[at].text != text)
		at = (at + 1) & mask;
	return &db->statements[at];
}

static struct db_statement *
statement_behind(const struct sql *q)
{
	struct db_statement *s = statement_of(q->db, q->text);

	assert(s->stmt == q->stmt);
	return s;
}

enum tb_status
sql_open(struct sql *q, struct db *db, const char *text, struct tb_err *err)
{
	struct db_statement *s = statement_of(db, text);

	q->db = db;
	q->text = NULL;
	q->stmt = NULL;
	q->bound = TB_OK;
	q->used = 0;
	if (s->text == NULL) {
		assert(db->statement_count < DB_STATEMENTS_MAX / 2);
		if (sqlite3_prepare_v3(db->handle, text, -1,
			SQLITE_PREPARE_PERSISTENT, &s->stmt, NULL) != SQLITE_OK)
			return q->bound = sql_fail(db, "prepare", err);
		s->text = text;
		db->statement_count++;
	}
	assert(!s->is_open);
	s->is_open = true;
	q->text = text;
	q->stmt = s->stmt;
	return TB_OK;
}

void
sql_close(struct sql *q)
{
	if (q->stmt == NULL)
		return;
	statement_behind(q)->is_open = false;
	(void)sqlite3_reset(q->stmt); /* tells again what step has told */
	(void)sqlite3_clear_bindings(q->stmt);
	q->stmt = NULL;
}

/* Keep the first failure of a bind; sql_step() reports it. */
static void
bound(struct sql *q, int code)
{
	if (code == SQLITE_OK || q->bound != TB_OK)
		return;
	q->bound = code == SQLITE_NOMEM ? TB_ENOMEM :
	    code == SQLITE_TOOBIG	? TB_ERANGE :
					  TB_EBUG;
}

void
sql_bind_text(struct sql *q, int at, const char *s)
{
	if (q->stmt != NULL)
		bound(q, sqlite3_bind_text(q->stmt, at, s, -1, SQLITE_STATIC));
}

void
sql_bind_text_n(struct sql *q, int at, const char *s, size_t len)
{
	if (q->stmt != NULL)
		bound(q,
		    sqlite3_bind_text64(q->stmt, at, s, len, SQLITE_STATIC,
			SQLITE_UTF8));
}

void
sql_bind_int(struct sql *q, int at, int64_t n)
{
	if (q->stmt != NULL)
		bound(q, sqlite3_bind_int64(q->stmt, at, n));
}

void
sql_bind_null(struct sql *q, int at)
{
	if (q->stmt != NULL)
		bound(q, sqlite3_bind_null(q->stmt, at));
}

/* A text of ours, which has to live as long as it is bound. */
static void
bind_copy(struct sql *q, int at, const char *text, size_t len)
{
	char *copy = q->room + q->used;

	if (q->stmt == NULL)
		return;
	if (len > sizeof(q->room) - q->used) {
		bound(q,
		    sqlite3_bind_text64(q->stmt, at, text, len,
			SQLITE_TRANSIENT, SQLITE_UTF8));
		return;
	}
	memcpy(copy, text, len);
	q->used += len;
	sql_bind_text_n(q, at, copy, len);
}

void
sql_bind_decimal(struct sql *q, int at, struct decimal d)
{
	char text[DECIMAL_STRLEN];
	size_t len = decimal_format(d, text);

	bind_copy(q, at, text, len);
}

void
sql_bind_instant(struct sql *q, int at, int64_t us)
{
	char text[INSTANT_STRLEN];

	instant_format(us, text);
	bind_copy(q, at, text, INSTANT_STRLEN - 1);
}

enum tb_status
sql_step(struct sql *q, struct tb_err *err)
{
	if (q->stmt == NULL)
		return q->bound; /* sql_open() has told why */
	if (q->bound != TB_OK)
		return tb_fail(err, q->bound, "a value cannot be stored: %s",
		    q->bound == TB_ERANGE ? "too long" : "bind");
	switch (sqlite3_step(q->stmt)) {
	case SQLITE_ROW:
		return TB_OK;
	case SQLITE_DONE:
		return TB_END;
	default:
		return sql_fail(q->db, "database", err);
	}
}

enum tb_status
sql_run(struct sql *q, struct tb_err *err)
{
	enum tb_status status = sql_step(q, err);

	assert(status != TB_OK); /* a row: this was a query */
	sql_close(q);
	return status == TB_END ? TB_OK : status;
}

int
sql_changes(const struct sql *q)
{
	return sqlite3_changes(q->db->handle);
}

int64_t
sql_inserted_id(const struct sql *q)
{
	return sqlite3_last_insert_rowid(q->db->handle);
}

const char *
sql_text(struct sql *q, int column)
{
	return (const char *)sqlite3_column_text(q->stmt, column);
}

size_t
sql_text_len(struct sql *q, int column)
{
	return (size_t)sqlite3_column_bytes(q->stmt, column);
}

int64_t
sql_int(struct sql *q, int column)
{
	return sqlite3_column_int64(q->stmt, column);
}

bool
sql_is_null(struct sql *q, int column)
{
	return sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

enum tb_status
sql_misread(struct sql *q, int column, const char *expected, struct tb_err *err)
{
	const char *found = sql_text(q, column);

	if (found == NULL && sqlite3_errcode(q->db->handle) == SQLITE_NOMEM)
		return tb_nomem(err);
	return tb_fail(err, TB_EDISAGREE,
	    "%s: expected %s, found %.40s: the database was changed by hand, "
	    "or is damaged: run tb-migrate check",
	    sqlite3_column_name(q->stmt, column), expected,
	    found == NULL ? "NULL" : found);
}

enum tb_status
sql_copy(struct sql *q, int column, char *buf, size_t size, struct tb_err *err)
{
	const char *s = sql_text(q, column);
	size_t len = sql_text_len(q, column);

	if (s == NULL || len >= size || memchr(s, '\0', len) != NULL)
		return sql_misread(q, column, "a shorter text", err);
	memcpy(buf, s, len + 1);
	return TB_OK;
}

enum tb_status
sql_decimal(struct sql *q, int column, struct decimal *out, struct tb_err *err)
{
	const char *s = sql_text(q, column);

	if (s == NULL ||
	    decimal_parse(s, sql_text_len(q, column), out) != TB_OK)
		return sql_misread(q, column, "an amount", err);
	return TB_OK;
}

enum tb_status
sql_instant(struct sql *q, int column, int64_t *out_us, struct tb_err *err)
{
	const char *s = sql_text(q, column);

	if (s == NULL ||
	    instant_parse(s, sql_text_len(q, column), out_us) != TB_OK)
		return sql_misread(q, column, "a moment", err);
	return TB_OK;
}

enum tb_status
sql_side(struct sql *q, int column, enum side *out, struct tb_err *err)
{
	const char *s = sql_text(q, column);

	if (s == NULL || side_parse(s, sql_text_len(q, column), out) != TB_OK)
		return sql_misread(q, column, "BUY or SELL", err);
	return TB_OK;
}

enum tb_status
sql_exec(struct db *db, const char *text, struct tb_err *err)
{
	if (sqlite3_exec(db->handle, text, NULL, NULL, NULL) != SQLITE_OK)
		return sql_fail(db, "database", err);
	return TB_OK;
}

sqlite3 *
sql_handle(struct db *db)
{
	return db->handle;
}

/* The class of a result code of SQLite. */
static enum tb_status
class_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return TB_EBUSY;
	case SQLITE_NOMEM:
		return TB_ENOMEM;
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_READONLY:
		return TB_EPERM;
	case SQLITE_NOTADB:
		return TB_ECONFIG;
	case SQLITE_CORRUPT:
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
		return TB_EDISAGREE;
	case SQLITE_TOOBIG:
		return TB_ERANGE;
	case SQLITE_ERROR:
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
	case SQLITE_SCHEMA:
		return TB_EBUG;
	default: /* FULL, IOERR, CANTOPEN, INTERRUPT, ... */
		return TB_EIO;
	}
}

enum tb_status
sql_damage(const char *path, const char *finding, struct tb_err *err)
{
	static const char unread[] = "error code=";
	const char *code = strstr(finding, unread);
	enum tb_status status = code == NULL ?
	    TB_EDISAGREE :
	    class_of((int)strtol(code + strlen(unread), NULL, 10));

	if (status == TB_EIO || status == TB_ENOMEM)
		return tb_fail(err, status, "%s: not looked at whole: %.300s",
		    path, finding);
	return tb_fail(err, TB_EDISAGREE, "%s: damaged: %.300s", path, finding);
}

enum tb_status
sql_fail(struct db *db, const char *what, struct tb_err *err)
{
	int code = sqlite3_extended_errcode(db->handle);
	enum tb_status status = class_of(code);

	if (status == TB_EBUSY)
		return tb_fail(err, status,
		    "%s: %s is locked by another program: try again later",
		    what, db->path);
	if (status == TB_EIO)
		return tb_fail(err, status, "%s: %s: %s (SQLite %d)", db->path,
		    what, sqlite3_errmsg(db->handle), code);
	return tb_fail(err, status, "%s: %s: %s%s", db->path, what,
	    sqlite3_errmsg(db->handle),
	    (code & 0xff) == SQLITE_CORRUPT ?
		": damaged: tb-migrate restore puts a backup in its place" :
		"");
}
