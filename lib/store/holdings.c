#include "store/holdings.h"

#include <string.h>

#include "base/instant.h"
#include "store/balances.h"
#include "store/books.h"
#include "store/candles.h"
#include "store/flows.h"
#include "store/sql.h"

static enum tb_status
add_fill(const char *product_id, const struct ledger_entry *e, void *arg,
    struct tb_err *err)
{
	return book_fill(arg, product_id, e, NULL, err);
}

/* Fills are nearly always written in book order: try that, it is faster. */
enum tb_status
holdings_from_fills(struct db *db, int64_t until_us, struct book *book,
    struct tb_err *err)
{
	enum tb_status status;

	status = books_scan(db, until_us, add_fill, book, err);
	if (status != TB_END)
		return status;
	book_release(book);
	return books_each_entry(db, NULL, until_us, add_fill, book, err);
}

enum tb_status
holdings_from_portfolio(struct db *db, struct book *book, struct tb_err *err)
{
	char product[PRODUCT_ID_MAX] = "", next[1][PRODUCT_ID_MAX];
	struct position p;
	enum tb_status status;
	size_t count;

	for (;;) {
		status = books_products(db, product, next, 1, &count, err);
		if (status != TB_OK || count == 0)
			return status;
		memcpy(product, next[0], sizeof(product));
		status = books_position(db, product, &p, err);
		if (status == TB_OK)
			status = book_add(book, &p, err);
		if (status != TB_OK)
			return status;
	}
}

enum tb_status
holdings_price(struct db *db, int64_t instant_us, struct book *book,
    struct tb_err *err)
{
	struct decimal price;
	int64_t at_us;
	enum tb_status status;

	for (size_t i = 0; i < book->count; i++) {
		struct position *p = &book->pages[i].position;

		p->priced = false;
		if (position_is_flat(p))
			continue;
		status = candles_price(db, p->product_id, instant_us, &price,
		    &at_us, err);
		if (status == TB_OK)
			position_mark(p, price, at_us);
		else if (status != TB_ENOENT)
			return status;
		else
			tb_err_clear(err);
	}
	return TB_OK;
}

/* ------------------------------------------------------------------ cash -- */

/* What one fill moves: only what was traded moves money. */
static enum tb_status
add_movement(struct sql *q, struct decimal *sum, struct tb_err *err)
{
	char quote[CURRENCY_MAX];
	struct decimal value, fee;
	enum tb_status status;

	product_quote(sql_text(q, 0), quote);
	if (!currency_is_dollar(quote))
		return TB_OK;
	status = sql_decimal(q, 2, &value, err);
	if (status == TB_OK)
		status = sql_decimal(q, 3, &fee, err);
	if (status != TB_OK)
		return status;
	status = decimal_sub(*sum, fee, sum);
	if (status == TB_OK)
		status = sql_text(q, 1)[0] == 'B' ?
		    decimal_sub(*sum, value, sum) :
		    decimal_add(*sum, value, sum);
	if (status != TB_OK)
		return tb_fail(err, status, "the sum of fills does not fit");
	return TB_OK;
}

/* Dollars that trades moved in (after_us, until_us]: of orders, or of all. */
static enum tb_status
movements(struct db *db, int64_t after_us, int64_t until_us, bool orders_only,
    struct decimal *out, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	*out = DECIMAL_ZERO;
	status = sql_open(&q, db,
	    "SELECT product_id, side, value, fee FROM fills f WHERE at > ?1"
	    " AND at <= ?2 AND nature = 'trade' AND kind <> 'reversal'"
	    " AND (?3 = 0 OR EXISTS (SELECT 1 FROM orders o"
	    " WHERE o.order_id = f.order_id)) AND NOT EXISTS (SELECT 1"
	    " FROM fills r WHERE r.reverses = f.entry_id)",
	    err);
	sql_bind_text(&q, 1, "");
	if (after_us != 0)
		sql_bind_instant(&q, 1, after_us);
	sql_bind_instant(&q, 2, until_us);
	sql_bind_int(&q, 3, orders_only);
	while (status == TB_OK && (status = sql_step(&q, err)) == TB_OK)
		status = add_movement(&q, out, err);
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

/* What the venue last said; TB_ENOENT: nothing. */
static enum tb_status
told_cash(struct db *db, struct decimal *out, int64_t *out_at_us,
    struct tb_err *err)
{
	static const char *const dollars[] = { "USD", "USDC", "USDT" };
	struct balance b;
	bool any = false;
	enum tb_status status;

	*out = DECIMAL_ZERO;
	*out_at_us = 0;
	for (size_t i = 0; i < sizeof(dollars) / sizeof(dollars[0]); i++) {
		status = balances_get(db, dollars[i], &b, err);
		if (status == TB_ENOENT)
			continue;
		if (status == TB_OK)
			status = decimal_add(*out, b.available, out);
		if (status == TB_OK)
			status = decimal_add(*out, b.hold, out);
		if (status != TB_OK)
			return status;
		any = true;
		if (*out_at_us < b.at_us)
			*out_at_us = b.at_us;
	}
	return any ? TB_OK : TB_ENOENT;
}

/* Is there a cash flow at all? */
static enum tb_status
any_flow(struct db *db, struct tb_err *err)
{
	struct cash_flow first;
	size_t count;
	enum tb_status status;

	status = flows_page(db, NULL, &first, 1, &count, err);
	if (status == TB_OK && count == 0)
		return tb_fail(err, TB_ENOENT,
		    "no cash is known: neither a balance nor a cash flow");
	return status;
}

/* Cash flows and what all fills moved. */
static enum tb_status
recorded_cash(struct db *db, int64_t instant_us, struct decimal *out,
    struct tb_err *err)
{
	struct decimal flows, moved;
	enum tb_status status;

	status = any_flow(db, err);
	if (status == TB_OK)
		status = flows_dollars(db, instant_us, &flows, err);
	if (status == TB_OK)
		status = movements(db, 0, instant_us, false, &moved, err);
	return status == TB_OK ? decimal_add(flows, moved, out) : status;
}

enum tb_status
holdings_cash(struct db *db, int64_t instant_us, struct decimal *out,
    struct tb_err *err)
{
	struct decimal cash, moved, before, after;
	int64_t told_us;
	enum tb_status status;

	status = told_cash(db, &cash, &told_us, err);
	if (status == TB_ENOENT) {
		tb_err_clear(err);
		return recorded_cash(db, instant_us, out, err);
	}
	if (status != TB_OK || instant_us >= told_us) {
		*out = cash;
		return status;
	}
	status = movements(db, instant_us, told_us, true, &moved, err);
	if (status == TB_OK)
		status = flows_dollars(db, instant_us, &before, err);
	if (status == TB_OK)
		status = flows_dollars(db, told_us, &after, err);
	if (status == TB_OK)
		status = decimal_sub(cash, moved, &cash);
	if (status == TB_OK)
		status = decimal_sub(cash, after, &cash);
	if (status == TB_OK)
		status = decimal_add(cash, before, out);
	return status;
}

/* ---------------------------------------------------------------- equity -- */

enum tb_status
holdings_equity(struct db *db, int64_t instant_us, struct decimal *out,
    struct tb_err *err)
{
	char quote[CURRENCY_MAX];
	struct decimal value;
	struct book book;
	enum tb_status status;

	book_init(&book, LOT_FIFO, false);
	status = holdings_cash(db, instant_us, out, err);
	if (status == TB_OK)
		status = holdings_from_portfolio(db, &book, err);
	if (status == TB_OK)
		status = holdings_price(db, instant_us, &book, err);
	for (size_t i = 0; i < book.count && status == TB_OK; i++) {
		product_quote(book.pages[i].position.product_id, quote);
		if (!currency_is_dollar(quote))
			continue;
		status = position_value(&book.pages[i].position, &value, err);
		if (status == TB_OK)
			status = decimal_add(*out, value, out);
	}
	book_release(&book);
	return status;
}
