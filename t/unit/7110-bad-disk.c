/*
 * The order protocol over a disk that fails: at any statement, or after a
 * COMMIT that took place and says that it did not; at any call of SQLite to
 * the system, once or from then on.
 * Whatever the answer was, once the disk is well again there is at most one
 * order of the decision, it is in the books, and nobody was told otherwise.
 * fault 48, fault 49, fault 50
 */

#include "aftermath.h"

#include "baddisk.h"
#include "disk.h"
#include "tap.h"

#define FAILURES_MAX 2000 /* of one line, far more than there are */

static struct db *db;
static struct desk desk;
static struct fake fake;
static struct config config;
static char id[32];
static int serial;

static bool
has_failed(void)
{
	return baddisk.failed || disk_trouble.failed;
}

static void
disk_is_well(void)
{
	baddisk_heal();
	disk_trouble.countdown = 0;
}

/* ------------------------------------------------------------- a failure -- */

/* What fails at its n-th time. */
struct fault {
	const char *what;
	enum disk_call call;
	int code;
	bool stays;	 /* until the next process */
	bool in_library; /* a statement; no call to the system */
	bool in_sample;
};

static void
break_at(const struct fault *fault, int n)
{
	baddisk.failed = false;
	if (fault->in_library)
		baddisk_fails_at(n);
	else
		disk_fail(fault->call, n, fault->code, fault->stays);
}

/* Another process opens the books, if they can be opened. */
static bool
reopen(void)
{
	struct tb_err err;

	db_close(db);
	desk.db = NULL;
	if (db_open(&db, fake_path, DB_WRITE, &err) != TB_OK)
		return false;
	desk.db = db;
	desk.funds_known = false;
	return true;
}

/* A venue of its own for each run, a day later. */
static void
fresh(enum fake_mood mood)
{
	lock_close(&desk.lock);
	fake_desk(&desk, &fake, db, &config, true);
	fake.forgets = true;
	fake.mood = mood;
	snprintf(id, sizeof(id), "t%d", ++serial);
	desk.instant_us = FAKE_T0 + serial * SECONDS(86400);
}

/* One line of the input, as a process of its own where a call fails. */
static enum answer_outcome
act_broken(const struct fault *fault, int n)
{
	enum answer_outcome told = ANSWER_UNSURE;

	break_at(fault, n);
	if (fault->in_library || reopen())
		told = act(&desk, id);
	disk_is_well();
	if (!fault->in_library && !reopen())
		printf("Bail out! the books do not open any more\n");
	return told;
}

static enum harm
judge_books(void)
{
	const struct venue_order *order = &fake.order[0].order;

	if (fake.count > 1)
		return harm(HARM_DOUBLED, "two orders");
	if (is_unresolved(db))
		return harm(HARM_UNRESOLVED, "an intent without an end");
	if (fake.count == 1 && !is_booked(db, order))
		return harm(HARM_LOST, "an order is not in the books");
	return HARM_NONE;
}

/* What is wrong after a failure at the n-th time. */
static enum harm
run(enum fake_mood mood, const struct fault *fault, int n, bool orphan)
{
	enum answer_outcome told;
	enum harm kind;

	fresh(mood);
	if (orphan) { /* the failure is met by the recovery of a later line */
		fake.list_fails = true;
		(void)act(&desk, id);
		fake.list_fails = false;
		desk.instant_us += SECONDS(400);
	}
	told = act_broken(fault, n);
	fake.mood = FAKE_FINE;
	heal(&desk);
	if (told == ANSWER_TRADED && fake.count == 0)
		return harm(HARM_LOST, "told of a trade that is none");
	if (told == ANSWER_NOT_TRADED && fake.count == 1)
		return harm(HARM_LOST, "told of no trade, and there is one");
	kind = judge_books();
	if (kind != HARM_NONE)
		return kind;
	(void)act(&desk, id);
	heal(&desk);
	return judge_books();
}

/* ------------------------------------------------------- all of them -- */

static const struct course {
	const char *what;
	enum fake_mood mood;
	bool orphan;
	bool in_sample; /* where calls to the system fail */
} courses[] = {
	{ "an order", FAKE_FINE, false, true },
	{ "an answer lost", FAKE_LOSE_ANSWER, false, false },
	{ "a request lost", FAKE_LOSE_REQUEST, false, false },
	{ "an order that was not sent", FAKE_NOT_SENT, false, false },
	{ "an order refused", FAKE_REFUSE, false, false },
	{ "an order looked for and found", FAKE_LOSE_ANSWER, true, true },
	{ "an order looked for in vain", FAKE_LOSE_REQUEST, true, false },
};

static const struct fault faults[] = {
	{ "files that cannot be opened", DISK_OPEN, SQLITE_CANTOPEN, false,
	    false, true },
	{ "pages that cannot be read", DISK_READ, SQLITE_IOERR_READ, false,
	    false, false },
	{ "pages that cannot be written", DISK_WRITE, SQLITE_IOERR_WRITE, false,
	    false, true },
	{ "a disk that is full", DISK_WRITE, SQLITE_FULL, true, false, true },
	{ "files that cannot be cut", DISK_TRUNCATE, SQLITE_IOERR_TRUNCATE,
	    false, false, true },
	{ "syncs that fail", DISK_SYNC, SQLITE_IOERR_FSYNC, false, false,
	    true },
	{ "syncs that fail from then on", DISK_SYNC, SQLITE_IOERR_FSYNC, true,
	    false, true },
	{ "sizes that cannot be had", DISK_SIZE, SQLITE_IOERR_FSTAT, false,
	    false, false },
	{ "locks that fail", DISK_LOCK, SQLITE_IOERR_LOCK, false, false, true },
	{ "locks that are not freed", DISK_UNLOCK, SQLITE_IOERR_UNLOCK, false,
	    false, false },
	{ "names that cannot be looked for", DISK_ACCESS, SQLITE_IOERR_ACCESS,
	    false, false, false },
	{ "a disk that is gone", DISK_READ, SQLITE_IOERR_READ, true, false,
	    false },
};

static const struct fault statements = { .what = "statements",
	.in_library = true };

static void
test(const struct course *course, const struct fault *fault,
    const char *setting, int step)
{
	size_t harms[HARMS] = { 0 }, runs = 0;
	int n = 1;

	for (;; n += step) {
		enum harm kind = run(course->mood, fault, n, course->orphan);

		if (kind != HARM_NONE && ++harms[kind] < 5)
			printf("# time %d: %s\n", n, harm_words);
		if (!has_failed() || n > FAILURES_MAX)
			break;
		runs++;
	}
	harms[HARM_NONE] = 0;
	ok(harms[HARM_DOUBLED] + harms[HARM_LOST] + harms[HARM_ROWS] +
			harms[HARM_UNRESOLVED] ==
		    0 &&
		!has_failed(),
	    "%s, over %zu %s", course->what, runs, setting);
	tally("tb-trade", "far", setting, runs, harms);
}

static void
test_statements(void)
{
	for (int first = 0; first < 2; first++)
		for (size_t i = 0; i < sizeof(courses) / sizeof(courses[0]);
		     i++) {
			baddisk.after_commit = first == 1;
			test(&courses[i], &statements,
			    baddisk.after_commit ? "commits that take place" :
						   "statements that fail",
			    1);
		}
	baddisk.after_commit = false;
}

static void
test_calls(void)
{
	const char *crash = getenv("TB_CRASH");
	bool all = crash != NULL && strcmp(crash, "all") == 0;

	for (size_t i = 0; i < sizeof(courses) / sizeof(courses[0]); i++)
		for (size_t j = 0; j < sizeof(faults) / sizeof(faults[0]); j++)
			if (all ||
			    (courses[i].in_sample && faults[j].in_sample))
				test(&courses[i], &faults[j], faults[j].what,
				    all ? 1 : 2);
}

static void
test_audit(void)
{
	size_t harms[HARMS] = { 0 };

	harms[audited(db)]++;
	is_int((long long)harms[HARM_ROWS], 0, "the books are whole");
	if (harms[HARM_ROWS] > 0)
		printf("# %s\n", harm_words);
	tally("tb-trade", "far", "statements that fail", 0, harms);
}

int
main(void)
{
	disk_register();
	baddisk.rollback_too = true;
	db = fake_books();
	test_statements();
	test_calls();
	test_audit();
	lock_close(&desk.lock);
	fake_books_close(db);
	return tap_done();
}
