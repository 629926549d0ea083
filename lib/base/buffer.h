#ifndef TB_BASE_BUFFER_H
#define TB_BASE_BUFFER_H

/*
 * buffer: bytes that grow, up to a maximum given at birth.
 *
 * Appending never fails at the call: an overflow or a refused allocation
 * sticks in failed and further appends do nothing; whoever takes the bytes
 * asks buffer_status() once.  data is NUL-terminated after every append.
 */

#include <stddef.h>

#include "base/err.h"

struct buffer {
	char *data;	       /* owned; NULL while nothing was appended */
	size_t len;	       /* without the NUL */
	size_t capacity;       /* allocated bytes */
	size_t max;	       /* len never exceeds it */
	enum tb_status failed; /* TB_OK, TB_ENOMEM or TB_ERANGE */
};

/* buffer_init: an empty buffer; allocates nothing. */
void buffer_init(struct buffer *b, size_t max);

/* buffer_release: free the bytes; the buffer may be initialised again. */
void buffer_release(struct buffer *b);

/* buffer_clear: empty it and forget a failure; keeps the allocation. */
void buffer_clear(struct buffer *b);

void buffer_add(struct buffer *b, const void *bytes, size_t len);
void buffer_add_char(struct buffer *b, char c);
void buffer_add_string(struct buffer *b, const char *s);
void buffer_add_format(struct buffer *b, const char *fmt, ...) TB_PRINTF(2, 3);

/* buffer_string: its text; "" while nothing was appended.  Borrowed. */
const char *buffer_string(const struct buffer *b);

/*
 * buffer_status: did everything fit?
 *
 * errors: TB_ENOMEM; TB_ERANGE longer than max
 */
enum tb_status buffer_status(const struct buffer *b, struct tb_err *err);

#endif /* TB_BASE_BUFFER_H */
