/*
 * The order protocol over a disk that fails once: at any statement, or after a
 * COMMIT that took place and says that it did not.
 * Whatever the answer was, once the disk is well again there is at most one
 * order of the decision, it is in the books, and nobody was told otherwise.
 *
 * sqlite3_step() of this program stands in front of the library's.
 */

#include "fakevenue.h"

#include <dlfcn.h>
#include <sqlite3.h>

#include "order/execute.h"
#include "order/recover.h"
#include "order/watch.h"
#include "store/audit.h"
#include "store/intents.h"

#include "tap.h"

#define STATEMENTS_MAX 600 /* of one line, far more than there are */

static struct db *db;
static struct desk desk;
static struct fake fake;
static struct config config;
static char id[32];
static int serial;

static int countdown; /* statements until the disk fails; 0: it is well */
static bool failed, after_commit;

typedef int step_function(sqlite3_stmt *);

static bool
is_commit(sqlite3_stmt *stmt)
{
	return strcmp(sqlite3_sql(stmt), "COMMIT") == 0;
}

int
sqlite3_step(sqlite3_stmt *stmt)
{
	static step_function *library;

	if (library == NULL)
		*(void **)&library = dlsym(RTLD_NEXT, "sqlite3_step");
	if (countdown == 0 || (after_commit && !is_commit(stmt)) ||
	    --countdown > 0)
		return library(stmt);
	failed = true;
	if (after_commit)
		(void)library(stmt);
	return SQLITE_IOERR;
}

/* A venue of its own for each run, a day later. */
static void
fresh(enum fake_mood mood)
{
	fake_desk(&desk, &fake, db, &config, true);
	fake.forgets = true;
	fake.mood = mood;
	snprintf(id, sizeof(id), "t%d", ++serial);
	desk.instant_us = FAKE_T0 + serial * SECONDS(86400);
}

static enum answer_outcome
act(void)
{
	struct decision d = fake_buy(id, "10");
	enum answer_outcome told;
	struct outcome o;

	outcome_init(&o);
	execute(&desk, &d, &o);
	told = o.answer.outcome;
	outcome_release(&o);
	return told;
}

static void
look_again(void)
{
	const unsigned states =
	    INTENT_BIT(INTENT_OPEN) | INTENT_BIT(INTENT_DONE);
	struct settlement settled;
	struct intent intent;
	struct tb_err err;
	int64_t after = 0;

	while (intents_next(db, after, states, &intent, &err) == TB_OK) {
		after = intent.id;
		(void)watch_order(&desk, &intent, &settled, &err);
		settlement_release(&settled);
		intent_release(&intent);
	}
}

/* Disk and venue are well; nothing is sent, time goes by. */
static void
heal(void)
{
	struct recovery recovery;
	struct tb_err err;

	countdown = 0;
	fake.mood = FAKE_FINE;
	desk.may_send = false;
	for (int i = 0; i < 4; i++) {
		desk.instant_us += SECONDS(400);
		(void)recover(&desk, &recovery, &err);
	}
	look_again();
	desk.may_send = true;
}

/* Is the venue's order in the books, whole? */
static bool
is_booked(void)
{
	struct intent intent;
	struct tb_err err;
	bool booked;

	booked = intents_by_client(db, fake.order[0].order.client_order_id,
		     &intent, &err) == TB_OK &&
	    intent.state == INTENT_SETTLED &&
	    strcmp(intent.order_id, fake.order[0].order.order_id) == 0;
	intent_release(&intent);
	return booked;
}

/* NULL, or what is wrong after a failure at the n-th statement. */
static const char *
run(enum fake_mood mood, int n, bool orphan)
{
	enum answer_outcome told;

	fresh(mood);
	if (orphan) { /* the failure is met by the recovery of a later line */
		fake.list_fails = true;
		(void)act();
		fake.list_fails = false;
		desk.instant_us += SECONDS(400);
	}
	failed = false;
	countdown = n;
	told = act();
	heal();
	if (fake.count > 1)
		return "two orders";
	if (told == ANSWER_TRADED && fake.count == 0)
		return "told of a trade that is none";
	if (told == ANSWER_NOT_TRADED && fake.count == 1)
		return "told of no trade, and there is one";
	if (fake.count == 1 && !is_booked())
		return "an order is not in the books";
	(void)act();
	heal();
	if (fake.count > 1)
		return "two orders, asked again";
	if (fake.count == 1 && !is_booked())
		return "an order is not in the books, asked again";
	return NULL;
}

static void
test(const char *what, enum fake_mood mood, bool orphan)
{
	int wrong = 0, n = 0;

	do {
		const char *why = run(mood, ++n, orphan);

		if (why != NULL && wrong++ < 5)
			printf("# statement %d: %s\n", n, why);
	} while (failed && n < STATEMENTS_MAX);
	ok(wrong == 0 && !failed && n > 1, "%s, over %d %s", what, n - 1,
	    after_commit ? "commits that take place" : "statements");
}

static void
test_audit(void)
{
	struct audit_result result;
	struct tb_err err = { 0 };
	int64_t findings = 0;

	for (size_t i = 0; audit_run(db, i, &result, &err) == TB_OK; i++) {
		if (result.findings > 0)
			printf("# %s: %s\n", result.check, result.message);
		findings += result.findings;
	}
	is_int(findings, 0, "the books are whole");
}

int
main(void)
{
	static const struct {
		const char *what;
		enum fake_mood mood;
		bool orphan;
	} tests[] = {
		{ "an order", FAKE_FINE, false },
		{ "an answer lost", FAKE_LOSE_ANSWER, false },
		{ "a request lost", FAKE_LOSE_REQUEST, false },
		{ "an order that was not sent", FAKE_NOT_SENT, false },
		{ "an order refused", FAKE_REFUSE, false },
		{ "an order looked for and found", FAKE_LOSE_ANSWER, true },
		{ "an order looked for in vain", FAKE_LOSE_REQUEST, true },
	};

	db = fake_books();
	for (int first = 0; first < 2; first++)
		for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
			after_commit = first == 1;
			test(tests[i].what, tests[i].mood, tests[i].orphan);
		}
	test_audit();
	lock_close(&desk.lock);
	fake_books_close(db);
	return tap_done();
}
