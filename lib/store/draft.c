#include "store/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"

enum tb_status
draft_folder(const char *path, char *buf, size_t size, struct tb_err *err)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 1 : (size_t)(slash - path);

	if (len == 0)
		len = 1; /* "/" */
	if (len >= size)
		return tb_fail(err, TB_EUSAGE, "the path is too long");
	memcpy(buf, slash == NULL ? "." : path, len);
	buf[len] = '\0';
	return TB_OK;
}

enum tb_status
draft_make_folders(const char *path, struct tb_err *err)
{
	char folder[DRAFT_PATH_MAX];
	enum tb_status status;

	status = draft_folder(path, folder, sizeof(folder), err);
	if (status != TB_OK)
		return status;
	for (char *p = folder + 1;; p++) {
		char was = *p;

		if (was != '/' && was != '\0')
			continue;
		*p = '\0';
		if (mkdir(folder, 0700) != 0 && errno != EEXIST)
			return tb_fail(err, errno == EACCES ? TB_EPERM : TB_EIO,
			    "%s: %s", folder, strerror(errno));
		if (was == '\0')
			return TB_OK;
		*p = was;
	}
}

enum tb_status
draft_begin_as(struct draft *d, const char *path, const char *word,
    struct tb_err *err)
{
	int len = snprintf(d->temp, sizeof(d->temp), "%s.new-%.*s", path,
	    DRAFT_WORD - 1, word);

	if (len < 0 || (size_t)len >= sizeof(d->temp)) {
		d->temp[0] = '\0';
		return tb_fail(err, TB_EUSAGE, "the path is too long");
	}
	memcpy(d->path, path, strlen(path) + 1);
	return TB_OK;
}

enum tb_status
draft_begin(struct draft *d, const char *path, struct tb_err *err)
{
	char id[DIGEST_UUID];
	enum tb_status status = digest_random_uuid(id, err);

	d->temp[0] = '\0';
	return status == TB_OK ? draft_begin_as(d, path, id, err) : status;
}

enum tb_status
draft_create(struct draft *d, int *out_fd, struct tb_err *err)
{
	*out_fd = open(d->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (*out_fd != -1)
		return TB_OK;
	return tb_fail(err, errno == EACCES ? TB_EPERM : TB_EIO, "%s: %s",
	    d->temp, strerror(errno));
}

static enum tb_status
sync_path(const char *path, int flags, struct tb_err *err)
{
	int fd = open(path, flags | O_CLOEXEC);
	enum tb_status status = TB_OK;

	if (fd == -1 || fsync(fd) != 0)
		status = tb_fail(err, TB_EIO, "%s: %s", path, strerror(errno));
	if (fd != -1)
		(void)close(fd);
	return status;
}

enum tb_status
draft_sync(const struct draft *d, struct tb_err *err)
{
	return sync_path(d->temp, O_RDONLY, err);
}

/* SQLite leaves an empty journal behind; nothing may find it under the new
 * name's neighbours. */
static void
remove_journal(const struct draft *d)
{
	char journal[DRAFT_PATH_MAX + sizeof("-journal")];

	(void)snprintf(journal, sizeof(journal), "%s-journal", d->temp);
	(void)unlink(journal);
}

enum tb_status
draft_publish(struct draft *d, bool replace, struct tb_err *err)
{
	char folder[DRAFT_PATH_MAX];
	enum tb_status status;

	status = draft_folder(d->path, folder, sizeof(folder), err);
	if (status == TB_OK)
		status = draft_sync(d, err);
	if (status != TB_OK)
		return status;
	if (renameat2(AT_FDCWD, d->temp, AT_FDCWD, d->path,
		replace ? 0 : RENAME_NOREPLACE) != 0)
		return tb_fail(err, errno == EEXIST ? TB_ECONFIG : TB_EIO,
		    "%s: %s", d->path, strerror(errno));
	remove_journal(d);
	d->temp[0] = '\0';
	status = sync_path(folder, O_RDONLY | O_DIRECTORY, err);
	if (status != TB_OK && !replace)
		(void)unlink(d->path); /* whoever tries again finds it free */
	return status;
}

void
draft_discard(struct draft *d)
{
	if (d->temp[0] == '\0')
		return;
	(void)unlink(d->temp);
	remove_journal(d);
	d->temp[0] = '\0';
}
