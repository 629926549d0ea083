/*
 * tb-signal: series, candle by candle.
 *
 *	candles (the database, a CSV file, standard input) --> rows
 *
 * Candles are taken in blocks; all series go over a block before its rows are
 * written.  A series starts at the first candle: unlike a bot's, its values
 * have no anchor.
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/instant.h"
#include "io/csv.h"
#include "store/bars.h"
#include "store/candles.h"
#include "tb-signal.h"

#define SERIES_MAX 16 /* of one run */
#define SHOWN_MAX (SERIES_MAX * 3)
#define BLOCK 1024 /* candles */
#define KEY_MAX (SERIES_STRLEN + 16)
#define PAIRS_MAX 1024	     /* products and granularities stored */
#define TABLE_DIGITS 8	     /* significant ones, for people */
#define OUT_MAX (UINT32_MAX) /* bytes of a table */
#define OUT_WRITE (1U << 16) /* bytes of a write of CSV */

/* One series on its way. */
struct runner {
	struct series series;
	void *state; /* owned */
	double values[INDICATOR_COLUMNS_MAX][BLOCK];
};

/* A column of the output. */
struct shown {
	char key[KEY_MAX];
	const double *values; /* of the block; borrowed from a runner */
};

struct job {
	const struct cli *cli;
	struct runner *runners[SERIES_MAX]; /* owned */
	size_t runner_count;
	struct shown shown[SHOWN_MAX];
	size_t shown_count;
	int64_t starts_s[BLOCK];
	double open[BLOCK], high[BLOCK], low[BLOCK], close[BLOCK],
	    volume[BLOCK];
	size_t count;	      /* candles of the block */
	struct cli_rows rows; /* of JSON */
	struct table *table;
	struct buffer out; /* of CSV and a table */
};

/* ------------------------------------------------------------- series -- */

static void
show_columns(struct job *job, const struct runner *r, bool alone)
{
	const char *const *columns = r->series.indicator->columns;
	char name[SERIES_STRLEN];

	(void)series_name(&r->series, name);
	for (size_t c = 0; columns[c] != NULL; c++) {
		struct shown *shown = &job->shown[job->shown_count++];

		shown->values = r->values[c];
		if (alone)
			(void)snprintf(shown->key, KEY_MAX, "%s", columns[c]);
		else if (columns[1] == NULL)
			(void)snprintf(shown->key, KEY_MAX, "%s", name);
		else
			(void)snprintf(shown->key, KEY_MAX, "%s.%s", name,
			    columns[c]);
	}
}

static enum tb_status
add_runner(struct job *job, const struct series *series, struct tb_err *err)
{
	struct runner *r;

	for (size_t i = 0; i < job->runner_count; i++) {
		char name[SERIES_STRLEN];

		if (!series_equal(&job->runners[i]->series, series))
			continue;
		(void)series_name(series, name);
		return tb_fail(err, TB_EUSAGE, "%s stands there twice", name);
	}
	if (job->runner_count == SERIES_MAX)
		return tb_fail(err, TB_EUSAGE,
		    "more than %d series: ask for fewer at a time", SERIES_MAX);
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		return tb_nomem(err);
	job->runners[job->runner_count++] = r;
	r->series = *series;
	r->state = malloc(series_state_size(series));
	if (r->state == NULL)
		return tb_nomem(err);
	series_init(series, r->state);
	return TB_OK;
}

/* The list of the command line, "rsi(14),macd(12,26,9)". */
static enum tb_status
read_series(struct job *job, const char *list, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	for (const char *rest = list; rest != NULL && status == TB_OK;) {
		const char *text = rest;
		size_t len = series_split(text, &rest);
		struct series series;

		if (series_parse(text, len, &series, err) != TB_OK)
			return TB_EUSAGE;
		status = add_runner(job, &series, err);
	}
	for (size_t i = 0; i < job->runner_count && status == TB_OK; i++)
		show_columns(job, job->runners[i], job->runner_count == 1);
	return status;
}

/* ------------------------------------------------------------- output -- */

static enum tb_status
begin_table(struct job *job, struct tb_err *err)
{
	char headings[SHOWN_MAX][KEY_MAX + 1];
	const char *list[SHOWN_MAX + 2] = { "Candle" };

	if (job->shown_count >= TABLE_COLUMNS_MAX)
		return tb_fail(err, TB_EUSAGE,
		    "a table has room for %d columns of values, not %zu: ask"
		    " for -o csv",
		    TABLE_COLUMNS_MAX - 1, job->shown_count);
	for (size_t i = 0; i < job->shown_count; i++) {
		(void)snprintf(headings[i], sizeof(headings[i]), ">%s",
		    job->shown[i].key);
		list[i + 1] = headings[i];
	}
	return table_open(&job->table, list, job->cli->colour, err);
}

/* Commas stand in most names: quoted as RFC 4180 has it. */
static void
begin_csv(struct job *job)
{
	buffer_add_string(&job->out, "timestamp");
	for (size_t i = 0; i < job->shown_count; i++) {
		const char *key = job->shown[i].key;
		const char *quote = strchr(key, ',') == NULL ? "" : "\"";

		buffer_add_format(&job->out, ",%s%s%s", quote, key, quote);
	}
	buffer_add_char(&job->out, '\n');
}

static enum tb_status
begin_output(struct job *job, struct tb_err *err)
{
	if (job->cli->format == CLI_TABLE)
		return begin_table(job, err);
	if (job->cli->format == CLI_CSV)
		begin_csv(job);
	else
		cli_rows_begin(&job->rows, job->cli, NULL, CLI_BULK);
	return TB_OK;
}

static enum tb_status
write_json(struct job *job, size_t i, struct tb_err *err)
{
	struct json_writer *w = cli_row(&job->rows);
	char text[REAL_STRLEN];

	json_open(w, '{');
	json_key(w, "timestamp");
	json_int(w, job->starts_s[i]);
	for (size_t c = 0; c < job->shown_count; c++) {
		double x = job->shown[c].values[i];

		json_key(w, job->shown[c].key);
		if (isfinite(x))
			json_raw(w, text, real_format(x, text));
		else
			json_null(w);
	}
	json_close(w, '}');
	return cli_row_end(&job->rows, err);
}

static void
write_csv(struct job *job, size_t i)
{
	char text[REAL_STRLEN];

	buffer_add_format(&job->out, "%lld", (long long)job->starts_s[i]);
	for (size_t c = 0; c < job->shown_count; c++) {
		double x = job->shown[c].values[i];

		buffer_add_char(&job->out, ',');
		if (isfinite(x))
			buffer_add(&job->out, text, real_format(x, text));
	}
	buffer_add_char(&job->out, '\n');
}

/* For people: fewer digits, and a time that reads as one. */
static void
write_table(struct job *job, size_t i)
{
	char when[INSTANT_STRLEN], digits[REAL_STRLEN], text[REAL_STRLEN];

	instant_format_s(job->starts_s[i], when);
	when[10] = ' ';
	when[19] = '\0';
	table_cell(job->table, when);
	for (size_t c = 0; c < job->shown_count; c++) {
		double x = job->shown[c].values[i];

		if (!isfinite(x)) {
			table_cell(job->table, NULL);
			continue;
		}
		(void)snprintf(digits, sizeof(digits), "%.*e", TABLE_DIGITS - 1,
		    x);
		(void)real_format(strtod(digits, NULL), text);
		table_cell(job->table, text);
	}
}

static enum tb_status
flush_csv(struct job *job, struct tb_err *err)
{
	enum tb_status status = buffer_status(&job->out, err);

	if (status == TB_OK && job->out.len > 0)
		status = cli_write(job->out.data, job->out.len, err);
	buffer_clear(&job->out);
	return status;
}

static enum tb_status
write_rows(struct job *job, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < job->count && status == TB_OK; i++) {
		if (job->cli->format == CLI_TABLE)
			write_table(job, i);
		else if (job->cli->format != CLI_CSV)
			status = write_json(job, i, err);
		else
			write_csv(job, i);
		if (job->cli->format == CLI_CSV && job->out.len >= OUT_WRITE)
			status = flush_csv(job, err);
	}
	return status;
}

/* All series over the block, then its rows; the block is empty again. */
static enum tb_status
finish_block(struct job *job, struct tb_err *err)
{
	const struct columns in = { job->open, job->high, job->low, job->close,
		job->volume };
	enum tb_status status;

	for (size_t i = 0; i < job->runner_count; i++) {
		struct runner *r = job->runners[i];
		double *const out[] = { r->values[0], r->values[1],
			r->values[2], r->values[3] };

		series_update(&r->series, r->state, &in, job->count, out);
	}
	status = write_rows(job, err);
	job->count = 0;
	return status;
}

static void
take_bar(struct job *job, const struct bar *bar)
{
	size_t i = job->count++;

	job->starts_s[i] = bar->start_s;
	job->open[i] = bar->open;
	job->high[i] = bar->high;
	job->low[i] = bar->low;
	job->close[i] = bar->close;
	job->volume[i] = bar->volume;
}

/* ----------------------------------------------------------- database -- */

/* The granularity that was asked for, or the only one that is stored. */
static enum tb_status
find_granularity(struct db *db, const char *product_id, int *out_s,
    struct tb_err *err)
{
	struct candle_series *pairs = calloc(PAIRS_MAX, sizeof(*pairs));
	const char *asked = signal_options.granularity;
	size_t count = 0, found = 0;
	enum tb_status status;

	if (asked != NULL) {
		free(pairs);
		if (granularity_parse(asked, strlen(asked), out_s) == TB_OK)
			return TB_OK;
		return tb_fail(err, TB_EUSAGE,
		    "--granularity: expected one such as 5m, got '%s'", asked);
	}
	if (pairs == NULL)
		return tb_nomem(err);
	status = candles_series(db, pairs, PAIRS_MAX, &count, err);
	for (size_t i = 0; i < count && status == TB_OK; i++)
		if (strcmp(pairs[i].product_id, product_id) == 0) {
			*out_s = pairs[i].granularity_s;
			found++;
		}
	free(pairs);
	if (status == TB_OK && found == 0)
		return tb_fail(err, TB_ENOENT,
		    "no candles of %s: tb-sync import candles", product_id);
	if (status == TB_OK && found > 1)
		return tb_fail(err, TB_EUSAGE,
		    "candles of %s are of several granularities: say which by"
		    " --granularity",
		    product_id);
	return status;
}

/* TB_END: the block is full, and the statement ends before it is written. */
static enum tb_status
take_stored(const struct bar *bar, void *arg, struct tb_err *err)
{
	struct job *job = arg;

	(void)err;
	take_bar(job, bar);
	return job->count == BLOCK ? TB_END : TB_OK;
}

static enum tb_status
read_product(struct job *job, const char *product_id, struct tb_err *err)
{
	struct db *db = NULL;
	int64_t from_s = INT64_MIN, to_s = 0;
	int granularity_s = 0;
	enum tb_status status;

	status = db_open(&db, job->cli->db, DB_READ, err);
	if (status == TB_OK)
		status = find_granularity(db, product_id, &granularity_s, err);
	if (status == TB_OK)
		to_s = evaluator_until_s(job->cli->now_us, granularity_s);
	while (status == TB_OK) {
		bool full;

		status = bars_each(db, product_id, granularity_s, from_s, to_s,
		    take_stored, job, err);
		full = status == TB_END;
		if (status != TB_OK && !full)
			break;
		if (full)
			from_s = job->starts_s[BLOCK - 1] + 1;
		status = finish_block(job, err);
		if (!full)
			break;
	}
	db_close(db);
	return status;
}

/* ---------------------------------------------------------------- CSV -- */

enum { TIMESTAMP, OPEN, HIGH, LOW, CLOSE, VOLUME, CSV_FIELDS };
static const char *const csv_fields[CSV_FIELDS] = { "timestamp", "open", "high",
	"low", "close", "volume" };

/* Unix seconds, or RFC 3339; where a candle begins. */
static bool
parse_start(const char *s, size_t len, int64_t *out_s)
{
	double seconds;
	int64_t us;

	if (instant_parse(s, len, &us) == TB_OK) {
		*out_s = instant_floor_s(us);
		return us % INSTANT_US_PER_S == 0;
	}
	if (real_parse(s, len, &seconds) != TB_OK || fabs(seconds) > 1e12)
		return false;
	*out_s = (int64_t)seconds;
	return real_equal((double)*out_s, seconds);
}

static enum tb_status
parse_row(const struct csv *csv, const int fields[CSV_FIELDS], struct bar *bar,
    struct tb_err *err)
{
	double *const prices[CSV_FIELDS] = { NULL, &bar->open, &bar->high,
		&bar->low, &bar->close, &bar->volume };
	size_t len;
	const char *s = csv_field(csv, fields[TIMESTAMP], &len);

	if (!parse_start(s, len, &bar->start_s))
		return tb_fail(err, TB_EINVAL,
		    "timestamp: expected unix seconds or RFC 3339, got"
		    " \"%.64s\"",
		    s);
	for (int i = OPEN; i < CSV_FIELDS; i++) {
		s = csv_field(csv, fields[i], &len);
		if (real_parse(s, len, prices[i]) != TB_OK)
			return tb_fail(err, TB_EINVAL,
			    "%s: expected a number, got \"%.64s\"",
			    csv_fields[i], s);
	}
	return TB_OK;
}

static enum tb_status
find_fields(const struct csv *csv, int fields[CSV_FIELDS], struct tb_err *err)
{
	for (int i = 0; i < CSV_FIELDS; i++) {
		fields[i] = csv_column(csv, csv_fields[i]);
		if (fields[i] < 0)
			return tb_fail(err, TB_EINVAL,
			    "no column \"%s\": expected timestamp, open, high,"
			    " low, close, volume",
			    csv_fields[i]);
	}
	return TB_OK;
}

static enum tb_status
read_rows(struct job *job, struct csv *csv, struct tb_err *err)
{
	int fields[CSV_FIELDS];
	int64_t last_s = INT64_MIN;
	struct bar bar;
	enum tb_status status = find_fields(csv, fields, err);

	if (status != TB_OK)
		return status;
	while ((status = csv_next(csv, err)) == TB_OK) {
		status = parse_row(csv, fields, &bar, err);
		if (status == TB_OK && bar.start_s <= last_s)
			status = tb_fail(err, TB_EINVAL,
			    "timestamp: %lld is not after the one before",
			    (long long)bar.start_s);
		if (status != TB_OK) {
			tb_err_at(err, "line %lu", csv_line(csv));
			return status;
		}
		last_s = bar.start_s;
		take_bar(job, &bar);
		if (job->count == BLOCK)
			status = finish_block(job, err);
		if (status != TB_OK)
			return status;
	}
	return status == TB_END ? finish_block(job, err) : status;
}

static enum tb_status
read_file(struct job *job, const char *path, struct tb_err *err)
{
	const char *name = strcmp(path, "-") == 0 ? "stdin" : path;
	struct csv *csv = NULL;
	int fd;
	enum tb_status status = cli_open_input(path, &fd, err);

	if (status != TB_OK)
		return status;
	status = csv_open(&csv, fd, name, err);
	if (status == TB_OK) {
		status = read_rows(job, csv, err);
		if (status == TB_EINVAL)
			tb_err_at(err, "%s", name);
	}
	csv_close(csv);
	if (fd != 0)
		(void)close(fd); /* read only: nothing can be lost */
	return status;
}

/* ---------------------------------------------------------------------- */

/* After a failure too, but for a table: what was computed before is right. */
static enum tb_status
finish_output(struct job *job, enum tb_status status, struct tb_err *err)
{
	enum tb_status written = TB_OK;

	if (job->rows.cli != NULL)
		return cli_rows_end(&job->rows, status, err);
	if (job->table != NULL && status == TB_OK)
		status = table_write(job->table, &job->out, err);
	if (job->table == NULL || status == TB_OK)
		written = flush_csv(job, status == TB_OK ? err : NULL);
	return status == TB_OK ? written : status;
}

static void
release_job(struct job *job)
{
	for (size_t i = 0; i < job->runner_count; i++) {
		free(job->runners[i]->state);
		free(job->runners[i]);
	}
	table_free(job->table);
	buffer_release(&job->out);
}

/* series INDICATOR[,...] PRODUCT|FILE|- */
enum tb_status
signal_series(const struct cli *cli, struct tb_err *err)
{
	static struct job job;
	const char *source = cli->argv[1];
	enum tb_status status;

	job.cli = cli;
	buffer_init(&job.out, OUT_MAX);
	status = read_series(&job, cli->argv[0], err);
	if (status == TB_OK)
		status = begin_output(&job, err);
	if (status == TB_OK)
		status = product_id_is_valid(source, strlen(source)) ?
		    read_product(&job, source, err) :
		    read_file(&job, source, err);
	status = finish_output(&job, status, err);
	release_job(&job);
	return status;
}
