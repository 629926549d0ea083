/*
 * tb-portfolio lots, gains: which purchases are left, and what each sale
 * brought.  Both are one pass over the fills, a product at a time; what is
 * remembered of it is the open lots.
 */

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "store/books.h"
#include "store/candles.h"
#include "tb-portfolio.h"
#include "wire/portfolio.h"

#define YEAR_MIN 1
#define YEAR_MAX 9999

struct pass {
	const struct cli *cli;
	struct cli_rows rows;
	struct lots lots;
	struct position position; /* product_id "": none yet */
	int64_t from_us, to_us;	  /* sales in [from, to) are shown */
	/* what is written when a product is through, and of each sale */
	enum tb_status (*product)(struct pass *, struct tb_err *);
	enum tb_status (*sale)(struct pass *, const struct ledger_entry *,
	    const struct disposal *, struct tb_err *);
};

static enum tb_status
end_product(struct pass *pass, struct tb_err *err)
{
	if (pass->position.product_id[0] == '\0' || pass->product == NULL)
		return TB_OK;
	return pass->product(pass, err);
}

static enum tb_status
pass_entry(const char *product_id, const struct ledger_entry *e, void *arg,
    struct tb_err *err)
{
	struct pass *pass = arg;
	struct lot_outcome outcome;
	enum tb_status status;

	if (strcmp(product_id, pass->position.product_id) != 0) {
		status = end_product(pass, err);
		if (status != TB_OK)
			return status;
		lots_clear(&pass->lots);
		position_init(&pass->position, product_id);
	}
	status = lots_fill(&pass->lots, &pass->position, e, &outcome, err);
	if (status != TB_OK || outcome.act != LOT_DISPOSED ||
	    pass->sale == NULL || e->at_us < pass->from_us ||
	    e->at_us >= pass->to_us)
		return status;
	return pass->sale(pass, e, &outcome.disposal, err);
}

/* One pass over the operand's product, or over all. */
static enum tb_status
run_pass(struct pass *pass, struct tb_err *err)
{
	const struct cli *cli = pass->cli;
	const char *product_id = cli->argc > 0 ? cli->argv[0] : NULL;
	struct product product;
	struct db *db = NULL;
	enum tb_status status;

	lots_init(&pass->lots, portfolio_method(), portfolio_fees_apart());
	status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK && product_id != NULL)
		status = products_get(db, product_id, &product, err);
	if (status == TB_OK)
		status = books_each_entry(db, product_id, portfolio_until(cli),
		    pass_entry, pass, err);
	if (status == TB_OK)
		status = end_product(pass, err);
	db_close(db);
	lots_release(&pass->lots);
	return status;
}

/* ------------------------------------------------------------------ lots -- */

static const struct cli_column lot_columns[] = {
	{ "product_id", "Product", CLI_TEXT, 0 },
	{ "acquired_at", "Acquired", CLI_INSTANT, 0 },
	{ "trade_id", "Trade", CLI_FIGURE, 0 },
	{ "lot_id", "Lot", CLI_FIGURE, 0 },
	{ "size", "Size", CLI_FIGURE, 0 },
	{ "unit_cost", "Unit cost", CLI_AMOUNT, 2 },
	{ "cost", "Cost", CLI_AMOUNT, 2 },
	{ NULL, NULL, CLI_TEXT, 0 },
};

static enum tb_status
write_lots(struct pass *pass, struct tb_err *err)
{
	const struct lot *lot;
	enum tb_status status = TB_OK;
	size_t count;

	lot = lot_queue_list(&pass->lots.open, &count);
	for (size_t i = 0; i < count && status == TB_OK; i++) {
		status = lot_write(cli_row(&pass->rows),
		    pass->position.product_id, &lot[i], err);
		if (status == TB_OK)
			status = cli_row_end(&pass->rows, err);
	}
	return status;
}

enum tb_status
portfolio_lots(const struct cli *cli, struct tb_err *err)
{
	struct pass pass = { .cli = cli, .product = write_lots };
	bool none;
	enum tb_status status;

	cli_rows_begin(&pass.rows, cli, lot_columns, CLI_BULK);
	status = run_pass(&pass, err);
	none = pass.rows.count == 0;
	status = cli_rows_end(&pass.rows, status, err);
	return status == TB_OK && none ? TB_END : status;
}

/* ----------------------------------------------------------------- gains -- */

static const struct cli_column gain_columns[] = {
	{ "sold_at", "Sold", CLI_INSTANT, 0 },
	{ "product_id", "Product", CLI_TEXT, 0 },
	{ "trade_id", "Trade", CLI_FIGURE, 0 },
	{ "kind", "Kind", CLI_TEXT, 0 },
	{ "size", "Size", CLI_FIGURE, 0 },
	{ "proceeds", "Proceeds", CLI_AMOUNT, 2 },
	{ "cost", "Cost", CLI_AMOUNT, 2 },
	{ "gain", "Gain", CLI_GAIN, 2 },
	{ "uncovered_size", "Uncovered", CLI_FIGURE, 0 },
	{ NULL, NULL, CLI_TEXT, 0 },
};

/* A spreadsheet wants a row a lot: when it was bought decides the tax. */
static const struct cli_column part_columns[] = {
	{ "product_id", "Product", CLI_TEXT, 0 },
	{ "trade_id", "Trade", CLI_FIGURE, 0 },
	{ "sold_at", "Sold", CLI_INSTANT, 0 },
	{ "lot_trade_id", "Lot", CLI_FIGURE, 0 },
	{ "acquired_at", "Acquired", CLI_INSTANT, 0 },
	{ "kind", "Kind", CLI_TEXT, 0 },
	{ "size", "Size", CLI_FIGURE, 0 },
	{ "proceeds", "Proceeds", CLI_AMOUNT, 2 },
	{ "cost", "Cost", CLI_AMOUNT, 2 },
	{ "gain", "Gain", CLI_GAIN, 2 },
	{ NULL, NULL, CLI_TEXT, 0 },
};

static enum tb_status
write_gain(struct pass *pass, const struct ledger_entry *e,
    const struct disposal *d, struct tb_err *err)
{
	struct disposal whole = *d;

	if (pass->cli->format == CLI_TABLE)
		whole.part_count = 0; /* not shown */
	gain_write(cli_row(&pass->rows), pass->position.product_id, e, &whole);
	return cli_row_end(&pass->rows, err);
}

static enum tb_status
write_parts(struct pass *pass, const struct ledger_entry *e,
    const struct disposal *d, struct tb_err *err)
{
	struct disposal_part rest;
	enum tb_status status = TB_OK;

	for (size_t i = 0; i < d->part_count && status == TB_OK; i++) {
		gain_write_part(cli_row(&pass->rows), pass->position.product_id,
		    e, &d->parts[i]);
		status = cli_row_end(&pass->rows, err);
	}
	if (status != TB_OK || !disposal_rest(d, &rest))
		return status;
	gain_write_part(cli_row(&pass->rows), pass->position.product_id, e,
	    &rest);
	return cli_row_end(&pass->rows, err);
}

/* [from, to) of --year; without it, all time. */
static enum tb_status
sale_period(struct pass *pass, struct tb_err *err)
{
	char text[INSTANT_STRLEN];
	long long year;
	enum tb_status status;

	pass->from_us = INT64_MIN;
	pass->to_us = INT64_MAX;
	if (portfolio_options.year == NULL)
		return TB_OK;
	status = cli_integer("--year", portfolio_options.year, YEAR_MIN,
	    YEAR_MAX, &year, err);
	if (status != TB_OK)
		return status;
	snprintf(text, sizeof(text), "%04lld-01-01T00:00:00Z", year);
	status = instant_parse(text, strlen(text), &pass->from_us);
	if (status != TB_OK || year == YEAR_MAX)
		return status;
	snprintf(text, sizeof(text), "%04lld-01-01T00:00:00Z", year + 1);
	return instant_parse(text, strlen(text), &pass->to_us);
}

enum tb_status
portfolio_gains(const struct cli *cli, struct tb_err *err)
{
	bool parts = cli->format == CLI_CSV;
	struct pass pass = { .cli = cli,
		.sale = parts ? write_parts : write_gain };
	bool none;
	enum tb_status status;

	status = sale_period(&pass, err);
	if (status != TB_OK)
		return status;
	cli_rows_begin(&pass.rows, cli, parts ? part_columns : gain_columns,
	    CLI_BULK);
	status = run_pass(&pass, err);
	none = pass.rows.count == 0;
	status = cli_rows_end(&pass.rows, status, err);
	return status == TB_OK && none ? TB_END : status;
}
