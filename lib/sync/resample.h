#ifndef TB_SYNC_RESAMPLE_H
#define TB_SYNC_RESAMPLE_H

/*
 * resample: larger candles from smaller ones.
 *
 * A larger candle is made of all the small ones that its time has: first open,
 * highest high, lowest low, last close, sum of the volumes.  Where one is
 * missing there is none: candles are not invented.
 *
 * Rows come in order of time, forwards or backwards.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/market.h"

#define RESAMPLE_RATIO_MAX 1440 /* minutes of a day */

struct resample {
	int from_s, to_s; /* granularities; to_s is a multiple of from_s */
	uint64_t windows; /* complete ones, given out */
	uint64_t dropped; /* windows that had a candle missing */

	bool is_open;		 /* private from here on */
	int direction;		 /* of time: 1, -1, 0 not known yet */
	int have;		 /* small candles in window */
	int64_t first_s, last_s; /* of these */
	struct candle window;
	uint64_t seen[(RESAMPLE_RATIO_MAX + 63) / 64];
};

/* errors: TB_EUSAGE to_s is no multiple, or not larger */
enum tb_status resample_init(struct resample *r, int from_s, int to_s,
    struct tb_err *err);

/*
 * resample_add: one small candle.
 *
 * out:	   *out	       the larger candle that it ended
 *	   *is_ready   there is one
 * errors: TB_EINVAL out of order, or twice; TB_ERANGE the volume does not fit
 */
enum tb_status resample_add(struct resample *r, const struct candle *c,
    struct candle *out, bool *is_ready, struct tb_err *err);

/* resample_end: the last one, if it is complete. */
void resample_end(struct resample *r, struct candle *out, bool *is_ready);

#endif /* TB_SYNC_RESAMPLE_H */
