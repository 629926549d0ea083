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

#include <string.h>

#include "base/instant.h"
#include "store/holdings.h"
#include "tb-portfolio.h"

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
	{ "", "", "what is held and what it is worth", portfolio_overview,
	    CLI_DRY, "overview" },
	{ "position", "PRODUCT", "one position", portfolio_position, CLI_DRY,
	    "position" },
	{ "pnl", "", "profit and loss from every fill, and their proof",
	    portfolio_pnl, CLI_DRY, "pnl" },
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
		.flags = CLI_SHUT_IN,
	};

	return cli_main(&tool, argc, argv);
}
