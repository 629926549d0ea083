#include "store/schema.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "store/sql.h"

#define TABLES_MAX 64 /* of a database, those of strangers included */

struct migration {
	int version;
	const char *name;
	const char *up, *down; /* SQL */
	const char *sha256;    /* of up */
};

#include "migrations.h"

#define MIGRATIONS_COUNT (sizeof(migrations) / sizeof(migrations[0]))

int
schema_newest(void)
{
	return migrations[MIGRATIONS_COUNT - 1].version;
}

static const struct migration *
migration_of(int version)
{
	assert(version >= 1 && version <= schema_newest());
	assert(migrations[version - 1].version == version);
	return &migrations[version - 1];
}

enum tb_status
schema_version(struct db *db, int *out, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, "PRAGMA user_version", err);
	status = sql_step(&q, err);
	if (status == TB_OK)
		*out = (int)sql_int(&q, 0);
	sql_close(&q);
	return status;
}

enum tb_status
schema_is_known(struct db *db, int version, struct tb_err *err)
{
	if (version >= 0 && version <= schema_newest())
		return TB_OK;
	return tb_fail(err, TB_ECONFIG,
	    "%s: schema version %d is %s: this tool knows 0 to %d", db_path(db),
	    version,
	    version < 0 ? "none" : "newer than this tool: install a newer tb",
	    schema_newest());
}

/* ----------------------------------------------------------- the record -- */

static enum tb_status
read_step(struct sql *q, struct schema_step *out, struct tb_err *err)
{
	enum tb_status status;

	out->version = (int)sql_int(q, 0);
	status = sql_copy(q, 1, out->name, sizeof(out->name), err);
	if (status == TB_OK)
		status = sql_copy(q, 2, out->sha256, sizeof(out->sha256), err);
	if (status == TB_OK)
		status = sql_instant(q, 3, &out->applied_at_us, err);
	return status;
}

static enum tb_status
read_applied(struct db *db, struct schema_step *out, size_t max, size_t *count,
    struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT version, name, sha256, applied_at FROM schema_migrations"
	    " ORDER BY version",
	    err);
	while ((status = sql_step(&q, err)) == TB_OK && *count < max) {
		status = read_step(&q, &out[*count], err);
		if (status != TB_OK)
			break;
		(*count)++;
	}
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
schema_steps(struct db *db, struct schema_step *out, size_t max,
    size_t *out_count, struct tb_err *err)
{
	enum tb_status status;
	int version;

	*out_count = 0;
	status = schema_version(db, &version, err);
	if (status == TB_OK)
		status = schema_is_known(db, version, err);
	if (status == TB_OK && version > 0)
		status = read_applied(db, out, max, out_count, err);
	if (status != TB_OK)
		return status;
	while (version < schema_newest() && *out_count < max) {
		const struct migration *m = migration_of(++version);
		struct schema_step *s = &out[(*out_count)++];

		*s = (struct schema_step){ .version = version };
		(void)snprintf(s->name, sizeof(s->name), "%s", m->name);
		(void)snprintf(s->sha256, sizeof(s->sha256), "%s", m->sha256);
	}
	return TB_OK;
}

static enum tb_status
record(struct db *db, const struct migration *m, int64_t at_us,
    struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db,
	    "INSERT INTO schema_migrations (version, name, sha256, applied_at)"
	    " VALUES (?1, ?2, ?3, ?4)",
	    err);
	sql_bind_int(&q, 1, m->version);
	sql_bind_text(&q, 2, m->name);
	sql_bind_text(&q, 3, m->sha256);
	sql_bind_instant(&q, 4, at_us);
	return sql_run(&q, err);
}

static enum tb_status
unrecord(struct db *db, const struct migration *m, struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db,
	    "DELETE FROM schema_migrations WHERE version = ?1", err);
	sql_bind_int(&q, 1, m->version);
	return sql_run(&q, err);
}

static enum tb_status
set_version(struct db *db, int version, struct tb_err *err)
{
	char text[48];

	(void)snprintf(text, sizeof(text), "PRAGMA user_version=%d", version);
	return sql_exec(db, text, err);
}

/* ------------------------------------------------------- no row is lost -- */

/* How many rows each table has. */
struct census {
	size_t count;
	struct {
		char name[SCHEMA_NAME_MAX];
		int64_t rows;
	} table[TABLES_MAX];
};

/* Run one query that is made for the occasion; its answer is a number. */
static enum tb_status
ask_number(struct db *db, const char *text, int64_t *out, struct tb_err *err)
{
	enum tb_status status = TB_OK;
	sqlite3_stmt *q = NULL;

	if (sqlite3_prepare_v2(sql_handle(db), text, -1, &q, NULL) !=
		SQLITE_OK ||
	    sqlite3_step(q) != SQLITE_ROW)
		status = sql_fail(db, "schema", err);
	else
		*out = sqlite3_column_int64(q, 0);
	(void)sqlite3_finalize(q);
	return status;
}

static enum tb_status
count_rows(struct db *db, const char *table, int64_t *out, struct tb_err *err)
{
	char *text = sqlite3_mprintf("SELECT count(*) FROM \"%w\"", table);
	enum tb_status status;

	if (text == NULL)
		return tb_nomem(err);
	status = ask_number(db, text, out, err);
	sqlite3_free(text);
	return status;
}

/* Tables of the migrations' own making hold nothing that can be lost. */
static enum tb_status
take_census(struct db *db, struct census *out, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	*out = (struct census){ 0 };
	(void)sql_open(&q, db,
	    "SELECT name FROM sqlite_schema WHERE type = 'table'"
	    " AND name NOT LIKE 'sqlite_%' AND name NOT IN"
	    " ('schema_migrations', 'meta', 'transitions') ORDER BY name",
	    err);
	while ((status = sql_step(&q, err)) == TB_OK) {
		if (out->count == TABLES_MAX) {
			status = tb_fail(err, TB_ERANGE, "more than %d tables",
			    TABLES_MAX);
			break;
		}
		status = sql_copy(&q, 0, out->table[out->count].name,
		    SCHEMA_NAME_MAX, err);
		if (status != TB_OK)
			break;
		out->count++;
	}
	sql_close(&q);
	if (status != TB_END)
		return status;
	status = TB_OK;
	for (size_t i = 0; i < out->count && status == TB_OK; i++)
		status = count_rows(db, out->table[i].name, &out->table[i].rows,
		    err);
	return status;
}

static int64_t
rows_of(const struct census *c, const char *table)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->table[i].name, table) == 0)
			return c->table[i].rows;
	return 0;
}

static enum tb_status
check_census(struct db *db, const struct census *before, struct tb_err *err)
{
	struct census after;
	enum tb_status status = take_census(db, &after, err);

	for (size_t i = 0; i < before->count && status == TB_OK; i++) {
		const char *name = before->table[i].name;
		int64_t had = before->table[i].rows;
		int64_t has = rows_of(&after, name);

		if (has < had)
			status = tb_fail(err, TB_EREFUSED,
			    "table %s would lose %" PRId64 " of its %" PRId64
			    " rows: nothing was changed",
			    name, had - has, had);
	}
	return status;
}

/* -------------------------------------------------------------- one step -- */

static enum tb_status
check_references(struct db *db, struct tb_err *err)
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

static enum tb_status
apply(struct db *db, const struct migration *m, bool is_up, int64_t at_us,
    struct tb_err *err)
{
	struct census before;
	enum tb_status status = take_census(db, &before, err);

	if (status == TB_OK)
		status = sql_exec(db, is_up ? m->up : m->down, err);
	if (status == TB_OK)
		status = check_census(db, &before, err);
	if (status == TB_OK)
		status =
		    is_up ? record(db, m, at_us, err) : unrecord(db, m, err);
	if (status == TB_OK)
		status = set_version(db, m->version - (is_up ? 0 : 1), err);
	if (status == TB_OK)
		status = check_references(db, err);
	if (status != TB_OK)
		tb_err_at(err, "%s %04d-%s", is_up ? "up" : "down", m->version,
		    m->name);
	return status;
}

/* With the write lock, see whether the database still is where it was. */
static enum tb_status
apply_locked(struct db *db, const struct migration *m, bool is_up,
    int64_t at_us, struct tb_err *err)
{
	enum tb_status status = db_begin(db, err);
	int version = -1;

	if (status != TB_OK)
		return status;
	status = schema_version(db, &version, err);
	if (status == TB_OK && version != m->version - (is_up ? 1 : 0))
		status = tb_fail(err, TB_EBUSY,
		    "%s: another tb-migrate is at work: try again",
		    db_path(db));
	if (status == TB_OK)
		status = apply(db, m, is_up, at_us, err);
	return db_finish(db, status, err);
}

/* The switch has no effect inside of a transaction; and a table can only be
 * rebuilt while nothing looks at who refers to it. */
static enum tb_status
step(struct db *db, const struct migration *m, bool is_up, int64_t at_us,
    struct tb_err *err)
{
	sqlite3 *handle = sql_handle(db);
	enum tb_status status;

	(void)sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
	status = apply_locked(db, m, is_up, at_us, err);
	(void)sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	return status;
}

/* ------------------------------------------------------------- all of it -- */

static enum tb_status
check_sums(struct db *db, int version, struct tb_err *err)
{
	struct schema_step steps[TABLES_MAX];
	size_t count;
	enum tb_status status =
	    schema_steps(db, steps, TABLES_MAX, &count, err);

	if (status != TB_OK)
		return status;
	for (int v = 1; v <= version; v++) {
		const struct migration *m = migration_of(v);
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
schema_move(struct db *db, int target, int64_t at_us, struct tb_err *err)
{
	enum tb_status status;
	int version = 0;

	status = schema_version(db, &version, err);
	if (status == TB_OK)
		status = schema_is_known(db, version, err);
	if (status == TB_OK)
		status = schema_is_known(db, target, err);
	if (status == TB_OK && version == 0)
		status = sql_exec(db,
		    "CREATE TABLE IF NOT EXISTS schema_migrations ("
		    "version INTEGER PRIMARY KEY, name TEXT NOT NULL,"
		    " sha256 TEXT NOT NULL CHECK (length(sha256) = 64),"
		    " applied_at TEXT NOT NULL) STRICT",
		    err);
	if (status == TB_OK)
		status = check_sums(db, version, err);
	while (status == TB_OK && version < target)
		status = step(db, migration_of(++version), true, at_us, err);
	while (status == TB_OK && version > target)
		status = step(db, migration_of(version--), false, at_us, err);
	return status;
}

/* ----------------------------------------------------------------- check -- */

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
		status = check_sums(db, version, err);
	if (status == TB_OK &&
	    sqlite3_open(":memory:", &reference) != SQLITE_OK)
		status = tb_nomem(err);
	for (int v = 1; v <= version && status == TB_OK; v++)
		if (sqlite3_exec(reference, migration_of(v)->up, NULL, NULL,
			NULL) != SQLITE_OK)
			status = tb_fail(err, TB_EBUG, "migration %d: %s", v,
			    sqlite3_errmsg(reference));
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
		status = tb_fail(err, TB_EDISAGREE, "%s: damaged: %.300s",
		    db_path(db), sql_text(&q, 0));
	sql_close(&q);
	if (status == TB_OK)
		status = check_references(db, err);
	return status;
}
