/*
 * backup_restore: the way back.  The rename of the database is the moment at
 * which it happens.  The venue's memory lies ready beside it by then, under a
 * name that has the new generation in it: so whoever comes after a kill knows
 * whether it is due.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/instant.h"
#include "store/backup_parts.h"
#include "store/db.h"
#include "store/schema.h"
#include "store/shelf.h"

/* Whoever trades has to sync first: orders may be missing in the copy. */
static enum tb_status
mark_restored(struct db *db, const char *generation, struct tb_err *err)
{
	char at[INSTANT_STRLEN];
	enum tb_status status = db_begin(db, err);

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
prepare(const struct draft *draft, const char *generation, struct tb_err *err)
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
		status = mark_restored(db, generation, err);
	db_close(db);
	return status;
}

/* What is under the name gets another one too, or instead; where it has that
 * already, or is gone, somebody was here before. */
static int
name_also(const char *path, const char *aside, bool stays)
{
	int result = stays ?
	    link(path, aside) :
	    renameat2(AT_FDCWD, path, AT_FDCWD, aside, RENAME_NOREPLACE);

	return result == 0 || errno == EEXIST || errno == ENOENT ? 0 : -1;
}

/*
 * Where it stays, the draft's rename then takes the first name, and there is
 * no moment without a file.  A journal that could not be played back goes with
 * it: it must not meet the new file.
 */
static enum tb_status
set_aside(const char *path, const char *aside, bool stays, struct tb_err *err)
{
	char from[BACKUP_PATH_MAX], to[BACKUP_PATH_MAX];
	enum tb_status status;
	struct stat st;

	status = backup_path(path, "-journal", from, err);
	if (status == TB_OK)
		status = backup_path(aside, "-journal", to, err);
	if (status != TB_OK || !backup_is_there(path))
		return status;
	if (name_also(path, aside, stays) != 0)
		return tb_fail(err, TB_EIO, "%s: %s", aside, strerror(errno));
	if (lstat(from, &st) == 0 && st.st_size > 0 && rename(from, to) != 0)
		return tb_fail(err, TB_EIO, "%s: %s", to, strerror(errno));
	return TB_OK;
}

/* Nobody is in the middle of a transaction.  A file that cannot be read has
 * nobody; a hot journal is played back by looking. */
static enum tb_status
lock_old(const char *path, sqlite3 **out, struct tb_err *err)
{
	char answer[BACKUP_ANSWER_MAX];
	enum tb_status status;

	if (!backup_is_there(path))
		return TB_OK;
	status = backup_open(out, path, err);
	if (status == TB_OK)
		status = backup_ask(*out, "BEGIN EXCLUSIVE", NULL, path, answer,
		    err);
	if (status == TB_EBUSY)
		return status;
	*err = (struct tb_err){ 0 };
	return TB_OK;
}

/* The name under which the database, or the venue's memory, is kept. */
static enum tb_status
name_kept(const char *path, const char *generation, const char *suffix,
    char kept[static BACKUP_PATH_MAX], struct tb_err *err)
{
	int len = snprintf(kept, BACKUP_PATH_MAX, "%s.replaced-%.*s%s", path,
	    DRAFT_WORD - 1, generation, suffix);

	if (len < 0 || len >= BACKUP_PATH_MAX)
		return tb_fail(err, TB_EUSAGE, "the path is too long");
	return TB_OK;
}

/* ------------------------------------------------- the venue's memory -- */

/* Empty, where the copy has none and there is one that has to go. */
static enum tb_status
stage_paper(const char *paper_file, const char *paper, const char *generation,
    struct draft *venue, struct tb_err *err)
{
	bool has_paper = backup_has_content(paper_file);
	enum tb_status status;
	int fd;

	if (!has_paper && !backup_is_there(paper))
		return TB_OK;
	status = draft_begin_as(venue, paper, generation, err);
	if (status == TB_OK && has_paper) {
		status = backup_copy(paper_file, venue, err);
	} else if (status == TB_OK) {
		status = draft_create(venue, &fd, err);
		if (status == TB_OK)
			(void)close(fd);
	}
	return status == TB_OK ? draft_sync(venue, err) : status;
}

static enum tb_status
put_paper(const char *paper, const char *aside, struct draft *venue,
    struct tb_err *err)
{
	bool has_paper = backup_has_content(venue->temp);
	enum tb_status status = set_aside(paper, aside, has_paper, err);

	if (status == TB_OK && has_paper)
		status = draft_publish(venue, true, err);
	else if (status == TB_OK && unlink(venue->temp) != 0)
		status = tb_fail(err, TB_EIO, "%s: %s", venue->temp,
		    strerror(errno));
	if (status != TB_OK && !backup_is_there(venue->temp)) {
		tb_err_clear(err); /* another was faster */
		status = TB_OK;
	}
	return status;
}

/* The books are of this generation: so is the venue's memory, from now on. */
static enum tb_status
finish_paper(const char *path, const char *generation, struct tb_err *err)
{
	char paper[BACKUP_PATH_MAX], aside[BACKUP_PATH_MAX];
	struct draft venue = { 0 };
	sqlite3 *old = NULL;
	enum tb_status status;

	status = backup_path(path, SHELF_SUFFIX, paper, err);
	if (status == TB_OK)
		status = draft_begin_as(&venue, paper, generation, err);
	if (status != TB_OK || !backup_is_there(venue.temp))
		return status;
	status = name_kept(path, generation, SHELF_SUFFIX, aside, err);
	if (status == TB_OK)
		status = lock_old(paper, &old, err);
	/* Nobody else does the same by now; perhaps one did. */
	if (status == TB_OK && backup_is_there(venue.temp))
		status = put_paper(paper, aside, &venue, err);
	(void)sqlite3_close(old);
	return status;
}

enum tb_status
backup_finish(struct db *db, struct tb_err *err)
{
	char generation[DIGEST_UUID];
	enum tb_status status = db_meta_get(db, META_GENERATION, generation,
	    sizeof(generation), err);

	if (status == TB_ENOENT ||
	    (status == TB_OK &&
		strspn(generation, "0123456789abcdef") < DRAFT_WORD - 1)) {
		tb_err_clear(err);
		return TB_OK; /* of nobody's making: part of no name of ours */
	}
	return status == TB_OK ? finish_paper(db_path(db), generation, err) :
				 status;
}

enum tb_status
backup_check_ours(const char *path, struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status = db_open(&db, path, DB_READ_ANY_VERSION, err);
	int version = 0;

	if (status == TB_OK)
		status = schema_version(db, &version, err);
	if (status == TB_OK && version > 0)
		status = backup_finish(db, err);
	db_close(db);
	return status;
}

/* -------------------------------------------------------------- restore -- */

static enum tb_status
swap(const char *path, const char *kept, struct draft *books,
    struct tb_err *err)
{
	sqlite3 *old = NULL;
	enum tb_status status = lock_old(path, &old, err);

	if (status == TB_OK)
		status = set_aside(path, kept, true, err);
	if (status == TB_OK)
		status = draft_publish(books, true, err);
	(void)sqlite3_close(old);
	return status;
}

/* Both files; the drafts that are still there were not needed. */
static enum tb_status
swap_both(const char *path, const char *generation, const char *kept,
    struct draft *books, struct draft *venue, struct tb_err *err)
{
	enum tb_status status = swap(path, kept, books, err), finished;
	struct tb_err late = { 0 };

	if (books->temp[0] != '\0')
		return status;
	venue->temp[0] = '\0'; /* it is due, by us or by the next */
	finished = finish_paper(path, generation, &late);
	if (status != TB_OK || finished == TB_OK)
		return status;
	*err = late;
	return finished;
}

static enum tb_status
copy_both(const char *path, const char *file, const char *generation,
    struct draft *books, struct draft *venue, struct tb_err *err)
{
	char paper[BACKUP_PATH_MAX], paper_file[BACKUP_PATH_MAX];
	enum tb_status status;

	status = backup_path(path, SHELF_SUFFIX, paper, err);
	if (status == TB_OK)
		status = backup_path(file, SHELF_SUFFIX, paper_file, err);
	if (status == TB_OK)
		status = draft_begin_as(books, path, generation, err);
	if (status == TB_OK)
		status = backup_copy(file, books, err);
	if (status == TB_OK)
		status = prepare(books, generation, err);
	if (status == TB_OK)
		status = stage_paper(paper_file, paper, generation, venue, err);
	return status;
}

/* What goes is of one moment too, if it can be read at all. */
static void
finish_old(const char *path)
{
	struct tb_err err = { 0 };

	if (backup_is_there(path))
		(void)backup_check_ours(path, &err);
}

enum tb_status
backup_restore(const char *path, const char *file,
    char kept[static BACKUP_PATH_MAX], struct tb_err *err)
{
	char generation[DIGEST_UUID];
	struct draft books = { 0 }, venue = { 0 };
	bool had_books = backup_is_there(path);
	enum tb_status status = TB_OK;

	kept[0] = '\0';
	if (!backup_is_there(file))
		return tb_fail(err, TB_ENOENT, "%s: %s", file,
		    strerror(ENOENT));
	finish_old(path);
	status = backup_check_ours(file, err);
	if (status == TB_OK)
		status = digest_random_uuid(generation, err);
	if (status == TB_OK)
		status = name_kept(path, generation, "", kept, err);
	if (status == TB_OK)
		status = copy_both(path, file, generation, &books, &venue, err);
	if (status == TB_OK)
		status = swap_both(path, generation, kept, &books, &venue, err);
	draft_discard(&books);
	draft_discard(&venue);
	if (status != TB_OK || !had_books)
		kept[0] = '\0';
	return status;
}
