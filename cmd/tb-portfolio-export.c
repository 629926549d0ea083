/*
 * tb-portfolio export: the books as CSV or as a journal of ledger, hledger or
 * beancount.
 */

#include <string.h>

#include "base/instant.h"
#include "report/export.h"
#include "store/books.h"
#include "store/candles.h"
#include "store/flows.h"
#include "tb-portfolio.h"

#define WRITE_BYTES 65536U /* written at once */
#define BUFFER_MAX (1U << 26)
#define FLOW_PAGE 64

struct pass {
	const struct cli *cli;
	struct db *db;
	struct exporter export;
	struct buffer out;
	struct lots lots;
	struct position position; /* product_id "": none yet */
};

static enum tb_status
flush(struct pass *pass, size_t at_least, struct tb_err *err)
{
	enum tb_status status = buffer_status(&pass->out, err);

	if (status != TB_OK || pass->out.len <= at_least)
		return status;
	status = cli_write(pass->out.data, pass->out.len, err);
	buffer_clear(&pass->out);
	return status;
}

static enum tb_status
export_flows(struct pass *pass, struct tb_err *err)
{
	struct cash_flow page[FLOW_PAGE], *last = NULL, after;
	enum tb_status status;
	size_t count;

	do {
		status =
		    flows_page(pass->db, last, page, FLOW_PAGE, &count, err);
		for (size_t i = 0; i < count && status == TB_OK; i++) {
			if (page[i].at_us > portfolio_until(pass->cli))
				return status;
			export_flow(&pass->export, page[i].at_us,
			    page[i].currency, page[i].amount, page[i].note);
		}
		if (count > 0) {
			after = page[count - 1];
			last = &after;
		}
	} while (status == TB_OK && count == FLOW_PAGE);
	return status;
}

/* The price of what is still held, behind its last fill. */
static enum tb_status
end_product(struct pass *pass, struct tb_err *err)
{
	struct decimal price;
	int64_t at_us;
	enum tb_status status;

	if (position_is_flat(&pass->position))
		return TB_OK;
	status = candles_price(pass->db, pass->position.product_id,
	    pass->cli->now_us, &price, &at_us, err);
	if (status == TB_OK)
		export_price(&pass->export, pass->position.product_id, price,
		    at_us);
	if (status != TB_ENOENT)
		return status;
	tb_err_clear(err);
	return TB_OK;
}

static enum tb_status
each_entry(const char *product_id, const struct ledger_entry *e, void *arg,
    struct tb_err *err)
{
	struct pass *pass = arg;
	struct lot_outcome outcome;
	enum tb_status status = TB_OK;

	if (strcmp(product_id, pass->position.product_id) != 0) {
		status = end_product(pass, err);
		lots_clear(&pass->lots);
		position_init(&pass->position, product_id);
	}
	if (status == TB_OK)
		status =
		    lots_fill(&pass->lots, &pass->position, e, &outcome, err);
	if (status != TB_OK)
		return status;
	export_fill(&pass->export, product_id, e, &outcome);
	return flush(pass, WRITE_BYTES, err);
}

enum tb_status
portfolio_export(const struct cli *cli, struct tb_err *err)
{
	struct pass pass = { .cli = cli };
	enum tb_status status;

	if (export_format_parse(cli->argv[0], &pass.export.format) != TB_OK)
		return tb_fail(err, TB_EUSAGE,
		    "export: expected csv, ledger, hledger or beancount, "
		    "found %s",
		    cli->argv[0]);
	if (pass.export.format == EXPORT_BEANCOUNT &&
	    portfolio_method() == LOT_AVERAGE)
		return tb_fail(err, TB_EUSAGE,
		    "export beancount: it has no average cost: choose another "
		    "--method");
	buffer_init(&pass.out, BUFFER_MAX);
	pass.export.out = &pass.out;
	lots_init(&pass.lots, portfolio_method(), false);
	status = db_open(&pass.db, cli->db, DB_READ, err);
	if (status == TB_OK) {
		export_begin(&pass.export);
		status = export_flows(&pass, err);
	}
	if (status == TB_OK)
		status = books_each_entry(pass.db, NULL, portfolio_until(cli),
		    each_entry, &pass, err);
	if (status == TB_OK)
		status = end_product(&pass, err);
	if (status == TB_OK)
		status = flush(&pass, 0, err);
	db_close(pass.db);
	lots_release(&pass.lots);
	buffer_release(&pass.out);
	return status;
}
