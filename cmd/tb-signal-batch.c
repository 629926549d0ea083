/*
 * tb-signal: the bots of a run.
 *
 * Everything is read in one short transaction; only then is anything
 * computed, so that no expression, however slow, keeps a writer waiting.
 */

#include <stdlib.h>
#include <string.h>

#include "order/halt.h"
#include "store/bars.h"
#include "store/candles.h"
#include "store/evaluations.h"
#include "tb-signal.h"

#define FIRST_SUBJECTS 8 /* room that is made at once */
#define FIRST_BARS 1024

/* ------------------------------------------------------------------ bots -- */

static enum tb_status
make_room(struct batch *b, struct tb_err *err)
{
	size_t capacity = b->capacity == 0 ? FIRST_SUBJECTS : 2 * b->capacity;
	struct subject *more;

	if (b->count < b->capacity)
		return TB_OK;
	more = reallocarray(b->subjects, capacity, sizeof(b->subjects[0]));
	if (more == NULL)
		return tb_nomem(err);
	b->subjects = more;
	b->capacity = capacity;
	return TB_OK;
}

/* A configuration that can't be read is the bot's failure. */
static enum tb_status
add_bot(struct batch *b, const struct bot_row *row, struct tb_err *err)
{
	struct subject *s;
	enum tb_status status = make_room(b, err);

	if (status != TB_OK)
		return status;
	s = &b->subjects[b->count++];
	memset(s, 0, offsetof(struct subject, bot));
	s->row = *row;
	s->status = signal_load_bot(b->db, row, b->instant_us, &s->bot,
	    s->config_hash, &s->err);
	return evaluations_last_act(b->db, row->id, b->instant_us, NULL,
	    &s->acted_us, err);
}

static enum tb_status
add_running(const struct bot_row *row, void *arg, struct tb_err *err)
{
	return row->status == BOT_STOPPED ? TB_OK : add_bot(arg, row, err);
}

static enum tb_status
add_named(struct batch *b, const struct cli *cli, struct tb_err *err)
{
	struct bot_row row;
	enum tb_status status = TB_OK;

	for (int i = 0; i < cli->argc && status == TB_OK; i++) {
		status = signal_find_bot(b->db, cli->argv[i], &row, err);
		if (status == TB_OK)
			status = add_bot(b, &row, err);
	}
	return status;
}

/* ---------------------------------------------------------------- groups -- */

static bool
belongs(const struct group *g, const struct subject *s)
{
	return g->granularity_s == s->bot.granularity_s &&
	    strcmp(g->product_id, s->bot.product_id) == 0;
}

/* The group of a subject; a new one where there is none yet. */
static enum tb_status
join_group(struct batch *b, struct subject *s, struct tb_err *err)
{
	struct group *g;
	size_t i = 0;

	while (i < b->group_count && !belongs(&b->groups[i], s))
		i++;
	g = &b->groups[i];
	s->group = i;
	if (i == b->group_count) {
		b->group_count++;
		g->product_id = s->bot.product_id;
		g->granularity_s = s->bot.granularity_s;
		g->bots = calloc(b->count, sizeof(const struct bot *));
		g->subjects = calloc(b->count, sizeof(struct subject *));
	}
	if (g->bots == NULL || g->subjects == NULL)
		return tb_nomem(err);
	if (s->status == TB_OK) {
		g->bots[g->count] = &s->bot;
		g->subjects[g->count++] = s;
	}
	return TB_OK;
}

static enum tb_status
make_groups(struct batch *b, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	b->groups = calloc(b->count + 1, sizeof(b->groups[0]));
	b->group_count = 0;
	if (b->groups == NULL)
		return tb_nomem(err);
	for (size_t i = 0; i < b->count && status == TB_OK; i++)
		status = join_group(b, &b->subjects[i], err);
	return status;
}

static enum tb_status
keep_bar(const struct bar *bar, void *arg, struct tb_err *err)
{
	struct group *g = arg;
	size_t capacity =
	    g->bar_capacity == 0 ? FIRST_BARS : 2 * g->bar_capacity;
	struct bar *more;

	if (g->bar_count == g->bar_capacity) {
		more = reallocarray(g->bars, capacity, sizeof(g->bars[0]));
		if (more == NULL)
			return tb_nomem(err);
		g->bars = more;
		g->bar_capacity = capacity;
	}
	g->bars[g->bar_count++] = *bar;
	return TB_OK;
}

/* What the store knows of a product besides its candles. */
static enum tb_status
read_market(struct batch *b, struct group *g, struct tb_err *err)
{
	int64_t until_s, price_at_us;
	enum tb_status status;

	until_s = evaluator_until_s(b->instant_us, g->granularity_s);
	status = bars_span(b->db, g->product_id, g->granularity_s, until_s,
	    &g->first_s, &g->last_s, err);
	if (status != TB_OK && status != TB_END)
		return status;
	g->has_candle = status == TB_OK;
	status = candles_price(b->db, g->product_id, b->instant_us, &g->price,
	    &price_at_us, err);
	if (status != TB_OK && status != TB_ENOENT)
		return status;
	g->has_price = status == TB_OK;
	return candles_covered_until(b->db, g->product_id, g->granularity_s,
	    &g->synced_until_us, err);
}

/* A failure of some bots: each of them has it for its own. */
static void
fail_group(struct group *g, enum tb_status status, const struct tb_err *err)
{
	for (size_t i = 0; i < g->count; i++) {
		g->subjects[i]->status = status;
		g->subjects[i]->err = *err;
		g->subjects[i]->evaluation = NULL;
	}
}

/* The candles that matter; a damaged one is a failure of this group only. */
static enum tb_status
read_bars(struct batch *b, struct group *g, struct tb_err *err)
{
	struct tb_err damage = { 0 };
	int64_t from_s;
	enum tb_status status;

	if (!g->has_candle || g->count == 0)
		return TB_OK;
	status = evaluator_open(&g->ev, g->bots, g->count, batch_jq, b, err);
	if (status != TB_OK)
		return status;
	from_s = evaluator_aim(g->ev, g->last_s, g->first_s);
	status = bars_each(b->db, g->product_id, g->granularity_s, from_s,
	    g->last_s + 1, keep_bar, g, &damage);
	if (status == TB_EDISAGREE) {
		g->bar_count = 0;
		fail_group(g, status, &damage);
		return TB_OK;
	}
	if (status != TB_OK && err != NULL)
		*err = damage;
	return status;
}

static enum tb_status
read_all(struct batch *b, const struct cli *cli, struct tb_err *err)
{
	enum tb_status status;

	status = cli->argc > 0 ? add_named(b, cli, err) :
				 bots_each(b->db, add_running, b, err);
	if (status == TB_OK)
		status = halt_look(b->db, &b->halted, b->halted_why, err);
	if (status == TB_OK)
		status = make_groups(b, err);
	for (size_t i = 0; i < b->group_count && status == TB_OK; i++) {
		status = read_market(b, &b->groups[i], err);
		if (status == TB_OK)
			status = read_bars(b, &b->groups[i], err);
	}
	return status;
}

enum tb_status
batch_read(struct batch *b, struct db *db, const struct cli *cli,
    struct tb_err *err)
{
	enum tb_status status;

	*b = (struct batch){ .db = db, .instant_us = cli->now_us };
	status = jqexpr_open(&b->jq, err);
	if (status == TB_OK)
		status = db_begin_read(db, err);
	if (status != TB_OK)
		return status;
	return db_finish(db, read_all(b, cli, err), err);
}

/* ------------------------------------------------------------- computing -- */

static void
compute_group(struct group *g)
{
	struct tb_err err = { 0 };
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < g->bar_count && status == TB_OK; i++)
		status = evaluator_push(g->ev, &g->bars[i], &err);
	if (status != TB_OK) {
		fail_group(g, status, &err);
		return;
	}
	for (size_t i = 0; i < g->count && g->bar_count > 0; i++)
		if (g->subjects[i]->status == TB_OK)
			g->subjects[i]->evaluation = evaluator_get(g->ev, i);
}

static void
ask_veto(struct batch *b, struct subject *s)
{
	struct signalline line;

	if (s->status != TB_OK || s->bot.when == 0)
		return;
	line_fill(b, s, &line);
	if (line.ready || b->ask_veto)
		s->status = batch_veto(b, s, &line, &s->vetoed, &s->err);
}

void
batch_compute(struct batch *b)
{
	batch_expect(b);
	for (size_t i = 0; i < b->group_count; i++)
		compute_group(&b->groups[i]);
	for (size_t i = 0; i < b->count; i++)
		ask_veto(b, &b->subjects[i]);
}

void
batch_close(struct batch *b)
{
	for (size_t i = 0; i < b->group_count; i++) {
		evaluator_close(b->groups[i].ev);
		free(b->groups[i].bars);
		free(b->groups[i].bots);
		free(b->groups[i].subjects);
	}
	free(b->groups);
	free(b->subjects);
	jqexpr_close(b->jq);
	*b = (struct batch){ 0 };
}
