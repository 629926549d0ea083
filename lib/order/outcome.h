#ifndef TB_ORDER_OUTCOME_H
#define TB_ORDER_OUTCOME_H

/*
 * outcome: what came of a line: its answer, its class of exit status, and
 * whether the run may go on.
 */

#include <stdbool.h>

#include "base/err.h"
#include "order/decision.h"
#include "order/verdict.h"
#include "store/intents.h"
#include "wire/answer.h"
#include "wire/trade.h"

struct outcome {
	struct answer answer; /* answer.trade points to trade below */
	struct trade trade;   /* owned */
	enum tb_status status;
	bool stop; /* later lines are not tried, and have this status too */
	char warning[TB_ERR_MAX]; /* something odd beside the answer; or "" */
	char note[TB_ERR_MAX];	  /* for those who want to know more; or "" */
};

/* outcome_init: nothing came of it yet. */
void outcome_init(struct outcome *o);
void outcome_release(struct outcome *o);

/* outcome_refuse: a rule of ours says no. */
void outcome_refuse(struct outcome *o, const struct verdict *no);

/* outcome_of_intent: what an intent that is on record comes to: the answer
 * and the exit status that it had.  The trade is read for those that have
 * one. */
enum tb_status outcome_of_intent(struct db *db, const struct intent *intent,
    struct outcome *o, struct tb_err *err);

/* outcome_fail: something of ours failed and nothing was sent. */
void outcome_fail(struct outcome *o, const struct tb_err *err);

/* outcome_unread: something of ours failed, and the record could not even be
 * read: an order of an earlier run may be live. */
void outcome_unread(struct outcome *o, const struct tb_err *err);

/* outcome_unsure: an order may be live, and we could not even record that. */
void outcome_unsure(struct outcome *o, const struct intent *intent,
    const struct tb_err *err);

#endif /* TB_ORDER_OUTCOME_H */
