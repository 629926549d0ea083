#ifndef TB_BOT_LINT_H
#define TB_BOT_LINT_H

/*
 * lint: bots that are valid and still not what somebody wants.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "signal/bot.h"
#include "signal/evaluation.h"

#define LINT_ORDER_MIN_USD 10 /* what tb-trade asks of an order at least */
#define LINT_READY_A_DAY 10   /* a bot ready more often than this is noise */

/* Told of each warning, a line without a full stop. */
typedef void lint_warn(const char *words, void *arg);

/*
 * bot_lint: what the configuration alone shows: signals that follow mixed
 * with signals that revert, weights with which a threshold is never reached,
 * a size below the minimum of an order, a confirmation that candles round up,
 * series that an expression does not use.
 */
void bot_lint(const struct bot *bot, lint_warn *warn, void *arg);

/*
 * How often a bot would have been ready, had each order been placed: the
 * cooldown counts from the last time it was ready.  `when` is not asked.
 * Zero it before use.
 */
struct readiness {
	int64_t candles;
	int64_t ready;
	int64_t first_at_s, last_at_s; /* closes of the first and last candle */
	int64_t ready_at_s;	       /* the last time; 0: never */
};

/* readiness_add: the next candle of the bot. */
void readiness_add(struct readiness *r, const struct bot *bot,
    const struct evaluation *evaluation);

/* Times a day, over all of the candles; 0 where there are none. */
double readiness_a_day(const struct readiness *r);

/* readiness_lint: never, or more than LINT_READY_A_DAY times a day; only
 * where a day's candles or more were seen. */
void readiness_lint(const struct readiness *r, lint_warn *warn, void *arg);

#endif /* TB_BOT_LINT_H */
