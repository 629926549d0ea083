#include "store/flows.h"

#include <string.h>

#include "store/seal.h"
#include "store/sql.h"

/* What a product id could have for a quote. */
static bool
is_currency(const char *s)
{
	size_t len = strlen(s);

	return len >= 1 && len < CURRENCY_MAX &&
	    strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.") == len;
}

enum tb_status
flows_add(struct db *db, struct cash_flow *flow, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	if (decimal_sign(flow->amount) == 0)
		return tb_fail(err, TB_EINVAL,
		    "amount: expected money in (above 0) or out (below), "
		    "found 0");
	if (!is_currency(flow->currency))
		return tb_fail(err, TB_EINVAL,
		    "currency: expected up to %d of A-Z and 0-9, found \"%s\"",
		    CURRENCY_MAX - 1, flow->currency);
	status = sql_open(&q, db,
	    "INSERT INTO cash_flows (at, currency, amount, note,"
	    " seal) VALUES (?1, ?2, ?3, ?4, " SEAL_NEW ")",
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_instant(&q, 1, flow->at_us);
	sql_bind_text(&q, 2, flow->currency);
	sql_bind_decimal(&q, 3, flow->amount);
	sql_bind_text(&q, 4, flow->note);
	status = sql_run(&q, err);
	if (status != TB_OK)
		return status;
	flow->id = sql_inserted_id(&q);
	status = seal_row(db, SEAL_CASH_FLOWS, flow->id, err);
	return status == TB_OK ? seal_count(db, SEAL_CASH_FLOWS, err) : status;
}

static enum tb_status
read_flow(struct sql *q, struct cash_flow *flow, struct tb_err *err)
{
	enum tb_status status;

	flow->id = sql_int(q, 0);
	status = sql_instant(q, 1, &flow->at_us, err);
	if (status == TB_OK)
		status =
		    sql_copy(q, 2, flow->currency, sizeof(flow->currency), err);
	if (status == TB_OK)
		status = sql_decimal(q, 3, &flow->amount, err);
	if (status == TB_OK)
		status = sql_copy(q, 4, flow->note, sizeof(flow->note), err);
	if (status != TB_OK)
		tb_err_at(err, "cash flow %lld", (long long)flow->id);
	return status;
}

enum tb_status
flows_page(struct db *db, const struct cash_flow *after, struct cash_flow *out,
    size_t max, size_t *out_count, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	*out_count = 0;
	status = sql_open(&q, db,
	    "SELECT id, at, currency, amount, note FROM cash_flows"
	    " WHERE (at, id) > (?1, ?2) ORDER BY at, id LIMIT ?3",
	    err);
	sql_bind_text(&q, 1, "");
	if (after != NULL)
		sql_bind_instant(&q, 1, after->at_us);
	sql_bind_int(&q, 2, after == NULL ? 0 : after->id);
	sql_bind_int(&q, 3, (int64_t)max);
	while (status == TB_OK && (status = sql_step(&q, err)) == TB_OK)
		status = read_flow(&q, &out[(*out_count)++], err);
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
flows_since(struct db *db, int64_t after_id, int64_t until_us,
    struct cash_flow *out, size_t max, size_t *out_count, struct tb_err *err)
{
	struct sql q;
	enum tb_status status;

	*out_count = 0;
	status = sql_open(&q, db,
	    "SELECT id, at, currency, amount, note FROM cash_flows"
	    " WHERE id > ?1 AND at <= ?2 ORDER BY id LIMIT ?3",
	    err);
	sql_bind_int(&q, 1, after_id);
	sql_bind_instant(&q, 2, until_us);
	sql_bind_int(&q, 3, (int64_t)max);
	while (status == TB_OK && (status = sql_step(&q, err)) == TB_OK)
		status = read_flow(&q, &out[(*out_count)++], err);
	sql_close(&q);
	return status == TB_END ? TB_OK : status;
}

enum tb_status
flows_dollars(struct db *db, int64_t until_us, struct decimal *out,
    struct tb_err *err)
{
	struct decimal amount;
	struct sql q;
	enum tb_status status;

	*out = DECIMAL_ZERO;
	status = sql_open(&q, db,
	    "SELECT amount FROM cash_flows WHERE at <= ?1"
	    " AND currency IN ('USD', 'USDC', 'USDT')",
	    err);
	sql_bind_instant(&q, 1, until_us);
	while (status == TB_OK && (status = sql_step(&q, err)) == TB_OK) {
		status = sql_decimal(&q, 0, &amount, err);
		if (status == TB_OK)
			status = decimal_add(*out, amount, out);
	}
	sql_close(&q);
	if (status == TB_ERANGE)
		return tb_fail(err, status,
		    "the sum of cash flows does not fit");
	return status == TB_END ? TB_OK : status;
}
