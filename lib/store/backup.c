#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/digest.h"
#include "base/instant.h"
#include "store/db.h"
#include "store/draft.h"
#include "store/place.h"
#include "store/schema.h"
#include "store/shelf.h"
#include "store/sql.h"

#define ANSWER_MAX 160 /* of a pragma */

static enum tb_status
path_with(const char *path, const char *suffix,
    char buf[static BACKUP_PATH_MAX], struct tb_err *err)
{
	int len = snprintf(buf, BACKUP_PATH_MAX, "%s%s", path, suffix);

	if (len < 0 || len >= BACKUP_PATH_MAX)
		return tb_fail(err, TB_EUSAGE, "the path is too long");
	return TB_OK;
}

/* One that cannot be looked for counts as there: who opens it hears why. */
static bool
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 || errno != ENOENT;
}

/* SQLite makes a file before there is anything in it. */
static bool
has_content(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno != ENOENT;
	return !S_ISREG(st.st_mode) || st.st_size > 0;
}

static enum tb_status
check_free(const char *path, struct tb_err *err)
{
	if (!exists(path))
		return TB_OK;
	return tb_fail(err, TB_ECONFIG,
	    "%s: there is a file of that name already", path);
}

/* ------------------------------------------------------------- one copy -- */

/* What SQLite says of a handle that is none of db.h's. */
static enum tb_status
fail(sqlite3 *handle, const char *path, struct tb_err *err)
{
	int code = sqlite3_errcode(handle) & 0xff;
	enum tb_status status = TB_EIO;

	if (code == SQLITE_BUSY)
		status = TB_EBUSY;
	else if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		status = TB_EDISAGREE;
	return tb_fail(err, status, "%s: %s", path, sqlite3_errmsg(handle));
}

/* Run a text with at most one parameter; the first column of its last row. */
static enum tb_status
ask(sqlite3 *handle, const char *text, const char *parameter, const char *path,
    char answer[static ANSWER_MAX], struct tb_err *err)
{
	enum tb_status status = TB_OK;
	sqlite3_stmt *q = NULL;
	int code = sqlite3_prepare_v2(handle, text, -1, &q, NULL);

	answer[0] = '\0';
	if (code == SQLITE_OK && parameter != NULL)
		code = sqlite3_bind_text(q, 1, parameter, -1, SQLITE_STATIC);
	while (code == SQLITE_OK || code == SQLITE_ROW) {
		code = sqlite3_step(q);
		if (code == SQLITE_ROW)
			(void)snprintf(answer, ANSWER_MAX, "%s",
			    (const char *)sqlite3_column_text(q, 0));
	}
	if (code != SQLITE_DONE)
		status = fail(handle, path, err);
	(void)sqlite3_finalize(q);
	return status;
}

/* As careful as db_open(), but whatever is in it. */
static enum tb_status
open_any(sqlite3 **out, const char *path, struct tb_err *err)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE;
	struct place place;
	enum tb_status status = place_of(&place, path, err);

	if (status == TB_OK)
		status = place_check(&place, path, false, err);
	if (status != TB_OK)
		return status;
	if (sqlite3_open_v2(place.full, out, flags, NULL) != SQLITE_OK)
		return fail(*out, path, err);
	(void)sqlite3_db_config(*out, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void)sqlite3_db_config(*out, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_busy_timeout(*out, db_busy_ms());
	return TB_OK;
}

static enum tb_status
check_whole(const char *path, const char *name, struct tb_err *err)
{
	char answer[ANSWER_MAX];
	sqlite3 *handle = NULL;
	enum tb_status status = open_any(&handle, path, err);

	if (status == TB_OK)
		status = ask(handle, "PRAGMA integrity_check(1)", NULL, name,
		    answer, err);
	if (status == TB_OK && strcmp(answer, "ok") != 0)
		status = sql_damage(name, answer, err);
	(void)sqlite3_close(handle);
	return status;
}

/* Any SQLite file as of one moment, into draft->temp. */
static enum tb_status
copy_into(const char *from, struct draft *draft, struct tb_err *err)
{
	char answer[ANSWER_MAX];
	sqlite3 *handle = NULL;
	enum tb_status status;
	int fd;

	status = draft_create(draft, &fd, err);
	if (status != TB_OK)
		return status;
	(void)close(fd);
	status = open_any(&handle, from, err);
	if (status == TB_OK)
		status = ask(handle, "VACUUM INTO ?1", draft->temp, from,
		    answer, err);
	(void)sqlite3_close(handle);
	if (status == TB_OK)
		status = check_whole(draft->temp, draft->path, err);
	return status;
}

/* --------------------------------------------------------------- backup -- */

static enum tb_status
check_source(const char *path, struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status = db_open(&db, path, DB_READ_ANY_VERSION, err);

	db_close(db);
	return status;
}

enum tb_status
backup_make(const char *path, const char *file, struct tb_err *err)
{
	char paper[BACKUP_PATH_MAX], paper_file[BACKUP_PATH_MAX];
	struct draft books = { 0 }, venue = { 0 };
	bool has_paper, paper_stands = false;
	enum tb_status status;

	status = path_with(path, SHELF_SUFFIX, paper, err);
	if (status == TB_OK)
		status = path_with(file, SHELF_SUFFIX, paper_file, err);
	if (status == TB_OK)
		status = check_source(path, err);
	has_paper = status == TB_OK && has_content(paper);
	if (status == TB_OK)
		status = check_free(file, err);
	if (status == TB_OK)
		status = check_free(paper_file, err);
	if (status == TB_OK)
		status = draft_begin(&books, file, err);
	if (status == TB_OK)
		status = copy_into(path, &books, err);
	if (status == TB_OK && has_paper)
		status = draft_begin(&venue, paper_file, err);
	if (status == TB_OK && has_paper)
		status = copy_into(paper, &venue, err);
	/* The database last: where it stands, the backup is complete. */
	if (status == TB_OK && has_paper) {
		status = draft_publish(&venue, false, err);
		paper_stands = status == TB_OK;
	}
	if (status == TB_OK)
		status = draft_publish(&books, false, err);
	if (status != TB_OK && paper_stands)
		(void)unlink(paper_file);
	draft_discard(&books);
	draft_discard(&venue);
	return status;
}

enum tb_status
backup_check(const char *file, struct tb_err *err)
{
	enum tb_status status;

	if (!exists(file))
		return tb_fail(err, TB_ENOENT, "%s: there is no such backup",
		    file);
	status = check_source(file, err);
	return status == TB_OK ? check_whole(file, file, err) : status;
}

/* -------------------------------------------------------------- restore -- */

/* Whoever trades has to sync first: orders may be missing in the copy. */
static enum tb_status
mark_restored(struct db *db, struct tb_err *err)
{
	char generation[DIGEST_UUID], at[INSTANT_STRLEN];
	enum tb_status status = digest_random_uuid(generation, err);

	if (status == TB_OK)
		status = db_begin(db, err);
	if (status != TB_OK)
		return status;
	instant_format(instant_now_us(), at);
	status = db_meta_set(db, META_GENERATION, generation, err);
	if (status == TB_OK)
		status = db_meta_set(db, META_RESTORED, at, err);
	return db_finish(db, status, err);
}

/* The copy is ours, whole, and gets its new generation. */
static enum tb_status
prepare(struct draft *draft, struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status;
	int version;

	status = db_open(&db, draft->temp, DB_ANY_VERSION, err);
	if (status == TB_OK)
		status = schema_version(db, &version, err);
	if (status == TB_OK && version > schema_newest())
		status = tb_fail(err, TB_ECONFIG,
		    "schema version %d is newer than this tool", version);
	if (status == TB_OK)
		status = schema_check(db, err);
	if (status == TB_OK)
		status = mark_restored(db, err);
	db_close(db);
	return status;
}

/*
 * Give what has the name a second one: the draft's rename then takes the
 * first, and there is no moment without a database.  A journal that could not
 * be played back goes with it: it must not meet the new file.
 */
static enum tb_status
set_aside(const char *path, const char *aside, struct tb_err *err)
{
	char from[BACKUP_PATH_MAX], to[BACKUP_PATH_MAX];
	enum tb_status status;
	struct stat st;

	status = path_with(path, "-journal", from, err);
	if (status == TB_OK)
		status = path_with(aside, "-journal", to, err);
	if (status != TB_OK || !exists(path))
		return status;
	if (link(path, aside) != 0)
		return tb_fail(err, TB_EIO, "%s: %s", aside, strerror(errno));
	if (lstat(from, &st) == 0 && st.st_size > 0 && rename(from, to) != 0)
		return tb_fail(err, TB_EIO, "%s: %s", to, strerror(errno));
	return TB_OK;
}

/* Nobody is in the middle of a transaction.  A database that cannot be read
 * has nobody; a hot journal is played back by looking. */
static enum tb_status
lock_old(const char *path, sqlite3 **out, struct tb_err *err)
{
	char answer[ANSWER_MAX];
	enum tb_status status;

	if (!exists(path))
		return TB_OK;
	status = open_any(out, path, err);
	if (status == TB_OK)
		status = ask(*out, "BEGIN EXCLUSIVE", NULL, path, answer, err);
	if (status == TB_EBUSY)
		return status;
	*err = (struct tb_err){ 0 };
	return TB_OK;
}

/* The venue's memory takes its place, or none does. */
static enum tb_status
swap_paper(const char *path, const char *kept, struct draft *venue,
    struct tb_err *err)
{
	char paper[BACKUP_PATH_MAX], aside[BACKUP_PATH_MAX];
	enum tb_status status;

	status = path_with(path, SHELF_SUFFIX, paper, err);
	if (status == TB_OK)
		status = path_with(kept, SHELF_SUFFIX, aside, err);
	if (status == TB_OK)
		status = set_aside(paper, aside, err);
	if (status != TB_OK)
		return status;
	if (venue->temp[0] != '\0')
		return draft_publish(venue, true, err);
	if (unlink(paper) != 0 && errno != ENOENT)
		return tb_fail(err, TB_EIO, "%s: %s", paper, strerror(errno));
	return TB_OK;
}

static enum tb_status
swap(const char *path, struct draft *books, struct draft *venue,
    char kept[static BACKUP_PATH_MAX], struct tb_err *err)
{
	bool had_books = exists(path);
	char suffix[64];
	sqlite3 *old = NULL;
	enum tb_status status;

	/* The draft's own name ends in a random word; so does this. */
	(void)snprintf(suffix, sizeof(suffix), ".replaced%s",
	    strrchr(books->temp, '-'));
	status = path_with(path, suffix, kept, err);
	if (status == TB_OK)
		status = lock_old(path, &old, err);
	if (status == TB_OK)
		status = swap_paper(path, kept, venue, err);
	if (status == TB_OK)
		status = set_aside(path, kept, err);
	if (status == TB_OK)
		status = draft_publish(books, true, err);
	(void)sqlite3_close(old);
	if (status != TB_OK || !had_books)
		kept[0] = '\0';
	return status;
}

enum tb_status
backup_restore(const char *path, const char *file,
    char kept[static BACKUP_PATH_MAX], struct tb_err *err)
{
	char paper_file[BACKUP_PATH_MAX], paper[BACKUP_PATH_MAX];
	struct draft books = { 0 }, venue = { 0 };
	enum tb_status status;
	bool has_paper;

	status = path_with(path, SHELF_SUFFIX, paper, err);
	if (status == TB_OK)
		status = path_with(file, SHELF_SUFFIX, paper_file, err);
	if (status == TB_OK && !exists(file))
		status =
		    tb_fail(err, TB_ENOENT, "%s: %s", file, strerror(ENOENT));
	if (status == TB_OK)
		status = check_source(file, err);
	has_paper = status == TB_OK && exists(paper_file);
	if (status == TB_OK)
		status = draft_begin(&books, path, err);
	if (status == TB_OK)
		status = copy_into(file, &books, err);
	if (status == TB_OK)
		status = prepare(&books, err);
	if (status == TB_OK && has_paper)
		status = draft_begin(&venue, paper, err);
	if (status == TB_OK && has_paper)
		status = copy_into(paper_file, &venue, err);
	if (status == TB_OK)
		status = swap(path, &books, &venue, kept, err);
	draft_discard(&books);
	draft_discard(&venue);
	return status;
}
