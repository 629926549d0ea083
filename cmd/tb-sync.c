/*
 * tb-sync: bring the database up to what the venue knows: products, candles,
 * orders, fills, balances; and files.
 *
 * stdin   with "-" for FILE: candles or trades, as CSV, NDJSON or JSON
 * stdout  what each step came to, one object a line
 * db	   one transaction a page of the venue, or a file; orders and fills
 *	   under the send lock
 * exit	   0; 5 an order may be live; 6 some of it could not be had, or rows
 *	   were bad and --keep-going left them out; 8 venue and books differ;
 *	   69, 75 the venue can't be asked now; else see tb(7)
 *
 * It sends no order: orders come of tb-trade alone.
 */

#include "tb-sync.h"

#include <string.h>

#include "base/instant.h"
#include "base/market.h"
#include "order/config.h"

struct sync_options opt;

enum tb_status
sync_granularity(const char *option, const char *text, int *out,
    struct tb_err *err)
{
	*out = 0;
	if (text == NULL || granularity_parse(text, strlen(text), out) == TB_OK)
		return TB_OK;
	return tb_fail(err, TB_EUSAGE,
	    "%s: expected 1m 5m 15m 30m 1h 2h 4h 6h 12h or 1d, found \"%s\"",
	    option, text);
}

enum tb_status
sync_check_instant(const struct cli *cli, struct db *db, struct tb_err *err)
{
	char venue[32];
	enum tb_status status = TB_OK;

	if (cli->at_given)
		status = db_meta_get(db, META_VENUE, venue, sizeof(venue), err);
	if (status != TB_OK || !cli->at_given || strcmp(venue, "paper") == 0)
		return status;
	return tb_fail(err, TB_EUSAGE,
	    "--at: this database is of %s; only paper takes another instant",
	    venue);
}

/* The parts of an open desk that outlive sync_open(). */
static struct {
	struct config config;
	struct db *db;
} books;

#define LOCK_TIMEOUT_MS 30000

enum tb_status
sync_open(const struct cli *cli, enum desk_use use, struct desk **out,
    struct tb_err *err)
{
	enum tb_status status;

	*out = NULL;
	status =
	    config_read(&books.config, cli->config, cli->config_given, err);
	if (status == TB_OK)
		status = db_open(&books.db, cli->db, DB_WRITE, err);
	if (status == TB_OK)
		status = sync_check_instant(cli, books.db, err);
	if (status == TB_OK)
		status = desk_open(out, books.db, &books.config, use, err);
	if (status != TB_OK) {
		sync_close(NULL);
		return status;
	}
	(*out)->fixed = cli->at_given;
	(*out)->instant_us = cli->now_us;
	(*out)->may_send = false;
	(*out)->lock.timeout_ms = LOCK_TIMEOUT_MS;
	return TB_OK;
}

void
sync_close(struct desk *desk)
{
	desk_close(desk);
	db_close(books.db);
	books.db = NULL;
}

const struct cli_column sync_columns[] = {
	{ "what", "What", CLI_TEXT, 0 },
	{ "product_id", "Product", CLI_TEXT, 0 },
	{ "granularity", "Candles", CLI_TEXT, 0 },
	{ "listed", "Listed", CLI_FIGURE, 0 },
	{ "changed", "New", CLI_FIGURE, 0 },
	{ "missing", "Missing", CLI_FIGURE, 0 },
	{ "from", "From", CLI_INSTANT, 0 },
	{ "to", "To", CLI_INSTANT, 0 },
	{ 0 },
};

enum tb_status
sync_say(struct cli_rows *rows, const struct sync_step *step,
    struct tb_err *err)
{
	struct json_writer *w;

	if (rows == NULL)
		return TB_OK;
	w = cli_row(rows);
	json_open(w, '{');
	json_key(w, "what");
	json_string(w, step->what);
	if (step->product_id != NULL) {
		json_key(w, "product_id");
		json_string(w, step->product_id);
	}
	if (step->granularity_s != 0) {
		json_key(w, "granularity");
		json_string(w, granularity_name(step->granularity_s));
	}
	sync_put_count(w, "listed", step->listed);
	sync_put_count(w, "changed", step->changed);
	if (step->granularity_s != 0) {
		sync_put_count(w, "missing", step->missing);
		sync_put_instant(w, "from", step->from_s * INSTANT_US_PER_S);
		sync_put_instant(w, "to", step->to_s * INSTANT_US_PER_S);
	}
	json_close(w, '}');
	return cli_row_end(rows, err);
}

void
sync_put_instant(struct json_writer *w, const char *key, int64_t us)
{
	char text[INSTANT_STRLEN];

	instant_format(us, text);
	json_key(w, key);
	json_string(w, text);
}

void
sync_put_count(struct json_writer *w, const char *key, uint64_t n)
{
	json_key(w, key);
	json_int(w, (long long)n);
}

static const struct cli_option options[] = {
	{ .name = "product",
	    .argument = "PRODUCT",
	    .help = "the product of candles, or of trades that name none",
	    .commands = "import candles, import trades",
	    .value = &opt.product },
	{ .name = "granularity",
	    .argument = "G",
	    .help = "5m, 1h, ... ; of a file found out where not given",
	    .commands = "candles, gaps, import candles",
	    .value = &opt.granularity },
	{ .name = "since",
	    .argument = "TIME",
	    .help = "from then on, instead of where the last run ended",
	    .commands = "candles, orders, fills",
	    .value = &opt.since },
	{ .name = "refill",
	    .help = "ask again for all that is missing since then",
	    .commands = "candles",
	    .given = &opt.refill },
	{ .name = "fix",
	    .help = "book what differs: deposits, withdrawals, coins",
	    .commands = "reconcile",
	    .given = &opt.fix },
	{ .name = "as-not-placed",
	    .help = "the venue never got it: give it up",
	    .commands = "resolve",
	    .given = &opt.as_not_placed },
	{ .name = "as",
	    .argument = "ORDER_ID",
	    .help = "it is this order of the venue's",
	    .commands = "resolve",
	    .value = &opt.as },
	{ .name = "resample",
	    .argument = "G",
	    .help = "store larger candles that are made of the file's",
	    .commands = "import candles",
	    .value = &opt.resample },
	{ .name = "replace",
	    .help = "stored candles with other figures change",
	    .commands = "import candles",
	    .given = &opt.replace },
	{ .name = "keep-going",
	    .help = "leave bad rows out",
	    .commands = "import candles, import trades",
	    .given = &opt.keep_going },
	{ 0 },
};

static const struct cli_command commands[] = {
	{ "", "", "all that the running bots and open orders need", run_all, 0,
	    "synced" },
	{ "products", "", "what can be traded, and in which steps",
	    run_products, 0, "synced" },
	{ "candles", "PRODUCT", "candles of a product, up to now", run_candles,
	    0, "synced" },
	{ "orders", "", "orders, whoever placed them", run_orders, 0,
	    "synced" },
	{ "fills", "", "executions, whoever caused them", run_fills, 0,
	    "synced" },
	{ "balances", "", "what the venue holds for us", run_balances, 0,
	    "synced" },
	{ "reconcile", "", "what became of orders; do books and venue agree?",
	    run_reconcile, 0, "reconciliation" },
	{ "resolve", "INTENT", "say what became of an order that is unknown",
	    run_resolve, 0, "resolution" },
	{ "doctor", "", "is all well? a verdict on each part", run_doctor,
	    CLI_DRY | CLI_ASKS, "diagnosis" },
	{ "import candles", "FILE|-", "store the candles of a file",
	    run_import_candles, CLI_DRY, "import" },
	{ "import trades", "FILE|-", "book the trades of a file",
	    run_import_trades, CLI_DRY, "import-trades" },
	{ "coverage", "", "list the candles that are stored", run_coverage,
	    CLI_DRY, "coverage" },
	{ "gaps", "[PRODUCT]", "list the candles that are missing", run_gaps,
	    CLI_DRY, "gap" },
	{ 0 },
};

int
main(int argc, char *argv[])
{
	static const struct cli_tool tool = { .name = "tb-sync",
		.purpose = "bring in what the venue and files know",
		.options = options,
		.commands = commands,
		.flags = CLI_GUARDED | CLI_EPIPE };

	return cli_main(&tool, argc, argv);
}
