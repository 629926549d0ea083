#include "sync/resample.h"

#include <assert.h>
#include <string.h>

enum tb_status
resample_init(struct resample *r, int from_s, int to_s, struct tb_err *err)
{
	*r = (struct resample){ .from_s = from_s, .to_s = to_s };
	if (to_s > from_s && to_s % from_s == 0 &&
	    to_s / from_s <= RESAMPLE_RATIO_MAX)
		return TB_OK;
	return tb_fail(err, TB_EUSAGE,
	    "candles of %d s cannot be made of candles of %d s", to_s, from_s);
}

static void
begin(struct resample *r, const struct candle *c)
{
	int64_t window_s = c->start_s - c->start_s % r->to_s;

	r->is_open = true;
	r->have = 0;
	r->window = *c;
	r->window.start_s = window_s;
	r->window.volume = DECIMAL_ZERO;
	r->first_s = r->last_s = c->start_s;
	memset(r->seen, 0, sizeof(r->seen));
}

void
resample_end(struct resample *r, struct candle *out, bool *is_ready)
{
	*is_ready = r->is_open && r->have == r->to_s / r->from_s;
	if (*is_ready) {
		*out = r->window;
		r->windows++;
	} else if (r->is_open) {
		r->dropped++;
	}
	r->is_open = false;
}

/* Take the candle in; false: its place is taken. */
static bool
mark(struct resample *r, const struct candle *c)
{
	size_t at = (size_t)((c->start_s - r->window.start_s) / r->from_s);
	uint64_t bit = UINT64_C(1) << at % 64;

	if ((r->seen[at / 64] & bit) != 0)
		return false;
	r->seen[at / 64] |= bit;
	r->have++;
	return true;
}

static enum tb_status
merge(struct resample *r, const struct candle *c, struct tb_err *err)
{
	struct candle *w = &r->window;

	if (!mark(r, c))
		return tb_fail(err, TB_EINVAL, "the candle stands here twice");
	if (c->start_s <= r->first_s) {
		r->first_s = c->start_s;
		w->open = c->open;
	}
	if (c->start_s >= r->last_s) {
		r->last_s = c->start_s;
		w->close = c->close;
	}
	w->high = decimal_max(w->high, c->high);
	w->low = decimal_min(w->low, c->low);
	if (decimal_add(w->volume, c->volume, &w->volume) != TB_OK)
		return tb_fail(err, TB_ERANGE, "volume: the sum does not fit");
	return TB_OK;
}

enum tb_status
resample_add(struct resample *r, const struct candle *c, struct candle *out,
    bool *is_ready, struct tb_err *err)
{
	int64_t window_s = c->start_s - c->start_s % r->to_s;
	int direction;

	*is_ready = false;
	if (r->is_open && window_s != r->window.start_s) {
		direction = window_s > r->window.start_s ? 1 : -1;
		if (r->direction != 0 && direction != r->direction)
			return tb_fail(err, TB_EINVAL,
			    "not in order of time: sort the file");
		r->direction = direction;
		resample_end(r, out, is_ready);
	}
	if (!r->is_open)
		begin(r, c);
	return merge(r, c, err);
}
