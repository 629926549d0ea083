/*
 * tb-trade-halt: what may be risked, and stopping it all.
 */

#include <stdio.h>

#include "base/instant.h"
#include "order/halt.h"
#include "order/risk.h"
#include "store/audit.h"
#include "store/books.h"
#include "store/intents.h"
#include "tb-trade.h"

/* ------------------------------------------------------------- limits -- */

static const struct cli_column limit_columns[] = {
	{ "limit", "Limit", CLI_TEXT, 0 },
	{ "product_id", "Product", CLI_TEXT, 0 },
	{ "have", "Used", CLI_AMOUNT, 2 },
	{ "need", "Of", CLI_AMOUNT, 2 },
	{ 0 },
};

/* A limit and how much of it is used; without a limit need is null. */
static enum tb_status
put_limit(struct cli_rows *rows, const char *name, const char *product_id,
    struct decimal used, const struct limit *limit, struct tb_err *err)
{
	struct json_writer *w = cli_row(rows);

	json_open(w, '{');
	json_key(w, "limit");
	json_string(w, name);
	json_key(w, "product_id");
	json_string(w, product_id);
	json_key(w, "have");
	json_amount(w, used);
	json_key(w, "need");
	if (limit->set)
		json_amount(w, limit->amount);
	else
		json_null(w);
	json_close(w, '}');
	return cli_row_end(rows, err);
}

/* A product that was ever traded, by what is held and on order. */
static enum tb_status
put_position(struct desk *desk, struct cli_rows *rows, const char *product_id,
    struct tb_err *err)
{
	struct decimal price, value;
	enum tb_status status;
	int64_t at_us;

	status = desk_last_price(desk, product_id, &price, &at_us, err);
	if (status == TB_ENOENT)
		return TB_OK; /* not to be told without a price */
	if (status == TB_OK)
		status = risk_exposure(desk, product_id, 0, price, &value, err);
	if (status == TB_OK)
		status = put_limit(rows, "max_position", product_id, value,
		    &desk->config->max_position, err);
	return status;
}

static enum tb_status
put_positions(struct desk *desk, struct cli_rows *rows, struct tb_err *err)
{
	char product[PRODUCT_ID_MAX] = "";
	enum tb_status status;

	while ((status = books_next_product(desk->db, product, err)) == TB_OK) {
		status = put_position(desk, rows, product, err);
		if (status != TB_OK)
			return status;
	}
	return status == TB_END ? TB_OK : status;
}

static enum tb_status
put_day(struct desk *desk, struct cli_rows *rows, struct tb_err *err)
{
	const struct config *config = desk->config;
	struct decimal loss, percent;
	enum tb_status status;
	int64_t orders;

	status = risk_orders_today(desk, 0, &orders, err);
	if (status == TB_OK)
		status = put_limit(rows, "max_orders_day", NULL,
		    DECIMAL_OF(orders), &config->max_orders_day, err);
	if (status == TB_OK)
		status = risk_loss_today(desk, &loss, err);
	if (status == TB_OK)
		status = put_limit(rows, "max_daily_loss", NULL, loss,
		    &config->max_daily_loss, err);
	if (status == TB_OK)
		status = risk_drawdown(desk, &percent, err);
	if (status == TB_ENOENT)
		return TB_OK; /* not known */
	if (status == TB_OK)
		status = put_limit(rows, "max_drawdown", NULL, percent,
		    &config->max_drawdown, err);
	return status;
}

static enum tb_status
put_limits(struct desk *desk, struct cli_rows *rows, struct tb_err *err)
{
	enum tb_status status;

	status = put_limit(rows, "max_order", NULL, DECIMAL_ZERO,
	    &desk->config->max_order, err);
	if (status == TB_OK)
		status = put_positions(desk, rows, err);
	if (status == TB_OK)
		status = put_day(desk, rows, err);
	return status;
}

enum tb_status
run_limits(const struct cli *cli, struct tb_err *err)
{
	struct desk *desk = NULL;
	struct cli_rows rows;
	enum tb_status status;

	status = trade_open(cli, DESK_DRY, &desk, err);
	if (status != TB_OK)
		return status;
	desk_tick(desk);
	cli_rows_begin(&rows, cli, limit_columns, 0);
	status = cli_rows_end(&rows, put_limits(desk, &rows, err), err);
	trade_close(desk);
	return status;
}

/* ---------------------------------------------------- halt and resume -- */

enum tb_status
run_halt(const struct cli *cli, struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status;

	status = db_open(&db, cli->db, DB_WRITE, err);
	if (status == TB_OK)
		status = halt_on(db, cli->argc > 0 ? cli->argv[0] : "", err);
	db_close(db);
	if (status == TB_OK)
		cli_note("trading is stopped; tb-trade resume starts it");
	return status;
}

/* Every check of the books; the first finding is the failure. */
static enum tb_status
verify_books(struct db *db, struct tb_err *err)
{
	struct audit_result result;
	enum tb_status status;
	size_t check = 0;

	status = db_begin_read(db, err);
	while (status == TB_OK) {
		status = audit_run(db, check++, &result, err);
		if (status == TB_OK && result.findings > 0)
			status = tb_fail(err, TB_EDISAGREE,
			    "trading stays stopped: %s: %.400s", result.check,
			    result.message);
	}
	db_rollback(db);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
run_resume(const struct cli *cli, struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status;

	status = db_open(&db, cli->db, DB_WRITE, err);
	if (status == TB_OK)
		status = verify_books(db, err);
	if (status == TB_OK)
		status = halt_off(db, err);
	db_close(db);
	if (status == TB_OK)
		cli_note("trading is on");
	return status;
}

/* ------------------------------------------------------------- status -- */

/* What stands in the way of trading. */
struct standing {
	bool halted;
	char why[TB_ERR_MAX];
	size_t unknown, open;
};

static enum tb_status
count_standing(struct db *db, struct standing *out, struct tb_err *err)
{
	struct intent intent;
	enum tb_status status;
	int64_t after = 0;

	*out = (struct standing){ 0 };
	status = halt_look(db, &out->halted, out->why, err);
	while (status == TB_OK) {
		status =
		    intents_next(db, after, INTENT_UNSETTLED, &intent, err);
		if (status != TB_OK)
			break;
		after = intent.id;
		if ((INTENT_BIT(intent.state) & INTENT_UNRESOLVED) != 0)
			out->unknown++;
		else
			out->open++;
		intent_release(&intent);
	}
	return status == TB_ENOENT ? TB_OK : status;
}

static const struct cli_column status_columns[] = {
	{ "trading", "Trading", CLI_TEXT, 0 },
	{ "venue", "Venue", CLI_TEXT, 0 },
	{ "unknown", "Unknown", CLI_FIGURE, 0 },
	{ "open", "Open", CLI_FIGURE, 0 },
	{ "why", "Why not", CLI_TEXT, 0 },
	{ 0 },
};

/* TB_END: nothing is sent now, or not of every product. */
static enum tb_status
write_status(const struct cli *cli, struct db *db, struct tb_err *err)
{
	char venue[CONFIG_VENUE_MAX] = "";
	struct standing standing;
	struct cli_rows rows;
	struct json_writer *w;
	enum tb_status status;

	status = count_standing(db, &standing, err);
	if (status == TB_OK)
		status = db_meta_get(db, META_VENUE, venue, sizeof(venue), err);
	if (status != TB_OK)
		return status;
	cli_rows_begin(&rows, cli, status_columns, CLI_ONE);
	w = cli_row(&rows);
	json_open(w, '{');
	json_key(w, "trading");
	json_bool(w, !standing.halted);
	json_key(w, "venue");
	json_string(w, venue);
	json_key(w, "unknown");
	json_int(w, (long long)standing.unknown);
	json_key(w, "open");
	json_int(w, (long long)standing.open);
	json_key(w, "why");
	json_string(w, standing.halted ? standing.why : NULL);
	json_close(w, '}');
	status = cli_row_end(&rows, err);
	if (status == TB_OK && (standing.halted || standing.unknown > 0))
		status = TB_END;
	return cli_rows_end(&rows, status, err);
}

enum tb_status
run_status(const struct cli *cli, struct tb_err *err)
{
	struct db *db = NULL;
	enum tb_status status;

	status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = write_status(cli, db, err);
	db_close(db);
	return status;
}
