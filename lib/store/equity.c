#include "store/equity.h"

#include <stdbool.h>
#include <string.h>

#include "base/instant.h"
#include "store/flows.h"
#include "store/seal.h"
#include "store/sql.h"

/* A row, and what had flowed in when it was written. */
struct equity_row {
	struct equity equity;
	struct decimal flows;
};

static enum tb_status
read_row(struct sql *q, struct equity_row *row, struct tb_err *err)
{
	enum tb_status status;

	status = sql_instant(q, 0, &row->equity.day_us, err);
	if (status == TB_OK)
		status = sql_decimal(q, 1, &row->equity.value, err);
	if (status == TB_OK)
		status = sql_decimal(q, 2, &row->equity.peak, err);
	if (status == TB_OK)
		status = sql_decimal(q, 3, &row->flows, err);
	if (status != TB_OK)
		tb_err_at(err, "equity");
	return status;
}

/*
 * The newest row of the instant's day or before, its peak moved by what has
 * flowed since.  TB_ENOENT: there is none.
 */
static enum tb_status
row_at(struct db *db, int64_t at_us, struct decimal flows,
    struct equity_row *out, struct tb_err *err)
{
	char day[INSTANT_STRLEN];
	struct decimal since;
	struct sql q;
	enum tb_status status;

	instant_format_day(at_us, day);
	status = sql_open(&q, db,
	    "SELECT day || 'T00:00:00.000000Z', value, peak, flows FROM equity"
	    " WHERE day <= ?1 ORDER BY day DESC LIMIT 1",
	    err);
	sql_bind_text(&q, 1, day);
	if (status == TB_OK)
		status = sql_step(&q, err);
	if (status == TB_OK)
		status = read_row(&q, out, err);
	else if (status == TB_END)
		status = TB_ENOENT;
	sql_close(&q);
	if (status != TB_OK)
		return status;
	status = decimal_sub(flows, out->flows, &since);
	if (status == TB_OK)
		status =
		    decimal_add(out->equity.peak, since, &out->equity.peak);
	if (status != TB_OK)
		return tb_fail(err, status, "equity: the peak does not fit");
	return TB_OK;
}

enum tb_status
equity_at(struct db *db, int64_t at_us, struct equity *out, struct tb_err *err)
{
	struct decimal flows;
	struct equity_row row;
	enum tb_status status;

	status = flows_dollars(db, at_us, &flows, err);
	if (status == TB_OK)
		status = row_at(db, at_us, flows, &row, err);
	if (status == TB_OK)
		*out = row.equity;
	return status;
}

enum tb_status
equity_put(struct db *db, int64_t at_us, struct decimal value,
    struct tb_err *err)
{
	char day[INSTANT_STRLEN], newest[INSTANT_STRLEN];
	struct decimal flows, peak = value;
	struct equity_row before;
	bool is_new = true;
	struct sql q;
	enum tb_status status;

	instant_format_day(at_us, day);
	status = flows_dollars(db, at_us, &flows, err);
	if (status == TB_OK)
		status = row_at(db, at_us, flows, &before, err);
	if (status == TB_OK) {
		peak = decimal_max(value, before.equity.peak);
		instant_format_day(before.equity.day_us, newest);
		is_new = strcmp(newest, day) != 0;
	} else if (status != TB_ENOENT) {
		return status;
	}
	status = sql_open(&q, db,
	    "INSERT INTO equity (day, value, peak, flows, seal)"
	    " VALUES (?1, ?2, ?3, ?4, " SEAL_NEW ")"
	    " ON CONFLICT (day) DO UPDATE SET value = ?2, peak = ?3,"
	    " flows = ?4, " SEAL_KEEP("equity", SEAL_COLUMNS_EQUITY),
	    err);
	if (status != TB_OK)
		return status;
	sql_bind_text(&q, 1, day);
	sql_bind_decimal(&q, 2, value);
	sql_bind_decimal(&q, 3, peak);
	sql_bind_decimal(&q, 4, flows);
	status = sql_run(&q, err);
	if (status == TB_OK)
		status = seal_row_of(db, SEAL_EQUITY, day, err);
	if (status == TB_OK && is_new)
		status = seal_count(db, SEAL_EQUITY, err);
	return status;
}
