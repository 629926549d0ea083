#include "base/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 4096

void
scratch_init(struct scratch *s, const char *folder)
{
	*s = (struct scratch){ .folder = folder, .fd = -1 };
}

void
scratch_close(struct scratch *s)
{
	if (s->fd != -1)
		(void)close(s->fd);
	s->fd = -1;
}

static enum tb_status
fail(const struct scratch *s, struct tb_err *err)
{
	return tb_fail(err, TB_EIO, "%s: %s", s->folder, strerror(errno));
}

static enum tb_status
file_open(struct scratch *s, struct tb_err *err)
{
	char path[PATH_BYTES];
	int len;

	if (s->fd != -1)
		return TB_OK;
	s->fd = open(s->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (s->fd != -1 || (errno != EOPNOTSUPP && errno != EISDIR))
		return s->fd == -1 ? fail(s, err) : TB_OK;
	len = snprintf(path, sizeof(path), "%s/tb-scratch-XXXXXX", s->folder);
	if (len < 0 || (size_t)len >= sizeof(path))
		return tb_fail(err, TB_EUSAGE, "the path is too long");
	s->fd = mkostemp(path, O_CLOEXEC);
	if (s->fd == -1)
		return fail(s, err);
	(void)unlink(path);
	return TB_OK;
}

enum tb_status
scratch_write(struct scratch *s, const void *bytes, size_t len, off_t at,
    struct tb_err *err)
{
	enum tb_status status = file_open(s, err);
	const char *p = bytes;

	while (status == TB_OK && len > 0) {
		ssize_t n = pwrite(s->fd, p, len, at);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fail(s, err);
		p += n;
		len -= (size_t)n;
		at += n;
	}
	return status;
}

enum tb_status
scratch_read(struct scratch *s, void *bytes, size_t len, off_t at,
    struct tb_err *err)
{
	char *p = bytes;

	while (len > 0) {
		ssize_t n = pread(s->fd, p, len, at);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == 0)
			errno = EIO;
		if (n <= 0)
			return fail(s, err);
		p += n;
		len -= (size_t)n;
		at += n;
	}
	return TB_OK;
}
