#include "store/holdings.h"

#include "store/books.h"
#include "store/candles.h"
#include "store/derived.h"
#include "store/flows.h"
#include "store/movements.h"
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
	bool by_price = book->method == LOT_HIFO || book->method == LOT_LOFO;
	enum tb_status status;

	if (!by_price) {
		status = books_scan(db, until_us, add_fill, book, err);
		if (status != TB_END)
			return status;
		book_release(book);
	}
	return books_each_entry(db, NULL, until_us, add_fill, book, err);
}

enum tb_status
holdings_from_portfolio(struct db *db, struct book *book, struct tb_err *err)
{
	char product[PRODUCT_ID_MAX] = "";
	struct position p;
	enum tb_status status;

	while ((status = books_next_product(db, product, err)) == TB_OK) {
		status = books_position(db, product, &p, err);
		if (status == TB_OK)
			status = book_add(book, &p, err);
		if (status != TB_OK)
			return status;
	}
	return status == TB_END ? TB_OK : status;
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

static enum tb_status
add_amount(int64_t at_us, struct decimal amount, void *arg, struct tb_err *err)
{
	struct decimal *sum = arg;
	enum tb_status status = decimal_add(*sum, amount, sum);

	(void)at_us;
	if (status != TB_OK)
		return tb_fail(err, status, "the sum of fills does not fit");
	return TB_OK;
}

/* What fills moved in (after_us, until_us]. */
static enum tb_status
moved(struct db *db, const struct movements *range, struct decimal *out,
    struct tb_err *err)
{
	*out = DECIMAL_ZERO;
	return movements_each(db, range, add_amount, out, err);
}

/* Proceeds less costs of what is quoted in dollars, added to *sum. */
static enum tb_status
add_net(const struct position *p, struct decimal *sum, struct tb_err *err)
{
	char quote[CURRENCY_MAX];
	enum tb_status status;

	product_quote(p->product_id, quote);
	if (!currency_is_dollar(quote))
		return TB_OK;
	status = decimal_add(*sum, p->proceeds, sum);
	if (status == TB_OK)
		status = decimal_sub(*sum, p->costs, sum);
	if (status != TB_OK)
		return tb_fail(err, status, "the sum of fills does not fit");
	return TB_OK;
}

/* What gifts, income and fees in coins have in proceeds and costs. */
static enum tb_status
untraded(struct db *db, struct decimal *out, struct tb_err *err)
{
	struct ledger_entry e;
	struct book book;
	struct sql q;
	enum tb_status status;

	*out = DECIMAL_ZERO;
	book_init(&book, LOT_AVERAGE, false);
	/* || keeps it from walking through all fills in their order */
	status = sql_open(&q, db,
	    "SELECT id, product_id FROM fills f WHERE nature <> 'trade'"
	    " AND kind <> 'reversal' AND NOT EXISTS (SELECT 1 FROM fills r"
	    " WHERE r.reverses = f.entry_id) ORDER BY product_id || '', at,"
	    " side, venue_seq, id",
	    err);
	while (status == TB_OK && (status = sql_step(&q, err)) == TB_OK) {
		status = entries_get(db, sql_int(&q, 0), &e, err);
		if (status == TB_OK)
			status =
			    book_fill(&book, sql_text(&q, 1), &e, NULL, err);
	}
	sql_close(&q);
	if (status == TB_END)
		status = TB_OK;
	for (size_t i = 0; i < book.count && status == TB_OK; i++)
		status = add_net(&book.pages[i].position, out, err);
	book_release(&book);
	return status;
}

/*
 * What all fills moved, from the sums that are kept.  TB_END: some of them
 * came after the instant.
 */
static enum tb_status
kept_moved(struct db *db, int64_t instant_us, struct decimal *out,
    struct tb_err *err)
{
	struct decimal no_money = DECIMAL_ZERO;
	struct book book;
	enum tb_status status;

	*out = DECIMAL_ZERO;
	book_init(&book, LOT_FIFO, false);
	status = holdings_from_portfolio(db, &book, err);
	for (size_t i = 0; i < book.count && status == TB_OK; i++) {
		const struct position *p = &book.pages[i].position;

		status = p->updated_at_us > instant_us ? TB_END :
							 add_net(p, out, err);
	}
	book_release(&book);
	if (status == TB_OK)
		status = untraded(db, &no_money, err);
	return status == TB_OK ? decimal_sub(*out, no_money, out) : status;
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
	const struct movements all = { .until_us = instant_us };
	struct decimal flows = DECIMAL_ZERO, fills = DECIMAL_ZERO;
	enum tb_status status;

	status = any_flow(db, err);
	if (status == TB_OK)
		status = flows_dollars(db, instant_us, &flows, err);
	if (status == TB_OK)
		status = kept_moved(db, instant_us, &fills, err);
	if (status == TB_END)
		status = moved(db, &all, &fills, err);
	return status == TB_OK ? decimal_add(flows, fills, out) : status;
}

enum tb_status
holdings_cash(struct db *db, int64_t instant_us, struct decimal *out,
    struct tb_err *err)
{
	struct movements since = { .after_us = instant_us,
		.orders_only = true };
	struct decimal cash, fills = DECIMAL_ZERO, at_instant, at_told;
	enum tb_status status;

	status = movements_told(db, &cash, &since.until_us, err);
	if (status == TB_ENOENT)
		return recorded_cash(db, instant_us, out, err);
	if (status == TB_OK && instant_us < since.until_us)
		status = moved(db, &since, &fills, err);
	if (status == TB_OK)
		status = flows_dollars(db, instant_us, &at_instant, err);
	if (status == TB_OK)
		status = flows_dollars(db, since.until_us, &at_told, err);
	if (status == TB_OK)
		status = decimal_sub(cash, fills, &cash);
	if (status == TB_OK)
		status = decimal_sub(cash, at_told, &cash);
	if (status == TB_OK)
		status = decimal_add(cash, at_instant, out);
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
