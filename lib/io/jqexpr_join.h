#ifndef TB_IO_JQEXPR_JOIN_H
#define TB_IO_JQEXPR_JOIN_H

/*
 * jqexpr_join: expressions made into one program, which over [n, input] gives
 * what the n-th gives over input.  Private to jqexpr.c and its child.
 *
 * They are kept as texts one behind the other, each with its NUL.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/*
 * jqexpr_can_join: are all its brackets and strings closed, so that it cannot
 * reach out of the brackets it is put into?  One that asks for its own line is
 * left out, too, and one whose comments have a backslash.
 */
bool jqexpr_can_join(const char *expression);

/* jqexpr_find: which of the texts it is, from 0; -1: none. */
int jqexpr_find(const char *texts, size_t len, const char *expression);

/* jqexpr_join: the program of all texts. */
void jqexpr_join(const char *texts, size_t len, struct buffer *out);

#endif /* TB_IO_JQEXPR_JOIN_H */
