#include "legacy/import.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/instant.h"
#include "legacy/import_parts.h"
#include "store/books.h"
#include "store/intents.h"
#include "store/legacy_fills.h"
#include "store/quarantine.h"

#define ROW_MAX DB_VALUE_MAX /* bytes of a row as JSON */
#define PROGRESS_ROWS 1000U  /* rows between two looks at the clock */
#define VENUE_NAME_MAX 64

/* ------------------------------------------------------------ one row -- */

enum tb_status
import_look(struct importing *im, const struct legacy_item *item,
    struct tb_err *err)
{
	const struct legacy_import *in = im->in;
	enum tb_status status;

	buffer_clear(&im->row);
	status = legacy_plan_row(in->plan, item, &im->row, err);
	if (status == TB_OK)
		status = buffer_status(&im->row, err);
	if (status != TB_OK)
		return status;
	digest_of(im->row.data, im->row.len, im->hash);
	im->out->rows++;
	if (in->on_progress != NULL && im->out->rows % PROGRESS_ROWS == 0)
		in->on_progress(im->out->rows, 0, in->arg);
	im->known.known = false;
	if (im->fresh)
		return TB_OK;
	return origins_find(im->db, im->sources[item->ref.file].id, item->table,
	    item->ref.rowid, &im->known, err);
}

void
import_count(struct importing *im, const char *disposition, bool same)
{
	struct legacy_imported *n = im->out;

	if (im->known.known) {
		*(same ? &n->same : &n->changed) += 1;
		return;
	}
	switch (disposition[0]) {
	case 'k':
		n->keep++;
		break;
	case 'c':
		n->convert++;
		break;
	case 'm':
		n->merge++;
		break;
	case 'q':
		n->quarantine++;
		break;
	default:
		n->archive++;
		break;
	}
}

enum tb_status
import_record(struct importing *im, const struct legacy_item *item,
    const char *disposition, const char *reason, const char *became,
    struct tb_err *err)
{
	const struct origin_source *source = &im->sources[item->ref.file];
	bool quarantined = strcmp(disposition, "quarantine") == 0;
	enum tb_status status = TB_OK;
	char id[24];

	(void)snprintf(id, sizeof(id), "%" PRId64, item->ref.rowid);
	if (im->known.known && strcmp(im->known.disposition, "quarantine") == 0)
		status =
		    quarantine_free(im->db, source->file, item->table, id, err);
	if (status == TB_OK && quarantined) {
		const struct quarantine_row row = { .source_file = source->file,
			.source_table = item->table,
			.source_id = id,
			.row = buffer_string(&im->row),
			.reason = reason,
			.at_us = im->in->now_us };

		status = quarantine_put(im->db, &row, err);
	}
	if (status != TB_OK)
		return status;
	const struct origin_row row = { .source_id = source->id,
		.table = item->table,
		.row_id = item->ref.rowid,
		.disposition = disposition,
		.reason = reason,
		.became = became,
		.row = quarantined ? NULL : buffer_string(&im->row),
		.hash = im->hash };
	return im->fresh ? origins_add(im->db, &row, err) :
			   origins_put(im->db, &row, err);
}

/* ---------------------------------------------------------------- proof -- */

/* Rows of a file that are recorded, table by table. */
struct recorded {
	const struct foreign_table *tables;
	size_t table_count;
	int64_t *rows; /* of each; owned */
	int64_t trades;
};

static enum tb_status
add_recorded(const struct origin_table *n, void *arg, struct tb_err *err)
{
	struct recorded *r = arg;

	(void)err;
	r->trades += n->trades;
	for (size_t i = 0; i < r->table_count; i++)
		if (strcasecmp(n->table, r->tables[i].name) == 0)
			r->rows[i] += n->rows;
	return TB_OK;
}

static enum tb_status
compare_counts(const struct legacy_source *source, const struct recorded *r,
    struct tb_err *err)
{
	enum tb_status status = TB_OK;
	int64_t there;

	for (size_t i = 0; i < r->table_count && status == TB_OK; i++) {
		status =
		    foreign_count(source->file, &r->tables[i], &there, err);
		if (status == TB_OK && r->rows[i] < there)
			status = tb_fail(err, TB_EDISAGREE,
			    "%s: table %.64s has %" PRId64 " rows, %" PRId64
			    " are accounted for: nothing was stored",
			    source->path, r->tables[i].name, there, r->rows[i]);
	}
	return status;
}

/* Are all rows of a file's tables recorded?  inout: *trades  of them, added */
static enum tb_status
check_counts(struct importing *im, size_t file, int64_t *trades,
    struct tb_err *err)
{
	const struct legacy_source *source =
	    &legacy_plan_sources(im->in->plan, &(size_t){ 0 })[file];
	struct recorded r = { 0 };
	enum tb_status status;

	r.tables = foreign_tables(source->file, &r.table_count);
	r.rows = calloc(r.table_count + 1, sizeof(*r.rows));
	if (r.rows == NULL)
		return tb_nomem(err);
	status =
	    origins_tables(im->db, im->sources[file].id, add_recorded, &r, err);
	*trades += r.trades;
	if (status == TB_OK)
		status = compare_counts(source, &r, err);
	free(r.rows);
	return status;
}

/* What the sums of the plan leave when those of the books are taken off. */
struct balance {
	const struct legacy_report *report;
	struct legacy_product *left; /* of report->products; owned */
};

static int
compare_product(const void *product_id, const void *product)
{
	const struct legacy_product *p = product;

	return strcmp(product_id, p->product_id);
}

static enum tb_status
take_off(const struct origin_sums *s, void *arg, struct tb_err *err)
{
	struct balance *b = arg;
	struct legacy_product *p;

	p = bsearch(s->product_id, b->left, b->report->product_count,
	    sizeof(*p), compare_product);
	if (p == NULL)
		return tb_fail(err, TB_EDISAGREE,
		    "%s is in the books, but not in the plan", s->product_id);
	p->buys -= s->buys;
	p->sells -= s->sells;
	if (decimal_sub(p->buy_qty, s->buy_qty, &p->buy_qty) == TB_OK &&
	    decimal_sub(p->sell_qty, s->sell_qty, &p->sell_qty) == TB_OK &&
	    decimal_sub(p->buy_usd, s->buy_usd, &p->buy_usd) == TB_OK &&
	    decimal_sub(p->sell_usd, s->sell_usd, &p->sell_usd) == TB_OK &&
	    decimal_sub(p->commission, s->commission, &p->commission) == TB_OK)
		return TB_OK;
	return tb_fail(err, TB_ERANGE, "%s: its sums do not fit",
	    s->product_id);
}

static bool
is_empty(const struct legacy_product *p)
{
	return p->buys == 0 && p->sells == 0 && decimal_sign(p->buy_qty) == 0 &&
	    decimal_sign(p->sell_qty) == 0 && decimal_sign(p->buy_usd) == 0 &&
	    decimal_sign(p->sell_usd) == 0 && decimal_sign(p->commission) == 0;
}

/* Per product and side, to the last digit. */
static enum tb_status
check_sums(struct importing *im, struct tb_err *err)
{
	struct balance b = { .report = legacy_plan_report(im->in->plan) };
	size_t count = b.report->product_count;
	enum tb_status status = TB_OK;

	b.left = calloc(count + 1, sizeof(*b.left));
	if (b.left == NULL)
		return tb_nomem(err);
	for (size_t i = 0; i < count; i++)
		b.left[i] = b.report->products[i];
	if (im->fresh)
		status = origins_trade_sums(im->db, take_off, &b, err);
	for (size_t i = 0; i < im->source_count && !im->fresh; i++)
		if (status == TB_OK)
			status = origins_sums(im->db, im->sources[i].id,
			    take_off, &b, err);
	for (size_t i = 0; i < count && status == TB_OK; i++)
		if (!is_empty(&b.left[i]))
			status = tb_fail(err, TB_EDISAGREE,
			    "%s: the sums of the books are not those of the "
			    "plan: nothing was stored",
			    b.left[i].product_id);
	free(b.left);
	return status;
}

static enum tb_status
check_all(struct importing *im, struct tb_err *err)
{
	enum tb_status status = TB_OK;
	char first[ORIGIN_LABEL_MAX];
	int64_t dangling = 0, trades = 0;

	for (size_t i = 0; i < im->source_count && status == TB_OK; i++)
		status = check_counts(im, i, &trades, err);
	if (status == TB_OK && im->fresh && trades != (int64_t)im->out->trades)
		status = tb_fail(err, TB_EDISAGREE,
		    "%" PRId64 " rows became trades, %" PRIu64
		    " trades were made: nothing was stored",
		    trades, im->out->trades);
	if (status == TB_OK)
		status = origins_dangling(im->db, &dangling, first, err);
	if (status == TB_OK && dangling > 0)
		status = tb_fail(err, TB_EDISAGREE,
		    "%" PRId64 " rows are in no place, or in two, %s for "
		    "one: nothing was stored",
		    dangling, first);
	/* What the venue told is not the plan's to know. */
	if (status == TB_OK && im->out->venue_knows == 0)
		status = check_sums(im, err);
	return status;
}

/* ----------------------------------------------------------------- flow -- */

static enum tb_status
put_source(struct importing *im, const struct legacy_source *source,
    struct origin_source *out, struct tb_err *err)
{
	char *full = realpath(source->path, NULL);

	*out = (struct origin_source){ .read_at_us = im->in->now_us };
	(void)snprintf(out->file, sizeof(out->file), "%s",
	    full == NULL ? source->path : full);
	free(full);
	(void)snprintf(out->sha256, sizeof(out->sha256), "%s",
	    foreign_sha256(source->file));
	(void)snprintf(out->variant, sizeof(out->variant), "%s",
	    source->variant.name);
	(void)snprintf(out->backup, sizeof(out->backup), "%s", im->in->backup);
	return origins_source_put(im->db, out, err);
}

static enum tb_status
put_sources(struct importing *im, struct tb_err *err)
{
	const struct legacy_source *sources;
	enum tb_status status = TB_OK;

	sources = legacy_plan_sources(im->in->plan, &im->source_count);
	for (size_t i = 0; i < im->source_count && status == TB_OK; i++) {
		status = put_source(im, &sources[i], &im->sources[i], err);
		for (size_t k = 0; k < i && status == TB_OK; k++)
			if (im->sources[k].id == im->sources[i].id)
				status = tb_fail(err, TB_EUSAGE,
				    "%s and %s are the same file",
				    sources[k].path, sources[i].path);
	}
	return status;
}

/* Which row it was that could not be taken. */
static enum tb_status
at_item(enum tb_status status, const struct legacy_item *item,
    struct tb_err *err)
{
	if (status != TB_OK)
		tb_err_at(err, "%.64s, row %" PRId64, item->table,
		    item->ref.rowid);
	return status;
}

static enum tb_status
tell_trade(const struct legacy_item *item, void *arg, struct tb_err *err)
{
	return at_item(import_trade(arg, item, err), item, err);
}

static enum tb_status
tell_other(const struct legacy_item *item, void *arg, struct tb_err *err)
{
	return at_item(import_other(arg, item, err), item, err);
}

/*
 * The old system traded at Coinbase: a database that never sent an order goes
 * there from now on.  What a trade may come to at most is kept for verify.
 */
static enum tb_status
put_meta(struct importing *im, struct tb_err *err)
{
	char cap[DECIMAL_STRLEN], venue[VENUE_NAME_MAX] = "";
	int64_t intents = 0;
	enum tb_status status;

	decimal_format(im->in->cap_usd, cap);
	status = db_meta_set(im->db, LEGACY_META_CAP, cap, err);
	if (status == TB_OK)
		status = intents_count_between(im->db, 0, INSTANT_MAX_US, 0,
		    &intents, err);
	if (status == TB_OK)
		status =
		    db_meta_get(im->db, META_VENUE, venue, sizeof(venue), err);
	im->out->venue_stays = intents > 0;
	if (status != TB_OK || intents > 0 || strcmp(venue, "coinbase") == 0)
		return status;
	im->out->venue_set = true;
	return db_meta_set(im->db, META_VENUE, "coinbase", err);
}

static enum tb_status
run(struct importing *im, struct tb_err *err)
{
	struct legacy_plan *plan = im->in->plan;
	enum tb_status status = origins_is_fresh(im->db, &im->fresh, err);

	if (status == TB_OK)
		status = put_sources(im, err);
	if (status == TB_OK)
		status = put_meta(im, err);
	if (status == TB_OK)
		status = legacy_natives_find(im->db, &im->any_native, err);
	if (status == TB_OK)
		status = import_bots(im, err);
	if (status == TB_OK && im->fresh)
		status = books_bulk_begin(im->db, &im->bulk, err);
	if (status == TB_OK)
		status = legacy_plan_each(plan, tell_trade, im, err);
	if (status == TB_OK && im->fresh)
		status = books_bulk_end(im->db, &im->bulk, err);
	if (status == TB_OK)
		status = legacy_plan_rest(plan, tell_other, im, err);
	if (status == TB_OK)
		status = origins_merges_end(im->db, err);
	if (status == TB_OK)
		status = books_settle(im->db, err);
	if (status == TB_OK)
		status = check_all(im, err);
	return status;
}

enum tb_status
legacy_import_run(struct db *db, const struct legacy_import *in,
    struct legacy_imported *out, struct tb_err *err)
{
	static struct importing im; /* too large for the stack */
	enum tb_status status;

	*out = (struct legacy_imported){ 0 };
	im = (struct importing){ .db = db, .in = in, .out = out };
	buffer_init(&im.row, ROW_MAX);
	buffer_init(&im.context, ROW_MAX);
	status = db_begin(db, err);
	if (status == TB_OK) {
		status = run(&im, err);
		status = db_finish(db, status, err);
	}
	books_bulk_release(&im.bulk);
	buffer_release(&im.row);
	buffer_release(&im.context);
	free(im.bots);
	return status;
}
