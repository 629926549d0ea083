#include <stdlib.h>
#include <string.h>

#include "store/books.h"
#include "store/rows.h"
#include "store/seal.h"
#include "store/sql.h"

/* In the order that a trade's seal has them. */
#define TRADE_COLUMNS                                                          \
 "id, product_id, side, size_usd, size_crypto, price, order_id, status,"       \
 " commission, created_at, filled_at, triggered_by, signal_context"

/* The trade of the row that q stands on. */
static enum tb_status
read_trade(struct sql *q, struct trade *t, struct tb_err *err)
{
	const char *context = sql_text(q, 12);
	enum tb_status status;

	*t = (struct trade){ .id = sql_int(q, 0) };
	status = sql_copy(q, 1, t->product_id, sizeof(t->product_id), err);
	if (status == TB_OK)
		status = sql_side(q, 2, &t->side, err);
	if (status == TB_OK)
		status = sql_decimal(q, 3, &t->size_usd, err);
	if (status == TB_OK)
		status = sql_decimal(q, 4, &t->size_crypto, err);
	if (status == TB_OK)
		status = sql_decimal(q, 5, &t->price, err);
	if (status == TB_OK)
		status = sql_copy(q, 6, t->order_id, sizeof(t->order_id), err);
	if (status == TB_OK &&
	    trade_status_parse(sql_text(q, 7), sql_text_len(q, 7),
		&t->status) != TB_OK)
		status = sql_misread(q, 7, "the status of a trade", err);
	if (status == TB_OK)
		status = sql_decimal(q, 8, &t->commission, err);
	if (status == TB_OK)
		status = sql_instant(q, 9, &t->created_at_us, err);
	if (status == TB_OK && !sql_is_null(q, 10))
		status = sql_instant(q, 10, &t->filled_at_us, err);
	if (status == TB_OK)
		status = sql_copy(q, 11, t->triggered_by,
		    sizeof(t->triggered_by), err);
	if (status == TB_OK && context != NULL) {
		t->signal_context = strdup(context);
		if (t->signal_context == NULL)
			status = tb_nomem(err);
	}
	if (status == TB_OK)
		return TB_OK;
	tb_err_at(err, "trade %lld", (long long)t->id);
	trade_release(t);
	return status;
}

/* One row or none. */
static enum tb_status
read_one(struct sql *q, struct trade *out, struct tb_err *err)
{
	enum tb_status status = sql_step(q, err);

	if (status == TB_OK)
		status = read_trade(q, out, err);
	sql_close(q);
	return status;
}

enum tb_status
books_trade_by_id(struct db *db, int64_t id, struct trade *out,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "SELECT " TRADE_COLUMNS " FROM trades WHERE id = ?1", err);
	if (status != TB_OK)
		return status;
	sql_bind_int(&q, 1, id);
	status = read_one(&q, out, err);
	if (status == TB_END)
		return tb_fail(err, TB_ENOENT, "there is no trade %lld",
		    (long long)id);
	return status;
}

enum tb_status
books_trade_by_order(struct db *db, const char *order_id, struct trade *out,
    struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "SELECT " TRADE_COLUMNS " FROM trades WHERE order_id = ?1", err);
	if (status != TB_OK)
		return status;
	sql_bind_text(&q, 1, order_id);
	status = read_one(&q, out, err);
	if (status == TB_END)
		return tb_fail(err, TB_ENOENT, "order %s has no trade",
		    order_id);
	return status;
}

enum tb_status
books_trades(struct db *db, const char *product_id, int64_t before_id,
    struct trade *out, size_t max, size_t *out_count, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	*out_count = 0;
	status = sql_open(&q, db,
	    "SELECT " TRADE_COLUMNS " FROM trades WHERE id < ?1"
	    " AND (?2 IS NULL OR product_id = ?2) ORDER BY id DESC LIMIT ?3",
	    err);
	sql_bind_int(&q, 1, before_id == 0 ? INT64_MAX : before_id);
	sql_bind_text(&q, 2, product_id);
	sql_bind_int(&q, 3, (int64_t)max);
	while (status == TB_OK && (status = sql_step(&q, err)) == TB_OK) {
		status = read_trade(&q, &out[*out_count], err);
		if (status == TB_OK)
			++*out_count;
	}
	sql_close(&q);
	if (status == TB_END)
		return TB_OK;
	while (*out_count > 0)
		trade_release(&out[--*out_count]);
	return status;
}

static void
bind_figures(struct sql *q, const struct trade *t)
{
	sql_bind_text(q, 1, t->order_id);
	sql_bind_decimal(q, 2, t->size_usd);
	sql_bind_decimal(q, 3, t->size_crypto);
	sql_bind_decimal(q, 4, t->price);
	sql_bind_text(q, 5, trade_status_name(t->status));
	sql_bind_decimal(q, 6, t->commission);
	if (t->filled_at_us == 0)
		sql_bind_null(q, 7);
	else
		sql_bind_instant(q, 7, t->filled_at_us);
}

/* TB_ENOENT: the order has no trade yet. */
static enum tb_status
update_trade(struct db *db, struct trade *t, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "UPDATE trades SET size_usd = ?2, size_crypto = ?3, price = ?4,"
	    " status = ?5, commission = ?6, filled_at = ?7,"
	    " " SEAL_KEEP("trades",
		SEAL_COLUMNS_TRADES) " WHERE order_id = ?1 RETURNING id",
	    err);
	if (status != TB_OK)
		return status;
	bind_figures(&q, t);
	status = sql_step(&q, err);
	if (status == TB_OK) {
		t->id = sql_int(&q, 0);
		status = sql_step(&q, err); /* the update ends here */
		if (status == TB_END)
			status = TB_OK;
	} else if (status == TB_END) {
		status = TB_ENOENT;
	}
	sql_close(&q);
	return status;
}

/* What insert_trade() binds, by TRADE_COLUMNS. */
#define TRADE_VALUES "?13, ?8, ?9, ?2, ?3, ?4, ?1, ?5, ?6, ?10, ?7, ?11, ?12"

enum tb_status
trades_insert(struct db *db, const struct trade *t, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "INSERT INTO trades (" TRADE_COLUMNS ", seal) VALUES"
	    " (" TRADE_VALUES ", row_seal('trades', " TRADE_VALUES "))",
	    err);
	if (status != TB_OK)
		return status;
	bind_figures(&q, t);
	sql_bind_text(&q, 8, t->product_id);
	sql_bind_text(&q, 9, side_name(t->side));
	sql_bind_instant(&q, 10, t->created_at_us);
	sql_bind_text(&q, 11, t->triggered_by);
	sql_bind_text(&q, 12, t->signal_context);
	sql_bind_int(&q, 13, t->id);
	return sql_run(&q, err);
}

enum tb_status
trades_next_id(struct db *db, int64_t *out, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	(void)sql_open(&q, db,
	    "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence"
	    " WHERE name = 'trades'",
	    err);
	status = sql_step(&q, err);
	if (status == TB_OK)
		*out = sql_int(&q, 0);
	sql_close(&q);
	return status;
}

enum tb_status
books_trade_put(struct db *db, struct trade *t, struct tb_err *err)
{
	enum tb_status status = update_trade(db, t, err);

	if (status == TB_OK)
		return seal_row(db, SEAL_TRADES, t->id, err);
	if (status != TB_ENOENT)
		return status;
	status = trades_next_id(db, &t->id, err);
	return status == TB_OK ? trades_insert(db, t, err) : status;
}
