#ifndef TB_SIGNAL_EVALUATION_H
#define TB_SIGNAL_EVALUATION_H

/*
 * evaluation: what bots say at a closed candle.
 *
 * Candles of one product and granularity are pushed in ascending order, each
 * once for all bots of an evaluator; after any push the evaluation of each
 * bot at that candle can be asked.  The result is a pure function of the
 * stored candles up to there and the bot: pushing the whole history, or only
 * the candles that evaluator_aim() says, gives the same bits.
 *
 * Anchored windows: every series states its warm-up W; its value at the
 * candle that starts at t is computed from the candles that start in
 * [anchor, t], anchor = (floor(t / (G*W)) - 1) * G*W, G the granularity in
 * seconds.  Two states a series are enough: each new multiple of G*W begins
 * one, and the older of the two gives the value.  Fewer than W/2 candles
 * there: warming_up.
 *
 * A run is a stretch of candles with the same action other than HOLD.  It
 * ends at a candle that is warming up and where two neighbours start more
 * than two granularities apart.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "signal/bot.h"
#include "signal/decision.h"
#include "signal/real.h"
#include "signal/score.h"

#define READING_MESSAGE_MAX 160

/* One signal of a bot at a candle. */
struct reading {
	double score; /* at nine decimals; 0 where it has none */
	enum score_reason reason;
	/* In the order of score_row(kind)->values; NaN: none. */
	double values[SCORE_VALUES_MAX];
	char message[READING_MESSAGE_MAX]; /* why jq gave no number, or "" */
};

/* How long the action has stood. */
struct confirmation {
	int64_t since_s;     /* close of the first candle of the run; 0: HOLD */
	bool since_is_bound; /* the run may be older: no more is looked at */
	int required_minutes;
	int64_t elapsed_s; /* close of the last candle - since_s; 0 for HOLD */
	bool confirmed;	   /* elapsed >= required; false for HOLD */
};

struct evaluation {
	struct bar bar;	     /* the last closed candle */
	int64_t candle_at_s; /* its close: start + granularity */
	double combined;     /* at nine decimals */
	enum action action;
	enum temperature temperature;
	bool warming_up;    /* a signal with weight is: HOLD, combined 0 */
	bool short_history; /* stored candles begin after an anchor */
	int64_t missing; /* candles that do not exist since the first anchor */
	struct confirmation confirmation;
	struct reading *signals; /* as many as the bot has, in its order */
};

/* What a jq signal may read. */
struct jq_input {
	const struct bot *bot;
	const struct bot_signal *signal;
	const struct bar *bar;
	/* Of signal->uses[i], column c; NaN: undefined there (null). */
	double values[BOT_USES_MAX][INDICATOR_COLUMNS_MAX];
};

/*
 * Evaluate a jq signal: *out is its number (clamped by the evaluator).
 *
 * returns: TB_OK; TB_EINVAL no number, with why in err; any other status ends
 *	    the push
 */
typedef enum tb_status evaluator_jq(const struct jq_input *in, void *arg,
    double *out, struct tb_err *err);

struct evaluator;

/*
 * evaluator_open: make room for the bots, all of one product and granularity
 * (asserted), each checked by bot_check().
 *
 * in:	   bots  borrowed until evaluator_close()
 * in:	   jq	 NULL: expressions give no number
 * errors: TB_ENOMEM
 */
enum tb_status evaluator_open(struct evaluator **out,
    const struct bot *const *bots, size_t count, evaluator_jq *jq, void *arg,
    struct tb_err *err);
void evaluator_close(struct evaluator *ev); /* NULL is fine */

/*
 * evaluator_until_s: candles that start before this are closed at the
 * instant: floor(instant) - granularity + 1.
 */
int64_t evaluator_until_s(int64_t instant_us, int granularity_s);

/*
 * evaluator_aim: only the evaluation at the candle that starts at last_start_s
 * will be asked for.  Scores of candles that cannot matter to it are not
 * computed, jq above all.
 *
 * in:	    first_s  start of the first candle stored
 * returns: the start from which candles must be pushed; at least first_s
 */
int64_t evaluator_aim(struct evaluator *ev, int64_t last_start_s,
    int64_t first_s);

/*
 * evaluator_push: the next candle.  Without evaluator_aim() the first one
 * pushed is taken for the first of the history.
 *
 * errors: TB_EDISAGREE not after the one before, or not on the grid;
 *	   what jq returned
 */
enum tb_status evaluator_push(struct evaluator *ev, const struct bar *bar,
    struct tb_err *err);

/*
 * evaluator_get: the evaluation of bots[i] at the candle pushed last.
 * Borrowed until the next push.  After evaluator_aim() it is complete at the
 * candle aimed at only.
 *
 * returns: NULL where nothing was pushed
 */
const struct evaluation *evaluator_get(const struct evaluator *ev, size_t i);

/*
 * evaluator_series: the value of a series of bots[i] at the candle pushed
 * last, for explain: the k-th of score_series() (or `uses`) of signal j.
 *
 * out:	    columns  NaN where there is none
 * returns: candles since its anchor that it was computed from
 */
int evaluator_series(const struct evaluator *ev, size_t i, size_t j, size_t k,
    double columns[static INDICATOR_COLUMNS_MAX]);

#endif /* TB_SIGNAL_EVALUATION_H */
