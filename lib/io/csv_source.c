#include "io/csv_source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static enum tb_status
read_raw(struct csv_source *s, struct tb_err *err)
{
	ssize_t n;

	do
		n = read(s->fd, s->raw, sizeof(s->raw));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return tb_fail(err, TB_EIO, "%s: %s", s->name, strerror(errno));
	s->raw_at = 0;
	s->raw_len = (size_t)n;
	s->raw_end = n == 0;
	s->used += (size_t)n;
	return TB_OK;
}

enum tb_status
csv_source_open(struct csv_source *s, int fd, const char *name,
    struct tb_err *err)
{
	enum tb_status status;

	s->fd = fd;
	s->name = name;
	status = read_raw(s, err);
	if (status != TB_OK)
		return status;
	if (s->raw_len < 2 || s->raw[0] != 0x1f || s->raw[1] != 0x8b)
		return TB_OK;
	if (inflateInit2(&s->z, 15 + 16) != Z_OK) /* a gzip header only */
		return tb_nomem(err);
	s->is_gzip = s->in_member = true;
	return TB_OK;
}

void
csv_source_close(struct csv_source *s)
{
	if (s->is_gzip)
		(void)inflateEnd(&s->z);
}

static enum tb_status
fail_damaged(struct csv_source *s, const char *how, struct tb_err *err)
{
	s->is_damaged = true;
	return tb_fail(err, TB_EIO, "%s: %s gzip", s->name, how);
}

/* A member has ended: another may follow, nothing else. */
static enum tb_status
next_member(struct csv_source *s, struct tb_err *err)
{
	if (s->raw[s->raw_at] != 0x1f || inflateReset(&s->z) != Z_OK)
		return fail_damaged(s, "something behind the end of the", err);
	s->in_member = true;
	return TB_OK;
}

/* Unpack what was read into up to size bytes. */
static enum tb_status
unpack(struct csv_source *s, char *out, size_t size, size_t *out_len,
    struct tb_err *err)
{
	int z;

	s->z.next_in = &s->raw[s->raw_at];
	s->z.avail_in = (uInt)(s->raw_len - s->raw_at);
	s->z.next_out = (unsigned char *)out;
	s->z.avail_out = (uInt)size;
	z = inflate(&s->z, Z_NO_FLUSH);
	s->raw_at = s->raw_len - s->z.avail_in;
	*out_len = size - s->z.avail_out;
	if (z == Z_STREAM_END)
		s->in_member = false;
	else if (z != Z_OK && z != Z_BUF_ERROR)
		return fail_damaged(s, "damaged", err);
	return TB_OK;
}

enum tb_status
csv_source_read(struct csv_source *s, char *out, size_t size, size_t *out_len,
    struct tb_err *err)
{
	enum tb_status status = TB_OK;

	*out_len = 0;
	while (status == TB_OK && *out_len == 0) {
		if (s->raw_at == s->raw_len && !s->raw_end)
			status = read_raw(s, err);
		if (status != TB_OK)
			break;
		if (s->raw_at == s->raw_len && s->raw_end)
			return s->in_member ?
			    fail_damaged(s, "truncated", err) :
			    TB_OK;
		if (s->is_gzip) {
			if (!s->in_member)
				status = next_member(s, err);
			if (status == TB_OK)
				status = unpack(s, out, size, out_len, err);
			continue;
		}
		*out_len = s->raw_len - s->raw_at;
		if (*out_len > size)
			*out_len = size;
		memcpy(out, &s->raw[s->raw_at], *out_len);
		s->raw_at += *out_len;
	}
	return status;
}
