#include "order/execute.h"

#include <stdio.h>
#include <string.h>

#include "order/judge.h"
#include "order/recover.h"
#include "order/send.h"
#include "store/intents.h"

static void
answer_reused(const struct intent *intent, struct outcome *o)
{
	struct verdict no;

	verdict_no(&no, REASON_KEY_REUSED,
	    "this decision was asked for with another request (intent %lld)",
	    (long long)intent->id);
	outcome_refuse(o, &no);
}

/* A decision that is on record: answered from there. */
static enum tb_status
replay(struct desk *desk, const struct intent *intent, struct outcome *o,
    struct tb_err *err)
{
	o->answer.replayed = true;
	return outcome_of_intent(desk->db, intent, o, err);
}

static bool
was_never_sent(const struct intent *intent)
{
	return intent->state == INTENT_REJECTED &&
	    strcmp(intent->reason, "not_sent") == 0 &&
	    intent->attempts < INTENT_ATTEMPTS_MAX;
}

static enum tb_status
act_on_known(struct desk *desk, const struct decision *d, struct intent *intent,
    struct outcome *o, struct tb_err *err)
{
	struct verdict no = { .reason = REASON_NONE };
	enum tb_status status;

	if (strcmp(intent->request_hash, d->request_hash) != 0) {
		answer_reused(intent, o);
		return TB_OK;
	}
	if (!was_never_sent(intent))
		return replay(desk, intent, o, err);
	status = send_again(desk, intent, &no, o, err);
	if (status == TB_OK && no.reason != REASON_NONE)
		return replay(desk, intent, o, err);
	return status;
}

static enum tb_status
act(struct desk *desk, const struct decision *d, struct outcome *o,
    struct tb_err *err)
{
	struct intent intent;
	enum tb_status status;

	status = intents_by_key(desk->db, d->key, &intent, err);
	if (status == TB_ENOENT) {
		send_new(desk, d, o);
		return TB_OK;
	}
	if (status == TB_OK)
		status = act_on_known(desk, d, &intent, o, err);
	intent_release(&intent);
	return status;
}

static enum tb_status
act_under_lock(struct desk *desk, const struct decision *d, struct outcome *o,
    struct tb_err *err)
{
	struct recovery recovery;
	enum tb_status status;

	desk_tick(desk);
	status = recover(desk, &recovery, err);
	if (recovery.warning[0] != '\0')
		snprintf(o->warning, sizeof(o->warning), "%s",
		    recovery.warning);
	if (status == TB_OK)
		status = act(desk, d, o, err);
	return status;
}

/*
 * Something of ours failed.  A decision that is on record is answered from
 * there, as an order of an earlier run or of the recovery just now may be live;
 * and so it may where the record can't be read and the key may be on it.  The
 * failure is the exit status all the same.
 */
static void
answer_failure(struct desk *desk, const struct decision *d, struct outcome *o,
    const struct tb_err *why)
{
	struct intent intent;
	struct tb_err err;
	enum tb_status status;

	status = intents_by_key(desk->db, d->key, &intent, &err);
	if (status == TB_OK &&
	    strcmp(intent.request_hash, d->request_hash) != 0)
		status = TB_ENOENT;
	if (status == TB_OK)
		status = replay(desk, &intent, o, &err);
	if (status == TB_OK) {
		snprintf(o->warning, sizeof(o->warning), "%s", why->msg);
		o->status = why->status;
	} else if (status == TB_ENOENT || !decision_is_named(d)) {
		outcome_fail(o, why);
	} else {
		outcome_unread(o, why);
	}
	intent_release(&intent);
}

void
execute(struct desk *desk, const struct decision *d, struct outcome *o)
{
	struct tb_err err = { 0 };
	enum tb_status status;

	status = lock_take(&desk->lock, &err);
	if (status == TB_EBUSY) {
		outcome_fail(o, &err);
		o->stop = true;
	} else {
		if (status == TB_OK)
			status = act_under_lock(desk, d, o, &err);
		if (status != TB_OK)
			answer_failure(desk, d, o, &err);
	}
	if (!desk->hung)
		lock_free(&desk->lock);
	decision_caption(d, &o->answer);
}

void
execute_dry(struct desk *desk, const struct decision *d, struct risk_case *c,
    struct outcome *o)
{
	struct verdict no = { .reason = REASON_NONE };
	struct tb_err err = { 0 };
	struct intent intent;
	enum tb_status status;

	*c = (struct risk_case){ .decision = d };
	o->answer.dry_run = true;
	desk_tick(desk);
	status = intents_by_key(desk->db, d->key, &intent, &err);
	if (status == TB_OK &&
	    strcmp(intent.request_hash, d->request_hash) != 0)
		answer_reused(&intent, o);
	else if (status == TB_OK)
		status = replay(desk, &intent, o, &err);
	else if (status == TB_ENOENT) {
		status = judge_new(desk, c, &no, &err);
		if (status == TB_OK && no.reason != REASON_NONE)
			outcome_refuse(o, &no);
	}
	intent_release(&intent);
	if (status != TB_OK)
		outcome_fail(o, &err);
	decision_caption(d, &o->answer);
}
