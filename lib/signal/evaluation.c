#include "signal/evaluation.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "signal/tracked.h"
#include "signal/window.h"

#define NO_START INT64_MIN

struct evaluator {
	int granularity_s;
	evaluator_jq *jq;
	void *arg;
	struct tracked *bots;
	size_t bot_count;
	struct window *windows; /* of distinct series */
	size_t window_count;
	struct reading *readings; /* of all bots */
	void *memory;		  /* of the windows' states and the rings */
	int64_t first_s, last_s, aim_s; /* starts; NO_START where not known */
	double last_close;
	int64_t same; /* last closes that are equal */
};

/* The series of a signal; returns their number. */
static size_t
series_of_signal(const struct bot *bot, const struct bot_signal *signal,
    struct series out[static WINDOWS_OF_SIGNAL])
{
	if (!signal->enabled)
		return 0;
	if (signal->kind != SCORE_JQ)
		return score_series(signal->kind, bot->style, &signal->p, out);
	memcpy(out, signal->uses, signal->uses_count * sizeof(*out));
	return signal->uses_count;
}

static int
candles_looked_at(const struct bot *bot)
{
	int64_t required_s = (int64_t)bot->confirmation_minutes * 60;
	int g = bot->granularity_s;

	return (int)((required_s + g - 1) / g) + 1;
}

/* The window of a series, a new one where no bot before needed it. */
static struct window *
find_window(struct evaluator *ev, const struct series *series)
{
	for (size_t i = 0; i < ev->window_count; i++)
		if (series_equal(&ev->windows[i].series, series))
			return &ev->windows[i];
	ev->windows[ev->window_count].series = *series;
	return &ev->windows[ev->window_count++];
}

static void
track(struct evaluator *ev, struct tracked *t, const struct bot *bot,
    struct reading *readings)
{
	struct series series[WINDOWS_OF_SIGNAL];

	t->bot = bot;
	t->now.signals = readings;
	t->scored_from_s = NO_START;
	t->looked_at = candles_looked_at(bot);
	t->now.confirmation.required_minutes = bot->confirmation_minutes;
	for (size_t j = 0; j < bot->signal_count; j++) {
		struct tracked_signal *signal = &t->signals[j];
		size_t n = series_of_signal(bot, &bot->signals[j], series);

		signal->weight = tracked_real(bot->signals[j].weight);
		for (size_t k = 0; k < n; k++)
			signal->windows[k] = find_window(ev, &series[k]);
	}
}

/* Cuts one block into the windows' states and the bots' rings. */
static enum tb_status
allot_memory(struct evaluator *ev, struct tb_err *err)
{
	size_t size = 0;
	char *memory;

	for (size_t i = 0; i < ev->window_count; i++)
		size += window_memory(&ev->windows[i].series);
	for (size_t i = 0; i < ev->bot_count; i++)
		size += (size_t)ev->bots[i].looked_at * sizeof(int64_t);
	assert(size > 0); /* a ring has room for one at least */
	ev->memory = memory = malloc(size);
	if (memory == NULL)
		return tb_nomem(err);
	for (size_t i = 0; i < ev->window_count; i++) {
		struct series series = ev->windows[i].series;

		window_init(&ev->windows[i], &series, ev->granularity_s,
		    memory);
		memory += window_memory(&series);
	}
	for (size_t i = 0; i < ev->bot_count; i++) {
		ev->bots[i].closes_s = (int64_t *)(void *)memory;
		memory += (size_t)ev->bots[i].looked_at * sizeof(int64_t);
	}
	return TB_OK;
}

enum tb_status
evaluator_open(struct evaluator **out, const struct bot *const *bots,
    size_t count, evaluator_jq *jq, void *arg, struct tb_err *err)
{
	struct evaluator *ev = calloc(1, sizeof(*ev));
	size_t signals = 0;

	*out = NULL;
	if (ev == NULL)
		return tb_nomem(err);
	assert(count > 0);
	*ev = (struct evaluator){
		.granularity_s = bots[0]->granularity_s,
		.jq = jq,
		.arg = arg,
		.bot_count = count,
		.first_s = NO_START,
		.last_s = NO_START,
		.aim_s = NO_START,
	};
	for (size_t i = 0; i < count; i++)
		signals += bots[i]->signal_count;
	ev->bots = calloc(count, sizeof(*ev->bots));
	ev->readings = calloc(signals + 1, sizeof(*ev->readings));
	ev->windows =
	    calloc(signals * WINDOWS_OF_SIGNAL + 1, sizeof(*ev->windows));
	if (ev->bots == NULL || ev->readings == NULL || ev->windows == NULL) {
		evaluator_close(ev);
		return tb_nomem(err);
	}
	for (size_t i = 0, at = 0; i < count; i++) {
		assert(bots[i]->granularity_s == ev->granularity_s);
		assert(strcmp(bots[i]->product_id, bots[0]->product_id) == 0);
		track(ev, &ev->bots[i], bots[i], &ev->readings[at]);
		at += bots[i]->signal_count;
	}
	if (allot_memory(ev, err) != TB_OK) {
		evaluator_close(ev);
		return TB_ENOMEM;
	}
	*out = ev;
	return TB_OK;
}

void
evaluator_close(struct evaluator *ev)
{
	if (ev == NULL)
		return;
	free(ev->memory);
	free(ev->windows);
	free(ev->readings);
	free(ev->bots);
	free(ev);
}

int64_t
evaluator_until_s(int64_t instant_us, int granularity_s)
{
	int64_t s = instant_us / 1000000 - (instant_us % 1000000 < 0);

	return s - granularity_s + 1;
}

/* The windows of a bot begin where its first score needs them. */
static void
aim_windows(struct tracked *t)
{
	for (size_t j = 0; j < t->bot->signal_count; j++)
		for (size_t k = 0; k < WINDOWS_OF_SIGNAL; k++) {
			struct window *w = t->signals[j].windows[k];
			int64_t anchor_s;

			if (w == NULL)
				break;
			anchor_s = window_anchor(w, t->scored_from_s);
			if (anchor_s < w->needs_from_s)
				w->needs_from_s = anchor_s;
		}
}

int64_t
evaluator_aim(struct evaluator *ev, int64_t last_start_s, int64_t first_s)
{
	int64_t from_s = last_start_s;

	ev->aim_s = last_start_s;
	ev->first_s = first_s;
	for (size_t i = 0; i < ev->window_count; i++)
		ev->windows[i].needs_from_s = INT64_MAX;
	for (size_t i = 0; i < ev->bot_count; i++) {
		struct tracked *t = &ev->bots[i];

		/* A run has no two candles further apart than that. */
		t->scored_from_s = last_start_s -
		    (int64_t)2 * ev->granularity_s * (t->looked_at - 1);
		aim_windows(t);
		if (t->scored_from_s < from_s)
			from_s = t->scored_from_s;
	}
	for (size_t i = 0; i < ev->window_count; i++)
		if (ev->windows[i].needs_from_s < from_s)
			from_s = ev->windows[i].needs_from_s;
	return from_s > first_s ? from_s : first_s;
}

static enum tb_status
check_order(const struct evaluator *ev, const struct bar *bar,
    struct tb_err *err)
{
	if (bar->start_s % ev->granularity_s != 0)
		return tb_fail(err, TB_EDISAGREE,
		    "candle at %" PRId64 ": expected a multiple of %d seconds",
		    bar->start_s, ev->granularity_s);
	if (ev->last_s != NO_START && bar->start_s <= ev->last_s)
		return tb_fail(err, TB_EDISAGREE,
		    "candle at %" PRId64 ": expected one after %" PRId64,
		    bar->start_s, ev->last_s);
	return TB_OK;
}

/* What the candle is to those before it. */
static struct moment
follow(struct evaluator *ev, const struct bar *bar)
{
	bool is_first = ev->last_s == NO_START;
	int64_t reach_s = 2 * (int64_t)ev->granularity_s;
	struct moment moment = { .bar = bar,
		.granularity_s = ev->granularity_s,
		.follows = !is_first && bar->start_s - ev->last_s <= reach_s,
		.asked_for = ev->aim_s == NO_START || ev->aim_s == bar->start_s,
		.jq = ev->jq,
		.arg = ev->arg };

	if (is_first && ev->first_s == NO_START)
		ev->first_s = bar->start_s;
	if (is_first || !real_equal(bar->close, ev->last_close))
		ev->same = 0;
	moment.same = ++ev->same;
	moment.first_s = ev->first_s;
	ev->last_s = bar->start_s;
	ev->last_close = bar->close;
	return moment;
}

enum tb_status
evaluator_push(struct evaluator *ev, const struct bar *bar, struct tb_err *err)
{
	bool scored = ev->aim_s == NO_START;
	struct moment moment;
	enum tb_status status = check_order(ev, bar, err);

	if (status != TB_OK)
		return status;
	moment = follow(ev, bar);
	for (size_t i = 0; i < ev->bot_count && !scored; i++)
		scored = bar->start_s >= ev->bots[i].scored_from_s;
	for (size_t i = 0; i < ev->window_count; i++)
		window_push(&ev->windows[i], bar, scored);
	for (size_t i = 0; i < ev->bot_count && scored; i++) {
		if (bar->start_s < ev->bots[i].scored_from_s)
			continue;
		status = tracked_evaluate(&ev->bots[i], &moment, err);
		if (status != TB_OK)
			return status;
	}
	return TB_OK;
}

const struct evaluation *
evaluator_get(const struct evaluator *ev, size_t i)
{
	return ev->last_s == NO_START ? NULL : &ev->bots[i].now;
}

int
evaluator_series(const struct evaluator *ev, size_t i, size_t j, size_t k,
    double columns[static INDICATOR_COLUMNS_MAX])
{
	const struct window *w = ev->bots[i].signals[j].windows[k];

	memcpy(columns, w->values, sizeof(w->values));
	return w->older_count;
}
