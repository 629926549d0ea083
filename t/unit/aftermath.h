#ifndef AFTERMATH_H
#define AFTERMATH_H

/*
 * aftermath: a decision on a desk where things go wrong, and what is true once
 * they are well again: at most one order, in the books, whole, and nobody was
 * told otherwise.
 */

#include <stdarg.h>

#include "fakevenue.h"

#include "order/execute.h"
#include "order/recover.h"
#include "order/watch.h"
#include "store/audit.h"
#include "store/intents.h"

/* What a fault did, as it is counted. */
enum harm {
	HARM_NONE,
	HARM_DOUBLED,
	HARM_LOST,
	HARM_ROWS,
	HARM_UNRESOLVED,
	HARMS,
};

static char harm_words[TB_ERR_MAX]; /* of the last one */

__attribute__((format(printf, 2, 3), unused)) static enum harm
harm(enum harm kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(harm_words, sizeof(harm_words), fmt, ap);
	va_end(ap);
	return kind;
}

/* A line of t/lib/tally.sh, where somebody counts. */
__attribute__((unused)) static void
tally(const char *tool, const char *venue, const char *setting, size_t faults,
    const size_t harms[static HARMS])
{
	const char *path = getenv("TB_TALLY");
	FILE *file = path == NULL ? NULL : fopen(path, "a");

	if (file == NULL)
		return;
	fprintf(file, "%s\t%s\t%s\t%zu\t%zu\t%zu\t%zu\t%zu\n", tool, venue,
	    setting, faults, harms[HARM_DOUBLED], harms[HARM_LOST],
	    harms[HARM_ROWS], harms[HARM_UNRESOLVED]);
	fclose(file);
}

/* A BUY for 10 USD, by name: what was answered. */
__attribute__((unused)) static enum answer_outcome
act(struct desk *desk, const char *id)
{
	struct decision d = fake_buy(id, "10");
	enum answer_outcome told;
	struct outcome o;

	outcome_init(&o);
	execute(desk, &d, &o);
	told = o.answer.outcome;
	outcome_release(&o);
	return told;
}

static void
look_again(struct desk *desk)
{
	const unsigned states =
	    INTENT_BIT(INTENT_OPEN) | INTENT_BIT(INTENT_DONE);
	struct settlement settled;
	struct intent intent;
	struct tb_err err;
	int64_t after = 0;

	while (intents_next(desk->db, after, states, &intent, &err) == TB_OK) {
		after = intent.id;
		(void)watch_order(desk, &intent, &settled, &err);
		settlement_release(&settled);
		intent_release(&intent);
	}
}

/* Disk and venue are well; nothing is sent, time goes by. */
__attribute__((unused)) static void
heal(struct desk *desk)
{
	struct recovery recovery;
	struct tb_err err;

	desk->may_send = false;
	for (int i = 0; i < 4; i++) {
		desk->instant_us += SECONDS(400);
		(void)recover(desk, &recovery, &err);
	}
	look_again(desk);
	desk->may_send = true;
}

/* Is an order of the venue in the books, whole? */
__attribute__((unused)) static bool
is_booked(struct db *db, const struct venue_order *order)
{
	struct intent intent;
	struct tb_err err;
	bool booked;

	booked = intents_by_client(db, order->client_order_id, &intent, &err) ==
		TB_OK &&
	    intent.state == INTENT_SETTLED &&
	    strcmp(intent.order_id, order->order_id) == 0;
	intent_release(&intent);
	return booked;
}

/* Whether an intent's fate is not known. */
__attribute__((unused)) static bool
is_unresolved(struct db *db)
{
	struct intent intent;
	struct tb_err err;
	enum tb_status status;

	status = intents_next(db, 0,
	    INTENT_BIT(INTENT_SENDING) | INTENT_BIT(INTENT_UNKNOWN), &intent,
	    &err);
	intent_release(&intent);
	return status == TB_OK;
}

/* All that verify asks. */
__attribute__((unused)) static enum harm
audited(struct db *db)
{
	struct audit_result result = { 0 };
	struct tb_err err = { 0 };
	enum tb_status status = TB_OK;

	for (size_t i = 0; status == TB_OK; i++) {
		status = audit_run(db, i, &result, &err);
		if (status == TB_OK && result.findings > 0)
			return harm(HARM_ROWS, "%s: %s", result.check,
			    result.message);
	}
	if (status != TB_END)
		return harm(HARM_ROWS, "verify cannot look: %s", err.msg);
	return HARM_NONE;
}

#endif /* AFTERMATH_H */
