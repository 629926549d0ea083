#ifndef TB_EXCHANGE_FAULT_H
#define TB_EXCHANGE_FAULT_H

/*
 * fault: which requests go wrong on their way, and how.
 *
 * A rule is text, the same on the command line (--fault) and on the control
 * path: the kind with its value, then what it is for:
 *
 *	lose_answer,method=POST,path=/orders,skip=1,times=1
 *	status=503,body=html,path=/accounts
 *
 * path is a pattern of fnmatch(3) for the path without /api/v3/brokerage.
 * skip requests that match pass first; after times more the rule is spent
 * (0, the default: never).  Of the rules that match the first counts.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define FAULTS_MAX 32
#define FAULT_TEXT_MAX 160

enum fault_kind {
	FAULT_NONE,
	/* the request is not looked at */
	FAULT_CUT_BEFORE,
	FAULT_RESET_BEFORE,
	FAULT_UNAUTHORIZED,
	FAULT_STATUS,
	/* it is served, and then: */
	FAULT_LOSE_ANSWER,
	FAULT_RESET,
	FAULT_DELAY,
	FAULT_SERVED_STATUS,
	FAULT_HTML,
	FAULT_EMPTY,
	FAULT_BRACES,
	FAULT_TRUNCATE,
	FAULT_LONG_LENGTH,
	FAULT_SHORT_LENGTH,
	FAULT_CHUNK_GARBAGE,
	FAULT_GARBAGE,
	FAULT_ENDLESS,
	FAULT_SLOW,
	FAULT_STALL,
	FAULT_REDIRECT,
};

struct fault {
	enum fault_kind kind;
	char value[FAULT_TEXT_MAX];	  /* a status, milliseconds, a URL */
	char body[8];			  /* "json", "html" or "text" */
	char retry_after[FAULT_TEXT_MAX]; /* header; "": none */
	char method[8];			  /* "": any */
	char path[FAULT_TEXT_MAX];	  /* "": any */
	int64_t skip, times;
	int64_t seen, used; /* requests so far */
};

struct faults {
	struct fault rules[FAULTS_MAX];
	size_t count;
};

/* fault_add: one more rule.  errors: TB_EINVAL */
enum tb_status fault_add(struct faults *f, const char *rule,
    struct tb_err *err);

/*
 * fault_for: what happens to this request, or NULL; counts it.  Borrowed
 * until rules are added or forgotten.
 */
const struct fault *fault_for(struct faults *f, const char *method,
    const char *path);

const char *fault_name(enum fault_kind kind);

/* The request must not be served. */
bool fault_is_before(const struct fault *f);

/* fault_help: a line a kind, to standard output. */
void fault_help(void);

#endif /* TB_EXCHANGE_FAULT_H */
