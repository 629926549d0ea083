/*
 * tb-portfolio pnl: profit and loss, and the proof that nothing is missing.
 */

#include "ledger/totals.h"
#include "store/holdings.h"
#include "tb-portfolio.h"
#include "wire/portfolio.h"

static const struct cli_column pnl_columns[] = {
	{ "product_id", "Product", CLI_TEXT, 0 },
	{ "realized", "Realized", CLI_GAIN, 2 },
	{ "unrealized", "Unrealized", CLI_GAIN, 2 },
	{ "fees", "Fees", CLI_AMOUNT, 2 },
	{ "proceeds", "Proceeds", CLI_AMOUNT, 2 },
	{ "costs", "Costs", CLI_AMOUNT, 2 },
	{ "uncovered_proceeds", "Uncovered", CLI_AMOUNT, 2 },
	{ "current_value", "Value", CLI_AMOUNT, 2 },
	{ "residue", "Residue", CLI_FIGURE, 0 },
	{ "currency", "In", CLI_TEXT, 0 },
	{ NULL, NULL, CLI_TEXT, 0 },
};

static enum tb_status
write_pnl(const struct cli *cli, const struct book *book,
    const struct totals *totals, struct tb_err *err)
{
	struct cli_rows rows;
	enum tb_status status = TB_OK;

	cli_rows_begin(&rows, cli, pnl_columns, 0);
	for (size_t i = 0; i < book->count && status == TB_OK; i++) {
		status =
		    pnl_write(cli_row(&rows), &book->pages[i].position, err);
		if (status == TB_OK)
			status = cli_row_end(&rows, err);
	}
	if (status == TB_OK && cli_row_table(&rows) != NULL)
		table_rule(cli_row_table(&rows));
	for (size_t i = 0; i < totals->count && status == TB_OK; i++) {
		pnl_write_total(cli_row(&rows), &totals->of[i]);
		status = cli_row_end(&rows, err);
	}
	return cli_rows_end(&rows, status, err);
}

/* The identity holds to the last digit, or something is broken. */
static enum tb_status
check_residues(const struct totals *totals, struct tb_err *err)
{
	char text[DECIMAL_STRLEN];

	for (size_t i = 0; i < totals->count; i++) {
		const struct total *t = &totals->of[i];

		if (decimal_sign(t->residue) == 0)
			continue;
		decimal_format(t->residue, text);
		return tb_fail(err, TB_EDISAGREE,
		    "residue: expected 0, found %s %s: run tb-portfolio "
		    "verify",
		    text, t->currency);
	}
	return TB_OK;
}

/* Always from the fills: what is kept in portfolio is not asked. */
enum tb_status
portfolio_pnl(const struct cli *cli, struct tb_err *err)
{
	struct totals totals = { 0 };
	struct db *db = NULL;
	struct book book;
	enum tb_status status;

	book_init(&book, portfolio_method(), portfolio_fees_apart());
	status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status =
		    holdings_from_fills(db, portfolio_until(cli), &book, err);
	if (status == TB_OK)
		status = holdings_price(db, cli->now_us, &book, err);
	db_close(db);
	if (status == TB_OK)
		status = totals_add_up(&totals, &book, err);
	if (status == TB_OK)
		status = write_pnl(cli, &book, &totals, err);
	if (status == TB_OK)
		status = check_residues(&totals, err);
	totals_release(&totals);
	book_release(&book);
	return status;
}
