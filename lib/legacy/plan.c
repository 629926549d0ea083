#include "legacy/plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "io/sorter.h"
#include "legacy/context.h"
#include "legacy/convert.h"
#include "legacy/match.h"
#include "legacy/repeats.h"
#include "legacy/source.h"
#include "legacy/unite.h"

#define TIME_KEY_BYTES 20

/* What is kept of a source beside what others see. */
struct side_table {
	struct legacy_roster roster;
	struct legacy_columns trades, raw;
	struct foreign_rows find_trades, find_raw; /* opened when asked for */
};

struct legacy_plan {
	struct legacy_options options;
	struct legacy_source sources[LEGACY_FILES_MAX];
	struct side_table sides[LEGACY_FILES_MAX];
	size_t source_count;
	struct legacy_report report;
	struct sorter *by_id, *by_order, *to_match, *by_time;
	bool has_raw;
};

/* -------------------------------------------------------------- opening -- */

static enum tb_status
check_paths(const char *const *paths, size_t count, struct tb_err *err)
{
	if (count > LEGACY_FILES_MAX)
		return tb_fail(err, TB_EUSAGE, "%zu files: at most %d", count,
		    LEGACY_FILES_MAX);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(paths[i], paths[j]) == 0)
				return tb_fail(err, TB_EUSAGE,
				    "%s: named twice", paths[i]);
	return TB_OK;
}

static enum tb_status
open_source(struct legacy_plan *plan, size_t i, const char *path,
    struct tb_err *err)
{
	struct legacy_source *s = &plan->sources[i];
	struct side_table *side = &plan->sides[i];
	enum tb_status status;

	s->path = path;
	status = foreign_open(&s->file, path, plan->options.folder, err);
	if (status == TB_OK)
		status = legacy_detect(s->file, &s->variant, err);
	if (status == TB_OK)
		status = legacy_roster_read(&side->roster, s->file,
		    s->variant.bots, err);
	if (status != TB_OK)
		return status;
	if (s->variant.trades != NULL)
		legacy_columns_find(s->variant.trades, &side->trades);
	if (s->variant.raw != NULL)
		legacy_columns_find(s->variant.raw, &side->raw);
	plan->has_raw |= s->variant.raw != NULL;
	return TB_OK;
}

enum tb_status
legacy_plan_open(struct legacy_plan **out, const char *const *paths,
    size_t count, const struct legacy_options *options, struct tb_err *err)
{
	enum tb_status status = check_paths(paths, count, err);
	struct legacy_plan *plan;

	*out = NULL;
	if (status != TB_OK)
		return status;
	plan = calloc(1, sizeof(*plan));
	if (plan == NULL)
		return tb_nomem(err);
	plan->options = *options;
	legacy_report_init(&plan->report, options->gains, options->folder);
	for (size_t i = 0; i < count && status == TB_OK; i++) {
		plan->source_count++;
		status = open_source(plan, i, paths[i], err);
	}
	if (status != TB_OK) {
		legacy_plan_close(plan);
		return status;
	}
	*out = plan;
	return TB_OK;
}

static void
close_sorters(struct legacy_plan *plan)
{
	sorter_close(plan->by_id);
	sorter_close(plan->by_order);
	sorter_close(plan->to_match);
	sorter_close(plan->by_time);
	plan->by_id = plan->by_order = plan->to_match = plan->by_time = NULL;
}

void
legacy_plan_close(struct legacy_plan *plan)
{
	if (plan == NULL)
		return;
	close_sorters(plan);
	for (size_t i = 0; i < plan->source_count; i++) {
		foreign_rows_close(&plan->sides[i].find_trades);
		foreign_rows_close(&plan->sides[i].find_raw);
		legacy_roster_release(&plan->sides[i].roster);
		foreign_close(plan->sources[i].file);
	}
	legacy_report_release(&plan->report);
	free(plan);
}

const struct legacy_source *
legacy_plan_sources(const struct legacy_plan *plan, size_t *out_count)
{
	*out_count = plan->source_count;
	return plan->sources;
}

const char *
legacy_plan_folder(const struct legacy_plan *plan)
{
	return plan->options.folder;
}

const struct legacy_report *
legacy_plan_report(const struct legacy_plan *plan)
{
	return &plan->report;
}

/* ------------------------------------------------------------ gathering -- */

/* A table under reading. */
struct reading {
	struct legacy_plan *plan;
	struct legacy_frame frame;
	const struct legacy_columns *columns;
	struct repeats repeats;
	size_t file;
	bool raw;
};

static enum tb_status
gather_row(struct reading *r, const struct foreign_rows *rows,
    struct tb_err *err)
{
	struct legacy_item item = { .ref = { .file = (uint16_t)r->file,
					.raw = r->raw,
					.rowid = rows->rowid } };
	struct legacy_fields fields;
	enum tb_status status;
	bool repeated;

	status = repeats_has(&r->repeats, rows->rowid, &repeated, err);
	if (status != TB_OK)
		return status;
	legacy_fields_read(r->columns, rows, &fields);
	item.ref.by_rowid =
	    repeated || !legacy_integer(fields.of[LF_ID], &item.ref.id);
	if (item.ref.by_rowid)
		item.ref.id = rows->rowid;
	legacy_convert(&r->frame, &fields, &item);
	return legacy_sort_by_id(r->plan->by_id, &item, err);
}

static enum tb_status
gather_table(struct legacy_plan *plan, size_t i, bool raw, struct tb_err *err)
{
	const struct legacy_source *s = &plan->sources[i];
	const struct foreign_table *t =
	    raw ? s->variant.raw : s->variant.trades;
	struct side_table *side = &plan->sides[i];
	struct reading r = { .plan = plan, .file = i, .raw = raw };
	struct foreign_rows rows = { 0 };
	enum tb_status status;

	if (t == NULL)
		return TB_OK;
	r.columns = raw ? &side->raw : &side->trades;
	r.frame = (struct legacy_frame){ .roster = &side->roster,
		.cap_usd = plan->options.cap_usd,
		.now_us = plan->options.now_us,
		.has_size_usd = r.columns->at[LF_SIZE_USD] != -1,
		.has_score = r.columns->at[LF_SCORE] != -1 };
	status =
	    repeats_find(&r.repeats, s->file, t, plan->options.folder, err);
	if (status == TB_OK)
		status = foreign_rows_open(&rows, s->file, t, err);
	while (status == TB_OK) {
		status = foreign_rows_next(&rows, err);
		if (status == TB_OK)
			status = gather_row(&r, &rows, err);
	}
	foreign_rows_close(&rows);
	repeats_release(&r.repeats);
	return status == TB_END ? TB_OK : status;
}

/* ---------------------------------------------------- from sink to sink -- */

/* By the order of the books; what has no moment comes last. */
static enum tb_status
sort_by_time(struct sorter *s, const struct legacy_item *item,
    struct tb_err *err)
{
	uint64_t at =
	    item->created_us == 0 ? UINT64_MAX : (uint64_t)item->created_us;
	uint64_t rowid = (uint64_t)item->ref.rowid;
	unsigned char key[TIME_KEY_BYTES];

	for (int i = 0; i < 8; i++) {
		key[i] = (unsigned char)(at >> (56 - 8 * i));
		key[12 + i] = (unsigned char)(rowid >> (56 - 8 * i));
	}
	key[8] = (unsigned char)item->side;
	key[9] = (unsigned char)(item->ref.file >> 8);
	key[10] = (unsigned char)item->ref.file;
	key[11] = item->ref.raw;
	return legacy_sort_item(s, key, sizeof(key), item, err);
}

/* Nothing more will be known of it. */
static enum tb_status
settle(struct legacy_item *item, void *arg, struct tb_err *err)
{
	struct legacy_plan *plan = arg;

	if (legacy_item_is_open(item) && item->id_made &&
	    item->state == LEGACY_FILLED && !item->ref.raw) {
		item->disposition = LEGACY_QUARANTINE;
		item->reason = LEGACY_NO_ORDER_ID;
	}
	if (legacy_item_is_open(item))
		item->disposition = legacy_quirks_convert(&item->quirks) ?
		    LEGACY_CONVERT :
		    LEGACY_KEEP;
	return sort_by_time(plan->by_time, item, err);
}

static enum tb_status
seek_fills(struct legacy_item *item, void *arg, struct tb_err *err)
{
	struct legacy_plan *plan = arg;
	enum tb_status status;

	status = legacy_sort_to_match(plan->to_match, item, err);
	return status == TB_END ? settle(item, arg, err) : status;
}

static enum tb_status
seek_order(struct legacy_item *item, void *arg, struct tb_err *err)
{
	struct legacy_plan *plan = arg;
	enum tb_status status = TB_END;

	if (plan->has_raw && legacy_item_is_open(item))
		status = legacy_sort_by_order(plan->by_order, item, err);
	return status == TB_END ? seek_fills(item, arg, err) : status;
}

static enum tb_status
open_sorters(struct legacy_plan *plan, struct tb_err *err)
{
	struct sorter **all[] = { &plan->by_id, &plan->by_order,
		&plan->to_match, &plan->by_time };
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all) && status == TB_OK;
	     i++)
		status = sorter_open(all[i], plan->options.folder, err);
	return status;
}

static enum tb_status
arrange(struct legacy_plan *plan, struct tb_err *err)
{
	enum tb_status status = open_sorters(plan, err);

	for (size_t i = 0; i < plan->source_count && status == TB_OK; i++) {
		status = gather_table(plan, i, true, err);
		if (status == TB_OK)
			status = gather_table(plan, i, false, err);
	}
	if (status == TB_OK)
		status = legacy_unite(plan->by_id, seek_order, plan, err);
	sorter_close(plan->by_id);
	plan->by_id = NULL;
	if (status == TB_OK)
		status = legacy_assign(plan->by_order, seek_fills, plan, err);
	sorter_close(plan->by_order);
	plan->by_order = NULL;
	if (status == TB_OK)
		status = legacy_match(plan->to_match, settle, plan, err);
	sorter_close(plan->to_match);
	plan->to_match = NULL;
	return status;
}

enum tb_status
legacy_plan_each(struct legacy_plan *plan, legacy_teller *each, void *arg,
    struct tb_err *err)
{
	static struct legacy_item item;
	struct sorter_record r;
	enum tb_status status;

	assert(plan->report.rows == 0);
	status = arrange(plan, err);
	while (status == TB_OK) {
		status = sorter_next(plan->by_time, &r, err);
		if (status != TB_OK)
			break;
		legacy_item_unpack(r.value, &item);
		status = legacy_report_add(&plan->report, &item, err);
		if (status == TB_OK)
			status = each(&item, arg, err);
	}
	close_sorters(plan);
	return status == TB_END ? TB_OK : status;
}

/* ------------------------------------------------------- the other rows -- */

static enum tb_status
tell_table(struct legacy_plan *plan, size_t i, const struct foreign_table *t,
    legacy_teller *each, void *arg, struct tb_err *err)
{
	const struct legacy_source *s = &plan->sources[i];
	struct legacy_item item = { .table = t->name,
		.disposition =
		    t == s->variant.bots ? LEGACY_CONVERT : LEGACY_ARCHIVE };
	int id = foreign_column(t, "id");
	struct foreign_rows rows;
	enum tb_status status;

	status = foreign_rows_open(&rows, s->file, t, err);
	while (status == TB_OK) {
		status = foreign_rows_next(&rows, err);
		if (status != TB_OK)
			break;
		item.ref = (struct legacy_ref){ .file = (uint16_t)i,
			.rowid = rows.rowid,
			.id = rows.rowid };
		item.ref.by_rowid = !t->id_is_unique || id == -1 ||
		    !legacy_integer(&rows.values[id], &item.ref.id);
		status = each(&item, arg, err);
	}
	foreign_rows_close(&rows);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
legacy_plan_rest(struct legacy_plan *plan, legacy_teller *each, void *arg,
    struct tb_err *err)
{
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < plan->source_count; i++) {
		const struct legacy_source *s = &plan->sources[i];
		const struct foreign_table *tables;
		size_t count;

		tables = foreign_tables(s->file, &count);
		for (size_t t = 0; t < count && status == TB_OK; t++)
			if (&tables[t] != s->variant.trades &&
			    &tables[t] != s->variant.raw)
				status = tell_table(plan, i, &tables[t], each,
				    arg, err);
	}
	return status;
}

/* ---------------------------------------------------------- source rows -- */

/* The row of a ref, in the rows that are kept open to find it. */
static enum tb_status
find_row(struct legacy_plan *plan, const struct legacy_ref *ref,
    struct foreign_rows **out, struct tb_err *err)
{
	const struct legacy_source *s = &plan->sources[ref->file];
	struct side_table *side = &plan->sides[ref->file];
	struct foreign_rows *rows =
	    ref->raw ? &side->find_raw : &side->find_trades;
	enum tb_status status = TB_OK;

	*out = rows;
	if (rows->inside != NULL && rows->rowid == ref->rowid)
		return TB_OK; /* it stands there still */
	if (rows->inside == NULL)
		status = foreign_rows_open(rows, s->file,
		    ref->raw ? s->variant.raw : s->variant.trades, err);
	if (status == TB_OK)
		status = foreign_rows_find(rows, ref->rowid, err);
	if (status != TB_OK)
		foreign_rows_close(rows);
	if (status == TB_END)
		return tb_fail(err, TB_EBUG, "%s: row %lld is gone", s->path,
		    (long long)ref->rowid);
	return status;
}

enum tb_status
legacy_plan_context(struct legacy_plan *plan, const struct legacy_item *item,
    struct buffer *out, struct tb_err *err)
{
	const char *file = plan->sources[item->ref.file].path;
	const struct legacy_ref *ref =
	    item->has_signal ? &item->signal : &item->ref;
	struct legacy_fields fields;
	struct foreign_rows *rows;
	enum tb_status status;

	if (item->origin != LEGACY_BOT && !item->has_signal) {
		legacy_context_write(item, file, NULL, out);
		return buffer_status(out, err);
	}
	status = find_row(plan, ref, &rows, err);
	if (status != TB_OK)
		return status;
	legacy_fields_read(&plan->sides[ref->file].trades, rows, &fields);
	legacy_context_write(item, file, &fields, out);
	return buffer_status(out, err);
}

static enum tb_status
find_other_row(struct legacy_plan *plan, const struct legacy_item *item,
    struct buffer *out, struct tb_err *err)
{
	const struct legacy_source *s = &plan->sources[item->ref.file];
	struct foreign_rows rows;
	enum tb_status status;

	status = foreign_rows_open(&rows, s->file,
	    foreign_table(s->file, item->table), err);
	if (status == TB_OK)
		status = foreign_rows_find(&rows, item->ref.rowid, err);
	if (status == TB_OK)
		legacy_row_write(&rows, out);
	foreign_rows_close(&rows);
	return status == TB_OK ? buffer_status(out, err) : status;
}

enum tb_status
legacy_plan_row(struct legacy_plan *plan, const struct legacy_item *item,
    struct buffer *out, struct tb_err *err)
{
	struct foreign_rows *rows;
	enum tb_status status;

	if (strcmp(item->table, "trades") != 0 &&
	    strcmp(item->table, "raw_trades") != 0)
		return find_other_row(plan, item, out, err);
	status = find_row(plan, &item->ref, &rows, err);
	if (status != TB_OK)
		return status;
	legacy_row_write(rows, out);
	return buffer_status(out, err);
}
