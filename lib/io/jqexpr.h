#ifndef TB_IO_JQEXPR_H
#define TB_IO_JQEXPR_H

/*
 * jqexpr: users' jq expressions, kept at arm's length.
 *
 * The only room that includes jq.h.  All expressions of a run are evaluated
 * in one child process that is forked at the first use: no environment,
 * HOME=/nonexistent, no open descriptors but its pipe, RLIMIT_AS, RLIMIT_CPU,
 * no core, no files to include.  Each evaluation has JQEXPR_LIMIT_MS; a child
 * that takes longer or dies is killed, and the next expression gets a new one
 * (at most JQEXPR_RESTARTS_MAX in a run).  An expression that cost a child is
 * not run again: it fails at once with the same words, so that one bot's loop
 * takes neither the time nor the restarts of the others.  Money never passes
 * through here.
 *
 * To compile one costs 10 ms, nearly all of it for jq's own library: those
 * that are known beforehand (jqexpr_expect) are compiled in one go.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define JQEXPR_TEXT_MAX 4096	      /* bytes of an expression */
#define JQEXPR_LIMIT_MS 2000	      /* for one evaluation */
#define JQEXPR_MEMORY_MAX (256 << 20) /* address space of the child */
#define JQEXPR_RESTARTS_MAX 8
#define JQEXPR_EXPECTED_MAX (16 << 10) /* bytes compiled in one go */

struct jqexpr;

/* jqexpr_open: nothing is started yet. errors: TB_ENOMEM */
enum tb_status jqexpr_open(struct jqexpr **out, struct tb_err *err);
void jqexpr_close(struct jqexpr *jq); /* kills the child; NULL is fine */

/*
 * jqexpr_expect: it will be asked for, perhaps.  Of use before the first is;
 * what it gives is the same with it and without.
 */
void jqexpr_expect(struct jqexpr *jq, const char *expression);

/*
 * jqexpr_check: does the expression compile?
 *
 * errors: TB_ECONFIG with jq's words on one line; TB_EIO no child
 */
enum tb_status jqexpr_check(struct jqexpr *jq, const char *expression,
    struct tb_err *err);

enum jqexpr_kind {
	JQEXPR_NULL,
	JQEXPR_FALSE,
	JQEXPR_TRUE,
	JQEXPR_NUMBER,
	JQEXPR_OTHER
};

/* What an expression gave: its first output. */
struct jqexpr_value {
	enum jqexpr_kind kind;
	char number[32]; /* shortest text of a finite double, else "" */
};

/*
 * jqexpr_eval: run expression over the JSON text input.  No output at all is
 * JQEXPR_NULL.
 *
 * errors: TB_EINVAL it raised an error (jq's words), took longer than the
 *	   limit, ran out of memory, or gave a number that is not finite;
 *	   TB_ECONFIG it does not compile; TB_EIO no child, or its death
 */
enum tb_status jqexpr_eval(struct jqexpr *jq, const char *expression,
    const char *input, size_t input_len, struct jqexpr_value *out,
    struct tb_err *err);

#endif /* TB_IO_JQEXPR_H */
