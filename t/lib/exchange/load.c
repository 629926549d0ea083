/* load: the CSV files of market.h. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/instant.h"
#include "exchange/market.h"
#include "io/csv.h"

#define ROWS_AT_FIRST 4096

/* A row of either file. */
struct row {
	int64_t at_s;
	struct decimal amounts[5]; /* as the columns were named */
};

struct table {
	struct row *rows; /* owned */
	size_t count, capacity;
};

static enum tb_status
read_row(struct csv *csv, const char *const columns[], struct row *row,
    struct tb_err *err)
{
	int64_t us;
	const char *text;
	size_t len;
	enum tb_status status;

	text = csv_field(csv, csv_column(csv, "timestamp"), &len);
	status = instant_parse_option(text, 0, &us, err);
	if (status != TB_OK)
		return status;
	row->at_s = instant_floor_s(us);
	for (int i = 0; columns[i] != NULL && status == TB_OK; i++) {
		text = csv_field(csv, csv_column(csv, columns[i]), &len);
		status = decimal_parse_number(text, len, &row->amounts[i]);
		if (status != TB_OK)
			(void)tb_fail(err, status, "%s: \"%s\"", columns[i],
			    text);
	}
	return status;
}

static enum tb_status
grow(struct table *table, struct tb_err *err)
{
	size_t capacity =
	    table->capacity == 0 ? ROWS_AT_FIRST : 2 * table->capacity;
	struct row *rows;

	if (table->count < table->capacity)
		return TB_OK;
	rows = reallocarray(table->rows, capacity, sizeof(*rows));
	if (rows == NULL)
		return tb_nomem(err);
	table->rows = rows;
	table->capacity = capacity;
	return TB_OK;
}

static enum tb_status
read_rows(struct csv *csv, const char *const columns[], struct table *table,
    struct tb_err *err)
{
	enum tb_status status;

	while ((status = csv_next(csv, err)) == TB_OK) {
		struct row *last;

		status = grow(table, err);
		if (status == TB_OK)
			status = read_row(csv, columns,
			    &table->rows[table->count], err);
		if (status != TB_OK)
			break;
		last = &table->rows[table->count];
		if (table->count++ > 0 && last->at_s <= last[-1].at_s) {
			status = tb_fail(err, TB_EINVAL, "times do not rise");
			break;
		}
	}
	if (status != TB_END)
		tb_err_at(err, "line %lu", csv_line(csv));
	return status == TB_END ? TB_OK : status;
}

static enum tb_status
read_table(const char *path, const char *const columns[], struct table *table,
    struct tb_err *err)
{
	struct csv *csv = NULL;
	enum tb_status status;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return tb_fail(err, TB_EIO, "%s: %s", path, strerror(errno));
	status = csv_open(&csv, fd, path, err);
	if (status == TB_OK)
		status = read_rows(csv, columns, table, err);
	if (status == TB_OK && table->count == 0)
		status = tb_fail(err, TB_EINVAL, "no rows");
	tb_err_at(err, "%s", path);
	csv_close(csv);
	(void)close(fd);
	return status;
}

/* The smallest distance of two rows. */
static int
find_granularity(const struct table *table)
{
	int64_t least = INSTANT_S_PER_DAY;

	for (size_t i = 1; i < table->count; i++) {
		int64_t step = table->rows[i].at_s - table->rows[i - 1].at_s;

		if (step < least)
			least = step;
	}
	return (int)least;
}

enum tb_status
market_load_candles(struct listing *l, const char *path, int64_t end_s,
    struct tb_err *err)
{
	static const char *const columns[] = { "open", "high", "low", "close",
		"volume", NULL };
	struct table table = { 0 };
	int64_t shift_s = 0;
	enum tb_status status;

	status = read_table(path, columns, &table, err);
	if (status == TB_OK) {
		l->candles = calloc(table.count, sizeof(*l->candles));
		if (l->candles == NULL)
			status = tb_nomem(err);
	}
	if (status != TB_OK) {
		free(table.rows);
		return status;
	}
	l->granularity_s = find_granularity(&table);
	if (end_s != 0)
		shift_s = (end_s - table.rows[table.count - 1].at_s) /
			l->granularity_s * l->granularity_s -
		    l->granularity_s;
	for (size_t i = 0; i < table.count; i++) {
		const struct row *row = &table.rows[i];

		l->candles[i] = (struct candle){ row->at_s + shift_s,
			row->amounts[0], row->amounts[1], row->amounts[2],
			row->amounts[3], row->amounts[4] };
	}
	l->candle_count = table.count;
	l->fixed = DECIMAL_ZERO;
	free(table.rows);
	return TB_OK;
}

enum tb_status
market_load_tape(struct listing *l, const char *path, int64_t end_s,
    struct tb_err *err)
{
	static const char *const columns[] = { "price", NULL };
	struct table table = { 0 };
	int64_t shift_s = 0;
	enum tb_status status;

	status = read_table(path, columns, &table, err);
	if (status == TB_OK) {
		l->tape = calloc(table.count, sizeof(*l->tape));
		if (l->tape == NULL)
			status = tb_nomem(err);
	}
	if (status != TB_OK) {
		free(table.rows);
		return status;
	}
	if (end_s != 0)
		shift_s = end_s - table.rows[table.count - 1].at_s;
	for (size_t i = 0; i < table.count; i++)
		l->tape[i] = (struct point){ table.rows[i].at_s + shift_s,
			table.rows[i].amounts[0] };
	l->points = table.count;
	l->fixed = DECIMAL_ZERO;
	free(table.rows);
	return TB_OK;
}
