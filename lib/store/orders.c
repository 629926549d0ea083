#include "store/orders.h"

#include <stdio.h>
#include <string.h>

#include "store/seal.h"
#include "store/sql.h"

/* Another order of the same decision? */
static enum tb_status
client_is_free(struct db *db, const struct order *order, struct tb_err *err)
{
	static const char sql[] =
	    "SELECT order_id FROM orders"
	    " WHERE client_order_id = ?1 AND order_id <> ?2";
	enum tb_status status;
	struct sql q;

	if (order->client_order_id[0] == '\0')
		return TB_OK;
	(void)sql_open(&q, db, sql, err);
	sql_bind_text(&q, 1, order->client_order_id);
	sql_bind_text(&q, 2, order->order_id);
	status = sql_step(&q, err);
	if (status == TB_OK)
		status = tb_fail(err, TB_EDISAGREE,
		    "orders %s and %s have one client_order_id, %s",
		    sql_text(&q, 0), order->order_id, order->client_order_id);
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
orders_put(struct db *db, const struct order *order, struct tb_err *err)
{
	static const char sql[] =
	    "INSERT INTO orders (order_id, client_order_id, product_id, side,"
	    " type, status, filled_size, filled_value, total_fees, settled,"
	    " created_at, updated_at, seal)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
	    " " SEAL_NEW ")"
	    " ON CONFLICT (order_id) DO UPDATE SET status = excluded.status,"
	    " filled_size = excluded.filled_size,"
	    " filled_value = excluded.filled_value,"
	    " total_fees = excluded.total_fees, settled = excluded.settled,"
	    " updated_at = excluded.updated_at,"
	    " " SEAL_KEEP("orders", SEAL_COLUMNS_ORDERS);
	const char *client = order->client_order_id;
	enum tb_status status;
	struct sql q;

	status = client_is_free(db, order, err);
	if (status != TB_OK)
		return status;
	(void)sql_open(&q, db, sql, err);
	sql_bind_text(&q, 1, order->order_id);
	sql_bind_text(&q, 2, client[0] == '\0' ? NULL : client);
	sql_bind_text(&q, 3, order->product_id);
	sql_bind_text(&q, 4, side_name(order->side));
	sql_bind_text(&q, 5, order->type);
	sql_bind_text(&q, 6, order->status);
	sql_bind_decimal(&q, 7, order->filled_size);
	sql_bind_decimal(&q, 8, order->filled_value);
	sql_bind_decimal(&q, 9, order->total_fees);
	sql_bind_int(&q, 10, order->settled);
	sql_bind_instant(&q, 11, order->created_at_us);
	sql_bind_instant(&q, 12, order->updated_at_us);
	status = sql_run(&q, err);
	if (status == TB_OK)
		status = seal_row_of(db, SEAL_ORDERS, order->order_id, err);
	return status;
}

static enum tb_status
order_read(struct sql *q, struct order *out, struct tb_err *err)
{
	enum tb_status status;

	*out = (struct order){ .settled = sql_int(q, 9) != 0 };
	status = sql_copy(q, 0, out->order_id, sizeof(out->order_id), err);
	if (status == TB_OK && !sql_is_null(q, 1))
		status = sql_copy(q, 1, out->client_order_id,
		    sizeof(out->client_order_id), err);
	if (status == TB_OK)
		status = sql_copy(q, 2, out->product_id,
		    sizeof(out->product_id), err);
	if (status == TB_OK)
		status = sql_side(q, 3, &out->side, err);
	if (status == TB_OK)
		status = sql_copy(q, 4, out->type, sizeof(out->type), err);
	if (status == TB_OK)
		status = sql_copy(q, 5, out->status, sizeof(out->status), err);
	if (status == TB_OK)
		status = sql_decimal(q, 6, &out->filled_size, err);
	if (status == TB_OK)
		status = sql_decimal(q, 7, &out->filled_value, err);
	if (status == TB_OK)
		status = sql_decimal(q, 8, &out->total_fees, err);
	if (status == TB_OK)
		status = sql_instant(q, 10, &out->created_at_us, err);
	if (status == TB_OK)
		status = sql_instant(q, 11, &out->updated_at_us, err);
	return status;
}

#define SELECT_ORDER                                                           \
 "SELECT order_id, client_order_id, product_id, side, type, status,"           \
 " filled_size, filled_value, total_fees, settled, created_at,"                \
 " updated_at FROM orders WHERE "

static enum tb_status
get(struct db *db, const char *sql, const char *id, struct order *out,
    struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, sql, err);
	sql_bind_text(&q, 1, id);
	status = sql_step(&q, err);
	if (status == TB_OK) {
		status = order_read(&q, out, err);
		tb_err_at(err, "order %s", id);
	} else if (status == TB_END)
		status = tb_fail(err, TB_ENOENT, "no order %s", id);
	sql_close(&q);
	return status;
}

enum tb_status
orders_get(struct db *db, const char *order_id, struct order *out,
    struct tb_err *err)
{
	return get(db, SELECT_ORDER "order_id = ?1", order_id, out, err);
}

enum tb_status
orders_by_client(struct db *db, const char *client_order_id, struct order *out,
    struct tb_err *err)
{
	return get(db, SELECT_ORDER "client_order_id = ?1", client_order_id,
	    out, err);
}

enum tb_status
orders_put_strange(struct db *db, const struct order *order, struct tb_err *err)
{
	struct order first, put = *order;
	enum tb_status status;

	status = orders_by_client(db, order->client_order_id, &first, err);
	if (status == TB_OK && strcmp(first.order_id, order->order_id) != 0)
		put.client_order_id[0] = '\0';
	else if (status == TB_ENOENT)
		tb_err_clear(err);
	else if (status != TB_OK)
		return status;
	return orders_put(db, &put, err);
}
