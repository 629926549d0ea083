/*
 * tb-trade: act on decisions: at most one order for each, whatever happens.
 *
 * stdin   signal lines or intents, one JSON object a line; the main job's
 * stdout  exactly one answer a line, in order; or what was asked for
 * db	   read and written under the send lock; DATABASE.paper is the venue's
 * exit	   0 traded, hold, not ready, cooldown; 3, 4 refused; 5 an order may be
 *	   live; 9 halted; 65 bad line; 69 not sent; else see tb(7)
 *
 * The rules are in order/risk.h, the protocol in order/execute.h; what is
 * written down is in store/intents.h.
 */

#include "tb-trade.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/instant.h"
#include "store/db.h"
#include "store/intents.h"

#define LOCK_TIMEOUT_S 30
#define LOCK_TIMEOUT_S_MAX 3600

struct trade_options opt;
volatile sig_atomic_t trade_stop;

const struct cli_column trade_answer_columns[] = {
	{ "trade_executed", "Traded", CLI_TEXT, 0 },
	{ "reason", "Reason", CLI_TEXT, 0 },
	{ "trade.product_id", "Product", CLI_TEXT, 0 },
	{ "trade.side", "Side", CLI_TEXT, 0 },
	{ "trade.size_usd", "USD", CLI_AMOUNT, 2 },
	{ "trade.size_crypto", "Coins", CLI_FIGURE, 0 },
	{ "trade.price", "Price", CLI_AMOUNT, 2 },
	{ "trade.commission", "Fee", CLI_AMOUNT, 2 },
	{ "trade.status", "Status", CLI_TEXT, 0 },
	{ "trade_id", "Trade", CLI_FIGURE, 0 },
	{ "replayed", "Replayed", CLI_TEXT, 0 },
	{ "message", "Message", CLI_TEXT, 0 },
	{ 0 },
};

/* The parts of an open desk that outlive trade_open(). */
static struct {
	struct config config;
	struct db *db;
} books;

/* A restored copy may lack orders that were sent since it was made. */
static enum tb_status
check_restored(const struct desk *desk, struct tb_err *err)
{
	char at[INSTANT_STRLEN] = "";
	enum tb_status status;

	status = db_meta_get(desk->db, META_RESTORED, at, sizeof(at), err);
	if (status == TB_ENOENT)
		tb_err_clear(err);
	if (status == TB_ENOENT || (status == TB_OK && at[0] == '\0'))
		return TB_OK;
	if (status == TB_OK)
		status = tb_fail(err, TB_EREFUSED,
		    "the database was restored from a copy at %s: run tb-sync"
		    " first",
		    at);
	return status;
}

enum tb_status
trade_check_orders(const struct desk *desk, struct tb_err *err)
{
	enum tb_status status;
	int64_t newest = 0;

	if (desk->is_paper)
		return TB_OK;
	status = intents_newest(desk->db, &newest, err);
	if (status == TB_OK)
		status = config_check_live(desk->config, opt.live || newest > 0,
		    err);
	return status;
}

/* --at stands for the clock on paper only; root only plays on paper. */
static enum tb_status
check_live(const struct cli *cli, const struct desk *desk, struct tb_err *err)
{
	if (desk->is_paper) {
		if (db_is_remote(desk->db))
			cli_warn("%s: on a network file system, where locks "
				 "are not to be trusted",
			    cli->db);
		return TB_OK;
	}
	if (db_is_remote(desk->db))
		return tb_fail(err, TB_EREFUSED,
		    "%s: on a network file system, where locks are not to be"
		    " trusted: no real order is sent",
		    cli->db);
	if (cli->at_given)
		return tb_fail(err, TB_EUSAGE,
		    "--at: only a paper database is traded at another time"
		    " than now");
	if (geteuid() == 0)
		return tb_fail(err, TB_EPERM,
		    "real orders are not sent as root");
	return check_restored(desk, err);
}

enum tb_status
trade_open(const struct cli *cli, enum desk_use use, struct desk **out,
    struct tb_err *err)
{
	long long timeout_s = LOCK_TIMEOUT_S;
	struct desk *desk = NULL;
	enum tb_status status = TB_OK;

	*out = NULL;
	if (opt.lock_timeout != NULL)
		status = cli_integer("--lock-timeout", opt.lock_timeout, 0,
		    LOCK_TIMEOUT_S_MAX, &timeout_s, err);
	if (status == TB_OK)
		status = config_read(&books.config, cli->config,
		    cli->config_given, err);
	if (status == TB_OK)
		status = db_open(&books.db, cli->db, DB_WRITE, err);
	if (status == TB_OK)
		status = desk_open(&desk, books.db, &books.config, use, err);
	if (status == TB_OK)
		status = check_live(cli, desk, err);
	if (status != TB_OK) {
		trade_close(desk);
		return status;
	}
	desk->fixed = cli->at_given;
	desk->instant_us = cli->now_us;
	desk->may_send = true;
	desk->lock.timeout_ms = timeout_s * 1000;
	desk->lock.stop = &trade_stop;
	*out = desk;
	return TB_OK;
}

void
trade_close(struct desk *desk)
{
	desk_close(desk);
	db_close(books.db);
	books.db = NULL;
}

void
trade_say(const char *place, const struct outcome *o)
{
	struct tb_err words = { .status = o->status };

	if (o->warning[0] != '\0')
		cli_warn("%s%s", place, o->warning);
	if (o->note[0] != '\0')
		cli_detail("%s%s", place, o->note);
	snprintf(words.msg, sizeof(words.msg), "%s%.480s", place,
	    o->answer.message);
	if (o->status != TB_OK)
		cli_error(&words);
	else if (o->answer.reason != REASON_NONE)
		cli_detail("%s", words.msg);
}

static const struct cli_option options[] = {
	{ .name = "wait",
	    .argument = "S",
	    .help = "wait so long for fills",
	    .commands = "-, buy, sell",
	    .value = &opt.wait },
	{ .name = "lock-timeout",
	    .argument = "S",
	    .help = "wait so long for another run that sends (30)",
	    .commands = "-, buy, sell, refresh, cancel",
	    .value = &opt.lock_timeout },
	{ .name = "id",
	    .argument = "ID",
	    .help = "the same ID is one order, ever",
	    .commands = "buy, sell",
	    .value = &opt.id },
	{ .name = "live",
	    .help = "real orders are meant: needed for the first of a database",
	    .commands = "-, buy, sell",
	    .given = &opt.live },
	{ .name = "limit",
	    .argument = "PRICE",
	    .help = "at this price or a better one",
	    .commands = "buy, sell, preview",
	    .value = &opt.limit },
	{ .name = "ioc",
	    .help = "with a limit: what can't be filled at once is cancelled",
	    .commands = "buy, sell, preview",
	    .given = &opt.ioc },
	{ .name = "post-only",
	    .help = "with a limit: never take what another one offers",
	    .commands = "buy, sell, preview",
	    .given = &opt.post_only },
	{ .name = "refused",
	    .help = "what was refused, instead of trades",
	    .commands = "list",
	    .given = &opt.refused },
	{ 0 },
};

static const struct cli_command commands[] = {
	{ "", "", "act on the lines of standard input", run_lines, CLI_DRY,
	    "answer" },
	{ "buy", "PRODUCT USD", "buy for an amount, fee included", run_buy,
	    CLI_DRY, "answer" },
	{ "sell", "PRODUCT USD|all", "sell for an amount, or all that is held",
	    run_sell, CLI_DRY, "answer" },
	{ "preview", "buy|sell PRODUCT USD|all",
	    "everything but sending: size, fee, limits, lots, gain",
	    run_preview, CLI_DRY, "preview" },
	{ "list", "[PRODUCT]", "trades, newest first", run_list, CLI_DRY,
	    "trade" },
	{ "show", "ID",
	    "a decision's answer again, by trade, order or its own id",
	    run_show, CLI_DRY, "answer" },
	{ "refresh", "", "ask the venue about orders that are not settled",
	    run_refresh, 0, "trade" },
	{ "cancel", "ID", "cancel an open order, by trade or order", run_cancel,
	    0, "trade" },
	{ "limits", "", "what may still be risked", run_limits, CLI_DRY,
	    "limit" },
	{ "halt", "[WHY]", "stop all trading", run_halt, 0, NULL },
	{ "resume", "", "trade again, once the books are verified", run_resume,
	    0, NULL },
	{ "status", "", "may anything be sent now?", run_status,
	    CLI_DRY | CLI_ASKS, "status" },
	{ 0 },
};

int
main(int argc, char *argv[])
{
	static const struct cli_tool tool = {
		.name = "tb-trade",
		.purpose = "act on decisions, at most one order for each",
		.options = options,
		.commands = commands,
		.flags = CLI_GUARDED | CLI_EPIPE,
	};

	return cli_main(&tool, argc, argv);
}
