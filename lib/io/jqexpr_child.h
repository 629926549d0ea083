#ifndef TB_IO_JQEXPR_CHILD_H
#define TB_IO_JQEXPR_CHILD_H

/*
 * jqexpr_child: the process that runs users' expressions, and what it and its
 * parent say to each other over a socket.  Private to jqexpr.c.
 */

#include <stdint.h>

#include "base/buffer.h"
#include "io/jqexpr.h"

#define JQEXPR_INPUT_MAX (1 << 20) /* bytes of an input */
#define JQEXPR_WORDS_MAX 256	   /* bytes of a message */

enum jqexpr_wish {
	JQEXPR_EVAL,
	JQEXPR_CHECK, /* compile it, run nothing */
	JQEXPR_JOIN,  /* compile all that are expected */
};

/* Followed by the bytes of the expression and of the input. */
struct jqexpr_request {
	enum jqexpr_wish wish;
	uint32_t expression_len;
	uint32_t input_len;
};

enum jqexpr_outcome {
	JQEXPR_DONE,
	JQEXPR_NOT_COMPILED,
	JQEXPR_RAISED, /* an error, or a value that makes no sense */
	JQEXPR_NO_MEMORY,
};

struct jqexpr_reply {
	enum jqexpr_outcome outcome;
	struct jqexpr_value value;
	char words[JQEXPR_WORDS_MAX]; /* one line */
};

/*
 * jqexpr_serve: answer requests on fd until it is closed; never returns.  To
 * be called in a fresh child: shuts everything else first.
 *
 * in: expected  texts, as jqexpr_join.h keeps them
 */
_Noreturn void jqexpr_serve(int fd, const struct buffer *expected);

#endif /* TB_IO_JQEXPR_CHILD_H */
