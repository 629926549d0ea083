#include "order/record.h"

#include <stdio.h>
#include <string.h>

#include "order/course.h"
#include "order/halt.h"
#include "order/settle.h"
#include "store/refusals.h"

enum tb_status
record_refusal(struct desk *desk, const struct decision *d,
    enum answer_reason reason, const char *message, struct tb_err *err)
{
	struct refusal refusal = {
		.at_us = desk->instant_us,
		.has_side = true,
		.side = d->side,
		.has_size_usd = d->by_quote,
		.has_size_crypto = !d->by_quote && !d->all,
		.size_usd = d->size_usd,
		.size_crypto = d->size_crypto,
	};

	memcpy(refusal.product_id, d->product_id, sizeof(refusal.product_id));
	snprintf(refusal.reason, sizeof(refusal.reason), "%s",
	    answer_reason_name(reason));
	snprintf(refusal.message, sizeof(refusal.message), "%s", message);
	memcpy(refusal.dedupe_key, d->key, sizeof(refusal.dedupe_key));
	memcpy(refusal.triggered_by, d->triggered_by,
	    sizeof(refusal.triggered_by));
	return refusals_add(desk->db, &refusal, err);
}

/* Is what the venue repeats what was asked for?  "": it repeats nothing. */
static bool
repeats(const char *told, const char *asked)
{
	return told[0] == '\0' || strcmp(told, asked) == 0;
}

/* Does an acceptance speak of the order that was asked for? */
static bool
speaks_of(const struct venue_answer *answer, const struct intent *intent)
{
	return repeats(answer->client_order_id, intent->client_order_id) &&
	    repeats(answer->side, side_name(intent->side)) &&
	    (answer->product_id[0] == '\0' ||
		product_is_same(answer->product_id, intent->product_id));
}

/* Something came back that may not come back: UNKNOWN, and an alarm. */
static enum tb_status
record_wrong(struct desk *desk, struct intent *intent, const char *order_id,
    struct outcome *o, struct tb_err *err)
{
	const struct course_note note = { .at_us = desk->instant_us };
	char why[HALT_WHY_MAX];
	enum tb_status status;

	snprintf(why, sizeof(why),
	    "the venue answered intent %lld with another order, %.100s",
	    (long long)intent->id, order_id);
	status = db_begin(desk->db, err);
	if (status != TB_OK)
		return status;
	status = course_apply(desk->db, intent, EVENT_NO_ANSWER, &note, err);
	if (status == TB_OK)
		status = halt_alarm(desk->db, why, err);
	status = db_finish(desk->db, status, err);
	if (status == TB_OK)
		status = outcome_of_intent(desk->db, intent, o, err);
	if (status == TB_OK) {
		snprintf(o->answer.message, sizeof(o->answer.message), "%s",
		    why);
		o->status = TB_EDISAGREE;
	}
	return status;
}

static enum tb_status
record_accepted(struct desk *desk, struct intent *intent,
    const struct venue_answer *answer, struct outcome *o, struct tb_err *err)
{
	struct settlement settled = { 0 };
	struct venue_order order;
	struct tb_err unheard = { 0 };
	enum tb_status status;

	status = desk->venue->verbs->order(desk->venue, answer->order_id,
	    &order, &unheard);
	if (status == TB_OK && !settle_is_of(intent, &order))
		return record_wrong(desk, intent, answer->order_id, o, err);
	if (status == TB_OK)
		status = settle_order(desk, intent, &order, &settled, &unheard);
	if (status != TB_OK && intent->state == INTENT_SENDING) {
		/* Accepted all the same; what became of it comes later. */
		settlement_release(&settled);
		status =
		    settle_blind(desk, intent, answer->order_id, &settled, err);
	}
	if (settled.differs)
		snprintf(o->warning, sizeof(o->warning), "%s", settled.words);
	settlement_release(&settled);
	if (intent->state == INTENT_SENDING)
		return status;
	desk_spend(desk, intent->reserve_currency, intent->reserve);
	return outcome_of_intent(desk->db, intent, o, err);
}

/* Refused, or never sent: no order, and the refusal is kept. */
static enum tb_status
record_rejected(struct desk *desk, struct intent *intent,
    const struct decision *d, const struct venue_answer *answer,
    struct outcome *o, struct tb_err *err)
{
	const bool refused = answer->outcome == VENUE_REFUSED;
	const enum answer_reason reason =
	    refused ? REASON_VENUE : REASON_NOT_SENT;
	char words[INTENT_MESSAGE_MAX];
	const struct course_note note = {
		.reason = answer_reason_name(reason),
		.message = words,
		.at_us = desk->instant_us,
	};
	enum tb_status status;

	snprintf(words, sizeof(words), "%s%s%s%s",
	    refused ? "the venue refused: " : "nothing was sent: ",
	    answer->reason, answer->words[0] == '\0' ? "" : ": ",
	    answer->words);
	status = db_begin(desk->db, err);
	if (status != TB_OK)
		return status;
	status = course_apply(desk->db, intent,
	    refused ? EVENT_REFUSED : EVENT_NOT_SENT, &note, err);
	if (status == TB_OK)
		status = record_refusal(desk, d, reason, words, err);
	status = db_finish(desk->db, status, err);
	if (status == TB_OK)
		status = outcome_of_intent(desk->db, intent, o, err);
	if (status == TB_OK && answer->key_rejected) {
		o->status = TB_EPERM;
		o->stop = true;
	}
	return status;
}

static enum tb_status
record_silence(struct desk *desk, struct intent *intent, struct outcome *o,
    struct tb_err *err)
{
	const struct course_note note = { .at_us = desk->instant_us };
	enum tb_status status;

	status = course_move(desk->db, intent, EVENT_NO_ANSWER, &note, err);
	if (status == TB_OK)
		status = outcome_of_intent(desk->db, intent, o, err);
	return status;
}

enum tb_status
record_answer(struct desk *desk, struct intent *intent,
    const struct decision *d, const struct venue_answer *answer,
    struct outcome *o, struct tb_err *err)
{
	if (answer->outcome == VENUE_REFUSED ||
	    answer->outcome == VENUE_NOT_SENT)
		return record_rejected(desk, intent, d, answer, o, err);
	/* Accepted, but what?  That is no answer either. */
	if (answer->outcome == VENUE_UNKNOWN || answer->order_id[0] == '\0')
		return record_silence(desk, intent, o, err);
	if (!speaks_of(answer, intent))
		return record_wrong(desk, intent, answer->order_id, o, err);
	return record_accepted(desk, intent, answer, o, err);
}
