/*
 * tb-portfolio: what is held, what it is worth, and how that came about.
 *
 * stdout  one object for the overview, a position and perf; else rows
 * db      read only, but for rebuild and flow add
 * exit    0; with -e, 1 when nothing is held; 7 no such product; 8 figures
 *	   disagree; see tb(7)
 *
 * The arithmetic is lib/ledger's, the SQL lib/store's, the JSON lib/wire's.
 */

#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "store/books.h"
#include "store/candles.h"
#include "store/holdings.h"
#include "tb-portfolio.h"
#include "wire/portfolio.h"

struct portfolio_options portfolio_options;

enum lot_method
portfolio_method(void)
{
	enum lot_method method = LOT_FIFO;

	if (portfolio_options.method != NULL)
		(void)lot_method_parse(portfolio_options.method, &method);
	return method;
}

bool
portfolio_fees_apart(void)
{
	return portfolio_options.fees != NULL &&
	    strcmp(portfolio_options.fees, "separate") == 0;
}

/* Without --at every fill counts, even one from a clock ahead of ours. */
int64_t
portfolio_until(const struct cli *cli)
{
	return cli->at_given ? cli->now_us : INSTANT_MAX_US;
}

enum tb_status
portfolio_load(const struct cli *cli, struct db *db, struct book *book,
    struct tb_err *err)
{
	bool kept =
	    !cli->at_given && book->method == LOT_FIFO && !book->fees_apart;
	enum tb_status status;

	status = kept ?
	    holdings_from_portfolio(db, book, err) :
	    holdings_from_fills(db, portfolio_until(cli), book, err);
	if (status == TB_OK)
		status = holdings_price(db, cli->now_us, book, err);
	return status;
}

/* -------------------------------------------------------------- overview -- */

/* Totals by currency; dollars come first, even where there are none. */
struct totals {
	struct total *of; /* owned */
	size_t count;
};

static enum tb_status
totals_of(struct totals *totals, const char *product_id, struct total **out,
    struct tb_err *err)
{
	char quote[CURRENCY_MAX];
	struct total *grown;
	size_t i = 0;

	product_quote(product_id, quote);
	while (i < totals->count &&
	    strcmp(totals->of[i].currency, total_currency(quote)) != 0)
		i++;
	if (i == totals->count) {
		grown = reallocarray(totals->of, i + 1, sizeof(*grown));
		if (grown == NULL)
			return tb_nomem(err);
		totals->of = grown;
		total_init(&totals->of[i], quote);
		totals->count++;
	}
	*out = &totals->of[i];
	return TB_OK;
}

static enum tb_status
totals_add_up(struct totals *totals, const struct book *book,
    struct tb_err *err)
{
	struct total *t;
	enum tb_status status;

	*totals = (struct totals){ 0 };
	status = totals_of(totals, "X-USD", &t, err);
	for (size_t i = 0; i < book->count && status == TB_OK; i++) {
		const struct position *p = &book->pages[i].position;

		status = totals_of(totals, p->product_id, &t, err);
		if (status == TB_OK)
			status = total_add(t, p, err);
	}
	return status;
}

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

static enum tb_status
overview(const struct cli *cli, struct tb_err *err)
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
	free(totals.of);
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

static enum tb_status
position(const struct cli *cli, struct tb_err *err)
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

/* ------------------------------------------------------------------- pnl -- */

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
static enum tb_status
pnl(const struct cli *cli, struct tb_err *err)
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
	free(totals.of);
	book_release(&book);
	return status;
}

/* ---------------------------------------------------------------- tables -- */

#define WITH_FEES "-, position, pnl, lots, gains"
#define WITH_METHOD WITH_FEES ", export"

static const struct cli_option options[] = {
	{ .name = "method",
	    .argument = "METHOD",
	    .help = "which lots a sale consumes",
	    .commands = WITH_METHOD,
	    .choices = "fifo lifo hifo lofo average",
	    .value = &portfolio_options.method },
	{ .name = "fees",
	    .argument = "HOW",
	    .help = "in costs and proceeds, or separate from them",
	    .commands = WITH_FEES,
	    .choices = "included separate",
	    .value = &portfolio_options.fees },
	{ .name = "year",
	    .argument = "YEAR",
	    .help = "only sales of this year, UTC",
	    .commands = "gains",
	    .value = &portfolio_options.year },
	{ .name = "currency",
	    .argument = "CODE",
	    .help = "of the money, such as EUR; the default is USD",
	    .commands = "flow add",
	    .value = &portfolio_options.currency },
	{ .name = "amount",
	    .argument = "N",
	    .help = "brought in; negative: taken out",
	    .commands = "flow add",
	    .value = &portfolio_options.amount },
	{ .name = "note",
	    .argument = "TEXT",
	    .help = "what it was",
	    .commands = "flow add",
	    .value = &portfolio_options.note },
	{ 0 },
};

static const struct cli_command commands[] = {
	{ "", "", "what is held and what it is worth", overview, CLI_DRY,
	    "overview" },
	{ "position", "PRODUCT", "one position", position, CLI_DRY,
	    "position" },
	{ "pnl", "", "profit and loss from every fill, and their proof", pnl,
	    CLI_DRY, "pnl" },
	{ "lots", "[PRODUCT]", "what is left of each purchase", portfolio_lots,
	    CLI_DRY, "lot" },
	{ "gains", "[PRODUCT]", "what each sale brought, and from which lots",
	    portfolio_gains, CLI_DRY, "gain" },
	{ "history", "", "what everything was worth at the end of each day",
	    portfolio_history, CLI_DRY, "day" },
	{ "perf", "", "returns, drawdown and the ratios made of them",
	    portfolio_perf, CLI_DRY, "perf" },
	{ "verify", "", "prove that the books are what was written",
	    portfolio_verify, CLI_DRY, "check" },
	{ "rebuild", "", "make lots and positions anew from the fills",
	    portfolio_rebuild, 0, NULL },
	{ "flow add", "", "record money brought in or taken out, at --at",
	    portfolio_flow_add, 0, "flow" },
	{ "flow list", "", "money brought in and taken out",
	    portfolio_flow_list, CLI_DRY, "flow" },
	{ "export", "FORMAT", "the books for csv, ledger, hledger, beancount",
	    portfolio_export, CLI_DRY, NULL },
	{ 0 },
};

int
main(int argc, char *argv[])
{
	static const struct cli_tool tool = {
		.name = "tb-portfolio",
		.purpose = "what is held and what it is worth",
		.options = options,
		.commands = commands,
	};

	return cli_main(&tool, argc, argv);
}
