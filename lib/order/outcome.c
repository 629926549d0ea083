#include "order/outcome.h"

#include <stdio.h>
#include <string.h>

#include "store/books.h"

#define HAS_ORDER                                                              \
 (INTENT_BIT(INTENT_OPEN) | INTENT_BIT(INTENT_DONE) |                          \
     INTENT_BIT(INTENT_SETTLED))

void
outcome_init(struct outcome *o)
{
	*o = (struct outcome){ .answer.outcome = ANSWER_NOT_TRADED };
}

void
outcome_release(struct outcome *o)
{
	trade_release(&o->trade);
}

void
outcome_refuse(struct outcome *o, const struct verdict *no)
{
	o->answer.outcome = ANSWER_NOT_TRADED;
	o->answer.reason = no->reason;
	memcpy(o->answer.message, no->message, sizeof(o->answer.message));
	o->answer.have = no->have;
	o->answer.need = no->need;
	o->status = answer_reason_status(no->reason);
}

static void
unsure(struct outcome *o, const char *words)
{
	o->answer.outcome = ANSWER_UNSURE;
	o->answer.reason = REASON_UNKNOWN;
	snprintf(o->answer.message, sizeof(o->answer.message), "%s", words);
	o->status = TB_EUNKNOWN;
}

static enum tb_status
traded(struct db *db, const struct intent *intent, struct outcome *o,
    struct tb_err *err)
{
	enum tb_status status;

	trade_release(&o->trade);
	status = books_trade_by_order(db, intent->order_id, &o->trade, err);
	if (status != TB_OK)
		return status;
	o->answer.outcome = ANSWER_TRADED;
	o->answer.reason = REASON_NONE;
	o->answer.trade = &o->trade;
	o->status = TB_OK;
	return TB_OK;
}

/* Why there is no order of a REJECTED or ABANDONED intent. */
static enum tb_status
not_traded(const struct intent *intent, struct outcome *o, struct tb_err *err)
{
	enum answer_reason reason = REASON_ABANDONED;

	if (intent->state == INTENT_REJECTED &&
	    answer_reason_parse(intent->reason, strlen(intent->reason),
		&reason) != TB_OK)
		return tb_fail(err, TB_EDISAGREE,
		    "intent %lld: reason \"%s\" is none", (long long)intent->id,
		    intent->reason);
	o->answer.outcome = ANSWER_NOT_TRADED;
	o->answer.reason = reason;
	snprintf(o->answer.message, sizeof(o->answer.message), "%s",
	    intent->message);
	o->status = answer_reason_status(reason);
	return TB_OK;
}

enum tb_status
outcome_of_intent(struct db *db, const struct intent *intent, struct outcome *o,
    struct tb_err *err)
{
	snprintf(o->answer.intent_id, sizeof(o->answer.intent_id), "%lld",
	    (long long)intent->id);
	if ((INTENT_BIT(intent->state) & INTENT_UNRESOLVED) != 0) {
		unsure(o, "an order may be live: run tb-sync reconcile");
		return TB_OK;
	}
	if ((INTENT_BIT(intent->state) & HAS_ORDER) != 0)
		return traded(db, intent, o, err);
	return not_traded(intent, o, err);
}

void
outcome_fail(struct outcome *o, const struct tb_err *err)
{
	o->answer.outcome = ANSWER_NOT_TRADED;
	o->answer.reason = REASON_NOT_TRIED;
	snprintf(o->answer.message, sizeof(o->answer.message), "%s", err->msg);
	o->status = err->status;
}

void
outcome_unread(struct outcome *o, const struct tb_err *err)
{
	unsure(o, "");
	snprintf(o->answer.message, sizeof(o->answer.message),
	    "nothing was sent now, but an order of an earlier run may be live:"
	    " %.300s",
	    err->msg);
	o->status = err->status;
}

void
outcome_unsure(struct outcome *o, const struct intent *intent,
    const struct tb_err *err)
{
	snprintf(o->answer.intent_id, sizeof(o->answer.intent_id), "%lld",
	    (long long)intent->id);
	unsure(o, "");
	snprintf(o->answer.message, sizeof(o->answer.message),
	    "an order may be live, and it could not be recorded: %.300s",
	    err->msg);
}
