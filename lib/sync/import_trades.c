#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "store/books.h"
#include "store/candles.h"
#include "sync/import.h"
#include "sync/row_verdict.h"
#include "sync/rows.h"

#define PROGRESS_ROWS 1024

enum {
	ID,
	TIME,
	PRODUCT,
	SIDE,
	SIZE,
	PRICE,
	FEE,
	FEE_CURRENCY,
	VALUE,
	KIND,
	ORDER,
	COLUMNS
};

static const struct rows_column columns[COLUMNS] = {
	[ID] = { "id|trade_id", true, -1 },
	[TIME] = { "time|timestamp", true, -1 },
	[PRODUCT] = { "product|product_id", false, -1 },
	[SIDE] = { "side", true, -1 },
	[SIZE] = { "size", true, -1 },
	[PRICE] = { "price", true, -1 },
	[FEE] = { "fee", false, -1 },
	[FEE_CURRENCY] = { "fee_currency", false, -1 },
	[VALUE] = { "value", false, -1 },
	[KIND] = { "kind", false, -1 },
	[ORDER] = { "order_id", false, -1 },
};

struct work {
	struct db *db;
	const struct import *import;
	struct trade_counts *counts;
	struct rows rows;
	int64_t present_us; /* nothing recorded is later */
};

/* ------------------------------------------------------------- one trade -- */

static enum tb_status
read_product(const struct work *w, struct fill *f, struct tb_err *err)
{
	const struct rows *r = &w->rows;
	const char *text = r->value[PRODUCT];
	size_t len = r->len[PRODUCT];

	if (len == 0 && w->import->product_id != NULL) {
		text = w->import->product_id;
		len = strlen(text);
	}
	if (!product_id_is_valid(text, len))
		return rows_fail(r, PRODUCT, "a product such as BTC-USD", err);
	memcpy(f->product_id, text, len);
	f->product_id[len] = '\0';
	return TB_OK;
}

/* What identifies it: for ever, and within its order. */
static enum tb_status
read_ids(const struct work *w, struct fill *f, struct tb_err *err)
{
	const struct rows *r = &w->rows;
	enum tb_status status;
	int len;

	status =
	    rows_copy(r, ID, f->venue_trade_id, sizeof(f->venue_trade_id), err);
	if (status != TB_OK)
		return status;
	len = snprintf(f->entry_id, sizeof(f->entry_id), "import:%s:%s",
	    f->product_id, f->venue_trade_id);
	if (len < 0 || (size_t)len >= sizeof(f->entry_id))
		return rows_fail(r, ID, "a shorter text", err);
	memcpy(f->order_id, f->entry_id, sizeof(f->order_id));
	if (r->len[ORDER] == 0)
		return TB_OK;
	return rows_copy(r, ORDER, f->order_id, sizeof(f->order_id), err);
}

static enum tb_status
read_words(const struct work *w, struct fill *f, struct tb_err *err)
{
	const struct rows *r = &w->rows;
	enum tb_status status = rows_instant(r, TIME, &f->at_us, err);

	if (status != TB_OK)
		return status;
	if (f->at_us > w->present_us)
		return rows_fail(r, TIME, "a moment that is not in the future",
		    err);
	if (side_parse(r->value[SIDE], r->len[SIDE], &f->side) != TB_OK)
		return rows_fail(r, SIDE, "BUY or SELL", err);
	f->kind = FILL_FILL;
	f->nature = NATURE_TRADE;
	if (r->len[KIND] > 0 &&
	    fill_nature_parse(r->value[KIND], r->len[KIND], &f->nature) !=
		TB_OK)
		return rows_fail(r, KIND,
		    "trade, income, disposal, fee-in-base or transfer-fee",
		    err);
	if (f->nature != NATURE_TRADE &&
	    (f->nature == NATURE_INCOME) != (f->side == SIDE_BUY))
		return rows_fail(r, SIDE,
		    f->nature == NATURE_INCOME ? "BUY for this kind" :
						 "SELL for this kind",
		    err);
	return TB_OK;
}

/* The fee is in the product's quote currency, or there is none. */
static enum tb_status
read_fee(const struct work *w, struct fill *f, bool *rounded,
    struct tb_err *err)
{
	const struct rows *r = &w->rows;
	char quote[CURRENCY_MAX];
	enum tb_status status;

	f->fee = DECIMAL_ZERO;
	if (r->len[FEE] == 0)
		return TB_OK;
	status = rows_amount(r, FEE, &f->fee, rounded, err);
	if (status != TB_OK || decimal_sign(f->fee) == 0)
		return status;
	product_quote(f->product_id, quote);
	if (r->len[FEE_CURRENCY] == 0 ||
	    (r->len[FEE_CURRENCY] == strlen(quote) &&
		memcmp(r->value[FEE_CURRENCY], quote, strlen(quote)) == 0))
		return TB_OK;
	return rows_fail(r, FEE_CURRENCY,
	    "the product's quote currency (a fee paid in coins is a row of its "
	    "own, kind fee-in-base)",
	    err);
}

static enum tb_status
read_from_zero(const struct rows *r, size_t column, struct decimal *out,
    bool *rounded, struct tb_err *err)
{
	enum tb_status status = rows_amount(r, column, out, rounded, err);

	if (status == TB_OK && decimal_sign(*out) < 0)
		status = rows_fail(r, column, "0 or more", err);
	return status;
}

/* The price as told, else what the value comes to for a coin. */
static enum tb_status
read_price(const struct rows *r, struct fill *f, bool *rounded,
    struct tb_err *err)
{
	if (r->len[PRICE] > 0 || r->len[VALUE] == 0)
		return read_from_zero(r, PRICE, &f->price, rounded, err);
	if (decimal_div(f->value, f->size, DECIMAL_HALF_EVEN, &f->price) ==
	    TB_OK)
		return TB_OK;
	return rows_fail(r, VALUE, "a smaller amount", err);
}

/* What the file tells counts; only else is size multiplied by price. */
static enum tb_status
read_amounts(const struct work *w, struct fill *f, bool *rounded,
    struct tb_err *err)
{
	const struct rows *r = &w->rows;
	bool has_value = r->len[VALUE] > 0;
	enum tb_status status = rows_amount(r, SIZE, &f->size, rounded, err);

	if (status == TB_OK && decimal_sign(f->size) <= 0)
		status = rows_fail(r, SIZE, "more than 0", err);
	if (status == TB_OK && has_value)
		status = read_from_zero(r, VALUE, &f->value, rounded, err);
	if (status == TB_OK)
		status = read_price(r, f, rounded, err);
	if (status == TB_OK && !has_value &&
	    decimal_mul(f->size, f->price, DECIMAL_HALF_EVEN, &f->value) !=
		TB_OK)
		status = rows_fail(r, SIZE, "a smaller amount", err);
	return status;
}

static enum tb_status
read_fill(struct work *w, struct fill *f, struct tb_err *err)
{
	enum tb_status status;
	bool rounded = false;

	*f = (struct fill){ 0 };
	status = read_product(w, f, err);
	if (status == TB_OK)
		status = read_ids(w, f, err);
	if (status == TB_OK)
		status = read_words(w, f, err);
	if (status == TB_OK)
		status = read_amounts(w, f, &rounded, err);
	if (status == TB_OK)
		status = read_fee(w, f, &rounded, err);
	if (status == TB_OK)
		w->counts->rounded += rounded;
	return status;
}

/* ------------------------------------------------------------- the books -- */

/* The trade of the fill's order, over all its fills so far. */
static enum tb_status
put_trade(struct work *w, const struct fill *f, struct tb_err *err)
{
	struct trade t = { .side = f->side,
		.price = f->price,
		.status = TRADE_FILLED,
		.created_at_us = f->at_us,
		.filled_at_us = f->at_us,
		.triggered_by = "import" };
	enum tb_status status;

	memcpy(t.product_id, f->product_id, sizeof(t.product_id));
	memcpy(t.order_id, f->order_id, sizeof(t.order_id));
	status = books_order_sums(w->db, f->order_id, &t.size_crypto,
	    &t.size_usd, &t.commission, err);
	if (status == TB_OK && decimal_sign(t.size_crypto) > 0 &&
	    decimal_div(t.size_usd, t.size_crypto, DECIMAL_HALF_EVEN,
		&t.price) != TB_OK)
		status = tb_fail(err, TB_ERANGE, "price: it does not fit");
	if (status == TB_OK)
		status = books_trade_put(w->db, &t, err);
	trade_release(&t);
	return status;
}

static enum tb_status
assume_product(struct work *w, const char *product_id, struct tb_err *err)
{
	struct product p;
	enum tb_status status = products_get(w->db, product_id, &p, err);

	if (status != TB_ENOENT)
		return status;
	w->counts->products++;
	return products_assume(w->db, product_id, w->import->now_us, err);
}

static void
note_stored(struct trade_counts *n, const struct fill *f, bool repeated)
{
	if (n->inserted + n->same == 0 || f->at_us < n->first_us)
		n->first_us = f->at_us;
	if (n->inserted + n->same == 0 || f->at_us > n->last_us)
		n->last_us = f->at_us;
	*(repeated ? &n->same : &n->inserted) += 1;
}

/* The row last read.  TB_EINVAL: it is bad, and the rest may go on. */
static enum tb_status
take_row(struct work *w, struct tb_err *err)
{
	struct fill f;
	enum tb_status status = read_fill(w, &f, err);
	bool repeated = false;

	if (status != TB_OK)
		return status;
	status = assume_product(w, f.product_id, err);
	if (status == TB_OK)
		status = books_fill_deferred(w->db, &f, &repeated, err);
	if (status == TB_OK && !repeated)
		status = put_trade(w, &f, err);
	if (status == TB_OK)
		note_stored(w->counts, &f, repeated);
	else if (status == TB_EINVAL)
		rows_at(&w->rows, err);
	return status;
}

static enum tb_status
read_all(struct work *w, struct tb_err *err)
{
	const struct import *import = w->import;
	enum tb_status status;

	while ((status = rows_next(&w->rows, err)) != TB_END) {
		w->counts->rows++;
		if (status == TB_OK)
			status = take_row(w, err);
		status = row_verdict(w->import, status, &w->counts->bad, err);
		if (status != TB_OK)
			return status;
		if (import->on_progress != NULL &&
		    w->counts->rows % PROGRESS_ROWS == 0)
			import->on_progress(rows_progress(&w->rows),
			    w->counts->rows, import->arg);
	}
	return TB_OK;
}

static enum tb_status
run(struct work *w, struct tb_err *err)
{
	const struct import *import = w->import;
	enum tb_status status;

	status = rows_open(&w->rows, import->fd, import->name, columns, COLUMNS,
	    err);
	if (status == TB_OK)
		status = db_begin(w->db, err);
	if (status != TB_OK)
		return status;
	status = read_all(w, err);
	if (status == TB_OK && w->counts->inserted > 0)
		status = books_settle(w->db, err);
	if (status == TB_OK && import->dry_run)
		db_rollback(w->db);
	else
		status = db_finish(w->db, status, err);
	return status;
}

enum tb_status
import_trades(struct db *db, const struct import *import,
    struct trade_counts *out, struct tb_err *err)
{
	struct work w = { .db = db,
		.import = import,
		.counts = out,
		.present_us = row_present_us(import) };
	enum tb_status status;

	*out = (struct trade_counts){ 0 };
	status = run(&w, err);
	rows_close(&w.rows);
	return status == TB_OK && out->bad > 0 ? TB_EPARTIAL : status;
}
