/*
 * tb-migrate plan: what the migration of old databases would do, row by row,
 * on private copies; inspect: what such a database is.
 *
 * stdout  plan: an object a source row, then a summary; inspect: one object
 * db	   not opened
 */

#include <stdlib.h>
#include <string.h>

#include "tb-migrate.h"
#include "wire/trade.h"

#define CONTEXT_MAX (1U << 25)

struct telling {
	struct legacy_plan *plan;
	struct cli_rows rows;
	struct buffer context;
	int64_t trades; /* told so far */
	int64_t others; /* rows of other tables */
	bool silent;	/* only counted: a table is a page */
};

/* A folder for copies that may be large: /tmp is memory on many machines. */
static const char *
work_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder == NULL || *folder == '\0' ? "/var/tmp" : folder;
}

enum tb_status
migrate_open_plan(const struct cli *cli, const char *folder, bool gains,
    struct legacy_plan **out, struct decimal *cap, struct tb_err *err)
{
	struct legacy_options options = { .folder = folder,
		.cap_usd = DECIMAL_OF(LEGACY_CAP_USD),
		.now_us = cli->now_us,
		.gains = gains };
	enum tb_status status = TB_OK;

	*out = NULL;
	if (opt.cap != NULL)
		status = cli_decimal("--cap", opt.cap, &options.cap_usd, err);
	if (status == TB_OK && decimal_sign(options.cap_usd) <= 0)
		status = tb_fail(err, TB_EUSAGE,
		    "--cap: expected dollars above 0, found %s", opt.cap);
	if (status != TB_OK)
		return status;
	if (cap != NULL)
		*cap = options.cap_usd;
	return legacy_plan_open(out, (const char *const *)cli->argv,
	    (size_t)cli->argc, &options, err);
}

/* ----------------------------------------------------------------- a row -- */

/* A label as a number where it is an id of trades: 158, "rowid:9", "raw:7". */
static void
write_ref(struct json_writer *w, const struct legacy_ref *ref, bool raw)
{
	struct legacy_ref shown = *ref;
	char label[LEGACY_LABEL_MAX];

	shown.raw = raw && ref->raw;
	legacy_ref_label(&shown, label);
	if (shown.raw || shown.by_rowid)
		json_string(w, label);
	else
		json_int(w, ref->id);
}

static void
write_quirks(struct json_writer *w, const struct legacy_quirks *quirks)
{
	char word[LEGACY_WORD_MAX];

	json_key(w, "quirks");
	json_open(w, '[');
	for (int i = 0; i < LEGACY_QUIRKS; i++) {
		if (!legacy_quirk_has(quirks, (enum legacy_quirk)i))
			continue;
		legacy_quirk_word(quirks, (enum legacy_quirk)i, word);
		json_string(w, word);
	}
	json_close(w, ']');
}

static enum tb_status
write_trade(struct telling *t, struct json_writer *w,
    const struct legacy_item *item, struct tb_err *err)
{
	static const enum trade_status status_of[] = {
		[LEGACY_PENDING] = TRADE_PENDING,
		[LEGACY_FILLED] = TRADE_FILLED,
		[LEGACY_CANCELLED] = TRADE_CANCELLED,
	};
	struct trade trade = { .id = ++t->trades,
		.side = item->side,
		.size_usd = item->size_usd,
		.size_crypto = item->size_crypto,
		.price = item->price,
		.status = status_of[item->state],
		.commission = item->commission,
		.created_at_us = item->created_us,
		.filled_at_us = item->filled_us };
	enum tb_status status;

	buffer_clear(&t->context);
	status = legacy_plan_context(t->plan, item, &t->context, err);
	if (status != TB_OK)
		return status;
	memcpy(trade.product_id, item->product_id, sizeof(trade.product_id));
	memcpy(trade.order_id, item->order_id, sizeof(trade.order_id));
	memcpy(trade.triggered_by, item->triggered_by,
	    sizeof(trade.triggered_by));
	trade.signal_context = t->context.data;
	trade_write(w, &trade);
	return TB_OK;
}

static void
write_into(struct json_writer *w, const struct legacy_item *item)
{
	json_key(w, "merged_into");
	if (item->into_count == 0) {
		json_null(w);
		return;
	}
	json_open(w, '[');
	for (size_t i = 0; i < item->into_count; i++)
		write_ref(w, &item->into[i], true);
	json_close(w, ']');
}

/* Of another file: which. */
static void
write_into_file(struct telling *t, struct json_writer *w,
    const struct legacy_item *item)
{
	const struct legacy_source *sources;
	size_t count;

	if (item->into_count == 0 || item->into[0].file == item->ref.file)
		return;
	sources = legacy_plan_sources(t->plan, &count);
	json_key(w, "merged_into_file");
	json_string(w, sources[item->into[0].file].path);
}

static enum tb_status
write_line(struct telling *t, struct json_writer *w,
    const struct legacy_item *item, struct tb_err *err)
{
	bool trade = legacy_item_is_open(item) && item->order_id[0] != '\0';
	const struct legacy_source *sources;
	enum tb_status status = TB_OK;
	size_t count;

	sources = legacy_plan_sources(t->plan, &count);
	json_open(w, '{');
	json_key(w, "source_file");
	json_string(w, sources[item->ref.file].path);
	json_key(w, "source_table");
	json_string(w, item->table);
	json_key(w, "source_id");
	write_ref(w, &item->ref, false);
	json_key(w, "disposition");
	json_string(w, legacy_disposition_word(item->disposition));
	json_key(w, "reason");
	json_string(w, legacy_reason_word(item->reason));
	write_quirks(w, &item->quirks);
	json_key(w, "trade");
	if (trade)
		status = write_trade(t, w, item, err);
	else
		json_null(w);
	write_into(w, item);
	write_into_file(t, w, item);
	if (trade) {
		json_key(w, "needs_reconcile");
		json_bool(w, item->state == LEGACY_PENDING);
		json_key(w, "fee_unknown");
		json_bool(w, item->fee_unknown);
	}
	json_close(w, '}');
	return status;
}

static enum tb_status
tell(const struct legacy_item *item, void *arg, struct tb_err *err)
{
	struct telling *t = arg;
	enum tb_status status;

	if (t->silent)
		return TB_OK;
	status = write_line(t, cli_row(&t->rows), item, err);
	return status == TB_OK ? cli_row_end(&t->rows, err) : status;
}

static enum tb_status
tell_other(const struct legacy_item *item, void *arg, struct tb_err *err)
{
	struct telling *t = arg;

	t->others++;
	return tell(item, arg, err);
}

/* ------------------------------------------------------------------ plan -- */

static const struct cli_column plan_columns[] = {
	{ "source_file", NULL, CLI_TEXT, 0 },
	{ "source_table", NULL, CLI_TEXT, 0 },
	{ "source_id", NULL, CLI_TEXT, 0 },
	{ "disposition", NULL, CLI_TEXT, 0 },
	{ "reason", NULL, CLI_TEXT, 0 },
	{ "quirks", NULL, CLI_TEXT, 0 },
	{ "merged_into", NULL, CLI_TEXT, 0 },
	{ "trade.product_id", NULL, CLI_TEXT, 0 },
	{ "trade.side", NULL, CLI_TEXT, 0 },
	{ "trade.size_usd", NULL, CLI_FIGURE, 0 },
	{ "trade.size_crypto", NULL, CLI_FIGURE, 0 },
	{ "trade.price", NULL, CLI_FIGURE, 0 },
	{ "trade.commission", NULL, CLI_FIGURE, 0 },
	{ "trade.status", NULL, CLI_TEXT, 0 },
	{ "trade.created_at", NULL, CLI_TEXT, 0 },
	{ "trade.filled_at", NULL, CLI_TEXT, 0 },
	{ "trade.triggered_by", NULL, CLI_TEXT, 0 },
	{ "trade.order_id", NULL, CLI_TEXT, 0 },
	{ 0 },
};

/* The last line: counts, sums, and old figures beside new ones. */
static enum tb_status
write_summary(struct telling *t, struct json_writer *w, struct tb_err *err)
{
	const struct legacy_report *report = legacy_plan_report(t->plan);
	enum tb_status status;

	json_open(w, '{');
	json_key(w, "summary");
	json_bool(w, true);
	json_key(w, "sources");
	status = migrate_write_sources(w, t->plan, err);
	migrate_write_counts(w, report);
	json_key(w, "other_rows");
	json_int(w, t->others);
	if (status == TB_OK)
		status = migrate_write_products(w, report, err);
	json_close(w, '}');
	return status;
}

static enum tb_status
tell_all(const struct cli *cli, struct telling *t, struct tb_err *err)
{
	bool sums = cli->format == CLI_NDJSON || cli->format == CLI_JSON;
	enum tb_status status;

	status = legacy_plan_each(t->plan, tell, t, err);
	if (status == TB_OK)
		status = legacy_plan_rest(t->plan, tell_other, t, err);
	if (status == TB_OK && sums)
		status = write_summary(t, cli_row(&t->rows), err);
	if (status == TB_OK && sums)
		status = cli_row_end(&t->rows, err);
	return status;
}

/* An empty file is mostly the wrong one of two. */
static void
warn_of_empty(const struct legacy_plan *plan)
{
	const struct legacy_source *sources;
	size_t count;

	sources = legacy_plan_sources(plan, &count);
	if (legacy_plan_report(plan)->rows == 0)
		cli_warn("%s: no trade in it: the old system made an empty "
			 "file wherever it was started from: look for another",
		    sources[0].path);
}

enum tb_status
run_plan(const struct cli *cli, struct tb_err *err)
{
	struct telling t = { .silent = cli->format == CLI_TABLE };
	enum tb_status status;

	buffer_init(&t.context, CONTEXT_MAX);
	status =
	    migrate_open_plan(cli, work_folder(), true, &t.plan, NULL, err);
	if (status == TB_OK && t.silent) {
		status = tell_all(cli, &t, err);
		if (status == TB_OK)
			status = migrate_print_report(cli, t.plan, err);
	} else if (status == TB_OK) {
		cli_rows_begin(&t.rows, cli, plan_columns, CLI_BULK);
		status = cli_rows_end(&t.rows, tell_all(cli, &t, err), err);
	}
	if (status == TB_OK)
		warn_of_empty(t.plan);
	legacy_plan_close(t.plan);
	buffer_release(&t.context);
	return status;
}

/* --------------------------------------------------------------- inspect -- */

static enum tb_status
write_inspection(struct json_writer *w, const struct legacy_plan *plan,
    struct tb_err *err)
{
	enum tb_status status;

	json_open(w, '{');
	json_key(w, "sources");
	status = migrate_write_sources(w, plan, err);
	migrate_write_counts(w, legacy_plan_report(plan));
	json_close(w, '}');
	return status;
}

enum tb_status
run_inspect(const struct cli *cli, struct tb_err *err)
{
	struct telling t = { .silent = true };
	enum tb_status status;

	status =
	    migrate_open_plan(cli, work_folder(), false, &t.plan, NULL, err);
	if (status == TB_OK)
		status = legacy_plan_each(t.plan, tell, &t, err);
	if (status == TB_OK && cli->format == CLI_TABLE) {
		status = migrate_print_inspection(cli, t.plan, err);
	} else if (status == TB_OK) {
		cli_rows_begin(&t.rows, cli, NULL, CLI_ONE);
		status = write_inspection(cli_row(&t.rows), t.plan, err);
		if (status == TB_OK)
			status = cli_row_end(&t.rows, err);
		status = cli_rows_end(&t.rows, status, err);
	}
	if (status == TB_OK)
		warn_of_empty(t.plan);
	legacy_plan_close(t.plan);
	return status;
}
