/*
 * A venue that is honest but odd: it repeats nothing, tells fills by half,
 * lists an order twice, fetches another, cannot be asked just now, or tells
 * amounts that nothing can hold.  What is told is booked once and exactly, or
 * it is said why not; nothing is guessed.
 */

#include "fakevenue.h"

#include "order/execute.h"
#include "order/halt.h"
#include "order/reconcile.h"
#include "order/recover.h"
#include "order/watch.h"
#include "store/books.h"
#include "store/flows.h"

#include "tap.h"

#define MOST "170141183460469231731"

static struct db *db;
static struct desk desk;
static struct fake fake;
static struct config config;
static struct outcome last;
static struct tb_err err;
static enum tb_status looked; /* what the last look() came to */
static int serial;
static char id[32];

static void
fresh(bool live)
{
	fake_desk(&desk, &fake, db, &config, live);
	snprintf(id, sizeof(id), "o%d", ++serial);
	desk.instant_us = FAKE_T0 + serial * SECONDS(86400);
}

static void
buy(const char *usd)
{
	struct decision d = fake_buy(id, usd);

	outcome_release(&last);
	outcome_init(&last);
	execute(&desk, &d, &last);
}

static struct intent
intent_now(void)
{
	struct intent intent = { 0 };
	char key[64];

	snprintf(key, sizeof(key), "i:%s", id);
	if (intents_by_key(db, key, &intent, &err) != TB_OK)
		ok(false, "there is an intent %s: %s", id, err.msg);
	return intent;
}

static const char *
state(void)
{
	struct intent intent = intent_now();

	intent_release(&intent);
	return intent_state_name(intent.state);
}

static enum tb_status
watch(void)
{
	struct intent intent = intent_now();
	struct settlement settled;
	enum tb_status status;

	tb_err_clear(&err);
	status = watch_order(&desk, &intent, &settled, &err);
	settlement_release(&settled);
	intent_release(&intent);
	return status;
}

static struct recovery
look(void)
{
	struct recovery r;

	looked = recover(&desk, &r, &err);
	return r;
}

static struct reconciled
reconcile(void)
{
	struct reconciled seen;

	tb_err_clear(&err);
	(void)reconcile_orders(&desk, 0, &seen, &err);
	return seen;
}

/* Size, value and fees of an order in the books, as a text. */
static const char *
booked(const char *order_id)
{
	static char text[3 * DECIMAL_STRLEN];
	char t[3][DECIMAL_STRLEN];
	struct decimal sum[3];

	if (books_order_sums(db, order_id, &sum[0], &sum[1], &sum[2], &err) !=
	    TB_OK)
		return err.msg;
	for (size_t i = 0; i < 3; i++)
		decimal_format(sum[i], t[i]);
	snprintf(text, sizeof(text), "%s %s %s", t[0], t[1], t[2]);
	return text;
}

static void
calm(void)
{
	if (halt_off(db, &err) != TB_OK)
		ok(false, "%s", err.msg);
}

/* ----------------------------------------------------------------- fills -- */

static void
tell_no_value(struct fake_order *o)
{
	o->fill[0].value = DECIMAL_ZERO;
}

static void
tell_no_size(struct fake_order *o)
{
	o->fill[0].size = DECIMAL_ZERO;
}

static void
tell_no_price(struct fake_order *o)
{
	o->fill[0].size = o->fill[0].price = DECIMAL_ZERO;
}

static void
tell_more(struct fake_order *o)
{
	o->fill[0].size = dec("0.2");
	o->fill[0].value = dec("20");
	o->fill[0].fee = dec("0.2");
}

static void
tell_specks(struct fake_order *o)
{
	o->fill[0].size = o->order.filled_size = dec("0.000000000000000001");
	o->fill[0].value = o->order.filled_value = dec("1000");
	o->fill[0].fee = o->order.total_fees = DECIMAL_ZERO;
}

static void
tell_vast_fees(struct fake_order *o)
{
	o->fill[0].fee = dec("-10000000000000000000");
	o->order.total_fees = dec(MOST);
}

static void
tell_nothing(struct fake_order *o)
{
	o->fill_count = 0;
}

static void
leave_open(struct fake_order *o)
{
	o->order.settled = false;
}

static void
test_fills(void)
{
	fresh(false);
	fake.placed = tell_no_value;
	buy("10.10"); /* 10 for 0.1 coins at 100, and 0.1 of fee */
	is(booked(last.trade.order_id), "0.1 10 0.1",
	    "a value that is not told is size times price");
	fresh(false);
	fake.placed = tell_no_size;
	buy("10.10");
	is(booked(last.trade.order_id), "0.1 10 0.1",
	    "a size that is not told is value by price");
	fresh(false);
	fake.placed = tell_no_price;
	buy("10.10");
	is(state(), "OPEN", "neither size nor price: accepted, not booked");
	is(booked(fake.order[0].order.order_id), "0 0 0", "nothing is guessed");
	is_int((int)watch(), TB_ERANGE, "and it is said");
	ok(strstr(err.msg, "its figures do not fit") != NULL, "%s", err.msg);
	tell_more(&fake.order[0]);
	fake.order[0].fill[0].size = dec("0.1");
	fake.order[0].fill[0].value = dec("10");
	fake.order[0].fill[0].fee = dec("0.1");
	is_int((int)watch(), TB_OK, "told in full, it is booked");
	is(state(), "SETTLED", "and settled");

	fresh(false);
	fake.placed = tell_specks;
	buy("505");
	is(state(), "OPEN", "a price that does not fit is not booked");
	is_int((int)watch(), TB_ERANGE, "nor later");
	ok(strstr(err.msg, "its price does not fit") != NULL, "%s", err.msg);
	fresh(false);
	fake.placed = tell_vast_fees;
	buy("10.10");
	is_int((int)watch(), TB_ERANGE, "nor do fees that differ so much");
	ok(strstr(err.msg, "its sums do not fit") != NULL, "%s", err.msg);
}

/* A fill in two: 0.1 coins of trade A, as many of trade B. */
static void
tell_two(struct fake_order *o)
{
	o->fill[0].size = dec("0.1");
	o->fill[0].value = dec("10");
	o->fill[0].fee = dec("0.1");
	o->fill[1] = o->fill[0];
	snprintf(o->fill[1].entry_id, 40, "b-%.30s", o->order.order_id);
	snprintf(o->fill[1].venue_trade_id, 40, "b-%.30s", o->order.order_id);
	o->fill_count = 2;
}

/* ... which is taken back; by which trade it is named stands in the test. */
static void
tell_reversal(struct fake_order *o)
{
	tell_two(o);
	o->fill[2] = o->fill[1];
	o->fill[2].kind = FILL_REVERSAL;
	snprintf(o->fill[2].entry_id, 40, "c-%.30s", o->order.order_id);
	snprintf(o->fill[2].venue_trade_id, 40, "nobody's");
	o->fill_count = 3;
}

static void
test_pages_and_reversals(void)
{
	fresh(false);
	fake.placed = tell_two;
	fake.fill_page = 2;
	buy("20.20");
	is(state(), "SETTLED", "fills over two pages");
	is(booked(last.trade.order_id), "0.2 20 0.2", "are booked");

	fresh(false);
	fake.placed = tell_reversal;
	buy("10.10");
	is_int((int)watch(), TB_EINVAL, "a reversal of a trade that is none");
	ok(strstr(err.msg, "a reversal of trade nobody's") != NULL, "%s",
	    err.msg);
	snprintf(fake.order[0].fill[2].venue_trade_id, 40, "b-%.30s",
	    fake.order[0].order.order_id);
	is_int((int)watch(), TB_OK, "of one that is there");
	is(booked(fake.order[0].order.order_id), "0.1 10 0.1", "is taken back");
	fresh(false);
	fake.placed = tell_reversal;
	fake.fetch_fails = true;
	buy("10.10");
	fake.fetch_fails = false;
	snprintf(fake.order[0].fill[2].reverses, 40, "b-%.30s",
	    fake.order[0].order.order_id);
	is_int((int)watch(), TB_OK, "of one that is named by its own id");
	is(booked(fake.order[0].order.order_id), "0.1 10 0.1",
	    "is taken back as well");
}

/*
 * 0.1 coins at 100.00, taken back and corrected to 110.00: a page each, in an
 * order of their own; nobody says what is taken back.
 */
static const char *rows_in_pages;

static void
tell_correction(struct fake_order *o)
{
	const struct fill first = o->fill[0];

	o->fill_count = strlen(rows_in_pages);
	for (size_t i = 0; i < o->fill_count; i++) {
		struct fill *f = &o->fill[i];
		const char kind = rows_in_pages[i];

		*f = first;
		f->size = dec("0.1");
		f->value = dec(kind == 'c' ? "11" : "10");
		f->price = dec(kind == 'c' ? "110" : "100");
		f->fee = dec("0.1");
		f->kind = kind == 'c' ? FILL_CORRECTION :
		    kind == 'r'	      ? FILL_REVERSAL :
					FILL_FILL;
		snprintf(f->entry_id, 40, "%c-%.30s", kind, o->order.order_id);
	}
	o->order.filled_size = dec("0.1");
	o->order.filled_value = dec("11");
	o->order.total_fees = dec("0.1");
}

static void
test_reversal_behind(void)
{
	static const char *const orders[] = { "frc", "fcr", "rfc", "rcf", "cfr",
		"crf" };

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		rows_in_pages = orders[i];
		fresh(false);
		fake.placed = tell_correction;
		fake.fill_page = 2;
		buy("11.10");
		is(booked(fake.order[0].order.order_id), "0.1 11 0.1",
		    orders[i]);
		is(state(), "SETTLED", "and it is settled");
		is_int((int)watch(), TB_OK, "told again");
	}
	rows_in_pages = "cr";
	fresh(false);
	fake.placed = tell_correction;
	fake.fill_page = 1;
	buy("11.10");
	fake.fill_page = 2;
	fake.order[0].fill[2] = fake.order[0].fill[0];
	fake.order[0].fill[2].kind = FILL_FILL;
	fake.order[0].fill[2].value = dec("10");
	fake.order[0].fill[2].price = dec("100");
	snprintf(fake.order[0].fill[2].entry_id, 40, "f");
	fake.order[0].fill_count = 3;
	is_int((int)watch(), TB_OK, "a listing that broke off");
	is(booked(fake.order[0].order.order_id), "0.1 11 0.1",
	    "is the same once it does not");
}

/* A fee by itself, as a fill of nothing. */
static void
tell_a_fee(struct fake_order *o)
{
	tell_two(o);
	o->fill[1].size = o->fill[1].value = DECIMAL_ZERO;
	o->fill[1].fee = dec("0.05");
	o->order.total_fees = dec("0.15");
}

static void
test_fee_alone(void)
{
	fresh(false);
	fake.placed = tell_a_fee;
	buy("10.10");
	is(state(), "SETTLED", "a fill that is a fee alone");
	is(booked(last.trade.order_id), "0.1 10 0.15", "is booked as one");
}

static void
tell_fewer_coins(struct fake_order *o)
{
	o->fill[0].size = dec("0.05");
}

static void
tell_more_value(struct fake_order *o)
{
	o->order.filled_value = dec("11");
}

static void
tell_late_and_open(struct fake_order *o)
{
	o->order.settled = false;
	o->fill[0].fee = DECIMAL_ZERO;
}

static void
test_other_differences(void)
{
	fresh(false);
	fake.placed = tell_fewer_coins;
	buy("10.10");
	ok(strstr(last.warning, "come to 0.05 coins") != NULL,
	    "the same value for fewer coins differs at once");
	fresh(false);
	fake.placed = tell_more_value;
	buy("10.10");
	is(state(), "DONE", "the same coins for another value");
	fresh(false);
	fake.placed = tell_late_and_open;
	buy("10.10");
	is(state(), "DONE", "an order that is not settled is not adjusted");
	is(booked(last.trade.order_id), "0.1 10 0", "yet");
}

static void
test_difference_at_once(void)
{
	fresh(false);
	fake.placed = tell_more;
	buy("10.10"); /* the order says 0.1 coins, its fill 0.2 */
	is(state(), "DONE", "fills beyond their order are not settled");
	ok(strstr(last.warning, "come to 0.2 coins") != NULL, "%s",
	    last.warning);
}

static void
test_not_settled_yet(void)
{
	fresh(false);
	fake.placed = tell_nothing;
	buy("10.10");
	is(state(), "DONE", "an order whose fills are not told yet is final");
	is(trade_status_name(last.trade.status), "pending", "and pending");
	fake.order[0].fill_count = 1;
	is_int((int)watch(), TB_OK, "told later, they are booked");
	is(state(), "SETTLED", "and settled");

	fresh(false);
	fake.placed = leave_open;
	buy("10.10");
	is(state(), "DONE", "an order that is final, but not settled, waits");
	fake.order[0].order.settled = true;
	is_int((int)reconcile().changed, 1, "once it is settled");
	is(state(), "SETTLED", "so is its intent");
}

static void
test_fills_of_others(void)
{
	fresh(false);
	buy("10.10");
	snprintf(id, sizeof(id), "o%d-2", serial);
	fake.all_fills = true;
	buy("20.20");
	is(state(), "SETTLED", "fills of other orders in the list");
	is(booked(last.trade.order_id), "0.2 20 0.2", "are left out");
	is(booked(fake.order[0].order.order_id), "0.1 10 0.1",
	    "and theirs are what they were");
}

static void
test_half_told(void)
{
	fresh(false);
	fake.fill_page = 1;
	buy("10.10");
	is_int((int)last.status, TB_OK, "a list of fills that breaks off");
	is(state(), "DONE", "its first page is booked");
	fake.fill_page = 0;
	is_int((int)watch(), TB_OK, "and by and by the rest");
	is(state(), "SETTLED", "it is settled");
	is(booked(fake.order[0].order.order_id), "0.1 10 0.1", "once");
}

/* An order that rests, and then is filled as it was put at first. */
static void
test_no_cash_told(void)
{
	fresh(false);
	fake.fetch_fails = true;
	buy("10.10");
	fake.fetch_fails = false;
	fake.balances_fail = TB_ENET;
	is_int((int)watch(), TB_OK, "balances that can't be had");
	is(state(), "SETTLED", "keep no fill out of the books");
}

/* --------------------------------------------------------------- answers -- */

static void
test_answers(void)
{
	fresh(false);
	fake.mood = FAKE_NO_ECHO;
	buy("10.10");
	is(state(), "SETTLED", "an acceptance that repeats nothing is one");
	fresh(false);
	fake.fetches_others = true;
	buy("10.10");
	is(state(), "UNKNOWN", "the order that is fetched is another");
	is_int((int)last.status, TB_EDISAGREE, "is exit 78");
	is_int((int)look().found, 0, "nor is it found so");
	ok(strstr(err.msg, "but is another") != NULL, "%s", err.msg);
	fake.fetches_others = false;
	is_int((int)look().found, 1, "until the venue tells the right one");
	is(state(), "SETTLED", "it is settled");
	calm();
}

static void
test_watch(void)
{
	volatile sig_atomic_t stop = 0;

	fresh(false);
	fake.stays_open = true;
	buy("10.10");
	fake.fetches_others = true;
	is_int((int)watch(), TB_EDISAGREE, "another order is not booked");
	fake.fetches_others = false;
	fake.order[0].order.side = SIDE_SELL;
	is_int((int)watch(), TB_EDISAGREE, "nor one of the other side");
	fake.order[0].order.side = SIDE_BUY;
	snprintf(fake.order[0].order.client_order_id, 4, "abc");
	is_int((int)watch(), TB_EDISAGREE, "nor one of another name");
	is(state(), "OPEN", "it stays as it was");

	fake.fetch_fails = true;
	watch_fills(&desk, 0, &last);
	ok(strstr(last.warning, "waiting for fills: the line") != NULL, "%s",
	    last.warning);
	fake.fetch_fails = false;
	fresh(false);
	fake.stays_open = true;
	buy("10.10");
	watch_fills(&desk, 1, &last);
	is(last.warning, "", "who waits in vain is not warned");
	desk.lock.stop = &stop;
	watch_fills(&desk, 1, &last);
	is(last.warning, "", "nor where a signal could have come");
	is(trade_status_name(last.trade.status), "pending", "it is pending");
	stop = 1;
	desk.lock.stop = &stop;
	watch_fills(&desk, 3600000, &last);
	is(trade_status_name(last.trade.status), "pending",
	    "a signal ends an hour of waiting");
	desk.lock.stop = NULL;
	(void)fake_cancel(&fake.venue, fake.order[0].order.order_id, &err);
	watch_fills(&desk, 3600000, &last);
	is(trade_status_name(last.trade.status), "cancelled",
	    "and so does the order's end");
	fake.places = 0;
	fake.fetch_fails = true;
	watch_fills(&desk, 3600000, &last);
	is(last.warning, "", "what is over is not waited for");
	outcome_release(&last);
	outcome_init(&last);
	watch_fills(&desk, 3600000, &last);
	is(last.warning, "", "nor what was never an order");
}

static void
test_watch_busy(void)
{
	struct send_lock other = { .fd = -1 };

	fresh(false);
	fake.stays_open = true;
	buy("10.10");
	ok(lock_init(&other, fake_path, &err) == TB_OK &&
		lock_take(&other, &err) == TB_OK,
	    "another run holds the lock");
	watch_fills(&desk, 0, &last);
	ok(strstr(last.warning, "another run is sending") != NULL, "%s",
	    last.warning);
	lock_close(&other);
	(void)fake_cancel(&fake.venue, fake.order[0].order.order_id, &err);
	(void)watch();
	desk.lock.fd = -1;
}

/* -------------------------------------------------------------- recovery -- */

static void
put_again(void)
{
	struct venue_request r = { .type = "market",
		.has_quote_size = true,
		.product_id = "BTC-USD",
		.quote_size = dec("10.10"),
		.instant_us = desk.instant_us };

	memcpy(r.client_order_id, fake.order[0].order.client_order_id,
	    sizeof(r.client_order_id));
	(void)fake_put(&fake, &r);
}

static void
test_listed_twice(void)
{
	fresh(false);
	fake.lists_twice = true;
	fake.mood = FAKE_LOSE_ANSWER;
	buy("10.10");
	fake.mood = FAKE_FINE;
	is_int((int)look().found, 1, "an order that is listed twice is one");
	is_int((int)looked, TB_OK, "and alarms nobody");

	fresh(false);
	fake.forgets = true;
	fake.mood = FAKE_LOSE_ANSWER;
	buy("10.10");
	fake.mood = FAKE_FINE;
	put_again();
	put_again();
	is_int((int)look().found, 1, "of three orders one is the decision's");
	is_int((int)looked, TB_EDISAGREE, "which is told");
	calm();
	is_int((int)reconcile().foreign, 0, "the third has its name too");
	is(booked(fake.order[2].order.order_id), "0.1 10 0.1",
	    "and is booked when all orders are listed");
	calm();
}

/* Listed, but it can't be fetched, or its fills can't: nothing is lost. */
static void
test_found_but_not_had(void)
{
	fresh(false);
	fake.mood = FAKE_LOSE_ANSWER;
	buy("10.10");
	fake.mood = FAKE_FINE;
	fake.fetch_fails = true;
	is_int((int)look().left, 1, "found, but it can't be fetched: it stays");
	is_int((int)looked, TB_OK, "a venue that can't be asked is no error");
	fake.fetch_fails = false;
	fake.fills_fail = true;
	ok(strstr(look().warning, "the line is dead") != NULL,
	    "its fills can't be had: it is said");
	is_int((int)looked, TB_OK, "which is no error either");
	fake.fills_fail = false;
	is_int((int)look().found, 1, "then it is booked");
	is(state(), "SETTLED", "and settled");

	fresh(false);
	fake.mood = FAKE_LOSE_ANSWER;
	fake.hide = 1;
	buy("10.10");
	fake.mood = FAKE_FINE;
	fake.hide = 0;
	fake.fill_page = 1; /* and the second page can't be had */
	is_int((int)look().left, 1, "a list of fills that breaks off");
	fake.fill_page = 0;
	is_int((int)look().found, 1, "is no reading");

	fresh(true);
	fake.mood = FAKE_LOSE_ANSWER;
	fake.hide = 2;
	buy("10.10");
	fake.mood = FAKE_FINE;
	fake.fetch_fails = true;
	fake.order[0].hidden = 1; /* orders do not show it; fills do */
	is_int((int)look().left, 1, "a fill whose order can't be fetched");
	fake.fetch_fails = false;
	is_int((int)look().found, 1, "is found when it can");
}

/* Whatever the venue answers instead, the next run looks again. */
static void
test_found_later(void)
{
	static const enum tb_status why[] = { TB_ENET, TB_EBUSY, TB_EVENUE,
		TB_EINVAL, TB_ENOENT };
	struct recovery r;

	for (size_t i = 0; i < sizeof(why) / sizeof(why[0]); i++) {
		fresh(false);
		fake.mood = FAKE_LOSE_ANSWER;
		buy("10.10");
		fake.mood = FAKE_FINE;
		fake.fetch_fails = true;
		fake.fetch_status = why[i];
		r = look();
		ok(looked == TB_OK && r.left == 1, "not told, by status %d",
		    (int)why[i]);
		ok(strstr(r.warning, "the next run looks again") != NULL, "%s",
		    r.warning);
		fake.fetch_fails = false;
		is_int((int)look().found, 1, "found later");
	}
	fresh(false);
	fake.mood = FAKE_LOSE_ANSWER;
	fake.placed = tell_two;
	buy("20.20");
	fake.mood = FAKE_FINE;
	fake.fill_page = 1;
	r = look();
	ok(looked == TB_OK && r.found == 1 && r.left == 0,
	    "an order whose list of fills breaks off is found");
	is(state(), "DONE", "and on record");
	ok(strstr(r.warning, "the rest of its fills") != NULL, "%s", r.warning);
	fake.fill_page = 2;
	is_int((int)watch(), TB_OK, "the rest of its fills comes");
	is(state(), "SETTLED", "and it is settled");
}

static void
test_recovery_waits(void)
{
	fresh(true);
	fake.mood = FAKE_LOSE_REQUEST;
	buy("10.10");
	fake.mood = FAKE_FINE;
	desk.lag_ms = 100000;
	for (int i = 0; i < 4; i++) {
		desk.instant_us += SECONDS(30);
		(void)look();
	}
	is_int((int)look().left, 1, "a venue that lags 100 s is waited for");
	is_int(fake.places, 1, "before anything is sent again");
	fake.fills_fail = true;
	desk.instant_us += SECONDS(30);
	is_int((int)look().left, 1, "orders without fills are no reading");
	fake.fills_fail = false;
	fake.balances_fail = TB_ENET;
	desk.funds_known = false;
	ok(strstr(look().warning, "no balances") != NULL,
	    "what may be sent is not known: it is not sent");
	is(state(), "UNKNOWN", "and not given up");
	fake.balances_fail = TB_OK;
	is_int((int)look().sent, 1, "then it is");
	is(state(), "SETTLED", "and settled");
}

/* -------------------------------------------------------- reconciliation -- */

static void
change(const char *what, struct decimal *figure, const char *by)
{
	if (decimal_add(*figure, dec(by), figure) != TB_OK)
		abort();
	fake.order[0].order.updated_at_us += SECONDS(1);
	is_int((int)reconcile().changed, 1, what);
	is_int((int)reconcile().changed +
		(int)(state()[0] == 'D'), /* a difference is told each time */
	    state()[0] == 'D' ? 2 : 0, "once");
}

static void
test_changes(void)
{
	struct venue_order *o = &fake.order[0].order;

	fresh(false);
	buy("10.10");
	is_int((int)reconcile().changed, 0, "told as it was: nothing changes");
	change("another fee is a change", &o->total_fees, "0.01");
	change("a value within a rounding too", &o->filled_value, "0.00000001");
	change("and a size", &o->filled_size, "0.0000000001");
	snprintf(o->status, sizeof(o->status), "EXPIRED");
	is_int((int)reconcile().changed, 1, "another word is a change");
	snprintf(o->product_id, sizeof(o->product_id), "ETH-USD");
	o->settled = false;
	ok(strstr(reconcile().warning, "but is another") != NULL,
	    "another product is none of ours");
	is(booked(o->order_id), "0.1000000001 10.00000001 0.11",
	    "and changes nothing");

	fresh(false);
	buy("10.10");
	fake.order[0].order.filled_size = dec("0.05");
	fake.order[0].order.updated_at_us += SECONDS(1);
	is_int((int)reconcile().differ, 1, "half of what was filled differs");

	fresh(false);
	fake.stays_open = true;
	buy("10.10");
	o->updated_at_us += SECONDS(1);
	snprintf(o->status, sizeof(o->status), "PONDERED");
	is_int((int)reconcile().odd, 1, "a word that nobody knows is told");
	is(state(), "OPEN", "and the order stays open");
	(void)fake_cancel(&fake.venue, o->order_id, &err);
	is_int((int)watch(), TB_OK, "until it is over");
}

static void
test_foreign(void)
{
	struct trade t = { .product_id = "BTC-USD",
		.size_usd = DECIMAL_OF(1),
		.size_crypto = dec("0.01"),
		.price = DECIMAL_OF(100),
		.order_id = "old-1",
		.triggered_by = "legacy",
		.created_at_us = FAKE_T0 };
	struct venue_order *o = &fake.order[0].order;
	struct reconciled seen;

	fresh(false);
	fake.stays_open = true;
	buy("10.10"); /* its name at the venue is another's from now on */
	snprintf(o->client_order_id, sizeof(o->client_order_id), "by hand");
	is_int((int)reconcile().foreign, 0, "an order by its number is ours");
	(void)fake_cancel(&fake.venue, o->order_id, &err);
	is_int((int)reconcile().foreign, 0, "whatever its name");
	is(state(), "SETTLED", "and is settled");

	fresh(false);
	fake.stays_open = true;
	buy("10.10");
	snprintf(o->order_id, sizeof(o->order_id), "old-1");
	snprintf(o->client_order_id, sizeof(o->client_order_id), "old");
	is_int((int)reconcile().booked, 0, "a stranger's open order is none");
	(void)fake_cancel(&fake.venue, "old-1", &err);
	is_int((int)reconcile().booked, 0, "nor is one that filled nothing");
	if (db_begin(db, &err) != TB_OK ||
	    db_finish(db, books_trade_put(db, &t, &err), &err) != TB_OK)
		ok(false, "%s", err.msg);
	o->updated_at_us += SECONDS(1);
	snprintf(o->status, sizeof(o->status), "EXPIRED");
	seen = reconcile();
	is_int((int)seen.booked, 1, "unless the old books wait for it: %s");
	trade_release(&t);
	ok(books_trade_by_order(db, "old-1", &t, &err) == TB_OK &&
		t.status == TRADE_CANCELLED,
	    "then its trade is cancelled");
	trade_release(&t);
}

/* Two orders of strangers have one name: both are booked, which is told. */
static void
test_twins(void)
{
	struct reconciled seen;

	fresh(false);
	fake.forgets = true;
	fake.mood = FAKE_LOSE_ANSWER;
	buy("10.10");
	fake.mood = FAKE_FINE;
	put_again();
	for (int i = 0; i < 2; i++)
		snprintf(fake.order[i].order.client_order_id,
		    sizeof(fake.order[i].order.client_order_id), "twin");
	seen = reconcile();
	is_int((int)seen.booked, 2, "both are booked");
	is_int((int)seen.doubled, 1, "the second is told");
	is(err.msg, "", "and ends nothing");
	seen = reconcile();
	is_int((int)seen.doubled + (int)seen.booked, 0, "once");
}

/* One of two fills came over from the old system, under another order. */
static void
test_half_known(void)
{
	struct fill known = { .entry_id = "legacy:fill:old-7",
		.venue_trade_id = "legacy:fill:old-7",
		.order_id = "old-order",
		.product_id = "BTC-USD",
		.size = dec("0.1"),
		.price = DECIMAL_OF(100),
		.value = DECIMAL_OF(10),
		.fee = dec("0.1"),
		.at_us = FAKE_T0 };
	struct venue_request r = { .client_order_id = "half known",
		.type = "market",
		.has_quote_size = true,
		.product_id = "BTC-USD",
		.quote_size = dec("20.20") };
	struct booking booking;

	fresh(false);
	if (db_begin(db, &err) != TB_OK ||
	    db_finish(db, books_fill(db, &known, &booking, &err), &err) !=
		TB_OK)
		ok(false, "%s", err.msg);
	r.instant_us = desk.instant_us;
	(void)fake_put(&fake, &r);
	tell_two(&fake.order[0]);
	snprintf(fake.order[0].fill[0].venue_trade_id, 40, "old-7");
	is_int((int)reconcile().booked, 1, "an order of which half is known");
	is(booked(fake.order[0].order.order_id), "0.1 10 0.1",
	    "the other half is booked");
	is(booked("old-order"), "0.1 10 0.1", "and the known half stays");
}

static void
test_no_price_known(void)
{
	struct venue_request r = { .client_order_id = "a stranger's",
		.type = "market",
		.has_quote_size = true,
		.product_id = "ADA-USD",
		.quote_size = dec("10.10") };

	fresh(false);
	r.instant_us = desk.instant_us;
	(void)fake_put(&fake, &r);
	is_int((int)reconcile().booked, 1,
	    "what has no price here is booked all the same");
	is(booked(fake.order[0].order.order_id), "0.1 10 0.1", "exactly");
}

int
main(void)
{
	db = fake_books();
	outcome_init(&last);
	test_fills();
	test_pages_and_reversals();
	test_reversal_behind();
	test_fee_alone();
	test_other_differences();
	test_difference_at_once();
	test_not_settled_yet();
	test_fills_of_others();
	test_half_told();
	test_no_cash_told();
	test_answers();
	test_watch();
	test_watch_busy();
	test_listed_twice();
	test_found_but_not_had();
	test_found_later();
	test_recovery_waits();
	test_changes();
	test_foreign();
	test_twins();
	test_half_known();
	test_no_price_known();
	outcome_release(&last);
	lock_close(&desk.lock);
	fake_books_close(db);
	return tap_done();
}
