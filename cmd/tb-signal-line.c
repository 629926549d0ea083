/* tb-signal: from an evaluation to the line that says it. */

#include <math.h>
#include <stdio.h>

#include "base/instant.h"
#include "tb-signal.h"

static void
line_part(const struct bot_signal *s, const struct reading *r,
    struct signalline_part *out)
{
	const char *const *name = score_row(s->kind)->values;
	const char *reason = score_reason_name(r->reason);

	*out = (struct signalline_part){ .enabled = s->enabled,
		.weight = s->weight,
		.has_score = r->reason == SCORE_REASON_NONE ||
		    r->reason == SCORE_REASON_FLAT,
		.score = r->score };
	(void)snprintf(out->name, sizeof(out->name), "%s", s->key);
	(void)snprintf(out->reason, sizeof(out->reason), "%s",
	    reason == NULL ? "" : reason);
	(void)snprintf(out->message, sizeof(out->message), "%s", r->message);
	for (size_t i = 0; name[i] != NULL; i++) {
		struct signalline_value *v = &out->values[out->value_count++];

		(void)snprintf(v->key, sizeof(v->key), "%s", name[i]);
		v->known = isfinite(r->values[i]);
		v->value = v->known ? r->values[i] : 0;
	}
}

static void
line_id(const struct subject *s, struct signalline *line)
{
	struct evaluation_id id = { .granularity_s = s->bot.granularity_s,
		.candle_at_us = line->candle_at_us };

	(void)snprintf(id.name, sizeof(id.name), "%s", line->name);
	(void)snprintf(id.product_id, sizeof(id.product_id), "%s",
	    line->product_id);
	(void)snprintf(id.hash, sizeof(id.hash), "%.8s", s->config_hash);
	evaluation_id_format(&id, line->evaluation_id);
}

/* What candles and configuration decide. */
static void
line_evaluation(const struct subject *s, struct signalline *line)
{
	const struct evaluation *e = s->evaluation;
	const struct confirmation *c = &e->confirmation;

	line->has_score = true;
	line->combined_score = e->combined;
	line->action = e->action;
	line->temperature = e->temperature;
	line->since_us = c->since_s * INSTANT_US_PER_S;
	line->since_is_bound = c->since_is_bound;
	line->elapsed_minutes = c->elapsed_s / 60;
	line->confirmed = c->confirmed;
	line->short_history = e->short_history;
	line->missing = e->missing;
	line->part_count = s->bot.signal_count;
	for (size_t i = 0; i < s->bot.signal_count; i++)
		line_part(&s->bot.signals[i], &e->signals[i], &line->parts[i]);
}

/* What is known of any bot, whether it can be evaluated or not. */
static void
line_begin(const struct batch *b, const struct group *g,
    const struct subject *s, struct signalline *line)
{
	*line = (struct signalline){ .bot_id = s->row.id,
		.instant_us = b->instant_us,
		.has_price = g->has_price,
		.price = g->price,
		.trade_size_usd = s->bot.trade_size_usd,
		.required_minutes = s->bot.confirmation_minutes,
		.forced = b->force };
	(void)snprintf(line->name, sizeof(line->name), "%s", s->row.name);
	(void)snprintf(line->product_id, sizeof(line->product_id), "%s",
	    g->product_id);
	if (g->has_candle) {
		line->candle_at_us =
		    (g->last_s + g->granularity_s) * INSTANT_US_PER_S;
		line_id(s, line);
	}
}

/* cooldown: since the bot's last action strictly before the instant. */
static void
line_cooldown(const struct subject *s, struct signalline *line)
{
	int64_t until_us = s->acted_us +
	    (int64_t)s->row.cooldown_minutes * 60 * INSTANT_US_PER_S;

	if (until_us > INSTANT_MAX_US)
		until_us = INSTANT_MAX_US;
	line->cooling_down = s->acted_us != 0 && line->instant_us < until_us;
	line->cooldown_until_us = line->cooling_down ? until_us : 0;
}

static unsigned
reasons(const struct batch *b, const struct group *g, const struct subject *s,
    const struct signalline *line)
{
	int64_t stale_us = 2 * (int64_t)g->granularity_s * INSTANT_US_PER_S;
	unsigned bits = 0;

	if (line->action == ACTION_HOLD)
		bits |= NOT_READY_HOLD;
	else if (!line->confirmed && !line->forced)
		bits |= NOT_READY_CONFIRMING;
	if (line->cooling_down && !line->forced)
		bits |= NOT_READY_COOLDOWN;
	if (b->instant_us - g->synced_until_us > stale_us)
		bits |= NOT_READY_STALE_DATA;
	if (s->evaluation == NULL ? s->status == TB_OK :
				    s->evaluation->warming_up)
		bits |= NOT_READY_WARMING_UP;
	if (b->halted)
		bits |= NOT_READY_HALTED;
	if (s->vetoed)
		bits |= NOT_READY_VETOED;
	return bits;
}

/* Say HOLD and why the bot failed. */
static void
line_fail(struct signalline *line, const struct tb_err *err)
{
	line->has_score = false;
	line->combined_score = 0;
	line->action = ACTION_HOLD;
	line->temperature = TEMPERATURE_FROZEN;
	line->since_us = line->elapsed_minutes = 0;
	line->since_is_bound = line->confirmed = false;
	line->part_count = 0;
	line->ready = false;
	line->not_ready |= NOT_READY_HOLD | NOT_READY_BOT_ERROR;
	line->not_ready &= ~(unsigned)NOT_READY_CONFIRMING;
	(void)snprintf(line->error, sizeof(line->error), "%s", err->msg);
}

void
line_fill(const struct batch *b, const struct subject *s,
    struct signalline *line)
{
	const struct group *g = &b->groups[s->group];

	line_begin(b, g, s, line);
	if (s->evaluation != NULL)
		line_evaluation(s, line);
	line_cooldown(s, line);
	line->not_ready = reasons(b, g, s, line);
	line->ready = line->not_ready == 0;
	if (s->status != TB_OK)
		line_fail(line, &s->err);
}
