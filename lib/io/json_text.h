#ifndef TB_IO_JSON_TEXT_H
#define TB_IO_JSON_TEXT_H

/*
 * json_text: the inside of a string, as json_write.c and json_canonical.c
 * write it.  Private to the two.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/*
 * json_add_text: append s escaped, without the quotes; bad bytes become
 * U+FFFD.
 *
 * in: tame  escape what could drive a terminal too, not only what JSON demands
 */
void json_add_text(struct buffer *out, const char *s, size_t len, bool tame);

#endif /* TB_IO_JSON_TEXT_H */
