#include "sync/mend.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "store/books.h"
#include "store/candles.h"
#include "store/flows.h"

#define WORD "reconcile"

static enum tb_status
add_flow(struct desk *desk, const char *currency, struct decimal amount,
    struct tb_err *err)
{
	struct cash_flow flow = {
		.at_us = desk->instant_us, .amount = amount, .note = WORD
	};

	if (decimal_sign(amount) == 0)
		return TB_OK;
	snprintf(flow.currency, sizeof(flow.currency), "%s", currency);
	return flows_add(desk->db, &flow, err);
}

/* The product in dollars of some coins, and its last price. */
static enum tb_status
price_coins(struct desk *desk, const char *currency,
    char product_id[static PRODUCT_ID_MAX], struct decimal *price,
    struct tb_err *err)
{
	static const char *const quotes[] = { "USD", "USDC", "USDT" };
	enum tb_status status = TB_ENOENT;
	int64_t at_us;

	for (size_t i = 0; status == TB_ENOENT && i < 3; i++) {
		snprintf(product_id, PRODUCT_ID_MAX, "%s-%s", currency,
		    quotes[i]);
		status = candles_price(desk->db, product_id, desk->instant_us,
		    price, &at_us, err);
	}
	return status;
}

/* The trade and the fill that bring in, or take out, some coins. */
static enum tb_status
book_correction(struct desk *desk, const struct fill *fill, struct tb_err *err)
{
	struct trade trade = {
		.side = fill->side,
		.status = TRADE_FILLED,
		.size_crypto = fill->size,
		.size_usd = fill->value,
		.price = fill->price,
		.created_at_us = fill->at_us,
		.filled_at_us = fill->at_us,
		.triggered_by = WORD,
	};
	struct booking booking;
	enum tb_status status;

	memcpy(trade.product_id, fill->product_id, sizeof(trade.product_id));
	memcpy(trade.order_id, fill->order_id, sizeof(trade.order_id));
	status = books_trade_put(desk->db, &trade, err);
	if (status == TB_OK)
		status = books_fill(desk->db, fill, &booking, err);
	return status;
}

static enum tb_status
mend_coins(struct desk *desk, const struct reconciled_balance *row,
    struct tb_err *err)
{
	struct fill fill = {
		.side =
		    decimal_sign(row->difference) > 0 ? SIDE_BUY : SIDE_SELL,
		.kind = FILL_CORRECTION,
		.nature = NATURE_TRADE,
		.size = decimal_abs(row->difference),
		.at_us = desk->instant_us,
	};
	char uuid[DIGEST_UUID], quote[CURRENCY_MAX];
	enum tb_status status;

	status =
	    price_coins(desk, row->currency, fill.product_id, &fill.price, err);
	if (status == TB_ENOENT) { /* told, but not mended */
		tb_err_clear(err);
		return TB_OK;
	}
	if (status == TB_OK)
		status = digest_random_uuid(uuid, err);
	if (status == TB_OK &&
	    decimal_mul(fill.size, fill.price, DECIMAL_HALF_EVEN,
		&fill.value) != TB_OK)
		status = tb_fail(err, TB_ERANGE, "%s: its worth does not fit",
		    row->currency);
	if (status != TB_OK)
		return status;
	snprintf(fill.entry_id, sizeof(fill.entry_id), WORD ":%s", uuid);
	memcpy(fill.venue_trade_id, fill.entry_id, sizeof(fill.venue_trade_id));
	memcpy(fill.order_id, fill.entry_id, sizeof(fill.order_id));
	product_quote(fill.product_id, quote);
	status = book_correction(desk, &fill, err);
	if (status == TB_OK)
		status = add_flow(desk, quote,
		    fill.side == SIDE_BUY ? fill.value :
					    decimal_neg(fill.value),
		    err);
	return status;
}

enum tb_status
mend_balances(struct desk *desk, const struct reconciled_balance *rows,
    size_t count, struct tb_err *err)
{
	enum tb_status status = db_begin(desk->db, err);

	if (status != TB_OK)
		return status;
	for (size_t i = 0; status == TB_OK && i < count; i++) {
		if (decimal_sign(rows[i].difference) == 0)
			continue;
		status = currency_is_dollar(rows[i].currency) ?
		    add_flow(desk, rows[i].currency, rows[i].difference, err) :
		    mend_coins(desk, &rows[i], err);
	}
	return db_finish(desk->db, status, err);
}
