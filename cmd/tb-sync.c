/*
 * tb-sync: bring candles and trades into the database, and see what is
 * missing.
 *
 * stdin   with "-" for FILE: candles or trades, as CSV, NDJSON or JSON
 * stdout  what was imported, one object; what is stored or missing, one object
 *	   a line
 * db	   import: one transaction a file; reconcile: orders and fills; else
 *	   read
 * exit	   0; 5 an order may be live; 6 some rows were bad and --keep-going left
 *	   them out; 65 a bad row: nothing was imported; with -e, 1 when there
 *	   are gaps; else see tb(7)
 */

#include "tb-sync.h"

#include <string.h>

#include "base/instant.h"
#include "base/market.h"

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
	    .help = "5m, 1h, ... ; found out from the file where not given",
	    .commands = "import candles, candles",
	    .value = &opt.granularity },
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
	{ .name = "gaps",
	    .help = "list what is missing between stored candles",
	    .commands = "candles",
	    .given = &opt.gaps },
	{ 0 },
};

static const struct cli_command commands[] = {
	{ "", "", "list the candles that are stored", run_series, CLI_DRY,
	    "coverage" },
	{ "import candles", "FILE|-", "store the candles of a file",
	    run_import_candles, CLI_DRY, "import" },
	{ "import trades", "FILE|-", "book the trades of a file",
	    run_import_trades, CLI_DRY, "import-trades" },
	{ "candles", "[PRODUCT]", "see what is missing", run_candles, CLI_DRY,
	    "gap" },
	{ "reconcile", "", "ask the venue what became of orders", run_reconcile,
	    0, "reconciliation" },
	{ 0 },
};

int
main(int argc, char *argv[])
{
	static const struct cli_tool tool = { .name = "tb-sync",
		.purpose = "bring candles and trades in",
		.options = options,
		.commands = commands,
		.flags = CLI_EPIPE };

	return cli_main(&tool, argc, argv);
}
