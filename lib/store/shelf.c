#include "store/shelf.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/db.h"
#include "store/handle.h"
#include "store/sql.h"

struct shelf {
	struct db *db;
};

/* An empty file, unless there is one; db_connect() judges what is there. */
static enum tb_status
make_file(const char *path, struct tb_err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd == -1 && errno != EEXIST)
		return tb_fail(err, errno == EACCES ? TB_EPERM : TB_EIO,
		    "%s: %s", path, strerror(errno));
	if (fd != -1)
		(void)close(fd);
	return TB_OK;
}

static enum tb_status
read_pragma(struct db *db, const char *pragma, int64_t *out, struct tb_err *err)
{
	struct sql q;
	enum tb_status status = sql_open(&q, db, pragma, err);

	if (status == TB_OK)
		status = sql_step(&q, err);
	if (status == TB_OK)
		*out = sql_int(&q, 0);
	sql_close(&q);
	return status;
}

/*
 * TB_OK a shelf of this version; TB_ENOENT nothing yet: only an empty file
 * has neither number, since both come with the table.
 */
static enum tb_status
check(struct db *db, struct tb_err *err)
{
	int64_t application_id, version;
	enum tb_status status;

	status = read_pragma(db, "PRAGMA application_id", &application_id, err);
	if (status == TB_OK)
		status = read_pragma(db, "PRAGMA user_version", &version, err);
	if (status != TB_OK)
		return status;
	if (application_id == 0 && version == 0)
		return TB_ENOENT;
	if (application_id != SHELF_APPLICATION_ID)
		return tb_fail(err, TB_ECONFIG,
		    "%s: belongs to another program (application_id %lld)",
		    db_path(db), (long long)application_id);
	if (version != SHELF_VERSION)
		return tb_fail(err, TB_ECONFIG,
		    "%s: version %lld of a paper venue's memory, this tool "
		    "knows %d: install a newer tb",
		    db_path(db), (long long)version, SHELF_VERSION);
	return TB_OK;
}

/* Both numbers of one moment: another process may be making the file. */
static enum tb_status
look(struct db *db, struct tb_err *err)
{
	enum tb_status status = db_begin_read(db, err);

	if (status == TB_OK)
		status = db_finish(db, check(db, err), err);
	return status;
}

static enum tb_status
make_schema(struct db *db, struct tb_err *err)
{
	static const char schema[] =
	    "CREATE TABLE shelf ("
	    " key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 159),"
	    " value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	    " PRAGMA application_id=1413632080;" /* 0x54425050 */
	    " PRAGMA user_version=1";
	enum tb_status status = db_begin(db, err);

	static_assert(SHELF_APPLICATION_ID == 1413632080, "as in the schema");
	static_assert(SHELF_VERSION == 1, "as in the schema");
	static_assert(SHELF_KEY_MAX == 160, "as in the schema");
	if (status != TB_OK)
		return status;
	status = check(db, err); /* another process may have been faster */
	if (status == TB_ENOENT)
		status = sql_exec(db, schema, err);
	return db_finish(db, status, err);
}

/* No file, or one that a run made and came no further. */
static bool
is_blank(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno == ENOENT;
	return S_ISREG(st.st_mode) && st.st_size == 0;
}

static enum tb_status
connect(struct shelf *shelf, const char *path, bool dry, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	if (dry && is_blank(path))
		return db_memory(&shelf->db, err);
	if (!dry)
		status = make_file(path, err);
	return status == TB_OK ? db_connect(&shelf->db, path, true, err) :
				 status;
}

static enum tb_status
open_shelf(struct shelf **out, const char *path, bool dry, struct tb_err *err)
{
	struct shelf *shelf = calloc(1, sizeof(*shelf));
	enum tb_status status;

	*out = NULL;
	if (shelf == NULL)
		return tb_nomem(err);
	status = connect(shelf, path, dry, err);
	if (status == TB_OK)
		status = look(shelf->db, err);
	if (status == TB_ENOENT)
		status = make_schema(shelf->db, err);
	if (status != TB_OK) {
		shelf_close(shelf);
		return status;
	}
	*out = shelf;
	return TB_OK;
}

enum tb_status
shelf_open(struct shelf **out, const char *path, struct tb_err *err)
{
	return open_shelf(out, path, false, err);
}

enum tb_status
shelf_open_dry(struct shelf **out, const char *path, struct tb_err *err)
{
	return open_shelf(out, path, true, err);
}

void
shelf_close(struct shelf *shelf)
{
	if (shelf == NULL)
		return;
	db_close(shelf->db);
	free(shelf);
}

enum tb_status
shelf_begin(struct shelf *shelf, struct tb_err *err)
{
	return db_begin(shelf->db, err);
}

enum tb_status
shelf_commit(struct shelf *shelf, struct tb_err *err)
{
	return db_commit(shelf->db, err);
}

void
shelf_rollback(struct shelf *shelf)
{
	db_rollback(shelf->db);
}

enum tb_status
shelf_get(struct shelf *shelf, const char *key, struct buffer *out,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, shelf->db,
	    "SELECT value FROM shelf WHERE key = ?1", err);
	sql_bind_text(&q, 1, key);
	if (status == TB_OK)
		status = sql_step(&q, err);
	if (status == TB_OK)
		buffer_add(out, sql_text(&q, 0), sql_text_len(&q, 0));
	sql_close(&q);
	return status == TB_END ? TB_ENOENT : status;
}

enum tb_status
shelf_put(struct shelf *shelf, const char *key, const char *value,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, shelf->db,
	    "INSERT INTO shelf (key, value) VALUES (?1, ?2)"
	    " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_text(&q, 1, key);
	sql_bind_text(&q, 2, value);
	return sql_run(&q, err);
}

enum tb_status
shelf_next(struct shelf *shelf, const char *after,
    char key[static SHELF_KEY_MAX], struct buffer *value, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, shelf->db,
	    "SELECT key, value FROM shelf WHERE key > ?1 ORDER BY key LIMIT 1",
	    err);
	sql_bind_text(&q, 1, after);
	if (status == TB_OK)
		status = sql_step(&q, err);
	if (status == TB_OK) {
		buffer_add(value, sql_text(&q, 1), sql_text_len(&q, 1));
		status = sql_copy(&q, 0, key, SHELF_KEY_MAX, err);
	}
	sql_close(&q);
	return status;
}
