#include "base/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_MAX 4096

/* Ours, or root's, who could read it anyway. */
static bool
is_trusted(uid_t owner)
{
	return owner == geteuid() || owner == 0;
}

static enum tb_status
check_folder(int fd, const char *path, struct tb_err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return tb_fail(err, TB_EIO, "key file %s: its folder: %s", path,
		    strerror(errno));
	if (!is_trusted(st.st_uid))
		return tb_fail(err, TB_EPERM,
		    "key file %s: its folder belongs to user %u", path,
		    (unsigned int)st.st_uid);
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return tb_fail(err, TB_EPERM,
		    "key file %s: others write to its folder (mode %04o):"
		    " chmod go-w it",
		    path, (unsigned int)st.st_mode & 07777U);
	return TB_OK;
}

static enum tb_status
check_file(int fd, const char *path, struct tb_err *err)
{
	mode_t open_to_others = S_IRWXG | S_IRWXO;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return tb_fail(err, TB_EIO, "key file %s: %s", path,
		    strerror(errno));
	if (!S_ISREG(st.st_mode))
		return tb_fail(err, TB_EPERM,
		    "key file %s: expected a regular file", path);
	if (!is_trusted(st.st_uid))
		return tb_fail(err, TB_EPERM,
		    "key file %s: it belongs to user %u", path,
		    (unsigned int)st.st_uid);
	if (st.st_uid == 0 && geteuid() != 0)
		open_to_others &= ~(mode_t)S_IRGRP;
	if ((st.st_mode & open_to_others) != 0)
		return tb_fail(err, TB_EPERM,
		    "key file %s: open to others (mode %04o): chmod 600 it",
		    path, (unsigned int)st.st_mode & 07777U);
	if (st.st_nlink != 1)
		return tb_fail(err, TB_EPERM,
		    "key file %s: it has %lu names, expected one", path,
		    (unsigned long)st.st_nlink);
	if (st.st_size <= 0)
		return tb_fail(err, TB_ECONFIG, "key file %s: it is empty",
		    path);
	if (st.st_size > KEYFILE_MAX)
		return tb_fail(err, TB_ECONFIG,
		    "key file %s: %lld bytes, expected at most %d", path,
		    (long long)st.st_size, KEYFILE_MAX);
	return TB_OK;
}

/* Path in two: its folder, and the name in it. */
static enum tb_status
open_folder(const char *path, const char **name, int *out, struct tb_err *err)
{
	char folder[FOLDER_MAX];
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 0 : (size_t)(slash - path);

	if (len >= sizeof(folder))
		return tb_fail(err, TB_ECONFIG,
		    "the path of the key file is too long");
	memcpy(folder, path, len);
	folder[len] = '\0';
	if (len == 0)
		(void)snprintf(folder, sizeof(folder), "%s",
		    slash == NULL ? "." : "/");
	*name = slash == NULL ? path : slash + 1;
	*out = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*out == -1)
		return tb_fail(err, errno == EACCES ? TB_EPERM : TB_ECONFIG,
		    "key file %s: its folder: %s", path, strerror(errno));
	return TB_OK;
}

/* The name in its folder, which may be another's tomorrow. */
static enum tb_status
open_in(int folder, const char *name, const char *path, int *out,
    struct tb_err *err)
{
	*out = openat(folder, name,
	    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (*out != -1)
		return TB_OK;
	if (errno == ELOOP)
		return tb_fail(err, TB_EPERM,
		    "key file %s: it is a symbolic link", path);
	return tb_fail(err, errno == EACCES ? TB_EPERM : TB_ECONFIG,
	    "key file %s: %s", path, strerror(errno));
}

enum tb_status
keyfile_open(const char *path, int *out, struct tb_err *err)
{
	const char *name;
	enum tb_status status;
	int folder;

	*out = -1;
	status = open_folder(path, &name, &folder, err);
	if (status != TB_OK)
		return status;
	status = check_folder(folder, path, err);
	if (status == TB_OK)
		status = open_in(folder, name, path, out, err);
	(void)close(folder);
	if (status == TB_OK)
		status = check_file(*out, path, err);
	if (status != TB_OK && *out != -1) {
		(void)close(*out);
		*out = -1;
	}
	return status;
}
