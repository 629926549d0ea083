#include "signal/tracked.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define BILLIONTH ((decimal_units)1000000000) /* of a score, in units */

double
tracked_real(struct decimal d)
{
	char text[DECIMAL_STRLEN];
	size_t len = decimal_format(d, text);
	double x = 0;
	enum tb_status status = real_parse(text, len, &x);

	assert(status == TB_OK);
	return x;
}

/* What lies between the earliest anchor and the candle. */
static void
look_back(const struct moment *m, const struct tracked *t,
    struct evaluation *now)
{
	int64_t last_s = now->bar.start_s, earliest_s = last_s, slots;
	int seen = 1;

	for (size_t j = 0; j < t->bot->signal_count; j++)
		for (size_t k = 0; k < WINDOWS_OF_SIGNAL; k++) {
			const struct window *w = t->signals[j].windows[k];

			if (w == NULL || window_anchor(w, last_s) >= earliest_s)
				continue;
			earliest_s = window_anchor(w, last_s);
			seen = w->older_count;
		}
	now->short_history = m->first_s > earliest_s;
	if (now->short_history)
		earliest_s = m->first_s;
	slots = (last_s - earliest_s) / m->granularity_s + 1;
	now->missing = slots - seen;
}

static bool
signal_is_warm(const struct tracked_signal *signal)
{
	for (size_t k = 0; k < WINDOWS_OF_SIGNAL; k++)
		if (signal->windows[k] != NULL &&
		    !window_is_warm(signal->windows[k]))
			return false;
	return true;
}

static bool
signal_is_flat(const struct tracked_signal *signal, size_t heeds, int64_t same)
{
	for (size_t k = 0; k < heeds; k++)
		if (!window_is_flat(signal->windows[k], same))
			return false;
	return heeds > 0;
}

/* The number of a jq signal; 0 and a reason where there is none. */
static enum tb_status
ask_jq(const struct moment *m, const struct tracked *t, size_t j,
    struct reading *reading, double *score, struct tb_err *err)
{
	const struct bot_signal *signal = &t->bot->signals[j];
	struct jq_input in = { .bot = t->bot, .signal = signal, .bar = m->bar };
	struct tb_err why = { 0 };
	enum tb_status status = TB_EINVAL;

	*score = 0;
	for (size_t k = 0; k < signal->uses_count; k++)
		memcpy(in.values[k], t->signals[j].windows[k]->values,
		    sizeof(in.values[k]));
	if (m->jq != NULL)
		status = m->jq(&in, m->arg, &reading->values[0], &why);
	if (status == TB_OK && isfinite(reading->values[0])) {
		*score = score_clamp(reading->values[0]);
		return TB_OK;
	}
	reading->values[0] = REAL_NONE;
	reading->reason = SCORE_REASON_NO_NUMBER;
	(void)snprintf(reading->message, sizeof(reading->message), "%.*s",
	    READING_MESSAGE_MAX - 1, why.msg);
	if (status == TB_OK || status == TB_EINVAL)
		return TB_OK;
	if (err != NULL)
		*err = why;
	return status;
}

/* The score of an indicator; 0 and a reason where there is none. */
static double
ask_indicator(const struct moment *m, const struct tracked *t, size_t j,
    struct reading *reading)
{
	const struct bot_signal *signal = &t->bot->signals[j];
	const struct tracked_signal *tracked = &t->signals[j];
	struct score_input in = { .close = m->bar->close };
	size_t heeds = score_heeds_flat(signal->kind, t->bot->style);
	double score;

	for (size_t k = 0; k < SCORE_SERIES_MAX; k++)
		if (tracked->windows[k] != NULL)
			memcpy(in.columns[k], tracked->windows[k]->values,
			    sizeof(in.columns[k]));
	score = score_of(signal->kind, t->bot->style, &signal->p, &in,
	    reading->values);
	if (signal_is_flat(tracked, heeds, m->same))
		reading->reason = SCORE_REASON_FLAT;
	else if (!isnan(score))
		return score;
	return 0;
}

static enum tb_status
read_signal(const struct moment *m, struct tracked *t, size_t j, double *score,
    struct tb_err *err)
{
	const struct bot_signal *signal = &t->bot->signals[j];
	struct reading *reading = &t->now.signals[j];
	enum tb_status status = TB_OK;

	*reading = (struct reading){ .reason = SCORE_REASON_NONE };
	for (size_t i = 0; i < SCORE_VALUES_MAX; i++)
		reading->values[i] = REAL_NONE;
	*score = 0;
	if (!signal->enabled)
		reading->reason = SCORE_REASON_DISABLED;
	else if (!signal_is_warm(&t->signals[j]))
		reading->reason = SCORE_REASON_WARMING_UP;
	else if (signal->kind != SCORE_JQ)
		*score = ask_indicator(m, t, j, reading);
	else if (t->signals[j].weight > 0 || m->asked_for)
		status = ask_jq(m, t, j, reading, score, err);
	reading->score = real_round9(*score);
	return status;
}

/*
 * Weights times scores; for a mean over the weights of the signals that gave
 * a score.  In the order of the bot's signals, always.
 */
static double
combine(const struct bot *bot, const struct tracked_signal *signals,
    const double scores[static BOT_SIGNALS_MAX])
{
	struct decimal gave = DECIMAL_ZERO;
	double sum = 0;

	for (size_t j = 0; j < bot->signal_count; j++) {
		sum += signals[j].weight * scores[j];
		/* bot_check(): they sum to at most 1. */
		if (!real_equal(scores[j], 0))
			(void)decimal_add(gave, bot->signals[j].weight, &gave);
	}
	if (bot->combine == COMBINE_MEAN && decimal_sign(gave) > 0)
		sum /= tracked_real(gave);
	return real_round9(sum);
}

/* Compared in billionths, exactly. */
static void
decide(const struct bot *bot, struct evaluation *now)
{
	decimal_units score = llround(now->combined * 1e9) * BILLIONTH;
	decimal_units size = score < 0 ? -score : score;
	decimal_units full =
	    score < 0 ? -bot->sell_threshold.v : bot->buy_threshold.v;

	now->action = ACTION_HOLD;
	if (score >= bot->buy_threshold.v)
		now->action = ACTION_BUY;
	else if (score <= bot->sell_threshold.v)
		now->action = ACTION_SELL;
	now->temperature = size >= full ? TEMPERATURE_HOT :
	    size * 2 >= full		? TEMPERATURE_WARM :
	    size * 6 >= full		? TEMPERATURE_COOL :
					  TEMPERATURE_FROZEN;
}

static void
confirm(struct tracked *t, bool follows)
{
	struct evaluation *now = &t->now;
	struct confirmation *c = &now->confirmation;

	if (!follows || now->action != t->action)
		t->run = 0;
	t->action = now->action;
	c->since_s = c->elapsed_s = 0;
	c->since_is_bound = c->confirmed = false;
	if (now->action == ACTION_HOLD)
		return;
	t->closes_s[t->at] = now->candle_at_s;
	t->at = (t->at + 1) % t->looked_at;
	if (t->run < t->looked_at)
		t->run++;
	c->since_s =
	    t->closes_s[(t->at + t->looked_at - t->run) % t->looked_at];
	c->since_is_bound = t->run == t->looked_at;
	c->elapsed_s = now->candle_at_s - c->since_s;
	c->confirmed = c->elapsed_s >= (int64_t)c->required_minutes * 60;
}

/* Does a signal that counts have no score yet? */
static bool
is_warming_up(const struct tracked *t)
{
	for (size_t j = 0; j < t->bot->signal_count; j++)
		if (t->now.signals[j].reason == SCORE_REASON_WARMING_UP &&
		    t->signals[j].weight > 0)
			return true;
	return false;
}

enum tb_status
tracked_evaluate(struct tracked *t, const struct moment *m, struct tb_err *err)
{
	struct evaluation *now = &t->now;
	double scores[BOT_SIGNALS_MAX] = { 0 };

	now->bar = *m->bar;
	now->candle_at_s = m->bar->start_s + m->granularity_s;
	for (size_t j = 0; j < t->bot->signal_count; j++) {
		enum tb_status status = read_signal(m, t, j, &scores[j], err);

		if (status != TB_OK)
			return status;
	}
	look_back(m, t, now);
	now->warming_up = is_warming_up(t);
	now->combined =
	    now->warming_up ? 0 : combine(t->bot, t->signals, scores);
	decide(t->bot, now);
	confirm(t, m->follows);
	return TB_OK;
}
