#include "store/books.h"
#include "store/derived.h"
#include "store/sql.h"

#define SUMS 8

enum tb_status
books_position(struct db *db, const char *product_id, struct position *out,
    struct tb_err *err)
{
	struct decimal *const sums[] = { &out->crypto_balance,
		&out->usd_invested, &out->realized, &out->proceeds, &out->costs,
		&out->fees, &out->uncovered_size, &out->uncovered_proceeds };
	struct sql q;
	enum tb_status status;

	position_init(out, product_id);
	status = sql_open(&q, db,
	    "SELECT crypto_balance, usd_invested, realized_pnl, proceeds,"
	    " costs, fees, uncovered_size, uncovered_proceeds, updated_at,"
	    " price, price_at FROM portfolio WHERE product_id = ?1",
	    err);
	sql_bind_text(&q, 1, product_id);
	if (status == TB_OK)
		status = sql_step(&q, err);
	if (status == TB_END) {
		sql_close(&q);
		return TB_OK;
	}
	for (int i = 0; i < SUMS && status == TB_OK; i++)
		status = sql_decimal(&q, i, sums[i], err);
	if (status == TB_OK)
		status = sql_instant(&q, 8, &out->updated_at_us, err);
	out->priced = status == TB_OK && !sql_is_null(&q, 9);
	if (out->priced) {
		status = sql_decimal(&q, 9, &out->price, err);
		if (status == TB_OK)
			status = sql_instant(&q, 10, &out->price_at_us, err);
	}
	sql_close(&q);
	if (status != TB_OK)
		tb_err_at(err, "portfolio of %s", product_id);
	return status;
}

/* What cannot be told is NULL: a price, or a mean of nothing. */
static enum tb_status
bind_derived(struct sql *q, const struct position *p, struct tb_err *err)
{
	struct decimal d;
	enum tb_status status = TB_OK;

	if (!position_is_flat(p)) {
		status = position_average_cost(p, &d, err);
		if (status == TB_OK)
			sql_bind_decimal(q, 12, d);
	}
	if (status == TB_OK && p->priced) {
		sql_bind_decimal(q, 10, p->price);
		sql_bind_instant(q, 11, p->price_at_us);
		status = position_unrealized(p, &d, err);
		if (status == TB_OK)
			sql_bind_decimal(q, 13, d);
	}
	return status;
}

enum tb_status
positions_put(struct db *db, const struct position *p, struct tb_err *err)
{
	const struct decimal sums[] = { p->crypto_balance, p->usd_invested,
		p->realized, p->proceeds, p->costs, p->fees, p->uncovered_size,
		p->uncovered_proceeds };
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "INSERT INTO portfolio (crypto_balance, usd_invested,"
	    " realized_pnl, proceeds, costs, fees, uncovered_size,"
	    " uncovered_proceeds, updated_at, price, price_at,"
	    " average_cost_basis, unrealized_pnl, product_id)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
	    " ?14) ON CONFLICT (product_id) DO UPDATE SET"
	    " crypto_balance = ?1, usd_invested = ?2, realized_pnl = ?3,"
	    " proceeds = ?4, costs = ?5, fees = ?6, uncovered_size = ?7,"
	    " uncovered_proceeds = ?8, updated_at = ?9, price = ?10,"
	    " price_at = ?11, average_cost_basis = ?12, unrealized_pnl = ?13",
	    err);
	if (status != TB_OK)
		return status;
	for (int i = 0; i < SUMS; i++)
		sql_bind_decimal(&q, i + 1, sums[i]);
	sql_bind_instant(&q, 9, p->updated_at_us);
	sql_bind_text(&q, 14, p->product_id);
	status = bind_derived(&q, p, err);
	if (status != TB_OK) {
		sql_close(&q);
		return status;
	}
	return sql_run(&q, err);
}

enum tb_status
books_mark(struct db *db, const char *product_id, struct decimal price,
    int64_t price_at_us, struct tb_err *err)
{
	struct position p;
	enum tb_status status;

	status = books_position(db, product_id, &p, err);
	if (status != TB_OK || p.updated_at_us == 0)
		return status;
	position_mark(&p, price, price_at_us);
	return positions_put(db, &p, err);
}

enum tb_status
books_realized_since(struct db *db, int64_t since_us, struct decimal *out,
    struct tb_err *err)
{
	char quote[CURRENCY_MAX];
	struct decimal gain;
	struct sql q;
	enum tb_status status;

	*out = DECIMAL_ZERO;
	status = sql_open(&q, db,
	    "SELECT product_id, gain FROM disposals WHERE sold_at >= ?1", err);
	sql_bind_instant(&q, 1, since_us);
	while (status == TB_OK && (status = sql_step(&q, err)) == TB_OK) {
		product_quote(sql_text(&q, 0), quote);
		if (!currency_is_dollar(quote))
			continue;
		status = sql_decimal(&q, 1, &gain, err);
		if (status == TB_OK)
			status = decimal_add(*out, gain, out);
	}
	sql_close(&q);
	if (status == TB_ERANGE)
		return tb_fail(err, status, "the sum of gains does not fit");
	return status == TB_END ? TB_OK : status;
}
