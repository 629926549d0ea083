/*
 * The order protocol over a venue that loses answers, hides orders, refuses,
 * hangs, answers for another order or repeats itself: never two orders of one
 * decision, never a lost one, and the answer says which.
 */

#include "fakevenue.h"

#include "order/execute.h"
#include "order/halt.h"
#include "order/reconcile.h"
#include "order/recover.h"
#include "order/risk.h"
#include "order/watch.h"
#include "store/books.h"
#include "store/events.h"
#include "store/intents.h"

#include "tap.h"

static struct db *db;
static struct desk desk;
static struct fake fake;
static struct config config;
static struct outcome last;
static int serial; /* every test has ids of its own */
static char id[32];

static void
fresh(bool live)
{
	fake_desk(&desk, &fake, db, &config, live);
	snprintf(id, sizeof(id), "t%d", ++serial);
	/* Each test a day later: no limit or clock of another is in its way. */
	desk.instant_us = FAKE_T0 + serial * SECONDS(86400);
}

static void
act(const struct decision *d)
{
	outcome_release(&last);
	outcome_init(&last);
	execute(&desk, d, &last);
}

static void
buy(const char *usd)
{
	struct decision d = fake_buy(id, usd);

	act(&d);
}

/* The state of the intent of this test, "none" without one. */
static const char *
state(void)
{
	char key[64];
	struct intent intent;
	struct tb_err err;
	const char *name = "none";

	snprintf(key, sizeof(key), "i:%s", id);
	if (intents_by_key(db, key, &intent, &err) == TB_OK)
		name = intent_state_name(intent.state);
	intent_release(&intent);
	return name;
}

static const char *
outcome_word(void)
{
	static const char *const words[] = { "true", "false", "null" };

	return words[last.answer.outcome];
}

/* One sentence: how it was answered, what the venue has, what we have. */
static void
came_to(const char *what, const char *executed, enum answer_reason reason,
    enum tb_status status, const char *state_now)
{
	char got[200], want[200];

	snprintf(got, sizeof(got), "%s %s %d %s", outcome_word(),
	    answer_reason_name(last.answer.reason), (int)last.status, state());
	snprintf(want, sizeof(want), "%s %s %d %s", executed,
	    answer_reason_name(reason), (int)status, state_now);
	if (!is(got, want, what))
		printf("#   %s\n", last.answer.message);
}

static bool
alarmed(void)
{
	char why[TB_ERR_MAX];
	struct tb_err err;
	bool halted = false;

	return halt_look(db, &halted, why, &err) == TB_OK && halted;
}

static void
calm(void)
{
	struct tb_err err;

	if (halt_off(db, &err) != TB_OK)
		printf("# %s\n", err.msg);
}

static void
test_fine(void)
{
	fresh(false);
	buy("50");
	came_to("a decision becomes a trade", "true", REASON_NONE, TB_OK,
	    "SETTLED");
	ok(!last.answer.replayed, "it is no replay");
	is(trade_status_name(last.trade.status), "filled", "it is filled");
	/* 50 / 1.01 = 49.50495...; 0.4950495 coins, fee 1 % of the value */
	ok(decimal_cmp(last.trade.size_crypto, dec("0.495049504950495049")) ==
		0,
	    "the size that was executed");
	buy("50");
	came_to("again: the same answer", "true", REASON_NONE, TB_OK,
	    "SETTLED");
	ok(last.answer.replayed, "which is a replay");
	is_int(fake.places, 1, "the venue was asked once");
	buy("51");
	came_to("the same id for another amount is bad data", "false",
	    REASON_KEY_REUSED, TB_EINVAL, "SETTLED");
	is_int(fake.places, 1, "the venue was not asked again");
}

static void
test_lost_answer(void)
{
	fresh(false);
	fake.mood = FAKE_LOSE_ANSWER;
	buy("50");
	came_to("an answer that is lost is not a failure", "null",
	    REASON_UNKNOWN, TB_EUNKNOWN, "UNKNOWN");
	fake.mood = FAKE_FINE;
	buy("50");
	came_to("the next run finds the order", "true", REASON_NONE, TB_OK,
	    "SETTLED");
	ok(last.answer.replayed, "and answers from the record");
	is_int(fake.places, 1, "asked once");
	is_int((long long)fake.count, 1, "one order");
}

static void
test_lost_request(void)
{
	fresh(false);
	fake.mood = FAKE_LOSE_REQUEST;
	fake.forgets = true;
	buy("50");
	came_to("a request that is lost", "null", REASON_UNKNOWN, TB_EUNKNOWN,
	    "UNKNOWN");
	fake.mood = FAKE_FINE;
	buy("50");
	came_to("not there, on paper: sent again", "true", REASON_NONE, TB_OK,
	    "SETTLED");
	is_int(fake.places, 2, "asked twice");
	is_int((long long)fake.count, 1, "one order, though it forgets ids");
}

static void
test_stale_unknown(void)
{
	struct decision other;

	fresh(false);
	fake.mood = FAKE_LOSE_REQUEST;
	buy("50");
	fake.mood = FAKE_FINE;
	desk.instant_us += SECONDS(301);
	buy("50");
	came_to("too old to be sent again: abandoned", "false",
	    REASON_ABANDONED, TB_ENET, "ABANDONED");
	ok(last.answer.replayed, "answered from the record");
	is_int(fake.places, 1, "not asked again");
	other = fake_buy("free again", "950");
	act(&other);
	ok(last.answer.outcome == ANSWER_TRADED, "its reserve is free again");
}

static void
test_live_window(void)
{
	fresh(true);
	fake.mood = FAKE_LOSE_REQUEST;
	buy("50");
	fake.mood = FAKE_FINE;
	for (int i = 0; i < 4; i++) { /* 5 s apart: all too early */
		desk.instant_us += SECONDS(5);
		buy("50");
	}
	came_to("readings before the request can have arrived don't count",
	    "null", REASON_UNKNOWN, TB_EUNKNOWN, "UNKNOWN");
	desk.instant_us += SECONDS(5);
	buy("50");
	buy("50");
	buy("50");
	came_to("three at once are not three over a minute", "null",
	    REASON_UNKNOWN, TB_EUNKNOWN, "UNKNOWN");
	is_int(fake.places, 1, "nothing was sent meanwhile");
	desk.instant_us += SECONDS(59);
	buy("50");
	came_to("59 s are not enough", "null", REASON_UNKNOWN, TB_EUNKNOWN,
	    "UNKNOWN");
	desk.instant_us += SECONDS(1);
	buy("50");
	came_to("60 s are: sent again", "true", REASON_NONE, TB_OK, "SETTLED");
	is_int((long long)fake.count, 1, "one order");
}

/* As tb-sync recovers: it looks, and sends nothing. */
static void
look(size_t abandoned, size_t left, const char *what)
{
	struct recovery r;
	struct tb_err err;

	desk.may_send = false;
	ok(recover(&desk, &r, &err) == TB_OK && r.abandoned == abandoned &&
		r.left == left && r.sent == 0,
	    "%s", what);
	desk.may_send = true;
}

static void
test_live_unsent(void)
{
	fresh(true);
	fake.mood = FAKE_LOSE_REQUEST;
	buy("50");
	fake.mood = FAKE_FINE;
	for (int i = 0; i < 4; i++) {
		desk.instant_us += SECONDS(60);
		look(0, 1, "what could still be sent is left to who sends");
	}
	desk.instant_us += SECONDS(61);
	look(1, 0, "what is too old to be sent is given up without sending");
	is(state(), "ABANDONED", "and on record");
	is_int(fake.places, 1, "nothing was sent");
}

static void
test_live_hidden(void)
{
	fresh(true);
	fake.mood = FAKE_LOSE_ANSWER;
	fake.hide = 3;
	buy("50");
	fake.mood = FAKE_FINE;
	for (int i = 0; i < 2; i++) {
		desk.instant_us += SECONDS(26);
		buy("50");
	}
	came_to("an order that is not listed yet is not given up", "null",
	    REASON_UNKNOWN, TB_EUNKNOWN, "UNKNOWN");
	desk.instant_us += SECONDS(26);
	buy("50");
	came_to("it is found by its fill, listed before it", "true",
	    REASON_NONE, TB_OK, "SETTLED");
	is_int(fake.places, 1, "asked once");
}

static void
test_incomplete_reading(void)
{
	fresh(true);
	fake.mood = FAKE_LOSE_REQUEST;
	buy("50");
	fake.list_fails = true;
	for (int i = 0; i < 5; i++) {
		desk.instant_us += SECONDS(40);
		buy("50");
	}
	came_to("a reading that fails counts for nothing", "null",
	    REASON_UNKNOWN, TB_EUNKNOWN, "UNKNOWN");
	ok(strstr(last.warning, "the line is dead") != NULL, "and is told");
	is_int(fake.places, 1, "nothing was sent");
}

static void
test_unresolved(void)
{
	struct decision other;

	fresh(true);
	fake.mood = FAKE_LOSE_REQUEST;
	buy("50");
	fake.mood = FAKE_FINE;
	other = fake_buy("another", "50");
	act(&other);
	is(answer_reason_name(last.answer.reason), "unresolved",
	    "nothing more of the product while an order may be live");
	is_int((int)last.status, TB_EUNKNOWN, "which is exit 5");
	is_int(fake.places, 1, "the venue was not asked");
	desk.instant_us += SECONDS(26);
	buy("50");
	buy("50");
	desk.instant_us += SECONDS(400);
	buy("50");
	came_to("and by and by it is given up", "false", REASON_ABANDONED,
	    TB_ENET, "ABANDONED");
}

static void
test_orphan(bool placed)
{
	struct intent_move never = { .to = INTENT_SENDING };
	struct venue_request r = { .type = "market", .has_quote_size = true };
	struct intent intent = { .by_quote = true,
		.sent_by_quote = true,
		.product_id = "BTC-USD",
		.type = "market",
		.reserve_currency = "USD",
		.triggered_by = "intent",
		.body = "{}" };
	struct decision d;
	struct tb_err err;

	(void)never;
	fresh(false);
	d = fake_buy(id, "50");
	memcpy(intent.dedupe_key, d.key, sizeof(d.key));
	memcpy(intent.request_hash, d.request_hash, sizeof(d.request_hash));
	digest_uuid("account-1", d.key, intent.client_order_id);
	intent.size_usd = intent.quote_size = intent.reserve = dec("50");
	intent.reference_price = dec("100");
	intent.decided_at_us = intent.created_at_us = desk.instant_us;
	if (db_begin(db, &err) != TB_OK ||
	    db_finish(db, intents_insert(db, &intent, &err), &err) != TB_OK)
		printf("# %s\n", err.msg);
	is(state(), "SENDING", "a run died between its promise and the answer");
	memcpy(r.client_order_id, intent.client_order_id, 37);
	memcpy(r.product_id, "BTC-USD", 8);
	r.quote_size = dec("50");
	r.instant_us = desk.instant_us;
	if (placed)
		(void)fake_put(&fake, &r);
	buy("50");
	came_to(placed ? "its order is found" : "it is sent by the next run",
	    "true", REASON_NONE, TB_OK, "SETTLED");
	is_int((long long)fake.count, 1, "one order");
}

static void
test_refused(void)
{
	fresh(false);
	fake.mood = FAKE_REFUSE;
	buy("50");
	came_to("the venue refuses", "false", REASON_VENUE, TB_EVENUE,
	    "REJECTED");
	ok(strstr(last.answer.message, "TOO_FAT") != NULL, "and says why");
	fake.mood = FAKE_FINE;
	buy("50");
	came_to("a refusal is never sent again", "false", REASON_VENUE,
	    TB_EVENUE, "REJECTED");
	ok(last.answer.replayed, "it is a replay");
	is_int(fake.places, 1, "asked once");
}

static void
test_not_sent(void)
{
	fresh(false);
	fake.mood = FAKE_NOT_SENT;
	buy("50");
	came_to("what never left is rejected", "false", REASON_NOT_SENT,
	    TB_ENET, "REJECTED");
	buy("50");
	came_to("and again", "false", REASON_NOT_SENT, TB_ENET, "REJECTED");
	ok(!last.answer.replayed, "each time it was tried anew");
	is_int(fake.places, 2, "asked twice");
	fake.mood = FAKE_FINE;
	buy("50");
	came_to("sent while it is fresh", "true", REASON_NONE, TB_OK,
	    "SETTLED");
	ok(!last.answer.replayed, "which is no replay");
	is_int((long long)fake.count, 1, "one order");
}

static void
test_not_sent_stale(void)
{
	fresh(false);
	fake.mood = FAKE_NOT_SENT;
	buy("50");
	fake.mood = FAKE_FINE;
	desk.instant_us += SECONDS(301);
	buy("50");
	came_to("no longer fresh: it stays as it was", "false", REASON_NOT_SENT,
	    TB_ENET, "REJECTED");
	ok(last.answer.replayed, "a replay");
	is_int(fake.places, 1, "asked once");
}

static void
test_attempts(void)
{
	fresh(false);
	fake.mood = FAKE_NOT_SENT;
	for (int i = 0; i < INTENT_ATTEMPTS_MAX + 3; i++)
		buy("50");
	came_to("it is not tried for ever", "false", REASON_NOT_SENT, TB_ENET,
	    "REJECTED");
	is_int(fake.places, INTENT_ATTEMPTS_MAX, "five times at most");

	fresh(false);
	fake.mood = FAKE_LOSE_REQUEST;
	for (int i = 0; i < RECOVER_ATTEMPTS + 3; i++)
		buy("50");
	came_to("nor is an UNKNOWN", "false", REASON_ABANDONED, TB_ENET,
	    "ABANDONED");
	is_int(fake.places, RECOVER_ATTEMPTS, "three times at most");
}

static void
test_key_rejected(void)
{
	fresh(false);
	fake.mood = FAKE_BAD_KEY;
	buy("50");
	came_to("a key that is rejected", "false", REASON_NOT_SENT, TB_EPERM,
	    "REJECTED");
	ok(last.stop, "ends the run");
}

static void
test_no_order_id(void)
{
	fresh(false);
	fake.mood = FAKE_NO_ORDER_ID;
	buy("50");
	came_to("accepted, but what?", "null", REASON_UNKNOWN, TB_EUNKNOWN,
	    "UNKNOWN");
	fake.mood = FAKE_FINE;
	buy("50");
	came_to("found", "true", REASON_NONE, TB_OK, "SETTLED");
	is_int(fake.places, 1, "asked once");
}

static void
test_wrong(enum fake_mood mood, const char *what)
{
	fresh(false);
	fake.mood = mood;
	buy("50");
	came_to(what, "null", REASON_UNKNOWN, TB_EDISAGREE, "UNKNOWN");
	ok(alarmed(), "raises the alarm");
	fake.mood = FAKE_FINE;
	fake.count = 0; /* it was another's order: ours is not there */
	buy("50");
	came_to("while halted nothing is sent again", "false", REASON_ABANDONED,
	    TB_ENET, "ABANDONED");
	snprintf(id, sizeof(id), "t%d", ++serial);
	buy("50");
	came_to("nor anything new", "false", REASON_HALTED, TB_EHALTED, "none");
	is_int(fake.places, 1, "the venue was asked once");
	calm();
}

static void
test_same_market(void)
{
	fresh(false);
	fake.mood = FAKE_SAME_MARKET;
	buy("50");
	is(state(), "SETTLED", "BTC-USDC is dealt as BTC-USD");
	ok(!alarmed(), "and alarms nobody");
	fake.mood = FAKE_FINE;
}

static void
test_twice(void)
{
	struct venue_request r = { .type = "market", .has_quote_size = true };

	fresh(false);
	fake.forgets = true;
	fake.mood = FAKE_LOSE_ANSWER;
	buy("50");
	memcpy(r.client_order_id, fake.order[0].order.client_order_id, 37);
	memcpy(r.product_id, "BTC-USD", 8);
	r.quote_size = dec("50");
	r.instant_us = desk.instant_us;
	(void)fake_put(&fake, &r);
	fake.mood = FAKE_FINE;
	fake.page = 1;
	buy("50");
	is_int((int)last.status, TB_EDISAGREE, "two orders of one decision");
	is(state(), "SETTLED", "one is the decision's");
	ok(alarmed(), "the alarm is raised");
	calm();
	buy("50");
	came_to("the first is the answer", "true", REASON_NONE, TB_OK,
	    "SETTLED");
	is_int((long long)fake.count, 2, "both are at the venue");
}

static void
test_hang(void)
{
	struct decision other;

	fresh(false);
	fake.mood = FAKE_HANG;
	buy("50");
	came_to("a venue that hangs", "null", REASON_UNKNOWN, TB_EUNKNOWN,
	    "UNKNOWN");
	ok(last.stop && desk.hung, "ends the run");
	ok(desk.lock.held, "and the lock stays with it");
	desk.hung = false;
	fake.mood = FAKE_FINE;
	lock_close(&desk.lock);
	other = fake_buy("after the hang", "20");
	act(&other);
	ok(last.answer.outcome == ANSWER_TRADED, "the next run goes on");
	is(state(), "SETTLED", "and has found the order");
}

static void
test_blind(void)
{
	struct settlement settled = { 0 };
	struct intent intent = { 0 };
	struct tb_err err = { 0 };
	char key[64];

	fresh(false);
	fake.fetch_fails = true;
	buy("50");
	came_to("accepted, but it can't be fetched", "true", REASON_NONE, TB_OK,
	    "OPEN");
	is(trade_status_name(last.trade.status), "pending", "it is pending");
	fake.fetch_fails = false;
	snprintf(key, sizeof(key), "i:%s", id);
	ok(intents_by_key(db, key, &intent, &err) == TB_OK &&
		watch_order(&desk, &intent, &settled, &err) == TB_OK,
	    "looked at again");
	is(state(), "SETTLED", "it is settled");
	is(trade_status_name(settled.trade.status), "filled", "and filled");
	settlement_release(&settled);
	intent_release(&intent);
}

static void
test_late_fee(void)
{
	struct decimal size, value, fee;
	struct settlement settled = { 0 };
	struct intent intent = { 0 };
	struct tb_err err = { 0 };
	char key[64];

	fresh(false);
	fake.late_fees = true;
	buy("50");
	came_to("a fee that no fill carries", "true", REASON_NONE, TB_OK,
	    "SETTLED");
	ok(books_order_sums(db, last.trade.order_id, &size, &value, &fee,
	       &err) == TB_OK &&
		decimal_cmp(fee, fake.order[0].order.total_fees) == 0,
	    "is booked as an adjustment");
	/* A day later it is another. */
	desk.instant_us += SECONDS(86400);
	fake.order[0].order.total_fees = dec("0.3");
	fake.order[0].order.updated_at_us = desk.instant_us;
	snprintf(key, sizeof(key), "i:%s", id);
	for (int i = 0; i < 2; i++) {
		ok(intents_by_key(db, key, &intent, &err) == TB_OK &&
			watch_order(&desk, &intent, &settled, &err) == TB_OK,
		    "looked at again");
		settlement_release(&settled);
		intent_release(&intent);
	}
	ok(books_order_sums(db, last.trade.order_id, &size, &value, &fee,
	       &err) == TB_OK &&
		decimal_cmp(fee, dec("0.3")) == 0,
	    "a fee that changes is adjusted, once");
}

/* The fills of a settled order are off by so much of what it says. */
static void
buy_with_fills_off(const char *off, const char *what, const char *state)
{
	struct venue_order *o;

	fresh(false);
	fake.mood = FAKE_LOSE_ANSWER;
	buy("50");
	o = &fake.order[0].order;
	if (decimal_sub(o->filled_size, dec(off), &o->filled_size) != TB_OK ||
	    decimal_sub(o->filled_value, dec(off), &o->filled_value) != TB_OK)
		abort();
	fake.mood = FAKE_FINE;
	buy("50");
	came_to(what, "true", REASON_NONE, TB_OK, state);
}

static void
test_rounding(void)
{
	struct position p;
	struct tb_err err = { 0 };

	buy_with_fills_off("0.000000000000000001",
	    "fills that miss the order by a rounding", "SETTLED");
	ok(books_position(db, last.trade.product_id, &p, &err) == TB_OK &&
		decimal_cmp(p.crypto_balance,
		    fake.order[0].order.filled_size) == 0,
	    "the position is what the order says");
	ok(decimal_sign(p.uncovered_size) == 0,
	    "the rounding comes out of what was bought");
}

/* Too many coins are told at once; missing ones may come for a day. */
static void
test_difference(void)
{
	struct settlement settled = { 0 };
	struct intent intent = { 0 };
	struct tb_err err = { 0 };
	char key[64];

	buy_with_fills_off("0.000001", "more fills than the order says",
	    "DONE");
	ok(strstr(last.warning, "come to") != NULL, "are told");

	buy_with_fills_off("-0.000001", "fewer fills than the order says",
	    "DONE");
	is(last.warning, "", "may still come");
	snprintf(key, sizeof(key), "i:%s", id);
	desk.instant_us = fake.order[0].order.updated_at_us + SETTLE_LATE_US;
	for (int i = -1; i <= 0; i++) {
		desk.instant_us += i;
		ok(intents_by_key(db, key, &intent, &err) == TB_OK &&
			watch_order(&desk, &intent, &settled, &err) == TB_OK &&
			settled.differs == (i == 0),
		    i == 0 ? "for a day" : "until then");
		settlement_release(&settled);
		intent_release(&intent);
		desk.instant_us -= i;
	}
}

/* What an order took counts before the fills that say so are told. */
static void
test_exposure(void)
{
	struct decimal before, after;
	struct tb_err err = { 0 };

	fresh(false);
	if (risk_exposure(&desk, "BTC-USD", 0, DECIMAL_OF(100), &before,
		&err) != TB_OK)
		abort();
	buy_with_fills_off("-20", "fills that are not told yet", "DONE");
	if (risk_exposure(&desk, "BTC-USD", 0, DECIMAL_OF(100), &after, &err) !=
		TB_OK ||
	    decimal_sub(after, before, &after) != TB_OK)
		abort();
	ok(decimal_cmp(after, DECIMAL_OF(69)) > 0 &&
		decimal_cmp(after, DECIMAL_OF(71)) < 0,
	    "count for max_position");
}

/* The fills of an order are not listed yet. */
static void
untold(struct fake_order *o)
{
	o->fill_count = 0;
}

/* ... and what it took or brought is another price a coin than 100.00. */
static void
untold_at(struct fake_order *o, int price)
{
	if (decimal_mul(o->order.filled_size, DECIMAL_OF(price),
		DECIMAL_HALF_EVEN, &o->order.filled_value) != TB_OK)
		abort();
	untold(o);
}

static void
untold_at_90(struct fake_order *o)
{
	untold_at(o, 90);
}

static void
untold_at_120(struct fake_order *o)
{
	untold_at(o, 120);
}

/* What this day lost so far, to a thousandth. */
static void
lost(const char *want, const char *what)
{
	char got[DECIMAL_STRLEN];
	struct decimal loss;
	struct tb_err err = { 0 };

	if (risk_loss_today(&desk, &loss, &err) != TB_OK ||
	    decimal_round(loss, 3, DECIMAL_HALF_EVEN, &loss) != TB_OK)
		abort();
	decimal_format(loss, got);
	is(got, want, what);
}

/*
 * What a sale lost counts before its fills are told.  A coin costs 101.00 with
 * its fee; one that is sold brings 90.00 less a fee of 1.00.
 */
static void
test_loss(void)
{
	struct decision d;

	fresh(false);
	desk.instant_us += SECONDS(86400) * 400; /* nothing else of that day */
	fake.coins = dec("100");
	buy("101");
	fake.placed = untold_at_90;
	d = fake_sell("loss 1", "0.5");
	act(&d);
	d = fake_sell("loss 2", "0.25");
	act(&d);
	came_to("sales without fills", "true", REASON_NONE, TB_OK, "SETTLED");
	lost("9", "what they lost counts for max_daily_loss");
	desk.instant_us += SECONDS(86400);
	lost("0", "on their day");
	fake.placed = untold_at_120;
	d = fake_sell("gain", "0.01");
	act(&d);
	lost("0", "what one gains does not");
	desk.instant_us += SECONDS(86400);
	fake.mood = FAKE_LOSE_REQUEST;
	d = fake_sell("unknown", "0.1");
	act(&d);
	is(outcome_word(), "null", "a sale that nobody knows the fate of");
	lost("0.1", "loses what it may have lost");
	fake.mood = FAKE_FINE;
	fake.placed = NULL;
	desk.instant_us += SECONDS(400);
	buy("101");
	lost("0", "until it is given up");
}

static void
test_open_and_cancel(void)
{
	struct settlement settled = { 0 };
	struct intent intent = { 0 };
	struct tb_err err = { 0 };
	char key[64];

	fresh(false);
	fake.stays_open = true;
	buy("50");
	came_to("an order that rests is OPEN", "true", REASON_NONE, TB_OK,
	    "OPEN");
	is(trade_status_name(last.trade.status), "pending", "and pending");
	snprintf(key, sizeof(key), "i:%s", id);
	ok(intents_by_key(db, key, &intent, &err) == TB_OK &&
		fake_cancel(&fake.venue, intent.order_id, &err) == TB_OK &&
		watch_order(&desk, &intent, &settled, &err) == TB_OK,
	    "it is cancelled");
	is(state(), "SETTLED", "nothing to wait for");
	is(trade_status_name(settled.trade.status), "cancelled", "cancelled");
	settlement_release(&settled);
	intent_release(&intent);
}

static void
test_balance(void)
{
	struct decision d;

	fresh(false);
	fake.usd = dec("100");
	buy("60");
	came_to("60 of 100", "true", REASON_NONE, TB_OK, "SETTLED");
	d = fake_buy("too much", "41");
	act(&d);
	is(answer_reason_name(last.answer.reason), "balance",
	    "41 of what is left of them is too much");
	d = fake_buy("just right", "40");
	act(&d);
	ok(last.answer.outcome == ANSWER_TRADED, "40 is not");

	fresh(false);
	fake.usd = dec("100");
	fake.mood = FAKE_LOSE_REQUEST;
	buy("60");
	fake.mood = FAKE_FINE;
	desk.venue = &fake.venue;
	fake.list_fails = true;
	d = fake_buy("reserved", "41");
	act(&d);
	is(answer_reason_name(last.answer.reason), "unresolved",
	    "an UNKNOWN stops its product, whatever is free");
	fake.list_fails = false;
	fake.mood = FAKE_FINE;
	buy("60");
	came_to("until it is resolved", "true", REASON_NONE, TB_OK, "SETTLED");
}

static void
test_sell(void)
{
	struct decision d;

	fresh(false);
	fake.coins = dec("100");
	buy("101");
	d = fake_sell("sell 1", "0.4");
	act(&d);
	ok(last.answer.outcome == ANSWER_TRADED, "what is held is sold");
	d = fake_sell("sell 2", "1000");
	act(&d);
	is(answer_reason_name(last.answer.reason), "position",
	    "more is not, whatever the venue holds");
}

/* An order that was refused, or given up, and yet is there. */
static void
test_late(enum fake_mood mood)
{
	struct venue_request r = { .type = "market", .has_quote_size = true };
	struct reconciled seen;
	struct intent intent;
	struct tb_err err = { 0 };
	char key[64];

	fresh(false);
	fake.mood = mood;
	buy("50");
	if (mood == FAKE_LOSE_REQUEST) {
		fake.mood = FAKE_FINE;
		desk.instant_us += SECONDS(301);
		buy("50");
	}
	snprintf(key, sizeof(key), "i:%s", id);
	ok(intents_by_key(db, key, &intent, &err) == TB_OK, "%s: no order",
	    state());
	memcpy(r.client_order_id, intent.client_order_id, 37);
	memcpy(r.product_id, "BTC-USD", 8);
	r.quote_size = dec("50");
	r.instant_us = desk.instant_us;
	(void)fake_put(&fake, &r);
	intent_release(&intent);
	is_int((int)reconcile_orders(&desk, 0, &seen, &err), TB_OK,
	    "reconciled");
	is_int((long long)seen.late, 1, "it is there after all");
	is(state(), "SETTLED", "the books follow the venue");
	ok(alarmed(), "and a human has to look");
	is_int((int)reconcile_orders(&desk, 0, &seen, &err), TB_OK,
	    "once more");
	is_int((long long)seen.late, 0, "is nothing new");
	calm();
}

static void
test_books(void)
{
	struct tb_err err = { 0 };
	int64_t events = 0;

	is_int((int)events_verify(db, &events, &err), TB_OK,
	    "after all that the chain of events holds");
	ok(events > 50, "and is long");
}

int
main(void)
{
	db = fake_books();
	test_rounding(); /* first: nothing else is held */
	test_fine();
	test_lost_answer();
	test_lost_request();
	test_stale_unknown();
	test_live_unsent();
	test_live_window();
	test_live_hidden();
	test_incomplete_reading();
	fresh(false);
	desk.instant_us += SECONDS(400);
	buy("10"); /* settles what the last test left */
	test_unresolved();
	test_orphan(true);
	test_orphan(false);
	test_refused();
	test_not_sent();
	test_not_sent_stale();
	test_attempts();
	test_key_rejected();
	test_no_order_id();
	test_wrong(FAKE_WRONG_CLIENT, "an answer for another client id");
	test_wrong(FAKE_WRONG_ECHO, "an answer for another product");
	test_wrong(FAKE_WRONG_SIDE, "an answer for the other side");
	test_same_market();
	test_wrong(FAKE_WRONG_PRODUCT, "an order of another product");
	test_twice();
	test_hang();
	test_blind();
	test_late_fee();
	test_difference();
	test_exposure();
	test_loss();
	test_open_and_cancel();
	test_balance();
	test_sell();
	test_late(FAKE_REFUSE);
	test_late(FAKE_LOSE_REQUEST);
	test_books();
	outcome_release(&last);
	lock_close(&desk.lock);
	fake_books_close(db);
	return tap_done();
}
