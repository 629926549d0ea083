#include "store/schema.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "store/history.h"
#include "store/own.h"
#include "store/seal.h"
#include "store/sql.h"

#define TABLES_MAX 256 /* of a database, those of strangers included */

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
		const struct migration *m = history_migration(++version);
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

/* Tables of the migrations' own making, and how fast venues were asked, hold
 * nothing that can be lost. */
static enum tb_status
take_census(struct db *db, struct census *out, struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	*out = (struct census){ 0 };
	(void)sql_open(&q, db,
	    "SELECT name FROM sqlite_schema WHERE type = 'table'"
	    " AND name NOT LIKE 'sqlite_%' AND name NOT IN"
	    " ('schema_migrations', 'meta', 'transitions', 'pace')"
	    " ORDER BY name",
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
			    " rows: this step was not taken",
			    name, had - has, had);
	}
	return status;
}

/* -------------------------------------------------------------- one step -- */

static enum tb_status
apply(struct db *db, struct own *own, const struct migration *m, bool is_up,
    int64_t at_us, struct tb_err *err)
{
	struct census before;
	enum tb_status status = take_census(db, &before, err);

	if (status == TB_OK)
		status =
		    own_set_aside(own, db, m->version - (is_up ? 1 : 0), err);
	if (status == TB_OK)
		status = sql_exec(db, is_up ? m->up : m->down, err);
	if (status == TB_OK)
		status = own_put_back(db, err);
	if (status == TB_OK)
		status = check_census(db, &before, err);
	if (status == TB_OK && is_up && m->version == SEAL_VERSION)
		status = seal_all(db, err);
	if (status == TB_OK)
		status =
		    is_up ? record(db, m, at_us, err) : unrecord(db, m, err);
	if (status == TB_OK)
		status = set_version(db, m->version - (is_up ? 0 : 1), err);
	if (status == TB_OK)
		status = history_check_references(db, err);
	if (status != TB_OK)
		tb_err_at(err, "%s %04d-%s", is_up ? "up" : "down", m->version,
		    m->name);
	return status;
}

/* With the write lock, see whether the database still is where it was. */
static enum tb_status
apply_locked(struct db *db, struct own *own, const struct migration *m,
    bool is_up, int64_t at_us, struct tb_err *err)
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
		status = apply(db, own, m, is_up, at_us, err);
	return db_finish(db, status, err);
}

/*
 * The switches have no effect inside of a transaction, and a table can only be
 * rebuilt while nothing looks at who refers to it: neither rows nor, as the
 * table is away for a moment, the views that a person made of it.
 */
static enum tb_status
step(struct db *db, struct own *own, const struct migration *m, bool is_up,
    int64_t at_us, struct tb_err *err)
{
	sqlite3 *handle = sql_handle(db);
	enum tb_status status;

	(void)sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
	(void)sqlite3_db_config(handle, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 1,
	    NULL);
	status = apply_locked(db, own, m, is_up, at_us, err);
	(void)sqlite3_db_config(handle, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0,
	    NULL);
	(void)sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	return status;
}

/* ------------------------------------------------------------- all of it -- */

enum tb_status
schema_move(struct db *db, int target, int64_t at_us, struct tb_err *err)
{
	enum tb_status status;
	struct own own;
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
		status = history_check_sums(db, version, err);
	own_init(&own);
	while (status == TB_OK && version < target)
		status = step(db, &own, history_migration(++version), true,
		    at_us, err);
	while (status == TB_OK && version > target)
		status = step(db, &own, history_migration(version--), false,
		    at_us, err);
	own_release(&own);
	return status;
}
