/* tb-sync coverage, tb-sync gaps: what is stored and what is missing. */

#include <string.h>

#include "base/instant.h"
#include "base/market.h"
#include "store/candles.h"
#include "tb-sync.h"

#define SERIES_MAX 8192 /* products by granularities */
#define GAPS_PAGE 256

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
	sync_put_instant(w, "from", series->first_s * INSTANT_US_PER_S);
	sync_put_instant(w, "to",
	    (series->last_s + series->granularity_s) * INSTANT_US_PER_S);
	sync_put_instant(w, "synced_until", series->synced_until_us);
	json_close(w, '}');
}

static struct candle_series stored[SERIES_MAX];

/* All that is stored.  errors: TB_ERANGE more than SERIES_MAX */
static enum tb_status
load_series(struct db *db, size_t *count, struct tb_err *err)
{
	enum tb_status status =
	    candles_series(db, stored, SERIES_MAX, count, err);

	if (status == TB_OK && *count == SERIES_MAX)
		status = tb_fail(err, TB_ERANGE,
		    "%d or more series of candles: too many", SERIES_MAX);
	return status;
}

enum tb_status
run_coverage(const struct cli *cli, struct tb_err *err)
{
	struct cli_rows rows;
	struct db *db = NULL;
	enum tb_status status;
	size_t count = 0;

	status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = load_series(db, &count, err);
	db_close(db);
	if (status != TB_OK)
		return status;
	if (count == 0)
		cli_note("no candles are stored: run tb-sync candles PRODUCT,"
			 " or tb-sync import candles");
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
	sync_put_instant(w, "from", gap->from_s * INSTANT_US_PER_S);
	sync_put_instant(w, "to", gap->to_s * INSTANT_US_PER_S);
	sync_put_count(w, "missing", (uint64_t)gap->missing);
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

	status = load_series(db, &count, err);
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

enum tb_status
run_gaps(const struct cli *cli, struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status;
	int granularity_s = 0;

	status = sync_granularity("--granularity", opt.granularity,
	    &granularity_s, err);
	if (status == TB_OK)
		status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = write_all_gaps(cli, db, granularity_s, err);
	db_close(db);
	return status;
}
