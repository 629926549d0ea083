/*
 * tb-portfolio verify, rebuild, flow add, flow list: the keeping of the books.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "store/audit.h"
#include "store/books.h"
#include "store/flows.h"
#include "tb-portfolio.h"

#define FLOW_PAGE 64
#define CHECKS_MAX 16 /* there are seven */

/* ---------------------------------------------------------------- verify -- */

static const struct cli_column check_columns[] = {
	{ "check", "Check", CLI_TEXT, 0 },
	{ "ok", "OK", CLI_TEXT, 0 },
	{ "rows", "Rows", CLI_FIGURE, 0 },
	{ "findings", "Findings", CLI_FIGURE, 0 },
	{ "message", "First finding", CLI_TEXT, 0 },
	{ NULL, NULL, CLI_TEXT, 0 },
};

static void
write_check(struct json_writer *w, const struct audit_result *r)
{
	json_open(w, '{');
	json_key(w, "check");
	json_string(w, r->check);
	json_key(w, "ok");
	json_bool(w, r->findings == 0);
	json_key(w, "rows");
	json_int(w, r->rows);
	json_key(w, "findings");
	json_int(w, r->findings);
	json_key(w, "message");
	json_string(w, r->findings == 0 ? NULL : r->message);
	json_close(w, '}');
}

/* All checks in one view of the database; what they say is written later. */
static enum tb_status
run_checks(struct db *db, struct audit_result results[static CHECKS_MAX],
    size_t *count, struct tb_err *err)
{
	enum tb_status status = db_begin_read(db, err);

	if (status != TB_OK)
		return status;
	while (status == TB_OK && *count < CHECKS_MAX) {
		status = audit_run(db, *count, &results[*count], err);
		*count += status == TB_OK;
	}
	if (status == TB_END)
		status = TB_OK;
	return db_finish(db, status, err);
}

enum tb_status
portfolio_verify(const struct cli *cli, struct tb_err *err)
{
	struct audit_result results[CHECKS_MAX];
	const struct audit_result *first = NULL;
	struct cli_rows rows;
	struct db *db = NULL;
	enum tb_status status;
	size_t count = 0;

	status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = run_checks(db, results, &count, err);
	db_close(db);
	if (status != TB_OK)
		return status;
	cli_rows_begin(&rows, cli, check_columns, 0);
	for (size_t i = 0; i < count && status == TB_OK; i++) {
		if (results[i].findings > 0 && first == NULL)
			first = &results[i];
		write_check(cli_row(&rows), &results[i]);
		status = cli_row_end(&rows, err);
	}
	status = cli_rows_end(&rows, status, err);
	if (status == TB_OK && first != NULL)
		status = tb_fail(err, TB_EDISAGREE, "%s", first->message);
	return status;
}

/* --------------------------------------------------------------- rebuild -- */

enum tb_status
portfolio_rebuild(const struct cli *cli, struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status;

	status = db_open(&db, cli->db, DB_WRITE, err);
	if (status == TB_OK)
		status = db_begin(db, err);
	if (status == TB_OK)
		status = db_finish(db, books_rebuild(db, err), err);
	db_close(db);
	if (status == TB_OK)
		cli_note("lots, disposals and positions are made anew");
	return status;
}

/* ------------------------------------------------------------------ flow -- */

static const struct cli_column flow_columns[] = {
	{ "id", "Id", CLI_FIGURE, 0 },
	{ "at", "At", CLI_INSTANT, 0 },
	{ "currency", "Currency", CLI_TEXT, 0 },
	{ "amount", "Amount", CLI_GAIN, 2 },
	{ "note", "Note", CLI_TEXT, 0 },
	{ NULL, NULL, CLI_TEXT, 0 },
};

static void
write_flow(struct json_writer *w, const struct cash_flow *flow)
{
	char at[INSTANT_STRLEN];

	instant_format(flow->at_us, at);
	json_open(w, '{');
	json_key(w, "id");
	json_int(w, flow->id);
	json_key(w, "at");
	json_string(w, at);
	json_key(w, "currency");
	json_string(w, flow->currency);
	json_key(w, "amount");
	json_amount_min(w, flow->amount, 2);
	json_key(w, "note");
	json_string(w, flow->note);
	json_close(w, '}');
}

/* The flow that the options tell of. */
static enum tb_status
flow_of_options(const struct cli *cli, struct cash_flow *flow,
    struct tb_err *err)
{
	const struct portfolio_options *o = &portfolio_options;

	*flow = (struct cash_flow){ .at_us = cli->now_us };
	if (o->amount == NULL)
		return tb_fail(err, TB_EUSAGE,
		    "--amount: how much? Money taken out is negative");
	if (o->currency != NULL && strlen(o->currency) >= CURRENCY_MAX)
		return tb_fail(err, TB_EUSAGE, "--currency: longer than %d",
		    CURRENCY_MAX - 1);
	if (o->note != NULL && strlen(o->note) >= FLOW_NOTE_MAX)
		return tb_fail(err, TB_EUSAGE, "--note: longer than %d bytes",
		    FLOW_NOTE_MAX - 1);
	snprintf(flow->currency, sizeof(flow->currency), "%s",
	    o->currency == NULL ? "USD" : o->currency);
	snprintf(flow->note, sizeof(flow->note), "%s",
	    o->note == NULL ? "" : o->note);
	return cli_decimal("--amount", o->amount, &flow->amount, err);
}

static enum tb_status
store_flow(const struct cli *cli, struct cash_flow *flow, struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status;

	status = db_open(&db, cli->db, DB_WRITE, err);
	if (status == TB_OK)
		status = db_begin(db, err);
	if (status == TB_OK)
		status = db_finish(db, flows_add(db, flow, err), err);
	db_close(db);
	return status;
}

enum tb_status
portfolio_flow_add(const struct cli *cli, struct tb_err *err)
{
	struct cash_flow flow;
	struct cli_rows rows;
	enum tb_status status;

	status = flow_of_options(cli, &flow, err);
	if (status == TB_OK)
		status = store_flow(cli, &flow, err);
	if (status != TB_OK)
		return status;
	cli_rows_begin(&rows, cli, flow_columns, CLI_ONE);
	write_flow(cli_row(&rows), &flow);
	status = cli_row_end(&rows, err);
	return cli_rows_end(&rows, status, err);
}

static enum tb_status
write_flows(struct db *db, struct cli_rows *rows, struct tb_err *err)
{
	struct cash_flow page[FLOW_PAGE], *last = NULL, after;
	enum tb_status status;
	size_t count;

	do {
		status = flows_page(db, last, page, FLOW_PAGE, &count, err);
		for (size_t i = 0; i < count && status == TB_OK; i++) {
			write_flow(cli_row(rows), &page[i]);
			status = cli_row_end(rows, err);
		}
		if (count > 0) {
			after = page[count - 1];
			last = &after;
		}
	} while (status == TB_OK && count == FLOW_PAGE);
	return status;
}

enum tb_status
portfolio_flow_list(const struct cli *cli, struct tb_err *err)
{
	struct cli_rows rows;
	struct db *db = NULL;
	bool none;
	enum tb_status status;

	cli_rows_begin(&rows, cli, flow_columns, CLI_BULK);
	status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = write_flows(db, &rows, err);
	db_close(db);
	none = rows.count == 0;
	status = cli_rows_end(&rows, status, err);
	return status == TB_OK && none ? TB_END : status;
}
