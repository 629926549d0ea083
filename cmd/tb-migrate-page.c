/*
 * tb-migrate: what a plan comes to, and what an old database is, as a page
 * that a person can decide on.
 */

#include <string.h>

#include "base/instant.h"
#include "tb-migrate.h"

/* ----------------------------------------------------------------- parts -- */

static void
cell_count(struct table *t, int64_t n)
{
	char text[TABLE_AMOUNT_STRLEN];

	table_amount(DECIMAL_OF(n), 0, text);
	table_cell(t, text);
}

static void
cell_amount(struct table *t, struct decimal d)
{
	char text[TABLE_AMOUNT_STRLEN];

	table_amount(d, 2, text);
	table_cell(t, text);
}

static void
page_sources(struct buffer *out, const struct legacy_plan *plan)
{
	const struct legacy_source *sources;
	char from[INSTANT_STRLEN], to[INSTANT_STRLEN];
	const struct legacy_report *r = legacy_plan_report(plan);
	size_t count;

	sources = legacy_plan_sources(plan, &count);
	for (size_t i = 0; i < count; i++) {
		const char *recovered = foreign_recovered(sources[i].file);

		table_escape(out, sources[i].path, strlen(sources[i].path));
		buffer_add_format(out, ": %s, %lld bytes%s%s\n",
		    sources[i].variant.name,
		    (long long)foreign_bytes(sources[i].file),
		    *recovered == '\0' ? "" : ", with its ", recovered);
		buffer_add_format(out, "  sha256 %s\n",
		    foreign_sha256(sources[i].file));
	}
	if (r->first_us == 0)
		return;
	instant_format_day(r->first_us, from);
	instant_format_day(r->last_us, to);
	buffer_add_format(out, "  rows from %s to %s\n", from, to);
}

static enum tb_status
page_rows(const struct cli *cli, struct buffer *out,
    const struct legacy_report *r, struct tb_err *err)
{
	static const char *const headings[] = { "Rows of trades", ">Rows",
		"Why", NULL };
	static const char *const texts[LEGACY_DISPOSITIONS] = {
		"copied as they were",
		"something was derived or put right",
		"",
		"",
		"",
	};
	struct table *t;
	enum tb_status status = table_open(&t, headings, cli->colour, err);

	if (status != TB_OK)
		return status;
	for (int i = 0; i <= LEGACY_CONVERT; i++) {
		table_cell(t,
		    legacy_disposition_word((enum legacy_disposition)i));
		cell_count(t, r->dispositions[i]);
		table_cell(t, texts[i]);
	}
	for (int i = LEGACY_REASONS - 1; i > LEGACY_NO_REASON; i--) {
		const char *word =
		    i >= LEGACY_DUPLICATE_ORDER_ID ? "merge" : "quarantine";

		if (r->reasons[i] == 0)
			continue;
		table_cell(t, word);
		cell_count(t, r->reasons[i]);
		table_cell(t, legacy_reason_text((enum legacy_reason)i));
	}
	table_rule(t);
	table_cell(t, "all");
	cell_count(t, r->rows);
	table_cell(t, "");
	status = table_write(t, out, err);
	table_free(t);
	return status;
}

/* ------------------------------------------------------------------ plan -- */

static void
row_product(struct table *t, const char *name, const struct legacy_product *p,
    struct decimal old_net, struct decimal new_net)
{
	table_cell(t, name);
	cell_count(t, p->buys);
	cell_count(t, p->sells);
	cell_amount(t, p->buy_usd);
	cell_amount(t, p->sell_usd);
	cell_amount(t, p->commission);
	cell_amount(t, old_net);
	cell_amount(t, new_net);
}

static enum tb_status
page_products(const struct cli *cli, struct buffer *out,
    const struct legacy_report *r, struct tb_err *err)
{
	static const char *const headings[] = { "Product", ">Buys", ">Sells",
		">Bought", ">Sold", ">Fees", ">Old net", ">New net", NULL };
	struct decimal old_net, new_net;
	struct legacy_product all;
	struct table *t;
	enum tb_status status = table_open(&t, headings, cli->colour, err);

	if (status != TB_OK)
		return status;
	for (size_t i = 0; i < r->product_count && status == TB_OK; i++) {
		const struct legacy_product *p = &r->products[i];

		status = legacy_product_net(p, &old_net, &new_net, err);
		if (status == TB_OK)
			row_product(t,
			    p->product_id[0] == '\0' ? "(none)" : p->product_id,
			    p, old_net, new_net);
	}
	if (status == TB_OK)
		status = migrate_add_up(r, &all, err);
	if (status == TB_OK)
		status = legacy_product_net(&all, &old_net, &new_net, err);
	if (status == TB_OK) {
		table_rule(t);
		row_product(t, "all", &all, old_net, new_net);
		status = table_write(t, out, err);
	}
	table_free(t);
	return status;
}

static enum tb_status
page_causes(const struct cli *cli, struct buffer *out,
    const struct legacy_report *r, struct tb_err *err)
{
	static const char *const headings[] = { "Old net becomes new net by",
		">Rows", ">Net", NULL };
	struct legacy_product all;
	struct table *t;
	enum tb_status status = migrate_add_up(r, &all, err);

	if (status == TB_OK)
		status = table_open(&t, headings, cli->colour, err);
	if (status != TB_OK)
		return status;
	for (int i = 0; i < LEGACY_CAUSES; i++) {
		if (all.causes[i].rows == 0)
			continue;
		table_cell(t, legacy_cause_text((enum legacy_cause)i));
		cell_count(t, all.causes[i].rows);
		cell_amount(t, all.causes[i].net);
	}
	status = table_write(t, out, err);
	table_free(t);
	return status;
}

/* What a person has to know before saying yes. */
static void
page_words(struct buffer *out, const struct legacy_report *r)
{
	if (r->states[LEGACY_PENDING] > 0)
		buffer_add_format(out,
		    "\n%lld %s open as far as the old system knew: "
		    "tb-sync reconcile asks the venue.\n",
		    (long long)r->states[LEGACY_PENDING],
		    r->states[LEGACY_PENDING] == 1 ? "order is" : "orders are");
	if (r->fee_unknown > 0)
		buffer_add_format(out,
		    "\n%lld %s no fee that anybody told: a gain there is "
		    "before fees.\n",
		    (long long)r->fee_unknown,
		    r->fee_unknown == 1 ? "trade has" : "trades have");
	buffer_add_string(out,
	    "\nNothing was written. -o ndjson tells it row by row.\n");
}

enum tb_status
migrate_print_report(const struct cli *cli, const struct legacy_plan *plan,
    struct tb_err *err)
{
	const struct legacy_report *r = legacy_plan_report(plan);
	struct buffer out;
	enum tb_status status;

	buffer_init(&out, CLI_ROW_MAX);
	page_sources(&out, plan);
	buffer_add_char(&out, '\n');
	status = page_rows(cli, &out, r, err);
	buffer_add_char(&out, '\n');
	if (status == TB_OK)
		status = page_products(cli, &out, r, err);
	buffer_add_char(&out, '\n');
	if (status == TB_OK)
		status = page_causes(cli, &out, r, err);
	page_words(&out, r);
	if (status == TB_OK)
		status = buffer_status(&out, err);
	if (status == TB_OK)
		status = cli_write(out.data, out.len, err);
	buffer_release(&out);
	return status;
}

/* --------------------------------------------------------------- inspect -- */

/* Of a table that the old system made: what it did not. */
static void
cell_unknown(struct table *t, struct buffer *text,
    const struct foreign_table *table)
{
	bool known = legacy_table_is_known(table->name);

	buffer_clear(text);
	if (!known)
		buffer_add_string(text, "the whole table");
	for (size_t i = 0; known && i < table->column_count; i++) {
		const char *name = table->columns[i].name;

		if (legacy_column_is_known(table->name, name))
			continue;
		buffer_add_string(text, text->len == 0 ? "" : ", ");
		buffer_add_string(text, name);
	}
	table_cell(t, buffer_status(text, NULL) == TB_OK ? text->data : "...");
}

static enum tb_status
page_tables(const struct cli *cli, struct buffer *out,
    const struct legacy_source *s, struct tb_err *err)
{
	static const char *const headings[] = { "Table", ">Rows", ">Columns",
		"Nobody here knows", NULL };
	const struct foreign_table *tables;
	struct buffer text;
	struct table *t;
	size_t count;
	int64_t rows;
	enum tb_status status = table_open(&t, headings, cli->colour, err);

	if (status != TB_OK)
		return status;
	buffer_init(&text, CLI_ROW_MAX);
	tables = foreign_tables(s->file, &count);
	for (size_t i = 0; i < count && status == TB_OK; i++) {
		status = foreign_count(s->file, &tables[i], &rows, err);
		table_cell(t, tables[i].name);
		cell_count(t, rows);
		cell_count(t, (int64_t)tables[i].column_count);
		cell_unknown(t, &text, &tables[i]);
	}
	if (status == TB_OK)
		status = table_write(t, out, err);
	buffer_release(&text);
	table_free(t);
	return status;
}

static enum tb_status
page_quirks(const struct cli *cli, struct buffer *out,
    const struct legacy_report *r, struct tb_err *err)
{
	static const char *const headings[] = { "Oddity", ">Rows", NULL };
	struct table *t;
	enum tb_status status = table_open(&t, headings, cli->colour, err);

	if (status != TB_OK)
		return status;
	for (int i = 0; i < LEGACY_QUIRKS; i++) {
		if (r->quirks[i] == 0)
			continue;
		table_cell(t, legacy_quirk_text((enum legacy_quirk)i));
		cell_count(t, r->quirks[i]);
	}
	status = table_write(t, out, err);
	table_free(t);
	return status;
}

enum tb_status
migrate_print_inspection(const struct cli *cli, const struct legacy_plan *plan,
    struct tb_err *err)
{
	const struct legacy_source *sources;
	enum tb_status status = TB_OK;
	struct buffer out;
	size_t count;

	buffer_init(&out, CLI_ROW_MAX);
	page_sources(&out, plan);
	sources = legacy_plan_sources(plan, &count);
	for (size_t i = 0; i < count && status == TB_OK; i++) {
		buffer_add_char(&out, '\n');
		status = page_tables(cli, &out, &sources[i], err);
	}
	buffer_add_char(&out, '\n');
	if (status == TB_OK)
		status = page_rows(cli, &out, legacy_plan_report(plan), err);
	buffer_add_char(&out, '\n');
	if (status == TB_OK)
		status = page_quirks(cli, &out, legacy_plan_report(plan), err);
	if (status == TB_OK)
		status = buffer_status(&out, err);
	if (status == TB_OK)
		status = cli_write(out.data, out.len, err);
	buffer_release(&out);
	return status;
}
