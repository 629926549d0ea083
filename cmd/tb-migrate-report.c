/*
 * tb-migrate: what a plan comes to, as JSON.
 */

#include <string.h>

#include "base/instant.h"
#include "tb-migrate.h"

#define PLACES 8 /* decimals of the old system */

/* ----------------------------------------------------------------- files -- */

static enum tb_status
write_table(struct json_writer *w, const struct legacy_source *s,
    const struct foreign_table *t, struct tb_err *err)
{
	enum tb_status status;
	int64_t rows = 0;

	status = foreign_count(s->file, t, &rows, err);
	json_open(w, '{');
	json_key(w, "name");
	json_string(w, t->name);
	json_key(w, "rows");
	json_int(w, rows);
	json_key(w, "known");
	json_bool(w, legacy_table_is_known(t->name));
	json_key(w, "columns");
	json_open(w, '[');
	for (size_t i = 0; i < t->column_count; i++)
		json_string(w, t->columns[i].name);
	json_close(w, ']');
	json_key(w, "unknown_columns");
	json_open(w, '[');
	for (size_t i = 0; i < t->column_count; i++)
		if (legacy_table_is_known(t->name) &&
		    !legacy_column_is_known(t->name, t->columns[i].name))
			json_string(w, t->columns[i].name);
	json_close(w, ']');
	json_close(w, '}');
	return status;
}

static enum tb_status
write_source(struct json_writer *w, const struct legacy_source *s,
    struct tb_err *err)
{
	const struct foreign_table *tables;
	enum tb_status status = TB_OK;
	size_t count;

	json_open(w, '{');
	json_key(w, "file");
	json_string(w, s->path);
	json_key(w, "sha256");
	json_string(w, foreign_sha256(s->file));
	json_key(w, "bytes");
	json_int(w, foreign_bytes(s->file));
	json_key(w, "integrity");
	json_string(w, "ok");
	json_key(w, "recovered");
	json_string(w,
	    *foreign_recovered(s->file) == '\0' ? NULL :
						  foreign_recovered(s->file));
	json_key(w, "variant");
	json_string(w, s->variant.name);
	json_key(w, "traits");
	json_open(w, '[');
	for (size_t i = 0; i < s->variant.trait_count; i++)
		json_string(w, s->variant.traits[i]);
	json_close(w, ']');
	json_key(w, "tables");
	json_open(w, '[');
	tables = foreign_tables(s->file, &count);
	for (size_t i = 0; i < count && status == TB_OK; i++)
		status = write_table(w, s, &tables[i], err);
	json_close(w, ']');
	json_close(w, '}');
	return status;
}

enum tb_status
migrate_write_sources(struct json_writer *w, const struct legacy_plan *plan,
    struct tb_err *err)
{
	const struct legacy_source *sources;
	enum tb_status status = TB_OK;
	size_t count;

	sources = legacy_plan_sources(plan, &count);
	json_open(w, '[');
	for (size_t i = 0; i < count && status == TB_OK; i++)
		status = write_source(w, &sources[i], err);
	json_close(w, ']');
	return status;
}

/* ---------------------------------------------------------------- counts -- */

static void
write_count(struct json_writer *w, const char *word, int64_t count)
{
	if (count == 0)
		return;
	json_key(w, word);
	json_int(w, count);
}

static void
write_moment(struct json_writer *w, const char *key, int64_t us)
{
	char text[INSTANT_STRLEN];

	json_key(w, key);
	if (us != 0)
		instant_format(us, text);
	json_string(w, us == 0 ? NULL : text);
}

void
migrate_quirk_kind(enum legacy_quirk quirk, char out[static LEGACY_WORD_MAX])
{
	static const struct {
		enum legacy_quirk quirk;
		const char *word;
	} kinds[] = {
		{ LQ_STATUS_WORD, "status_unusual" },
		{ LQ_TS_OFFSET, "ts_offset" },
		{ LQ_NUMBER_IS_TEXT, "number_is_text" },
		{ LQ_NUMBER_INFINITE, "number_infinite" },
		{ LQ_NUMBER_TOO_LARGE, "number_too_large" },
	};
	const struct legacy_quirks none = { 0 };

	legacy_quirk_word(&none, quirk, out);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].quirk == quirk)
			memcpy(out, kinds[i].word, strlen(kinds[i].word) + 1);
}

void
migrate_write_counts(struct json_writer *w, const struct legacy_report *report)
{
	static const char *const states[] = { "pending", "filled",
		"cancelled" };
	char word[LEGACY_WORD_MAX];

	json_key(w, "rows");
	json_int(w, report->rows);
	write_moment(w, "first_at", report->first_us);
	write_moment(w, "last_at", report->last_us);
	json_key(w, "dispositions");
	json_open(w, '{');
	for (int i = 0; i < LEGACY_DISPOSITIONS; i++)
		write_count(w,
		    legacy_disposition_word((enum legacy_disposition)i),
		    report->dispositions[i]);
	json_close(w, '}');
	json_key(w, "reasons");
	json_open(w, '{');
	for (int i = LEGACY_NO_REASON + 1; i < LEGACY_REASONS; i++)
		write_count(w, legacy_reason_word((enum legacy_reason)i),
		    report->reasons[i]);
	json_close(w, '}');
	json_key(w, "quirks");
	json_open(w, '{');
	for (int i = 0; i < LEGACY_QUIRKS; i++) {
		migrate_quirk_kind((enum legacy_quirk)i, word);
		write_count(w, word, report->quirks[i]);
	}
	json_close(w, '}');
	json_key(w, "status");
	json_open(w, '{');
	for (int i = 0; i < 3; i++)
		write_count(w, states[i], report->states[i]);
	json_close(w, '}');
	json_key(w, "needs_reconcile");
	json_int(w, report->states[LEGACY_PENDING]);
	json_key(w, "fee_unknown");
	json_int(w, report->fee_unknown);
}

/* -------------------------------------------------------------- products -- */

static void
write_rounded(struct json_writer *w, const char *key, struct decimal d)
{
	json_key(w, key);
	if (decimal_round(d, PLACES, DECIMAL_HALF_EVEN, &d) != TB_OK)
		json_null(w);
	else
		json_amount(w, d);
}

/* What one product came to in a book of each method. */
static enum tb_status
write_books(struct json_writer *w, const char *key, const char *product_id,
    const struct book *fifo_book, const struct book *average_book,
    struct tb_err *err)
{
	const struct book_page *fifo = book_find(fifo_book, product_id);
	const struct book_page *average = book_find(average_book, product_id);
	struct decimal cost;
	enum tb_status status;

	json_key(w, key);
	if (fifo == NULL || average == NULL) {
		json_null(w);
		return TB_OK;
	}
	json_open(w, '{');
	write_rounded(w, "fifo_realized", fifo->position.realized);
	write_rounded(w, "fifo_remaining_cost", fifo->position.usd_invested);
	write_rounded(w, "avg_realized", average->position.realized);
	write_rounded(w, "avg_remaining_cost", average->position.usd_invested);
	status = position_average_cost(&average->position, &cost, err);
	if (status == TB_OK) {
		write_rounded(w, "avg_cost_basis", cost);
	} else {
		json_key(w, "avg_cost_basis");
		json_null(w);
	}
	write_rounded(w, "uncovered_sell_qty", fifo->position.uncovered_size);
	write_rounded(w, "uncovered_sell_proceeds",
	    fifo->position.uncovered_proceeds);
	json_close(w, '}');
	return status == TB_ENOENT ? TB_OK : status;
}

/* The old formula, the new cash flow, and why they differ. */
static void
write_old(struct json_writer *w, const struct legacy_product *p,
    struct decimal old_net, struct decimal new_net)
{
	struct decimal difference;

	json_key(w, "old");
	json_open(w, '{');
	json_key(w, "rows");
	json_int(w, p->old_rows);
	json_key(w, "spent");
	json_amount(w, p->old_spent);
	json_key(w, "received");
	json_amount(w, p->old_received);
	json_key(w, "net");
	json_amount(w, old_net);
	json_close(w, '}');
	json_key(w, "difference");
	if (decimal_sub(new_net, old_net, &difference) == TB_OK)
		json_amount(w, difference);
	else
		json_null(w);
	json_key(w, "because");
	json_open(w, '[');
	for (int i = 0; i < LEGACY_CAUSES; i++) {
		if (p->causes[i].rows == 0)
			continue;
		json_open(w, '{');
		json_key(w, "cause");
		json_string(w, legacy_cause_word((enum legacy_cause)i));
		json_key(w, "rows");
		json_int(w, p->causes[i].rows);
		json_key(w, "net");
		json_amount(w, p->causes[i].net);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static enum tb_status
write_product(struct json_writer *w, const struct legacy_report *r,
    const struct legacy_product *p, struct tb_err *err)
{
	struct decimal old_net, new_net, balance = DECIMAL_ZERO, net_qty;
	const struct book_page *page = book_find(&r->fifo_net, p->product_id);
	enum tb_status status;

	status = legacy_product_net(p, &old_net, &new_net, err);
	if (status == TB_OK)
		status = decimal_sub(p->buy_qty, p->sell_qty, &net_qty);
	if (status != TB_OK)
		return status;
	if (page != NULL)
		balance = page->position.crypto_balance;
	json_open(w, '{');
	json_key(w, "product_id");
	json_string(w, p->product_id[0] == '\0' ? NULL : p->product_id);
	json_key(w, "filled_trades");
	json_int(w, p->buys + p->sells);
	json_key(w, "buys");
	json_int(w, p->buys);
	json_key(w, "sells");
	json_int(w, p->sells);
	write_rounded(w, "buy_qty", p->buy_qty);
	write_rounded(w, "sell_qty", p->sell_qty);
	write_rounded(w, "net_qty", net_qty);
	write_rounded(w, "balance_clamped", balance);
	write_rounded(w, "buy_usd", p->buy_usd);
	write_rounded(w, "sell_usd", p->sell_usd);
	write_rounded(w, "commission", p->commission);
	write_rounded(w, "cashflow_net", new_net);
	status = write_books(w, "gross", p->product_id, &r->fifo_gross,
	    &r->average_gross, err);
	if (status == TB_OK)
		status = write_books(w, "net", p->product_id, &r->fifo_net,
		    &r->average_net, err);
	write_old(w, p, old_net, new_net);
	json_close(w, '}');
	return status;
}

enum tb_status
migrate_add_up(const struct legacy_report *r, struct legacy_product *all,
    struct tb_err *err)
{
	enum tb_status status = TB_OK;

	*all = (struct legacy_product){ 0 };
	for (size_t i = 0; i < r->product_count && status == TB_OK; i++)
		status = legacy_product_add(all, &r->products[i], err);
	return status;
}

enum tb_status
migrate_write_products(struct json_writer *w,
    const struct legacy_report *report, struct tb_err *err)
{
	struct decimal old_net, new_net;
	struct legacy_product all;
	enum tb_status status = TB_OK;

	json_key(w, "products");
	json_open(w, '[');
	for (size_t i = 0; i < report->product_count && status == TB_OK; i++)
		status = write_product(w, report, &report->products[i], err);
	json_close(w, ']');
	if (status == TB_OK)
		status = migrate_add_up(report, &all, err);
	if (status == TB_OK)
		status = legacy_product_net(&all, &old_net, &new_net, err);
	if (status != TB_OK)
		return status;
	json_key(w, "total");
	json_open(w, '{');
	write_rounded(w, "buy_usd", all.buy_usd);
	write_rounded(w, "sell_usd", all.sell_usd);
	write_rounded(w, "commission", all.commission);
	write_rounded(w, "cashflow_net", new_net);
	write_old(w, &all, old_net, new_net);
	json_close(w, '}');
	return TB_OK;
}
