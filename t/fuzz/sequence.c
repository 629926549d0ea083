/*
 * sequence: bytes are a day of trading: decisions, of a few keys again and
 * again, over a venue that forgets client ids and loses, refuses, hides and
 * misnames what the bytes want it to, while time goes by and runs begin anew,
 * or die as they send.
 *
 * Whatever the day was, once the venue is well again there is at most one
 * order of each decision, none is lost, who was told of a trade has one,
 * nothing is unknown or reserved, books and venue hold the same, and the whole
 * audit finds nothing.
 *
 * An input: three bytes a step: what happens, to which decision, how late.
 */

#include <assert.h>
#include <fcntl.h>
#include <sys/stat.h>

/* Where a sync costs nothing, if there is such a place. */
#define FAKE_FOLDER (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp")
#include "../unit/fakevenue.h"

#include "order/execute.h"
#include "order/recover.h"
#include "order/watch.h"
#include "store/audit.h"
#include "store/books.h"
#include "store/intents.h"

#include "fuzz.h"

#define STEPS_MAX 24UL
#define KEYS 8

enum death { LIVES, DIES_BEFORE, DIES_AFTER }; /* the order is placed */

static struct day {
	struct desk desk;
	enum death death;
	bool died;
	struct fake fake;
	struct config config;
	bool told_traded[KEYS];
} day;

/* ----------------------------------------------------------------- books -- */

/* A database as it stood at a moment. */
struct image {
	char *bytes; /* owned */
	size_t len;
};

static struct image newborn, last; /* when a run died */

static void
image_take(struct image *image)
{
	struct stat st;
	int fd = open(fake_path, O_RDONLY | O_CLOEXEC);

	assert(fd != -1 && fstat(fd, &st) == 0);
	image->len = (size_t)st.st_size;
	image->bytes = realloc(image->bytes, image->len);
	assert(image->bytes != NULL);
	assert(read(fd, image->bytes, image->len) == st.st_size);
	(void)close(fd);
}

static void
image_put(const struct image *image)
{
	char journal[sizeof(fake_path) + 8];
	int fd = open(fake_path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	assert(fd != -1);
	assert(write(fd, image->bytes, image->len) == (ssize_t)image->len);
	(void)close(fd);
	(void)snprintf(journal, sizeof(journal), "%s-journal", fake_path);
	(void)unlink(journal);
}

static void
clean_up(void)
{
	fake_books_close(NULL);
}

/* What is committed when an order leaves is what a death leaves behind. */
static void
place(struct venue *v, const struct venue_request *r, struct venue_answer *out)
{
	if (day.death != LIVES) {
		image_take(&last);
		day.died = true;
		day.fake.mood = day.death == DIES_AFTER ? FAKE_LOSE_ANSWER :
							  FAKE_LOSE_REQUEST;
		day.death = LIVES;
	}
	fake_verbs.place(v, r, out);
}

static void
begin(struct day *d)
{
	static struct venue_verbs verbs;
	struct db *db = NULL;
	struct tb_err err;

	if (newborn.bytes == NULL) { /* once, and put there for each day */
		db_close(fake_books());
		image_take(&newborn);
		assert(atexit(clean_up) == 0);
	}
	image_put(&newborn);
	assert(db_open(&db, fake_path, DB_WRITE, &err) == TB_OK);
	memset(d, 0, sizeof(*d));
	fake_desk(&d->desk, &d->fake, db, &d->config, true);
	verbs = fake_verbs;
	verbs.place = place;
	d->fake.venue.verbs = &verbs;
	d->fake.forgets = true;
}

/* A new run over the same books: what was known is forgotten. */
static void
begin_again(struct day *d)
{
	struct desk *desk = &d->desk;
	int64_t instant_us = desk->instant_us;
	struct tb_err err;

	lock_close(&desk->lock);
	db_close(desk->db);
	if (d->died)
		image_put(&last);
	d->died = false;
	memset(desk, 0, sizeof(*desk));
	assert(db_open(&desk->db, fake_path, DB_WRITE, &err) == TB_OK);
	desk->venue = &d->fake.venue;
	desk->config = &d->config;
	desk->fixed = true;
	desk->instant_us = instant_us;
	desk->may_send = true;
	assert(lock_init(&desk->lock, fake_path, &err) == TB_OK);
}

/* ----------------------------------------------------------------- steps -- */

static void
trade(struct day *d, uint8_t which, unsigned key)
{
	struct decision decision;
	struct outcome o;
	char id[16];

	(void)snprintf(id, sizeof(id), "k%u", key);
	d->death = which == 7 ? DIES_AFTER : which == 6 ? DIES_BEFORE : LIVES;
	decision = key % 2 == 1 && which % 4 == 0 ? fake_sell(id, "0.1") :
						    fake_buy(id, "10");
	outcome_init(&o);
	execute(&d->desk, &decision, &o);
	if (o.answer.outcome == ANSWER_TRADED && !d->died)
		d->told_traded[key] = true;
	outcome_release(&o);
	d->death = LIVES;
	if (d->died)
		begin_again(d);
}

static void
step(struct day *d, const uint8_t bytes[static 3])
{
	static const enum fake_mood moods[] = { FAKE_FINE, FAKE_LOSE_ANSWER,
		FAKE_LOSE_REQUEST, FAKE_NOT_SENT, FAKE_REFUSE, FAKE_NO_ORDER_ID,
		FAKE_FINE, FAKE_LOSE_ANSWER };
	uint8_t what = bytes[0], whom = bytes[1];
	struct recovery recovery;
	struct tb_err err;

	d->desk.instant_us += SECONDS(2 * (int64_t)bytes[2]);
	d->fake.mood = moods[what & 7];
	d->fake.list_fails = (what & 8) != 0;
	d->fake.fetch_fails = (what & 16) != 0;
	d->fake.hide = (what & 32) != 0 ? 3 : 0;
	d->fake.late_fees = (what & 64) != 0;
	d->fake.page = (what & 128) != 0 ? 1 : 0;
	if ((whom & 8) != 0)
		begin_again(d);
	if ((whom & 16) != 0)
		(void)recover(&d->desk, &recovery, &err);
	else
		trade(d, whom >> 5, whom % KEYS);
}

/* The venue is well again, and time goes by. */
static void
calm_down(struct day *d)
{
	struct recovery recovery;
	struct tb_err err;

	d->fake.mood = FAKE_FINE;
	d->fake.hide = 0;
	d->fake.list_fails = d->fake.fetch_fails = false;
	d->desk.may_send = false;
	for (size_t i = 0; i < d->fake.count; i++)
		d->fake.order[i].hidden = 0;
	for (int i = 0; i < 6; i++) {
		d->desk.instant_us += SECONDS(400);
		assert(recover(&d->desk, &recovery, &err) == TB_OK);
	}
}

/* Orders that could not be fetched are OPEN: look again. */
static void
look_again(struct day *d)
{
	const unsigned states =
	    INTENT_BIT(INTENT_OPEN) | INTENT_BIT(INTENT_DONE);
	struct settlement settled;
	struct intent intent;
	struct tb_err err;
	int64_t after = 0;

	while (intents_next(d->desk.db, after, states, &intent, &err) ==
	    TB_OK) {
		after = intent.id;
		(void)watch_order(&d->desk, &intent, &settled, &err);
		settlement_release(&settled);
		intent_release(&intent);
	}
}

/* ------------------------------------------------------------ invariants -- */

static void
one_order_a_decision(struct day *d)
{
	struct intent intent;
	struct tb_err err;

	for (size_t i = 0; i < d->fake.count; i++) {
		const struct venue_order *order = &d->fake.order[i].order;

		for (size_t j = 0; j < i; j++)
			assert(strcmp(order->client_order_id,
				   d->fake.order[j].order.client_order_id) !=
			    0);
		assert(intents_by_client(d->desk.db, order->client_order_id,
			   &intent, &err) == TB_OK);
		assert(strcmp(intent.order_id, order->order_id) == 0);
		intent_release(&intent);
	}
}

static void
told_is_true(struct day *d)
{
	struct intent intent;
	struct tb_err err;
	char key[16];

	for (unsigned i = 0; i < KEYS; i++) {
		if (!d->told_traded[i])
			continue;
		(void)snprintf(key, sizeof(key), "i:k%u", i);
		assert(intents_by_key(d->desk.db, key, &intent, &err) == TB_OK);
		assert(intent.order_id[0] != '\0');
		intent_release(&intent);
	}
}

static void
quiet(struct day *d)
{
	struct decimal reserved;
	struct position position;
	struct intent intent;
	struct tb_err err;
	enum tb_status status;

	assert(intents_next(d->desk.db, 0, INTENT_UNRESOLVED, &intent, &err) ==
	    TB_ENOENT);
	assert(intents_reserved(d->desk.db, "USD", 0, &reserved, &err) ==
	    TB_OK);
	assert(decimal_sign(reserved) == 0);
	position.crypto_balance = DECIMAL_ZERO;
	status = books_position(d->desk.db, "BTC-USD", &position, &err);
	assert(status == TB_OK || status == TB_ENOENT);
	assert(decimal_cmp(position.crypto_balance, d->fake.coins) == 0);
}

static void
audited(struct day *d)
{
	struct audit_result result;
	enum tb_status status = TB_OK;
	struct tb_err err;

	for (size_t i = 0; status == TB_OK; i++) {
		status = audit_run(d->desk.db, i, &result, &err);
		if (status == TB_OK && result.findings > 0)
			fprintf(stderr, "%s: %s\n", result.check,
			    result.message);
		assert(status != TB_OK || result.findings == 0);
	}
	assert(status == TB_END);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	begin(&day);
	for (size_t i = 0; i + 3 <= size && i < 3 * STEPS_MAX; i += 3)
		step(&day, data + i);
	calm_down(&day);
	look_again(&day);
	one_order_a_decision(&day);
	told_is_true(&day);
	quiet(&day);
	audited(&day);
	lock_close(&day.desk.lock);
	db_close(day.desk.db);
	return 0;
}
