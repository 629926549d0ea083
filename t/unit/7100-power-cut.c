/*
 * The power is cut during an order: at any call to the disk, and any part of
 * what was not synced is gone.  What the real store finds then is whole; what
 * the venue was asked is written down; what was answered is true; and once
 * all is well there is one order, in the books.
 *
 * The same with other settings of SQLite, which must not pass: the proof that
 * this would be found.
 */

#include "cuts.h"

#include "store/handle.h"
#include "store/schema.h"

enum { PLACED = 1, TOLD };

static struct db *db;
static struct desk desk;
static struct fake fake, fake_placed;
static struct config config;
static char client_id[37];
static const char *setting = "";

static void (*real_place)(struct venue *v, const struct venue_request *r,
    struct venue_answer *out);

static void
marked_place(struct venue *v, const struct venue_request *r,
    struct venue_answer *out)
{
	disk_mark(PLACED);
	memcpy(client_id, r->client_order_id, sizeof(client_id));
	real_place(v, r, out);
}

/* Write a mark when the venue is asked. */
static void
listen(struct venue *v)
{
	static struct venue_verbs verbs;

	verbs = *v->verbs;
	real_place = verbs.place;
	verbs.place = marked_place;
	v->verbs = &verbs;
}

static void
open_books(const char *path)
{
	struct tb_err err = { 0 };

	if (db_open(&db, path, DB_WRITE, &err) != TB_OK) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
}

/* -------------------------------------------------- a venue far away ------ */

static enum fake_mood mood;

static void
run_far(void)
{
	disk_watch(fake_dir);
	open_books(fake_path);
	if (sqlite3_exec(db->handle, setting, NULL, NULL, NULL) != SQLITE_OK)
		abort();
	fake_desk(&desk, &fake, db, &config, true);
	fake.forgets = true;
	fake.mood = mood;
	listen(&fake.venue);
	if (act(&desk, "a") == ANSWER_TRADED)
		disk_mark(TOLD);
	fake_placed = fake;
	if (mood == FAKE_LOSE_ANSWER) { /* a later line finds the order */
		fake.mood = FAKE_FINE;
		desk.instant_us += SECONDS(400);
		if (act(&desk, "a") == ANSWER_TRADED)
			disk_mark(TOLD);
	}
	lock_close(&desk.lock);
	db_close(db);
}

/* What the books say of the order before anybody mends them. */
static enum harm
judge_record(size_t cut)
{
	struct intent intent = { .state = INTENT_REJECTED };
	struct tb_err err = { 0 };
	enum tb_status status;

	status = schema_integrity(db, &err);
	if (status != TB_OK)
		return harm(HARM_ROWS, "%s", err.msg);
	if (!disk_passed(cut, PLACED))
		return HARM_NONE;
	status = intents_by_client(db, client_id, &intent, &err);
	intent_release(&intent);
	if (status != TB_OK)
		return harm(HARM_LOST, "no intent of what was asked");
	if (disk_passed(cut, TOLD) && intent.state != INTENT_SETTLED)
		return harm(HARM_LOST, "told of a trade, found %s",
		    intent_state_name(intent.state));
	return HARM_NONE;
}

static enum harm
judge_orders(const struct venue_order *order, size_t count)
{
	if (count > 1)
		return harm(HARM_DOUBLED, "%zu orders", count);
	if (is_unresolved(db))
		return harm(HARM_UNRESOLVED, "an intent without an end");
	if (count == 1 && !is_booked(db, order))
		return harm(HARM_LOST, "an order is not in the books");
	return audited(db);
}

static enum harm
judge_far(size_t cut, const char *path)
{
	struct tb_err err = { 0 };
	enum harm kind;

	if (db_open(&db, path, DB_WRITE, &err) != TB_OK)
		return harm(HARM_ROWS, "not opened: %s", err.msg);
	fake_desk(&desk, &fake, db, &config, true);
	fake.forgets = true;
	if (disk_passed(cut, PLACED))
		fake = fake_placed;
	fake.mood = FAKE_FINE;
	kind = judge_record(cut);
	for (int times = 0; kind == HARM_NONE && times < 2; times++) {
		heal(&desk);
		kind = judge_orders(&fake.order[0].order, fake.count);
		(void)act(&desk, "a");
	}
	if (kind == HARM_NONE)
		kind = judge_orders(&fake.order[0].order, fake.count);
	lock_close(&desk.lock);
	db_close(db);
	return kind;
}

static void
test_far(void)
{
	static const struct {
		const char *what;
		enum fake_mood mood;
	} moods[] = {
		{ "an order", FAKE_FINE },
		{ "an order whose answer is lost, and found",
		    FAKE_LOSE_ANSWER },
		{ "an order that is refused", FAKE_REFUSE },
		{ "an order that is not sent", FAKE_NOT_SENT },
	};

	for (size_t i = 0; i < sizeof(moods) / sizeof(moods[0]); i++) {
		const struct course course = { "tb-trade", "far", moods[i].what,
			run_far, judge_far };

		mood = moods[i].mood;
		db_close(fake_books());
		cuts(&course);
		fake_books_close(NULL);
	}
}

/* ---------------------------------------------------------------- paper -- */

static struct desk *
paper_desk(const char *path)
{
	struct tb_err err = { 0 };
	struct desk *paper = NULL;

	open_books(path);
	config_init(&config);
	if (desk_open(&paper, db, &config, DESK_TRADE, &err) != TB_OK) {
		printf("# %s\n", err.msg);
		return NULL;
	}
	paper->fixed = true;
	paper->instant_us = FAKE_T0;
	paper->may_send = true;
	return paper;
}

/* Two files: the books, and the venue's own. */
static void
run_paper(void)
{
	struct desk *paper;

	disk_watch(fake_dir);
	paper = paper_desk(fake_path);
	if (paper == NULL)
		abort();
	listen(paper->venue);
	if (act(paper, "a") == ANSWER_TRADED)
		disk_mark(TOLD);
	desk_close(paper);
	db_close(db);
}

/* The venue's orders, the last of them in *out. */
static size_t
paper_orders(struct desk *paper, struct venue_order *out)
{
	static struct venue_order page[VENUE_PAGE_MAX];
	char cursor[VENUE_CURSOR_MAX] = "";
	struct tb_err err = { 0 };
	size_t count = 0;

	if (paper->venue->verbs->orders_since(paper->venue, 0, cursor, page,
		VENUE_PAGE_MAX, &count, &err) != TB_OK)
		return VENUE_PAGE_MAX;
	if (count > 0)
		*out = page[count - 1];
	return count;
}

static enum harm
judge_paper(size_t cut, const char *path)
{
	struct desk *paper = paper_desk(path);
	struct venue_order order;
	enum harm kind;
	size_t count;

	if (paper == NULL) {
		db_close(db);
		return harm(HARM_ROWS, "the venue's file does not open");
	}
	kind = judge_record(cut);
	count = paper_orders(paper, &order);
	if (kind == HARM_NONE && disk_passed(cut, TOLD) && count != 1)
		kind = harm(HARM_LOST, "told of a trade, and there is none");
	for (int times = 0; kind == HARM_NONE && times < 2; times++) {
		heal(paper);
		count = paper_orders(paper, &order);
		kind = judge_orders(&order, count);
		(void)act(paper, "a");
	}
	desk_close(paper);
	db_close(db);
	return kind;
}

static void
test_paper(void)
{
	static const struct course course = { "tb-trade", "paper",
		"an order on paper, two files", run_paper, judge_paper };

	db_close(fake_books());
	cuts(&course);
	fake_books_close(NULL);
}

/* ------------------------------------------------------- other settings -- */

/* What a setting of SQLite comes to, as a row of a table. */
struct row {
	size_t images, broken, asked, missing;
};

static void
look(size_t cut, const char *path, struct row *row)
{
	struct intent intent = { 0 };
	struct tb_err err = { 0 };

	row->images++;
	row->asked += disk_passed(cut, PLACED);
	if (db_open(&db, path, DB_WRITE, &err) != TB_OK ||
	    schema_integrity(db, &err) != TB_OK)
		row->broken++;
	else if (disk_passed(cut, PLACED))
		row->missing +=
		    intents_by_client(db, client_id, &intent, &err) != TB_OK;
	intent_release(&intent);
	db_close(db);
	db = NULL;
}

static struct row
look_everywhere(void)
{
	const unsigned most = cuts_all() ? CUTS_IMAGES : 4;
	const size_t step = cuts_all() ? 1 : 7;
	struct row row = { 0 };
	char folder[96];
	const char *path = cuts_path(folder);

	for (size_t cut = 0; cut <= disk.count; cut += step)
		for (unsigned lost = disk_images(cut, most); lost-- > 0;) {
			disk_image(cut, lost, folder);
			look(cut, path, &row);
		}
	return row;
}

static void
test_settings(void)
{
	static const struct {
		const char *journal, *synchronous;
		bool is_good;
		bool in_sample;
	} settings[] = {
		{ "DELETE", "OFF", false, true },
		{ "DELETE", "NORMAL", false, false },
		{ "DELETE", "FULL", false, true }, /* SQLite's own choice */
		{ "DELETE", "EXTRA", true, false },
		{ "TRUNCATE", "OFF", false, false },
		{ "TRUNCATE", "NORMAL", false, true },
		{ "TRUNCATE", "FULL", true, false },
		{ "TRUNCATE", "EXTRA", true, true }, /* ours */
		{ "PERSIST", "FULL", true, false },
		{ "WAL", "NORMAL", false, false },
		{ "WAL", "FULL", true, false },
	};
	char text[96];

	mood = FAKE_FINE;
	setting = text;
	printf("# %-9s %-8s %6s %6s %6s %7s\n", "journal", "sync", "images",
	    "broken", "asked", "missing");
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		struct row row;

		if (!cuts_all() && !settings[i].in_sample)
			continue;
		snprintf(text, sizeof(text),
		    "PRAGMA journal_mode=%s; PRAGMA synchronous=%s",
		    settings[i].journal, settings[i].synchronous);
		db_close(fake_books());
		run_far();
		row = look_everywhere();
		disk_forget();
		fake_books_close(NULL);
		printf("# %-9s %-8s %6zu %6zu %6zu %7zu\n", settings[i].journal,
		    settings[i].synchronous, row.images, row.broken, row.asked,
		    row.missing);
		ok(row.asked > 0 &&
			(row.broken + row.missing == 0) == settings[i].is_good,
		    "%s, %s: %s", settings[i].journal, settings[i].synchronous,
		    settings[i].is_good ? "holds" : "is found not to hold");
	}
	setting = "";
}

int
main(void)
{
	disk_register();
	test_far();
	test_paper();
	test_settings();
	return tap_done();
}
