#include "store/backup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "store/backup_parts.h"
#include "store/shelf.h"

static enum tb_status
check_free(const char *path, struct tb_err *err)
{
	if (!backup_is_there(path))
		return TB_OK;
	return tb_fail(err, TB_ECONFIG,
	    "%s: there is a file of that name already", path);
}

/* Eight characters that no other file leads to, nor this one after a change;
 * another name is none. */
static enum tb_status
word_of(const char *path, char word[static DIGEST_HEX], struct tb_err *err)
{
	char text[96];
	struct stat st;

	if (lstat(path, &st) != 0)
		return tb_fail(err, TB_EIO, "%s: %s", path, strerror(errno));
	(void)snprintf(text, sizeof(text), "%ju %jd %jd.%09ld",
	    (uintmax_t)st.st_ino, (intmax_t)st.st_size,
	    (intmax_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	digest_of(text, strlen(text), word);
	return TB_OK;
}

/*
 * Where a run was killed between its two renames, FILE.paper stands there
 * without FILE, whose draft has the word that FILE.paper leads to.  It is of
 * another moment than what is copied now.
 */
static enum tb_status
undo_half(const char *file, const char *paper_file, struct tb_err *err)
{
	char word[DIGEST_HEX];
	struct draft books = { 0 };
	enum tb_status status;

	if (backup_is_there(file) || !backup_is_there(paper_file))
		return TB_OK;
	status = word_of(paper_file, word, err);
	if (status == TB_OK)
		status = draft_begin_as(&books, file, word, err);
	if (status != TB_OK || !backup_is_there(books.temp))
		return status;
	if (unlink(paper_file) != 0 && errno != ENOENT)
		return tb_fail(err, TB_EIO, "%s: %s", paper_file,
		    strerror(errno));
	draft_discard(&books);
	return TB_OK;
}

/* Both names are free. */
static enum tb_status
check_names(const char *file, const char *paper_file, struct tb_err *err)
{
	enum tb_status status = undo_half(file, paper_file, err);

	if (status == TB_OK)
		status = check_free(file, err);
	if (status == TB_OK)
		status = check_free(paper_file, err);
	return status;
}

/* The venue's memory first: the books may know of more than it, not of less. */
static enum tb_status
copy_venue(const char *paper, const char *paper_file, struct draft *venue,
    struct tb_err *err)
{
	enum tb_status status = draft_begin(venue, paper_file, err);

	return status == TB_OK ? backup_copy(paper, venue, err) : status;
}

static enum tb_status
copy_books(const char *path, const char *file, const struct draft *venue,
    struct draft *books, struct tb_err *err)
{
	char word[DIGEST_HEX];
	enum tb_status status;

	if (venue->temp[0] == '\0') {
		status = draft_begin(books, file, err);
	} else {
		status = word_of(venue->temp, word, err);
		if (status == TB_OK)
			status = draft_begin_as(books, file, word, err);
	}
	return status == TB_OK ? backup_copy(path, books, err) : status;
}

enum tb_status
backup_make(const char *path, const char *file, struct tb_err *err)
{
	char paper[BACKUP_PATH_MAX], paper_file[BACKUP_PATH_MAX];
	struct draft books = { 0 }, venue = { 0 };
	bool has_paper, paper_stands = false;
	enum tb_status status;

	status = backup_path(path, SHELF_SUFFIX, paper, err);
	if (status == TB_OK)
		status = backup_path(file, SHELF_SUFFIX, paper_file, err);
	if (status == TB_OK)
		status = backup_check_ours(path, err);
	has_paper = status == TB_OK && backup_has_content(paper);
	if (status == TB_OK)
		status = check_names(file, paper_file, err);
	if (status == TB_OK && has_paper)
		status = copy_venue(paper, paper_file, &venue, err);
	if (status == TB_OK)
		status = copy_books(path, file, &venue, &books, err);
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

	if (!backup_is_there(file))
		return tb_fail(err, TB_ENOENT, "%s: there is no such backup",
		    file);
	status = backup_check_ours(file, err);
	return status == TB_OK ? backup_check_whole(file, file, err) : status;
}
