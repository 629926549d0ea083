#include "store/movements.h"

#include "base/instant.h"
#include "store/balances.h"
#include "store/sql.h"

/* Value and fee of the row that q stands on, signed. */
static enum tb_status
read_movement(struct sql *q, struct decimal *out, struct tb_err *err)
{
	struct decimal value, fee;
	enum tb_status status;

	status = sql_decimal(q, 3, &value, err);
	if (status == TB_OK)
		status = sql_decimal(q, 4, &fee, err);
	if (status != TB_OK)
		return status;
	if (sql_text(q, 2)[0] == 'B')
		value = decimal_neg(value);
	status = decimal_sub(value, fee, out);
	if (status != TB_OK)
		return tb_fail(err, status, "value and fee do not fit");
	return TB_OK;
}

static enum tb_status
tell_movement(struct sql *q, movements_reader *each, void *arg,
    struct tb_err *err)
{
	char quote[CURRENCY_MAX];
	struct decimal amount;
	int64_t at_us;
	enum tb_status status;

	product_quote(sql_text(q, 1), quote);
	if (!currency_is_dollar(quote))
		return TB_OK;
	status = sql_instant(q, 0, &at_us, err);
	if (status == TB_OK)
		status = read_movement(q, &amount, err);
	return status == TB_OK ? each(at_us, amount, arg, err) : status;
}

enum tb_status
movements_each(struct db *db, const struct movements *which,
    movements_reader *each, void *arg, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	status = sql_open(&q, db,
	    "SELECT at, product_id, side, value, fee FROM fills f"
	    " WHERE at > ?1 AND at <= ?2 AND nature = 'trade'"
	    " AND kind <> 'reversal' AND (?3 = 0 OR EXISTS (SELECT 1"
	    " FROM orders o WHERE o.order_id = f.order_id))"
	    " AND NOT EXISTS (SELECT 1 FROM fills r"
	    " WHERE r.reverses = f.entry_id)",
	    err);
	sql_bind_text(&q, 1, "");
	if (which->after_us != 0)
		sql_bind_instant(&q, 1, which->after_us);
	sql_bind_instant(&q, 2, which->until_us);
	sql_bind_int(&q, 3, which->orders_only);
	while (status == TB_OK && (status = sql_step(&q, err)) == TB_OK)
		status = tell_movement(&q, each, arg, err);
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
movements_told(struct db *db, struct decimal *out, int64_t *out_at_us,
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
		if (status == TB_ENOENT) {
			tb_err_clear(err);
			continue;
		}
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
