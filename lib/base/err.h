#ifndef TB_BASE_ERR_H
#define TB_BASE_ERR_H

/*
 * err: how a failure travels from the place it happened to the exit status.
 *
 * lib/ never prints and never exits: a function that can fail returns an
 * enum tb_status, and one with something to tell also fills the caller's
 * struct tb_err (always the last parameter).  The innermost function that
 * knows the facts writes the message: what was found, what was expected.
 * Callers pass it up unchanged or put a place in front of it.  Only
 * cmd/cli.c turns it into a line on standard error and an exit status.
 *
 * A broken promise between our own functions is a bug, not a failure:
 * assert() it.
 */

/* On a type: whoever drops such a value must say so with (void). */
#if defined(__cppcheck__) /* 2.10 reads neither of the two */
# define TB_MUST_USE
#elif defined(__clang__)
# define TB_MUST_USE __attribute__((warn_unused_result))
#else
# define TB_MUST_USE [[nodiscard]]
#endif

#define TB_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* The classes of the suite's exit statuses; tb(7) has the table. */
__extension__ enum TB_MUST_USE tb_status {
	TB_OK = 0,
	TB_END,	      /* 1: no more, or "no" to a question: not a failure */
	TB_EUSAGE,    /* 2: what was asked for makes no sense */
	TB_EREFUSED,  /* 3: a rule of ours says no; nothing was sent */
	TB_EVENUE,    /* 4: the venue says no */
	TB_EUNKNOWN,  /* 5: an order may be live: never repeat blindly */
	TB_EPARTIAL,  /* 6: some items failed, the others are done */
	TB_ENOENT,    /* 7: what was asked for does not exist */
	TB_EDISAGREE, /* 8: two figures that must agree do not */
	TB_EHALTED,   /* 9: the kill switch is on */
	TB_EINVAL,    /* 65: data given to us breaks its own rules */
	TB_ERANGE,    /* 65: a number cannot be held exactly */
	TB_ENET,      /* 69: venue not reachable; nothing was sent */
	TB_EBUG,      /* 70: a fault of ours */
	TB_EIO,	      /* 74: a file, a pipe or the database failed */
	TB_ENOMEM,    /* 74: out of memory */
	TB_EBUSY,     /* 75: not now; nothing was changed, a retry is safe */
	TB_EPERM,     /* 77: not permitted: key, mode, owner */
	TB_ECONFIG,   /* 78: configuration or schema version is wrong */
};

#define TB_ERR_MAX 512 /* bytes of a message, its NUL included */

struct tb_err {
	enum tb_status status; /* TB_OK while msg is empty */
	char msg[TB_ERR_MAX];  /* one line, no newline, no program name */
};

/*
 * tb_fail: record a failure; the value is the status, so that callers write
 *	return tb_fail(err, TB_EINVAL, "side: expected BUY or SELL");
 * A macro, because then the analyzers can see which status comes back.
 *
 * in:	    status  evaluated twice; not TB_OK
 * out:	    *err    overwritten; err may be NULL when nobody wants the words,
 *		    and err->msg may be among the arguments
 * returns: status
 */
#define tb_fail(err, status, ...)                                              \
 (tb_err_set((err), (status), __VA_ARGS__), (enum tb_status)(status))

void tb_err_set(struct tb_err *err, enum tb_status status, const char *fmt, ...)
    TB_PRINTF(3, 4);

/*
 * tb_err_at: put a place in front of the message: "line 12: price: ...".
 *
 * inout: *err	unchanged when it holds no failure; err may be NULL
 */
void tb_err_at(struct tb_err *err, const char *fmt, ...) TB_PRINTF(2, 3);

/* tb_err_clear: forget a failure that was dealt with; err may be NULL. */
void tb_err_clear(struct tb_err *err);

/* tb_nomem: tb_fail() for an allocation that was refused. */
#define tb_nomem(err) tb_fail((err), TB_ENOMEM, "out of memory")

#endif /* TB_BASE_ERR_H */
