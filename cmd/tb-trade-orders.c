/*
 * tb-trade-orders: orders that the venue has: look again, or cancel.
 */

#include <stdio.h>
#include <string.h>

#include "order/recover.h"
#include "order/watch.h"
#include "store/books.h"
#include "store/intents.h"
#include "tb-trade.h"
#include "wire/trade.h"

static enum tb_status
write_settled(struct cli_rows *rows, const struct settlement *settled,
    struct tb_err *err)
{
	if (settled->differs)
		cli_warn("%s", settled->words);
	if (settled->odd)
		cli_warn("order %s: a status that nobody here knows, kept OPEN",
		    settled->trade.order_id);
	if (settled->gains_changed > 0)
		cli_note("%zu older sales have another gain now",
		    settled->gains_changed);
	trade_write(cli_row(rows), &settled->trade);
	return cli_row_end(rows, err);
}

/* ------------------------------------------------------------ refresh -- */

static enum tb_status
refresh_one(struct desk *desk, struct intent *intent, struct cli_rows *rows,
    struct cli_tally *tally, struct tb_err *err)
{
	struct settlement settled;
	struct tb_err failure = { 0 };
	enum tb_status status;

	status = watch_order(desk, intent, &settled, &failure);
	cli_tally_add(tally,
	    status == TB_OK && settled.differs ? TB_EDISAGREE :
		status == TB_OK && settled.odd ? TB_EPARTIAL :
						 status);
	if (status == TB_OK)
		status = write_settled(rows, &settled, err);
	else {
		cli_error(&failure);
		status = failure.status == TB_EIO ? TB_EIO : TB_OK;
	}
	settlement_release(&settled);
	return status;
}

static enum tb_status
refresh_all(struct desk *desk, struct cli_rows *rows, struct cli_tally *tally,
    struct tb_err *err)
{
	const unsigned states =
	    INTENT_BIT(INTENT_OPEN) | INTENT_BIT(INTENT_DONE);
	struct intent intent;
	enum tb_status status;
	int64_t after = 0;

	while ((status = intents_next(desk->db, after, states, &intent, err)) ==
	    TB_OK) {
		after = intent.id;
		status = refresh_one(desk, &intent, rows, tally, err);
		intent_release(&intent);
		if (status != TB_OK || trade_stop != 0)
			break;
	}
	return status == TB_ENOENT ? TB_OK : status;
}

/* Unknown orders first; what can't be decided is told. */
static enum tb_status
refresh_unknown(struct desk *desk, struct cli_tally *tally, struct tb_err *err)
{
	struct recovery recovery;
	enum tb_status status = recover(desk, &recovery, err);

	if (recovery.warning[0] != '\0')
		cli_warn("%s", recovery.warning);
	if (status == TB_OK && recovery.left > 0) {
		cli_warn("%zu orders may be live: run tb-sync reconcile",
		    recovery.left);
		cli_tally_add(tally, TB_EUNKNOWN);
	}
	return status;
}

enum tb_status
run_refresh(const struct cli *cli, struct tb_err *err)
{
	struct cli_tally tally = { 0 };
	struct desk *desk = NULL;
	struct cli_rows rows;
	enum tb_status status;

	status = trade_open(cli, DESK_TRADE, &desk, err);
	if (status != TB_OK)
		return status;
	desk->may_send = false;
	cli_rows_begin(&rows, cli, trade_columns, 0);
	status = lock_take(&desk->lock, err);
	if (status == TB_OK) {
		desk_tick(desk);
		status = refresh_unknown(desk, &tally, err);
	}
	if (status == TB_OK)
		status = refresh_all(desk, &rows, &tally, err);
	lock_free(&desk->lock);
	trade_close(desk);
	status = cli_rows_end(&rows, status, err);
	if (status != TB_OK)
		cli_tally_add(&tally, status);
	return cli_tally_status(&tally);
}

/* ------------------------------------------------------------- cancel -- */

static enum tb_status
cancel_under_lock(struct desk *desk, const char *name,
    struct settlement *settled, struct tb_err *err)
{
	struct intent intent = { 0 };
	enum tb_status status;

	desk_tick(desk);
	status = trade_find(desk->db, name, &intent, err);
	if (status == TB_OK && intent.state != INTENT_OPEN)
		status = tb_fail(err, TB_EREFUSED,
		    "intent %lld is %s: only an OPEN order can be cancelled",
		    (long long)intent.id, intent_state_name(intent.state));
	if (status == TB_OK)
		status = desk->venue->verbs->cancel(desk->venue,
		    intent.order_id, err);
	if (status == TB_OK)
		status = watch_order(desk, &intent, settled, err);
	intent_release(&intent);
	return status;
}

enum tb_status
run_cancel(const struct cli *cli, struct tb_err *err)
{
	struct settlement settled = { 0 };
	struct desk *desk = NULL;
	struct cli_rows rows;
	enum tb_status status;

	status = trade_open(cli, DESK_TRADE, &desk, err);
	if (status != TB_OK)
		return status;
	status = lock_take(&desk->lock, err);
	if (status == TB_OK)
		status = cancel_under_lock(desk, cli->argv[0], &settled, err);
	lock_free(&desk->lock);
	trade_close(desk);
	if (status == TB_OK) {
		cli_rows_begin(&rows, cli, trade_columns, CLI_ONE);
		status = write_settled(&rows, &settled, err);
		status = cli_rows_end(&rows, status, err);
	}
	settlement_release(&settled);
	return status;
}
