/*
 * tb-sync resolve: a human's word on an order whose fate nobody could find
 * out: the venue never got it, or it is this one.  Either is a move of the
 * intent, with its event; no order is sent.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "order/course.h"
#include "order/settle.h"
#include "store/intents.h"
#include "tb-sync.h"

/* By number, by client_order_id, or by what the decision was called. */
static enum tb_status
find_intent(struct db *db, const char *name, struct intent *out,
    struct tb_err *err)
{
	char key[INTENT_KEY_MAX], *end;
	long long id = strtoll(name, &end, 10);
	enum tb_status status = TB_ENOENT;

	if (*end == '\0' && id > 0)
		status = intents_by_id(db, id, out, err);
	if (status == TB_ENOENT)
		status = intents_by_client(db, name, out, err);
	for (int i = 0; status == TB_ENOENT && i < 2; i++) {
		snprintf(key, sizeof(key), "%s%s", i == 0 ? "i:" : "s:", name);
		status = intents_by_key(db, key, out, err);
	}
	if (status == TB_ENOENT)
		status = tb_fail(err, TB_ENOENT,
		    "no intent is called %.100s: tb-trade list has their"
		    " numbers",
		    name);
	return status;
}

static enum tb_status
give_up(struct desk *desk, struct intent *intent, struct tb_err *err)
{
	const struct course_note note = {
		.reason = "abandoned",
		.message = "resolved by hand: the venue never got it",
		.at_us = desk->instant_us,
	};

	if (intent->state != INTENT_UNKNOWN)
		return tb_fail(err, TB_EREFUSED,
		    "intent %lld is %s: only an UNKNOWN one can be given up",
		    (long long)intent->id, intent_state_name(intent->state));
	return course_move(desk->db, intent, EVENT_GIVEN_UP, &note, err);
}

/* Is nothing against taking this order for it? */
static enum tb_status
check_match(struct desk *desk, const struct intent *intent,
    const struct venue_order *order, struct tb_err *err)
{
	struct intent other = { 0 };
	enum tb_status status;

	if (intent->order_id[0] != '\0')
		return tb_fail(err, TB_EREFUSED,
		    "intent %lld is %s: its order is %.64s",
		    (long long)intent->id, intent_state_name(intent->state),
		    intent->order_id);
	if (order->side != intent->side ||
	    !product_is_same(order->product_id, intent->product_id))
		return tb_fail(err, TB_EREFUSED,
		    "order %.64s is a %s of %s, intent %lld a %s of %s",
		    order->order_id, side_name(order->side), order->product_id,
		    (long long)intent->id, side_name(intent->side),
		    intent->product_id);
	status = intents_by_order(desk->db, order->order_id, &other, err);
	if (status == TB_ENOENT)
		return TB_OK;
	if (status == TB_OK)
		status = tb_fail(err, TB_EREFUSED,
		    "order %.64s is that of intent %lld", order->order_id,
		    (long long)other.id);
	intent_release(&other);
	return status;
}

static enum tb_status
take_for(struct desk *desk, struct intent *intent, const char *order_id,
    struct tb_err *err)
{
	struct settlement settled = { 0 };
	struct venue_order order;
	enum tb_status status;

	status = desk->venue->verbs->order(desk->venue, order_id, &order, err);
	if (status == TB_OK)
		status = check_match(desk, intent, &order, err);
	if (status == TB_OK)
		status = settle_order(desk, intent, &order, &settled, err);
	if (status == TB_OK && settled.differs)
		cli_warn("%s", settled.words);
	settlement_release(&settled);
	return status;
}

/* Whoever holds the lock finds no live SENDING. */
static enum tb_status
orphan(struct desk *desk, struct intent *intent, struct tb_err *err)
{
	const struct course_note note = {
		.reason = "orphan",
		.message =
		    "its run ended before the venue's answer was recorded",
		.at_us = desk->instant_us,
	};

	return course_move(desk->db, intent, EVENT_ORPHANED, &note, err);
}

static enum tb_status
under_lock(struct desk *desk, struct intent *intent, struct tb_err *err)
{
	enum tb_status status = lock_take(&desk->lock, err);

	if (status != TB_OK)
		return status;
	desk_tick(desk);
	status = orphan(desk, intent, err);
	if (status == TB_OK && opt.as_not_placed)
		status = give_up(desk, intent, err);
	else if (status == TB_OK)
		status = desk_hello(desk, err);
	if (status == TB_OK && opt.as != NULL)
		status = take_for(desk, intent, opt.as, err);
	lock_free(&desk->lock);
	return status;
}

static const struct cli_column columns[] = {
	{ "intent_id", "Intent", CLI_FIGURE, 0 },
	{ "product_id", "Product", CLI_TEXT, 0 },
	{ "side", "Side", CLI_TEXT, 0 },
	{ "state", "State", CLI_TEXT, 0 },
	{ "order_id", "Order", CLI_TEXT, 0 },
	{ 0 },
};

static enum tb_status
report(const struct cli *cli, const struct intent *intent, struct tb_err *err)
{
	struct cli_rows rows;
	struct json_writer *w;

	cli_rows_begin(&rows, cli, columns, CLI_ONE);
	w = cli_row(&rows);
	json_open(w, '{');
	json_key(w, "intent_id");
	json_int(w, intent->id);
	json_key(w, "product_id");
	json_string(w, intent->product_id);
	json_key(w, "side");
	json_string(w, side_name(intent->side));
	json_key(w, "state");
	json_string(w, intent_state_name(intent->state));
	json_key(w, "order_id");
	json_string(w, intent->order_id[0] == '\0' ? NULL : intent->order_id);
	json_close(w, '}');
	return cli_rows_end(&rows, cli_row_end(&rows, err), err);
}

enum tb_status
run_resolve(const struct cli *cli, struct tb_err *err)
{
	struct intent intent = { 0 };
	struct desk *desk;
	enum tb_status status;

	if (opt.as_not_placed == (opt.as != NULL))
		return tb_fail(err, TB_EUSAGE,
		    "resolve: say either --as-not-placed or --as ORDER_ID");
	status = sync_open(cli, DESK_TRADE, &desk, err);
	if (status != TB_OK)
		return status;
	status = find_intent(desk->db, cli->argv[0], &intent, err);
	if (status == TB_OK)
		status = under_lock(desk, &intent, err);
	sync_close(desk);
	if (status == TB_OK)
		status = report(cli, &intent, err);
	intent_release(&intent);
	return status;
}
