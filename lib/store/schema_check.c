/* The checks of schema.h: that what is there is what the migrations make. */

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "store/history.h"
#include "store/schema.h"
#include "store/sql.h"

#define STEPS_MAX 64 /* versions of a history */

enum tb_status
history_check_references(struct db *db, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, "PRAGMA foreign_key_check", err);
	status = sql_step(&q, err);
	if (status == TB_OK)
		status = tb_fail(err, TB_EDISAGREE,
		    "%s: row %" PRId64 " of table %s refers to no row of %s",
		    db_path(db), sql_int(&q, 1), sql_text(&q, 0),
		    sql_text(&q, 2));
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
history_check_sums(struct db *db, int version, struct tb_err *err)
{
	struct schema_step steps[STEPS_MAX];
	size_t count;
	enum tb_status status = schema_steps(db, steps, STEPS_MAX, &count, err);

	if (status != TB_OK)
		return status;
	for (int v = 1; v <= version; v++) {
		const struct migration *m = history_migration(v);
		const struct schema_step *s = &steps[v - 1];

		if ((size_t)v > count || s->version != v ||
		    s->applied_at_us == 0)
			return tb_fail(err, TB_EDISAGREE,
			    "%s: schema_migrations has no version %d",
			    db_path(db), v);
		if (strcmp(s->sha256, m->sha256) != 0 ||
		    strcmp(s->name, m->name) != 0)
			return tb_fail(err, TB_EDISAGREE,
			    "%s: was made with another %04d-%s (sha256 %.12s), "
			    "this tool has %s (%.12s)",
			    db_path(db), v, s->name, s->sha256, m->name,
			    m->sha256);
	}
	return TB_OK;
}

enum tb_status
history_reference(sqlite3 **handle, int from, int to, struct tb_err *err)
{
	if (*handle == NULL && sqlite3_open(":memory:", handle) != SQLITE_OK)
		return tb_nomem(err);
	for (int v = from + 1; v <= to; v++)
		if (sqlite3_exec(*handle, history_migration(v)->up, NULL, NULL,
			NULL) != SQLITE_OK)
			return sqlite3_errcode(*handle) == SQLITE_NOMEM ?
			    tb_nomem(err) :
			    tb_fail(err, TB_EBUG, "migration %d: %s", v,
				sqlite3_errmsg(*handle));
	return TB_OK;
}

/* The same but for blanks and the quotes that ALTER TABLE RENAME puts. */
static bool
same_sql(const char *a, const char *b)
{
	static const char skipped[] = " \t\n\"";

	if (a == NULL || b == NULL)
		return a == b;
	for (;; a++, b++) {
		a += strspn(a, skipped);
		b += strspn(b, skipped);
		if (*a != *b)
			return false;
		if (*a == '\0')
			return true;
	}
}

static enum tb_status
check_object(struct db *db, const char *type, const char *name,
    const char *expected, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT sql FROM sqlite_schema WHERE type = ?1 AND name = ?2", err);
	sql_bind_text(&q, 1, type);
	sql_bind_text(&q, 2, name);
	status = sql_step(&q, err);
	if (status == TB_END)
		status = tb_fail(err, TB_EDISAGREE, "%s: %s %s is missing",
		    db_path(db), type, name);
	else if (status == TB_OK && !same_sql(sql_text(&q, 0), expected))
		status = tb_fail(err, TB_EDISAGREE,
		    "%s: %s %s is not what the migrations make", db_path(db),
		    type, name);
	sql_close(&q);
	return status;
}

/* Every object of reference stands in db. */
static enum tb_status
check_objects(struct db *db, sqlite3 *reference, struct tb_err *err)
{
	static const char text[] =
	    "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL";
	enum tb_status status = TB_OK;
	sqlite3_stmt *q = NULL;

	if (sqlite3_prepare_v2(reference, text, -1, &q, NULL) != SQLITE_OK)
		return tb_nomem(err);
	while (status == TB_OK && sqlite3_step(q) == SQLITE_ROW)
		status =
		    check_object(db, (const char *)sqlite3_column_text(q, 0),
			(const char *)sqlite3_column_text(q, 1),
			(const char *)sqlite3_column_text(q, 2), err);
	(void)sqlite3_finalize(q);
	return status;
}

/* A trigger that we did not make could change what we write. */
static enum tb_status
check_triggers(struct db *db, sqlite3 *reference, struct tb_err *err)
{
	static const char has[] = "SELECT 1 FROM sqlite_schema"
				  " WHERE type = 'trigger' AND name = ?1";
	sqlite3_stmt *known = NULL;
	enum tb_status status;
	struct sql q;

	if (sqlite3_prepare_v2(reference, has, -1, &known, NULL) != SQLITE_OK)
		return tb_nomem(err);
	(void)sql_open(&q, db,
	    "SELECT name FROM sqlite_schema WHERE type = 'trigger'", err);
	while ((status = sql_step(&q, err)) == TB_OK) {
		(void)sqlite3_bind_text(known, 1, sql_text(&q, 0), -1,
		    SQLITE_STATIC);
		if (sqlite3_step(known) != SQLITE_ROW) {
			status = tb_fail(err, TB_EDISAGREE,
			    "%s: trigger %s is none of ours: drop it",
			    db_path(db), sql_text(&q, 0));
			break;
		}
		(void)sqlite3_reset(known);
	}
	sql_close(&q);
	(void)sqlite3_finalize(known);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
schema_check(struct db *db, struct tb_err *err)
{
	sqlite3 *reference = NULL;
	enum tb_status status;
	int version = 0;

	status = schema_version(db, &version, err);
	if (status == TB_OK)
		status = schema_is_known(db, version, err);
	if (status == TB_OK)
		status = history_check_sums(db, version, err);
	if (status == TB_OK)
		status = history_reference(&reference, 0, version, err);
	if (status == TB_OK)
		status = check_objects(db, reference, err);
	if (status == TB_OK)
		status = check_triggers(db, reference, err);
	(void)sqlite3_close(reference);
	return status;
}

enum tb_status
schema_integrity(struct db *db, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, "PRAGMA integrity_check(1)", err);
	status = sql_step(&q, err);
	if (status == TB_OK && strcmp(sql_text(&q, 0), "ok") != 0)
		status = sql_damage(db_path(db), sql_text(&q, 0), err);
	sql_close(&q);
	if (status == TB_OK)
		status = history_check_references(db, err);
	return status;
}
