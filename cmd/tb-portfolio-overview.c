/*
 * tb-portfolio, tb-portfolio position: what is held and what it is worth.
 */

#include <stdlib.h>
#include <string.h>

#include "ledger/totals.h"
#include "store/candles.h"
#include "store/holdings.h"
#include "tb-portfolio.h"
#include "wire/portfolio.h"

static const struct cli_column position_columns[] = {
	{ "product_id", "Product", CLI_TEXT, 0 },
	{ "crypto_balance", "Balance", CLI_FIGURE, 0 },
	{ "average_cost_basis", "Average cost", CLI_AMOUNT, 2 },
	{ "current_price", "Price", CLI_AMOUNT, 2 },
	{ "usd_invested", "Invested", CLI_AMOUNT, 2 },
	{ "current_value", "Value", CLI_AMOUNT, 2 },
	{ "unrealized_pnl", "Unrealized", CLI_GAIN, 2 },
	{ "pnl_pct", "%", CLI_GAIN, 2 },
	{ "realized_pnl", "Realized", CLI_GAIN, 2 },
	{ "fees_usd", "Fees", CLI_AMOUNT, 2 },
	{ "price_at", NULL, CLI_INSTANT, 0 },
	{ NULL, NULL, CLI_TEXT, 0 },
};

/* The positions that are held, in one array; the caller frees it. */
static enum tb_status
held_positions(const struct book *book, struct position **out, size_t *count,
    struct tb_err *err)
{
	*count = 0;
	*out = calloc(book->count + 1, sizeof(**out));
	if (*out == NULL)
		return tb_nomem(err);
	for (size_t i = 0; i < book->count; i++)
		if (!position_is_flat(&book->pages[i].position))
			(*out)[(*count)++] = book->pages[i].position;
	return TB_OK;
}

static void
amount_text(bool known, struct decimal d, char buf[static 64])
{
	if (known)
		table_amount(d, 2, buf);
	else
		memcpy(buf, "-", 2);
}

/* Under the table: what everything comes to. */
static enum tb_status
write_sums(const struct overview *o, struct tb_err *err)
{
	const struct total *t = o->dollars;
	struct decimal all = DECIMAL_ZERO, pnl = DECIMAL_ZERO;
	char cash[64], value[64], total[64], gain[64];
	struct buffer out;
	enum tb_status status;

	status = decimal_add(o->cash_usd, t->current_value, &all);
	if (status == TB_OK)
		status = decimal_add(t->realized, t->unrealized, &pnl);
	if (status != TB_OK)
		return tb_fail(err, status, "the total does not fit");
	amount_text(o->cash_known, o->cash_usd, cash);
	amount_text(t->priced, t->current_value, value);
	amount_text(t->priced && o->cash_known, all, total);
	amount_text(t->priced, pnl, gain);
	buffer_init(&out, CLI_ROW_MAX);
	buffer_add_format(&out,
	    "%sCash %s + holdings %s = total %s USD (USDC and USDT 1:1); "
	    "P&L %s (%s)\n",
	    o->position_count == 0 ? "" : "\n", cash, value, total, gain,
	    lot_method_name(o->method));
	for (size_t i = 0; i < o->other_count; i++) {
		amount_text(o->others[i].priced, o->others[i].current_value,
		    value);
		buffer_add_format(&out, "Holdings in %s: %s\n",
		    o->others[i].currency, value);
	}
	status = buffer_status(&out, err);
	if (status == TB_OK)
		status = cli_write(out.data, out.len, err);
	buffer_release(&out);
	return status;
}

static enum tb_status
write_positions(const struct cli *cli, const struct overview *o,
    struct tb_err *err)
{
	struct cli_rows rows;
	enum tb_status status = TB_OK;

	cli_rows_begin(&rows, cli, position_columns, 0);
	for (size_t i = 0; i < o->position_count && status == TB_OK; i++) {
		status = position_write(cli_row(&rows), &o->positions[i], err);
		if (status == TB_OK)
			status = cli_row_end(&rows, err);
	}
	status = cli_rows_end(&rows, status, err);
	if (status == TB_OK && cli->format == CLI_TABLE)
		status = write_sums(o, err);
	return status;
}

static enum tb_status
write_overview(const struct cli *cli, const struct overview *o,
    struct tb_err *err)
{
	struct cli_rows rows;
	enum tb_status status;

	if (cli->format == CLI_TABLE || cli->format == CLI_CSV)
		return write_positions(cli, o, err);
	cli_rows_begin(&rows, cli, NULL, CLI_ONE);
	status = overview_write(cli_row(&rows), o, err);
	if (status == TB_OK)
		status = cli_row_end(&rows, err);
	return cli_rows_end(&rows, status, err);
}

static enum tb_status
load_overview(const struct cli *cli, struct book *book, struct overview *o,
    struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status;

	status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = db_begin_read(db, err);
	if (status == TB_OK)
		status = portfolio_load(cli, db, book, err);
	if (status == TB_OK)
		status = holdings_cash(db, cli->now_us, &o->cash_usd, err);
	o->cash_known = status == TB_OK;
	db_close(db);
	if (status == TB_ENOENT) { /* told as null */
		tb_err_clear(err);
		status = TB_OK;
	}
	return status;
}

enum tb_status
portfolio_overview(const struct cli *cli, struct tb_err *err)
{
	struct overview o = { .method = portfolio_method(),
		.as_of_us = cli->now_us };
	struct position *held = NULL;
	struct totals totals = { 0 };
	struct book book;
	enum tb_status status;

	book_init(&book, o.method, portfolio_fees_apart());
	status = load_overview(cli, &book, &o, err);
	if (status == TB_OK)
		status = totals_add_up(&totals, &book, err);
	if (status == TB_OK)
		status = held_positions(&book, &held, &o.position_count, err);
	if (status == TB_OK) {
		o.positions = held;
		o.dollars = &totals.of[0];
		o.others = &totals.of[1];
		o.other_count = totals.count - 1;
		status = write_overview(cli, &o, err);
	}
	if (status == TB_OK && o.position_count == 0)
		status = TB_END;
	free(held);
	totals_release(&totals);
	book_release(&book);
	return status;
}

/* -------------------------------------------------------------- position -- */

/* A product that was never traded is flat; one that nobody knows is none. */
static enum tb_status
find_position(const struct cli *cli, const char *product_id,
    struct position *out, struct tb_err *err)
{
	struct product product;
	struct book_page *page;
	struct db *db = NULL;
	struct book book;
	enum tb_status status;

	book_init(&book, portfolio_method(), portfolio_fees_apart());
	status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = products_get(db, product_id, &product, err);
	if (status == TB_OK)
		status = portfolio_load(cli, db, &book, err);
	if (status == TB_OK) {
		page = book_find(&book, product_id);
		if (page == NULL)
			position_init(out, product_id);
		else
			*out = page->position;
	}
	db_close(db);
	book_release(&book);
	return status;
}

enum tb_status
portfolio_position(const struct cli *cli, struct tb_err *err)
{
	struct position p;
	struct cli_rows rows;
	enum tb_status status;

	status = find_position(cli, cli->argv[0], &p, err);
	if (status != TB_OK)
		return status;
	cli_rows_begin(&rows, cli, position_columns, CLI_ONE);
	status = position_write(cli_row(&rows), &p, err);
	if (status == TB_OK)
		status = cli_row_end(&rows, err);
	status = cli_rows_end(&rows, status, err);
	return status == TB_OK && position_is_flat(&p) ? TB_END : status;
}
