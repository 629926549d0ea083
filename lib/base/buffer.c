#include "base/buffer.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_FIRST 128 /* bytes of the first allocation */

void
buffer_init(struct buffer *b, size_t max)
{
	*b = (struct buffer){ .max = max };
}

void
buffer_release(struct buffer *b)
{
	free(b->data);
	buffer_init(b, b->max);
}

void
buffer_clear(struct buffer *b)
{
	b->len = 0;
	b->failed = TB_OK;
	if (b->data != NULL)
		b->data[0] = '\0';
}

/* Room for len more bytes and the NUL, or a failure that sticks. */
static bool
reserve(struct buffer *b, size_t len)
{
	size_t capacity = b->capacity;
	char *data;

	if (b->failed != TB_OK)
		return false;
	if (len > b->max - b->len) {
		b->failed = TB_ERANGE;
		return false;
	}
	if (b->len + len < capacity)
		return true;
	if (capacity == 0)
		capacity = BUFFER_FIRST;
	while (capacity <= b->len + len)
		capacity = capacity > SIZE_MAX / 2 ? SIZE_MAX : capacity * 2;
	data = realloc(b->data, capacity);
	if (data == NULL) {
		b->failed = TB_ENOMEM;
		return false;
	}
	b->data = data;
	b->capacity = capacity;
	return true;
}

void
buffer_add(struct buffer *b, const void *bytes, size_t len)
{
	if (!reserve(b, len))
		return;
	if (len > 0)
		memcpy(b->data + b->len, bytes, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void
buffer_add_char(struct buffer *b, char c)
{
	buffer_add(b, &c, 1);
}

void
buffer_add_string(struct buffer *b, const char *s)
{
	buffer_add(b, s, strlen(s));
}

void
buffer_add_format(struct buffer *b, const char *fmt, ...)
{
	va_list ap, again;
	int len;

	va_start(ap, fmt);
	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, ap);
	assert(len >= 0);
	if (reserve(b, (size_t)len)) {
		(void)vsnprintf(b->data + b->len, (size_t)len + 1, fmt, again);
		b->len += (size_t)len;
	}
	va_end(again);
	va_end(ap);
}

const char *
buffer_string(const struct buffer *b)
{
	return b->data == NULL ? "" : b->data;
}

enum tb_status
buffer_status(const struct buffer *b, struct tb_err *err)
{
	if (b->failed == TB_ENOMEM)
		return tb_nomem(err);
	if (b->failed != TB_OK)
		return tb_fail(err, b->failed, "longer than %zu bytes", b->max);
	return TB_OK;
}
