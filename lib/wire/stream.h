#ifndef TB_WIRE_STREAM_H
#define TB_WIRE_STREAM_H

/*
 * stream: objects from a pipe, one by one, each with its place.
 *
 * A line is one JSON object.  A line that is an array is taken element by
 * element.  Input whose first line is just { or [ is one pretty-printed
 * document: an object, or an array of them.  Blank lines are skipped, and so
 * is a byte order mark in front of the first line.  The stream knows no
 * shape.
 *
 * Nothing of a line that is not JSON is ever delivered, and nothing of a
 * document.
 */

#include <signal.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/err.h"
#include "io/json.h"
#include "io/lines.h"

#define STREAM_DOCUMENT_MAX (1 << 20)	 /* bytes of a document */
#define STREAM_DOCUMENT_TOKENS (1 << 16) /* of a document */

struct stream;

/* An object that was read; borrowed until the next stream_next(). */
struct stream_item {
	struct json json;
	const struct json_token *object;
	const char *text;      /* its source without white space, one line; */
	size_t text_len;       /* keys, digits and escapes as written */
	unsigned long line;    /* where it began, from 1 */
	unsigned long element; /* of an array, from 1; 0: no array */
};

/* stream_open: fd stays the caller's. errors: TB_ENOMEM */
enum tb_status stream_open(struct stream **out, int fd, struct tb_err *err);
void stream_close(struct stream *s); /* NULL is fine */

/* stream_stop: end the input once *stop is not 0; see lines.h. */
void stream_stop(struct stream *s, const volatile sig_atomic_t *stop);

/*
 * stream_next: the next object.
 *
 * out:	    *out     on TB_EINVAL line and element alone
 * returns: TB_OK; TB_END at the end of the input
 * errors:  TB_EINVAL a line, element or document that is no object, with its
 *	    place ("line 3: byte 12: ..."): go on; TB_EIO, TB_ENOMEM: the
 *	    stream is over
 */
enum tb_status stream_next(struct stream *s, struct stream_item *out,
    struct tb_err *err);

#endif /* TB_WIRE_STREAM_H */
