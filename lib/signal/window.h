#ifndef TB_SIGNAL_WINDOW_H
#define TB_SIGNAL_WINDOW_H

/*
 * window: a series whose value depends on a bounded past.  Private to
 * lib/signal; evaluation.h has the rule.
 *
 * Time is cut into epochs of W candles.  The value at a candle comes from a
 * state that began with the epoch before the candle's own; a second state
 * began with its own epoch and takes over when the next one begins.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "signal/indicator.h"

struct window {
	struct series series;
	int reads;	      /* series_reads() */
	int warm_up;	      /* W, at least 1 */
	int64_t epoch_s;      /* G x W */
	int64_t needs_from_s; /* candles before it cannot matter */
	int64_t epoch;	      /* of the last candle */
	void *older;	      /* states, in the caller's memory */
	void *younger;
	int older_count; /* candles that each has seen */
	int younger_count;
	double values[INDICATOR_COLUMNS_MAX]; /* at the last candle */
};

/* window_memory: bytes for both states, aligned for double. */
size_t window_memory(const struct series *series);

/* window_init: in memory of window_memory() bytes. */
void window_init(struct window *w, const struct series *series,
    int granularity_s, void *memory);

/* window_anchor: from where on candles count for the one that starts at t. */
int64_t window_anchor(const struct window *w, int64_t start_s);

/*
 * window_push: the next candle; its value is computed where it is wanted, or
 * costs nothing.  One before needs_from_s is passed over.
 */
void window_push(struct window *w, const struct bar *bar, bool wanted);

/* window_is_warm: at least W/2 candles since the anchor. */
bool window_is_warm(const struct window *w);

/*
 * window_is_flat: no close changed in what decides its value.
 *
 * in: same  last closes, the newest included, that are equal
 */
bool window_is_flat(const struct window *w, int64_t same);

#endif /* TB_SIGNAL_WINDOW_H */
