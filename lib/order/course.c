#include "order/course.h"

#include <stdio.h>
#include <string.h>

#include "order/halt.h"
#include "store/evaluations.h"

#define TO(state)                                                              \
 {                                                                             \
  .moves = true, .to = INTENT_##state                                          \
 }
#define TO_WITH(state, does)                                                   \
 {                                                                             \
  .moves = true, .to = INTENT_##state, .effects = (does)                       \
 }

/* clang-format off */
static const struct course_step steps[INTENT_STATES][COURSE_EVENTS] = {
	[INTENT_SENDING] = {
		[EVENT_ACCEPTED] = TO(OPEN),
		[EVENT_FINISHED] = TO(DONE),
		[EVENT_REFUSED] = TO(REJECTED),
		[EVENT_NOT_SENT] = TO_WITH(REJECTED, COURSE_UNACTS),
		[EVENT_NO_ANSWER] = TO(UNKNOWN),
		[EVENT_ORPHANED] = TO(UNKNOWN),
	},
	[INTENT_UNKNOWN] = {
		[EVENT_ACCEPTED] = TO(OPEN),
		[EVENT_FINISHED] = TO(DONE),
		[EVENT_RESEND] = TO(SENDING),
		[EVENT_GIVEN_UP] = TO_WITH(ABANDONED, COURSE_UNACTS),
	},
	[INTENT_OPEN] = {
		[EVENT_FINISHED] = TO(DONE),
	},
	[INTENT_DONE] = {
		[EVENT_ADDED_UP] = TO(SETTLED),
	},
	[INTENT_REJECTED] = { /* RESEND: not_sent only, as the store checks */
		[EVENT_RESEND] = TO_WITH(SENDING, COURSE_ACTS),
		[EVENT_ACCEPTED] = TO_WITH(OPEN, COURSE_ALARM | COURSE_ACTS),
		[EVENT_FINISHED] = TO_WITH(DONE, COURSE_ALARM | COURSE_ACTS),
	},
	[INTENT_ABANDONED] = {
		[EVENT_ACCEPTED] = TO_WITH(OPEN, COURSE_ALARM | COURSE_ACTS),
		[EVENT_FINISHED] = TO_WITH(DONE, COURSE_ALARM | COURSE_ACTS),
	},
	/* SETTLED: nothing more happens to it. */
};
/* clang-format on */

struct course_step
course_step(enum intent_state state, enum course_event event)
{
	return steps[state][event];
}

const char *
course_evaluation_id(const struct intent *intent)
{
	if (strncmp(intent->dedupe_key, "s:", 2) != 0)
		return NULL;
	return intent->dedupe_key + 2;
}

static enum tb_status
raise_alarm(struct db *db, const struct intent *intent, const char *order_id,
    struct tb_err *err)
{
	char why[HALT_WHY_MAX];

	snprintf(why, sizeof(why),
	    "intent %lld was %s, but the venue has its order %.100s",
	    (long long)intent->id, intent_state_name(intent->state), order_id);
	return halt_alarm(db, why, err);
}

static enum tb_status
take_effect(struct db *db, const struct intent *intent, unsigned effects,
    const struct course_note *note, struct tb_err *err)
{
	const char *evaluation = course_evaluation_id(intent);
	enum tb_status status = TB_OK;

	if ((effects & COURSE_ALARM) != 0)
		status = raise_alarm(db, intent, note->order_id, err);
	if (evaluation == NULL)
		return status;
	if (status == TB_OK && (effects & COURSE_UNACTS) != 0)
		status = evaluations_unact(db, evaluation, err);
	if (status == TB_OK && (effects & COURSE_ACTS) != 0)
		status = evaluations_react(db, evaluation, note->at_us, err);
	return status;
}

enum tb_status
course_apply(struct db *db, struct intent *intent, enum course_event event,
    const struct course_note *note, struct tb_err *err)
{
	const struct course_step step = course_step(intent->state, event);
	const struct intent_move move = {
		.to = step.to,
		.order_id = note->order_id,
		.reason = note->reason,
		.message = note->message,
		.at_us = note->at_us,
	};
	enum tb_status status;

	if (!step.moves)
		return TB_OK;
	status = take_effect(db, intent, step.effects, note, err);
	if (status == TB_OK)
		status = intents_move(db, intent, &move, err);
	return status;
}

enum tb_status
course_move(struct db *db, struct intent *intent, enum course_event event,
    const struct course_note *note, struct tb_err *err)
{
	struct intent moved = *intent;
	enum tb_status status;

	status = db_begin(db, err);
	if (status != TB_OK)
		return status;
	status = course_apply(db, &moved, event, note, err);
	status = db_finish(db, status, err);
	if (status == TB_OK)
		*intent = moved;
	return status;
}
