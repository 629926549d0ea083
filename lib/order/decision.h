#ifndef TB_ORDER_DECISION_H
#define TB_ORDER_DECISION_H

/*
 * decision: what a line of the input, or a person, asks for.
 *
 * Whatever it came from, a decision has a key: the same key is the same
 * order, ever.  A signal line's key is "s:" and its evaluation_id, an intent's
 * "i:" and its id; where there is neither, each is a new decision and gets a
 * random key.  The hash covers what was asked (product, side, size, type,
 * limit_price): the same key may not ask for something else.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/market.h"
#include "store/evaluations.h"
#include "store/intents.h"
#include "wire/answer.h"
#include "wire/intent.h"
#include "wire/signalline.h"

struct decision {
	char key[INTENT_KEY_MAX];
	char request_hash[DIGEST_HEX];
	char product_id[PRODUCT_ID_MAX];
	enum side side;
	enum order_type type;
	bool by_quote;		    /* size_usd was asked, else size_crypto */
	struct decimal size_usd;    /* quote, > 0 */
	struct decimal size_crypto; /* coins, > 0 */
	struct decimal limit_price; /* > 0 unless type is ORDER_MARKET */
	bool all;      /* SELL: the whole position; the sizes are not asked */
	bool is_timed; /* decided_at_us is known; else it is the instant */
	int64_t decided_at_us;
	char triggered_by[TRIGGER_MAX];

	bool is_signal; /* then: */
	bool forced;	/* tb-signal --force: no cooldown, a person said so */
	char bot_name[EVALUATION_NAME_MAX]; /* as the evaluation_id has it */
	struct evaluation_row evaluation;   /* without its line: */
	const char *context;		    /* the line as JSON; borrowed */

	char id[INTENT_ID_MAX]; /* an intent's own, for the answer; "" none */
};

/* decision_is_named: its key can come again; false: it is random. */
bool decision_is_named(const struct decision *d);

/*
 * decision_of_intent: what an intent line asks for.
 *
 * errors: TB_EIO the kernel has no random bytes for a key
 */
enum tb_status decision_of_intent(const struct intent_line *line,
    struct decision *out, struct tb_err *err);

/*
 * decision_of_typed: the same from a command line; all: SELL whatever is held,
 * and line's size says nothing.
 */
enum tb_status decision_of_typed(const struct intent_line *line, bool all,
    struct decision *out, struct tb_err *err);

/*
 * decision_of_signal: what a signal line asks for.  The line acts: BUY or
 * SELL, and ready.
 *
 * in:	   text	 the line as JSON; borrowed as long as *out is used
 * errors: TB_EINVAL its evaluation_id makes no sense
 */
enum tb_status decision_of_signal(const struct signalline *line,
    const char *text, struct decision *out, struct tb_err *err);

/*
 * decision_of_row: what an intent that is on record asked for, to judge it
 * again before it is sent again.  Borrows intent->signal_context.
 *
 * errors: TB_EDISAGREE the record can't be read back
 */
enum tb_status decision_of_row(const struct intent *intent,
    struct decision *out, struct tb_err *err);

/*
 * decision_idle: does a signal line ask for nothing?  Then the answer is
 * filled: hold or not_ready.
 */
bool decision_idle(const struct signalline *line, struct answer *out);

/* decision_caption: what every answer says of who asked and for what. */
void decision_caption(const struct decision *d, struct answer *out);

#endif /* TB_ORDER_DECISION_H */
