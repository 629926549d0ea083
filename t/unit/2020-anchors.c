/*
 * Anchored windows on real candles: a streaming pass over the whole history,
 * an evaluation of only the candles that evaluator_aim() asks for, and one
 * that is given more than it asks for must agree to the last bit at every
 * candle, for every kind of score in both styles.
 */

#include "bars.h"
#include "signal/evaluation.h"
#include "signal/window.h"

#define CANDLES 10100
#define BOTS_MAX 16

static struct bot bots[BOTS_MAX];
static const struct bot *pointers[BOTS_MAX];
static size_t bot_count;

static struct bot *
add_bot(const char *name, int granularity_s, enum score_style style)
{
	bots[bot_count] = bot_plain(name, granularity_s, style);
	pointers[bot_count] = &bots[bot_count];
	return &bots[bot_count++];
}

static void
use(struct bot_signal *signal, const char *expression)
{
	struct tb_err err = { 0 };

	if (series_parse(expression, strlen(expression),
		&signal->uses[signal->uses_count++], &err) != TB_OK)
		printf("# %s\n", err.msg);
}

/* Every kind of score in both styles; with catalogue every bounded series. */
static void
make_bots(int granularity_s, bool catalogue)
{
	struct bot_signal *signal;
	struct bot *bot;
	char name[SERIES_STRLEN];

	bot_count = 0;
	for (enum score_style style = STYLE_DEFAULT; style <= STYLE_LEGACY;
	     style++)
		for (enum score_kind kind = SCORE_RSI; kind < SCORE_JQ;
		     kind++) {
			bot = add_bot("one", granularity_s, style);
			bot->confirmation_minutes = 30 * (int)kind;
			bot_add(bot, "signal", kind, 100);
		}
	bot = add_bot("mix", granularity_s, STYLE_DEFAULT);
	bot->combine = COMBINE_MEAN;
	bot->buy_threshold.v /= 5;
	bot->sell_threshold.v /= 5;
	bot->confirmation_minutes = 3 * granularity_s / 60;
	bot_add(bot, "rsi", SCORE_RSI, 50)->p.value[3] = 1;
	bot_add(bot, "ma", SCORE_MA, 30)->p.value[2] = 1;
	bot_add(bot, "bbands", SCORE_BBANDS, 20);
	if (!catalogue)
		return;
	bot = add_bot("jq", granularity_s, STYLE_DEFAULT);
	signal = bot_add(bot, "first", SCORE_JQ, 10);
	for (size_t i = 0; i < indicators_count; i++) {
		struct series series;

		snprintf(name, sizeof(name), "%s", indicators[i].name);
		if (strcmp(name, "vwap") == 0)
			snprintf(name, sizeof(name), "vwap(20)");
		if (series_parse(name, strlen(name), &series, NULL) != TB_OK)
			abort();
		if (series_warm_up(&series) == 0)
			continue;
		if (signal->uses_count == BOT_USES_MAX) {
			signal = bot_add(bot, indicators[i].name, SCORE_JQ, 10);
		}
		use(signal, name);
	}
}

/* A number that feels every bit of every input. */
static enum tb_status
mix(const struct jq_input *in, void *arg, double *out, struct tb_err *err)
{
	double sum = 0;

	(void)arg;
	(void)err;
	for (size_t k = 0; k < in->signal->uses_count; k++)
		for (size_t c = 0; c < INDICATOR_COLUMNS_MAX; c++) {
			double x = in->values[k][c];

			if (in->signal->uses[k].indicator->columns[c] == NULL)
				break;
			sum += isnan(x) ? 0.125 : x;
		}
	*out = sin(1e6 * sum);
	return TB_OK;
}

static bool
same_reading(const struct reading *a, const struct reading *b)
{
	bool same = same_bits(a->score, b->score) && a->reason == b->reason;

	for (size_t i = 0; i < SCORE_VALUES_MAX; i++)
		same = same && same_bits(a->values[i], b->values[i]);
	return same;
}

static bool
same_evaluation(const struct evaluation *a, const struct evaluation *b,
    size_t signals)
{
	bool same = a->bar.start_s == b->bar.start_s &&
	    a->candle_at_s == b->candle_at_s &&
	    same_bits(a->combined, b->combined) && a->action == b->action &&
	    a->temperature == b->temperature &&
	    a->warming_up == b->warming_up &&
	    a->short_history == b->short_history && a->missing == b->missing &&
	    a->confirmation.since_s == b->confirmation.since_s &&
	    a->confirmation.since_is_bound == b->confirmation.since_is_bound &&
	    a->confirmation.elapsed_s == b->confirmation.elapsed_s &&
	    a->confirmation.confirmed == b->confirmation.confirmed;

	for (size_t j = 0; j < signals; j++)
		same = same && same_reading(&a->signals[j], &b->signals[j]);
	return same;
}

static struct evaluator *
open_all(void)
{
	struct evaluator *ev;
	struct tb_err err = { 0 };

	if (evaluator_open(&ev, pointers, bot_count, mix, NULL, &err) == TB_OK)
		return ev;
	printf("# %s\n", err.msg);
	exit(1);
}

/* Aims at candle i; earlier: how many candles more than asked for. */
static bool
window_agrees(const struct evaluator *stream, size_t i, size_t earlier)
{
	struct evaluator *ev = open_all();
	int64_t from_s = evaluator_aim(ev, bars[i].start_s, bars[0].start_s);
	size_t first = i;
	bool same = true;

	while (first > 0 && bars[first - 1].start_s >= from_s)
		first--;
	first -= first < earlier ? first : earlier;
	for (size_t k = first; k <= i; k++)
		if (evaluator_push(ev, &bars[k], NULL) != TB_OK)
			abort();
	for (size_t b = 0; b < bot_count && same; b++) {
		same = same_evaluation(evaluator_get(stream, b),
		    evaluator_get(ev, b), pointers[b]->signal_count);
		if (!same)
			printf("# candle %zu, bot %zu\n", i, b);
	}
	evaluator_close(ev);
	return same;
}

static void
test_bits(const char *name, int granularity_s, size_t step)
{
	size_t n = bars_load(name, CANDLES), different = 0, acted = 0, warm = 0;
	struct evaluator *stream;

	if (n == 0) {
		skip("../shared/data/candles is absent");
		return;
	}
	make_bots(granularity_s, step > 1);
	stream = open_all();
	for (size_t i = 0; i < n; i++) {
		if (evaluator_push(stream, &bars[i], NULL) != TB_OK)
			abort();
		for (size_t b = 0; b < bot_count; b++) {
			const struct evaluation *e = evaluator_get(stream, b);

			acted += e->action != ACTION_HOLD;
			warm += !e->warming_up;
		}
		if (i % step == 0 && different < 5)
			different += !window_agrees(stream, i,
			    i % (7 * step) == 0 ? 777 : 0);
	}
	evaluator_close(stream);
	ok(different == 0, "%s: %zu candles, a window of every %zu agrees",
	    name, n, step);
	ok(acted > n / 10 && warm > n * bot_count * 8 / 10,
	    "%s: there was something to agree on", name);
}

int
main(void)
{
	test_bits("BTC-USD_4h_coinbase_2016-2020", 14400, 1);
	test_bits("SOL-USD_5m_coinbase_2025-09..10", 300, 7);
	test_bits("BTC-USD_1m_coinbase_2018-04-04..06", 60, 11);
	return tap_done();
}
