/* tb-sync import: candles and trades from a file. */

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/instant.h"
#include "base/market.h"
#include "io/progress.h"
#include "sync/import.h"
#include "tb-sync.h"

static enum tb_status
parse_product(const char *text, struct tb_err *err)
{
	if (text == NULL || product_id_is_valid(text, strlen(text)))
		return TB_OK;
	return tb_fail(err, TB_EUSAGE,
	    "expected a product such as BTC-USD, found \"%s\"", text);
}

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
		status = sync_check_instant(cli, *db, err);
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
	sync_put_count(w, "rows", n->rows);
	sync_put_count(w, "inserted", n->inserted);
	sync_put_count(w, "same", n->same);
	sync_put_count(w, "different", n->different);
	sync_put_count(w, "replaced", n->replaced);
	sync_put_count(w, "unfinished", n->unfinished);
	sync_put_count(w, "incomplete", n->incomplete);
	sync_put_count(w, "bad", n->bad);
	if (any) {
		sync_put_instant(w, "from", n->first_s * INSTANT_US_PER_S);
		sync_put_instant(w, "to",
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

enum tb_status
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
		status = sync_granularity("--granularity", opt.granularity,
		    &import.granularity_s, err);
	if (status == TB_OK)
		status = sync_granularity("--resample", opt.resample,
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
	sync_put_count(w, "rows", n->rows);
	sync_put_count(w, "inserted", n->inserted);
	sync_put_count(w, "same", n->same);
	sync_put_count(w, "bad", n->bad);
	sync_put_count(w, "products_assumed", n->products);
	if (n->inserted + n->same > 0) {
		sync_put_instant(w, "from", n->first_us);
		sync_put_instant(w, "to", n->last_us);
	}
	json_close(w, '}');
	written = cli_rows_end(&rows, cli_row_end(&rows, err), err);
	return written == TB_OK ? status : written;
}

enum tb_status
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
