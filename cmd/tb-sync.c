/*
 * tb-sync: bring candles and trades into the database, and see what is
 * missing.
 *
 * stdin   with "-" for FILE: candles or trades, as CSV, NDJSON or JSON
 * stdout  what was imported, one object; gaps, one object a line
 * db	   import: one transaction a file; candles --gaps: read
 * exit	   0; 6 some rows were bad and --keep-going left them out; 65 a bad row:
 *	   nothing was imported; with -e, 1 when there are gaps; else see tb(7)
 */

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/instant.h"
#include "base/market.h"
#include "cli.h"
#include "io/progress.h"
#include "store/candles.h"
#include "store/db.h"
#include "sync/import.h"

#define SERIES_MAX 1024
#define GAPS_PAGE 256

static struct {
	const char *product;
	const char *granularity;
	const char *resample;
	bool gaps;
	bool keep_going;
	bool replace;
} opt;

/* ---------------------------------------------------------- shared parts -- */

static enum tb_status
parse_granularity(const char *option, const char *text, int *out,
    struct tb_err *err)
{
	*out = 0;
	if (text == NULL || granularity_parse(text, strlen(text), out) == TB_OK)
		return TB_OK;
	return tb_fail(err, TB_EUSAGE,
	    "%s: expected 1m 5m 15m 30m 1h 2h 4h 6h 12h or 1d, found \"%s\"",
	    option, text);
}

static enum tb_status
parse_product(const char *text, struct tb_err *err)
{
	if (text == NULL || product_id_is_valid(text, strlen(text)))
		return TB_OK;
	return tb_fail(err, TB_EUSAGE,
	    "expected a product such as BTC-USD, found \"%s\"", text);
}

/* Another instant than now makes sense on paper only. */
static enum tb_status
check_instant(const struct cli *cli, struct db *db, struct tb_err *err)
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

static void
put_instant(struct json_writer *w, const char *key, int64_t us)
{
	char text[INSTANT_STRLEN];

	instant_format(us, text);
	json_key(w, key);
	json_string(w, text);
}

static void
put_count(struct json_writer *w, const char *key, uint64_t n)
{
	json_key(w, key);
	json_int(w, (long long)n);
}

/* ---------------------------------------------------------------- import -- */

/* A file being imported, and the line that shows how far. */
struct source {
	struct progress progress;
	uint64_t bytes; /* of the file; 0: not known */
	int fd;
};

static void
tell_bad(const struct tb_err *err, void *arg)
{
	struct source *source = arg;

	progress_end(&source->progress);
	cli_error(err);
}

static void
show_progress(uint64_t bytes, uint64_t rows, void *arg)
{
	struct source *source = arg;

	if (source->bytes > 0)
		progress_show(&source->progress, bytes, source->bytes, "bytes");
	else
		progress_show(&source->progress, rows, 0, "rows");
}

static enum tb_status
open_source(const struct cli *cli, struct source *source, struct import *import,
    struct tb_err *err)
{
	enum tb_status status;
	struct stat st;

	*source = (struct source){ .fd = -1 };
	status = cli_open_input(cli->argv[0], &source->fd, err);
	if (status != TB_OK)
		return status;
	if (fstat(source->fd, &st) == 0 && S_ISREG(st.st_mode))
		source->bytes = (uint64_t)st.st_size;
	progress_begin(&source->progress, STDERR_FILENO, "importing",
	    cli->quiet);
	*import = (struct import){ .fd = source->fd,
		.name = strcmp(cli->argv[0], "-") == 0 ? "standard input" :
							 cli->argv[0],
		.product_id = opt.product,
		.keep_going = opt.keep_going,
		.dry_run = cli->dry_run,
		.now_us = cli->now_us,
		.on_bad = tell_bad,
		.on_progress = show_progress,
		.arg = source,
		.replace = opt.replace };
	return parse_product(opt.product, err);
}

static void
close_source(struct source *source)
{
	progress_end(&source->progress);
	if (source->fd > STDIN_FILENO)
		(void)close(source->fd);
}

static enum tb_status
open_for_import(const struct cli *cli, struct db **db, struct tb_err *err)
{
	enum tb_status status = db_open(db, cli->db, DB_WRITE, err);

	if (status == TB_OK)
		status = check_instant(cli, *db, err);
	return status;
}

static void
warn_rounded(uint64_t rows)
{
	if (rows > 0)
		cli_warn("%llu rows have more than 18 decimals: rounded",
		    (unsigned long long)rows);
}

static const struct cli_column candle_columns[] = {
	{ "product_id", "Product", CLI_TEXT, 0 },
	{ "granularity", "Candles", CLI_TEXT, 0 },
	{ "rows", "Rows", CLI_FIGURE, 0 },
	{ "inserted", "Inserted", CLI_FIGURE, 0 },
	{ "same", "Same", CLI_FIGURE, 0 },
	{ "different", "Different", CLI_FIGURE, 0 },
	{ "replaced", "Replaced", CLI_FIGURE, 0 },
	{ "unfinished", "Unfinished", CLI_FIGURE, 0 },
	{ "incomplete", "Incomplete", CLI_FIGURE, 0 },
	{ "bad", "Bad", CLI_FIGURE, 0 },
	{ "from", "From", CLI_INSTANT, 0 },
	{ "to", "To", CLI_INSTANT, 0 },
	{ 0 },
};

static void
put_candle_counts(struct json_writer *w, const struct candle_counts *n)
{
	bool any = n->inserted + n->same + n->different + n->replaced > 0;

	json_open(w, '{');
	json_key(w, "product_id");
	json_string(w, opt.product);
	json_key(w, "granularity");
	json_string(w, granularity_name(n->granularity_s));
	put_count(w, "rows", n->rows);
	put_count(w, "inserted", n->inserted);
	put_count(w, "same", n->same);
	put_count(w, "different", n->different);
	put_count(w, "replaced", n->replaced);
	put_count(w, "unfinished", n->unfinished);
	put_count(w, "incomplete", n->incomplete);
	put_count(w, "bad", n->bad);
	if (any) {
		put_instant(w, "from", n->first_s * INSTANT_US_PER_S);
		put_instant(w, "to",
		    (n->last_s + n->granularity_s) * INSTANT_US_PER_S);
	}
	json_close(w, '}');
}

/* The counts are written whether rows were left out or not. */
static enum tb_status
report_candles(const struct cli *cli, const struct candle_counts *n,
    enum tb_status status, struct tb_err *err)
{
	struct cli_rows rows;
	enum tb_status written;

	if (status != TB_OK && status != TB_EPARTIAL)
		return status;
	warn_rounded(n->rounded);
	if (n->different > 0)
		cli_warn("%llu candles are stored with other figures, which "
			 "stay: --replace takes the file's",
		    (unsigned long long)n->different);
	cli_rows_begin(&rows, cli, candle_columns, CLI_ONE);
	put_candle_counts(cli_row(&rows), n);
	written = cli_rows_end(&rows, cli_row_end(&rows, err), err);
	return written == TB_OK ? status : written;
}

static enum tb_status
run_import_candles(const struct cli *cli, struct tb_err *err)
{
	struct candle_counts counts = { 0 };
	struct source source;
	struct import import;
	struct db *db = NULL;
	enum tb_status status;

	if (opt.product == NULL)
		return tb_fail(err, TB_EUSAGE,
		    "--product: say what these are candles of");
	status = open_source(cli, &source, &import, err);
	if (status == TB_OK)
		status = parse_granularity("--granularity", opt.granularity,
		    &import.granularity_s, err);
	if (status == TB_OK)
		status = parse_granularity("--resample", opt.resample,
		    &import.resample_s, err);
	if (status == TB_OK)
		status = open_for_import(cli, &db, err);
	if (status == TB_OK)
		status = import_candles(db, &import, &counts, err);
	db_close(db);
	close_source(&source);
	return report_candles(cli, &counts, status, err);
}

static const struct cli_column trade_columns[] = {
	{ "rows", "Rows", CLI_FIGURE, 0 },
	{ "inserted", "Inserted", CLI_FIGURE, 0 },
	{ "same", "Same", CLI_FIGURE, 0 },
	{ "bad", "Bad", CLI_FIGURE, 0 },
	{ "products_assumed", "New products", CLI_FIGURE, 0 },
	{ "from", "From", CLI_INSTANT, 0 },
	{ "to", "To", CLI_INSTANT, 0 },
	{ 0 },
};

static enum tb_status
report_trades(const struct cli *cli, const struct trade_counts *n,
    enum tb_status status, struct tb_err *err)
{
	struct cli_rows rows;
	struct json_writer *w;
	enum tb_status written;

	if (status != TB_OK && status != TB_EPARTIAL)
		return status;
	warn_rounded(n->rounded);
	cli_rows_begin(&rows, cli, trade_columns, CLI_ONE);
	w = cli_row(&rows);
	json_open(w, '{');
	put_count(w, "rows", n->rows);
	put_count(w, "inserted", n->inserted);
	put_count(w, "same", n->same);
	put_count(w, "bad", n->bad);
	put_count(w, "products_assumed", n->products);
	if (n->inserted + n->same > 0) {
		put_instant(w, "from", n->first_us);
		put_instant(w, "to", n->last_us);
	}
	json_close(w, '}');
	written = cli_rows_end(&rows, cli_row_end(&rows, err), err);
	return written == TB_OK ? status : written;
}

static enum tb_status
run_import_trades(const struct cli *cli, struct tb_err *err)
{
	struct trade_counts counts = { 0 };
	struct source source;
	struct import import;
	struct db *db = NULL;
	enum tb_status status;

	status = open_source(cli, &source, &import, err);
	if (status == TB_OK)
		status = open_for_import(cli, &db, err);
	if (status == TB_OK)
		status = import_trades(db, &import, &counts, err);
	db_close(db);
	close_source(&source);
	return report_trades(cli, &counts, status, err);
}

/* ---------------------------------------------------------------- series -- */

static const struct cli_column series_columns[] = {
	{ "product_id", "Product", CLI_TEXT, 0 },
	{ "granularity", "Candles", CLI_TEXT, 0 },
	{ "from", "From", CLI_INSTANT, 0 },
	{ "to", "To", CLI_INSTANT, 0 },
	{ "synced_until", "Synced until", CLI_INSTANT, 0 },
	{ 0 },
};

static void
put_series(struct json_writer *w, const struct candle_series *series)
{
	json_open(w, '{');
	json_key(w, "product_id");
	json_string(w, series->product_id);
	json_key(w, "granularity");
	json_string(w, granularity_name(series->granularity_s));
	put_instant(w, "from", series->first_s * INSTANT_US_PER_S);
	put_instant(w, "to",
	    (series->last_s + series->granularity_s) * INSTANT_US_PER_S);
	put_instant(w, "synced_until", series->synced_until_us);
	json_close(w, '}');
}

static struct candle_series stored[SERIES_MAX];

static enum tb_status
run_main(const struct cli *cli, struct tb_err *err)
{
	struct cli_rows rows;
	struct db *db = NULL;
	enum tb_status status;
	size_t count = 0;

	status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = candles_series(db, stored, SERIES_MAX, &count, err);
	db_close(db);
	if (status != TB_OK)
		return status;
	if (count == 0)
		cli_note("no candles are stored: run tb-sync import candles");
	cli_rows_begin(&rows, cli, series_columns, 0);
	for (size_t i = 0; i < count && status == TB_OK; i++) {
		put_series(cli_row(&rows), &stored[i]);
		status = cli_row_end(&rows, err);
	}
	return cli_rows_end(&rows, status, err);
}

/* ------------------------------------------------------------------ gaps -- */

static const struct cli_column gap_columns[] = {
	{ "product_id", "Product", CLI_TEXT, 0 },
	{ "granularity", "Candles", CLI_TEXT, 0 },
	{ "from", "From", CLI_INSTANT, 0 },
	{ "to", "To", CLI_INSTANT, 0 },
	{ "missing", "Missing", CLI_FIGURE, 0 },
	{ 0 },
};

static void
put_gap(struct json_writer *w, const struct candle_series *series,
    const struct candle_gap *gap)
{
	json_open(w, '{');
	json_key(w, "product_id");
	json_string(w, series->product_id);
	json_key(w, "granularity");
	json_string(w, granularity_name(series->granularity_s));
	put_instant(w, "from", gap->from_s * INSTANT_US_PER_S);
	put_instant(w, "to", gap->to_s * INSTANT_US_PER_S);
	put_count(w, "missing", (uint64_t)gap->missing);
	json_close(w, '}');
}

static enum tb_status
write_gaps(struct cli_rows *rows, struct db *db,
    const struct candle_series *series, struct tb_err *err)
{
	static struct candle_gap gaps[GAPS_PAGE];
	enum tb_status status;
	int64_t from_s = series->first_s;
	size_t count;

	do {
		status =
		    candles_gaps(db, series->product_id, series->granularity_s,
			from_s, gaps, GAPS_PAGE, &count, err);
		for (size_t i = 0; i < count && status == TB_OK; i++) {
			put_gap(cli_row(rows), series, &gaps[i]);
			status = cli_row_end(rows, err);
		}
		if (count > 0)
			from_s = gaps[count - 1].to_s;
	} while (status == TB_OK && count == GAPS_PAGE);
	return status;
}

/* PRODUCT and --granularity choose among all that is stored. */
static bool
is_chosen(const struct cli *cli, const struct candle_series *series,
    int granularity_s)
{
	return (cli->argc == 0 ||
		   strcmp(series->product_id, cli->argv[0]) == 0) &&
	    (granularity_s == 0 || series->granularity_s == granularity_s);
}

static enum tb_status
write_all_gaps(const struct cli *cli, struct db *db, int granularity_s,
    struct tb_err *err)
{
	struct cli_rows rows;
	enum tb_status status;
	size_t count, chosen = 0;

	status = candles_series(db, stored, SERIES_MAX, &count, err);
	if (status != TB_OK)
		return status;
	cli_rows_begin(&rows, cli, gap_columns, 0);
	for (size_t i = 0; i < count && status == TB_OK; i++) {
		if (!is_chosen(cli, &stored[i], granularity_s))
			continue;
		chosen++;
		status = write_gaps(&rows, db, &stored[i], err);
	}
	if (status == TB_OK && chosen == 0 && cli->argc > 0)
		status = tb_fail(err, TB_ENOENT, "%s: no candles are stored",
		    cli->argv[0]);
	if (status == TB_OK && rows.count > 0)
		status = TB_END;
	return cli_rows_end(&rows, status, err);
}

static enum tb_status
run_candles(const struct cli *cli, struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status;
	int granularity_s = 0;

	if (!opt.gaps)
		return tb_fail(err, TB_EUSAGE,
		    "candles: give --gaps to see what is missing; candles come "
		    "in by tb-sync import candles");
	status = parse_granularity("--granularity", opt.granularity,
	    &granularity_s, err);
	if (status == TB_OK)
		status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = write_all_gaps(cli, db, granularity_s, err);
	db_close(db);
	return status;
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
	{ "", "", "list the candles that are stored", run_main, CLI_DRY,
	    "coverage" },
	{ "import candles", "FILE|-", "store the candles of a file",
	    run_import_candles, CLI_DRY, "import" },
	{ "import trades", "FILE|-", "book the trades of a file",
	    run_import_trades, CLI_DRY, "import-trades" },
	{ "candles", "[PRODUCT]", "see what is missing", run_candles, CLI_DRY,
	    "gap" },
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
