/* backup_copy: one file, copied and looked at. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/backup_parts.h"
#include "store/db.h"
#include "store/place.h"
#include "store/sql.h"

enum tb_status
backup_path(const char *path, const char *suffix,
    char buf[static BACKUP_PATH_MAX], struct tb_err *err)
{
	int len = snprintf(buf, BACKUP_PATH_MAX, "%s%s", path, suffix);

	if (len < 0 || len >= BACKUP_PATH_MAX)
		return tb_fail(err, TB_EUSAGE, "the path is too long");
	return TB_OK;
}

bool
backup_is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 || errno != ENOENT;
}

bool
backup_has_content(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno != ENOENT;
	return !S_ISREG(st.st_mode) || st.st_size > 0;
}

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

enum tb_status
backup_ask(sqlite3 *handle, const char *text, const char *parameter,
    const char *path, char answer[static BACKUP_ANSWER_MAX], struct tb_err *err)
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
			(void)snprintf(answer, BACKUP_ANSWER_MAX, "%s",
			    (const char *)sqlite3_column_text(q, 0));
	}
	if (code != SQLITE_DONE)
		status = fail(handle, path, err);
	(void)sqlite3_finalize(q);
	return status;
}

enum tb_status
backup_open(sqlite3 **out, const char *path, struct tb_err *err)
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

enum tb_status
backup_check_whole(const char *path, const char *name, struct tb_err *err)
{
	char answer[BACKUP_ANSWER_MAX];
	sqlite3 *handle = NULL;
	enum tb_status status = backup_open(&handle, path, err);

	if (status == TB_OK)
		status = backup_ask(handle, "PRAGMA integrity_check(1)", NULL,
		    name, answer, err);
	if (status == TB_OK && strcmp(answer, "ok") != 0)
		status = sql_damage(name, answer, err);
	(void)sqlite3_close(handle);
	return status;
}

enum tb_status
backup_copy(const char *from, struct draft *draft, struct tb_err *err)
{
	char answer[BACKUP_ANSWER_MAX];
	sqlite3 *handle = NULL;
	enum tb_status status;
	int fd;

	status = draft_create(draft, &fd, err);
	if (status != TB_OK)
		return status;
	(void)close(fd);
	status = backup_open(&handle, from, err);
	if (status == TB_OK)
		status = backup_ask(handle, "VACUUM INTO ?1", draft->temp, from,
		    answer, err);
	(void)sqlite3_close(handle);
	if (status == TB_OK)
		status = backup_check_whole(draft->temp, draft->path, err);
	return status;
}
