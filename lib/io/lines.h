#ifndef TB_IO_LINES_H
#define TB_IO_LINES_H

/*
 * lines: bounded lines from a descriptor, and whole lines to one.
 *
 * A line longer than the maximum is dropped to its end and reported once; the
 * next line is read as if nothing had happened.  Memory is bounded by the
 * maximum whatever comes in.
 */

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/err.h"

#define LINE_MAX_BYTES 65536 /* of a line in the pipe, its newline excepted */

struct lines {
	int fd;		      /* borrowed */
	const char *name;     /* borrowed, for messages: "line" in "line 3" */
	size_t max;	      /* bytes of a line */
	unsigned long number; /* of the line last read, from 1 */
	bool terminated;      /* the line last read ended in a newline */
	const volatile sig_atomic_t *stop; /* borrowed; NULL: none.  Once it is
					      not 0 the input has ended */
	struct buffer data;		   /* private, as is all below */
	size_t line, line_len;		   /* the line last read */
	size_t start;			   /* of what was not handed out yet */
	bool at_end;
};

/* lines_init: name is "line", stop is NULL; allocates nothing. */
void lines_init(struct lines *l, int fd, size_t max);
void lines_release(struct lines *l);

/*
 * lines_next: the next line without its newline (a CR before it is dropped),
 * NUL-terminated, writable, valid until the next call.  Bytes may contain NUL:
 * use *out_len.
 *
 * returns: TB_OK; TB_END at the end of the input
 * errors:  TB_EINVAL the line is longer than max (it counts; go on);
 *	    TB_EIO; TB_ENOMEM
 */
enum tb_status lines_next(struct lines *l, char **out, size_t *out_len,
    struct tb_err *err);

/*
 * lines_rest: everything from the line last read (included) to the end as one
 * piece, at most max_bytes: a pretty-printed document.  Same lifetime as
 * lines_next().  Afterwards the input has ended.
 *
 * errors: TB_EINVAL longer than max_bytes; TB_EIO; TB_ENOMEM
 */
enum tb_status lines_rest(struct lines *l, size_t max_bytes, char **out,
    size_t *out_len, struct tb_err *err);

/*
 * lines_write: all bytes to fd, in one write(2) where the kernel takes them
 * so; interrupted and short writes go on.
 *
 * errors: TB_EIO the message has strerror(); EPIPE is TB_EIO too
 */
enum tb_status lines_write(int fd, const void *bytes, size_t len,
    struct tb_err *err);

#endif /* TB_IO_LINES_H */
