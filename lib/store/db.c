#include "store/db.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/handle.h"
#include "store/place.h"
#include "store/schema.h"
#include "store/seal.h"
#include "store/sql.h"
#include "store/sqlmath.h"

/* ------------------------------------------------------ the connection -- */

int
db_busy_ms(void)
{
	const char *text = getenv("TB_BUSY_MS");
	char *end;
	long ms;

	if (text == NULL || *text == '\0')
		return DB_BUSY_MS;
	ms = strtol(text, &end, 10);
	return *end != '\0' || ms < 0 || ms > DB_BUSY_MS ? DB_BUSY_MS : (int)ms;
}

static enum tb_status
set_switches(struct db *db, struct tb_err *err)
{
	static const struct {
		int what, want;
	} switches[] = {
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
	};

	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
		int got = -1;

		if (sqlite3_db_config(db->handle, switches[i].what,
			switches[i].want, &got) != SQLITE_OK ||
		    got != switches[i].want)
			return tb_fail(err, TB_EBUG,
			    "SQLite refuses its switch %d", switches[i].what);
	}
	return TB_OK;
}

static void
set_limits(struct db *db)
{
	(void)sqlite3_limit(db->handle, SQLITE_LIMIT_LENGTH, DB_VALUE_MAX);
	(void)sqlite3_limit(db->handle, SQLITE_LIMIT_SQL_LENGTH, 1 << 16);
	(void)sqlite3_limit(db->handle, SQLITE_LIMIT_EXPR_DEPTH, 100);
	(void)sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 1);
	(void)sqlite3_limit(db->handle, SQLITE_LIMIT_VDBE_OP, 1000000);
}

/* Run a pragma once; its answer is a word. */
static enum tb_status
ask(struct db *db, const char *pragma, char *buf, size_t size,
    struct tb_err *err)
{
	enum tb_status status = TB_OK;
	sqlite3_stmt *q = NULL;
	const char *word;

	if (sqlite3_prepare_v2(db->handle, pragma, -1, &q, NULL) != SQLITE_OK ||
	    sqlite3_step(q) != SQLITE_ROW) {
		status = sql_fail(db, "open", err);
	} else {
		word = (const char *)sqlite3_column_text(q, 0);
		if (word == NULL)
			status = tb_nomem(err);
		else
			(void)snprintf(buf, size, "%s", word);
	}
	(void)sqlite3_finalize(q);
	return status;
}

static enum tb_status
set_durability(struct db *db, struct tb_err *err)
{
	char word[32];
	enum tb_status status;

	status =
	    ask(db, "PRAGMA journal_mode=TRUNCATE", word, sizeof(word), err);
	if (status != TB_OK)
		return status;
	if (strcmp(word, "truncate") != 0)
		return tb_fail(err, TB_EBUSY,
		    "%s: its journal is in mode %s and cannot be changed while "
		    "another program has it open",
		    db->path, word);
	status = sql_exec(db, "PRAGMA synchronous=EXTRA", err);
	if (status == TB_OK)
		status = ask(db, "PRAGMA synchronous", word, sizeof(word), err);
	if (status == TB_OK && strcmp(word, "3") != 0)
		return tb_fail(err, TB_EBUG,
		    "SQLite refuses synchronous=EXTRA");
	return status;
}

void
db_library(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum tb_status
connect_to(struct db *db, const char *full, struct tb_err *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW |
	    SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE |
	    SQLITE_OPEN_NOMUTEX;
	enum tb_status status;

	db_library();
	if (sqlite3_open_v2(full, &db->handle, flags, NULL) != SQLITE_OK) {
		if (db->handle == NULL)
			return tb_nomem(err);
		if ((sqlite3_errcode(db->handle) & 0xff) != SQLITE_CANTOPEN)
			return sql_fail(db, "open", err);
		return tb_fail(err, TB_EPERM, "%s: %s", db->path,
		    strerror(sqlite3_system_errno(db->handle)));
	}
	(void)sqlite3_busy_timeout(db->handle, db_busy_ms());
	set_limits(db);
	status = set_switches(db, err);
	if (status == TB_OK)
		status = sqlmath_register(db->handle, err);
	if (status == TB_OK)
		status = seal_register(db->handle, err);
	return status;
}

static enum tb_status
db_new(struct db **out, const char *path, struct tb_err *err)
{
	struct db *db = calloc(1, sizeof(*db));

	*out = NULL;
	if (db == NULL)
		return tb_nomem(err);
	db->path = strdup(path);
	if (db->path == NULL) {
		free(db);
		return tb_nomem(err);
	}
	*out = db;
	return TB_OK;
}

static enum tb_status
check_application(struct db *db, struct tb_err *err)
{
	char id[32];
	enum tb_status status;

	status = ask(db, "PRAGMA application_id", id, sizeof(id), err);
	if (status != TB_OK || strtol(id, NULL, 10) == DB_APPLICATION_ID)
		return status;
	return tb_fail(err, TB_ECONFIG,
	    "%s: belongs to another program (application_id %s)", db->path, id);
}

static enum tb_status
check_version(struct db *db, struct tb_err *err)
{
	enum tb_status status;
	int version;

	status = schema_version(db, &version, err);
	if (status == TB_OK)
		status = schema_is_known(db, version, err);
	if (status != TB_OK || version == schema_newest())
		return status;
	return tb_fail(err, TB_ECONFIG,
	    "%s: schema version %d, this tool needs %d: run tb-migrate up",
	    db->path, version, schema_newest());
}

/* What mode asks beyond the connection itself. */
static enum tb_status
check_mode(struct db *db, enum db_mode mode, struct tb_err *err)
{
	enum tb_status status = check_application(db, err);

	if (status == TB_OK && (mode == DB_READ || mode == DB_WRITE))
		status = check_version(db, err);
	if (status != TB_OK)
		return status;
	if (mode == DB_READ || mode == DB_READ_ANY_VERSION)
		return sql_exec(db, "PRAGMA query_only=ON", err);
	if (sqlite3_db_readonly(db->handle, "main") != 0)
		return tb_fail(err, TB_EPERM, "%s: it cannot be written to",
		    db->path);
	return TB_OK;
}

enum tb_status
db_connect(struct db **out, const char *path, bool may_be_empty,
    struct tb_err *err)
{
	struct place place;
	enum tb_status status;
	struct db *db = NULL;

	*out = NULL;
	status = place_of(&place, path, err);
	if (status == TB_OK)
		status = place_check(&place, path, may_be_empty, err);
	if (status == TB_OK)
		status = db_new(&db, path, err);
	if (status == TB_OK)
		status = connect_to(db, place.full, err);
	if (status == TB_OK)
		status = set_durability(db, err);
	if (status != TB_OK) {
		db_close(db);
		return status;
	}
	db->is_remote = place_is_remote(&place);
	*out = db;
	return TB_OK;
}

enum tb_status
db_memory(struct db **out, struct tb_err *err)
{
	enum tb_status status = db_new(out, ":memory:", err);

	if (status == TB_OK)
		status = connect_to(*out, ":memory:", err);
	if (status != TB_OK) {
		db_close(*out);
		*out = NULL;
	}
	return status;
}

enum tb_status
db_open(struct db **out, const char *path, enum db_mode mode,
    struct tb_err *err)
{
	enum tb_status status = db_connect(out, path, false, err);

	if (status == TB_OK)
		status = check_mode(*out, mode, err);
	if (status != TB_OK) {
		db_close(*out);
		*out = NULL;
	}
	return status;
}

enum tb_status
db_create(struct db **out, const char *path, struct tb_err *err)
{
	struct place place;
	enum tb_status status;
	struct db *db = NULL;
	int fd;

	*out = NULL;
	status = place_of(&place, path, err);
	if (status != TB_OK)
		return status;
	fd = open(place.full, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return tb_fail(err,
		    errno == EEXIST	? TB_ECONFIG :
			errno == EACCES ? TB_EPERM :
					  TB_EIO,
		    "%s: %s", path, strerror(errno));
	(void)close(fd);
	status = db_new(&db, path, err);
	if (status == TB_OK)
		status = connect_to(db, place.full, err);
	if (status == TB_OK)
		status = set_durability(db, err);
	if (status == TB_OK) /* 0x54424F54 */
		status = sql_exec(db, "PRAGMA application_id=1413631828", err);
	if (status != TB_OK) {
		db_close(db);
		(void)unlink(place.full);
		return status;
	}
	db->is_remote = place_is_remote(&place);
	*out = db;
	return TB_OK;
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	for (size_t i = 0; i < DB_STATEMENTS_MAX; i++)
		(void)sqlite3_finalize(db->statements[i].stmt);
	(void)sqlite3_close(db->handle); /* rolls back */
	free(db->path);
	free(db);
}

const char *
db_path(const struct db *db)
{
	return db->path;
}

bool
db_is_remote(const struct db *db)
{
	return db->is_remote;
}

/* -------------------------------------------------------- transactions -- */

/* Run a statement of the cache that has no parameters and no rows. */
static enum tb_status
run(struct db *db, const char *text, struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db, text, err);
	return sql_run(&q, err);
}

static const char rollback[] = "ROLLBACK";

/*
 * A transaction must end where there is neither memory nor disk: what takes it
 * back is made before it begins.
 */
static enum tb_status
begin(struct db *db, const char *text, struct tb_err *err)
{
	struct sql q;
	enum tb_status status = sql_open(&q, db, rollback, err);

	sql_close(&q);
	if (status != TB_OK)
		return status;
	if (db->is_stuck)
		db_rollback(db);
	if (db->is_stuck)
		return tb_fail(err, TB_EIO,
		    "%s: what failed before cannot be taken back", db->path);
	assert(sqlite3_get_autocommit(db->handle) != 0);
	return run(db, text, err);
}

enum tb_status
db_begin(struct db *db, struct tb_err *err)
{
	return begin(db, "BEGIN IMMEDIATE", err);
}

enum tb_status
db_begin_read(struct db *db, struct tb_err *err)
{
	return begin(db, "BEGIN", err);
}

enum tb_status
db_commit(struct db *db, struct tb_err *err)
{
	enum tb_status status;

	if (sqlite3_get_autocommit(db->handle) != 0)
		return tb_fail(err, TB_EIO,
		    "%s: nothing was stored: it was taken back when a disk or"
		    " memory was full",
		    db->path);
	/* Waits for readers as long as the busy timeout says. */
	status = run(db, "COMMIT", err);
	if (status != TB_OK)
		db_rollback(db);
	return status;
}

void
db_rollback(struct db *db)
{
	struct tb_err err;

	if (sqlite3_get_autocommit(db->handle) == 0)
		(void)run(db, rollback, &err);
	db->is_stuck = sqlite3_get_autocommit(db->handle) == 0;
}

enum tb_status
db_finish(struct db *db, enum tb_status status, struct tb_err *err)
{
	if (status == TB_OK)
		return db_commit(db, err);
	db_rollback(db);
	return status;
}

/* ---------------------------------------------------------------- meta -- */

enum tb_status
db_meta_get(struct db *db, const char *key, char *buf, size_t size,
    struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, "SELECT value FROM meta WHERE key = ?1", err);
	sql_bind_text(&q, 1, key);
	status = sql_step(&q, err);
	if (status == TB_OK)
		status = sql_copy(&q, 0, buf, size, err);
	else if (status == TB_END)
		status = tb_fail(err, TB_ENOENT, "meta: no %s", key);
	sql_close(&q);
	return status;
}

enum tb_status
db_meta_set(struct db *db, const char *key, const char *value,
    struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db,
	    "INSERT INTO meta (key, value) VALUES (?1, ?2)"
	    " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
	    err);
	sql_bind_text(&q, 1, key);
	sql_bind_text(&q, 2, value);
	return sql_run(&q, err);
}
