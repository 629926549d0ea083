#include "base/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * Keep the promise of one line: a newline from outside becomes a blank, and a
 * message that was cut does not end inside a UTF-8 sequence.
 */
static void
make_one_line(char *msg, size_t size, int written)
{
	size_t len = strlen(msg);

	for (size_t i = 0; i < len; i++)
		if (msg[i] == '\n' || msg[i] == '\r')
			msg[i] = ' ';
	if (written < 0 || (size_t)written < size)
		return;
	while (len > 0 && ((unsigned char)msg[len - 1] & 0xc0) == 0x80)
		msg[--len] = '\0';
	if (len > 0 && (unsigned char)msg[len - 1] >= 0xc0)
		msg[--len] = '\0';
}

void
tb_err_set(struct tb_err *err, enum tb_status status, const char *fmt, ...)
{
	char msg[TB_ERR_MAX]; /* the arguments may be err's own words */
	va_list ap;
	int written;

	assert(status != TB_OK);
	if (err == NULL)
		return;
	va_start(ap, fmt);
	written = vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	make_one_line(msg, sizeof(msg), written);
	err->status = status;
	memcpy(err->msg, msg, strlen(msg) + 1);
}

void
tb_err_at(struct tb_err *err, const char *fmt, ...)
{
	char place[TB_ERR_MAX];
	va_list ap;

	if (err == NULL || err->status == TB_OK)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(place, sizeof(place), fmt, ap);
	va_end(ap);
	tb_err_set(err, err->status, "%s: %s", place, err->msg);
}

void
tb_err_clear(struct tb_err *err)
{
	if (err != NULL)
		*err = (struct tb_err){ 0 };
}
