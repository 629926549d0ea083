/*
 * tb-sync reconcile: what became of orders that nobody knows the fate of, of
 * those that were open when last looked at, and of those that nobody expected;
 * and whether books and venue agree on every currency.  It sends no order.
 */

#include "order/config.h"
#include "order/desk.h"
#include "order/reconcile.h"
#include "order/recover.h"
#include "order/watch.h"
#include "store/intents.h"
#include "tb-sync.h"

#define LOCK_TIMEOUT_MS 30000

/* What it came to. */
struct tally {
	struct recovery recovery;
	uint64_t looked_at; /* orders that were open, or not settled */
	uint64_t differ;    /* whose fills do not add up */
	uint64_t failed;    /* that the venue did not tell of */
	struct reconciled orders;
	struct reconciled_balance balance[DESK_BALANCES_MAX];
	size_t balance_count;
	size_t off; /* balances that differ */
};

static enum tb_status
look_at(struct desk *desk, struct intent *intent, struct tally *tally,
    struct tb_err *err)
{
	struct settlement settled = { 0 };
	enum tb_status status = watch_order(desk, intent, &settled, err);

	tally->looked_at++;
	if (status == TB_OK && settled.differs) {
		cli_warn("%s", settled.words);
		tally->differ++;
	} else if (status != TB_OK && status != TB_EIO) {
		cli_error(err);
		*err = (struct tb_err){ 0 };
		tally->failed++;
		status = TB_OK;
	}
	settlement_release(&settled);
	return status;
}

static enum tb_status
look_at_all(struct desk *desk, struct tally *tally, struct tb_err *err)
{
	const unsigned states =
	    INTENT_BIT(INTENT_OPEN) | INTENT_BIT(INTENT_DONE);
	enum tb_status status;
	struct intent intent;
	int64_t after = 0;

	while ((status = intents_next(desk->db, after, states, &intent, err)) ==
	    TB_OK) {
		after = intent.id;
		status = look_at(desk, &intent, tally, err);
		intent_release(&intent);
		if (status != TB_OK)
			return status;
	}
	*err = (struct tb_err){ 0 };
	return status == TB_ENOENT ? TB_OK : status;
}

static enum tb_status
reconcile(struct desk *desk, struct tally *tally, struct tb_err *err)
{
	enum tb_status status = lock_take(&desk->lock, err);

	if (status != TB_OK)
		return status;
	desk_tick(desk);
	status = recover(desk, &tally->recovery, err);
	if (tally->recovery.warning[0] != '\0')
		cli_warn("%s", tally->recovery.warning);
	if (status == TB_OK)
		status = look_at_all(desk, tally, err);
	if (status == TB_OK)
		status = reconcile_orders(desk, &tally->orders, err);
	if (status == TB_OK)
		status = reconcile_balances(desk, tally->balance,
		    &tally->balance_count, err);
	if (tally->orders.late > 0)
		cli_warn("%zu orders were given up or refused, and yet are"
			 " there: trading is halted",
		    tally->orders.late);
	lock_free(&desk->lock);
	return status;
}

/* What the venue holds beside what the books say it does. */
static void
put_balances(struct json_writer *w, struct tally *tally)
{
	json_key(w, "balances");
	json_open(w, '[');
	for (size_t i = 0; i < tally->balance_count; i++) {
		const struct reconciled_balance *b = &tally->balance[i];

		tally->off += decimal_sign(b->difference) != 0;
		json_open(w, '{');
		json_key(w, "currency");
		json_string(w, b->currency);
		json_key(w, "books");
		json_amount(w, b->books);
		json_key(w, "venue");
		json_amount(w, b->venue);
		json_key(w, "difference");
		json_amount(w, b->difference);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static const struct cli_column columns[] = {
	{ "found", "Found", CLI_FIGURE, 0 },
	{ "abandoned", "Abandoned", CLI_FIGURE, 0 },
	{ "unknown", "Unknown", CLI_FIGURE, 0 },
	{ "looked_at", "Looked at", CLI_FIGURE, 0 },
	{ "differ", "Differ", CLI_FIGURE, 0 },
	{ "late", "Late", CLI_FIGURE, 0 },
	{ "foreign", "Foreign", CLI_FIGURE, 0 },
	{ "balances", "Balances", CLI_TEXT, 0 },
	{ 0 },
};

static enum tb_status
report(const struct cli *cli, struct tally *tally, struct tb_err *err)
{
	struct cli_rows rows;
	struct json_writer *w;
	enum tb_status status;

	cli_rows_begin(&rows, cli, columns, CLI_ONE);
	w = cli_row(&rows);
	json_open(w, '{');
	sync_put_count(w, "found", tally->recovery.found);
	sync_put_count(w, "abandoned", tally->recovery.abandoned);
	sync_put_count(w, "unknown", tally->recovery.left);
	sync_put_count(w, "looked_at", tally->looked_at);
	sync_put_count(w, "differ", tally->differ);
	sync_put_count(w, "late", tally->orders.late);
	sync_put_count(w, "foreign", tally->orders.foreign);
	put_balances(w, tally);
	json_close(w, '}');
	status = cli_rows_end(&rows, cli_row_end(&rows, err), err);
	if (status != TB_OK)
		return status;
	if (tally->differ > 0 || tally->orders.late > 0 || tally->off > 0)
		return TB_EDISAGREE;
	if (tally->recovery.left > 0)
		return TB_EUNKNOWN;
	return tally->failed > 0 ? TB_EPARTIAL : TB_OK;
}

enum tb_status
run_reconcile(const struct cli *cli, struct tb_err *err)
{
	static struct config config;
	static struct tally tally; /* it holds all balances */
	struct desk *desk = NULL;
	struct db *db = NULL;
	enum tb_status status;

	status = config_read(&config, cli->config, cli->config_given, err);
	if (status == TB_OK)
		status = db_open(&db, cli->db, DB_WRITE, err);
	if (status == TB_OK)
		status = sync_check_instant(cli, db, err);
	if (status == TB_OK)
		status = desk_open(&desk, db, &config, err);
	if (status == TB_OK) {
		desk->fixed = cli->at_given;
		desk->instant_us = cli->now_us;
		desk->may_send = false;
		desk->lock.timeout_ms = LOCK_TIMEOUT_MS;
		status = reconcile(desk, &tally, err);
	}
	desk_close(desk);
	db_close(db);
	return status == TB_OK ? report(cli, &tally, err) : status;
}
