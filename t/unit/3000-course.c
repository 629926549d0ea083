/*
 * The life of an intent: every pair of a state and an event moves as the
 * table says or leaves the row untouched; the database knows the same moves.
 */

#include "fakevenue.h"

#include "order/course.h"
#include "store/intents.h"

#include "tap.h"

#define NONE INTENT_STATES

/* What is right, written down a second time: by state, then by event. */
static const int expected[INTENT_STATES][COURSE_EVENTS] = {
	/* ACCEPTED FINISHED REFUSED NOT_SENT NO_ANSWER ORPHANED RESEND GIVEN_UP
	 * ADDED_UP */
	[INTENT_SENDING] = { INTENT_OPEN, INTENT_DONE, INTENT_REJECTED,
	    INTENT_REJECTED, INTENT_UNKNOWN, INTENT_UNKNOWN, NONE, NONE, NONE },
	[INTENT_UNKNOWN] = { INTENT_OPEN, INTENT_DONE, NONE, NONE, NONE, NONE,
	    INTENT_SENDING, INTENT_ABANDONED, NONE },
	[INTENT_OPEN] = { NONE, INTENT_DONE, NONE, NONE, NONE, NONE, NONE, NONE,
	    NONE },
	[INTENT_DONE] = { NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
	    INTENT_SETTLED },
	[INTENT_SETTLED] = { NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
	    NONE },
	[INTENT_REJECTED] = { INTENT_OPEN, INTENT_DONE, NONE, NONE, NONE, NONE,
	    INTENT_SENDING, NONE, NONE },
	[INTENT_ABANDONED] = { INTENT_OPEN, INTENT_DONE, NONE, NONE, NONE, NONE,
	    NONE, NONE, NONE },
};

static struct db *db;
static struct tb_err err;
static int serial;

/* The events that lead a new intent to a state. */
static const struct {
	size_t count;
	enum course_event event[3];
} ways[INTENT_STATES] = {
	[INTENT_SENDING] = { 0, { 0 } },
	[INTENT_UNKNOWN] = { 1, { EVENT_NO_ANSWER } },
	[INTENT_OPEN] = { 1, { EVENT_ACCEPTED } },
	[INTENT_DONE] = { 1, { EVENT_FINISHED } },
	[INTENT_SETTLED] = { 2, { EVENT_FINISHED, EVENT_ADDED_UP } },
	[INTENT_REJECTED] = { 1, { EVENT_NOT_SENT } },
	[INTENT_ABANDONED] = { 2, { EVENT_NO_ANSWER, EVENT_GIVEN_UP } },
};

static struct course_note
note_of(enum course_event event, const char *order_id)
{
	struct course_note note = { .at_us = FAKE_T0 };

	if (event == EVENT_ACCEPTED || event == EVENT_FINISHED)
		note.order_id = order_id;
	if (event == EVENT_NOT_SENT)
		note.reason = "not_sent";
	if (event == EVENT_REFUSED)
		note.reason = "venue";
	if (event == EVENT_GIVEN_UP)
		note.reason = "abandoned";
	return note;
}

static struct intent
new_intent(void)
{
	struct intent intent = { .by_quote = true,
		.sent_by_quote = true,
		.product_id = "BTC-USD",
		.type = "market",
		.reserve_currency = "USD",
		.triggered_by = "test",
		.body = "{}",
		.size_usd = DECIMAL_OF(10),
		.quote_size = DECIMAL_OF(10),
		.reserve = DECIMAL_OF(10),
		.reference_price = DECIMAL_OF(1),
		.decided_at_us = FAKE_T0,
		.created_at_us = FAKE_T0 };

	snprintf(intent.dedupe_key, sizeof(intent.dedupe_key), "i:c%d",
	    ++serial);
	digest_uuid("test", intent.dedupe_key, intent.client_order_id);
	digest_of("x", 1, intent.request_hash);
	if (db_begin(db, &err) != TB_OK ||
	    db_finish(db, intents_insert(db, &intent, &err), &err) != TB_OK)
		printf("# %s\n", err.msg);
	return intent;
}

static enum tb_status
move(struct intent *intent, enum course_event event)
{
	char order_id[INTENT_KEY_MAX + 2];
	struct course_note note;

	snprintf(order_id, sizeof(order_id), "o-%s", intent->dedupe_key);
	note = note_of(event, order_id);
	return course_move(db, intent, event, &note, &err);
}

static void
test_pair(enum intent_state state, enum course_event event)
{
	struct intent intent = new_intent(), row;
	int want = expected[state][event];
	const char *came = "nothing";
	enum tb_status status = TB_OK;

	for (size_t i = 0; status == TB_OK && i < ways[state].count; i++)
		status = move(&intent, ways[state].event[i]);
	if (status == TB_OK)
		status = move(&intent, event);
	if (status == TB_OK &&
	    intents_by_id(db, intent.id, &row, &err) == TB_OK) {
		came = intent_state_name(row.state);
		ok(row.attempts == 1 + (event == EVENT_RESEND && want != NONE),
		    "attempts of %s + event %d", intent_state_name(state),
		    (int)event);
		intent_release(&row);
	} else
		printf("# %s\n", err.msg);
	is(came,
	    intent_state_name(want == NONE ? state : (enum intent_state)want),
	    "where it leads to");
}

/* A refusal of the venue's is final: the store itself says so. */
static void
test_refused_is_final(void)
{
	struct intent intent = new_intent();

	ok(move(&intent, EVENT_REFUSED) == TB_OK, "refused by the venue");
	is_int((int)move(&intent, EVENT_RESEND), TB_EBUG,
	    "it can't be sent again");
}

/* Somebody else moved the row meanwhile. */
static void
test_stale_copy(void)
{
	struct intent intent = new_intent(), copy = intent;

	ok(move(&intent, EVENT_NO_ANSWER) == TB_OK, "moved");
	is_int((int)move(&copy, EVENT_REFUSED), TB_EBUG,
	    "a copy of what it was can't be moved");
	is(intent_state_name(copy.state), "SENDING", "and stays as it was");
}

int
main(void)
{
	db = fake_books();
	for (int s = 0; s < INTENT_STATES; s++)
		for (int e = 0; e < COURSE_EVENTS; e++)
			test_pair((enum intent_state)s, (enum course_event)e);
	test_refused_is_final();
	test_stale_copy();
	fake_books_close(db);
	return tap_done();
}
