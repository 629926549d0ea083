/* The products half of candles.h. */

#include <string.h>

#include "store/candles.h"
#include "store/sql.h"

#define COLUMNS                                                                \
 "product_id, base_increment, quote_increment, price_increment,"               \
 " base_min_size, quote_min_size, base_max_size, quote_max_size,"              \
 " trading_disabled, cancel_only, limit_only, post_only, auction_mode,"        \
 " assumed"

static enum tb_status
read_product(struct sql *q, struct product *out, struct tb_err *err)
{
	struct decimal *const amounts[] = {
		&out->base_increment,
		&out->quote_increment,
		&out->price_increment,
		&out->base_min_size,
		&out->quote_min_size,
		&out->base_max_size,
		&out->quote_max_size,
	};
	bool *const flags[] = {
		&out->trading_disabled,
		&out->cancel_only,
		&out->limit_only,
		&out->post_only,
		&out->auction_mode,
		&out->assumed,
	};
	enum tb_status status;
	int column = 0;

	status = sql_copy(q, column++, out->product_id, sizeof(out->product_id),
	    err);
	for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++)
		if (status == TB_OK)
			status = sql_decimal(q, column++, amounts[i], err);
	if (status == TB_OK)
		for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
			*flags[i] = sql_int(q, column++) != 0;
	return status;
}

enum tb_status
products_get(struct db *db, const char *product_id, struct product *out,
    struct tb_err *err)
{
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db,
	    "SELECT " COLUMNS " FROM products WHERE product_id = ?1", err);
	sql_bind_text(&q, 1, product_id);
	status = sql_step(&q, err);
	if (status == TB_OK)
		status = read_product(&q, out, err);
	else if (status == TB_END)
		status = tb_fail(err, TB_ENOENT,
		    "product %s is not known: run tb-sync products, or import "
		    "its candles",
		    product_id);
	sql_close(&q);
	return status;
}

enum tb_status
products_put(struct db *db, const struct product *p, int64_t at_us,
    struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db,
	    "INSERT INTO products (" COLUMNS ", updated_at) VALUES"
	    " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
	    " ?15) ON CONFLICT (product_id) DO UPDATE SET"
	    " base_increment = excluded.base_increment,"
	    " quote_increment = excluded.quote_increment,"
	    " price_increment = excluded.price_increment,"
	    " base_min_size = excluded.base_min_size,"
	    " quote_min_size = excluded.quote_min_size,"
	    " base_max_size = excluded.base_max_size,"
	    " quote_max_size = excluded.quote_max_size,"
	    " trading_disabled = excluded.trading_disabled,"
	    " cancel_only = excluded.cancel_only,"
	    " limit_only = excluded.limit_only,"
	    " post_only = excluded.post_only,"
	    " auction_mode = excluded.auction_mode,"
	    " assumed = excluded.assumed, updated_at = excluded.updated_at",
	    err);
	sql_bind_text(&q, 1, p->product_id);
	sql_bind_decimal(&q, 2, p->base_increment);
	sql_bind_decimal(&q, 3, p->quote_increment);
	sql_bind_decimal(&q, 4, p->price_increment);
	sql_bind_decimal(&q, 5, p->base_min_size);
	sql_bind_decimal(&q, 6, p->quote_min_size);
	sql_bind_decimal(&q, 7, p->base_max_size);
	sql_bind_decimal(&q, 8, p->quote_max_size);
	sql_bind_int(&q, 9, p->trading_disabled);
	sql_bind_int(&q, 10, p->cancel_only);
	sql_bind_int(&q, 11, p->limit_only);
	sql_bind_int(&q, 12, p->post_only);
	sql_bind_int(&q, 13, p->auction_mode);
	sql_bind_int(&q, 14, p->assumed);
	sql_bind_instant(&q, 15, at_us);
	return sql_run(&q, err);
}

enum tb_status
products_assume(struct db *db, const char *product_id, int64_t at_us,
    struct tb_err *err)
{
	struct product p;
	enum tb_status status = products_get(db, product_id, &p, err);

	if (status != TB_ENOENT)
		return status;
	if (err != NULL)
		*err = (struct tb_err){ 0 };
	p = product_assumed(product_id);
	return products_put(db, &p, at_us, err);
}

enum tb_status
products_page(struct db *db, const char *after, struct product *out, size_t max,
    size_t *out_count, struct tb_err *err)
{
	enum tb_status status = TB_OK;
	struct sql q;

	*out_count = 0;
	(void)sql_open(&q, db,
	    "SELECT " COLUMNS " FROM products WHERE product_id > ?1"
	    " ORDER BY product_id LIMIT ?2",
	    err);
	sql_bind_text(&q, 1, after);
	sql_bind_int(&q, 2, (int64_t)max);
	while (status == TB_OK && (status = sql_step(&q, err)) == TB_OK)
		status = read_product(&q, &out[(*out_count)++], err);
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}
