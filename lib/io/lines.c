#include "io/lines.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define CHUNK 16384 /* bytes asked of the kernel at once */

void
lines_init(struct lines *l, int fd, size_t max)
{
	*l = (struct lines){ .fd = fd, .name = "line", .max = max };
	buffer_init(&l->data, max + (size_t)2 * CHUNK);
}

void
lines_release(struct lines *l)
{
	buffer_release(&l->data);
}

static bool
is_stopped(const struct lines *l)
{
	return l->stop != NULL && *l->stop != 0;
}

/* A descriptor that somebody made non-blocking: wait for it. */
static void
wait_for(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	(void)poll(&p, 1, -1);
}

/* Forget what was handed out, so that the rest begins the buffer. */
static void
shift(struct lines *l, size_t from)
{
	if (from == 0)
		return;
	memmove(l->data.data, l->data.data + from, l->data.len - from + 1);
	l->data.len -= from;
	l->start -= from;
	l->line = 0;
}

/* Read on; at the end of the input, or when stopped, sets at_end. */
static enum tb_status
fill(struct lines *l, struct tb_err *err)
{
	char chunk[CHUNK];
	ssize_t n = 0;

	while (!is_stopped(l)) {
		n = read(l->fd, chunk, sizeof(chunk));
		if (n >= 0)
			break;
		if (errno == EAGAIN)
			wait_for(l->fd, POLLIN);
		else if (errno != EINTR)
			return tb_fail(err, TB_EIO, "cannot read: %s",
			    strerror(errno));
	}
	if (n <= 0)
		l->at_end = true;
	else
		buffer_add(&l->data, chunk, (size_t)n);
	return buffer_status(&l->data, err);
}

/* Drop the line at the start, to its end, in bounded memory. */
static enum tb_status
skip_line(struct lines *l, struct tb_err *err)
{
	const char *newline = NULL;

	while (newline == NULL && !l->at_end) {
		enum tb_status status;

		l->data.len = 0;
		l->start = 0;
		status = fill(l, err);
		if (status != TB_OK)
			return status;
		if (l->data.len > 0)
			newline = memchr(l->data.data, '\n', l->data.len);
	}
	l->start = newline == NULL ? l->data.len :
				     (size_t)(newline - l->data.data) + 1;
	l->terminated = newline != NULL;
	return TB_OK;
}

static enum tb_status
fail_too_long(const struct lines *l, struct tb_err *err)
{
	return tb_fail(err, TB_EINVAL, "%s %lu: longer than %zu bytes", l->name,
	    l->number, l->max);
}

/*
 * Find the end of the line at the start, reading as far as needed.
 *
 * out:	    *out_end  where its newline is, or the data end
 * returns: TB_OK; TB_END no line is left; TB_ERANGE it is too long
 */
static enum tb_status
find_end(struct lines *l, size_t *out_end, struct tb_err *err)
{
	size_t seen = l->start;

	for (;;) {
		const char *newline = l->data.len == seen ?
		    NULL :
		    memchr(l->data.data + seen, '\n', l->data.len - seen);
		enum tb_status status;

		l->terminated = newline != NULL;
		if (newline != NULL) {
			*out_end = (size_t)(newline - l->data.data);
			return TB_OK;
		}
		if (l->at_end) {
			*out_end = l->data.len;
			return l->start == l->data.len ? TB_END : TB_OK;
		}
		if (l->data.len - l->start > l->max + 1) /* with a CR */
			return TB_ERANGE;
		shift(l, l->start);
		seen = l->data.len;
		status = fill(l, err);
		if (status != TB_OK)
			return status;
	}
}

enum tb_status
lines_next(struct lines *l, char **out, size_t *out_len, struct tb_err *err)
{
	size_t end, len;
	enum tb_status status = find_end(l, &end, err);

	if (status == TB_ERANGE) {
		l->number++;
		status = skip_line(l, err);
		return status == TB_OK ? fail_too_long(l, err) : status;
	}
	if (status == TB_OK && is_stopped(l)) /* it may be half a line */
		status = TB_END;
	if (status != TB_OK)
		return status;

	l->number++;
	l->line = l->start;
	l->start = l->terminated ? end + 1 : end;
	len = end - l->line;
	if (len > 0 && l->data.data[end - 1] == '\r' && l->terminated)
		len--;
	if (len > l->max)
		return fail_too_long(l, err);
	l->line_len = len;
	l->data.data[l->line + len] = '\0';
	*out = &l->data.data[l->line];
	*out_len = len;
	return TB_OK;
}

enum tb_status
lines_rest(struct lines *l, size_t max_bytes, char **out, size_t *out_len,
    struct tb_err *err)
{
	enum tb_status status = TB_OK;

	assert(l->number > 0);
	/* Give the line back the end that lines_next() took from it. */
	if (l->terminated) {
		size_t end = l->line + l->line_len;

		memset(&l->data.data[end], ' ', l->start - end);
		l->data.data[l->start - 1] = '\n';
	}
	shift(l, l->line);
	l->data.max = max_bytes + CHUNK;
	while (status == TB_OK && !l->at_end && l->data.len <= max_bytes)
		status = fill(l, err);
	if (status != TB_OK)
		return status;
	l->start = l->data.len;
	l->at_end = true;
	if (l->data.len > max_bytes)
		return tb_fail(err, TB_EINVAL,
		    "the document that begins on %s %lu is longer than %zu"
		    " bytes",
		    l->name, l->number, max_bytes);
	*out = l->data.data;
	*out_len = l->data.len;
	return TB_OK;
}

enum tb_status
lines_write(int fd, const void *bytes, size_t len, struct tb_err *err)
{
	const char *p = bytes;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n >= 0) {
			p += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN) {
			wait_for(fd, POLLOUT);
		} else if (errno != EINTR) {
			return tb_fail(err, TB_EIO, "cannot write: %s",
			    strerror(errno));
		}
	}
	return TB_OK;
}
