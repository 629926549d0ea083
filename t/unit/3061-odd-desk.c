/*
 * Decisions and the desk where something is amiss: what is on record cannot be
 * read, the venue says nothing before anything was sent, the clock stands
 * back, the lock cannot be had, the kernel gives nothing more.  Nothing is
 * sent that should not be, and the answer says why.
 */

#include "fakevenue.h"

#include <errno.h>
#include <sqlite3.h>
#include <sys/random.h>

#include "base/instant.h"
#include "order/execute.h"
#include "order/halt.h"
#include "order/recover.h"
#include "order/settle.h"

#include "baddisk.h"
#include "fakesignal.h"
#include "tap.h"

static struct db *db;
static struct desk desk;
static struct fake fake;
static struct config config;
static struct outcome last;
static struct tb_err err;
static int64_t bot_id;
static int serial;
static char id[32];

/* What the kernel and malloc() withhold, once. */
static bool no_random, no_copy;

/* In front of the library's, whose headers call the parameters otherwise. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

ssize_t
getrandom(void *buf, size_t len, unsigned int flags)
{
	(void)flags;
	if (no_random) {
		errno = ENOSYS;
		return -1;
	}
	memset(buf, ++serial, len);
	return (ssize_t)len;
}

static int reallocs; /* until one is withheld; 0: none is */

void *
realloc(void *p, size_t size)
{
	static void *(*library)(void *, size_t);

	if (library == NULL)
		*(void **)&library = dlsym(RTLD_NEXT, "realloc");
	if (reallocs > 0 && --reallocs == 0)
		return NULL;
	return library(p, size);
}

char *
strdup(const char *s)
{
	size_t len = strlen(s) + 1;
	char *copy = no_copy ? NULL : malloc(len);

	return copy == NULL ? NULL : memcpy(copy, s, len);
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

static void
fresh(void)
{
	fake_desk(&desk, &fake, db, &config, false);
	snprintf(id, sizeof(id), "d%d", ++serial);
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

static struct decision
buy_signal(void)
{
	struct signalline line =
	    fake_line(bot_id, desk.instant_us, ACTION_BUY, "20");

	return fake_signal(&line);
}

static void
came_to(const char *reason, enum tb_status status, bool stop, const char *what)
{
	is(answer_reason_name(last.answer.reason), reason, what);
	is_int((int)last.status, (int)status, "its class");
	is_int(last.stop, stop, stop ? "the run ends" : "the run goes on");
}

/* A statement of somebody with the sqlite3 shell. */
static void
by_hand(const char *sql)
{
	sqlite3 *other = NULL;
	char *why = NULL;

	if (sqlite3_open(fake_path, &other) != SQLITE_OK ||
	    sqlite3_exec(other, sql, NULL, NULL, &why) != SQLITE_OK)
		ok(false, "%s: %s", sql, why == NULL ? "open" : why);
	sqlite3_free(why);
	(void)sqlite3_close(other);
}

/* ------------------------------------------------------------- decisions -- */

static void
test_keys(void)
{
	const struct intent_line line = { .side = SIDE_SELL,
		.size_crypto = dec("1"),
		.product_id = "BTC-USD",
		.type = ORDER_LIMIT,
		.limit_price = dec("120"),
		.triggered_by = "me" };
	struct decision a, b;

	ok(decision_of_typed(&line, false, &a, &err) == TB_OK &&
		decision_of_typed(&line, false, &b, &err) == TB_OK &&
		strcmp(a.key, b.key) != 0,
	    "without an id each decision is a new one");
	ok(strcmp(a.request_hash, b.request_hash) == 0,
	    "though it asks for the same");
	is(a.triggered_by, "me", "who asked is kept");
	ok(decision_of_typed(&line, true, &b, &err) == TB_OK &&
		strcmp(a.request_hash, b.request_hash) != 0,
	    "all of it is another request");
	no_random = true;
	is_int((int)decision_of_typed(&line, true, &b, &err), TB_EIO,
	    "no randomness, no decision");
	ok(strstr(err.msg, "getrandom") != NULL, "%s", err.msg);
	no_random = false;
}

static void
test_idle(void)
{
	struct signalline line = fake_line(bot_id, FAKE_T0, ACTION_BUY, "20");
	struct answer answer;
	struct decision d;

	ok(!decision_idle(&line, &answer), "a signal that is ready acts");
	line.ready = false;
	line.not_ready = NOT_READY_CONFIRMING | NOT_READY_COOLDOWN;
	ok(decision_idle(&line, &answer), "one that is not does not");
	is(answer.message, "not ready, confirming, cooldown", "and says why");
	line.action = ACTION_HOLD;
	line.not_ready = NOT_READY_HOLD;
	ok(decision_idle(&line, &answer), "nor does HOLD");
	is(answer.message, "the bot says HOLD", "which says it itself");
	line.action = ACTION_SELL;
	snprintf(line.evaluation_id, sizeof(line.evaluation_id), "no id");
	is_int((int)decision_of_signal(&line, "{}", &d, &err), TB_EINVAL,
	    "an evaluation_id that is none");
}

/* What the record of a signal says is read again before it is sent again. */
static void
test_damaged_record(void)
{
	struct intent intent = {
		.id = 7, .dedupe_key = "s:x", .type = "market"
	};
	struct decision d;
	char text[64];

	intent.signal_context = text;
	snprintf(text, sizeof(text), "{");
	is_int((int)decision_of_row(&intent, &d, &err), TB_EDISAGREE,
	    "a context that is no JSON");
	ok(strstr(err.msg, "signal_context of intent 7") != NULL, "%s",
	    err.msg);
	snprintf(text, sizeof(text), "{\"bot_id\":1}");
	is_int((int)decision_of_row(&intent, &d, &err), TB_EDISAGREE,
	    "or no signal");
	no_copy = true;
	is_int((int)decision_of_row(&intent, &d, &err), TB_ENOMEM,
	    "or for which there is no memory");
	no_copy = false;
	intent.signal_context = NULL;
	snprintf(intent.type, sizeof(intent.type), "stop");
	is_int((int)decision_of_row(&intent, &d, &err), TB_EDISAGREE,
	    "a type that is none");
}

/* Reasons of an outcome that stands in the books as nobody writes it. */
static void
test_damaged_reason(void)
{
	struct intent intent = {
		.id = 7, .state = INTENT_REJECTED, .reason = "whim"
	};

	is_int((int)outcome_of_intent(db, &intent, &last, &err), TB_EDISAGREE,
	    "a reason that is none");
	ok(strstr(err.msg, "\"whim\" is none") != NULL, "%s", err.msg);
}

static void
damage_type(void)
{
	by_hand("PRAGMA ignore_check_constraints=1;"
		"DROP TRIGGER intents_update;"
		"UPDATE intents SET type = 'stop' WHERE state = 'UNKNOWN'");
}

/* ----------------------------------------------------- before it is sent -- */

static void
test_unsent(void)
{
	static struct venue_balance many[DESK_BALANCES_MAX + 1];

	fresh();
	fake.hello_fails = TB_ENET;
	buy("20");
	came_to("not_sent", TB_ENET, false, "the venue does not answer");
	fake.hello_fails = TB_EPERM;
	buy("20");
	came_to("not_sent", TB_EPERM, true, "it knows no such key");
	fake.hello_fails = TB_EIO;
	buy("20");
	came_to("not_sent", TB_EIO, true, "something of ours fails");
	fake.hello_fails = TB_EDISAGREE;
	buy("20");
	came_to("not_sent", TB_EDISAGREE, false, "it makes no sense");
	fake.hello_fails = TB_OK;
	fake.hello.can_trade = false;
	desk.is_paper = false;
	buy("20");
	came_to("not_sent", TB_EPERM, true, "it takes no orders");
	ok(strstr(last.answer.message, "takes no orders") != NULL, "%s",
	    last.answer.message);

	fresh();
	fake.venue.tells_price = true;
	fake.price_fails = TB_EVENUE;
	buy("20");
	came_to("not_sent", TB_ENET, false, "it tells no price");
	fake.price_fails = TB_ENOENT;
	buy("20");
	came_to("product_state", TB_EREFUSED, false, "it has none");
	fake.price_fails = TB_OK;
	for (size_t i = 0; i <= DESK_BALANCES_MAX; i++)
		snprintf(many[i].currency, sizeof(many[i].currency), "C%zu", i);
	fake.told = many;
	fake.told_count = DESK_BALANCES_MAX + 1;
	buy("20");
	came_to("invalid", TB_EINVAL, false, "currencies beyond all bounds");
	ok(strstr(last.answer.message, "more than 512 currencies") != NULL,
	    "%s", last.answer.message);
	fake.told_count = DESK_BALANCES_MAX;
	buy("20");
	came_to("balance", TB_EREFUSED, false, "512, and no dollar among them");
	fake.told = NULL;
	is_int(fake.places, 0, "nothing was sent");
	fake.price = dec("80");
	desk.funds_known = false;
	buy("20");
	came_to("", TB_OK, false, "then it is");
	ok(decimal_cmp(desk.heard_price, dec("80")) == 0,
	    "at the price that the venue told");
}

static void
halt(void)
{
	if (halt_on(db, "now", &err) != TB_OK)
		ok(false, "%s", err.msg);
}

/* Somebody stops trading while the venue is being asked. */
static void
test_halted_meanwhile(void)
{
	struct decision d;
	struct risk_case c;

	fresh();
	fake.asked = halt;
	buy("20");
	came_to("halted", TB_EHALTED, false, "stopped in the last moment");
	(void)halt_off(db, &err);
	desk.funds_known = false;
	d = fake_buy(id, "20");
	outcome_release(&last);
	outcome_init(&last);
	execute_dry(&desk, &d, &c, &last);
	came_to("halted", TB_EHALTED, false, "and so where it is only judged");
	execute_dry(&desk, &d, &c, &last);
	came_to("halted", TB_EHALTED, false, "or was stopped before");
	(void)halt_off(db, &err);

	fake.asked = NULL;
	fake.mood = FAKE_NOT_SENT;
	buy("20");
	fake.mood = FAKE_FINE;
	fake.asked = halt;
	desk.funds_known = false;
	buy("20");
	came_to("not_sent", TB_ENET, false, "nor is it sent again then");
	is_int(fake.places, 1, "the venue was asked once");
	(void)halt_off(db, &err);
}

static void
test_dry(void)
{
	struct decision d;
	struct risk_case c;

	fresh();
	buy("20");
	d = fake_buy(id, "20");
	outcome_release(&last);
	outcome_init(&last);
	execute_dry(&desk, &d, &c, &last);
	came_to("", TB_OK, false, "what is on record is told from there");
	ok(last.answer.replayed && last.answer.dry_run, "as a replay");
	d = fake_buy(id, "21");
	outcome_release(&last);
	outcome_init(&last);
	execute_dry(&desk, &d, &c, &last);
	came_to("key_reused", TB_EINVAL, false, "or that it is another");
	d = fake_sell("too much", "100000");
	execute_dry(&desk, &d, &c, &last);
	came_to("position", TB_EREFUSED, false, "nobody sells what is not");
	d = fake_sell("too dear", "170141183460469231731");
	d.side = SIDE_BUY;
	execute_dry(&desk, &d, &c, &last);
	ok(last.status != TB_OK, "or what no amount can hold: %s",
	    last.answer.message);
	is_int(fake.places, 1, "nothing more was sent");
}

/* The record itself can't be read: an order of an earlier run may be live. */
static void
test_unread(void)
{
	struct intent_line line = { .has_size_usd = true,
		.size_usd = dec("20"),
		.product_id = "BTC-USD" };
	struct decision d;

	fresh();
	buy("20");
	baddisk.stays = true;
	baddisk_fails_at(1);
	buy("20");
	came_to("unknown", TB_EIO, false, "a record that can't be read");
	(void)decision_of_intent(&line, &d, &err);
	act(&d);
	came_to("not_tried", TB_EIO, false, "matters not to a new decision");
	baddisk.stays = false;
	baddisk_heal();
	baddisk_fails_at(1);
	buy("21");
	came_to("not_tried", TB_EIO, false, "nor to another request");
	baddisk_heal();
}

static void
test_no_memory(void)
{
	struct decision d;
	struct intent intent = { 0 };
	struct settlement settled;

	fresh();
	d = buy_signal();
	no_copy = true;
	act(&d);
	no_copy = false;
	came_to("not_sent", TB_ENOMEM, false, "no memory for an intent");
	is_int(fake.places, 0, "nothing was sent");
	act(&d);
	came_to("", TB_OK, false, "then it is");
	ok(intents_by_key(db, d.key, &intent, &err) == TB_OK, "on record");
	no_copy = true;
	is_int((int)settle_blind(&desk, &intent, intent.order_id, &settled,
		   &err),
	    TB_ENOMEM, "no memory for its trade");
	no_copy = false;
	settlement_release(&settled);
	intent.reference_price = dec("0.000000000000000001");
	intent.quote_size = dec("1000");
	is_int((int)settle_blind(&desk, &intent, intent.order_id, &settled,
		   &err),
	    TB_ERANGE, "sizes that do not fit");
	ok(strstr(err.msg, "sizes do not fit") != NULL, "%s", err.msg);
	settlement_release(&settled);
	intent_release(&intent);
}

/* Whatever piece of memory is withheld: what is told is what was sent. */
static void
test_less_memory(void)
{
	int wrong = 0, withheld = 0;

	for (int n = 1; n <= 40; n++) {
		fresh();
		reallocs = n;
		buy("20");
		withheld += reallocs == 0;
		reallocs = 0;
		wrong += fake.places == 0 && last.status == TB_OK;
		wrong +=
		    fake.places > 0 && last.answer.outcome == ANSWER_NOT_TRADED;
	}
	is_int(wrong, 0, "memory that is withheld");
	ok(withheld > 0, "%d times", withheld);
}

/* Limit orders, and sizes that the venue rounds. */
static void
test_limit_order(void)
{
	struct intent_line line = { .has_size_usd = true,
		.size_usd = dec("20.123"),
		.product_id = "BTC-USD",
		.type = ORDER_LIMIT,
		.limit_price = dec("90") };
	struct decision d;

	fresh();
	fake.stays_open = true;
	snprintf(line.id, sizeof(line.id), "%s", id);
	(void)decision_of_intent(&line, &d, &err);
	act(&d);
	came_to("", TB_OK, false, "a limit order rests");
	ok(decimal_cmp(last.trade.price, dec("90")) == 0,
	    "and shows its limit meanwhile");
	snprintf(id, sizeof(id), "d%d", ++serial);
	line.type = ORDER_MARKET;
	line.limit_price = DECIMAL_ZERO;
	snprintf(line.id, sizeof(line.id), "%s", id);
	(void)decision_of_intent(&line, &d, &err);
	act(&d);
	is(last.note, "size_usd: rounded 20.123 -> 20.12",
	    "an amount that the venue can't take is noted");
	fake.coins = DECIMAL_OF(10);
	d = fake_sell("rounded", "0.123456789");
	act(&d);
	is(last.note, "size_crypto: rounded 0.123456789 -> 0.12345678",
	    "and so is a size");
	outcome_release(&last);
	outcome_init(&last);
	snprintf(last.note, sizeof(last.note), "something else");
	d = fake_sell("rounded too", "0.123456789");
	execute(&desk, &d, &last);
	is(last.note, "something else", "unless there is a note already");
	for (size_t i = 0; i < fake.count; i++)
		(void)fake_cancel(&fake.venue, fake.order[i].order.order_id,
		    &err);
}

/* A bot that acted five minutes ago at most is no news: nothing is kept. */
static void
test_cooldown(void)
{
	struct decision d;

	fresh();
	d = buy_signal();
	act(&d);
	came_to("", TB_OK, false, "a bot acts");
	desk.instant_us += SECONDS(299);
	d = buy_signal();
	d.key[strlen(d.key) - 1] = 'f';
	d.evaluation.evaluation_id[strlen(d.key) - 3] = 'f';
	act(&d);
	came_to("cooldown", TB_OK, false, "299 s later it cools down");
	desk.instant_us += SECONDS(1);
	act(&d);
	came_to("", TB_OK, false, "300 s later it does not");
}

/* A sale of all that was refused has no size that was asked. */
static void
test_refused_all(void)
{
	const struct intent_line line = { .side = SIDE_SELL,
		.size_crypto = dec("1"),
		.product_id = "BTC-USD" };
	struct decision d;

	fresh();
	fake.coins = DECIMAL_OF(1000);
	fake.mood = FAKE_REFUSE;
	(void)decision_of_typed(&line, true, &d, &err);
	act(&d);
	came_to("venue", TB_EVENUE, false, "a sale of all is refused");
}

/* ------------------------------------------------------------- the clock -- */

static void
test_clock(void)
{
	char seen[INSTANT_STRLEN], kept[INSTANT_STRLEN];

	fresh();
	desk.fixed = false;
	buy("20");
	came_to("", TB_OK, false, "a clock that was never looked at");
	ok(db_meta_get(db, META_MAX_SEEN, kept, sizeof(kept), &err) == TB_OK,
	    "it is remembered");
	snprintf(id, sizeof(id), "d%d", ++serial);
	instant_format(instant_now_us() + SECONDS(3), seen);
	if (db_begin(db, &err) != TB_OK ||
	    db_finish(db, db_meta_set(db, META_MAX_SEEN, seen, &err), &err) !=
		TB_OK)
		ok(false, "%s", err.msg);
	buy("20");
	came_to("", TB_OK, false, "a clock 3 s behind what it once showed");
	ok(db_meta_get(db, META_MAX_SEEN, kept, sizeof(kept), &err) == TB_OK,
	    "it is remembered");
	is(kept, seen, "as the highest that it ever was");
	instant_format(instant_now_us() - SECONDS(3), seen);
	if (db_begin(db, &err) != TB_OK ||
	    db_finish(db, db_meta_set(db, META_MAX_SEEN, seen, &err), &err) !=
		TB_OK)
		ok(false, "%s", err.msg);
	snprintf(id, sizeof(id), "d%d", ++serial);
	buy("20");
	ok(db_meta_get(db, META_MAX_SEEN, kept, sizeof(kept), &err) == TB_OK &&
		strcmp(kept, seen) > 0,
	    "and moves on with the clock");
	desk.fixed = true;
}

/* The disk fails about an order by the clock: what is told is what was sent. */
static void
test_clock_and_disk(void)
{
	int n, wrong = 0;

	for (n = 1; n <= 90; n++) {
		fresh();
		desk.fixed = false;
		baddisk_fails_at(n);
		buy("20");
		baddisk_heal();
		wrong += fake.places == 0 && last.status == TB_OK;
		wrong +=
		    fake.places > 0 && last.answer.outcome == ANSWER_NOT_TRADED;
		desk.fixed = true;
	}
	is_int(wrong, 0, "by the clock, over a disk that fails");
}

static void
test_no_lock(void)
{
	struct send_lock a = { .fd = -1 };

	fresh();
	ok(lock_init(&a, fake_path, &err) == TB_OK &&
		lock_take(&a, &err) == TB_OK,
	    "another run holds the lock");
	buy("20");
	came_to("not_tried", TB_EBUSY, true, "this one tries nothing");
	lock_close(&a);
	buy("20");
	came_to("", TB_OK, false, "and later it does");
	lock_close(&desk.lock);
	snprintf(desk.lock.path, sizeof(desk.lock.path), "%s/no/lock",
	    fake_dir);
	snprintf(id, sizeof(id), "d%d", ++serial);
	buy("20");
	came_to("not_tried", TB_EIO, false, "nor without a file to lock");
}

/* Last: an UNKNOWN whose record somebody has changed. */
static void
test_damaged_unknown(void)
{
	struct recovery r;

	fresh();
	fake.mood = FAKE_LOSE_REQUEST;
	buy("20");
	fake.mood = FAKE_FINE;
	damage_type();
	is_int((int)recover(&desk, &r, &err), TB_OK, "it is looked for");
	is_int((int)r.left, 1, "but left as it is");
	desk.may_send = false;
	is_int((int)recover(&desk, &r, &err), TB_EDISAGREE,
	    "what it asked for is not known any more");
	is_int(fake.places, 1, "it is not sent again");
}

int
main(void)
{
	db = fake_books();
	bot_id = fake_bot(db);
	outcome_init(&last);
	test_keys();
	test_idle();
	test_damaged_record();
	test_damaged_reason();
	test_unsent();
	test_halted_meanwhile();
	test_dry();
	test_unread();
	test_no_memory();
	test_less_memory();
	test_limit_order();
	test_cooldown();
	test_refused_all();
	test_clock();
	test_clock_and_disk();
	test_no_lock();
	test_damaged_unknown();
	outcome_release(&last);
	lock_close(&desk.lock);
	fake_books_close(db);
	return tap_done();
}
