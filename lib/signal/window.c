#include "signal/window.h"

#include <assert.h>

#define NO_EPOCH INT64_MIN /* before the first candle */

/* Rounded up, so that the second state is aligned as the first. */
static size_t
state_size(const struct series *series)
{
	size_t align = _Alignof(max_align_t);

	return (series_state_size(series) + align - 1) / align * align;
}

size_t
window_memory(const struct series *series)
{
	return 2 * state_size(series);
}

void
window_init(struct window *w, const struct series *series, int granularity_s,
    void *memory)
{
	*w = (struct window){
		.series = *series,
		.reads = series_reads(series),
		.warm_up = series_warm_up(series),
		.needs_from_s = INT64_MIN,
		.epoch = NO_EPOCH,
		.older = memory,
		.younger = (char *)memory + state_size(series),
	};
	assert(w->warm_up > 0); /* bot_check() refuses what never forgets */
	w->epoch_s = (int64_t)granularity_s * w->warm_up;
}

/* Rounds toward minus infinity: right for times before 1970 too. */
static int64_t
epoch_of(const struct window *w, int64_t start_s)
{
	return start_s / w->epoch_s - (start_s % w->epoch_s < 0);
}

int64_t
window_anchor(const struct window *w, int64_t start_s)
{
	return (epoch_of(w, start_s) - 1) * w->epoch_s;
}

static void
begin_epoch(struct window *w, int64_t epoch)
{
	void *oldest = w->older;

	w->older = w->younger;
	w->older_count = w->younger_count;
	w->younger = oldest;
	w->younger_count = 0;
	series_init(&w->series, w->younger);
	if (w->epoch == NO_EPOCH || epoch != w->epoch + 1) {
		w->older_count = 0;
		series_init(&w->series, w->older);
	}
	w->epoch = epoch;
}

void
window_push(struct window *w, const struct bar *bar, bool wanted)
{
	const struct columns in = { &bar->open, &bar->high, &bar->low,
		&bar->close, &bar->volume };
	double unwanted[INDICATOR_COLUMNS_MAX];
	double *const values[] = { w->values, w->values + 1, w->values + 2,
		w->values + 3 };
	double *const nowhere[] = { unwanted, unwanted + 1, unwanted + 2,
		unwanted + 3 };
	double *const *unread = w->series.indicator->lazy ? NULL : nowhere;
	int64_t epoch = epoch_of(w, bar->start_s);

	if (bar->start_s < w->needs_from_s)
		return;
	if (epoch != w->epoch)
		begin_epoch(w, epoch);
	series_update(&w->series, w->older, &in, 1, wanted ? values : unread);
	series_update(&w->series, w->younger, &in, 1, unread);
	w->older_count++;
	w->younger_count++;
}

bool
window_is_warm(const struct window *w)
{
	return 2 * (int64_t)w->older_count >= w->warm_up;
}

bool
window_is_flat(const struct window *w, int64_t same)
{
	int64_t decisive = w->older_count;

	if (w->reads > 0 && w->reads < decisive)
		decisive = w->reads;
	return same >= decisive;
}
