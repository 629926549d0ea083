/*
 * A disk that fails once, beneath all else that moves an intent: signals of a
 * bot under every limit, sends that are tried again, orders that turn up late,
 * of strangers or twice, waiting for fills, judging without sending.
 *
 * Whatever statement fails: the call says so or has done all of its work, and
 * when the disk is well again the same call ends as if nothing had been.
 */

#include "fakevenue.h"

#include "order/execute.h"
#include "order/halt.h"
#include "order/reconcile.h"
#include "order/recover.h"
#include "order/watch.h"
#include "store/audit.h"
#include "store/books.h"
#include "store/intents.h"

#include "baddisk.h"
#include "fakesignal.h"
#include "tap.h"

#define STATEMENTS_MAX 600 /* of one call, far more than there are */

static struct db *db;
static struct desk desk;
static struct fake fake;
static struct config config;
static struct outcome last;
static int64_t bot_id;
static int serial;
static char id[32];
static struct decision decision; /* that this flow is about */

static void
set(struct limit *limit, const char *amount)
{
	*limit = (struct limit){ true, dec(amount) };
}

/* A venue of its own for each run, a day later, under limits that it keeps. */
static void
fresh(void)
{
	fake_desk(&desk, &fake, db, &config, false);
	fake.forgets = true;
	fake.coins = DECIMAL_OF(100000);
	desk.instant_us = FAKE_T0 + ++serial * SECONDS(86400);
	set(&config.max_order, "1000");
	set(&config.max_position, "1000000");
	set(&config.max_orders_day, "100");
	set(&config.max_daily_loss, "1000");
	set(&config.max_drawdown, "99");
	snprintf(id, sizeof(id), "f%d", serial);
}

static void
signal_says(enum action action)
{
	struct signalline line =
	    fake_line(bot_id, desk.instant_us, action, "20");

	decision = fake_signal(&line);
}

static enum tb_status
execute_it(void)
{
	outcome_release(&last);
	outcome_init(&last);
	execute(&desk, &decision, &last);
	return last.status;
}

static enum tb_status
recover_it(void)
{
	struct recovery recovery;
	struct tb_err err = { 0 };

	return recover(&desk, &recovery, &err);
}

static enum tb_status
reconcile_it(void)
{
	struct reconciled seen;
	struct tb_err err = { 0 };

	return reconcile_orders(&desk, 0, &seen, &err);
}

/* ------------------------------------------------------------ what is so -- */

static enum intent_state
state(void)
{
	struct intent intent;
	struct tb_err err;
	enum intent_state is = INTENT_SENDING;

	if (intents_by_key(db, decision.key, &intent, &err) == TB_OK)
		is = intent.state;
	intent_release(&intent);
	return is;
}

/* All that the venue filled, and nothing else, is in the books. */
static const char *
orders_are_booked(size_t orders)
{
	struct decimal sum[3];
	struct tb_err err;

	if (fake.count != orders)
		return "the venue has another number of orders";
	for (size_t i = 0; i < fake.count; i++) {
		const struct venue_order *o = &fake.order[i].order;

		if (books_order_sums(db, o->order_id, &sum[0], &sum[1], &sum[2],
			&err) != TB_OK ||
		    decimal_cmp(sum[0], o->filled_size) != 0 ||
		    decimal_cmp(sum[1], o->filled_value) != 0 ||
		    decimal_cmp(sum[2], o->total_fees) != 0)
			return "an order is not in the books as it is";
	}
	return NULL;
}

static const char *
one_order(void)
{
	return orders_are_booked(1);
}

static const char *
no_order(void)
{
	return orders_are_booked(0);
}

/* The cooldown runs exactly where an order came of the signal. */
static const char *
acted(bool has)
{
	struct tb_err err;
	int64_t acted_us = 0;

	if (evaluations_last_act(db, bot_id, desk.instant_us + 1, NULL,
		&acted_us, &err) != TB_OK)
		return "the last act can't be read";
	if ((acted_us > desk.instant_us - SECONDS(86400)) != has)
		return has ? "no cooldown began" : "a cooldown began";
	return has ? one_order() : no_order();
}

static const char *
one_act(void)
{
	return acted(true);
}

static const char *
no_act(void)
{
	return acted(false);
}

static const char *
alarm_is_off(void)
{
	char why[TB_ERR_MAX];
	struct tb_err err;
	bool halted = false;

	if (halt_look(db, &halted, why, &err) != TB_OK || !halted)
		return "no alarm";
	return halt_off(db, &err) == TB_OK ? NULL : "the alarm stays";
}

/* ----------------------------------------------------------------- flows -- */

static void
buy_signal(void)
{
	signal_says(ACTION_BUY);
}

static void
sell_signal(void)
{
	signal_says(ACTION_SELL);
}

static void
sell_intent(void)
{
	decision = fake_sell(id, "0.5");
}

static void
refused_intent(void)
{
	decision = fake_buy(id, "20");
	fake.mood = FAKE_REFUSE;
}

static void
rejected_key(void)
{
	decision = fake_buy(id, "20");
	fake.mood = FAKE_BAD_KEY;
}

static void
too_small(void)
{
	decision = fake_buy(id, "1");
}

static void
lost_answer(void)
{
	decision = fake_buy(id, "20");
	fake.mood = FAKE_LOSE_ANSWER;
}

/* An order that is in the books, told with another fee. */
static void
changed_order(void)
{
	decision = fake_buy(id, "20");
	(void)execute_it();
	fake.order[0].order.total_fees = dec("0.5");
	fake.order[0].order.updated_at_us += SECONDS(1);
}

static void
late_fee(void)
{
	decision = fake_buy(id, "20");
	fake.late_fees = true;
}

/* A signal that did not leave the house, to be sent by the next run. */
static void
not_sent_signal(void)
{
	signal_says(ACTION_BUY);
	fake.mood = FAKE_NOT_SENT;
	(void)execute_it();
	fake.mood = FAKE_FINE;
}

/* A signal whose request was lost, too old now to be sent again. */
static void
stale_signal(void)
{
	signal_says(ACTION_BUY);
	fake.mood = FAKE_LOSE_REQUEST;
	(void)execute_it();
	fake.mood = FAKE_FINE;
	desk.instant_us += SECONDS(301);
}

static void
stale_signal_unsent(void)
{
	stale_signal();
	desk.may_send = false;
}

/* An order of the venue by the client_order_id of this flow's intent. */
static struct fake_order *
put_order(const char *usd)
{
	struct venue_request r = { .type = "market",
		.has_quote_size = true,
		.product_id = "BTC-USD",
		.quote_size = dec(usd),
		.instant_us = desk.instant_us };
	struct intent intent;
	struct tb_err err;

	if (intents_by_key(db, decision.key, &intent, &err) == TB_OK)
		memcpy(r.client_order_id, intent.client_order_id,
		    sizeof(r.client_order_id));
	intent_release(&intent);
	return fake_put(&fake, &r);
}

static void
late_order(void)
{
	not_sent_signal();
	(void)put_order("20");
}

static const char *
late_is_booked(void)
{
	const char *wrong = alarm_is_off();

	if (wrong == NULL && state() != INTENT_SETTLED)
		wrong = "it is not settled";
	return wrong == NULL ? one_act() : wrong;
}

static void
wrong_answer(void)
{
	decision = fake_buy(id, "20");
	fake.mood = FAKE_WRONG_CLIENT;
}

/* What it is comes out when orders are listed; an alarm may have been lost. */
static const char *
one_order_alarmed(void)
{
	(void)alarm_is_off();
	return one_order();
}

static void
stranger(void)
{
	decision = fake_buy(id, "20"); /* nothing comes of it */
	(void)put_order("30");
	snprintf(fake.order[0].order.client_order_id,
	    sizeof(fake.order[0].order.client_order_id), "by hand %d", serial);
}

static void
stranger_that_left(void)
{
	fake.stays_open = true;
	stranger();
	(void)fake_cancel(&fake.venue, fake.order[0].order.order_id, NULL);
}

/* Two orders of one decision, the first of them known. */
static void
second_order(void)
{
	decision = fake_buy(id, "20");
	(void)execute_it();
	(void)put_order("20");
}

static const char *
both_are_booked(void)
{
	const char *wrong = alarm_is_off();

	return wrong == NULL ? orders_are_booked(2) : wrong;
}

/* The same, and neither is known. */
static void
two_orders(void)
{
	decision = fake_buy(id, "20");
	fake.mood = FAKE_LOSE_ANSWER;
	(void)execute_it();
	fake.mood = FAKE_FINE;
	(void)put_order("20");
}

static void
open_order(void)
{
	decision = fake_buy(id, "20");
	fake.stays_open = true;
	(void)execute_it();
	fake.stays_open = false;
	(void)fake_cancel(&fake.venue, fake.order[0].order.order_id, NULL);
}

static enum tb_status
watch_it(void)
{
	last.warning[0] = '\0';
	last.trade.status = TRADE_PENDING;
	watch_fills(&desk, 0, &last);
	return last.warning[0] == '\0' ? TB_OK : TB_EIO;
}

static const char *
is_cancelled(void)
{
	if (state() != INTENT_SETTLED)
		return "it is not settled";
	return last.trade.status == TRADE_CANCELLED ? one_order() :
						      "not told as cancelled";
}

static enum tb_status
judge_it(void)
{
	struct risk_case c;

	outcome_release(&last);
	outcome_init(&last);
	execute_dry(&desk, &decision, &c, &last);
	return last.status;
}

static const char *
nothing_happened(void)
{
	return fake.places == 0 ? no_order() : "the venue was asked";
}

/* Cash of an earlier order of this run is spent: the venue is asked again. */
static void
spent(void)
{
	fake.usd = dec("60");
	decision = fake_buy(id, "30");
	(void)execute_it();
	fake.usd = dec("50"); /* and 20 came in */
	snprintf(id, sizeof(id), "f%d-2", serial);
	decision = fake_buy(id, "40");
}

static const char *
two_booked(void)
{
	return orders_are_booked(2);
}

static enum tb_status
balances_it(void)
{
	static struct reconciled_balance rows[DESK_BALANCES_MAX];
	struct tb_err err = { 0 };
	size_t count;

	return reconcile_balances(&desk, rows, &count, &err);
}

static void
nothing(void)
{
	decision = fake_buy(id, "20");
}

/* ----------------------------------------------------------------- sweep -- */

struct flow {
	const char *what;
	void (*before)(void);
	enum tb_status (*act)(void);
	const char *(*wrong)(void); /* NULL, or what is, once all is well */
};

/* An order that was accepted, but could not be booked, is told as pending. */
static bool
is_told(enum tb_status status)
{
	return status != TB_OK || last.warning[0] != '\0' ||
	    (last.answer.outcome == ANSWER_TRADED &&
		last.trade.status == TRADE_PENDING);
}

/* A failure is told, or there was none. */
static const char *
disturbed(const struct flow *f, int n)
{
	enum tb_status status;

	f->before();
	last.warning[0] = '\0';
	baddisk_fails_at(n);
	status = f->act();
	baddisk_heal();
	if (baddisk.failed && !is_told(status) && f->wrong() != NULL)
		return "the failure was not told";
	return NULL;
}

/* Orders that are known to be at the venue are fetched again. */
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

static const char *
run(const struct flow *f, int n)
{
	const char *wrong;
	bool sends;

	fresh();
	wrong = disturbed(f, n);
	if (wrong != NULL)
		return wrong;
	(void)f->act();
	sends = desk.may_send;
	desk.may_send = false;
	if (recover_it() != TB_OK)
		return "orphans are left";
	desk.may_send = sends;
	look_again();
	(void)f->act();
	return f->wrong();
}

static void
sweep(const struct flow *f)
{
	int wrong = 0, n = 0;

	do {
		const char *why = run(f, ++n);

		if (why != NULL && wrong++ < 5)
			printf("# statement %d: %s\n", n, why);
	} while (baddisk.failed && n < STATEMENTS_MAX);
	ok(wrong == 0 && !baddisk.failed && n > !baddisk.after_commit,
	    "%s, over %d %s", f->what, n - 1,
	    baddisk.after_commit ? "commits that take place" : "statements");
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

/* Enough coins for all that is sold. */
static void
stock_up(void)
{
	fresh();
	fake.usd = DECIMAL_OF(1000000);
	config.max_order.set = false;
	decision = fake_buy(id, "100000");
	if (execute_it() != TB_OK)
		printf("Bail out! %s\n", last.answer.message);
}

int
main(void)
{
	static const struct flow flows[] = {
		{ "a bot buys", buy_signal, execute_it, one_act },
		{ "a bot sells", sell_signal, execute_it, one_act },
		{ "coins are sold", sell_intent, execute_it, one_order },
		{ "a signal is sent after all", not_sent_signal, execute_it,
		    one_act },
		{ "a signal is given up", stale_signal, recover_it, no_act },
		{ "by who sends nothing", stale_signal_unsent, recover_it,
		    no_act },
		{ "an order turns up late", late_order, reconcile_it,
		    late_is_booked },
		{ "another order is answered", wrong_answer, execute_it,
		    one_order_alarmed },
		{ "a stranger's order", stranger, reconcile_it, one_order },
		{ "a stranger's that filled nothing", stranger_that_left,
		    reconcile_it, one_order },
		{ "an order that changed", changed_order, reconcile_it,
		    one_order },
		{ "an answer that is lost", lost_answer, execute_it,
		    one_order },
		{ "a second order", second_order, reconcile_it,
		    both_are_booked },
		{ "two orders at once", two_orders, recover_it,
		    both_are_booked },
		{ "an order that was waited for", open_order, watch_it,
		    is_cancelled },
		{ "judged, not sent", buy_signal, judge_it, nothing_happened },
		{ "what was spent is asked again", spent, execute_it,
		    two_booked },
		{ "a refusal of the venue", refused_intent, execute_it,
		    no_order },
		{ "a key that is rejected", rejected_key, execute_it,
		    no_order },
		{ "a refusal of ours", too_small, execute_it, no_order },
		{ "a fee that comes late", late_fee, execute_it, one_order },
		{ "balances are compared", nothing, balances_it,
		    nothing_happened },
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	db = fake_books();
	bot_id = fake_bot(db);
	outcome_init(&last);
	stock_up();
	for (int first = 0; first < 2; first++)
		for (size_t i = 0; i < sizeof(flows) / sizeof(flows[0]); i++) {
			baddisk.after_commit = first == 1;
			sweep(&flows[i]);
		}
	test_audit();
	outcome_release(&last);
	lock_close(&desk.lock);
	fake_books_close(db);
	return tap_done();
}
