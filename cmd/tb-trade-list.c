/*
 * tb-trade-list: what was traded, what was refused, what became of a decision.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "store/books.h"
#include "store/intents.h"
#include "store/refusals.h"
#include "tb-trade.h"
#include "wire/answer.h"
#include "wire/trade.h"

#define PAGE_ROWS 64

const struct cli_column trade_columns[] = {
	{ "id", "Trade", CLI_FIGURE, 0 },
	{ "created_at", "Time", CLI_INSTANT, 0 },
	{ "product_id", "Product", CLI_TEXT, 0 },
	{ "side", "Side", CLI_TEXT, 0 },
	{ "size_crypto", "Coins", CLI_FIGURE, 0 },
	{ "price", "Price", CLI_AMOUNT, 2 },
	{ "size_usd", "USD", CLI_AMOUNT, 2 },
	{ "commission", "Fee", CLI_AMOUNT, 2 },
	{ "status", "Status", CLI_TEXT, 0 },
	{ "triggered_by", "By", CLI_TEXT, 0 },
	{ "order_id", NULL, CLI_TEXT, 0 },
	{ "filled_at", NULL, CLI_INSTANT, 0 },
	{ 0 },
};

static const struct cli_column refusal_columns[] = {
	{ "at", "Time", CLI_INSTANT, 0 },
	{ "product_id", "Product", CLI_TEXT, 0 },
	{ "side", "Side", CLI_TEXT, 0 },
	{ "size_usd", "USD", CLI_AMOUNT, 2 },
	{ "size_crypto", "Coins", CLI_FIGURE, 0 },
	{ "reason", "Reason", CLI_TEXT, 0 },
	{ "message", "Message", CLI_TEXT, 0 },
	{ "triggered_by", "By", CLI_TEXT, 0 },
	{ 0 },
};

/* ------------------------------------------------------------------ list -- */

static enum tb_status
list_trades(struct db *db, const char *product_id, struct cli_rows *rows,
    struct tb_err *err)
{
	struct trade page[PAGE_ROWS];
	enum tb_status status;
	int64_t before = 0;
	size_t count;

	do {
		status = books_trades(db, product_id, before, page, PAGE_ROWS,
		    &count, err);
		for (size_t i = 0; status == TB_OK && i < count; i++) {
			trade_write(cli_row(rows), &page[i]);
			status = cli_row_end(rows, err);
			before = page[i].id;
		}
		for (size_t i = 0; i < count; i++)
			trade_release(&page[i]);
	} while (status == TB_OK && count == PAGE_ROWS);
	return status;
}

static void
put_amount(struct json_writer *w, const char *key, bool given,
    struct decimal amount, int places)
{
	json_key(w, key);
	if (given)
		json_amount_min(w, amount, places);
	else
		json_null(w);
}

static void
put_text(struct json_writer *w, const char *key, const char *text)
{
	json_key(w, key);
	json_string(w, text[0] == '\0' ? NULL : text);
}

static void
put_refusal(struct json_writer *w, const struct refusal *r)
{
	char at[INSTANT_STRLEN];

	instant_format(r->at_us, at);
	json_open(w, '{');
	json_key(w, "id");
	json_int(w, r->id);
	put_text(w, "at", at);
	put_text(w, "product_id", r->product_id);
	put_text(w, "side", r->has_side ? side_name(r->side) : "");
	put_amount(w, "size_usd", r->has_size_usd, r->size_usd, 2);
	put_amount(w, "size_crypto", r->has_size_crypto, r->size_crypto, 0);
	put_text(w, "reason", r->reason);
	put_text(w, "message", r->message);
	put_text(w, "triggered_by", r->triggered_by);
	json_close(w, '}');
}

static enum tb_status
list_refusals(struct db *db, const char *product_id, struct cli_rows *rows,
    struct tb_err *err)
{
	static struct refusal page[PAGE_ROWS];
	enum tb_status status;
	int64_t before = 0;
	size_t count;

	do {
		status =
		    refusals_page(db, before, page, PAGE_ROWS, &count, err);
		for (size_t i = 0; status == TB_OK && i < count; i++) {
			before = page[i].id;
			if (product_id != NULL &&
			    strcmp(page[i].product_id, product_id) != 0)
				continue;
			put_refusal(cli_row(rows), &page[i]);
			status = cli_row_end(rows, err);
		}
	} while (status == TB_OK && count == PAGE_ROWS);
	return status;
}

enum tb_status
run_list(const struct cli *cli, struct tb_err *err)
{
	const char *product_id = cli->argc > 0 ? cli->argv[0] : NULL;
	struct db *db = NULL;
	struct cli_rows rows;
	enum tb_status status;

	status = db_open(&db, cli->db, DB_READ, err);
	if (status != TB_OK)
		return status;
	cli_rows_begin(&rows, cli,
	    opt.refused ? refusal_columns : trade_columns, 0);
	if (opt.refused)
		status = list_refusals(db, product_id, &rows, err);
	else
		status = list_trades(db, product_id, &rows, err);
	status = cli_rows_end(&rows, status, err);
	db_close(db);
	return status;
}

/* ------------------------------------------------------------------ show -- */

static bool
is_number(const char *s)
{
	return s[0] != '\0' && strlen(s) < 19 &&
	    strspn(s, "0123456789") == strlen(s);
}

/* The order of a trade, by the trade's number. */
static enum tb_status
by_trade(struct db *db, const char *name, struct intent *out,
    struct tb_err *err)
{
	struct trade trade = { 0 };
	enum tb_status status = TB_ENOENT;

	if (!is_number(name))
		return TB_ENOENT;
	status = books_trade_by_id(db, strtoll(name, NULL, 10), &trade, err);
	if (status == TB_OK)
		status = intents_by_order(db, trade.order_id, out, err);
	trade_release(&trade);
	return status;
}

enum tb_status
trade_find(struct db *db, const char *name, struct intent *out,
    struct tb_err *err)
{
	static const char *const prefixes[] = { "i:", "s:", "" };
	char key[INTENT_KEY_MAX];
	enum tb_status status;

	status = by_trade(db, name, out, err);
	if (status == TB_ENOENT)
		status = intents_by_order(db, name, out, err);
	if (status == TB_ENOENT)
		status = intents_by_client(db, name, out, err);
	for (size_t i = 0; i < 3 && status == TB_ENOENT; i++) {
		snprintf(key, sizeof(key), "%s%s", prefixes[i], name);
		status = intents_by_key(db, key, out, err);
	}
	if (status == TB_ENOENT)
		status = tb_fail(err, TB_ENOENT,
		    "%.100s: no trade, order, id or evaluation_id of ours",
		    name);
	return status;
}

enum tb_status
run_show(const struct cli *cli, struct tb_err *err)
{
	struct db *db = NULL;
	struct intent intent = { 0 };
	struct cli_rows rows;
	struct outcome o;
	enum tb_status status;

	outcome_init(&o);
	status = db_open(&db, cli->db, DB_READ, err);
	if (status == TB_OK)
		status = trade_find(db, cli->argv[0], &intent, err);
	if (status == TB_OK) {
		o.answer.replayed = true;
		status = outcome_of_intent(db, &intent, &o, err);
	}
	intent_release(&intent);
	db_close(db);
	if (status != TB_OK)
		return status;
	cli_rows_begin(&rows, cli, trade_answer_columns, CLI_ONE);
	answer_write(cli_row(&rows), &o.answer);
	status = cli_rows_end(&rows, cli_row_end(&rows, err), err);
	outcome_release(&o);
	return status;
}
