/*
 * tb-sync reconcile: what became of orders that nobody knows the fate of, of
 * those that were open when last looked at, and of those that nobody expected;
 * and whether books and venue agree on every currency.  With --fix what differs
 * is booked.  It sends no order.
 */

#include <inttypes.h>
#include <string.h>

#include "base/instant.h"
#include "order/reconcile.h"
#include "order/watch.h"
#include "store/intents.h"
#include "sync/mend.h"
#include "tb-sync.h"

static enum tb_status
look_at(struct desk *desk, struct intent *intent, struct sync_fates *out,
    struct tb_err *err)
{
	struct settlement settled = { 0 };
	enum tb_status status = watch_order(desk, intent, &settled, err);

	out->looked_at++;
	out->odd += status == TB_OK && settled.odd;
	if (status == TB_OK && settled.differs) {
		cli_warn("%s", settled.words);
		out->differ++;
	} else if (status != TB_OK && status != TB_EIO) {
		cli_error(err);
		*err = (struct tb_err){ 0 };
		out->failed++;
		status = TB_OK;
	}
	settlement_release(&settled);
	return status;
}

static enum tb_status
look_at_all(struct desk *desk, struct sync_fates *out, struct tb_err *err)
{
	const unsigned states =
	    INTENT_BIT(INTENT_OPEN) | INTENT_BIT(INTENT_DONE);
	enum tb_status status;
	struct intent intent;
	int64_t after = 0;

	while ((status = intents_next(desk->db, after, states, &intent, err)) ==
	    TB_OK) {
		after = intent.id;
		status = look_at(desk, &intent, out, err);
		intent_release(&intent);
		if (status != TB_OK)
			return status;
	}
	*err = (struct tb_err){ 0 };
	return status == TB_ENOENT ? TB_OK : status;
}

enum tb_status
sync_fates(struct desk *desk, struct sync_fates *out, struct tb_err *err)
{
	enum tb_status status = recover(desk, &out->recovery, err);

	if (out->recovery.warning[0] != '\0')
		cli_warn("%s", out->recovery.warning);
	if (out->recovery.left > 0)
		cli_warn("%zu orders may be live: nobody knows yet",
		    out->recovery.left);
	if (status == TB_OK)
		status = look_at_all(desk, out, err);
	if (out->odd > 0)
		cli_warn("%" PRIu64 " %s of ours %s a status that nobody here"
			 " knows, kept OPEN",
		    out->odd, out->odd == 1 ? "order" : "orders",
		    out->odd == 1 ? "has" : "have");
	return status;
}

/* What it came to. */
struct tally {
	struct sync_fates fates;
	struct reconciled orders;
	struct reconciled_balance balance[DESK_BALANCES_MAX];
	size_t balance_count;
	size_t off; /* balances that differ */
};

static enum tb_status
compare_balances(struct desk *desk, struct tally *tally, struct tb_err *err)
{
	enum tb_status status;

	status = reconcile_balances(desk, tally->balance, &tally->balance_count,
	    err);
	if (status != TB_OK || !opt.fix)
		return status;
	status = mend_balances(desk, tally->balance, tally->balance_count, err);
	if (status == TB_OK)
		status = reconcile_balances(desk, tally->balance,
		    &tally->balance_count, err);
	return status;
}

static enum tb_status
reconcile(struct desk *desk, struct tally *tally, struct tb_err *err)
{
	enum tb_status status = lock_take(&desk->lock, err);

	if (status != TB_OK)
		return status;
	desk_tick(desk);
	status = sync_fates(desk, &tally->fates, err);
	if (status == TB_OK)
		status = reconcile_orders(desk,
		    desk->instant_us - RECONCILE_SINCE_S * INSTANT_US_PER_S,
		    &tally->orders, err);
	if (status == TB_OK)
		status = compare_balances(desk, tally, err);
	if (tally->orders.warning[0] != '\0')
		cli_warn("%s", tally->orders.warning);
	if (tally->orders.late > 0)
		cli_warn("%zu orders were given up or refused, and yet are"
			 " there: trading is halted",
		    tally->orders.late);
	lock_free(&desk->lock);
	return status;
}

/* What the venue holds beside what the books say it does. */
static void
put_balance(struct json_writer *w, const struct reconciled_balance *b)
{
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

static void
put_balances(struct json_writer *w, struct tally *tally)
{
	json_key(w, "balances");
	json_open(w, '[');
	for (size_t i = 0; i < tally->balance_count; i++) {
		tally->off += decimal_sign(tally->balance[i].difference) != 0;
		put_balance(w, &tally->balance[i]);
	}
	json_close(w, ']');
}

static const struct cli_column balance_columns[] = {
	{ "currency", "Currency", CLI_TEXT, 0 },
	{ "books", "Books", CLI_FIGURE, 0 },
	{ "venue", "Venue", CLI_FIGURE, 0 },
	{ "difference", "Difference", CLI_FIGURE, 0 },
	{ 0 },
};

/* On a page, they are a table of their own below the counts. */
static enum tb_status
show_balances(const struct cli *cli, const struct tally *tally,
    struct tb_err *err)
{
	struct cli_rows rows;
	enum tb_status status;

	if (cli->format != CLI_TABLE || tally->balance_count == 0)
		return TB_OK;
	status = cli_write("\n", 1, err);
	if (status != TB_OK)
		return status;
	cli_rows_begin(&rows, cli, balance_columns, 0);
	for (size_t i = 0; status == TB_OK && i < tally->balance_count; i++) {
		put_balance(cli_row(&rows), &tally->balance[i]);
		status = cli_row_end(&rows, err);
	}
	return cli_rows_end(&rows, status, err);
}

static const struct cli_column columns[] = {
	{ "found", "Found", CLI_FIGURE, 0 },
	{ "abandoned", "Abandoned", CLI_FIGURE, 0 },
	{ "unknown", "Unknown", CLI_FIGURE, 0 },
	{ "looked_at", "Looked at", CLI_FIGURE, 0 },
	{ "differ", "Differ", CLI_FIGURE, 0 },
	{ "late", "Late", CLI_FIGURE, 0 },
	{ "foreign", "Foreign", CLI_FIGURE, 0 },
	{ "balances", NULL, CLI_TEXT, 0 },
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
	sync_put_count(w, "found", tally->fates.recovery.found);
	sync_put_count(w, "abandoned", tally->fates.recovery.abandoned);
	sync_put_count(w, "unknown", tally->fates.recovery.left);
	sync_put_count(w, "looked_at", tally->fates.looked_at);
	sync_put_count(w, "differ", tally->fates.differ + tally->orders.differ);
	sync_put_count(w, "late", tally->orders.late);
	sync_put_count(w, "foreign", tally->orders.foreign);
	put_balances(w, tally);
	json_close(w, '}');
	status = cli_rows_end(&rows, cli_row_end(&rows, err), err);
	if (status == TB_OK)
		status = show_balances(cli, tally, err);
	if (status != TB_OK)
		return status;
	if (tally->fates.differ > 0 || tally->orders.differ > 0 ||
	    tally->orders.late > 0 || tally->orders.doubled > 0)
		return TB_EDISAGREE; /* each was told as it was found */
	if (tally->off > 0)
		return tb_fail(err, TB_EDISAGREE,
		    "the books and the venue differ in %zu balances",
		    tally->off);
	if (tally->fates.recovery.left > 0)
		return TB_EUNKNOWN;
	return tally->fates.failed + tally->fates.odd + tally->orders.odd > 0 ?
	    TB_EPARTIAL :
	    TB_OK;
}

/* A cash flow moves the cash of paper too: what differs would differ still. */
static enum tb_status
check_fix(struct desk *desk, struct tb_err *err)
{
	char venue[32];
	enum tb_status status;

	if (!opt.fix)
		return TB_OK;
	status = db_meta_get(desk->db, META_VENUE, venue, sizeof(venue), err);
	if (status != TB_OK || strcmp(venue, "paper") != 0)
		return status;
	return tb_fail(err, TB_EUSAGE,
	    "--fix: this database is of paper, whose cash follows the cash "
	    "flows of the books: nothing can be mended by one");
}

enum tb_status
run_reconcile(const struct cli *cli, struct tb_err *err)
{
	static struct tally tally; /* it holds all balances */
	struct desk *desk;
	enum tb_status status = sync_open(cli, DESK_TRADE, &desk, err);

	if (status != TB_OK)
		return status;
	status = check_fix(desk, err);
	if (status == TB_OK)
		status = reconcile(desk, &tally, err);
	sync_close(desk);
	return status == TB_OK ? report(cli, &tally, err) : status;
}
