/*
 * Random days of trading over a venue that forgets client ids and misbehaves
 * at random: whatever happened, once all is quiet there is at most one order
 * of each decision, every order is in the books, and they agree with the
 * venue.  The seed is printed; TB_SEED sets it.
 */

#include "fakevenue.h"

#include "order/execute.h"
#include "order/recover.h"
#include "order/watch.h"
#include "store/books.h"
#include "store/events.h"
#include "store/intents.h"

#include "tap.h"

#define STEPS 250
#define KEYS 60

static struct db *db;
static struct desk desk;
static struct fake fake;
static struct config config;
static unsigned long seed;
static bool told_traded[KEYS];

/* A number below n; the same for the same seed, everywhere. */
static unsigned
chance(unsigned n)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return (unsigned)(seed >> 33) % n;
}

static void
step(void)
{
	static const enum fake_mood moods[] = { FAKE_FINE, FAKE_FINE, FAKE_FINE,
		FAKE_LOSE_ANSWER, FAKE_LOSE_REQUEST, FAKE_NOT_SENT, FAKE_REFUSE,
		FAKE_NO_ORDER_ID };
	char id[16];
	unsigned key = chance(KEYS);
	struct decision d;
	struct outcome o;

	desk.instant_us += SECONDS(chance(50));
	fake.mood = moods[chance(8)];
	fake.hide = (int)chance(3);
	fake.list_fails = chance(6) == 0;
	fake.fetch_fails = chance(8) == 0;
	fake.page = chance(3);
	snprintf(id, sizeof(id), "k%u", key);
	d = chance(4) == 0 && key % 2 == 1 ? fake_sell(id, "0.1") :
					     fake_buy(id, "10");
	outcome_init(&o);
	execute(&desk, &d, &o);
	if (o.answer.outcome == ANSWER_TRADED)
		told_traded[key] = true;
	outcome_release(&o);
}

/* The venue is well again, and time goes by. */
static void
calm_down(void)
{
	struct recovery recovery;
	struct tb_err err = { 0 };

	fake.mood = FAKE_FINE;
	fake.hide = 0;
	fake.list_fails = fake.fetch_fails = false;
	desk.may_send = false;
	for (size_t i = 0; i < fake.count; i++)
		fake.order[i].hidden = 0;
	for (int i = 0; i < 6; i++) {
		desk.instant_us += SECONDS(400);
		if (recover(&desk, &recovery, &err) != TB_OK)
			printf("# %s\n", err.msg);
	}
}

static void
test_one_order_a_decision(void)
{
	size_t twice = 0, unknown = 0;
	struct intent intent;
	struct tb_err err;

	for (size_t i = 0; i < fake.count; i++) {
		const char *client = fake.order[i].order.client_order_id;

		for (size_t j = 0; j < i; j++)
			twice += strcmp(client,
				     fake.order[j].order.client_order_id) == 0;
		if (intents_by_client(db, client, &intent, &err) != TB_OK ||
		    strcmp(intent.order_id, fake.order[i].order.order_id) != 0)
			unknown++;
		intent_release(&intent);
	}
	is_int((long long)twice, 0, "no decision has two orders");
	is_int((long long)unknown, 0, "no order is lost");
	printf("# %zu orders in %d requests\n", fake.count, fake.places);
}

static void
test_told_is_true(void)
{
	char key[16];
	struct intent intent;
	struct tb_err err;
	size_t lies = 0;

	for (unsigned i = 0; i < KEYS; i++) {
		snprintf(key, sizeof(key), "i:k%u", i);
		if (!told_traded[i])
			continue;
		if (intents_by_key(db, key, &intent, &err) != TB_OK ||
		    intent.order_id[0] == '\0')
			lies++;
		intent_release(&intent);
	}
	is_int((long long)lies, 0, "who was told of a trade has one");
}

static void
test_quiet(void)
{
	struct decimal reserved;
	struct position position;
	struct intent intent;
	struct tb_err err = { 0 };
	char books[DECIMAL_STRLEN], venue[DECIMAL_STRLEN];
	int64_t events;

	ok(intents_next(db, 0, INTENT_UNRESOLVED, &intent, &err) == TB_ENOENT,
	    "nothing is unknown any more");
	ok(intents_reserved(db, "USD", 0, &reserved, &err) == TB_OK &&
		decimal_sign(reserved) == 0,
	    "nothing is reserved");
	ok(events_verify(db, &events, &err) == TB_OK, "the record holds");
	if (books_position(db, "BTC-USD", &position, &err) != TB_OK)
		printf("# %s\n", err.msg);
	decimal_format(position.crypto_balance, books);
	decimal_format(fake.coins, venue);
	is(books, venue, "books and venue hold the same coins");
}

/* Orders that could not be fetched are OPEN: look again. */
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
		if (watch_order(&desk, &intent, &settled, &err) != TB_OK)
			printf("# %s\n", err.msg);
		settlement_release(&settled);
		intent_release(&intent);
	}
}

int
main(void)
{
	const char *given = getenv("TB_SEED");

	seed = given == NULL ? 20251101 : strtoul(given, NULL, 10);
	printf("# seed %lu\n", seed);
	db = fake_books();
	fake_desk(&desk, &fake, db, &config, true);
	fake.forgets = true;
	for (int i = 0; i < STEPS; i++)
		step();
	calm_down();
	look_again();
	test_one_order_a_decision();
	test_told_is_true();
	test_quiet();
	lock_close(&desk.lock);
	fake_books_close(db);
	return tap_done();
}
