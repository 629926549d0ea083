#include "store/balances.h"

#include "store/sql.h"

enum tb_status
balances_put(struct db *db, const struct balance *balance, struct tb_err *err)
{
	static const char sql[] =
	    "INSERT INTO balances (currency, available, hold, at)"
	    " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (currency) DO UPDATE SET"
	    " available = excluded.available, hold = excluded.hold,"
	    " at = excluded.at";
	struct sql q;

	(void)sql_open(&q, db, sql, err);
	sql_bind_text(&q, 1, balance->currency);
	sql_bind_decimal(&q, 2, balance->available);
	sql_bind_decimal(&q, 3, balance->hold);
	sql_bind_instant(&q, 4, balance->at_us);
	return sql_run(&q, err);
}

enum tb_status
balances_clear(struct db *db, struct tb_err *err)
{
	struct sql q;

	(void)sql_open(&q, db, "DELETE FROM balances", err);
	return sql_run(&q, err);
}

static enum tb_status
balance_read(struct sql *q, struct balance *out, struct tb_err *err)
{
	enum tb_status status;

	status = sql_copy(q, 0, out->currency, sizeof(out->currency), err);
	if (status == TB_OK)
		status = sql_decimal(q, 1, &out->available, err);
	if (status == TB_OK)
		status = sql_decimal(q, 2, &out->hold, err);
	if (status == TB_OK)
		status = sql_instant(q, 3, &out->at_us, err);
	return status;
}

enum tb_status
balances_get(struct db *db, const char *currency, struct balance *out,
    struct tb_err *err)
{
	static const char sql[] =
	    "SELECT currency, available, hold, at FROM balances"
	    " WHERE currency = ?1";
	enum tb_status status;
	struct sql q;

	(void)sql_open(&q, db, sql, err);
	sql_bind_text(&q, 1, currency);
	status = sql_step(&q, err);
	if (status == TB_OK)
		status = balance_read(&q, out, err);
	else if (status == TB_END)
		status = tb_fail(err, TB_ENOENT, "no balance of %s", currency);
	sql_close(&q);
	return status;
}

enum tb_status
balances_page(struct db *db, const char *after, struct balance *out, size_t max,
    size_t *out_count, struct tb_err *err)
{
	static const char sql[] =
	    "SELECT currency, available, hold, at FROM balances"
	    " WHERE currency > ?1 ORDER BY currency LIMIT ?2";
	enum tb_status status;
	struct sql q;

	*out_count = 0;
	(void)sql_open(&q, db, sql, err);
	sql_bind_text(&q, 1, after);
	sql_bind_int(&q, 2, (int64_t)max);
	while ((status = sql_step(&q, err)) == TB_OK) {
		status = balance_read(&q, &out[*out_count], err);
		if (status != TB_OK)
			break;
		(*out_count)++;
	}
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}
