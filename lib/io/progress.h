#ifndef TB_IO_PROGRESS_H
#define TB_IO_PROGRESS_H

/*
 * progress: one line on a terminal that says how far long work is.
 *
 * Writes to the descriptor it is given and only where that is a terminal;
 * redraws at most ten times a second; leaves the line empty at the end.
 */

#include <stdbool.h>
#include <stdint.h>

struct progress {
	int fd;		  /* of the terminal, or -1: draws nothing */
	const char *what; /* borrowed: "importing candles" */
	int64_t started_ms, drawn_ms;
	bool visible; /* private */
};

/* progress_begin: fd is drawn upon if it is a terminal and quiet is false. */
void progress_begin(struct progress *p, int fd, const char *what, bool quiet);

/*
 * progress_show: done of total units (0: not known) and a word on them, such
 * as "rows".
 */
void progress_show(struct progress *p, uint64_t done, uint64_t total,
    const char *unit);
void progress_end(struct progress *p);

#endif /* TB_IO_PROGRESS_H */
