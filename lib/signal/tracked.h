#ifndef TB_SIGNAL_TRACKED_H
#define TB_SIGNAL_TRACKED_H

/*
 * tracked: a bot on its way along the candles: from its windows' values to
 * readings, a combined score, an action and how long that has stood.  Private
 * to lib/signal; evaluation.h has the rules.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "signal/evaluation.h"
#include "signal/window.h"

#define WINDOWS_OF_SIGNAL                                                      \
 (BOT_USES_MAX > SCORE_SERIES_MAX ? BOT_USES_MAX : SCORE_SERIES_MAX)

/* A signal of a bot, made ready. */
struct tracked_signal {
	struct window *windows[WINDOWS_OF_SIGNAL]; /* NULL behind the last */
	double weight;
};

/* A bot, made ready, and where it stands. */
struct tracked {
	const struct bot *bot;
	struct tracked_signal signals[BOT_SIGNALS_MAX];
	int64_t scored_from_s; /* candles before need no score */

	/* The run of equal actions that ends at the last candle. */
	enum action action;
	int64_t *closes_s; /* a ring of its candles' closes */
	int looked_at;	   /* candles that confirmation looks at: its size */
	int run;	   /* candles in it, at most looked_at */
	int at;		   /* where the next one goes */

	struct evaluation now;
};

/* A candle, and what all bots need to know of its past. */
struct moment {
	const struct bar *bar;
	int granularity_s;
	int64_t first_s; /* start of the first candle stored */
	int64_t same;	 /* last closes that are equal, this one included */
	bool follows;	 /* no gap that ends a run lies before it */
	bool asked_for;	 /* weightless jq signals are evaluated too */
	evaluator_jq *jq;
	void *arg;
};

/*
 * tracked_evaluate: the bot's evaluation at a candle that its windows have
 * seen.
 *
 * errors: what jq returned but TB_EINVAL
 */
enum tb_status tracked_evaluate(struct tracked *t, const struct moment *m,
    struct tb_err *err);

/* tracked_real: the double nearest to a decimal. */
double tracked_real(struct decimal d);

#endif /* TB_SIGNAL_TRACKED_H */
