#include "store/place.h"

#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define DB_PATH_MAX 4096
#define DB_SMB2_MAGIC 0xFE534D42u /* newer than some linux/magic.h */

enum tb_status
place_of(struct place *p, const char *path, struct tb_err *err)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	char folder[DB_PATH_MAX] = ".";

	if (strlen(path) >= sizeof(folder) || strlen(name) > NAME_MAX - 16)
		return tb_fail(err, TB_EUSAGE, "the path is too long");
	if (*name == '\0')
		return tb_fail(err, TB_EUSAGE, "%s: no file is named", path);
	if (slash != NULL)
		(void)snprintf(folder, sizeof(folder), "%.*s",
		    slash == path ? 1 : (int)(slash - path), path);
	if (realpath(folder, p->folder) == NULL)
		return tb_fail(err, errno == EACCES ? TB_EPERM : TB_ECONFIG,
		    "%s: %s%s", path, strerror(errno),
		    errno == ENOENT ? ": make it with tb-migrate init" : "");
	(void)snprintf(p->full, sizeof(p->full), "%s/%s", p->folder, name);
	return TB_OK;
}

/* Nobody else may put a database, or its journal, in our hands. */
static enum tb_status
check_owner(const char *path, const struct stat *st, struct tb_err *err)
{
	bool sticky = S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX) != 0;

	if (!sticky && (st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return tb_fail(err, TB_EPERM,
		    "%s: others may write to it (mode %04o): chmod go-w", path,
		    (unsigned)st->st_mode & 07777);
	if (S_ISREG(st->st_mode) && st->st_uid != geteuid())
		return tb_fail(err, TB_EPERM,
		    "%s: belongs to user %u, not to user %u, who runs this",
		    path, (unsigned)st->st_uid, (unsigned)geteuid());
	return TB_OK;
}

static enum tb_status
check_journal(const struct place *p, struct tb_err *err)
{
	char path[sizeof(p->full) + sizeof("-journal")];
	struct stat st;

	(void)snprintf(path, sizeof(path), "%s-journal", p->full);
	if (lstat(path, &st) != 0)
		return TB_OK;
	if (!S_ISREG(st.st_mode))
		return tb_fail(err, TB_EPERM, "%s: not a regular file", path);
	if (st.st_size > 0 && access(path, R_OK | W_OK) != 0)
		return tb_fail(err, TB_EPERM,
		    "%s: a transaction has to be undone, but: %s", path,
		    strerror(errno));
	return check_owner(path, &st, err);
}

enum tb_status
place_check(const struct place *p, const char *path, bool may_be_empty,
    struct tb_err *err)
{
	enum tb_status status;
	struct stat st;

	if (stat(p->folder, &st) != 0)
		return tb_fail(err, TB_EIO, "%s: %s", p->folder,
		    strerror(errno));
	status = check_owner(p->folder, &st, err);
	if (status != TB_OK)
		return status;
	if (lstat(p->full, &st) != 0)
		return tb_fail(err, errno == ENOENT ? TB_ECONFIG : TB_EPERM,
		    "%s: %s%s", path, strerror(errno),
		    errno == ENOENT ? ": make it with tb-migrate init" : "");
	if (S_ISLNK(st.st_mode))
		return tb_fail(err, TB_EPERM,
		    "%s: a symbolic link: name the file itself", path);
	if (!S_ISREG(st.st_mode))
		return tb_fail(err, TB_ECONFIG, "%s: not a regular file", path);
	status = check_owner(path, &st, err);
	if (status != TB_OK)
		return status;
	if (st.st_size == 0 && !may_be_empty)
		return tb_fail(err, TB_ECONFIG,
		    "%s: empty: remove it and run tb-migrate init", path);
	return check_journal(p, err);
}

bool
place_is_remote(const struct place *p)
{
	struct statfs fs;

	if (statfs(p->folder, &fs) != 0)
		return false;
	switch ((unsigned)fs.f_type) {
	case NFS_SUPER_MAGIC:
	case SMB_SUPER_MAGIC:
	case CIFS_SUPER_MAGIC:
	case DB_SMB2_MAGIC:
	case FUSE_SUPER_MAGIC:
	case CODA_SUPER_MAGIC:
	case AFS_SUPER_MAGIC:
		return true;
	default:
		return false;
	}
}
