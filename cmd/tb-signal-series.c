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

#include "base/instant.h"
#include "tb-signal.h"

#define SERIES_MAX 16 /* of one run */
#define SHOWN_MAX (SERIES_MAX * 3)
#define KEY_MAX (SERIES_STRLEN + 16)
#define TABLE_DIGITS 8	     /* significant ones, for people */
#define OUT_MAX (UINT32_MAX) /* bytes of a table */
#define OUT_WRITE (1U << 16) /* bytes of a write of CSV */

/* One series on its way. */
struct runner {
	struct series series;
	void *state; /* owned */
	double values[INDICATOR_COLUMNS_MAX][CANDLES_BLOCK];
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
	double open[CANDLES_BLOCK], high[CANDLES_BLOCK], low[CANDLES_BLOCK],
	    close[CANDLES_BLOCK], volume[CANDLES_BLOCK];
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
	const char *rest = list;
	enum tb_status status;

	do {
		const char *text = rest;
		size_t len = series_split(text, &rest);
		struct series series;

		if (series_parse(text, len, &series, err) != TB_OK)
			return TB_EUSAGE;
		status = add_runner(job, &series, err);
	} while (rest != NULL && status == TB_OK);
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
write_json(struct job *job, int64_t start_s, size_t i, struct tb_err *err)
{
	struct json_writer *w = cli_row(&job->rows);
	char text[REAL_STRLEN];

	json_open(w, '{');
	json_key(w, "timestamp");
	json_int(w, start_s);
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
write_csv(struct job *job, int64_t start_s, size_t i)
{
	char text[REAL_STRLEN];

	buffer_add_format(&job->out, "%lld", (long long)start_s);
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
write_table(struct job *job, int64_t start_s, size_t i)
{
	char when[INSTANT_STRLEN], digits[REAL_STRLEN], text[REAL_STRLEN];

	instant_format_s(start_s, when);
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
write_rows(struct job *job, const struct bar *bars, size_t count,
    struct tb_err *err)
{
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < count && status == TB_OK; i++) {
		if (job->cli->format == CLI_TABLE)
			write_table(job, bars[i].start_s, i);
		else if (job->cli->format != CLI_CSV)
			status = write_json(job, bars[i].start_s, i, err);
		else
			write_csv(job, bars[i].start_s, i);
		if (job->cli->format == CLI_CSV && job->out.len >= OUT_WRITE)
			status = flush_csv(job, err);
	}
	return status;
}

/* All series over a block, then its rows. */
static enum tb_status
take_block(const struct bar *bars, size_t count, void *arg, struct tb_err *err)
{
	struct job *job = arg;
	const struct columns in = { job->open, job->high, job->low, job->close,
		job->volume };

	for (size_t i = 0; i < count; i++) {
		job->open[i] = bars[i].open;
		job->high[i] = bars[i].high;
		job->low[i] = bars[i].low;
		job->close[i] = bars[i].close;
		job->volume[i] = bars[i].volume;
	}
	for (size_t i = 0; i < job->runner_count; i++) {
		struct runner *r = job->runners[i];
		double *const out[] = { r->values[0], r->values[1],
			r->values[2], r->values[3] };

		series_update(&r->series, r->state, &in, count, out);
	}
	return write_rows(job, bars, count, err);
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
	enum tb_status status;

	job.cli = cli;
	buffer_init(&job.out, OUT_MAX);
	status = read_series(&job, cli->argv[0], err);
	if (status == TB_OK)
		status = begin_output(&job, err);
	if (status == TB_OK)
		status =
		    signal_candles(cli, cli->argv[1], take_block, &job, err);
	status = finish_output(&job, status, err);
	release_job(&job);
	return status;
}
