#ifndef TB_VENUE_PROGRAM_H
#define TB_VENUE_PROGRAM_H

/*
 * program: a venue behind a program of its own, tb-venue-NAME, spoken with in
 * the protocol of tb-venue(7) over its standard input and output.
 *
 * The program is started at the first verb, with a cleaned environment and no
 * descriptor of ours but the three standard ones and, as descriptor 3, the
 * send lock where the caller holds one: both share its open file description,
 * so that the lock outlives a caller that dies while an order is under way.
 *
 * An answer is waited for VENUE_ANSWER_WITHIN_MS (place: that long after
 * send_before_ms).  A program that dies, hangs or talks nonsense:
 *	place	    UNKNOWN; hung unless it is surely gone, and then nothing
 *		    more is asked of it, nor is it killed.  NOT_SENT where it
 *		    could not be started or never took the request
 *	any other   TB_ENET (gone, silent) or TB_EINVAL (nonsense); it is
 *		    killed, and the next verb starts another
 *
 * The caller ignores SIGPIPE.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "venue/venue.h"

#define PROGRAM_ARGS_MAX 16   /* arguments of a program, its name included */
#define PROGRAM_LOCK_FD 3     /* the send lock, in the program */
#define PROGRAM_GRACE_MS 2000 /* beyond VENUE_ANSWER_WITHIN_MS, and to exit */

struct program_config {
	const char *name; /* "coinbase": the program is tb-venue-coinbase */
	const char *path; /* of the program, or NULL: it is looked for in the
			     folder of the running tool, in ../libexec/tb of
			     that, and in the libexecdir of the build */
	const char *const *args;  /* more arguments, up to a NULL; or NULL */
	const char *key_file;	  /* becomes $TB_KEY_FILE of the program; NULL:
				 ours, where we have one */
	const int *lock_fd;	  /* borrowed: the send lock's descriptor, asked
			       whenever the program is started; *lock_fd -1 or
			       NULL: none.  place starts it anew if it has none
			       while the caller has */
	int64_t answer_within_ms; /* 0: VENUE_ANSWER_WITHIN_MS */
};

/*
 * program_open: a venue behind the program; starts nothing yet.
 *
 * in:	   config  copied, but lock_fd
 * out:	   *out	   to be given to its close verb: the end of the program's
 *		   input; one that does not end is killed, but never after a
 *		   place without an answer
 * errors: TB_ECONFIG there is no such program: the message names the places;
 *	   too many or too long arguments; TB_ENOMEM
 */
enum tb_status program_open(struct venue **out,
    const struct program_config *config, struct tb_err *err);

#endif /* TB_VENUE_PROGRAM_H */
