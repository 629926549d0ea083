#include <stdlib.h>

#include "base/instant.h"
#include "store/candles.h"
#include "sync/import.h"
#include "sync/resample.h"
#include "sync/row_verdict.h"
#include "sync/rows.h"

#define PROBE_ROWS 1024 /* rows that are looked at to find the granularity */
#define PROGRESS_ROWS 4096

enum { START, OPEN, HIGH, LOW, CLOSE, VOLUME, COLUMNS };

/* Places in an array: those of Coinbase Exchange's answer. */
static const struct rows_column columns[COLUMNS] = {
	[START] = { "timestamp|start|time", true, 0 },
	[OPEN] = { "open", true, 3 },
	[HIGH] = { "high", true, 2 },
	[LOW] = { "low", true, 1 },
	[CLOSE] = { "close", true, 4 },
	[VOLUME] = { "volume", true, 5 },
};

/* A candle that waits for the granularity to be known. */
struct probe {
	struct candle candle;
	unsigned long line, item;
};

/* An import under way. */
struct work {
	struct db *db;
	const struct import *import;
	struct candle_counts *counts;
	struct rows rows;
	struct resample resample;
	enum candle_put put; /* what became of the last candle */
	int granularity_s;   /* of the file; 0: not known yet */
	int64_t present_us;  /* nothing recorded is later */
	int64_t closed_us;   /* where the newest stored candle ends */
	struct probe *probe; /* room for PROBE_ROWS */
	size_t probe_count;
};

/* ------------------------------------------------------------------ rows -- */

static enum tb_status
read_candle(struct work *w, struct candle *c, struct tb_err *err)
{
	struct decimal *const figure[] = { &c->open, &c->high, &c->low,
		&c->close, &c->volume };
	enum tb_status status;
	bool rounded = false;
	int64_t start_us;

	status = rows_instant(&w->rows, START, &start_us, err);
	for (size_t i = 0; i < 5 && status == TB_OK; i++)
		status =
		    rows_amount(&w->rows, OPEN + i, figure[i], &rounded, err);
	if (status != TB_OK)
		return status;
	if (start_us < 0 || start_us % INSTANT_US_PER_S != 0)
		return rows_fail(&w->rows, START, "a whole second since 1970",
		    err);
	if (start_us > w->present_us)
		return rows_fail(&w->rows, START,
		    "a moment that is not in the future", err);
	c->start_s = start_us / INSTANT_US_PER_S;
	w->counts->rounded += rounded;
	return TB_OK;
}

static void
note_stored(struct work *w, const struct candle *c)
{
	struct candle_counts *n = w->counts;
	uint64_t *const count[] = {
		[CANDLE_INSERTED] = &n->inserted,
		[CANDLE_SAME] = &n->same,
		[CANDLE_DIFFERENT] = &n->different,
		[CANDLE_REPLACED] = &n->replaced,
	};
	bool is_first = n->inserted + n->same + n->different + n->replaced == 0;

	(*count[w->put])++;
	if (is_first || c->start_s < n->first_s)
		n->first_s = c->start_s;
	if (is_first || c->start_s > n->last_s)
		n->last_s = c->start_s;
}

static enum tb_status
store(struct work *w, const struct candle *c, struct tb_err *err)
{
	enum tb_status status;

	status = candles_put(w->db, w->import->product_id,
	    w->counts->granularity_s, c, w->import->replace, &w->put, err);
	if (status == TB_OK)
		note_stored(w, c);
	return status;
}

/* One candle of the file.  TB_EINVAL: it is bad, and the rest may go on. */
static enum tb_status
accept(struct work *w, const struct candle *c, struct tb_err *err)
{
	int64_t end_s = c->start_s + w->granularity_s;
	struct candle larger;
	enum tb_status status;
	bool is_ready;

	status = candle_check(c, w->granularity_s, err);
	if (status != TB_OK)
		return status;
	if (end_s * INSTANT_US_PER_S > w->present_us) {
		w->counts->unfinished++;
		return TB_OK;
	}
	if (end_s * INSTANT_US_PER_S > w->closed_us)
		w->closed_us = end_s * INSTANT_US_PER_S;
	if (w->import->resample_s == 0)
		return store(w, c, err);
	status = resample_add(&w->resample, c, &larger, &is_ready, err);
	return status == TB_OK && is_ready ? store(w, &larger, err) : status;
}

/* ----------------------------------------------------------- granularity -- */

static int64_t
common_divisor(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* What all distances between the starts are multiples of. */
static int64_t
common_distance(const struct probe *probe, size_t count)
{
	int64_t divisor = 0;

	for (size_t i = 1; i < count; i++)
		divisor = common_divisor(divisor,
		    llabs(probe[i].candle.start_s -
			probe[i - 1].candle.start_s));
	return divisor;
}

/* A few starts may be off the grid: the coarsest one that more than half of
 * the distances keep to; 0: none. */
static int64_t
usual_distance(const struct probe *probe, size_t count)
{
	for (int64_t g = INSTANT_S_PER_DAY; g >= 60; g -= 60) {
		size_t kept = 0;

		if (granularity_name((int)g) == NULL)
			continue;
		for (size_t i = 1; i < count; i++)
			kept += (probe[i].candle.start_s -
				    probe[i - 1].candle.start_s) %
				g ==
			    0;
		if (kept > (count - 1) / 2)
			return g;
	}
	return 0;
}

static enum tb_status
set_granularity(struct work *w, int granularity_s, struct tb_err *err)
{
	int resample_s = w->import->resample_s;

	w->granularity_s = granularity_s;
	w->counts->granularity_s = resample_s != 0 ? resample_s : granularity_s;
	if (resample_s == 0)
		return TB_OK;
	return resample_init(&w->resample, granularity_s, resample_s, err);
}

static enum tb_status
find_granularity(struct work *w, struct tb_err *err)
{
	int64_t distance_s = common_distance(w->probe, w->probe_count);

	if (distance_s > INSTANT_S_PER_DAY ||
	    granularity_name((int)distance_s) == NULL)
		distance_s = usual_distance(w->probe, w->probe_count);
	if (w->probe_count > 1 && distance_s != 0)
		return set_granularity(w, (int)distance_s, err);
	return tb_fail(err, TB_EINVAL,
	    "%s: its starts do not tell a granularity: give --granularity",
	    w->import->name);
}

/* What waited can go on, each row with its own place. */
static enum tb_status
release_probe(struct work *w, struct tb_err *err)
{
	unsigned long line = w->rows.line, item = w->rows.item;
	enum tb_status status = find_granularity(w, err);

	if (status != TB_OK)
		return status;
	for (size_t i = 0; i < w->probe_count && status == TB_OK; i++) {
		status = accept(w, &w->probe[i].candle, err);
		w->rows.line = w->probe[i].line;
		w->rows.item = w->probe[i].item;
		if (status == TB_EINVAL)
			rows_at(&w->rows, err);
		status = row_verdict(w->import, status, &w->counts->bad, err);
	}
	w->probe_count = 0;
	w->rows.line = line;
	w->rows.item = item;
	return status;
}

/* -------------------------------------------------------- the whole file -- */

/* The row last read. */
static enum tb_status
take_row(struct work *w, struct tb_err *err)
{
	struct candle c;
	enum tb_status status = read_candle(w, &c, err);

	if (status != TB_OK)
		return status;
	if (w->granularity_s != 0) {
		status = accept(w, &c, err);
		if (status == TB_EINVAL)
			rows_at(&w->rows, err);
		return status;
	}
	w->probe[w->probe_count++] = (struct probe){
		.candle = c, .line = w->rows.line, .item = w->rows.item
	};
	return TB_OK;
}

static enum tb_status
read_all(struct work *w, struct tb_err *err)
{
	const struct import *import = w->import;
	enum tb_status status;

	while ((status = rows_next(&w->rows, err)) != TB_END) {
		w->counts->rows++;
		if (status == TB_OK)
			status = take_row(w, err);
		status = row_verdict(w->import, status, &w->counts->bad, err);
		if (status == TB_OK && w->probe_count == PROBE_ROWS)
			status = release_probe(w, err);
		if (status != TB_OK)
			return status;
		if (import->on_progress != NULL &&
		    w->counts->rows % PROGRESS_ROWS == 0)
			import->on_progress(rows_progress(&w->rows),
			    w->counts->rows, import->arg);
	}
	return w->probe_count > 0 ? release_probe(w, err) : TB_OK;
}

static enum tb_status
end_resample(struct work *w, struct tb_err *err)
{
	struct candle larger;
	bool is_ready;

	if (w->import->resample_s == 0 || w->granularity_s == 0)
		return TB_OK;
	resample_end(&w->resample, &larger, &is_ready);
	w->counts->incomplete = w->resample.dropped;
	return is_ready ? store(w, &larger, err) : TB_OK;
}

/* All that the file knew of is known now. */
static enum tb_status
cover(struct work *w, struct tb_err *err)
{
	if (w->closed_us == 0)
		return TB_OK;
	return candles_cover(w->db, w->import->product_id,
	    w->counts->granularity_s, w->closed_us, err);
}

static enum tb_status
run(struct work *w, struct tb_err *err)
{
	const struct import *import = w->import;
	enum tb_status status;

	status = rows_open(&w->rows, import->fd, import->name, columns, COLUMNS,
	    err);
	if (status == TB_OK && import->granularity_s != 0)
		status = set_granularity(w, import->granularity_s, err);
	if (status == TB_OK)
		status = db_begin(w->db, err);
	if (status != TB_OK)
		return status;
	status =
	    products_assume(w->db, import->product_id, import->now_us, err);
	if (status == TB_OK)
		status = read_all(w, err);
	if (status == TB_OK)
		status = end_resample(w, err);
	if (status == TB_OK)
		status = cover(w, err);
	if (status == TB_OK && import->dry_run)
		db_rollback(w->db);
	else
		status = db_finish(w->db, status, err);
	return status;
}

enum tb_status
import_candles(struct db *db, const struct import *import,
    struct candle_counts *out, struct tb_err *err)
{
	struct work w = { .db = db,
		.import = import,
		.counts = out,
		.present_us = row_present_us(import) };
	enum tb_status status;

	*out = (struct candle_counts){ 0 };
	w.probe = calloc(PROBE_ROWS, sizeof(*w.probe));
	status = w.probe == NULL ? tb_nomem(err) : run(&w, err);
	rows_close(&w.rows);
	free(w.probe);
	return status == TB_OK && out->bad > 0 ? TB_EPARTIAL : status;
}
