/*
 * Properties of the default scores on real candles: upside down the market
 * has the opposite score (so that no sign is turned by mistake); times a
 * power of two it has the same to the bit, times anything the same to nine
 * decimals (so that one threshold means the same on every product); and a
 * long fall is a buy to those that revert, a sale to those that follow.
 */

#include <math.h>

#include "bars.h"
#include "signal/evaluation.h"

#define KINDS SCORE_JQ /* all before it */

/* price -> scale x price, or turned around an axis above all prices. */
struct change {
	double scale, axis; /* axis 0: not turned */
};

static double
changed(double price, struct change how)
{
	return how.scale * (how.axis > 0 ? how.axis - price : price);
}

static struct bar
changed_bar(const struct bar *b, struct change how)
{
	bool turned = how.axis > 0;

	return (struct bar){ b->start_s, changed(b->open, how),
		changed(turned ? b->low : b->high, how),
		changed(turned ? b->high : b->low, how), changed(b->close, how),
		b->volume };
}

static struct bot
all_kinds(int granularity_s)
{
	struct bot bot = bot_plain("all", granularity_s, STYLE_DEFAULT);

	for (enum score_kind kind = SCORE_RSI; kind < KINDS; kind++)
		bot_add(&bot, score_row(kind)->name, kind, 20);
	return bot;
}

static struct evaluator *
open_one(const struct bot *bot)
{
	static const struct bot *pointer;
	struct evaluator *ev;

	pointer = bot;
	if (evaluator_open(&ev, &pointer, 1, NULL, NULL, NULL) != TB_OK)
		abort();
	return ev;
}

/* The worst distance between the scores of two markets, one times sign. */
static double
apart(const struct bot *bot, size_t n, struct change how, double sign)
{
	struct evaluator *ev = open_one(bot), *other = open_one(bot);
	double worst = 0;

	for (size_t i = 0; i < n; i++) {
		struct bar bar = changed_bar(&bars[i], how);

		if (evaluator_push(ev, &bars[i], NULL) != TB_OK ||
		    evaluator_push(other, &bar, NULL) != TB_OK)
			abort();
		for (size_t j = 0; j < bot->signal_count; j++)
			worst = fmax(worst,
			    fabs(evaluator_get(ev, 0)->signals[j].score -
				sign *
				    evaluator_get(other, 0)->signals[j].score));
	}
	evaluator_close(ev);
	evaluator_close(other);
	return worst;
}

static void
test_real(void)
{
	struct bot bot = all_kinds(300);
	size_t n = bars_load("SOL-USD_5m_coinbase_2025-09..10", 6000);
	double worst;

	if (n == 0) {
		skip("../shared/data/candles is absent");
		return;
	}
	worst = apart(&bot, n, (struct change){ 1, 600 }, -1);
	ok(worst < 1e-8, "upside down: the opposite, %.1e off", worst);
	worst = apart(&bot, n, (struct change){ 1024, 0 }, 1);
	ok(real_equal(worst, 0), "times 1024: the same to the bit");
	worst = apart(&bot, n, (struct change){ 1e-5, 0 }, 1);
	ok(worst < 1e-8, "times 0.00001: the same, %.1e off", worst);
	worst = apart(&bot, n, (struct change){ 777.7, 0 }, 1);
	ok(worst < 1e-8, "times 777.7: the same, %.1e off", worst);
}

/* A fall that speeds up: whoever follows must see it too. */
static void
test_fall(void)
{
	struct bot bot = all_kinds(300);
	struct evaluator *ev = open_one(&bot);
	const struct evaluation *e = NULL;

	for (int i = 0; i < 700; i++) {
		double close =
		    i < 650 ? 1000 + i % 5 : 1000 - (i - 650) * (i - 650) / 4.0;
		struct bar bar = { (int64_t)i * 300, close + 1, close + 2,
			close - 0.5, close, 1 };

		if (evaluator_push(ev, &bar, NULL) != TB_OK)
			abort();
	}
	e = evaluator_get(ev, 0);
	ok(e->signals[SCORE_RSI].score > 0.5, "a fall: rsi buys");
	ok(e->signals[SCORE_BBANDS].score > 0.5, "bbands buys");
	ok(e->signals[SCORE_STOCH].score > 0.5, "stoch buys");
	ok(e->signals[SCORE_MA].score < -0.5, "ma sells");
	ok(e->signals[SCORE_MACD].score < -0.5, "macd sells");
	evaluator_close(ev);
}

int
main(void)
{
	test_real();
	test_fall();
	return tap_done();
}
