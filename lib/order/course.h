#ifndef TB_ORDER_COURSE_H
#define TB_ORDER_COURSE_H

/*
 * course: the life of an intent: which event moves it from which state to
 * which, as one table.
 *
 *	(insert) SENDING -- ACCEPTED, FINISHED ------> OPEN, DONE
 *	SENDING ----------- REFUSED, NOT_SENT -------> REJECTED
 *	SENDING ----------- NO_ANSWER, ORPHANED -----> UNKNOWN
 *	UNKNOWN ----------- ACCEPTED, FINISHED ------> OPEN, DONE
 *	UNKNOWN ----------- RESEND ------------------> SENDING
 *	UNKNOWN ----------- GIVEN_UP ----------------> ABANDONED
 *	OPEN -------------- FINISHED ----------------> DONE
 *	DONE -------------- ADDED_UP ----------------> SETTLED
 *	REJECTED ---------- RESEND (not_sent) -------> SENDING
 *	REJECTED, ABANDONED ACCEPTED, FINISHED ~~~~~~> OPEN, DONE, and an alarm
 *
 * What the table does not name leaves the intent as it is.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/db.h"
#include "store/intents.h"

enum course_event {
	EVENT_ACCEPTED,	 /* the venue has the order, and it is live */
	EVENT_FINISHED,	 /* the venue has the order, and it is final */
	EVENT_REFUSED,	 /* the venue said no */
	EVENT_NOT_SENT,	 /* it certainly never left */
	EVENT_NO_ANSWER, /* it may have left: nobody knows */
	EVENT_ORPHANED,	 /* found SENDING by the next holder of the lock */
	EVENT_RESEND,	 /* about to be sent again, the same request */
	EVENT_GIVEN_UP,	 /* looked for, not there, not to be sent again */
	EVENT_ADDED_UP,	 /* its fills add up to what the venue says */
};
#define COURSE_EVENTS 9

/* What a step does besides moving. */
#define COURSE_ALARM 1U	 /* a human has to look: trading halts */
#define COURSE_UNACTS 2U /* no order came of it: no cooldown began */
#define COURSE_ACTS 4U	 /* an order comes of it after all */

struct course_step {
	bool moves;
	enum intent_state to;
	unsigned effects;
};

/* course_step: what an event does to an intent in a state; cannot fail. */
struct course_step course_step(enum intent_state state,
    enum course_event event);

/* What is told along with an event. */
struct course_note {
	const char *order_id; /* of ACCEPTED and FINISHED */
	const char *reason;   /* a word of wire/answer.h; NULL: none */
	const char *message;  /* for people; NULL: none */
	int64_t at_us;
};

/*
 * course_apply: move the intent as the table says, with all effects, inside a
 * transaction of the caller's.  Nothing to move is fine.
 */
enum tb_status course_apply(struct db *db, struct intent *intent,
    enum course_event event, const struct course_note *note,
    struct tb_err *err);

/* course_move: course_apply() in a transaction of its own. */
enum tb_status course_move(struct db *db, struct intent *intent,
    enum course_event event, const struct course_note *note,
    struct tb_err *err);

/* The evaluation that an intent came of, or NULL: in its dedupe key. */
const char *course_evaluation_id(const struct intent *intent);

#endif /* TB_ORDER_COURSE_H */
