#ifndef TB_VENUE_CHILD_H
#define TB_VENUE_CHILD_H

/*
 * child: a program that is asked by lines on its standard input and answers
 * by lines on its standard output.  Private to program.
 *
 * Moments are CLOCK_BOOTTIME in milliseconds; nothing here waits longer than
 * it is told to.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "base/err.h"

struct child {
	pid_t pid;	    /* 0: none */
	int in, out;	    /* our ends of its pipes; -1: closed */
	bool has_lock;	    /* it shares the send lock */
	struct buffer data; /* what came and was not handed out yet */
	size_t line_max;    /* bytes of a line */
	size_t handed;	    /* bytes of data that the last line took */
};

/* child_init: no program yet; allocates nothing. */
void child_init(struct child *c, size_t line_max);

/* How a program is started. */
struct child_setup {
	char *const *argv; /* argv[0] is the path; NULL behind the last */
	char *key_file;	   /* "TB_KEY_FILE=..."; NULL: ours */
	int lock_fd;	   /* -1: none */
	int lock_as;	   /* the descriptor that it becomes */
};

/*
 * child_start: run it with our standard error, a cleaned environment, default
 * signals, a process group of its own (a ^C is for us) and no other
 * descriptor than the lock.
 *
 * in:	   setup  borrowed for the call
 * errors: TB_ECONFIG it can't be run; TB_EIO
 */
enum tb_status child_start(struct child *c, const struct child_setup *setup,
    struct tb_err *err);

/* It runs, and has said nothing since the last line that was read. */
bool child_is_ready(const struct child *c);

/*
 * child_say: a line with its newline, PIPE_BUF bytes at most: taken whole, or
 * on failure not at all.
 *
 * errors: TB_ENET
 */
enum tb_status child_say(struct child *c, const char *line, size_t len,
    int64_t until_ms, struct tb_err *err);

/*
 * child_hear: its next line, without the newline, writable, valid until the
 * next call.
 *
 * errors: TB_ENET it is silent until then, or ended; TB_EINVAL the line is
 *	   longer than line_max; TB_ENOMEM
 */
enum tb_status child_hear(struct child *c, int64_t until_ms, char **out,
    size_t *out_len, struct tb_err *err);

/*
 * child_leave: close its input and wait for its end; returns whether it is
 * gone (and reaped).
 */
bool child_leave(struct child *c, int64_t until_ms);

/* child_kill: end it now.  None there: fine. */
void child_kill(struct child *c);

/* child_release: close and free what is ours; the program is left alone. */
void child_release(struct child *c);

#endif /* TB_VENUE_CHILD_H */
