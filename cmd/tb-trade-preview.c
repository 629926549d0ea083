/*
 * tb-trade-preview: everything but sending: what an order would be, what it
 * would cost, which lots it would sell, and what speaks against it.
 */

#include <string.h>

#include "base/instant.h"
#include "ledger/lots.h"
#include "order/execute.h"
#include "order/size.h"
#include "store/books.h"
#include "tb-trade.h"

static const struct cli_column preview_columns[] = {
	{ "allowed", "Allowed", CLI_TEXT, 0 },
	{ "product_id", "Product", CLI_TEXT, 0 },
	{ "side", "Side", CLI_TEXT, 0 },
	{ "size_usd", "USD", CLI_AMOUNT, 2 },
	{ "size_crypto", "Coins", CLI_FIGURE, 0 },
	{ "price", "Price", CLI_AMOUNT, 2 },
	{ "fee", "Fee", CLI_AMOUNT, 2 },
	{ "gain", "Gain", CLI_GAIN, 2 },
	{ "reason", "Reason", CLI_TEXT, 0 },
	{ "message", "Message", CLI_TEXT, 0 },
	{ "venue.fee", "Venue's fee", CLI_AMOUNT, 2 },
	{ "venue.total", "Venue's total", CLI_AMOUNT, 2 },
	{ 0 },
};

static void
put_amount(struct json_writer *w, const char *key, struct decimal d, int places)
{
	json_key(w, key);
	json_amount_min(w, d, places);
}

static void
put_lot(struct json_writer *w, const struct disposal_part *part)
{
	char at[INSTANT_STRLEN];

	instant_format(part->lot.acquired_at_us, at);
	json_open(w, '{');
	json_key(w, "trade_id");
	json_int(w, part->lot.trade_id);
	json_key(w, "acquired_at");
	json_string(w, at);
	put_amount(w, "size", part->size, 0);
	put_amount(w, "proceeds", part->proceeds, 2);
	put_amount(w, "cost", part->cost, 2);
	put_amount(w, "gain", part->gain, 2);
	json_close(w, '}');
}

/* First in, first out: what a sale would consume and gain. */
static enum tb_status
put_lots(struct json_writer *w, struct desk *desk, const struct decision *d,
    const struct estimate *e, struct tb_err *err)
{
	const struct ledger_entry sale = {
		.at_us = desk->instant_us,
		.side = SIDE_SELL,
		.size = e->size_crypto,
		.price = e->price,
		.value = e->size_usd,
		.fee = e->fee,
	};
	struct lot_outcome outcome;
	struct lots lots;
	enum tb_status status;

	lots_init(&lots, LOT_FIFO, false);
	status =
	    books_preview(desk->db, d->product_id, &sale, &lots, &outcome, err);
	if (status == TB_OK) {
		put_amount(w, "gain", outcome.disposal.gain, 2);
		json_key(w, "lots");
		json_open(w, '[');
		for (size_t i = 0; i < outcome.disposal.part_count; i++)
			put_lot(w, &outcome.disposal.parts[i]);
		json_close(w, ']');
	}
	lots_release(&lots);
	return status;
}

/* What would be sent, where it was sized. */
static enum tb_status
put_order(struct json_writer *w, struct desk *desk, const struct risk_case *c,
    struct tb_err *err)
{
	struct estimate e;
	enum tb_status status;

	status = size_estimate(c->decision, &c->facts, &c->sizing, &e, err);
	if (status != TB_OK)
		return status;
	if (c->sizing.by_quote)
		put_amount(w, "quote_size", c->sizing.quote_size, 2);
	else
		put_amount(w, "base_size", c->sizing.base_size, 0);
	put_amount(w, "size_usd", e.size_usd, 2);
	put_amount(w, "size_crypto", e.size_crypto, 0);
	put_amount(w, "price", e.price, 2);
	put_amount(w, "fee", e.fee, 2);
	if (c->decision->side == SIDE_SELL)
		status = put_lots(w, desk, c->decision, &e, err);
	return status;
}

/* What the venue itself says of it; it may have nothing to say. */
static enum tb_status
put_venue(struct json_writer *w, struct desk *desk, const struct risk_case *c,
    struct tb_err *err)
{
	const struct decision *d = c->decision;
	struct venue_request request = {
		.side = d->side,
		.type = order_type_name(d->type),
		.has_quote_size = c->sizing.by_quote,
		.quote_size = c->sizing.quote_size,
		.base_size = c->sizing.base_size,
		.limit_price = d->limit_price,
	};
	struct venue_preview told;
	enum tb_status status;

	if (desk->venue->verbs->preview == NULL)
		return TB_OK;
	memcpy(request.product_id, d->product_id, sizeof(request.product_id));
	status = desk->venue->verbs->preview(desk->venue, &request, &told, err);
	if (status != TB_OK)
		return status;
	json_key(w, "venue");
	json_open(w, '{');
	json_key(w, "allowed");
	json_bool(w, !told.refused);
	json_key(w, "reason");
	json_string(w, told.reason[0] == '\0' ? NULL : told.reason);
	json_key(w, "warning");
	json_string(w, told.warning[0] == '\0' ? NULL : told.warning);
	put_amount(w, "size_crypto", told.base_size, 0);
	put_amount(w, "size_usd", told.value, 2);
	put_amount(w, "fee", told.fee, 2);
	put_amount(w, "total", told.total, 2);
	put_amount(w, "best_bid", told.best_bid, 2);
	put_amount(w, "best_ask", told.best_ask, 2);
	json_close(w, '}');
	return TB_OK;
}

static bool
is_sized(const struct risk_case *c)
{
	return decimal_sign(c->sizing.quote_size) > 0 ||
	    decimal_sign(c->sizing.base_size) > 0;
}

static enum tb_status
put_preview(struct json_writer *w, struct desk *desk, const struct risk_case *c,
    const struct answer *answer, struct tb_err *err)
{
	enum tb_status status = TB_OK;

	json_open(w, '{');
	json_key(w, "allowed");
	json_bool(w, answer->reason == REASON_NONE);
	json_key(w, "product_id");
	json_string(w, c->decision->product_id);
	json_key(w, "side");
	json_string(w, side_name(c->decision->side));
	if (is_sized(c))
		status = put_order(w, desk, c, err);
	if (status == TB_OK && is_sized(c))
		status = put_venue(w, desk, c, err);
	if (answer->reason != REASON_NONE) {
		json_key(w, "reason");
		json_string(w, answer_reason_name(answer->reason));
		json_key(w, "message");
		json_string(w, answer->message);
	}
	json_close(w, '}');
	return status;
}

static enum tb_status
preview(const struct cli *cli, struct desk *desk, const struct decision *d,
    struct tb_err *err)
{
	struct risk_case c;
	struct cli_rows rows;
	struct outcome o;
	enum tb_status status;

	outcome_init(&o);
	execute_dry(desk, d, &c, &o);
	cli_rows_begin(&rows, cli, preview_columns, CLI_ONE);
	status = put_preview(cli_row(&rows), desk, &c, &o.answer, err);
	if (status == TB_OK)
		status = cli_row_end(&rows, err);
	status = cli_rows_end(&rows, status, err);
	trade_say("", &o);
	if (status == TB_OK)
		status = o.status;
	outcome_release(&o);
	return status;
}

enum tb_status
run_preview(const struct cli *cli, struct tb_err *err)
{
	enum side side = SIDE_BUY;
	struct decision decision;
	struct desk *desk = NULL;
	enum tb_status status;

	if (side_parse(cli->argv[0], strlen(cli->argv[0]), &side) != TB_OK)
		return tb_fail(err, TB_EUSAGE,
		    "preview: expected buy or sell, not %.40s", cli->argv[0]);
	status = trade_typed(side, cli->argv[1], cli->argv[2], &decision, err);
	if (status == TB_OK)
		status = trade_open(cli, DESK_DRY, &desk, err);
	if (status == TB_OK)
		status = preview(cli, desk, &decision, err);
	trade_close(desk);
	return status;
}
